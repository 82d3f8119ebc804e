"""Hands out what a grant covers as a file, while asking all the time whether it still may.

Only the columns and rows in scope, in the order that marks the copy. What is broken off in the middle is raised into
the web server, which then leaves the last chunk of the transfer out: the client sees a failure, not a short file.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import xlsxwriter

from ..release import files
from . import engine, marking, querying
from .columnar import ROW
from .marking import Mark
from .queries import Column
from .querying import Opened, TableScope
from .rules import Refusal

PIECE = 1 << 16  # bytes that are sent at once
BYTES_BETWEEN = 1 << 18  # that are sent between two questions at most
SECONDS_BETWEEN = 1.0
ROWS = 16_384  # read at once
LONGEST_READ = 120  # seconds for so many
MOST_SHEET_ROWS = 1_048_575
LONGEST_CELL = 32_767  # characters of a workbook's cell
EXACT_DIGITS = 15  # of a workbook's number

Still = Callable[[], Refusal | None]
Done = Callable[[str, int, bool], None]
"""Told at the end: the SHA-256 of what was sent (the fingerprint of this copy), its bytes, whether it is complete."""


class Broken(Exception):
    """It may not be handed out any more: the transfer ends in the middle."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


@dataclass(frozen=True)
class Delivery:
    """``bytes`` are read once; their length isn't known before, so that none may be announced."""

    bytes: Iterator[bytes]
    suffix: str  # ".csv"
    mimetype: str


@dataclass(frozen=True)
class Format:
    suffix: str
    mimetype: str
    write: Callable[[Opened, Mark], Iterator[bytes]]


def nothing(sha256: str, size: int, complete: bool) -> None:
    pass


def stream(scope: TableScope, format: str, key: bytes, still: Still, done: Done = nothing) -> Delivery | Refusal:
    """A table as far as a scope goes, with the mark of this key.

    :param format: CSV, XLSX, JSON or Parquet · :param still: says why it may not go on, or nothing
    """
    if format not in FORMATS:
        return Refusal("no_such_format", {"format": format[:20]})
    found = querying.opened(scope)
    refusal = found if isinstance(found, Refusal) else _against(found, format) or still()
    if isinstance(found, Refusal) or refusal is not None:
        return refusal or Refusal("no_such_file")
    with engine.asked(LONGEST_READ) as cursor:
        mark = querying.mark_of(cursor, found, key)
    made = FORMATS[format]
    return Delivery(watched(made.write(found, mark), still, done), made.suffix, made.mimetype)


def stream_whole(sha256: str, size: int, mimetype: str, still: Still, done: Done = nothing) -> Delivery | Refusal:
    """A released file as it is, of a kind that has no columns. Raises ``Missing`` or ``Damaged``."""
    files.check(sha256, size)
    refusal = still()
    if refusal is not None:
        return refusal
    parts = files.chunks(files.read(sha256))
    return Delivery(watched(parts, still, done), "", mimetype or "application/octet-stream")


def watched(parts: Iterator[bytes], still: Still, done: Done) -> Iterator[bytes]:
    """The same in small pieces. ``still`` is asked at least each second in which bytes leave, and every 256 KiB.

    An empty part gives time to ask while nothing is ready yet. Raises ``Broken``.
    """
    sha256, sent, unasked, asked, complete = hashlib.sha256(), 0, BYTES_BETWEEN, 0.0, False
    try:
        for piece in _pieces(parts):
            if unasked + len(piece) > BYTES_BETWEEN or time.monotonic() - asked >= SECONDS_BETWEEN:
                _ask(still)
                unasked, asked = 0, time.monotonic()
            if piece:
                sha256.update(piece)
                sent, unasked = sent + len(piece), unasked + len(piece)
                yield piece
        _ask(still)
        complete = True
    finally:
        with suppress(AttributeError):
            parts.close()  # pyright: ignore[reportAttributeAccessIssue]
        done(sha256.hexdigest(), sent, complete)


def _ask(still: Still) -> None:
    refusal = still()
    if refusal is not None:
        raise Broken(refusal)


def _pieces(parts: Iterator[bytes]) -> Iterator[bytes]:
    for part in parts:
        yield from (part[at : at + PIECE] for at in range(0, len(part), PIECE)) if part else (b"",)


# rows


