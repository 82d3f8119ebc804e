"""Who does what just now: the action, job or command that is under way, and the person behind it."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from ckan import model
from flask import g, has_request_context, request

from ..cache.rules import UNASKED
from ..people import roles
from . import persons
from .events import Who
from .persons import Person

LONGEST_AGENT = 200  # characters kept of what a browser says of itself


@dataclass(frozen=True)
class Call:
    """The outermost action or job: what it calls in turn is part of it."""

    name: str
    user: str = ""  # as the caller of an action gave it
    via: str = ""  # job; a request and a console are known by themselves


_call: ContextVar[Call | None] = ContextVar("anshan_call", default=None)


def current() -> Call | None:
    return _call.get()


@contextmanager
def under(call: Call) -> Iterator[bool]:
    """Inside, this call is under way, unless another one is already; tells whether it is the outermost."""
    if _call.get() is not None:
        yield False
        return
    token = _call.set(call)
    try:
        yield True
    finally:
        _call.reset(token)


def working(job: str) -> Any:
    """Inside, this job of the worker is under way."""
    return under(Call(job, via="job"))


def who(account: str = "", agency: str | None = None) -> tuple[Who, Person | None]:
    """Who is behind what happens now, with the key that locks what says so.

    :param account: the name that somebody typed who isn't logged in · :param agency: id of the one it is about
    """
    user, private = _user(), _from_where()
    if user is not None:
        person = persons.of(persons.ACCOUNT, user.id)
        role, organization = _role(user, agency)
        return Who(str(person.id), _via(), role, organization, {**private, "account": user.name}), person
    if account:
        private["account"] = account
    kind = next((one for one in (persons.ADDRESS, persons.CONSOLE) if one in private), None)
    person = persons.of(kind, private[kind]) if kind else None
    return Who(str(person.id) if person else "", _via(), private=private), person


def _role(user: Any, agency: str | None) -> tuple[str, str]:
    """What somebody is in the agency that it is about, else in the first one they belong to."""
    found = _memberships(user)
    mine = next((one for one in found if one.org_id == agency), found[0] if found else None)
    if mine is None:
        return ("sysadmin" if user.sysadmin else "applicant"), ""
    return min((role.value for role in mine.roles), default=mine.capacity), mine.org_id


def _memberships(user: Any) -> list[roles.Membership]:
    """Asked once in a request."""
    if not has_request_context():
        return roles.memberships(user)
    known = g.setdefault("anshan_memberships", {})
    if user.id not in known:
        known[user.id] = roles.memberships(user)
    return known[user.id]


def _user() -> Any:
    """The account of the request, without asking who it is: that may itself write; or the one an action was given."""
    if is_request():
        user = g.get("_login_user")
        return user if user is not None and user.is_authenticated else None
    call = _call.get()
    return model.User.get(call.user) if call and call.user else None


def is_request() -> bool:
    """Whether somebody asks from outside: a command has a request too, but from nowhere."""
    return has_request_context() and bool(request.environ.get("REMOTE_ADDR"))


def is_unasked() -> bool:
    """Whether a visitor's page is made for somebody else, who is not the one that it is refused to."""
    return is_request() and UNASKED in request.environ


def _from_where() -> dict[str, str]:
    if is_request():
        environ = request.environ
        return {"address": environ["REMOTE_ADDR"], "agent": environ.get("HTTP_USER_AGENT", "")[:LONGEST_AGENT]}
    call = _call.get()
    return {} if call and call.via == "job" else {"console": getpass.getuser()}


def _via() -> str:
    call = _call.get()
    if call and call.via:
        return call.via
    if is_request():
        return "api" if "/api/" in request.environ["PATH_INFO"] else "web"
    return "console"
