"""ODS, ODT and ODP: the tables and words of OpenDocument files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from ..pieces import Batch, Notice, Piece, Place, Read, Reading
from . import tables
from .package import SECURE, Package, local, named
from .sheet_cells import suspect
from .unreadable import Unreadable

REPEATED_ROWS = 1000  # a row that holds something and stands more often is given so often
REPEATED_CELLS = 1000


def read(path: Path, place: Place, reading: Reading) -> Read:
    with Package(path, place, reading) as package:
        if "META-INF/manifest.xml" in package and _is_encrypted(package):
            raise Unreadable("encrypted")
        package.taken.update(("meta-inf/manifest.xml", "settings.xml", "styles.xml"))
        yield from package.part("content.xml", lambda part: _content(package, part), "content")
        if "styles.xml" in package:  # headers and footers
            yield from package.part("styles.xml", lambda part: _headers(package, part), "headers and footers")
        yield from package.the_rest()


def _is_encrypted(package: Package) -> bool:
    with package.open("META-INF/manifest.xml") as stream:
        return b"encryption-data" in stream.read(4 << 20)


class _Sheet:
    """Cells of one table as they come."""

    def __init__(self, name: str, seen: bool) -> None:
        self.name, self.seen = name, seen
        self.row = self.given = 0
        self.hidden_rows = self.hidden_columns = 0
        self.texts: list[str] = []
        self.rows: list[int] = []
        self.columns: list[int] = []
        self.formulas = 0

    def batch(self) -> Batch:
        made = tables.of_cells(self.texts, np.array(self.rows, np.int64), np.array(self.columns, np.int64))
        self.given += len(self.texts)
        self.texts, self.rows, self.columns = [], [], []
        return made


def _content(package: Package, part: str) -> Read:
    """One pass: each outermost table is a piece, and the words outside of tables are kept for the end."""
    outside: list[str] = []
    notes: list[str] = []
    walk = _Walk(package, part, outside, notes)
    while (sheet := walk.next_table()) is not None:
        here = package.place.at(sheet.name)
        if not sheet.seen:
            yield Notice("hidden", "hidden.sheet", here)
        yield Piece(here, walk.batches(sheet))
        for _ in walk.batches(sheet):  # what nobody has read
            pass
        if sheet.hidden_rows:
            yield Notice("hidden", "hidden.rows", here, sheet.hidden_rows)
        if sheet.hidden_columns:
            yield Notice("hidden", "hidden.columns", here, sheet.hidden_columns)
        if sheet.formulas:
            yield Notice("formula", "formula.function", here, sheet.formulas)
    yield from tables.text(package.place.at("text"), outside, package.reading)
    if notes:
        yield Notice("hidden", "hidden.comments", package.place.at("comments"), len(notes))
        yield from tables.text(package.place.at("comments"), notes, package.reading)


class _Walk:
    def __init__(self, package: Package, part: str, outside: list[str], notes: list[str]) -> None:
        self.package, self.outside, self.notes = package, outside, notes
        stream = package.open(part)
        self.events = etree.iterparse(stream, events=("start", "end"), **SECURE)
        self.hidden_styles: set[str] = set()
        self.size = 0
        self.open: _Sheet | None = None

    def next_table(self) -> _Sheet | None:
        for event, one in self.events:
            name = local(one)
            if event == "start":
                if one.getparent() is None and one.getroottree().docinfo.internalDTD is not None:
                    raise Unreadable("entities")
                if name == "table":
                    seen = named(one, "style-name") not in self.hidden_styles and named(one, "display") != "false"
                    self.open = _Sheet(named(one, "name", "table"), seen)
                    return self.open
                continue
            if name == "table-properties" and named(one, "display") == "false":
                parent = one.getparent()
                if parent is not None:
                    self.hidden_styles.add(named(parent, "name"))
            elif name == "annotation":
                self.notes.append(_text(one))
                one.clear()
            elif name in ("p", "h"):
                self._keep(_text(one))
                one.clear(keep_tail=True)
        return None

    def _keep(self, text: str) -> None:
        self.size += len(text)
        if self.size <= self.package.reading.limits.text:
            self.outside.append(text)

    def batches(self, sheet: _Sheet) -> Iterator[Batch]:
        depth = 1
        if self.open is not sheet:
            return
        for event, one in self.events:
            name = local(one)
            if name in ("table", "sub-table"):
                depth += 1 if event == "start" else -1
                if not depth:
                    break
            if event == "start":
                continue
            if name == "annotation":
                self.notes.append(_text(one))
                one.clear()
            elif name in ("table-cell", "covered-table-cell"):
                sheet.formulas += suspect(named(one, "formula").removeprefix("of:"))
            elif name == "table-column":
                hidden = named(one, "visibility") in ("collapse", "filter")
                sheet.hidden_columns += _times(one, "number-columns-repeated", 16384) if hidden else 0
            elif name == "table-row" and depth == 1:
                self._row(sheet, one)
                one.clear()
                while one.getprevious() is not None and one.getparent() is not None:
                    del one.getparent()[0]  # type: ignore[union-attr]
                if len(sheet.texts) >= tables.ROWS * 5:
                    yield sheet.batch()
                if sheet.given > (limit := self.package.reading.limits.cells):
                    self.open = None
                    raise Unreadable("limit_cells", limit=limit)
        self.open = None
        if sheet.texts:
            yield sheet.batch()

    def _row(self, sheet: _Sheet, row: etree._Element) -> None:
        column = 0
        found: list[tuple[int, str]] = []
        for cell in row:
            if local(cell) not in ("table-cell", "covered-table-cell"):
                continue
            times = _times(cell, "number-columns-repeated", 1 << 20)
            if text := shown(cell):
                found += [(column + step, text) for step in range(min(times, REPEATED_CELLS))]
            column += times
        times = _times(row, "number-rows-repeated", 1 << 24)
        if named(row, "visibility") in ("collapse", "filter") and found:
            sheet.hidden_rows += times
        for step in range(min(times, REPEATED_ROWS) if found else 0):
            for at, text in found:
                sheet.texts.append(text)
                sheet.rows.append(sheet.row + step)
                sheet.columns.append(at)
        sheet.row += times


def shown(cell: etree._Element) -> str:
    """What a cell shows; a number or date as it is stored."""
    kind = named(cell, "value-type")
    if kind == "date":
        return named(cell, "date-value").replace("T00:00:00", "").replace("T", " ")
    if kind in ("float", "currency", "percentage"):
        value = named(cell, "value")
        return value.removesuffix(".0")
    return _text(cell)


def _times(one: etree._Element, name: str, most: int) -> int:
    value = named(one, name, "1")
    return min(max(int(value), 1), most) if value.isdigit() else 1


def _text(one: etree._Element) -> str:
    """The words of an element, a paragraph a line."""
    kept: list[str] = []
    for inner in one.iter():
        name = local(inner)
        if name in ("p", "h") and kept:
            kept.append("\n")
        kept.append(inner.text or "")
        if name == "s":
            kept.append(" ")
        if inner is not one:
            kept.append(inner.tail or "")
    return "".join(kept).strip()


def _headers(package: Package, part: str) -> Read:
    root = package.tree(part)
    lines = [_text(one) for one in root.iter() if local(one) in ("p", "h")]
    yield from tables.text(package.place.at("headers and footers"), lines, package.reading)
