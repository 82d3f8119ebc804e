"""What stands beside the cells of XLS and XLSB files, record by record."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import olefile

from ..pieces import Limits, Notice, Place, Read, Reading
from . import compound, tables
from .package import Package
from .unreadable import Unreadable

# records of XLS, [MS-XLS] 2.3
FORMULA, FILEPASS, CONTINUE, WRITEACCESS, NOTE, NAME = 0x06, 0x2F, 0x3C, 0x5C, 0x1C, 0x18
HEADER, FOOTER, COLUMNS, ROW, SHEET, BOOKS, TEXT_OBJECT, LINK = 0x14, 0x15, 0x7D, 0x208, 0x85, 0x1AE, 0x1B6, 0x1B8
MOST_CELLS = 60_000_000
"""Cells of the rectangle around a sheet's cells: calamine holds it whole."""


def records(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    while len(head := stream.read(4)) == 4:
        kind, size = struct.unpack("<HH", head)
        yield kind, stream.read(size)


def beside_the_cells(path: Path, place: Place, reading: Reading) -> Read:
    """Notes, hidden rows and columns, names, links and properties of an XLS file.

    :raises Unreadable: where it is encrypted
    """
    if not olefile.isOleFile(str(path)):
        return
    with olefile.OleFileIO(str(path)) as ole:
        name = next((one for one in ("Workbook", "Book") if ole.exists(one)), None)
        if name is None:
            raise Unreadable("damaged")
        with ole.openstream(name) as stream:
            yield from _book(stream, place, reading)
        yield from compound.properties(ole, place, reading)
        if any(entry[0].lower() in ("_vba_project_cur", "macros") for entry in ole.listdir()):
            yield Notice("hidden", "hidden.macro", place.at("macros"))
        caches = sum(1 for entry in ole.listdir() if entry[0] == "_SX_DB_CUR")
        if caches:
            yield Notice("hidden", "hidden.pivot_cache", place.at("pivot cache"), caches)
            yield from tables.text(place.at("pivot cache"), compound.pivot_strings(ole), reading)
        yield from compound.embedded(ole, place, reading)


def _book(stream: IO[bytes], place: Place, reading: Reading) -> Read:
    rows = columns = notes = odd = books = 0
    words: list[str] = []
    after_text = False
    for kind, data in records(stream):
        if kind == FILEPASS:
            raise Unreadable("encrypted")
        if kind == ROW and len(data) >= 14:
            rows += bool(data[12] & 0x20)
        elif kind == COLUMNS and len(data) >= 10 and data[8] & 1:
            first, last = struct.unpack("<HH", data[:4])
            columns += 0 if last >= 255 else max(last - first, 0) + 1
        elif kind == NOTE:
            notes += 1
            words.append(_unicode(data[8:], 2))
        elif kind == CONTINUE and after_text:
            words.append(_unicode_body(data))
        elif kind == NAME and len(data) > 15:
            words.append(_unicode_body(data[14 : 15 + 2 * data[3] + 1], data[3]))
        elif kind in (HEADER, FOOTER):
            words.append(_unicode(data, 2))
        elif kind == LINK:
            words.append(target := _wide(data))
            odd += "file:" in target.lower() or "\\\\" in target
        elif kind == BOOKS and len(data) > 4 and data[2:4] not in (b"\x01\x04", b"\x01\x3a"):
            books += 1
            words.append(_unicode(data[2:], 2))
        after_text = kind == TEXT_OBJECT
        reading.progress(0.0)
    for rule, count in (("hidden.rows", rows), ("hidden.columns", columns), ("hidden.comments", notes)):
        if count:
            yield Notice("hidden", rule, place.at("comments") if rule == "hidden.comments" else place, count)
    if books:
        yield Notice("link", "link.external_workbook", place.at("links"), books)
    if odd:
        yield Notice("link", "link.hyperlink_scheme", place.at("links"), odd)
    yield from tables.text(place.at("comments, names, headers"), words, reading)


def _unicode(data: bytes, size: int) -> str:
    """A text with its length before it."""
    if len(data) <= size:
        return ""
    return _unicode_body(data[size:], int.from_bytes(data[:size], "little"))


def _unicode_body(data: bytes, length: int | None = None) -> str:
    if not data:
        return ""
    wide, body = data[0] & 1, data[1:]
    if length is not None:
        body = body[: length * (2 if wide else 1)]
    return _printable(body.decode("utf-16-le" if wide else "gb18030", "replace"))


def _wide(data: bytes) -> str:
    return _printable(data[32:].decode("utf-16-le", "replace") + " " + data.decode("latin-1"))


def _printable(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()


# records of XLSB, [MS-XLSB] 2.3
ROW_HEADER, CELLS, FORMULA_CELLS = 0, range(1, 12), range(8, 12)
COLUMN_INFO, BUNDLE_SHEET = 60, 156


def records_of_xlsb(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    def number(most: int) -> int | None:
        value = 0
        for step in range(most):
            byte = stream.read(1)
            if not byte:
                return None
            value |= (byte[0] & 0x7F) << (7 * step)
            if not byte[0] & 0x80:
                break
        return value

    while True:
        first = stream.read(1)
        if not first:
            return
        kind = first[0]
        if kind & 0x80:
            second = stream.read(1)
            kind = (kind & 0x7F) | ((second[0] & 0x7F) << 7 if second else 0)
        size = number(4)
        if size is None:
            return
        if size > 1 << 26:
            raise Unreadable("damaged")
        yield kind, stream.read(size)


def check_extent(stream: IO[bytes], limits: Limits) -> None:
    """Refuses a sheet with cells so far apart that the rectangle around them would not fit."""
    top = left = 1 << 30
    bottom = right = count = 0
    for kind, data in records_of_xlsb(stream):
        if kind == ROW_HEADER and len(data) >= 4:
            row = int.from_bytes(data[:4], "little")
            top, bottom = min(top, row), max(bottom, row)
        elif kind in CELLS and len(data) >= 4:
            column = int.from_bytes(data[:4], "little")
            left, right, count = min(left, column), max(right, column), count + 1
    if count and (bottom - top + 1) * (right - left + 1) > min(MOST_CELLS, limits.cells):
        raise Unreadable("limit_cells", limit=min(MOST_CELLS, limits.cells))


def parts_of_xlsb(package: Package, place: Place, reading: Reading) -> Read:
    """Hidden rows and columns, and the texts of the binary parts beside the sheets."""
    rows = columns = 0
    for part in package.matching(r"^xl/worksheets/.*\.bin$"):
        with package.open(part) as stream:
            for kind, data in records_of_xlsb(stream):
                if kind == ROW_HEADER and len(data) > 11:
                    rows += bool(data[11] & 0x10)
                elif kind == COLUMN_INFO and len(data) > 16:
                    columns += bool(data[16] & 1)
    if rows:
        yield Notice("hidden", "hidden.rows", place, rows)
    if columns:
        yield Notice("hidden", "hidden.columns", place, columns)
    for part in package.matching(r"\.bin$"):
        if part in package.taken or part.endswith("vbaproject.bin") or "embeddings" in part:
            continue
        package.taken.add(part)
        if "printersettings" in part or "styles" in part or "calcchain" in part or "binaryindex" in part:
            continue
        if "comments" in part:
            yield Notice("hidden", "hidden.comments", place.at("comments"))
        if "pivotcacherecords" in part:
            yield Notice("hidden", "hidden.pivot_cache", place.at("pivot cache"))
        with package.open(part) as stream:
            yield from tables.text(place.at(part), compound.wide_strings(stream.read(reading.limits.whole)), reading)
