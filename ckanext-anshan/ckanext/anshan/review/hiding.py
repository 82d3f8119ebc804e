"""In which columns of a table the scan found something, and what of the values there a reviewer sees: no raw one.

A report calls a column by the header that the scanner found, while a table takes its first row for the header. What
can't be placed for certain hides every value of the table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..dataset.contents import Contents
from ..inspection.rules import JOINED
from ..release.tables import Table
from ..scan import masking, places
from ..scan.findings import Severity
from ..scan.recognising import patterns

Finding = Mapping[str, Any]
Findings = Sequence[Finding]

ELSEWHERE = frozenset(places.PARTS) - {"text"}
"""Parts of a file that are no cells of a table: comments, properties, the file's name."""
ABOUT_THE_FILE = frozenset({"hidden", "author", "malformed", "formula", "link", "type_mismatch", "picture_place"})
"""Kinds that are about the file where they name no column: no value of the table is meant."""
POSITION = ("lng", "lat", "geometry")
"""Columns that come of the geometry of a GeoJSON file."""
MOST_CELL = 400
"""Characters of a value that are shown."""
NAMED = re.compile(r"[.\[]")
"""Behind the name of a column of a JSON file, in the name of what is nested in it."""


@dataclass(frozen=True)
class Mark:
    """What was found in a column: the gravest severity, and the kinds, the gravest first."""

    severity: str
    kinds: tuple[str, ...]


NOT_SCANNED = Mark(Severity.BLOCK.value, ())
"""Nobody knows what is in there."""


@dataclass(frozen=True)
class Cover:
    """What hides the values of one table."""

    columns: Mapping[int, Mark] = field(default_factory=dict)
    everywhere: Mark | None = None  # something is found, nobody knows in which column
    hides_titles: bool = False  # they may be values: there is no header, or not in the first row
    conceals: bool = False  # no scan of its own: what looks like a personal datum is hidden in the other columns too

    def mark(self, at: int) -> Mark | None:
        return self.columns.get(at) or self.everywhere

    def titles(self, table: Table) -> list[str]:
        titles = [column.title for column in table.columns]
        return [masking.example("other", one) if self.hides_titles else plain_title(one) for one in titles]

    def row(self, cells: Sequence[str | None]) -> list[str]:
        return [self.cell(at, cell) for at, cell in enumerate(cells)]

    def cell(self, at: int, cell: str | None) -> str:
        mark, text = self.mark(at), cell or ""
        if mark is not None:
            return masked(mark.kinds, text)
        shown = _concealed(text) if self.conceals else text
        return shown if len(shown) <= MOST_CELL else f"{shown[:MOST_CELL]}…"


def _concealed(value: str) -> str:
    hidden = patterns.conceal(value)
    return value if hidden == patterns.tidy(value) else hidden


def masked(kinds: Sequence[str], value: str) -> str:
    """A value as the examples of a report show it: by the rule of that kind of its column which it is of."""
    if not value.strip():
        return ""
    fitting = next((kind for kind in kinds if masking.places(kind, value)), "")
    return masking.example(fitting or (kinds[0] if len(kinds) == 1 else "other"), value)


def over(found: Contents, findings: Findings | None) -> Cover:
    """What hides the values of a table, given the findings of its file's scan; None where it has none, or failed."""
    if findings is None:
        return Cover(everywhere=NOT_SCANNED, hides_titles=True)
    here = sorted((one for one in findings if not _is_elsewhere(one, found.sheet)), key=_rank)
    at = _Places(found, here)
    columns: dict[int, list[Finding]] = {}
    loose = []
    for one in here:
        placed = at.of(one)
        for place in placed:
            columns.setdefault(place, []).append(one)
        if not placed and (one["column"] or one["kind"] not in ABOUT_THE_FILE):
            loose.append(one)
    return Cover(
        {place: _mark(ones) for place, ones in columns.items()},
        _mark(loose) if loose else None,
        any(not one["column"] or one["column"].startswith("#") for one in loose),
    )


def together(title: str, sides: Iterable[tuple[Sequence[str], Cover]]) -> Mark | None:
    """What hides the columns of a title in several tables: whatever was found in one of them.

    :param sides: titles and cover of each
    """
    found = [cover.mark(at) for titles, cover in sides for at, one in enumerate(titles) if one == title]
    marks = sorted((mark for mark in found if mark), key=lambda mark: Severity(mark.severity).rank)
    kinds = dict.fromkeys(kind for mark in marks for kind in mark.kinds)
    return Mark(marks[0].severity, tuple(kinds)) if marks else None


def _rank(one: Finding) -> int:
    return Severity(one["severity"]).rank


def _mark(found: Sequence[Finding]) -> Mark:
    return Mark(found[0]["severity"], tuple(dict.fromkeys(one["kind"] for one in found)))


def _is_elsewhere(one: Finding, sheet: str) -> bool:
    """Whether it is about another part of the file than the table."""
    part = one["part"]
    if part.rpartition("!")[2] in ELSEWHERE:
        return True
    return bool(sheet and part) and part != plain_title(sheet)


class _Places:
    """The columns that findings are about."""

    def __init__(self, found: Contents, findings: Findings) -> None:
        self.titles = [plain_title(column.title) for column in found.table.columns]
        self.is_tree = found.format in ("JSON", "GeoJSON")
        names = [name for one in findings for name in _names(one["column"])]
        self.below = _cells(found.table.rows, {own for name in names for own in (name, name.rpartition("/")[2])})

    def of(self, one: Finding) -> set[int]:
        """None where one of its columns isn't found."""
        whole, *parts = _names(one["column"])
        if not parts or whole in self.titles:
            return self._named(whole)
        each = [self._named(name) for name in parts]
        return set().union(*each) if all(each) else set()

    def _named(self, name: str) -> set[int]:
        """By its title; by a cell below it where the header isn't the first row; by what it is nested in."""
        if not name or name.startswith("#"):
            return set()
        found = {at for at, title in enumerate(self.titles) if title == name}
        found |= self.below.get(name, set()) | self.below.get(name.rpartition("/")[2], set())
        return found | self._nested(name) if self.is_tree else found

    def _nested(self, name: str) -> set[int]:
        own = NAMED.split(name)
        is_position = own[0] in POSITION or own[-1] in POSITION
        return {at for at, title in enumerate(self.titles) if title == own[0] or (is_position and title in POSITION)}


def _names(column: str) -> list[str]:
    """The column, and each of several that a finding names together."""
    return [_flat(column), *(_flat(one) for one in column.split(JOINED) if JOINED in column)]


def _cells(rows: Iterable[Sequence[str | None]], wanted: set[str]) -> dict[str, set[int]]:
    """The columns in which these texts stand."""
    found: dict[str, set[int]] = {}
    for row in rows:
        for at, cell in enumerate(row):
            if cell and len(cell) < 200 and (text := _flat(cell)) in wanted:
                found.setdefault(text, set()).add(at)
    return found


def _flat(text: str) -> str:
    return " ".join(text.split())


def plain_title(text: str) -> str:
    """A title as a report says it: without the personal data that it may hold."""
    from ..scan.scanning import safe  # with its libraries, which a process that reviews nothing does without

    return _flat(safe(text))
