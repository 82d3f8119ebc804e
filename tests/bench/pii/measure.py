"""Compares what the scanner found with the truth, column by column and value by value."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ckanext.anshan.scan.pieces import Place

from .corpus import Column, Table

KINDS = frozenset(
    [
        "resident_id",
        "mobile",
        "landline",
        "bank_card",
        "passport",
        "plate",
        "email",
        "person_name",
        "home_address",
        "medical",
        "religion",
        "minor",
        "coordinates",
        "uscc",
        "secrecy_mark",
        "credential",
        "partial_mask",
        "formula",
        "link",
    ]
)
"""Kinds that the truth speaks of; what else a scanner says isn't judged here."""


@dataclass(frozen=True)
class Found:
    """A kind in a column, as the scanner says it."""

    path: tuple[str, ...]
    part: str
    number: int | None
    header: str
    kind: str
    rows: frozenset[int]

    def __str__(self) -> str:
        at = "" if self.number is None else f"#{self.number + 1}"
        return " · ".join(filter(None, ("/".join(self.path), self.part, self.header, at)))


@dataclass
class Tally:
    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __iadd__(self, other: Tally) -> Tally:
        self.right, self.wrong, self.missed = (
            self.right + other.right,
            self.wrong + other.wrong,
            self.missed + other.missed,
        )
        return self

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


@dataclass
class Scores:
    """Of one table or of many. The lists name what went wrong, without a value of it."""

    columns: dict[str, Tally] = field(default_factory=dict)
    values: dict[str, Tally] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)  # right columns whose rows aren't

    def add(self, other: Scores) -> None:
        for mine, theirs in ((self.columns, other.columns), (self.values, other.values)):
            for kind, tally in theirs.items():
                mine.setdefault(kind, Tally())
                mine[kind] += tally
        self.wrong += other.wrong
        self.missed += other.missed
        self.loose += other.loose

    def count(self, kind: str, columns: Tally, values: Tally) -> None:
        for into, tally in ((self.columns, columns), (self.values, values)):
            into.setdefault(kind, Tally())
            into[kind] += tally


def total(tallies: Iterable[Tally]) -> Tally:
    every = Tally()
    for tally in tallies:
        every += tally
    return every


# ---- asking the scanner


def scan(path: Path) -> tuple[list[Found], Any]:
    """What the scanner finds in a file: the columns that it tells while it reads, and the findings that have none."""
    from ckanext.anshan.scan import scanning

    told: list[Found] = []

    def watch(place: Place, column: int, header: str, kind: str, rows: Any) -> None:
        told.append(Found(place.path, place.part, column, header or "", kind, frozenset(map(int, rows))))

    report = scanning.report(path, watch=watch)
    seen = {(one.kind, _bare(str(Place(one.path, one.part)))) for one in told}
    rest = [
        Found((), one.part, None, one.column, one.kind, frozenset())
        for one in report.findings
        if (one.kind, _bare(one.part)) not in seen
    ]
    return [one for one in (*_joined(told), *rest) if one.kind in KINDS], report


def _bare(part: str) -> str:
    return part.replace("!", "").replace("/", "")


def _joined(told: Sequence[Found]) -> Iterator[Found]:
    """A kind may be told of a column in several goes."""
    rows: dict[tuple[Any, ...], set[int]] = {}
    for one in told:
        rows.setdefault((one.path, one.part, one.number, one.header, one.kind), set()).update(one.rows)
    for key, held in rows.items():
        path, part, number, header, kind = key
        yield Found(path, part, number, header, kind, frozenset(held))


# ---- comparing


def fits(found: Found, column: Column) -> bool:
    """Whether the scanner speaks of this column. A column is known by its place, or by its name where the format has
    only names; a truth without a column is about the whole part."""
    where = " ".join((*found.path, found.part))
    if column.sheet not in where or column.member not in where:
        return False
    if not column.where:
        return True
    if column.number is not None and found.number is not None:
        return column.number == found.number
    name = re.sub(r"\[\d+\]$", "", found.header)  # the second of a list of values
    return column.where in (name, name.rsplit(".", 1)[-1], name.rsplit("@", 1)[-1])


def compare(table: Table, predicted: Sequence[Found]) -> Scores:
    scores = Scores()
    hit: set[tuple[int, str]] = set()
    for one in predicted:
        here = [(number, column) for number, column in enumerate(table.columns) if fits(one, column)]
        right = [(number, column) for number, column in here if one.kind in column.must | column.may]
        if not right:
            scores.count(one.kind, Tally(wrong=1), Tally(wrong=len(one.rows)))
            scores.wrong.append(f"{one.kind}: {table.path.name} · {one}")
            continue
        for number, column in right:
            if one.kind in column.must and (number, one.kind) not in hit:
                hit.add((number, one.kind))
                values = _values(column, one)
                scores.count(one.kind, Tally(right=1), values)
                if values.wrong or values.missed:
                    scores.loose.append(f"{one.kind}: {table.path.name} · {one}: {values}")
    for number, column in enumerate(table.columns):
        for kind in column.must:
            if (number, kind) not in hit:
                scores.count(kind, Tally(missed=1), Tally(missed=len(column.values.get(kind, ()))))
                scores.missed.append(f"{kind}: {table.path.name} · {column.sheet or column.member} · {column.where}")
    return scores


def _values(column: Column, found: Found) -> Tally:
    if found.kind not in column.values:
        return Tally()
    truth = column.values[found.kind]
    return Tally(len(truth & found.rows), len(found.rows - truth), len(truth - found.rows))


def measure(tables: Sequence[Table], told: Callable[[Table, Scores], None] = lambda table, scores: None) -> Scores:
    every = Scores()
    for table in tables:
        scores = compare(table, scan(table.path)[0])
        told(table, scores)
        every.add(scores)
    return every


def lines(scores: Scores) -> Iterator[str]:
    """The figures as a person reads them."""
    yield f"{'':14}{'columns':>9}{'precision':>11}{'recall':>8}   {'values':>9}{'precision':>11}{'recall':>8}"
    named: Counter[str] = Counter({kind: tally.right + tally.missed for kind, tally in scores.columns.items()})
    for kind, _ in named.most_common():
        yield _line(kind, scores.columns[kind], scores.values[kind])
    yield _line("all", total(scores.columns.values()), total(scores.values.values()))


def _line(name: str, columns: Tally, values: Tally) -> str:
    def part(tally: Tally) -> str:
        return f"{tally.right + tally.missed:9}{tally.precision:11.4f}{tally.recall:8.4f}"

    return f"{name:14}{part(columns)}   {part(values)}"
