"""Reads released files as tables and finds out what type each column has. No database in it.

A column has the type that the entry's information items give it, else the one that all its values have. One value
that doesn't fit makes the column text: nothing is lost and nothing is guessed.
"""

from __future__ import annotations

import codecs
import csv
import datetime
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import chain, islice
from pathlib import Path
from typing import Any, TextIO

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

IS_TABLE = frozenset({"CSV", "XLSX", "XLS", "JSON", "GeoJSON"})
MAX_COLUMNS = 500
NAME_BYTES = 63  # PostgreSQL's limit of an identifier

csv.field_size_limit(10_000_000)

Cells = Sequence[Any]


class NotATable(Exception):
    """This file has no table in it: the reason, as a code."""


@dataclass
class Column:
    name: str  # in the DataStore
    title: str  # in the file
    type: str
    meaning: str = ""
    note: str = ""  # code of what was done to it
    unit: str = ""


@dataclass
class Table:
    columns: list[Column]
    rows: list[list[str | None]]
    rows_of_file: int = 0  # how many the file has; more than ``rows`` where the table was cut

    @property
    def is_cut(self) -> bool:
        return self.rows_of_file > len(self.rows)


def read(path: Path, format: str, items: Sequence[Mapping[str, str]], limit: int) -> Table:
    """The table in a file, with at most ``limit`` rows. Raises ``NotATable``."""
    header, rows = _open(path, format)
    width = min(len(header), MAX_COLUMNS)
    if not width:
        raise NotATable("empty")
    kept = [[_text(cell) for cell in islice(chain(row, _nothing()), width)] for row in islice(rows, limit)]
    columns = [_column(name, title, items) for name, title in _named(header[:width])]
    table = Table(columns, kept, len(kept) + sum(1 for _ in rows))
    for at, column in enumerate(columns):
        _settle(column, table.rows, at)
    return table


class Written(float):
    """A number of a JSON file that knows how it stands there: 12.50."""

    def __init__(self, written: str) -> None:
        self.written = written


def parts(path: Path, format: str) -> Iterator[tuple[str, list[Any], Iterator[Cells]]]:
    """Each table in a file with its values as they stand there: the sheet's name, the header, the rows.

    A text is read line by line, and its only table has no name. Hidden sheets are left out. The rows of one table are
    read before the next one is asked for. Raises ``NotATable``; so may reading the rows.
    """
    try:
        if format not in READERS:
            raise NotATable("no_table")
        if format in ("XLSX", "XLS") or (format == "CSV" and _is_workbook(path)):
            yield from _sheets(path)
        elif format == "CSV":
            yield from _lines(path)
        else:
            yield "", *_records(_found(json.loads(_decoded(path.read_bytes()), parse_float=Written)))
    except NotATable:
        raise
    except Exception as error:  # as in _open
        raise NotATable("unreadable") from error


def _sheets(path: Path) -> Iterator[tuple[str, list[Any], Iterator[Cells]]]:
    with path.open("rb") as stream:
        book = CalamineWorkbook.from_filelike(io.BytesIO(stream.read()))
    for sheet in book.sheets_metadata:
        if sheet.visible is SheetVisibleEnum.Visible and sheet.typ is SheetTypeEnum.WorkSheet:
            rows = _filled(book.get_sheet_by_name(sheet.name))
            if header := next(rows, None):
                yield sheet.name, list(header), rows


def _lines(path: Path) -> Iterator[tuple[str, list[Any], Iterator[Cells]]]:
    with path.open("r", encoding=_encoding(path), newline="") as text:
        rows = (row for row in csv.reader(text, delimiter=_delimiter(text)) if any(cell.strip() for cell in row))
        yield "", next(rows, []), rows


