"""Delimited text (CSV, TSV) written anew: what isn't asked for keeps its bytes, the file its encoding and line ends.

The cells are those that the scanner's reader finds, so both agree on which column is which, however broken the quotes.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

from ..heading import LOOKED_AT
from ..pieces import Batch, Notice, Piece, Place, Reading
from ..reading import delimited
from ..reading.encoding import detect
from ..suppressing import suppression
from . import (
    Asked,
    Change,
    Changes,
    Editor,
    Header,
    Refused,
    below,
    editors,
    neutral,
    written,
)

QUOTE, LINE, RETURN = ord('"'), ord("\n"), ord("\r")
SPECIAL = re.compile(rb'[,;|\t\r\n"]')
SUSPECTS = np.frombuffer(b"=+-@\t\r", np.uint8)
MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
MOST_CELLS = 3_000_000
"""Of a table whose small cells are hidden, which has to be looked at whole."""
Edit = tuple[int, int, bytes]  # from, to, what stands there instead


def apply(path: Path, name: str, asked: Sequence[Asked], to: Path, reading: Reading) -> Changes:
    table = _Table(path, asked, reading)
    digest, size = sha256(), 0
    with written(to) as new:
        with new.open("wb") as file:
            for chunk in table.chunks():
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
        changes = table.changes()
    return Changes(name, digest.hexdigest(), size, changes)


def preview(path: Path, asked: Sequence[Asked], rows: int) -> tuple[Change, ...]:
    table = _Table(path, asked, Reading(), rows)
    for _ in table.chunks():
        if all(editor.is_shown for editor, _ in table.columns):
            break
    return table.changes()


class _Form:
    """How the text is written: its mark at the beginning, and its encoding."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            head = file.read(delimited.HEAD)
        long_first = sorted(MARKS, key=len, reverse=True)
        self.mark = next((mark for mark in long_first if head.startswith(mark)), b"")
        self.encoding = MARKS[self.mark] if self.mark else detect(head)

    def encoded(self, data: bytes) -> bytes:
        return data if self.encoding == "utf-8" else data.decode("utf-8", "replace").encode(self.encoding, "replace")


class _Table:
    def __init__(self, path: Path, asked: Sequence[Asked], reading: Reading, most: int = 3) -> None:
        self.path, self.reading, self.form = path, reading, _Form(path)
        self.malformed = 0
        if any(one.part for one in asked):
            raise Refused("no_such_part", part=next(one.part for one in asked if one.part))
        self.header = Header.of(self._first_rows(), asked)
        self.columns = [(editor, self._found(editor)) for editor in editors(asked, most)]
        self.dropped = sorted({at for _, found in self._with("drop") for at in found})
        self.kept_first = next((at for at in range(len(self.dropped) + 1) if at not in self.dropped), 0)
        if self.dropped and self.kept_first >= self.header.width:
            raise Refused("nothing_left")
        self.also = dict[int, Editor]()
        self.signs = self._suppression()

    def chunks(self) -> Iterator[bytes]:
        yield self.form.mark
        for batch in self._batches():
            yield self.form.encoded(_edited(batch, sorted(self._edits(batch))))

    def changes(self) -> tuple[Change, ...]:
        return tuple(editor.change() for editor in [*(editor for editor, _ in self.columns), *self.also.values()])

    def _with(self, remedy: str) -> list[tuple[Editor, tuple[int, ...]]]:
        return [(editor, found) for editor, found in self.columns if editor.asked.remedy == remedy]

    def _found(self, editor: Editor) -> tuple[int, ...]:
        return () if editor.asked.remedy == "plain" else self.header.columns(editor.asked)

    def _batches(self) -> Iterator[Batch]:
        for item in delimited.read(self.path, Place(), self.reading):
            if isinstance(item, Piece):
                yield from item.batches
            elif isinstance(item, Notice) and item.rule == "malformed.encoding":
                self.malformed = item.count

    def _first_rows(self) -> list[list[str]]:
        rows: list[list[str]] = []
        for batch in self._batches():
            rows += _rows(batch, len(rows), LOOKED_AT)
            if len(rows) >= LOOKED_AT:
                break
        return rows

    def _edits(self, batch: Batch) -> Iterator[Edit]:
        for editor, found in self.columns:
            if editor.asked.remedy == "drop":
                yield from self._drops(batch, editor, found)
            elif editor.asked.remedy == "plain":
                yield from self._neutral(batch, editor)
            elif editor.asked.remedy != "suppress":
                for at in sorted(set(found) - set(self.dropped)):
                    yield from self._cells(batch, editor, at)
        yield from self._hides(batch)

    def _cells(self, batch: Batch, editor: Editor, at: int) -> Iterator[Edit]:
        cells = batch.column(at)
        cells = cells[batch.rows(cells) >= self.header.first]
        for cell in cells.tolist():
            value = _value(batch, cell)
            new = editor.edit(value)
            if new != value:
                yield _put(batch, cell, new)

    def _neutral(self, batch: Batch, editor: Editor) -> Iterator[Edit]:
        editor.rows = batch.last_row + 1
        seen = np.frombuffer(batch.data, np.uint8)
        filled = np.flatnonzero(batch.ends > batch.starts)
        for cell in filled[np.isin(seen[batch.starts[filled]], SUSPECTS)].tolist():
            value = _value(batch, cell)
            if int(batch.columns(np.array([cell]))[0]) not in self.dropped and (new := neutral(value)) != value:
                editor.note(value, new)
                yield _put(batch, cell, new)

    def _drops(self, batch: Batch, editor: Editor, found: Sequence[int]) -> Iterator[Edit]:
        data = batch.data
        for at in found:
            cells = batch.column(at)
            rows = batch.rows(cells)
            editor.rows += int((rows >= self.header.first).sum())
            for cell, row in zip(cells.tolist(), rows.tolist(), strict=True):
                start, end = _bounds(batch, cell)
                if end > start and row >= self.header.first:
                    editor.note(_value(batch, cell), "")
                if at > self.kept_first:
                    yield start - 1, end, b""
                else:
                    is_last = end >= len(data) or data[end] in (LINE, RETURN)
                    yield start, end if is_last else end + 1, b""

    def _hides(self, batch: Batch) -> Iterator[Edit]:
        of_column = {at: editor for editor, found in self._with("suppress") for at in found}
        for at in sorted({column for _, column in self.signs} - set(self.dropped)):
            cells = batch.column(at)
            editor = of_column.get(at) or self._second(at)
            editor.rows += len(cells)
            for cell, row in zip(cells.tolist(), batch.rows(cells).tolist(), strict=True):
                if sign := self.signs.get((row, at)):
                    editor.note(_value(batch, cell), sign)
                    yield _put(batch, cell, sign)

    def _second(self, at: int) -> Editor:
        """For a column that nobody asked for, but whose cells would give hidden ones back."""
        asked = Asked("", self.header.name(at), "suppress", "small_cells")
        return self.also.setdefault(at, Editor(asked, rule="suppress.second"))

    def _suppression(self) -> Mapping[tuple[int, int], str]:
        asked = self._with("suppress")
        if not asked:
            return {}
        rows: list[list[str]] = []
        cells = 0
        for batch in self._batches():
            cells += len(batch)
            if cells > MOST_CELLS:
                raise Refused("too_many_cells", most=MOST_CELLS)
            rows += _rows(batch, len(rows), MOST_CELLS)
        columns = {at for _, found in asked for at in found}
        return suppression(rows, self.header.names, columns, self.header.first, below())


