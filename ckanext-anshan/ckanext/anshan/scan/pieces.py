"""What a reader makes of a file: pieces of cells, and notices of what it saw or could not read.

A batch is a stretch of UTF-8 with the bounds of its cells, so that a recogniser looks at a million cells with a few
operations of numpy instead of a million calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

SEPARATOR = "\x1f"
"""Between two cells of a batch that is made of rows; no cell holds it."""

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Place:
    """Where in a file: ``path`` leads through archives (``("a.zip", "b.xlsx")``), ``part`` is a sheet, a page, ..."""

    path: tuple[str, ...] = ()
    part: str = ""

    def within(self, name: str) -> Place:
        return Place((*self.path, name))

    def at(self, part: str) -> Place:
        return Place(self.path, part)

    def __str__(self) -> str:
        return "!".join(filter(None, ("/".join(self.path), self.part)))


class Batch:
    """Some cells, in the order in which they stand. ``data`` has at least one byte between two cells."""

    def __init__(self, data: bytes, starts: Numbers, ends: Numbers, rows: Numbers, columns: Numbers) -> None:
        """
        :param data: UTF-8 · :param starts: of each cell in data · :param ends: the byte after each cell's last
        :param rows: of each cell, from 0 within its piece; blank rows and the header count
        :param columns: of each cell, from 0
        """
        self.data, self.starts, self.ends = data, starts, ends
        self._rows, self._columns = rows, columns

    @classmethod
    def of_rows(cls, rows: Iterable[Sequence[str]], first: int = 0) -> Batch:
        """A batch of rows of texts, which need not be equally long; ``first`` is the number of the first row."""
        kept = [row or ("",) for row in rows]
        text = SEPARATOR.join(chain.from_iterable(kept))
        widths = np.fromiter(map(len, kept), np.int64, len(kept))
        cells = int(widths.sum())
        if text.count(SEPARATOR) != max(cells - 1, 0):
            text = SEPARATOR.join(cell.replace(SEPARATOR, " ") for row in kept for cell in row)
        data = text.encode("utf-8", "replace")
        ends = np.append(np.flatnonzero(np.frombuffer(data, np.uint8) == ord(SEPARATOR)), len(data))[:cells]
        starts = np.concatenate(([0], ends[:-1] + 1))[:cells]
        if len(kept) and (widths == widths[0]).all():
            return Even(data, starts, ends, int(widths[0]), first)
        before = np.cumsum(widths) - widths
        return cls(
            data,
            starts,
            ends,
            np.repeat(np.arange(first, first + len(kept), dtype=np.int64), widths),
            np.arange(cells, dtype=np.int64) - np.repeat(before, widths),
        )

    def __len__(self) -> int:
        return len(self.starts)

    def text(self, cell: int) -> str:
        return self.data[self.starts[cell] : self.ends[cell]].decode("utf-8", "replace")

    def cells_at(self, places: Numbers) -> Numbers:
        """The cells in which these places of the data lie, each once; what lies in none of this batch's is left out."""
        cells = np.searchsorted(self.starts, places, "right") - 1
        inside = (cells >= 0) & (places < self.ends[cells]) if len(self) else np.zeros(len(places), bool)
        return np.unique(cells[inside])

    def rows(self, cells: Numbers) -> Numbers:
        """The row of each of these cells."""
        return self._rows[cells]

    def columns(self, cells: Numbers) -> Numbers:
        """The column of each of these cells."""
        return self._columns[cells]

    def column(self, number: int) -> Numbers:
        """The cells of a column."""
        return np.flatnonzero(self._columns == number)

    @property
    def width(self) -> int:
        """One more than the highest column."""
        return int(self._columns.max()) + 1 if len(self) else 0

    @property
    def first_row(self) -> int:
        return int(self._rows[0]) if len(self) else 0

    @property
    def last_row(self) -> int:
        return int(self._rows[-1]) if len(self) else -1


class Even(Batch):
    """Cells whose rows are all equally long: where a cell stands is arithmetic."""

    def __init__(self, data: bytes, starts: Numbers, ends: Numbers, width: int, first: int) -> None:
        self.data, self.starts, self.ends = data, starts, ends
        self._width, self._first = width, first

    def rows(self, cells: Numbers) -> Numbers:
        return cells // self._width + self._first

    def columns(self, cells: Numbers) -> Numbers:
        return cells % self._width

    def column(self, number: int) -> Numbers:
        return np.arange(number, len(self), self._width)

    @property
    def width(self) -> int:
        return self._width

    @property
    def first_row(self) -> int:
        return self._first

    @property
    def last_row(self) -> int:
        return self._first + len(self) // self._width - 1


@dataclass(frozen=True)
class Piece:
    """A table, or running text with one line a row. Its batches are read before the next piece is asked for."""

    place: Place
    batches: Iterable[Batch]
    header: Sequence[str] | None = None
    """Names of the columns where the format gives them (JSON, XML); None: the first rows may hold them."""
    is_text: bool = False
    is_form: bool = False
    """Made of a form: its header are labels that stand left of values, its rows aren't those of the file."""


@dataclass(frozen=True)
class Notice:
    """What a reader saw that isn't in a cell. ``facts`` hold numbers and names of parts, never a value of the file."""

    kind: str  # of kinds.yaml: "unreadable", "hidden", ...
    rule: str  # which of the sentences in messages.py says it
    place: Place
    count: int = 1
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Limits:
    """What a file may cost. A file beyond them is read up to there, and the rest is a notice."""

    depth: int = 5  # archives in archives
    members: int = 20_000  # files in an archive, all levels together
    ratio: int = 200  # unpacked to packed, of a member over 1 MiB
    unpacked: int = 4 << 30  # bytes of all members together
    whole: int = 64 << 20  # bytes of a format that can only be read whole (JSON trees, DOCX parts, pictures)
    cells: int = 500_000_000
    text: int = 64 << 20  # characters of running text of one document


@dataclass
class Reading:
    """What readers of one file share: its limits, what was unpacked so far, and whom to tell how far they are."""

    limits: Limits = field(default_factory=Limits)
    progress: Callable[[float], None] = lambda share: None
    """Told the share of the whole file that is read, from 0 to 1."""
    unpacked: int = 0
    members: int = 0


Read = Iterator[Piece | Notice]
