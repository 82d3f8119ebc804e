"""The lists of applications: of those who apply, of the agency that answers, of the offices that look after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ckan.types import Context

from ..workflow import clock
from . import finding, showing, standing
from .finding import GROUPS, TURNS, Side, Wanted
from .rules import Role, State

MINE = "mine"
Told = dict[str, Any]


def side_of(asker: standing.Asker, side: str) -> Side:
    """What the caller may list as this side; nothing where they aren't on it."""
    if side == "applicant":
        return Side(parties=asker.parties)
    duties = {duty for one in asker.members for duty in one.roles}
    if side == "offices":
        offices = {standing.OFFICES[duty] for duty in duties & set(standing.OFFICES)}
        return Side(is_bureau=Role.BUREAU in offices, is_cyberspace=Role.CYBERSPACE in offices)
    return Side(agencies=[one.org_id for one in asker.members if one.roles & set(standing.DUTIES)])


def of(context: Context, asked: Mapping[str, Any]) -> Told:
    """As ``anshan_application_list`` answers."""
    return found(standing.Asker(context.get("user")), asked)


def found(asker: standing.Asker, asked: Mapping[str, Any]) -> Told:
    """The same for somebody: two statements, three at most for the names, one for what is shown of one."""
    today = clock.today()
    side, me = side_of(asker, asked["side"]), asker.user.id if asker.user else ""
    counts = finding.counts(side, today)
    rows, count = finding.find(side, _wanted(asked, side, me), today, asked["limit"], asked["offset"])
    shown = showing.listed(rows, {(one.kind, one.id): _named(one) for one in asker.acting})
    pairs = zip(shown, rows, strict=True)
    listed = shown if asked["side"] == "applicant" else [_inside(told, row, me) for told, row in pairs]
    told = {"count": count, "counts": _grouped(counts, asked["side"], side), "applications": listed}
    chosen = _chosen(rows, asked["shown"]) if asked["side"] == "applicant" else None
    return {**told, "shown": showing.times(chosen) if chosen is not None else None}


def _named(one: Any) -> Mapping[str, str]:
    return {"name": one.name, "code": one.code, "kind": one.applicant_kind}


def _chosen(rows: Sequence[Any], shown: str) -> Any:
    """The one of the page whose events come along; the first where another is named."""
    if not shown or not rows:
        return None
    return next((row for row in rows if row.number == shown), rows[0])


def _wanted(asked: Mapping[str, Any], side: Side, me: str) -> Wanted:
    is_mine = asked["group"] == MINE and not asked["state"]
    return Wanted(
        states=_states(asked),
        words=asked["q"],
        kind=asked["kind"],
        dataset=asked["dataset"],
        handler={"me": me or "-", "nobody": ""}.get(asked["handler"]),
        due=asked["due"] or ("late" if is_mine and side.is_bureau and not side.is_cyberspace else ""),
        is_unopined=is_mine and side.is_cyberspace,
        numbers=asked["ids"],
    )


def _states(asked: Mapping[str, Any]) -> tuple[State, ...]:
    if asked["state"]:
        return (State(asked["state"]),)
    if asked["group"] == MINE or (asked["due"] and not asked["group"]):
        return TURNS[asked["side"]]
    return GROUPS.get(asked["group"], ())


def _inside(told: Told, row: Any, me: str) -> Told:
    """What those who answer and look after it see beside."""
    more = {"handler": row.handler_name or "", "is_handler": bool(me) and row.handler == me}
    owed = row.state in {state.value for state in TURNS["provider"]}
    is_late = owed and told["days_left"] is not None and told["days_left"] < 0
    return {**told, **more, "is_unopined": row.is_unopined, "is_overdue": is_late}


def _grouped(counts: Sequence[Any], name: str, side: Side) -> dict[str, int]:
    """How many there are in each group, and in all; what is due, of what this side owes."""
    many = {State(row.state): row.many for row in counts}
    turn = [row for row in counts if State(row.state) in TURNS[name]]
    found = {group: sum(many.get(state, 0) for state in states) for group, states in GROUPS.items()}
    due = {one: sum(getattr(row, one) for row in turn) for one in finding.DUE}
    unopined = counts[0].unopined if counts else 0
    mine = sum(row.many for row in turn)
    if name == "offices":
        mine = unopined if side.is_cyberspace else due["late"]
    return {**found, **due, MINE: mine, "unopined": unopined, "all": sum(many.values())}
