"""The cells of an XLS workbook of Excel 97 and later, record by record ([MS-XLS] 2.3, 2.4).

calamine is five times as fast, but takes memory for what a damaged file only claims to hold, and where there isn't so
much, the whole process ends. Here nothing is taken that isn't there.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from ..pieces import Batch, Notice, Piece, Place, Read, Reading
from . import tables
from .sheet_cells import Seen, Shown, Styles
from .unreadable import Unreadable
from .workbook_parts import is_date_format

BEGIN, END, SHEET, STRINGS, CONTINUE, STYLE, FORMAT, DATES_FROM = 0x809, 0x0A, 0x85, 0xFC, 0x3C, 0xE0, 0x41E, 0x22
NUMBER, SHORT, SHORTS, SHARED, LABEL, RICH, TRUTH, FORMULA, TEXT = (
    0x203,
    0x27E,
    0xBD,
    0xFD,
    0x204,
    0xD6,
    0x205,
    6,
    0x207,
)
CELLS = {NUMBER, SHORT, SHORTS, SHARED, LABEL, RICH, TRUTH, FORMULA}
BATCH = 100_000  # cells
_HEAD = struct.Struct("<HH")
_AT = struct.Struct("<HHH")  # row, column, style
_REAL = struct.Struct("<d")


@dataclass
class Book:
    """What the sheets need of the records before them."""

    strings: list[str] = field(default_factory=list)
    styles: Styles = field(default_factory=Styles)
    names: dict[int, tuple[str, int, int]] = field(default_factory=dict)  # by place: name, state, type


def is_known(data: bytes) -> bool:
    """Whether this is the form of Excel 97 and later; older ones have another form of texts."""
    return data[:2] == b"\x09\x08" and data[4:6] == b"\x00\x06"


def sheets(data: bytes, place: Place, reading: Reading) -> Read:
    """Every sheet that stands in the stream, also those that the workbook doesn't name."""
    book, at = _globals(data)
    number = 0
    while (at := _next_part(data, at)) >= 0:
        number += 1
        name, state, _ = book.names.get(at, (f"sheet {number}", 1, 0))
        here = place.at(name)
        if state & 3:
            yield Notice("hidden", "hidden.sheet", here)
        walk = _Sheet(data, at, book, reading.limits.cells)
        batches = iter(walk)
        if (first := next(batches, None)) is not None:
            yield Piece(here, tables.chained(first, batches))
        for _ in batches:  # where the one before us left off
            pass
        if walk.seen.long_numbers:
            yield Notice("malformed", "malformed.long_number_as_number", here, walk.seen.long_numbers)
        at = walk.at
        reading.progress(min(at / len(data), 1.0))
    if number < len(book.names):
        yield Notice("unreadable", "unreadable.damaged", place, len(book.names) - number)


