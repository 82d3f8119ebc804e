"""The figures of the review as tables: the page draws them, and hands out the same rows as CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from ..pages.rules import heights
from . import messages
from .rules import Role
from .statistics import OUTCOMES

Row = Sequence[Any]
N = Callable[[], str]

NAMES: Mapping[str, N] = {
    "submitted": lambda: tk._("Submitted"),
    "published": lambda: tk._("Published"),
    "returned": lambda: tk._("Returned"),
    "rejected": lambda: tk._("Rejected"),
    "withdrawn": lambda: tk._("Withdrawn"),
}
STEPS: Mapping[str, N] = {
    "agency": lambda: tk._("Agency's own look"),
    "cyberspace": lambda: tk._("Cyberspace office"),
    "bureau": lambda: tk._("Data bureau"),
    "correction": lambda: tk._("Mending by the agency"),
    "whole": lambda: tk._("Whole way"),
}


@dataclass(frozen=True)
class Table:
    """``rows`` begin with a word; ``drawn`` says how long the bar of each is, of 100; ``told`` what stands there."""

    name: str  # in its address
    title: str
    head: Sequence[str]
    rows: Sequence[Row]
    about: str = ""
    nothing: str = ""  # what to say while there is nothing to draw
    drawn: Sequence[int] = ()
    told: Sequence[str] = ()
    bad: Sequence[bool] = ()  # which bars tell of something late

    def cells(self) -> Iterator[Row]:
        yield self.head
        yield from self.rows


def tables(found: Mapping[str, Any]) -> dict[str, Table]:
    """Every table of the page by its name, in the order of the page."""
    return {table.name: table for table in (make(found) for make in (_counts, _steps, _in_time, _returns, _agencies))}


def _counts(found: Mapping[str, Any]) -> Table:
    numbers = [found["counts"][name] for name in OUTCOMES]
    return Table(
        "outcomes",
        tk._("What became of submissions"),
        (tk._("In this period"), tk._("Submissions")),
        [(NAMES[name](), number) for name, number in zip(OUTCOMES, numbers, strict=True)],
        about=tk._("Counted on the day it happened: what is published now may have been submitted before."),
        drawn=heights(numbers),
        told=[tk.h.anshan_number(number) for number in numbers],
    )


def _steps(found: Mapping[str, Any]) -> Table:
    rows = found["steps"]
    half_and_nine = tk._("half within {median}, nine of ten within {ninth}")
    return Table(
        "time",
        tk._("Time per step, in working days"),
        (tk._("Step"), tk._("Finished"), tk._("Half took at most"), tk._("Nine of ten took at most")),
        [(STEPS[one["step"]](), one["count"], one["median"], one["ninth"]) for one in rows],
        about=tk._(
            "From the day a step begins to the day it is done; an office may finish by signing, returning or rejecting."
            " The whole way is that of a full review from submission to publication."
        ),
        nothing=tk._("No step was finished in this period."),
        drawn=heights([one["ninth"] for one in rows]),
        told=[half_and_nine.format(median=one["median"], ninth=one["ninth"]) for one in rows],
    )


def _in_time(found: Mapping[str, Any]) -> Table:
    rows = [one for one in found["steps"] if one["limited"]]
    return Table(
        "in-time",
        tk._("Done in time"),
        (tk._("Step"), tk._("With a last day"), tk._("In time")),
        [(STEPS[one["step"]](), one["limited"], one["in_time"]) for one in rows],
        about=tk._("In time: on the last day at the latest. The whole way has no last day of its own."),
        nothing=tk._("No step with a last day was finished in this period."),
        drawn=[round(100 * one["in_time"] / one["limited"]) for one in rows],
        told=[share(one) for one in rows],
    )


def share(one: Mapping[str, Any]) -> str:
    """How many were in time, in words; nothing where none had a last day."""
    if not one["limited"]:
        return ""
    percent = 100 * one["in_time"] // one["limited"]  # never 100 while one was late
    words = tk._("{number} of {all}, {percent} %")
    return words.format(number=one["in_time"], all=one["limited"], percent=percent)


def _returns(found: Mapping[str, Any]) -> Table:
    rows = found["returns"]
    named = tk._("{place}, by {role}")
    return Table(
        "returns",
        tk._("Why submissions were returned"),
        (tk._("Place and by whom"), tk._("Remarks"), tk._("Returns")),
        [
            (
                named.format(place=messages.PLACES[one["place"]](), role=messages.ROLES[Role(one["role"])]()),
                one["remarks"],
                one["returns"],
            )
            for one in rows
        ],
        about=tk._("By what each remark is about; one return may have several."),
        nothing=tk._("Nothing was returned in this period."),
        drawn=heights([one["remarks"] for one in rows]),
        told=[tk.h.anshan_number(one["remarks"]) for one in rows],
    )


def _agencies(found: Mapping[str, Any]) -> Table:
    head = (
        tk._("Agency"),
        *(NAMES[name]() for name in OUTCOMES),
        tk._("Whole way, half took at most"),
        tk._("Own steps with a last day"),
        tk._("In time"),
        tk._("Under way now"),
        tk._("Late now"),
    )
    return Table("agencies", tk._("By agency"), head, [_agency(one) for one in found["agencies"]])


def _agency(one: Mapping[str, Any]) -> Row:
    title = one["title"] or (tk._("Lists of several agencies") if not one["id"] else one["id"])
    median = "" if one["median"] is None else one["median"]
    return (title, *(one[name] for name in OUTCOMES), median, one["limited"], one["in_time"], one["open"], one["late"])
