"""XLSB: the cells and texts of a workbook whose parts are records instead of XML, as a stream ([MS-XLSB] 2.3)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO

import numpy as np

from ..pieces import Batch, Notice, Piece, Place, Read, Reading
from . import compound, tables
from .old_sheets import short
from .package import Package
from .sheet_cells import Seen, Shown, Styles
from .unreadable import Unreadable
from .workbook_parts import is_date_format

ROW, RK, BOOL, REAL, TEXT, SHARED = 0, 2, 4, 5, 6, 7
FORMULA_TEXT, FORMULA_REAL, FORMULA_BOOL, FORMULA_ERROR, RICH_TEXT = 8, 9, 10, 11, 62
STRING, FORMAT, STYLE, STYLES_OF_CELLS, COLUMN, SHEET, WORKBOOK = 19, 44, 47, 617, 60, 156, 153
CELLS = 100_000  # of a batch
LARGEST = 64 << 20  # bytes of a record
SIDE_PARTS = ("printersettings", "styles", "calcchain", "binaryindex", "sharedstrings", "xl/workbook.bin")


def sheets(package: Package, place: Place, reading: Reading) -> Read:
    relations = {one.id: one.target for one in package.relations("xl/workbook.bin")}
    listed, since_1904 = _listed(package)
    strings = _strings(package)
    styles = Styles(_dates(package), since_1904)
    parts = {part.lower(): (name, state) for name, key, state in listed if (part := relations.get(key, "")) in package}
    for part in package.matching(r"^xl/worksheets/[^/]*\.bin$"):
        if "binaryindex" not in part:
            parts.setdefault(part, (part.rsplit("/", 1)[-1], 1))
    for number, (part, (name, state)) in enumerate(parts.items()):
        here = place.at(name)
        if state:
            yield Notice("hidden", "hidden.sheet", here)
        yield from package.part(part, lambda part, here=here: _sheet(package, part, here, strings, styles), name)
        reading.progress((number + 1) / len(parts))
    yield from _beside(package, place, reading)


def records(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    while first := stream.read(1):
        kind = first[0]
        if kind & 0x80:
            kind = (kind & 0x7F) | ((stream.read(1) or b"\0")[0] & 0x7F) << 7
        size = 0
        for step in range(4):
            byte = (stream.read(1) or b"\0")[0]
            size |= (byte & 0x7F) << (7 * step)
            if not byte & 0x80:
                break
        if size > LARGEST:
            raise Unreadable("damaged")
        data = stream.read(size)
        if len(data) < size:
            raise Unreadable("damaged")
        yield kind, data


def _listed(package: Package) -> tuple[list[tuple[str, str, int]], bool]:
    """Name, relation and state of each sheet, and whether days are counted from 1904."""
    found: list[tuple[str, str, int]] = []
    since_1904 = False
    with package.open("xl/workbook.bin") as stream:
        for kind, data in records(stream):
            if kind == SHEET and len(data) >= 12:
                key, at = _wide(data, 8)
                found.append((_wide(data, at)[0], key, int.from_bytes(data[:4], "little")))
            elif kind == WORKBOOK and data:
                since_1904 = bool(data[0] & 1)
    return found, since_1904


def _strings(package: Package) -> list[str]:
    if "xl/sharedStrings.bin" not in package:
        return []
    with package.open("xl/sharedStrings.bin") as stream:
        return [_wide(data, 1)[0] for kind, data in records(stream) if kind == STRING]


def _dates(package: Package) -> frozenset[int]:
    if "xl/styles.bin" not in package:
        return frozenset()
    own: dict[str, str] = {}
    dates: set[int] = set()
    number = -1
    with package.open("xl/styles.bin") as stream:
        for kind, data in records(stream):
            if kind == FORMAT and len(data) > 6:
                own[str(int.from_bytes(data[:2], "little"))] = _wide(data, 2)[0]
            elif kind == STYLES_OF_CELLS:
                number = 0
            elif kind == STYLES_OF_CELLS + 1:
                break
            elif kind == STYLE and number >= 0 and len(data) >= 4:
                if is_date_format(str(int.from_bytes(data[2:4], "little")), own):
                    dates.add(number)
                number += 1
    return frozenset(dates)


def _wide(data: bytes, at: int) -> tuple[str, int]:
    """A text with its length before it, and where it ends."""
    length = int.from_bytes(data[at : at + 4], "little")
    if length == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * length
    return data[at + 4 : end].decode("utf-16-le", "replace"), end


def _sheet(package: Package, part: str, here: Place, strings: list[str], styles: Styles) -> Read:
    seen = Seen()
    hidden = _Hidden()
    with package.open(part) as stream:
        batches = _cells(stream, strings, styles, seen, hidden, package.reading.limits.cells)
        if (first := next(batches, None)) is not None:
            yield Piece(here, tables.chained(first, batches))
        for _ in batches:  # where the one before us left off
            pass
    if hidden.rows:
        yield Notice("hidden", "hidden.rows", here, hidden.rows)
    if hidden.columns:
        yield Notice("hidden", "hidden.columns", here, hidden.columns)
    if seen.long_numbers:
        yield Notice("malformed", "malformed.long_number_as_number", here, seen.long_numbers)


class _Hidden:
    rows = columns = 0


def _cells(
    stream: IO[bytes], strings: list[str], styles: Styles, seen: Seen, hidden: _Hidden, limit: int
) -> Iterator[Batch]:
    shown = _Value(strings, styles, seen)
    texts: list[str] = []
    rows: list[int] = []
    columns: list[int] = []
    row = 0
    for kind, data in records(stream):
        if kind == ROW and len(data) >= 4:
            row = int.from_bytes(data[:4], "little") & 0x1FFFFF
            hidden.rows += len(data) > 11 and bool(data[11] & 0x10)
        elif kind == COLUMN and len(data) > 16:
            hidden.columns += bool(data[16] & 1)
        elif (RK <= kind <= FORMULA_ERROR or kind == RICH_TEXT) and len(data) > 8 and (text := shown.text(kind, data)):
            texts.append(text)
            rows.append(row)
            columns.append(int.from_bytes(data[:4], "little") & 0x3FFF)
        if len(texts) >= CELLS:
            seen.cells += len(texts)
            yield _batch(texts, rows, columns)
            texts, rows, columns = [], [], []
            if seen.cells > limit:
                raise Unreadable("limit_cells", limit=limit)
    if texts:
        yield _batch(texts, rows, columns)


def _batch(texts: list[str], rows: list[int], columns: list[int]) -> Batch:
    return tables.of_cells(texts, np.array(rows, np.int64), np.array(columns, np.int64))


class _Value:
    """The text of a cell: eight bytes of column and style, then the value."""

    def __init__(self, strings: list[str], styles: Styles, seen: Seen) -> None:
        self.strings, self.number = strings, Shown(styles, seen)

    def text(self, kind: int, data: bytes) -> str:
        if kind in (TEXT, FORMULA_TEXT):
            return _wide(data, 8)[0]
        if kind == RICH_TEXT:
            return _wide(data, 9)[0]
        if kind == SHARED:
            number = int.from_bytes(data[8:12], "little")
            return self.strings[number] if number < len(self.strings) else ""
        if kind in (BOOL, FORMULA_BOOL):
            return "TRUE" if data[8] else "FALSE"
        if kind in (REAL, FORMULA_REAL) and len(data) >= 16:
            value = struct.unpack("<d", data[8:16])[0]
        elif kind == RK and len(data) >= 12:
            value = short(int.from_bytes(data[8:12], "little"))
        else:
            return ""
        return self.number.text(repr(value).removesuffix(".0"), int.from_bytes(data[4:7], "little"))


def _beside(package: Package, place: Place, reading: Reading) -> Read:
    """The texts of the binary parts beside the sheets."""
    for part in package.matching(r"\.bin$"):
        if part in package.taken or part.endswith("vbaproject.bin") or "embeddings" in part:
            continue
        package.taken.add(part)
        if any(one in part for one in SIDE_PARTS):
            continue
        if "comments" in part:
            yield Notice("hidden", "hidden.comments", place.at("comments"))
        if "pivotcacherecords" in part:
            yield Notice("hidden", "hidden.pivot_cache", place.at("pivot cache"))
        if "externallink" in part:
            yield Notice("link", "link.external_workbook", place.at("links"))
        with package.open(part) as stream:
            yield from tables.text(place.at(part), compound.wide_strings(stream.read(reading.limits.whole)), reading)