def _batches(found: Opened, mark: Mark) -> Iterator[list[Sequence[Any]]]:
    """All rows in scope in the order of the mark, some blocks at a time."""
    condition, values = querying.where(found)
    columns = ", ".join(querying.written(one) for one in found.columns)
    asked = f"SELECT {ROW}, {columns} FROM read_parquet(?) WHERE {ROW} >= ? AND {ROW} < ? AND {condition}"
    step = max(ROWS // mark.width, 1) * mark.width
    for start in range(0, found.copy.rows, step):
        with engine.asked(LONGEST_READ) as cursor:
            rows = {
                row[0]: row[1:] for row in cursor.execute(asked, [found.path, start, start + step, *values]).fetchall()
            }
        numbers = np.fromiter(sorted(rows), np.int64, len(rows))
        yield [rows[int(number)] for number in marking.ordered(mark, numbers)]


# formats


def _csv(found: Opened, mark: Mark) -> Iterator[bytes]:
    """With the mark at its beginning by which spreadsheets know UTF-8."""
    yield "\ufeff".encode() + _lines([[one.name for one in found.columns]])
    for rows in _batches(found, mark):
        yield _lines(rows)


def _lines(rows: Sequence[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _json(found: Opened, mark: Mark) -> Iterator[bytes]:
    """Records, one a line. Numbers are written as the file has them: 12.50."""
    names = [(json.dumps(one.name, ensure_ascii=False), _is_bare(one)) for one in found.columns]
    between = "[\n"
    for rows in _batches(found, mark):
        records = [
            "{" + ", ".join(f"{name}: {_value(one, bare)}" for (name, bare), one in zip(names, row, strict=True)) + "}"
            for row in rows
        ]
        if records:
            yield (between + ",\n".join(records)).encode()
            between = ",\n"
        else:
            yield b""
    yield b"\n]\n" if between == ",\n" else b"[]\n"


def _is_bare(column: Column) -> bool:
    return column.is_exact and column.type in ("integer", "number")


def _value(value: Any, is_bare: bool) -> str:
    if value is None:
        return "null"
    return str(value) if is_bare else json.dumps(value, ensure_ascii=False)


def _xlsx(found: Opened, mark: Mark) -> Iterator[bytes]:
    """Made on the disk first, since a ZIP is known at its end. Texts stay texts, whatever they begin with."""
    with _file() as path:
        options = {"constant_memory": True, "tmpdir": str(path.parent), "strings_to_formulas": False}
        book = xlsxwriter.Workbook(str(path), options | {"strings_to_urls": False, "strings_to_numbers": False})
        sheet, cell = book.add_worksheet(), _Cells(book)
        sheet.write_row(0, 0, [one.name for one in found.columns])
        at = 0
        for rows in _batches(found, mark):
            for row in rows:
                at += 1
                for column, value in enumerate(row):
                    if value is not None:
                        cell.write(sheet, at, column, value, found.columns[column])
                if not at % 2000:
                    yield b""
            yield b""
        book.close()
        yield from _read(path)


class _Cells:
    """Writes cells; keeps a format for each number of places behind the point."""

    def __init__(self, book: Any) -> None:
        self.book, self.formats = book, dict[int, Any]()

    def write(self, sheet: Any, row: int, at: int, value: Any, column: Column) -> None:
        if not _is_bare(column) or sum(map(str.isdigit, str(value))) > EXACT_DIGITS:
            sheet.write_string(row, at, str(value))
        elif isinstance(value, int):
            sheet.write_number(row, at, value)
        else:
            sheet.write_number(row, at, float(value), self._format(len(value.partition(".")[2])))

    def _format(self, places: int) -> Any:
        if places not in self.formats:
            self.formats[places] = self.book.add_format({"num_format": "0." + "0" * places if places else "0"})
        return self.formats[places]


def _parquet(found: Opened, mark: Mark) -> Iterator[bytes]:
    """Made by the database on the disk first, with its own sorting, while somebody else keeps asking."""
    with _file() as path, engine.asked(LONGEST_READ * 10) as cursor:
        problems: list[BaseException] = []
        work = threading.Thread(target=_copy, args=(cursor, found, mark, path, problems), daemon=True)
        work.start()
        try:
            while work.is_alive():
                work.join(SECONDS_BETWEEN / 4)
                yield b""
        finally:
            if work.is_alive():
                cursor.interrupt()
            work.join()
        if problems:
            raise problems[0]
        yield from _read(path)


def _copy(cursor: Any, found: Opened, mark: Mark, path: Path, problems: list[BaseException]) -> None:
    condition, values = querying.where(found)
    columns = ", ".join(f"{one.value} AS {_quoted(one.name)}" for one in found.columns)
    try:
        numbers = querying.matching(cursor, found)
        ordered = marking.ordered(mark, numbers)
        cursor.register("places", {"number": ordered, "place": np.arange(len(ordered))})
        rows = f"SELECT {columns} FROM read_parquet(?) JOIN places ON {ROW} = number WHERE {condition} ORDER BY place"
        target = str(path).replace("'", "''")
        cursor.execute(f"COPY ({rows}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)", [found.path, *values])
    except (duckdb.Error, RuntimeError) as error:
        problems.append(error)


def _quoted(name: str) -> str:
    """A header of the file as a name in SQL."""
    return '"' + name.replace('"', '""') + '"'


@contextmanager
def _file() -> Iterator[Path]:
    """A file of one delivery."""
    path = engine.folder() / f"delivery-{uuid.uuid4().hex}"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while part := stream.read(BYTES_BETWEEN):
            yield part


FORMATS: Mapping[str, Format] = {
    "CSV": Format(".csv", "text/csv; charset=utf-8", _csv),
    "XLSX": Format(".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
    "JSON": Format(".json", "application/json", _json),
    "Parquet": Format(".parquet", "application/vnd.apache.parquet", _parquet),
}


def _against(found: Opened, format: str) -> Refusal | None:
    """What a format can't hold."""
    if format != "XLSX":
        return None
    condition, values = querying.where(found)
    longest = [f"max(length({one.value}))" for one in found.columns if one.type == "text"] or ["0"]
    asked = f"SELECT count(*), greatest({', '.join(longest)}) FROM read_parquet(?) WHERE {condition}"
    with engine.asked(LONGEST_READ) as cursor:
        rows, letters = cursor.execute(asked, [found.path, *values]).fetchall()[0]
    if rows > MOST_SHEET_ROWS:
        return Refusal("too_many_rows", {"rows": rows, "most": MOST_SHEET_ROWS, "format": format})
    return Refusal("too_long_cell", {"most": LONGEST_CELL, "format": format}) if (letters or 0) > LONGEST_CELL else None
