"""Rows and lines made into pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TypeVar

import numpy as np

from ..pieces import SEPARATOR, Batch, Notice, Numbers, Piece, Place, Read, Reading

ROWS = 20_000  # of a batch
CHARACTERS = 4 << 20  # of a batch, about
Row = TypeVar("Row", bound=Sequence[str])


def of_cells(texts: Sequence[str], rows: Numbers, columns: Numbers) -> Batch:
    """A batch of cells that stand anywhere; empty ones need not be among them."""
    text = SEPARATOR.join(texts)
    if text.count(SEPARATOR) != max(len(texts) - 1, 0):
        text = SEPARATOR.join(cell.replace(SEPARATOR, " ") for cell in texts)
    data = text.encode("utf-8", "replace")
    ends = np.append(np.flatnonzero(np.frombuffer(data, np.uint8) == ord(SEPARATOR)), len(data))[: len(texts)]
    starts = np.concatenate(([0], ends[:-1] + 1))[: len(texts)]
    return Batch(data, starts.astype(np.int64), ends.astype(np.int64), rows, columns)


def batches(rows: Iterable[Sequence[str]]) -> Iterator[Batch]:
    """Batches of at most ``ROWS`` rows, and smaller ones where the rows are long."""
    first = 0
    for part in parts(rows):
        yield Batch.of_rows(part, first)
        first += len(part)


def parts(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """The same rows in lists that fit a batch."""
    kept: list[Row] = []
    weight = 0
    for row in rows:
        kept.append(row)
        weight += len(row) + sum(map(len, row))
        if len(kept) >= ROWS or weight > CHARACTERS:
            yield kept
            kept, weight = [], 0
    if kept:
        yield kept


def table(place: Place, rows: Iterable[Sequence[str]], header: Sequence[str] | None = None) -> Iterator[Piece]:
    """One table, or nothing where there is no row."""
    if (found := _any(rows)) is not None:
        yield Piece(place, batches(found), header)


def text(place: Place, lines: Iterable[str], reading: Reading) -> Read:
    """Running text, one line a row, up to the limit of a document; nothing where no line holds a word."""
    left = reading.limits.text
    cut = 0

    def within(given: Iterable[str]) -> Iterator[tuple[str]]:
        nonlocal left, cut
        for line in given:
            left -= len(line) + 1
            if left < 0:
                cut += 1
            else:
                yield (line,)

    given = _any(one for one in lines if one and not one.isspace())
    if given is not None:
        yield Piece(place, batches(within(given)), is_text=True)
    if cut:
        yield Notice("unreadable", "unreadable.limit_text", place, cut)


def chained(first: Batch, rest: Iterator[Batch]) -> Iterator[Batch]:
    """Batches of which the first was looked at already. What its reader leaves stays in ``rest``."""
    yield first
    yield from rest


def _any(items: Iterable[Row]) -> Iterable[Row] | None:
    rest = iter(items)
    first = list(islice(rest, 1))
    return chain(first, rest) if first else None
