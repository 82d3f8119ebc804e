"""An OLE container with one stream, written anew.

calamine follows the chains of a container's sectors without looking whether they run in circles, and ends the whole
process where they do. olefile looks; so what calamine gets is a container of ours around the stream that olefile read.
"""

from __future__ import annotations

import struct

SECTOR = 4096
FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
ENTRIES = SECTOR // 4  # of a sector of the table
IN_HEADER = 109  # sectors of the table that the header names
LARGEST = 96 * ENTRIES * SECTOR  # bytes of a stream


def around(stream: bytes, name: str) -> bytes:
    """The container, [MS-CFB] version 4: header, table of sectors, directory, a sector of small streams, the stream.

    calamine takes a container without small streams for empty.
    """
    data = stream.ljust(SECTOR, b"\0")
    data += bytes(-len(data) % SECTOR)
    sectors = len(data) // SECTOR
    tables = 1
    while tables * ENTRIES < tables + 2 + sectors:
        tables += 1
    first = tables + 2
    chain = [TABLE] * tables + [END, END] + [*range(first + 1, first + sectors), END]
    table = struct.pack(f"<{tables * ENTRIES}I", *chain, *[FREE] * (tables * ENTRIES - len(chain)))
    directory = _entry("Root Entry", 5, 1, tables + 1, 64) + _entry(name, 2, FREE, first, max(len(stream), SECTOR))
    directory += _entry("", 0, FREE, 0, 0) * (SECTOR // 128 - 2)
    return _header(tables).ljust(SECTOR, b"\0") + table + directory + bytes(SECTOR) + data


def _header(tables: int) -> bytes:
    start = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    fields = struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 4, 0xFFFE, 12, 6, 1, tables, tables, 0, 4096, END, 0, END, 0)
    named = [*range(tables), *[FREE] * (IN_HEADER - tables)]
    return start + fields + struct.pack(f"<{IN_HEADER}I", *named)


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le") if name else b""
    links = struct.pack("<HBBIII", len(text), kind, 1, FREE, FREE, child)
    return text.ljust(64, b"\0") + links + bytes(16 + 4 + 16) + struct.pack("<IQ", start, size)
