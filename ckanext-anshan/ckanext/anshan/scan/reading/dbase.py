"""DBF, the table of a shape file: records of fixed width."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from ..pieces import Notice, Place, Read, Reading
from . import encoding, tables
from .unreadable import Unreadable

END_OF_FIELDS = 0x0D
Field = tuple[str, int]  # name, bytes


def read(path: Path, place: Place, reading: Reading) -> Read:
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(32)
        if len(head) < 32:
            raise Unreadable("damaged")
        count, start, width = struct.unpack("<IHH", head[4:12])
        described = file.read(max(start - 32, 0))
        sample = file.read(1 << 18)
        name = encoding.detect(described.replace(b"\0", b"") + sample.replace(b"\0", b""))
        fields = list(_fields(described, name))
        if not fields or width < 2:
            raise Unreadable("damaged")
        deleted = _Count()
        file.seek(start)
        rows = _rows(file, fields, width, count, name, deleted, reading, size)
        yield from tables.table(place, rows, [field for field, _ in fields])
        if deleted.number:
            yield Notice("hidden", "hidden.deleted_records", place, deleted.number)
        if start + count * width > size + 1:
            yield Notice("unreadable", "unreadable.damaged", place)


class _Count:
    number = 0


def _fields(described: bytes, name: str) -> Iterator[Field]:
    for at in range(0, len(described) - 31, 32):
        if described[at] == END_OF_FIELDS:
            return
        title = described[at : at + 11].split(b"\0", 1)[0]
        length = described[at + 16]
        if described[at + 11 : at + 12] == b"C":
            length += described[at + 17] << 8  # long texts of Clipper and FoxPro
        yield title.decode(name, "replace"), length


def _rows(
    file: IO[bytes],
    fields: list[Field],
    width: int,
    count: int,
    name: str,
    deleted: _Count,
    reading: Reading,
    size: int,
) -> Iterator[list[str]]:
    """Every record, also those that are marked as deleted and still there."""
    for number in range(count):
        record = file.read(width)
        if len(record) < 2:
            return
        deleted.number += record[:1] == b"*"
        at, row = 1, []
        for _, length in fields:
            row.append(record[at : at + length].decode(name, "replace").replace("\0", " ").strip())
            at += length
        if number % 50_000 == 0:
            reading.progress(file.tell() / size)
        yield row
