"""The sharing catalogue: what agencies may have of each other, on what conditions, what they use (art. 20, 21)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..access import granting
from ..access.rules import Kind
from ..applicants import parties
from ..catalogue.conditions import CLOSED
from ..release import sharing
from . import standing

Told = dict[str, Any]
SAID = ("sharing_conditions", "sharing_scope", "sharing_method")


def found(asker: standing.Asker, asked: Mapping[str, Any]) -> Told:
    """Four statements at most, however many there are."""
    rows, count = sharing.find(asked["q"], asked["agency"], asked["sharing_class"], asked["limit"], asked["offset"])
    counts = sharing.counts()
    titles = parties.shown({(parties.AGENCY, one.agency) for one in counts})
    used = _used(asker, [row.dataset_id for row in rows])
    return {
        "count": count,
        "results": [_one(row, titles, asker, used.get(row.dataset_id, [])) for row in rows],
        "agencies": _agencies(counts, titles),
        "classes": _classes(counts),
    }


def _used(asker: standing.Asker, dataset_ids: Sequence[str]) -> Mapping[str, list[str]]:
    """Numbers of the applications under which the reader's agencies use each of these datasets."""
    holders = [(parties.AGENCY, id) for id in asker.agencies]
    found: dict[str, list[str]] = {}
    for row in granting.held(Kind.SHARING, holders, dataset_ids):
        found.setdefault(row.dataset_id, []).append(row.number)
    return found


def _one(row: Any, titles: Mapping[Any, Any], asker: standing.Asker, used: Sequence[str]) -> Told:
    is_own, is_closed = row.agency in asker.agencies, row.sharing_class == CLOSED
    said = {} if is_closed else {name: str(row.terms.get(name) or "") for name in SAID}
    return {
        "dataset_id": row.dataset_id,
        "name": row.name,
        "title": row.title,
        "notes": "" if is_closed else row.notes or "",
        "agency": row.agency,
        "agency_title": titles.get((parties.AGENCY, row.agency), {}).get("name", ""),
        "sharing_class": row.sharing_class,
        "sharing_basis": str(row.terms.get("sharing_basis") or ""),
        **said,
        "version": row.version,
        "release_date": row.release_date.isoformat(),
        "used_under": list(used),
        "is_own": is_own,
        "may_apply": bool(asker.agencies) and not is_closed and not (is_own and len(asker.agencies) == 1),
    }


def _agencies(counts: Sequence[Any], titles: Mapping[Any, Any]) -> list[Told]:
    """Those that provide something, with how much."""
    many: dict[str, int] = {}
    for one in counts:
        many[one.agency] = many.get(one.agency, 0) + one.number
    named = [
        {"id": id, "title": titles.get((parties.AGENCY, id), {}).get("name", id), "count": n} for id, n in many.items()
    ]
    return sorted(named, key=lambda one: one["title"])


def _classes(counts: Sequence[Any]) -> Mapping[str, int]:
    found: dict[str, int] = {"unconditional": 0, "conditional": 0, CLOSED: 0}
    for one in counts:
        found[one.sharing_class] = found.get(one.sharing_class, 0) + one.number
    return found
