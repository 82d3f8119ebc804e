"""The lists of applications: of those who apply, of the agency that answers, of the offices that look after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan.types import Context

from . import finding, showing, standing
from .finding import GROUPS, TURNS, Side
from .rules import Role, State

MINE = "mine"


def side_of(asker: standing.Asker, side: str) -> Side:
    """What the caller may list as this side; nothing where they aren't on it."""
    if side == "applicant":
        return Side(parties=asker.parties)
    duties = {duty for one in asker.members for duty in one.roles}
    if side == "offices":
        offices = {standing.OFFICES[duty] for duty in duties & set(standing.OFFICES)}
        return Side(is_bureau=Role.BUREAU in offices, is_cyberspace=Role.CYBERSPACE in offices)
    return Side(agencies=[one.org_id for one in asker.members if one.roles & set(standing.DUTIES)])


def of(context: Context, asked: Mapping[str, Any]) -> dict[str, Any]:
    """As ``anshan_application_list`` answers."""
    side = side_of(standing.Asker(context.get("user")), asked["side"])
    counts = finding.counts(side)
    rows, count = finding.find(side, _states(asked), asked["q"], asked["limit"], asked["offset"])
    return {"count": count, "counts": _grouped(counts, asked["side"]), "applications": showing.listed(rows)}


def _states(asked: Mapping[str, Any]) -> tuple[State, ...]:
    if asked["state"]:
        return (State(asked["state"]),)
    if asked["group"] == MINE:
        return TURNS.get(asked["side"], (State.SUBMITTED,))
    return GROUPS.get(asked["group"], ())


def _grouped(counts: Mapping[str, int], side: str) -> dict[str, int]:
    """How many there are in each group, and in all."""
    groups = {**GROUPS, MINE: TURNS.get(side, (State.SUBMITTED,))}
    found = {name: sum(counts.get(state.value, 0) for state in states) for name, states in groups.items()}
    return {**found, "all": sum(counts.values())}
