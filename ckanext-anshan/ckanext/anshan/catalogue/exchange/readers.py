"""Opens a table whatever it is (CSV in any usual encoding, XLSX, XLS) and reads it row by row.

The content decides, not the name: many a ``.csv`` is a workbook inside. A CSV is streamed; a workbook is read by
``sheets.py`` in a process of its own under a memory limit.
"""

from __future__ import annotations

import codecs
import csv
import json
import mmap
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path
from typing import Any

from .problems import FileRefused

ZIP = b"PK\x03\x04"
OLE = bytes.fromhex("D0CF11E0A1B11AE1")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
OTHERS = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"Rar!": "RAR",
    b"\x1f\x8b": "GZIP",
}
CHUNK = 1 << 20
UNUSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff\ufffe\uffff]")
"""What neither PostgreSQL nor Solr takes."""


@dataclass(frozen=True)
class Limits:
    """How much a file may ask for."""

    bytes: int = 50 << 20
    unpacked: int = 500 << 20
    """of all parts of a workbook together"""
    memory: int = 2 << 30
    """of the process that reads a workbook"""
    seconds: int = 300
    cells: int = 20_000_000


@dataclass(frozen=True)
class Row:
    """One row, its cells cleaned; ``number`` as a spreadsheet counts it, from 1."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook, or the whole of a CSV file. Its rows can be read once, in order."""

    name: str
    rows: Iterator[Row]


def read(path: Path, limits: Limits | None = None) -> Iterator[Sheet]:
    """The sheets of a file, one after the other, each to be read before the next. Raises ``FileRefused``."""
    limits = limits or Limits()
    size = path.stat().st_size
    if size == 0:
        raise FileRefused("empty")
    if size > limits.bytes:
        raise FileRefused("too_big", megabytes=size >> 20, limit=limits.bytes >> 20)
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(ZIP):
        _check_zip(path, limits)
        return _workbook(path, limits)
    if head == OLE:
        _check_ole(path)
        return _workbook(path, limits)
    return iter([Sheet(path.name, _counted(_csv(path), limits))])


def _check_zip(path: Path, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            if "xl/workbook.xml" not in archive.namelist() and "xl/workbook.bin" not in archive.namelist():
                raise FileRefused("not_a_table", kind="ZIP")
            if sum(info.file_size for info in archive.infolist()) > limits.unpacked:
                raise FileRefused("zip_bomb", limit=limits.unpacked >> 20)
            _unpack(archive, limits)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, OSError) as error:
        raise FileRefused("broken", reason=str(error)[:200]) from error
    except RuntimeError as error:  # how zipfile says that a part has a password
        raise FileRefused("encrypted") from error


def _unpack(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Unpack every part into nothing: a directory can state small sizes for big parts, and a part can be cut off."""
    budget = limits.unpacked
    for info in archive.infolist():
        info.file_size = budget + 1  # read what is there, not what the directory says
        with archive.open(info) as part:
            while chunk := part.read(CHUNK):
                budget -= len(chunk)
                if budget < 0:
                    raise FileRefused("zip_bomb", limit=limits.unpacked >> 20)


def _check_ole(path: Path) -> None:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find(ENCRYPTED) >= 0:
            raise FileRefused("encrypted")


def _workbook(path: Path, limits: Limits) -> Iterator[Sheet]:
    script = str(Path(__file__).with_name("sheets.py"))
    command = [sys.executable, "-I", script, str(path), str(limits.memory), str(limits.seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            yield from _sheets(map(json.loads, process.stdout or ()), limits)
        finally:
            process.kill()
        if process.wait() not in (0, -9):
            raise FileRefused("too_many_cells", limit=limits.cells)


def _sheets(lines: Iterator[Any], limits: Limits) -> Iterator[Sheet]:
    name = ""
    for is_row, group in groupby(lines, key=lambda line: isinstance(line, list)):
        if is_row:
            yield Sheet(name, _counted((Row(line[0], list(map(clean, line[1:]))) for line in group), limits))
        else:
            name = [_heading(line) for line in group][-1]


def _heading(line: dict[str, Any]) -> str:
    if "problem" in line:
        raise FileRefused(line.pop("problem"), **line)
    return line["sheet"]


def _counted(rows: Iterable[Row], limits: Limits) -> Iterator[Row]:
    left = limits.cells
    for row in rows:
        left -= len(row.cells)
        if left < 0:
            raise FileRefused("too_many_cells", limit=limits.cells)
        yield row


def _csv(path: Path) -> Iterator[Row]:
    encoding = encoding_of(path)
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline()
        reader = csv.reader(chain([first], file), delimiter=_delimiter(first), strict=False)
        last = 0
        try:
            for cells in reader:
                if any(cells):
                    yield Row(last + 1, list(map(clean, cells)))
                last += 1
        except csv.Error as error:
            raise FileRefused("broken_csv", row=last + 1, line=reader.line_num, reason=str(error)) from error


def _delimiter(line: str) -> str:
    return max(",\t;", key=line.count)


def encoding_of(path: Path) -> str:
    """The encoding of a text file: by its mark, else UTF-8 if it is that throughout, else GB18030 if it is that."""
    with path.open("rb") as file:
        head = file.read(CHUNK)
    for mark, encoding in BOMS.items():
        if head.startswith(mark):
            return _checked(path, encoding)
    for mark, kind in OTHERS.items():
        if head.startswith(mark):
            raise FileRefused("not_a_table", kind=kind)
    if b"\x00" in head:
        return _checked(path, _unmarked_utf16(head))
    return "utf-8" if _bad_line(path, "utf-8") is None else _checked(path, "gb18030")


def _unmarked_utf16(head: bytes) -> str:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) < 8 * max(1, min(even, odd)):
        raise FileRefused("not_a_table", kind="?")
    return "utf-16-le" if odd > even else "utf-16-be"


def _checked(path: Path, encoding: str) -> str:
    line = _bad_line(path, encoding)
    if line is not None:
        raise FileRefused("wrong_encoding", line=line, encoding=encoding)
    return encoding


def _bad_line(path: Path, encoding: str) -> int | None:
    """The first line that isn't of this encoding."""
    line = 1
    try:
        with path.open(encoding=encoding, newline="") as file:
            while chunk := file.read(CHUNK):
                line += chunk.count("\n")
    except UnicodeError:
        return line
    return None


def clean(cell: str) -> str:
    """A cell without the white space around it and without what can't be stored."""
    cell = cell.strip()
    if cell.isprintable():  # most are
        return cell
    return UNUSABLE.sub("", cell.replace("\r\n", "\n").replace("\r", "\n")).strip()
