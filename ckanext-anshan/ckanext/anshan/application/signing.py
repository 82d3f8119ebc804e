"""Agreements are accepted by the applicants, who show again who they are, and signed by the provider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan import model
from ckan.types import Context

from . import applications, giving, rules, running, standing
from .rules import Command, Refusal, Relation, State
from .running import Act

Given = Mapping[str, Any]

PASSWORD = "password"


def accept(context: Context, asked: Given) -> Any:
    """:param asked: ``hash`` of the agreement that was read, ``password`` of the account"""
    confirmed = proof(context, asked)
    given = {"hash": asked.get("hash"), "confirmed": confirmed}
    return running.run(context, asked["id"], Command.ACCEPT, given, lambda act: _sign(act, confirmed))


def countersign(context: Context, asked: Given) -> Any:
    """The grants come with it, in the same transaction; what an amendment or renewal replaces ends."""
    confirmed = proof(context, asked)
    given = {"hash": asked.get("hash"), "confirmed": confirmed}
    return running.run(
        context, asked["id"], Command.COUNTERSIGN, given, lambda act: _sign(act, confirmed), _come_into_force
    )


def proof(context: Context, asked: Given) -> str:
    """How somebody showed again who they are; empty where they didn't.

    A session alone isn't enough: whoever finds a machine unlocked could sign with it.
    """
    user = model.User.get(context.get("user"))
    given = str(asked.get("password") or "")
    if user is None or not given:
        return ""
    return PASSWORD if user.validate_password(given) else ""


def _sign(act: Act, confirmed: str) -> None:
    for one in rules.signatures_of(_before(act), act.command, act.person):
        applications.sign(act.row.id, one, confirmed)
    act.facts |= {"agreement": act.row.agreement}


def _before(act: Act) -> Any:
    """The case without the signatures of this act."""
    return standing.case_of(act.row)


def _come_into_force(act: Act) -> None:
    giving.give(act)
    if act.row.follows and act.row.relation != Relation.NEW.value:
        running.by_machine(act.row.follows, Command.CLOSE, {"reason": f"replaced:{act.row.number}"}, giving.follow)


def agreement(row: Any) -> Any:
    """The row of the agreement that counts, or a refusal."""
    found = applications.agreement_of(row.agreement) if row.agreement else None
    if found is None:
        standing.refuse(Refusal("no_agreement"))
    return found


IN_FORCE = frozenset({State.ACTIVE, State.SUSPENDED, State.EXPIRED, State.REVOKED, State.CLOSED})
