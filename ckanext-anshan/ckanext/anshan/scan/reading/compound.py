"""OLE files: their properties, what is embedded, and as much as can be read of the old Office formats."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import olefile

from ..pieces import Notice, Place, Read, Reading
from . import inside, package, tables

NAMES = ("author", "last_saved_by", "title", "subject", "keywords", "comments", "manager", "company", "category")
PERSONS = {"author": "creator", "last_saved_by": "lastModifiedBy", "manager": "Manager", "company": "Company"}
_WIDE = re.compile(rb"(?:[\x09\x0a\x0d\x20-\x7e]\x00|[\x00-\xff][\x4e-\x9f]|[\x00-\x20][\x30]|[\x01-\x5e]\xff){4,}")
_NARROW = re.compile(rb"(?:[\x20-\x7e]|[\xb0-\xf7][\xa1-\xfe]){6,}")


def read(path: Path, place: Place, reading: Reading) -> Read:
    """DOC, PPT, WPS, DPS: the texts that stand in them, and that more may stand there."""
    with olefile.OleFileIO(str(path)) as ole:
        yield from properties(ole, place, reading)
        for entry in ole.listdir():
            if entry[-1] in ("WordDocument", "PowerPoint Document", "0Table", "1Table", "Contents"):
                with ole.openstream(entry) as stream:
                    data = stream.read(reading.limits.whole)
                yield from tables.text(place.at(entry[-1]), wide_strings(data), reading)
                if entry[-1] in ("WordDocument", "Contents"):
                    yield from tables.text(place.at(f"{entry[-1]}, single bytes"), narrow_strings(data), reading)
        yield from embedded(ole, place, reading)
    yield Notice("unreadable", "unreadable.legacy_office", place)


def properties(ole: olefile.OleFileIO, place: Place, reading: Reading) -> Read:
    try:
        data = ole.get_metadata()
    except Exception:  # olefile raises whatever a broken property set makes it raise
        yield Notice("unreadable", "unreadable.part", place.at("properties"), facts={"part": "properties"})
        return
    page = getattr(data, "codepage", None)
    found = [(PERSONS.get(name, name), _text(getattr(data, name, None), page)) for name in NAMES]
    yield from package.authors(found, place, reading)


def _text(value: object, page: int | None) -> str:
    if not isinstance(value, bytes):
        return str(value or "")
    for encoding in ("utf-8", "gb18030") if page in (65001, None) else ("gb18030", "utf-8"):
        try:
            return value.decode(encoding)
        except UnicodeDecodeError:
            continue
    return value.decode("gb18030", "replace")


def embedded(ole: olefile.OleFileIO, place: Place, reading: Reading) -> Read:
    """Files that were put into the document as objects."""
    for entry in ole.listdir():
        if entry[-1] not in ("\x01Ole10Native", "Package", "CONTENTS"):
            continue
        if notice := inside.enter(place, reading):
            yield notice
            return
        with ole.openstream(entry) as stream:
            data = stream.read(reading.limits.whole)
        name, data = _native(data) if entry[-1] == "\x01Ole10Native" else (entry[-1], data)
        yield from inside.member(BytesIO(data), name, 0, place, reading)


def _native(data: bytes) -> tuple[str, bytes]:
    """Name and content of a packaged object: length, flags, three names that end with a zero, length, content."""
    fields = data[6:].split(b"\0", 2)
    if len(fields) < 3:
        return "object", data
    at = 6 + len(fields[0]) + len(fields[1]) + 2 + 4
    length = int.from_bytes(data[at : at + 4], "little")
    at += 4 + length
    size = int.from_bytes(data[at : at + 4], "little")
    return _text(fields[0], None) or "object", data[at + 4 : at + 4 + size]


def pivot_strings(ole: olefile.OleFileIO) -> Iterator[str]:
    for entry in ole.listdir():
        if entry[0] == "_SX_DB_CUR":
            with ole.openstream(entry) as stream:
                data = stream.read()
            yield from wide_strings(data)
            yield from narrow_strings(data)


def wide_strings(data: bytes) -> Iterator[str]:
    """Texts of two bytes a character, wherever they stand."""
    for found in _WIDE.finditer(data):
        yield from found[0].decode("utf-16-le", "replace").splitlines()


def narrow_strings(data: bytes) -> Iterator[str]:
    for found in _NARROW.finditer(data):
        yield found[0].decode("gb18030", "replace")
