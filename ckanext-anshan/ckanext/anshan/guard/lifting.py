"""Lets somebody who has reached a limit ask again before the wait is over, and puts that on record."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any, NamedTuple

from ckan import model

from ..audit import persons, recording
from ..audit.events import Event, Object
from . import rules
from .counting import Counters, counters
from .rules import Caller, Kind, Name


class Lifted(NamedTuple):
    name: Name
    seconds: int  # that were still to be waited


class Unknown(Exception):
    """Neither an address nor an account of this portal."""


def lift(who: str, reason: str = "") -> list[Lifted]:
    """Lift every limit that an address or an account has reached; nothing is recorded where it has reached none.

    :param who: an address, or the name, id or e-mail address of an account
    :param reason: why, in somebody's own words
    :raises Unknown: · :raises redis.RedisError: what was counted can't be asked
    """
    found = counters()
    address = _address(who)
    account = None if address else _account(who)
    keys = _of_account(found, account) if account else _of_address(who)
    reached = [(name, key, left) for name, key in keys if (left := found.left(name, key))]
    lifted = [Lifted(name, left) for name, _, left in reached]
    if lifted:
        facts: dict[str, Any] = {"limits": [{"name": one.name.value, "seconds": one.seconds} for one in lifted]}
        if address:  # as the log knows it: by what can be forgotten
            facts["person"] = str(persons.found(persons.ADDRESS, address) or "unknown")
        about = Object("account", account.id) if account else None
        recording.happened(Event("guard.lifted", object=about, action="guard_lift", facts=facts, reason=reason))
    for name, key, _ in reached:
        found.forget(name, key)
    return lifted


def _address(who: str) -> str:
    try:
        return str(ip_address(who))
    except ValueError:
        return ""


def _account(who: str) -> model.User:
    user = model.User.get(who) or model.User.by_email(who)
    if user is None:
        raise Unknown(who)
    return user


def _of_address(address: str) -> Iterator[tuple[Name, str]]:
    return _of_caller(Caller(Kind.ADDRESS, rules.neighbourhood(address)))


def _of_account(found: Counters, user: model.User) -> Iterator[tuple[Name, str]]:
    """What is counted for the account, and for its name and e-mail address as somebody types them."""
    for kind in (Kind.ACCOUNT, Kind.TOKEN):
        yield from _of_caller(Caller(kind, user.id))
    for name in filter(None, map(rules.typed, filter(None, (user.name, user.email)))):
        yield from _of_caller(name)
        for key in found.places(name):
            yield from ((limit, key) for limit in rules.limits_of(Kind.KNOWN))


def _of_caller(caller: Caller) -> Iterator[tuple[Name, str]]:
    return ((name, caller.key()) for name in rules.limits_of(caller.kind))
