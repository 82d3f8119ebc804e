"""XLS record by record: what stands beside the cells."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import olefile

from ..pieces import Notice, Place, Read, Reading
from . import compound, tables
from .unreadable import Unreadable

# records of XLS, [MS-XLS] 2.3
FORMULA, FILEPASS, CONTINUE, WRITEACCESS, NOTE, NAME = 0x06, 0x2F, 0x3C, 0x5C, 0x1C, 0x18
HEADER, FOOTER, COLUMNS, ROW, SHEET, BOOKS, TEXT_OBJECT, LINK = 0x14, 0x15, 0x7D, 0x208, 0x85, 0x1AE, 0x1B6, 0x1B8
CELL_RECORDS = {*range(1, 8), 0x201, 0x203, 0x204, 0x205, 0x206, 0x207, 0x27E, 0x406, 0xBD, 0xBE, 0xD6, 0xFD}
LARGEST = 256 << 20  # bytes of a workbook


_HEAD = struct.Struct("<HH")


def records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The records that aren't plain cells: number and content."""
    at, end = 0, len(data) - 4
    while at <= end:
        kind, size = _HEAD.unpack_from(data, at)
        if kind not in CELL_RECORDS:
            yield kind, data[at + 4 : at + 4 + size]
        at += 4 + size


def beside_the_cells(path: Path, data: bytes, place: Place, reading: Reading) -> Read:
    """Notes, hidden rows and columns, names, links and properties of an XLS file.

    :raises Unreadable: where it is encrypted
    """
    with olefile.OleFileIO(str(path)) as ole:
        yield from _book(data, place, reading)
        yield from compound.properties(ole, place, reading)
        if any(entry[0].lower() in ("_vba_project_cur", "macros") for entry in ole.listdir()):
            yield Notice("hidden", "hidden.macro", place.at("macros"))
        caches = sum(1 for entry in ole.listdir() if entry[0] == "_SX_DB_CUR")
        if caches:
            yield Notice("hidden", "hidden.pivot_cache", place.at("pivot cache"), caches)
            yield from tables.text(place.at("pivot cache"), compound.pivot_strings(ole), reading)
        yield from compound.embedded(ole, place, reading)


def workbook(path: Path) -> bytes:
    """The stream of an XLS file that holds the workbook."""
    with olefile.OleFileIO(str(path)) as ole:
        name = next((one for one in ("Workbook", "Book") if ole.exists(one)), None)
        if name is None:
            raise Unreadable("damaged")
        if ole.get_size(name) > path.stat().st_size:
            raise Unreadable("damaged")
        with ole.openstream(name) as stream:
            data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Unreadable("limit_whole", limit=LARGEST >> 20)
    return data


def _book(book: bytes, place: Place, reading: Reading) -> Read:
    rows = columns = notes = odd = books = 0
    words: list[str] = []
    after_text = False
    for kind, data in records(book):
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