def _rows(batch: Batch, first: int, most: int) -> list[list[str]]:
    """The rows of a batch, of which ``first`` is the number of the first one, as texts; at most so many."""
    rows: list[list[str]] = [[] for _ in range(min(batch.last_row + 1 - first, most))]
    for cell, row in enumerate(batch.rows(np.arange(len(batch))).tolist()):
        if row - first >= most:
            break
        rows[row - first].append(_value(batch, cell))
    return rows


def _bounds(batch: Batch, cell: int) -> tuple[int, int]:
    """Where a cell stands, with its quotes."""
    start, end = int(batch.starts[cell]), int(batch.ends[cell])
    quoted = start > 0 and batch.data[start - 1] == QUOTE
    return start - quoted, end + quoted


def _value(batch: Batch, cell: int) -> str:
    start, end = int(batch.starts[cell]), int(batch.ends[cell])
    text = batch.data[start:end].decode("utf-8", "replace")
    return text.replace('""', '"') if start > 0 and batch.data[start - 1] == QUOTE else text


def _put(batch: Batch, cell: int, new: str) -> Edit:
    """A new value in the quotes that the old one had, or in new ones where it needs them."""
    start, end = int(batch.starts[cell]), int(batch.ends[cell])
    data = new.encode("utf-8", "replace")
    if start > 0 and batch.data[start - 1] == QUOTE:
        return start, end, data.replace(b'"', b'""')
    needs = SPECIAL.search(data) and not SPECIAL.search(batch.data[start:end])
    return start, end, b'"' + data.replace(b'"', b'""') + b'"' if needs else data


def _edited(batch: Batch, edits: Sequence[Edit]) -> bytes:
    data, done, parts = batch.data, 0, []
    for start, end, new in edits:
        if start >= done:
            parts += [data[done:start], new]
            done = end
    parts.append(data[done : _end(batch)])
    return b"".join(parts)


def _end(batch: Batch) -> int:
    """Behind the line end of the batch's last cell; what follows in its data comes again in the next batch."""
    data, end = batch.data, int(batch.ends[-1])
    for sign in (QUOTE, RETURN, LINE):
        end += end < len(data) and data[end] == sign
    return end
