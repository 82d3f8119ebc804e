"""Which quotes of a delimited text enclose cells: strictly where they pair up, else line by line as it was meant.

A row over several lines must be well formed throughout. Where it isn't, each line is a row, and a line in which no
reading of its quotes works is parted at every delimiter: a broken quote costs its own line and none behind it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..pieces import Numbers

QUOTE, LINE, RETURN = 34, 10, 13
LONGEST_ROW = 1 << 18
"""Bytes of a row beyond which its quotes are taken for broken."""
IN_VAIN = 10_000
"""Lines from which no row over several lines began: if most did not, no further one is tried."""

Bytes = NDArray[np.uint8]
Truths = NDArray[np.bool_]


class Quotes:
    """Of one text, chunk by chunk. ``broken`` counts the lines whose quotes make no sense."""

    def __init__(self, delimiter: int, line: int) -> None:
        self.before = _members(delimiter, line)
        self.after = _members(delimiter, LINE, RETURN)
        self.line = line
        part, end = re.escape(bytes([delimiter])), re.escape(bytes([line]))
        open_cell = rb'"[^"]*(?:""[^"]*)*'
        cell = rb'(?:%s"|(?:[^"%s%s][^%s%s]*)?)' % (open_cell, part, end, part, end)
        self.row = re.compile(rb"%s(?:%s%s)*\r?(?:%s|\Z)" % (cell, part, cell, end))
        self.row_begun = re.compile(rb'(?:%s%s)*%s"?\Z' % (cell, part, open_cell))
        self.broken = self.tried = self.joined = 0

    def enclosing(self, data: bytes, seen: Bytes, last: bool) -> Numbers:
        """Where they stand: a cell lies between the first and the second, the third and the fourth, and so on.

        If their number is odd, the rest of the data is a row whose end comes with the next chunk.
        :param last: whether no chunk follows
        """
        quotes = np.flatnonzero(seen == QUOTE)
        return quotes if self._pair_up(seen, quotes, last) else self._by_line(data, seen, quotes, last)

    def _pair_up(self, seen: Bytes, quotes: Numbers, last: bool) -> bool:
        """Whether every second quote begins a cell or a pair, and none is longer than a row may be."""
        opening, closing = quotes[::2], quotes[1::2]
        if len(opening) > len(closing) and (last or len(seen) - opening[-1] > LONGEST_ROW):
            return False
        opens = (opening == 0) | self.before[seen[opening - 1]] | (seen[opening - 1] == QUOTE)
        if not opens.all():
            return False
        after = seen[np.minimum(closing + 1, len(seen) - 1)]
        closes = self.after[after] | (after == QUOTE) | (closing + 1 >= len(seen))
        return bool(closes.all()) and bool((closing - opening[: len(closing)]).max(initial=0) <= LONGEST_ROW)

    def _by_line(self, data: bytes, seen: Bytes, quotes: Numbers, last: bool) -> Numbers:
        begins = np.concatenate(([0], np.flatnonzero(seen == self.line) + 1))
        marks = self._marks(seen, quotes)
        read = _read(marks, begins)
        unclosed = begins[read.fails & (read.counts % 2 == 1)]
        rows, rest = self._joined(data, unclosed, last)
        if rows or rest < len(data):
            begins = begins[_outside(begins, rows) & (begins <= rest)]
            read = _read(marks.those(marks.starts < rest), begins)
        cut = len(begins) if last else len(begins) - 1
        self.broken += int((read.fails & read.opened)[:cut].sum())
        kept = read.marks.starts[~read.fails[read.lines]]
        return np.append(kept, rest) if rest < len(data) else kept

    def _marks(self, seen: Bytes, quotes: Numbers) -> _Marks:
        """Quotes that stand at the edge of a cell. A pair is a quote of the text; three in a row are one and a pair."""
        first = np.flatnonzero(np.diff(quotes, prepend=-2) != 1)
        lengths = np.diff(first, append=len(quotes))
        starts = quotes[first][lengths % 2 == 1]
        ends = starts + lengths[lengths % 2 == 1]
        opens = (starts == 0) | self.before[seen[starts - 1]]
        closes = (ends >= len(seen)) | self.after[seen[np.minimum(ends, len(seen) - 1)]]
        return _Marks(starts, opens, closes).those(opens | closes)

    def _joined(self, data: bytes, unclosed: Numbers, last: bool) -> tuple[list[tuple[int, int]], int]:
        """Rows over several lines, and where one begins whose end comes with the next chunk, else the end."""
        rows: list[tuple[int, int]] = []
        done, size = 0, len(data)
        for begin in unclosed.tolist():
            if begin < done or self._is_in_vain():
                continue
            self.tried += 1
            found = self.row.match(data, begin, begin + LONGEST_ROW)
            if found and (found.end() == size or data[found.end() - 1] == self.line):
                self.joined += 1
                done = found.end()
                rows.append((begin, done))
            elif not last and size - begin < LONGEST_ROW and self.row_begun.match(data, begin):
                return rows, begin
        return rows, size

    def _is_in_vain(self) -> bool:
        return self.tried > IN_VAIN and self.joined < self.tried / 2


class _Marks(NamedTuple):
    """Quotes at the edge of a cell: where each stands, whether it can open one, and whether it can close one."""

    starts: Numbers
    opens: Truths
    closes: Truths

    def those(self, kept: Truths) -> _Marks:
        return _Marks(self.starts[kept], self.opens[kept], self.closes[kept])


class _Read(NamedTuple):
    """How the quotes of each line were read."""

    marks: _Marks
    lines: Numbers  # the line of each mark
    fails: Truths  # of each line, whether its marks don't open and close in turn
    counts: Numbers  # of each line, its marks
    opened: Truths  # of each line, whether a mark can open a cell


def _read(marks: _Marks, begins: Numbers) -> _Read:
    """Marks line by line: of two that can only open, or only close, the second is part of the text."""
    lines = np.searchsorted(begins, marks.starts, "right") - 1
    only = np.where(marks.opens & marks.closes, 0, np.where(marks.opens, 1, 2))
    is_first = np.diff(lines, prepend=-1) != 0
    before = np.where(is_first, 2, np.concatenate(([0], only[:-1])))  # at a line's beginning nothing is to be closed
    kept = (only == 0) | (only != before)
    marks, lines = marks.those(kept), lines[kept]
    nth = np.arange(len(lines)) - np.searchsorted(lines, lines)
    wrong = np.where(nth % 2 == 0, ~marks.opens, ~marks.closes)
    size = len(begins)
    counts = np.bincount(lines, minlength=size)
    fails = (np.bincount(lines, wrong, size) > 0) | (counts % 2 == 1)
    return _Read(marks, lines, fails, counts, np.bincount(lines, marks.opens, size) > 0)


def _outside(begins: Numbers, rows: list[tuple[int, int]]) -> Truths:
    """Which lines begin outside of these rows, or with one of them."""
    if not rows:
        return np.ones(len(begins), bool)
    starts, ends = np.array(rows, np.int64).T
    row = np.searchsorted(starts, begins, "left") - 1
    return (row < 0) | (begins >= ends[np.maximum(row, 0)])


def _members(*signs: int) -> Truths:
    table = np.zeros(256, bool)
    table[list(signs)] = True
    return table
