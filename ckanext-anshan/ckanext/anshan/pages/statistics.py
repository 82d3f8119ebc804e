"""The portal's figures as tables: the page draws them, and hands out the same rows as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from . import rules


@dataclass(frozen=True)
class Table:
    """``rows`` begin with a word; ``drawn`` says how tall or long each number is drawn, of 100."""

    name: str  # in its address
    kind: str  # bars, months, shares
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Any]]
    about: str = ""
    nothing: str = ""  # what to say while there is nothing to draw
    urls: Sequence[str] = ()
    codes: Sequence[str] = ()

    @property
    def is_empty(self) -> bool:
        return not any(number for row in self.rows for number in row[1:])

    @property
    def drawn(self) -> list[int]:
        return rules.heights([sum(row[1:]) for row in self.rows])

    def cells(self) -> Iterator[Sequence[Any]]:
        yield self.head
        yield from self.rows


def tables(found: Mapping[str, Any]) -> dict[str, Table]:
    """Every table of the page by its name, in the order of the page."""
    made = (_classes, _punctuality, _answers, _releases, _downloads, _most, _formats, _themes, _districts)
    return {table.name: table for table in (make(found) for make in made)}


def _classes(found: Mapping[str, Any]) -> Table:
    numbers = found["classes"]
    known = {name: tk.h.anshan_class(name) for name in numbers}
    return Table(
        "classes",
        "shares",
        tk._("Opening classes"),
        (tk._("Opening class"), tk._("Items")),
        [(each.label if each else name, numbers[name]) for name, each in known.items()],
        nothing=tk._("Nothing has been released yet."),
        urls=[tk.h.url_for("anshan_pages.open_list", opening_class=name) for name in numbers],
        codes=list(numbers),
    )


def _punctuality(found: Mapping[str, Any]) -> Table:
    words = {"on_time": tk._("On time"), "late": tk._("Late"), "no_date": tk._("No date to keep")}
    return Table(
        "punctuality",
        "shares",
        tk._("Punctuality of updates"),
        (tk._("State"), tk._("Datasets")),
        [(words[name], number) for name, number in found["punctuality"].items()],
        about=tk._("Late: the date of the next update, which follows from the update cycle, is past."),
        nothing=tk._("There is no open dataset yet."),
        codes=list(found["punctuality"]),
    )


def _answers(found: Mapping[str, Any]) -> Table:
    figures = found["applications"]
    numbers = {"on_time": figures["answered"] - figures["late"], "late": figures["late"]}
    words = {"on_time": tk._("In time"), "late": tk._("Late")}
    return Table(
        "answers",
        "shares",
        tk._("Answers to applications"),
        (tk._("State"), tk._("Applications")),
        [(words[name], number) for name, number in numbers.items()],
        about=tk._("Applications for conditional data: whether they were answered by the day that was due."),
        nothing=tk._("No application has been answered yet."),
        codes=list(numbers),
    )


def _releases(found: Mapping[str, Any]) -> Table:
    return Table(
        "releases",
        "months",
        tk._("Releases by month"),
        (tk._("Month"), tk._("New datasets"), tk._("New versions")),
        [(row["month"], row["new"], row["more"]) for row in found["releases"]],
        about=tk._("By the date of the version, of datasets that are open now."),
        nothing=tk._("Nothing was released in the last twelve months."),
    )


def _downloads(found: Mapping[str, Any]) -> Table:
    return Table(
        "downloads",
        "months",
        tk._("Downloads by month"),
        (tk._("Month"), tk._("Downloads")),
        [(row["month"], row["count"]) for row in found["downloads"]],
        about=tk._("Whole files; who downloads is not recorded."),
        nothing=tk._("No file was downloaded in the last twelve months."),
    )


def _most(found: Mapping[str, Any]) -> Table:
    rows = found["most_downloaded"]
    return Table(
        "most-downloaded",
        "bars",
        tk._("Most downloaded"),
        (tk._("Dataset"), tk._("Downloads")),
        [(row["title"], row["count"]) for row in rows],
        nothing=tk._("No open dataset has been downloaded yet."),
        urls=[tk.h.url_for("dataset.read", id=row["name"]) for row in rows],
    )


def _formats(found: Mapping[str, Any]) -> Table:
    return Table(
        "formats",
        "bars",
        tk._("File formats"),
        (tk._("Format"), tk._("Datasets")),
        [(row["name"], row["count"]) for row in found["formats"]],
        about=tk._("Datasets that are open unconditionally; one may have several formats."),
        nothing=tk._("No file is open yet."),
        urls=[tk.h.url_for("dataset.search", res_format=row["name"]) for row in found["formats"]],
    )


def _themes(found: Mapping[str, Any]) -> Table:
    return Table(
        "themes",
        "bars",
        tk._("By theme"),
        (tk._("Theme"), tk._("Datasets")),
        [(row["title"], row["count"]) for row in found["themes"]],
        about=tk._("A dataset may be in several themes."),
        nothing=tk._("There is no open dataset yet."),
        urls=_or_none((row["count"], tk.h.url_for("group.read", id=row["name"])) for row in found["themes"]),
    )


def _districts(found: Mapping[str, Any]) -> Table:
    return Table(
        "districts",
        "bars",
        tk._("By district"),
        (tk._("District"), tk._("Datasets")),
        [(row["title"], row["count"]) for row in found["districts"]],
        about=tk._("The district that the agency names; data of the whole city counts for the city."),
        nothing=tk._("No open dataset names a district yet."),
        urls=_or_none(
            (row["count"], tk.h.url_for("dataset.search", district=row["name"])) for row in found["districts"]
        ),
    )


def _or_none(pairs: Iterable[tuple[int, str]]) -> list[str]:
    """The addresses of those that have something behind them."""
    return [url if number else "" for number, url in pairs]
