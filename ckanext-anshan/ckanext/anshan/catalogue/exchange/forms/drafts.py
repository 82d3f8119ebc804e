"""What a form makes of a file: one draft per entry, with where each value stood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ..headings import Column
from ..problems import Level, Problem
from ..readers import Row

Cells = Mapping[str, str]
"""A row by column id; a column that the file hasn't is absent."""


@dataclass
class Draft:
    """One entry as a file gives it. ``entry`` has only what the form can say; all else stays as it is stored."""

    row: int
    agency: str = ""
    uscc: str = ""
    entry: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    defaults: dict[str, Any] = field(default_factory=dict)
    """what a new entry has where nothing was said; it never changes a stored one"""
    item_rows: list[int] = field(default_factory=list)
    """the row of each information item"""
    titles: Mapping[str, str] = field(default_factory=dict)
    """the heading in the file of each column"""

    has_gaps: bool = False
    """the file says that the entry isn't complete yet"""

    def add(self, code: str, column: str, value: str, row: int = 0, level: Level = Level.ERROR, **facts: Any) -> None:
        self.problems.append(Problem(row or self.row, self.titles.get(column, column), value, code, level, facts))

    @property
    def refused(self) -> bool:
        return any(problem.level is Level.ERROR for problem in self.problems)


class Form(Protocol):
    """A template that can be read and written."""

    @property
    def id(self) -> str: ...

    @property
    def columns(self) -> Sequence[Column]: ...

    @property
    def header_rows(self) -> int: ...

    @property
    def complete(self) -> bool:
        """Whether it has a place for all that the opening classes ask; if not, a gap doesn't keep an entry out."""
        ...

    @property
    def has_codes(self) -> bool:
        """Whether it tells entries apart by their codes; if not, agency and title have to do."""
        ...

    def with_codes(self) -> Form:
        """The form with a column of codes, for entries that agency and title don't tell apart."""
        ...

    def read(self, rows: Iterable[Row], found: Mapping[str, int], titles: Mapping[str, str]) -> Iterator[Draft]: ...

    def header(self) -> list[list[str]]: ...

    def write(self, entry: Mapping[str, Any], number: int) -> Iterator[list[str]]: ...


def cells(row: Row, found: Mapping[str, int]) -> dict[str, str]:
    """The row's cells by column id; a short row's missing cells are empty."""
    have = len(row.cells)
    return {name: row.cells[at] if at < have else "" for name, at in found.items()}
