"""Workbooks: XLSX and its relatives, XLSB, XLS, ET. Every sheet is read, whether it is shown or not."""

from __future__ import annotations

import zipfile
from io import StringIO
from pathlib import Path
from typing import Any

import olefile
import xlrd
import xlrd.biffh

from ..pieces import Notice, Place, Read, Reading
from . import binary_parts, binary_sheets, old_sheets, tables, workbook_parts
from .package import Package
from .sheet_cells import Seen, Shown, Styles
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
        yield from _oldest(path.read_bytes(), place, reading)  # Excel 4 and older: records without a container
        return
    data = binary_parts.workbook(path)
    yield from binary_parts.beside_the_cells(path, data, place, reading)
    yield from (old_sheets.sheets if old_sheets.is_known(data) else _oldest)(data, place, reading)


def _oldest(data: bytes, place: Place, reading: Reading) -> Read:
    """The forms before Excel 97."""
    try:
        book = xlrd.open_workbook(file_contents=data, logfile=StringIO(), on_demand=True, ragged_rows=True)
    except xlrd.biffh.XLRDError as error:
        raise Unreadable("encrypted" if "encrypted" in str(error) else "damaged") from error
    for number in range(book.nsheets):
        sheet = book.sheet_by_index(number)
        here = place.at(sheet.name)
        if sheet.visibility:
            yield Notice("hidden", "hidden.sheet", here)
        seen = Seen()
        shown = Shown(Styles(), seen)
        yield from tables.table(here, (_row(sheet, row, book.datemode, shown) for row in range(sheet.nrows)))
        if seen.long_numbers:
            yield Notice("malformed", "malformed.long_number_as_number", here, seen.long_numbers)
        book.unload_sheet(number)
        reading.progress((number + 1) / book.nsheets)


def _row(sheet: xlrd.sheet.Sheet, row: int, datemode: int, shown: Shown) -> list[str]:
    return [
        _text(kind, value, datemode, shown)
        for kind, value in zip(sheet.row_types(row), sheet.row_values(row), strict=True)
    ]


def _text(kind: int, value: Any, datemode: int, shown: Shown) -> str:
    if kind == xlrd.XL_CELL_NUMBER:
        return shown.number(repr(value))
    if kind == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate_as_datetime(value, 1 if datemode else 0).isoformat(" ").removesuffix(" 00:00:00")
        except (ValueError, OverflowError):
            return shown.number(repr(value))
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if value else "FALSE"
    return "" if kind == xlrd.XL_CELL_ERROR else str(value)
