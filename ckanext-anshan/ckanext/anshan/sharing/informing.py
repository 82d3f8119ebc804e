"""Who is told what a command did: in the portal's list at once, by mail once a day (``people.notices``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..applicants import parties
from ..people import notices
from ..people import options as people_options
from ..people.rules import WRITERS
from .keeping import FEEDBACK
from .rules import Role

if TYPE_CHECKING:
    from .running import Act

TOLD: Mapping[str, Mapping[str, frozenset[Role]]] = {
    FEEDBACK: {
        "create": frozenset({Role.PROVIDER}),
        "withdraw": frozenset({Role.PROVIDER}),
        **dict.fromkeys(("confirm", "reject", "correct"), frozenset({Role.USER})),
    },
    "return": {
        "create": frozenset({Role.BUREAU}),
        "confirm": frozenset({Role.USER, Role.PROVIDER}),
        "withdraw": frozenset({Role.PROVIDER, Role.BUREAU}),
        **dict.fromkeys(("merge", "decline", "promise", "refuse", "return"), frozenset({Role.USER})),
    },
}
"""Whom each command concerns."""


def tell(act: Act, facts: Mapping[str, Any]) -> None:
    """Tell those whom it concerns, but not whoever did it."""
    notices.settle(act.about)
    row, provider = act.row, act.given.get("provider", act.row.provider)
    users = {user for role in TOLD[act.kind][act.command] for user in _users(act.kind, row, role, provider)}
    told = {
        name: facts[name]
        for name in ("reply", "reason", "how", "correct_by", "until", "version", "into")
        if name in facts
    }
    said = {"number": row.number, "title": row.title, **told, **({"due": act.due} if act.due else {})}
    notices.tell(
        f"sharing_{act.kind}_{act.command}", users - {act.person.id}, said, link(act.kind, row.number), act.about
    )


def link(kind: str, number: str) -> str:
    return f"/sharing/{'feedback' if kind == FEEDBACK else 'returns'}/{number}"


def _users(kind: str, row: Any, role: Role, provider: str) -> set[str]:
    if role is Role.BUREAU:
        return set(notices.members(people_options.bureau_org()))
    if role is Role.PROVIDER:
        return set(notices.members(provider, list(WRITERS))) if provider else set()
    party = (row.party_kind, row.party_id) if kind == FEEDBACK else (parties.AGENCY, row.agency)
    return parties.users_of([party])


def owing(kind: str, row: Any, role: Role) -> set[str]:
    """Those whose turn it is."""
    return _users(kind, row, role, row.provider)
