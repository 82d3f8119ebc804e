"""Delimited text (CSV, TSV): every byte belongs to a cell, however broken its quotes are.

A chunk is cut into cells by the positions of its delimiters, line ends and quotes, with no look at a single cell.
A quote opens only at the beginning of a cell and closes only at its end (``quotes.py``). What breaks that rule may put
a value into the wrong column, never out of sight.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..pieces import Batch, Even, Notice, Numbers, Piece, Place, Read, Reading
from . import encoding, quotes
from .quotes import LINE, QUOTE, RETURN

HEAD = 1 << 18
DELIMITERS = b",\t;|\x01^"
TITLES = 5
"""Rows at the top that may be titles, and are as long as they like."""

Bytes = NDArray[np.uint8]


def read(path: Path, place: Place, reading: Reading) -> Read:
    """The file as one table; afterwards what is wrong with its form."""
    with path.open("rb") as stream:
        head = stream.read(HEAD)
        stream.seek(0)
        text = encoding.Utf8(stream, encoding.detect(head))
        sample = _utf8(head, text.encoding)
        line = line_end(sample)
        cutter = _Cutter(text, delimiter(sample.replace(bytes([line]), b"\n")), line, path.stat().st_size, reading)
        yield Piece(place, cutter)
        if text.mixed:
            yield Notice("malformed", "malformed.encoding", place, text.mixed)
        if cutter.quotes.broken:
            yield Notice("malformed", "malformed.quotes", place, cutter.quotes.broken)
        if cutter.uneven:
            yield Notice("malformed", "malformed.uneven_rows", place, cutter.uneven)


QUOTED = re.compile(rb'"(?:[^"]|"")*"')
WEIGHED = 1 << 16


def _utf8(head: bytes, name: str) -> bytes:
    return head.decode(name, "replace").encode("utf-8", "replace")


def line_end(head: bytes) -> int:
    """The byte that ends lines: a lone return as on an old Macintosh, if most outside of quotes are of that kind."""
    bare = QUOTED.sub(b"q", head)
    return RETURN if bare.count(b"\r") - bare.count(b"\r\n") > 3 * bare.count(b"\n") else LINE


def delimiter(head: bytes) -> int:
    """The one that splits the most lines of the beginning into equally many parts."""
    lines = [line for line in QUOTED.sub(b"q", head[:WEIGHED]).split(b"\n")[:200] if line.strip()]
    if len(lines) > 1:
        lines.pop()  # may be cut

    def evenness(one: int) -> tuple[float, float, float]:
        counts = sorted(line.count(one) for line in lines)
        middle = counts[len(counts) // 2] if counts else 0
        even = sum(1 for count in counts if count == middle) / len(counts) if middle else 0
        return (round(even * 5), middle, even)

    return max(DELIMITERS, key=evenness)


class _Cutter:
    """Cuts chunks into batches; counts what is broken."""

    def __init__(self, text: encoding.Utf8, delimiter: int, line: int, size: int, reading: Reading) -> None:
        self.text, self.delimiter, self.line, self.size, self.reading = text, delimiter, line, size, reading
        self.quotes = quotes.Quotes(delimiter, line)
        self.row = self.width = self.uneven = 0

    def __iter__(self) -> Iterator[Batch]:
        rest = b""
        for chunk in self.text:
            data = rest + chunk if rest else chunk
            batch, used = self._cut(data, last=False)
            rest = data[used:]
            if batch is not None:
                yield batch
            self.reading.progress(min(self.text.done / max(self.size, 1), 1.0))
        if rest:
            batch, _ = self._cut(rest, last=True)
            if batch is not None:
                yield batch

    def _cut(self, data: bytes, last: bool) -> tuple[Batch | None, int]:
        """The whole rows of ``data`` as a batch, and how many bytes they are."""
        seen = np.frombuffer(data, np.uint8)
        bounds = np.flatnonzero((seen == self.delimiter) | (seen == self.line))
        if b'"' in data:
            bounds = bounds[np.searchsorted(self.quotes.enclosing(data, seen, last), bounds) % 2 == 0]
        lines = seen[bounds] == self.line
        if last and (not len(bounds) or bounds[-1] != len(data) - 1 or not lines[-1]):
            bounds, lines = np.append(bounds, len(data)), np.append(lines, True)
        elif not lines.any():
            return (None, 0) if len(data) < quotes.LONGEST_ROW else self._cut(data, last=True)
        else:
            kept = len(lines) - int(np.argmax(lines[::-1]))
            bounds, lines = bounds[:kept], lines[:kept]
        return self._batch(data, seen, bounds, lines), min(int(bounds[-1]) + 1, len(data))

    def _batch(self, data: bytes, seen: Bytes, bounds: Numbers, lines: NDArray[np.bool_]) -> Batch:
        starts, ends = np.concatenate(([0], bounds[:-1] + 1)), bounds
        if b"\r" in data:
            ends = ends - ((ends > starts) & (seen[ends - 1] == RETURN))
        if b'"' in data:
            quoted = (
                (ends - starts >= 2) & (seen[np.minimum(starts, len(seen) - 1)] == QUOTE) & (seen[ends - 1] == QUOTE)
            )
            starts, ends = starts + quoted, ends - quoted
        ending = np.flatnonzero(lines)
        first, self.row = self.row, self.row + len(ending)
        widths = np.diff(ending, prepend=-1)
        self.width = self.width or int(np.bincount(widths).argmax())
        if len(starts) == self.width * len(ending) and (widths == self.width).all():
            return Even(data, starts, ends, self.width, first)
        blank = (widths == 1) & (ends[ending] == starts[ending])
        self.uneven += int(((widths != self.width) & ~blank)[max(TITLES - first, 0) :].sum())
        rows = np.repeat(np.arange(first, first + len(ending)), widths)
        columns = np.arange(len(starts)) - np.repeat(np.cumsum(widths) - widths, widths)
        return Batch(data, starts, ends, rows, columns)