def _encoding(path: Path) -> str:
    """Of a text that is too long to be decoded twice in memory."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        chunk = stream.read(1 << 20)
        if chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        try:
            while chunk:
                decoder.decode(chunk)
                chunk = stream.read(1 << 20)
            decoder.decode(b"", True)
        except UnicodeDecodeError:
            return "gb18030"
    return "utf-8-sig"


def _nothing() -> Iterator[None]:
    while True:
        yield None


def _open(path: Path, format: str) -> tuple[list[Any], Iterator[Cells]]:
    try:
        return READERS[format](path)
    except NotATable:
        raise
    except Exception as error:  # a broken file is a fact about the file, whatever its reader raises
        raise NotATable("unreadable") from error


def _read_csv(path: Path) -> tuple[list[Any], Iterator[Cells]]:
    if _is_workbook(path):
        return _read_workbook(path)
    text = io.StringIO(_decoded(path.read_bytes()), newline="")
    rows = (row for row in csv.reader(text, delimiter=_delimiter(text)) if any(cell.strip() for cell in row))
    return list(next(rows, [])), rows


def _is_workbook(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(8).startswith((b"PK\3\4", b"\xd0\xcf\x11\xe0"))


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _delimiter(text: TextIO) -> str:
    first = text.readline()
    text.seek(0)
    return max(",\t;|", key=first.count)


def _read_workbook(path: Path) -> tuple[list[Any], Iterator[Cells]]:
    with path.open("rb") as stream:
        book = CalamineWorkbook.from_filelike(io.BytesIO(stream.read()))
    rows = _filled(book.get_sheet_by_index(0))
    return list(next(rows, [])), rows


def _filled(sheet: CalamineSheet) -> Iterator[Cells]:
    return iter(row for row in sheet.iter_rows() if any(cell != "" for cell in row))


def _read_json(path: Path) -> tuple[list[Any], Iterator[Cells]]:
    return _records(_found(json.loads(_decoded(path.read_bytes()))))


def _found(value: Any) -> list[dict[str, Any]]:
    """The records in a JSON value."""
    if isinstance(value, dict) and value.get("type") == "FeatureCollection":
        return [_feature(one) for one in value.get("features") or []]
    if isinstance(value, dict):
        value = next((one for one in value.values() if isinstance(one, list)), None)
    if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
        raise NotATable("not_records")
    return value


def _feature(feature: Mapping[str, Any]) -> dict[str, Any]:
    geometry = feature.get("geometry") or {}
    found = dict(feature.get("properties") or {})
    if geometry.get("type") == "Point" and not {"lng", "lat"} & set(found):
        found["lng"], found["lat"] = geometry["coordinates"][:2]
    return found | {"geometry": json.dumps(geometry, ensure_ascii=False) if geometry else None}


def _records(records: Sequence[Mapping[str, Any]]) -> tuple[list[Any], Iterator[Cells]]:
    header = list(dict.fromkeys(key for record in records for key in record))
    return header, ([record.get(key) for key in header] for record in records)


READERS: Mapping[str, Callable[[Path], tuple[list[Any], Iterator[Cells]]]] = {
    "CSV": _read_csv,
    "XLSX": _read_workbook,
    "XLS": _read_workbook,
    "JSON": _read_json,
    "GeoJSON": _read_json,
}


def _text(cell: Any) -> str | None:
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, (datetime.date, datetime.datetime, datetime.time)):
        return cell.isoformat().replace("T00:00:00", "")
    if isinstance(cell, (dict, list)):
        return json.dumps(cell, ensure_ascii=False)
    return str(cell).replace("\0", "").strip() or None


def _named(header: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Names that the DataStore takes: not empty, no quotes, no underscore in front, short, each once."""
    used: set[str] = set()
    for at, cell in enumerate(header, 1):
        title = re.sub(r"\s+", " ", str(cell if cell is not None else "")).replace("\0", "").strip()
        plain = re.sub('["%:]', " ", title).strip("_ ") or f"column {at}"
        name = _cut(plain, NAME_BYTES)
        while name.lower() in used or name.lower() == "_id":
            name = f"{_cut(plain, NAME_BYTES - 5)} {at}"
            plain += "_"
        used.add(name.lower())
        yield name, title or name


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore").strip()


TYPES = {"text": "text", "integer": "int8", "number": "numeric", "date": "date", "datetime": "timestamp"} | {
    "boolean": "bool"
}
"""From the types of information items to those of PostgreSQL."""


def _column(name: str, title: str, items: Sequence[Mapping[str, str]]) -> Column:
    for item in items:
        if title in (item.get("column"), item.get("name")):
            found = TYPES.get(item.get("type", ""), "text")
            return Column(name, title, found, item.get("meaning") or item.get("name", ""), unit=item.get("unit", ""))
    return Column(name, title, "")


def _settle(column: Column, rows: list[list[str | None]], at: int) -> None:
    values = [row[at] for row in rows if row[at] is not None]
    if column.type == "text":
        return
    if column.type and not all(FITS[column.type](value) for value in values):
        column.type, column.note = "text", "mixed_values"
    if not column.type:
        column.type = next((type for type in GUESSES if values and all(map(FITS[type], values))), "text")
    if column.type in CLEANED:
        for row in rows:
            row[at] = CLEANED[column.type](row[at])


def _is_integer(value: str | None) -> bool:
    return bool(re.fullmatch(r"[+-]?(0|[1-9]\d{0,17})", value or "", re.ASCII))


def _is_number(value: str | None) -> bool:
    if not re.fullmatch(r"[+-]?(0|[1-9]\d*)?(\.\d+)?([eE][+-]?\d{1,2})?", value or "", re.ASCII):
        return False
    try:
        return Decimal(value or "").is_finite()
    except InvalidOperation:
        return False


DATE = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?", re.ASCII)
TIME = re.compile(r"(.+?)[ T](\d{1,2}:\d{2}(:\d{2}(\.\d{1,6})?)?)", re.ASCII)


def _date(value: str | None) -> str | None:
    found = DATE.fullmatch(value or "")
    try:
        return datetime.date(*map(int, found.groups())).isoformat() if found else None
    except ValueError:
        return None


def _datetime(value: str | None) -> str | None:
    found = TIME.fullmatch(value or "")
    if not found:
        return _date(value)
    day = _date(found.group(1))
    clock = found.group(2)
    try:
        hour = datetime.time.fromisoformat("0" + clock if clock[1] == ":" else clock)
    except ValueError:
        return None
    return f"{day} {hour.isoformat()}" if day else None


BOOLEANS = {"是": "true", "否": "false", "true": "true", "false": "false", "yes": "true", "no": "false"}


def _boolean(value: str | None) -> str | None:
    return BOOLEANS.get((value or "").lower())


FITS: Mapping[str, Callable[[str | None], Any]] = {
    "int8": _is_integer,
    "numeric": _is_number,
    "date": _date,
    "timestamp": _datetime,
    "bool": _boolean,
}
GUESSES = ("int8", "numeric", "date", "timestamp")
CLEANED: Mapping[str, Callable[[str | None], str | None]] = {"date": _date, "timestamp": _datetime, "bool": _boolean}
