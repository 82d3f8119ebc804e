"""Workbooks: XLSX and its relatives, XLSB, XLS, ET. Every sheet is read, whether it is shown or not."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import olefile
from python_calamine import CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from ..pieces import Notice, Place, Read, Reading
from . import binary_parts, binary_sheets, container, tables, workbook_parts
from .package import Package
from .unreadable import Unreadable


def read(path: Path, place: Place, reading: Reading) -> Read:
    if not zipfile.is_zipfile(path):
        yield from _old(path, place, reading)
        return
    with Package(path, place, reading) as package:
        if "xl/workbook.bin" in package:
            yield from binary_sheets.sheets(package, place, reading)
        else:
            yield from workbook_parts.sheets(package, place, reading)
        yield from package.the_rest()


def _old(path: Path, place: Place, reading: Reading) -> Read:
    """XLS and the ET of WPS, which are the same inside."""
    if not olefile.isOleFile(str(path)):
        raise Unreadable("unknown_type", type="xls")  # Excel 4 and older: records without a container
    name, data = binary_parts.workbook(path)
    yield from binary_parts.beside_the_cells(path, data, place, reading)
    book = CalamineWorkbook.from_filelike(BytesIO(container.around(data, name)))
    yield from _sheets(book, place, reading)


def _sheets(book: CalamineWorkbook, place: Place, reading: Reading) -> Read:
    names = book.sheets_metadata
    for number, sheet in enumerate(names):
        here = place.at(sheet.name)
        if sheet.visible != SheetVisibleEnum.Visible:
            yield Notice("hidden", "hidden.sheet", here)
        try:
            data = book.get_sheet_by_name(sheet.name)
        except Exception:  # a chart or macro sheet has no cells; a damaged one is told apart by its type
            if str(sheet.typ).endswith("WorkSheet"):
                yield Notice("unreadable", "unreadable.part", here, facts={"part": sheet.name})
            continue
        long = _Long()
        if data.height * data.width > reading.limits.cells:
            limit = reading.limits.cells
            yield Notice("unreadable", "unreadable.limit_cells", here, facts={"limit": limit})
            continue
        yield from tables.table(here, _rows(data, long))
        if long.count:
            yield Notice("malformed", "malformed.long_number_as_number", here, long.count)
        reading.progress((number + 1) / len(names))


class _Long:
    count = 0


def _rows(sheet: CalamineSheet, long: _Long) -> Iterator[list[str]]:
    """With the blank columns on the left, which calamine leaves out (the blank rows above it gives)."""
    left = [""] * (sheet.start[1] if sheet.start else 0)
    for row in sheet.iter_rows():
        yield left + _row(row, long)


def _row(row: Sequence[Any], long: _Long) -> list[str]:
    return [_TEXT.get(type(cell), str)(cell) if type(cell) is not float else _number(cell, long) for cell in row]


def _number(value: float, long: _Long) -> str:
    if value.is_integer() and abs(value) < 1e24:
        if abs(value) >= 1e15:
            long.count += 1
        return str(int(value))
    return f"{value:.15g}"


def _moment(value: datetime) -> str:
    return value.date().isoformat() if value.time() == time.min else value.isoformat(" ", "seconds")


_TEXT: dict[type, Callable[[Any], str]] = {
    str: str,
    int: str,
    bool: lambda value: "TRUE" if value else "FALSE",
    datetime: _moment,
    date: date.isoformat,
    time: lambda value: value.isoformat("seconds"),
    timedelta: str,
}
