"""Workbooks written anew as XLSX, with values only: what formulas, links, comments and hidden parts held is gone."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlrd
import xlsxwriter
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]
from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from ..heading import LOOKED_AT
from ..pieces import Reading
from ..suppressing import suppression
from . import Asked, Change, Changes, Editor, Header, Refused, as_text, below, editors, told, written

CREATED = datetime(2000, 1, 1)
"""Stands in every new file, so that the same change of the same file has the same hash."""
MOST_CELLS = 3_000_000
MOST_ROWS = 1_048_576
FORMATS = {datetime: "yyyy-mm-dd hh:mm:ss", date: "yyyy-mm-dd", time: "hh:mm:ss"}
NAMESPACE = re.compile(r"^\{[^}]*\}")


@dataclass
class Hidden:
    """Rows and columns of a sheet that nobody sees, by number from 0."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)


def apply(path: Path, name: str, asked: Sequence[Asked], to: Path, reading: Reading) -> Changes:
    book = _Book(path, asked, reading)
    with written(to) as new, TemporaryDirectory(prefix="remedy-") as folder:
        options = {
            "constant_memory": True,
            "tmpdir": folder,
            "default_date_format": FORMATS[date],
            "nan_inf_to_errors": True,
        }
        with xlsxwriter.Workbook(str(new), options) as target:
            target.set_properties({"created": CREATED, "author": "", "company": ""})
            formats = {kind: target.add_format({"num_format": form}) for kind, form in FORMATS.items()}
            for sheet in book.sheets():
                _write(target.add_worksheet(sheet.name), sheet.rows(), formats)
        digest, size = sha256(), new.stat().st_size
        with new.open("rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
    return Changes(f"{Path(name).stem}.xlsx", digest.hexdigest(), size, book.changes())


def preview(path: Path, asked: Sequence[Asked], rows: int) -> tuple[Change, ...]:
    book = _Book(path, asked, Reading(), rows)
    for sheet in book.sheets():
        for _ in sheet.rows():
            if all(editor.is_shown for editor in sheet.editors()):
                break
    return book.changes()


class _Book:
    def __init__(self, path: Path, asked: Sequence[Asked], reading: Reading, most: int = 3) -> None:
        try:
            self.book = CalamineWorkbook.from_path(str(path))
        except Exception as error:
            raise Refused("unreadable") from error
        self.asked, self.reading = asked, reading
        self.hidden = hidden_parts(path)
        self.editors = editors([one for one in asked if one.remedy != "plain"], most)
        self.also: list[Editor] = []
        self.removed = {"sheets": 0, "rows": 0, "columns": 0}
        self.most = most
        shown = [told(one.name) for one in self.book.sheets_metadata if _is_shown(one)]
        for one in self.editors:
            if one.asked.part not in shown:
                raise Refused("no_such_part", part=one.asked.part)
        if not shown:
            raise Refused("nothing_left")

    def sheets(self) -> Iterator[_Sheet]:
        names = self.book.sheets_metadata
        for number, one in enumerate(names):
            if _is_shown(one):
                yield _Sheet(self, self.book.get_sheet_by_name(one.name), self.hidden.get(one.name, Hidden()))
            elif one.visible != SheetVisibleEnum.Visible:
                self.removed["sheets"] += 1
            self.reading.progress((number + 1) / len(names))

    def changes(self) -> tuple[Change, ...]:
        made = [editor.change() for editor in [*self.editors, *self.also]]
        gone = [
            Change("", "", "plain", "hidden", count, count, (), (), f"plain.hidden_{what}")
            for what, count in self.removed.items()
            if count
        ]
        return (*made, Change("", "", "plain", "formula", 0, 0, (), (), "plain.workbook"), *gone)


class _Sheet:
    def __init__(self, book: _Book, sheet: CalamineSheet, hidden: Hidden) -> None:
        self.book, self.sheet, self.hidden, self.name = book, sheet, hidden, sheet.name
        self.asked = [one.asked for one in book.editors if one.asked.part == told(self.name)]
        rows = [[as_text(cell) for cell in row] for row in islice(self._all(), LOOKED_AT)]
        self.header = Header.of(rows, self.asked)
        self.columns = [(editor, self.header.columns(editor.asked)) for editor in self.editors()]
        self.dropped = {at for editor, found in self.columns if editor.asked.remedy == "drop" for at in found}
        if self.dropped and not set(range(self.header.width)) - self.dropped:
            raise Refused("nothing_left")

    def editors(self) -> list[Editor]:
        return [editor for editor in self.book.editors if editor.asked.part == told(self.name)]

    def rows(self) -> Iterator[list[Any]]:
        """The new rows, without what was dropped or hidden."""
        signs = self._signs()
        gone = self.dropped | self.hidden.columns
        self.book.removed["columns"] += len(self.hidden.columns)
        for number, row in enumerate(self._all()):
            if number in self.hidden.rows:
                self.book.removed["rows"] += 1
                continue
            for editor, found in self.columns:
                if number >= self.header.first:
                    _edit(editor, row, found)
            for at, cell in enumerate(row):
                if sign := signs.get((number, at)):
                    self._hide(at, as_text(cell), sign)
                    row[at] = sign
            yield [cell for at, cell in enumerate(row) if at not in gone]

    def _all(self) -> Iterator[list[Any]]:
        left = [""] * (self.sheet.start[1] if self.sheet.start else 0)
        for row in self.sheet.iter_rows():
            yield left + list(row)

    def _signs(self) -> Mapping[tuple[int, int], str]:
        counts = [(editor, found) for editor, found in self.columns if editor.asked.remedy == "suppress"]
        if not counts:
            return {}
        if self.sheet.height * self.sheet.width > MOST_CELLS:
            raise Refused("too_many_cells", most=MOST_CELLS)
        texts = [[as_text(cell) for cell in row] for row in self._all()]
        columns = {at for _, found in counts for at in found}
        return suppression(texts, self.header.names, columns, self.header.first, below())

    def _hide(self, at: int, value: str, sign: str) -> None:
        mine = (editor for editor, found in self.columns if editor.asked.remedy == "suppress" and at in found)
        name = self.header.name(at)
        known = (one for one in self.book.also if one.part == told(self.name) and one.column == name)
        editor = next(mine, None) or next(known, None)
        if editor is None:
            editor = Editor(Asked(told(self.name), name, "suppress", "small_cells"), rule="suppress.second")
            self.book.also.append(editor)
        editor.rows += 1
        editor.note(value, sign)


def hidden_parts(path: Path) -> dict[str, Hidden]:
    """The hidden rows and columns of each sheet, as far as the format tells them."""
    found: dict[str, Hidden] = {}
    with suppress(Exception):  # what can't be read here was read by calamine, or refused by it
        found = _hidden_in_xml(path) if zipfile.is_zipfile(path) else _hidden_in_xls(path)
    return found


def _hidden_in_xml(path: Path) -> dict[str, Hidden]:
    with zipfile.ZipFile(path) as package:
        targets = {}
        for _, one in _elements(package, "xl/_rels/workbook.xml.rels", {"Relationship"}):
            targets[one.get("Id", "")] = one.get("Target", "")
        found = {}
        for _, one in _elements(package, "xl/workbook.xml", {"sheet"}):
            relation = next((value for key, value in one.items() if NAMESPACE.sub("", key) == "id"), "")
            target = targets.get(relation, "").lstrip("/")
            part = target if target.startswith("xl/") else f"xl/{target}"
            found[one.get("name", "")] = _hidden_in_sheet(package, part)
        return found


def _hidden_in_sheet(package: zipfile.ZipFile, part: str) -> Hidden:
    hidden, row = Hidden(), -1
    for name, one in _elements(package, part, {"col", "row"}):
        if name == "row":
            row = int(one.get("r", row + 2)) - 1
        if one.get("hidden") not in ("1", "true"):
            continue
        if name == "row":
            hidden.rows.add(row)
        else:
            last = min(int(one.get("max", "1")), 16_384)
            hidden.columns.update(range(int(one.get("min", "1")) - 1, last))
    return hidden


def _elements(package: zipfile.ZipFile, part: str, names: set[str]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The attributes of the elements with these names, read as a stream."""
    tags = [f"{{*}}{name}" for name in names]
    with package.open(part) as stream:
        for _, one in etree.iterparse(stream, tag=tags, resolve_entities=False, no_network=True, load_dtd=False):
            yield NAMESPACE.sub("", str(one.tag)), {str(key): str(value) for key, value in one.attrib.items()}
            one.clear()
            while one.getprevious() is not None:
                del one.getparent()[0]


def _hidden_in_xls(path: Path) -> dict[str, Hidden]:
    with xlrd.open_workbook(str(path), formatting_info=True) as book:
        return {
            sheet.name: Hidden(
                {row for row, form in sheet.rowinfo_map.items() if form.hidden},
                {at for at, form in sheet.colinfo_map.items() if form.hidden},
            )
            for sheet in book.sheets()
        }


def _is_shown(one: Any) -> bool:
    return one.visible == SheetVisibleEnum.Visible and one.typ == SheetTypeEnum.WorkSheet


def _edit(editor: Editor, row: list[Any], columns: Iterable[int]) -> None:
    for at in columns:
        if at >= len(row) or editor.asked.remedy == "suppress":
            continue
        if editor.asked.remedy == "drop":
            editor.rows += 1
            if text := as_text(row[at]):
                editor.note(text, "")
        else:
            row[at] = editor.edit_cell(row[at])


def _write(sheet: Any, rows: Iterable[Sequence[Any]], formats: Mapping[type, Any]) -> None:
    for number, row in enumerate(rows):
        for at, cell in enumerate(row):
            if isinstance(cell, str):
                if cell:
                    sheet.write_string(number, at, cell)
            elif isinstance(cell, bool):
                sheet.write_boolean(number, at, cell)
            elif isinstance(cell, int | float):
                sheet.write_number(number, at, cell)
            elif isinstance(cell, timedelta) or (isinstance(cell, date) and cell.year < 1900):
                sheet.write_string(number, at, str(cell))
            else:
                sheet.write_datetime(number, at, cell, formats[type(cell)])
