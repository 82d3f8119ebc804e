"""Who is told what a command did: in the portal's list at once, by mail once a day (``people.notices``)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ckan import model

from ..people import notices
from . import rules, standing
from .rules import Command, Key, Role, State

if TYPE_CHECKING:
    from .running import Act

KINDS = {
    Command.RETURN: "review_returned",
    Command.REJECT: "review_rejected",
    Command.WITHDRAW: "review_withdrawn",
    Command.PUBLISH: "review_published",
    Command.COMMENT: "review_commented",
    Command.CLEAR: "review_cleared",
    Command.OPEN_AT_ONCE: "review_emergency",
    Command.LAPSE: "review_lapsed",
}
WAITS, SAMPLED = "review_waits", "review_sampled"
TO_AGENCY = frozenset({Command.RETURN, Command.REJECT, Command.PUBLISH, Command.CLEAR, Command.LAPSE})
TO_OFFICES = frozenset({Command.WITHDRAW, Command.LAPSE})


def tell(act: Act) -> None:
    """Tell those whom it concerns, but not whoever did it."""
    about = f"submission:{act.row.id}"
    if act.after is not State(act.row.state):
        notices.settle(about)
    elif act.command in rules.SIGNING:
        notices.settle(about, users=[act.person.id])
    kind = KINDS.get(act.command)
    if kind:
        _tell(kind, act, _concerned(act))
    if act.command in (Command.SUBMIT, Command.SIGN, Command.PROPOSE, Command.OPEN_AT_ONCE):
        _tell(WAITS, act, _awaited(act))
    if act.command is Command.PUBLISH and act.row.is_sampled:
        _tell(SAMPLED, act, _offices(act))


def _tell(kind: str, act: Act, users: Iterable[str]) -> None:
    others = set(users) - {act.person.id, ""}
    notices.tell(kind, others, facts(act), f"/review/{act.row.number}", f"submission:{act.row.id}")


def facts(act: Act) -> dict[str, Any]:
    agency = model.Group.get(act.row.agency) if act.row.agency else None
    told = {
        "number": act.row.number,
        "kind": act.row.kind,
        "title": act.row.title,
        "agency": (agency.title or agency.name) if agency else "",
        "reason": str(act.given.get("reason") or "").strip(),
        "state": act.after.value,
    }
    until = act.facts.get("until") or act.row.until
    return told | ({"until": until if isinstance(until, str) else until.isoformat()} if until else {})


def _concerned(act: Act) -> set[str]:
    if act.command is Command.COMMENT:
        internal = bool(act.given.get("internal"))
        sides = _offices(act) if internal or act.role in (Role.EDITOR, Role.HEAD) else set()
        return sides | (set() if internal else _agency(act))
    found = _agency(act) if act.command in TO_AGENCY else set()
    return found | (_offices(act) if act.command in TO_OFFICES else set())


def _agency(act: Act) -> set[str]:
    """Whoever submitted it, and the head."""
    if not act.row.agency:
        return {act.row.submitter}
    return {act.row.submitter, *notices.members(act.row.agency, ["admin"])}


def _offices(act: Act) -> set[str]:
    return {
        user
        for role in (Role.CYBERSPACE, Role.BUREAU)
        for user in notices.members(standing.office_of(role, act.row.agency), None)
    }


def _awaited(act: Act) -> set[str]:
    """Those whose key is wanted now."""
    if act.after not in (State.SUBMITTED, State.IN_REVIEW, State.PROVISIONAL):
        return set()
    step = rules.TABLE[(act.after, Command.SIGN)]
    signed = {one.key for one in act.case.signatures}
    wanted = [key for key in act.case.keys if key not in signed and rules.role_for(key) in step.who]
    return {user for key in wanted for user in holders(key, act.row.agency)}


def holders(key: Key, agency: str) -> list[str]:
    """Ids of the accounts that may turn a key."""
    if key is Key.AGENCY:
        return notices.members(agency, ["admin"])
    office = standing.office_of(rules.role_for(key), agency)
    return notices.members(office, None) if office else []
