"""Agreements are accepted by the applicants, who show again who they are, and signed by the provider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan import model
from ckan.types import Context

from ..applicants import proving
from ..guard import trying
from ..workflow import clock
from . import applications, giving, rules, running, standing
from .rules import Command, Refusal, Relation, State
from .running import Act

Given = Mapping[str, Any]

PASSWORD, OIDC = "password", "oidc"


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

    A session alone isn't enough: whoever finds a machine unlocked could sign with it. A wrong password counts as one at
    the log-in does; without one, a log-in at the identity service in the last minutes is asked for.
    """
    user = model.User.get(context.get("user"))
    if user is None or user.state != "active":
        return ""
    given = str(asked.get("password") or "")
    if given:
        return _password(user, given)
    if proving.use(user.id):
        return OIDC
    return "" if user.password else standing.refuse(Refusal("not_proved"))


def _password(user: Any, given: str) -> str:
    seconds = trying.wait(user.name)
    if seconds:
        standing.refuse(Refusal("too_many_tries", {"seconds": seconds}))
    if user.validate_password(given):
        return PASSWORD
    trying.failed(user.name)
    return ""


def _sign(act: Act, confirmed: str) -> None:
    for one in rules.signatures_of(_before(act), act.command, act.person):
        applications.sign(act.row.id, one, confirmed)
    act.facts |= {"agreement": act.row.agreement}


def _before(act: Act) -> Any:
    """The case without the signatures of this act."""
    return standing.case_of(act.row)


def _come_into_force(act: Act) -> None:
    """The grants, and the end of what an amendment or a renewal takes the place of.

    A renewal that begins later leaves the old one until then: the sweep closes that.
    """
    giving.give(act)
    if not act.row.follows or act.row.relation == Relation.NEW.value:
        return
    before = applications.find(act.row.follows, lock=True)
    if before is not None and before.state == State.REVOKED.value:
        standing.refuse(Refusal("before_revoked"))
    if act.row.starts <= clock.today():
        running.by_machine(act.row.follows, Command.CLOSE, {"reason": f"replaced:{act.row.number}"}, giving.follow)


def agreement(row: Any) -> Any:
    """The row of the agreement that counts, or a refusal."""
    found = applications.agreement_of(row.agreement) if row.agreement else None
    if found is None:
        standing.refuse(Refusal("no_agreement"))
    return found


IN_FORCE = frozenset({State.ACTIVE, State.SUSPENDED, State.EXPIRED, State.REVOKED, State.CLOSED})
