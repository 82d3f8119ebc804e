"""What the open list tells of each item, and how its figures add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CLASSES = ("unconditional", "conditional", "closed")
OPEN = ("unconditional", "conditional")
TOLD_OF_CLOSED = ("title", "opening_class", "basis", "agency", "agency_title")
"""Of what is not open the list tells its title and why, and no more (article 27)."""


@dataclass(frozen=True)
class Facts:
    """What some published items have in common, and how many they are."""

    agency_id: str
    opening_class: str
    district: str
    late: bool | None  # None: no date is set
    is_new: bool
    number: int


def classes_listed(closed: bool) -> tuple[str, ...]:
    return CLASSES if closed else OPEN


def told(item: Mapping[str, Any]) -> dict[str, Any]:
    """The item as the open list tells it; of a closed one everything else is empty."""
    if item["opening_class"] != "closed":
        return dict(item)
    empty: dict[str, Any] = {name: [] if isinstance(value, list) else "" for name, value in item.items()}
    return empty | {name: item[name] for name in TOLD_OF_CLOSED}


def pages_beside(page: int, last: int) -> list[int]:
    """The numbers that a pager shows: first, last, and two on each side; 0 stands for what is left out."""
    near = sorted({1, last, *range(max(1, page - 2), min(last, page + 2) + 1)})
    shown: list[int] = []
    for number in near:
        if shown and number - shown[-1] == 2:
            shown.append(number - 1)
        elif shown and number - shown[-1] > 2:
            shown.append(0)
        shown.append(number)
    return shown


def last_page(count: int, size: int) -> int:
    return max(1, -(-count // size))


def harmless(text: str) -> str:
    """A cell that a spreadsheet reads as text, whatever it begins with."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def by_class(facts: Iterable[Facts]) -> dict[str, int]:
    """The number of each class; of every class, also of one that there is none of."""
    found: Counter[str] = Counter()
    for each in facts:
        found[each.opening_class] += each.number
    return {name: found[name] for name in CLASSES}


def by_agency(facts: Sequence[Facts]) -> dict[str, dict[str, int]]:
    """The numbers of the classes and ``total`` by the agency's id, the largest first."""
    held: dict[str, list[Facts]] = {}
    for each in facts:
        held.setdefault(each.agency_id, []).append(each)
    found = {id: by_class(its) for id, its in held.items()}
    return {
        id: classes | {"total": sum(classes.values())}
        for id, classes in sorted(found.items(), key=lambda one: (-sum(one[1].values()), one[0]))
    }


def by_district(facts: Iterable[Facts]) -> dict[str, int]:
    """How many open datasets each district has; those without one are not counted."""
    found: Counter[str] = Counter()
    for each in facts:
        if each.opening_class in OPEN and each.district:
            found[each.district] += each.number
    return dict(found)


def updated(facts: Iterable[Facts]) -> int:
    """How many open datasets got their version today."""
    return sum(each.number for each in facts if each.is_new and each.opening_class in OPEN)


def punctuality(facts: Iterable[Facts]) -> dict[str, int]:
    """How many open datasets are on time, late, or have no date to keep."""
    names = {False: "on_time", True: "late", None: "no_date"}
    found: Counter[str] = Counter()
    for each in facts:
        if each.opening_class in OPEN:
            found[names[each.late]] += each.number
    return {name: found[name] for name in names.values()}


def months_until(last: str, how_many: int) -> list[str]:
    """The months before ``last`` (2026-11) and itself, the oldest first."""
    year, month = map(int, last.split("-"))
    at = year * 12 + month - 1
    return [f"{one // 12}-{one % 12 + 1:02d}" for one in range(at - how_many + 1, at + 1)]


def heights(numbers: Sequence[int], tallest: int = 100) -> list[int]:
    """How tall to draw each number, the largest as ``tallest``; what is not zero is seen."""
    most = max(numbers, default=0) or 1
    return [max(1, round(number * tallest / most)) if number else 0 for number in numbers]
