"""Whom a command on an organization is told to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..people import notices, options
from . import keeping
from .rules import Command, Role, State

if TYPE_CHECKING:
    from .running import Act

WAITS = "applicant_waits"
TO_MEMBERS = {
    Command.VERIFY: "applicant_verified",
    Command.REFUSE: "applicant_refused",
    Command.BAR: "applicant_barred",
    Command.UNBAR: "applicant_unbarred",
}
TO_REPRESENTATIVE = {
    Command.ACCEPT: "applicant_joined",
    Command.DECLINE: "applicant_declined",
    Command.LEAVE: "applicant_left",
}
TO_ONE = {
    Command.INVITE: "applicant_invited",
    Command.REMOVE: "applicant_removed",
    Command.HAND_OVER: "applicant_handed_over",
}


def tell(act: Act) -> None:
    about, link = f"applicant:{act.row.id}", f"/applicant/organization/{act.row.id}"
    facts = {"name": act.values.get("name") or act.row.name, **_said(act)}
    if act.after is State.PENDING and act.case.state is not State.PENDING:
        notices.tell(WAITS, notices.members(options.bureau_org()), facts, link, about)
    elif act.after is not State.PENDING and act.case.state is State.PENDING:
        notices.settle(about, [WAITS])
    if act.command in TO_MEMBERS:
        notices.tell(TO_MEMBERS[act.command], keeping.users_of(act.row.id), facts, link)
    if act.command in TO_REPRESENTATIVE:
        notices.tell(TO_REPRESENTATIVE[act.command], _representatives(act), facts, link)
    if act.command in TO_ONE:
        gone = act.command is Command.REMOVE
        notices.tell(TO_ONE[act.command], [act.given["user"]], facts, "/applicant" if gone else link)


def _said(act: Act) -> dict[str, Any]:
    return act.told | {name: act.facts[name] for name in ("reason", "article", "until") if act.facts.get(name)}


def _representatives(act: Act) -> list[str]:
    return [one.user_id for one in act.case.members if one.role is Role.REPRESENTATIVE]
