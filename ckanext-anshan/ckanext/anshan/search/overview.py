"""What a list of agencies, themes or districts says of each, and what the page of one says above its datasets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ..people import options
from ..workflow import clock
from . import places, query, tally
from .places import Place

FEW = 3
CLASSES = ("unconditional", "conditional", "closed")


@dataclass(frozen=True)
class Line:
    """A place and what its datasets are together."""

    place: Place
    classes: Mapping[str, int]
    late: int
    newest: str
    agencies: int

    @property
    def count(self) -> int:
        """Of what is open."""
        return self.classes["unconditional"] + self.classes["conditional"]

    @property
    def total(self) -> int:
        return sum(self.classes.values())


def every(kind: str) -> list[Line]:
    """All places of a kind, those with most datasets first: two or three statements and one request to Solr."""
    sums = tally.of_places(places.FIELD[kind], clock.today())
    closed = _closed() if kind == places.ORGANIZATION else {}
    lines = [_line(each, sums.get(each.name, tally.Sum()), closed.get(each.name, 0)) for each in places.every(kind)]
    return sorted(lines, key=lambda each: -each.total) if kind != places.DISTRICT else lines


def one(place: Place, whole: tally.Sum) -> Line:
    closed = _closed().get(place.name, 0) if place.kind == places.ORGANIZATION else 0
    return _line(place, whole, closed)


def _line(place: Place, its: tally.Sum, closed: int) -> Line:
    classes = {name: its.classes.get(name, 0) for name in CLASSES} | {"closed": closed}
    return Line(place, classes, its.late, its.newest, its.agencies)


def _closed() -> dict[str, int]:
    """How many entries of each agency are closed; they are in no index that visitors search."""
    return {each["name"]: each["closed"] for each in _counts()["agencies"]}


def _counts() -> dict[str, Any]:
    return tk.get_action("anshan_open_counts")(Context(user="", auth_user_obj=None, ignore_auth=False), {})


def closed_alike(q: str) -> list[dict[str, Any]]:
    """Items of the open list that are not open and of the kind that was asked for; none where the list tells none."""
    asked = {"opening_class": "closed", "limit": 1000}
    listed = tk.get_action("anshan_open_list")(Context(user="", auth_user_obj=None, ignore_auth=False), asked)
    return [each for each in listed["items"] if query.resembles(q, each["title"])][:FEW]


def bureau_phone() -> str:
    """The office telephone of the data bureau, whom one asks for data that isn't open yet; nothing if it has none."""
    return places.phone(options.bureau_org())