def _records(data: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Number, place of the content, place of the next record."""
    while at + 4 <= len(data):
        kind, size = _HEAD.unpack_from(data, at)
        yield kind, at + 4, at + 4 + size
        at += 4 + size


def _next_part(data: bytes, at: int) -> int:
    for kind, start, _ in _records(data, at):
        if kind == BEGIN:
            return start - 4
    return -1


def _globals(data: bytes) -> tuple[Book, int]:
    book = Book()
    own: dict[str, str] = {}
    formats: list[str] = []
    chunks: list[bytes] = []
    since_1904 = in_strings = False
    end = len(data)
    for kind, start, end in _records(data, 0):
        content = data[start:end]
        if kind == END:
            break
        if kind == SHEET and len(content) > 8:
            name = _text(content[7:], content[6])
            book.names[int.from_bytes(content[:4], "little")] = (name, content[4], content[5])
        elif kind == STRINGS or (kind == CONTINUE and in_strings):
            chunks.append(content)
        elif kind == STYLE and len(content) >= 4:
            formats.append(str(int.from_bytes(content[2:4], "little")))
        elif kind == FORMAT and len(content) > 5:
            length = int.from_bytes(content[2:4], "little")
            own[str(int.from_bytes(content[:2], "little"))] = _text(content[4:], length)
        elif kind == DATES_FROM and content:
            since_1904 = bool(content[0] & 1)
        in_strings = kind == STRINGS or (kind == CONTINUE and in_strings)
    dates = frozenset(number for number, one in enumerate(formats) if is_date_format(one, own))
    book.styles = Styles(dates, since_1904)
    book.strings = list(_Strings(chunks)) if chunks else []
    return book, end


def _text(content: bytes, length: int) -> str:
    """A text after its length: whether it is wide, then its characters."""
    if not content:
        return ""
    if content[0] & 1:
        return content[1 : 1 + 2 * length].decode("utf-16-le", "replace")
    return content[1 : 1 + length].decode("latin-1")


class _Strings:
    """The shared strings, which run on from record to record, each of them beginning with its width anew."""

    def __init__(self, chunks: list[bytes]) -> None:
        self.chunks, self.number, self.at = chunks, 0, 8

    def __iter__(self) -> Iterator[str]:
        while self._more():
            head = self._take(3)
            if len(head) < 3:
                return
            length, flags = int.from_bytes(head[:2], "little"), head[2]
            runs = int.from_bytes(self._take(2), "little") if flags & 8 else 0
            spoken = int.from_bytes(self._take(4), "little") if flags & 4 else 0
            yield self._characters(length, bool(flags & 1))
            self._take(4 * runs + spoken)

    def _more(self) -> bool:
        while self.number < len(self.chunks) and self.at >= len(self.chunks[self.number]):
            self.number, self.at = self.number + 1, 0
        return self.number < len(self.chunks)

    def _take(self, size: int) -> bytes:
        taken = b""
        while len(taken) < size and self._more():
            part = self.chunks[self.number][self.at : self.at + size - len(taken)]
            self.at += len(part)
            taken += part
        return taken

    def _characters(self, length: int, wide: bool) -> str:
        found: list[str] = []
        while length > 0:
            before = self.number
            if not self._more():
                break
            if self.number != before:
                wide = bool(self.chunks[self.number][0] & 1)
                self.at = 1
            width = 2 if wide else 1
            part = self.chunks[self.number][self.at : self.at + length * width]
            self.at += max(len(part), 1)
            found.append(part.decode("utf-16-le" if wide else "latin-1", "replace"))
            length -= max(len(part) // width, 1)
        return "".join(found)


class _Sheet:
    """The cells of one part of the stream; ``at`` is its end afterwards."""

    def __init__(self, data: bytes, at: int, book: Book, limit: int) -> None:
        self.data, self.at, self.book, self.limit = data, at, book, limit
        self.seen = Seen()
        self.shown = Shown(book.styles, self.seen)
        self.texts: list[str] = []
        self.rows: list[int] = []
        self.columns: list[int] = []

    def __iter__(self) -> Iterator[Batch]:
        depth = 0
        waiting = (0, 0)  # the formula whose text comes in a record of its own
        for kind, start, end in _records(self.data, self.at):
            self.at = end
            if kind in CELLS:
                if end - start >= 7 and end <= len(self.data):
                    waiting = self._cell(kind, start, end)
                if len(self.texts) >= BATCH:
                    yield self._batch()
            elif kind == TEXT and end - start > 3:
                length = int.from_bytes(self.data[start : start + 2], "little")
                self._put(_text(self.data[start + 2 : end], length), *waiting)
            elif kind == BEGIN:
                depth += 1
            elif kind == END:
                depth -= 1
                if depth <= 0:
                    break
        if self.texts:
            yield self._batch()

    def _cell(self, kind: int, start: int, end: int) -> tuple[int, int]:
        data = self.data
        row, column, style = _AT.unpack_from(data, start)
        if kind == SHARED and end - start >= 10:
            number = int.from_bytes(data[start + 6 : start + 10], "little")
            if number < len(self.book.strings):
                self._put(self.book.strings[number], row, column)
        elif kind == NUMBER and end - start >= 14:
            self._number(_REAL.unpack_from(data, start + 6)[0], style, row, column)
        elif kind == SHORT and end - start >= 10:
            self._number(short(int.from_bytes(data[start + 6 : start + 10], "little")), style, row, column)
        elif kind == SHORTS:
            for step, at in enumerate(range(start + 4, end - 7, 6)):
                value = short(int.from_bytes(data[at + 2 : at + 6], "little"))
                self._number(value, int.from_bytes(data[at : at + 2], "little"), row, column + step)
        elif kind in (LABEL, RICH):
            self._put(_text(data[start + 8 : end], int.from_bytes(data[start + 6 : start + 8], "little")), row, column)
        elif kind == TRUTH and end - start >= 8:
            if not data[start + 7]:
                self._put("TRUE" if data[start + 6] else "FALSE", row, column)
        elif kind == FORMULA and end - start >= 14:
            self._result(data[start + 6 : start + 14], style, row, column)
        return row, column

    def _result(self, result: bytes, style: int, row: int, column: int) -> None:
        if result[6:] != b"\xff\xff":
            self._number(_REAL.unpack(result)[0], style, row, column)
        elif result[0] == 1:
            self._put("TRUE" if result[2] else "FALSE", row, column)

    def _number(self, value: float, style: int, row: int, column: int) -> None:
        if style not in self.book.styles.dates and value.is_integer() and abs(value) < 1e15:
            self._put(str(int(value)), row, column)
        else:
            self._put(self.shown.text(repr(value), style), row, column)

    def _put(self, text: str, row: int, column: int) -> None:
        if text:
            self.texts.append(text)
            self.rows.append(row)
            self.columns.append(column)

    def _batch(self) -> Batch:
        self.seen.cells += len(self.texts)
        made = tables.of_cells(self.texts, np.array(self.rows, np.int64), np.array(self.columns, np.int64))
        self.texts, self.rows, self.columns = [], [], []
        if self.seen.cells > self.limit:
            raise Unreadable("limit_cells", limit=self.limit)
        return made


def short(packed: int) -> float:
    """A number in thirty bits: a whole one or the upper half of a real one, perhaps times a hundred."""
    if packed & 2:
        whole = packed >> 2
        value = float(whole - (1 << 30) if whole & (1 << 29) else whole)
    else:
        value = _REAL.unpack(bytes(4) + (packed & 0xFFFFFFFC).to_bytes(4, "little"))[0]
    return value / 100 if packed & 1 else value
