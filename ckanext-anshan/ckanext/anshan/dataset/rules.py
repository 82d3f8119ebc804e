"""What a dataset's page says: whether the data is fresh, and which file most people want. Plain Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

NEVER, NO_DATE = "never", frozenset({"irregular", ""})
WANTED = ("CSV", "XLSX", "XLS", "JSON", "GeoJSON", "XML", "ZIP")
"""Formats in the order in which most people can use them."""
SEEN_FIRST = ("CSV", "XLSX", "XLS", "JSON", "GeoJSON", "PNG", "JPEG", "WEBP", "GIF", "PDF", "TXT", "XML", "ZIP")
"""Formats in the order in which their previews say most."""


@dataclass(frozen=True)
class Freshness:
    """Whether the data is as new as it should be: a code and the facts of its words."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_late(self) -> bool:
        return self.code == "late"


def freshness(today: date, cycle: str, due: str) -> Freshness:
    """Late from the day after the next update was due; a day of the year, as the calendar of the city has it.

    :param cycle: id in the vocabulary of update cycles
    :param due: YYYY-MM-DD, or nothing
    """
    if cycle == NEVER:
        return Freshness("not_updated")
    day = _day(due)
    if day is None:
        return Freshness("irregular" if cycle == "irregular" else "no_date", {"cycle": cycle})
    if day < today:
        return Freshness("late", {"days": (today - day).days, "due": due})
    return Freshness("on_time", {"due": due, "cycle": cycle})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def best(files: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The file behind the main button."""
    return _first(files, WANTED)


def seen_first(files: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The file whose preview is open before anybody chose one."""
    return _first(files, SEEN_FIRST)


def _first(files: Sequence[Mapping[str, Any]], order: Sequence[str]) -> Mapping[str, Any] | None:
    def place(file: Mapping[str, Any]) -> int:
        return order.index(file["format"]) if file["format"] in order else len(order)

    return min(files, key=place, default=None)
