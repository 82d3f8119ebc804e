"""The figures of the portal, worked out once for everybody until something is published or taken back."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any

from ..release import listing
from ..workflow import clock
from . import rules
from .rules import Facts

LONGEST_SECONDS = 300  # names of agencies change without anything being published


@dataclass(frozen=True)
class Counts:
    """The same in every language."""

    classes: Mapping[str, int]
    agencies: tuple[Mapping[str, Any], ...]
    themes: Mapping[str, int]
    districts: Mapping[str, int]
    punctuality: Mapping[str, int]
    updated_today: int
    as_of: str


_kept: tuple[object, float, Counts] | None = None


def counts() -> Counts:
    """One statement while nothing has changed; four more where it has."""
    global _kept
    now = clock.now()
    key = (listing.mark(), now.date())
    if _kept is None or _kept[0] != key or monotonic() - _kept[1] > LONGEST_SECONDS:
        _kept = (key, monotonic(), _counted(now))
    return _kept[2]


def forget() -> None:
    global _kept
    _kept = None


def _counted(now: datetime.datetime) -> Counts:
    facts = _facts(now)
    return Counts(
        classes=rules.by_class(facts),
        agencies=_agencies(facts),
        themes=listing.by_theme(),
        districts=rules.by_district(facts),
        punctuality=rules.punctuality(facts),
        updated_today=rules.updated(facts),
        as_of=now.isoformat(timespec="seconds"),
    )


def _facts(now: datetime.datetime) -> list[Facts]:
    return [
        Facts(row.agency_id or "", row.opening_class, row.district or "", row.late, bool(row.is_new), row.number)
        for row in listing.by_facts(now.date())
    ]


def _agencies(facts: list[Facts]) -> tuple[Mapping[str, Any], ...]:
    counted = rules.by_agency(facts)
    names = listing.agencies(list(counted))
    return tuple({**names[id], **numbers} for id, numbers in counted.items() if id in names)
