"""No raw value of a column in which a scan found something is in a preview, whatever the corpus's files look like."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from ckanext.anshan.dataset.contents import Contents
from ckanext.anshan.release import tables
from ckanext.anshan.review import hiding, previewing
from ckanext.anshan.scan import scanning
from tests.bench.pii import corpus

FORMATS = {".csv": "CSV", ".xlsx": "XLSX", ".xls": "XLS", ".json": "JSON", ".geojson": "GeoJSON"}
SEED, MOST = 23, 60


@dataclass(frozen=True)
class Seen:
    """A file of the corpus, what its scan found, and its table as a preview reads it."""

    table: corpus.Table
    findings: Sequence[dict[str, Any]]
    contents: Contents


def _read(table: corpus.Table) -> Contents | None:
    format = FORMATS.get(table.path.suffix, "")
    try:
        found = tables.read(table.path, format, [], 2000) if format else None
    except tables.NotATable:
        return None
    return Contents(found, format, _sheet(table.path.read_bytes())) if found else None


def _sheet(data: bytes) -> str:
    is_book = data.startswith((b"PK\3\4", b"\xd0\xcf\x11\xe0"))
    return str(CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names[0]) if is_book else ""


def _found(one: Seen, column: corpus.Column) -> bool:
    """Whether the scan found something in a column, by the name that the report has for it."""
    names = {column.where, hiding.plain_title(column.where)}
    said = (finding["column"] for finding in one.findings)
    return any({name, *name.split(" + ")} & names for name in said if name)


def _raw(one: Seen) -> Iterator[tuple[int, str]]:
    """The values of columns in which something was found, with the columns' numbers."""
    for column in one.table.columns:
        if column.number is None or column.sheet not in ("", one.contents.sheet) or not _found(one, column):
            continue
        yield from ((column.number, value) for values in column.raw.values() for value in values if len(value) > 1)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> list[Seen]:
    made = corpus.make(tmp_path_factory.mktemp("corpus"), SEED, MOST)
    read = [(table, found) for table in made if (found := _read(table))]
    return [Seen(table, [f.as_dict("") for f in scanning.report(table.path).findings], found) for table, found in read]


def _cells(one: Seen) -> dict[int, str]:
    """All that a preview shows, by column."""
    shown = previewing.shown(one.contents, hiding.over(one.contents, one.findings), 2000)
    cells: dict[int, list[str]] = {}
    for row in [*shown["rows"], [column["name"] for column in shown["columns"]]]:
        for at, cell in enumerate(row):
            cells.setdefault(at, []).append(cell)
    return {at: "\n".join(values) for at, values in cells.items()}


def test_no_raw_value_of_a_column_with_findings_is_in_a_preview(seen):
    told = []
    for one in seen:
        cells = _cells(one)
        told += [f"{one.table.path.name} column {at}" for at, value in _raw(one) if value in cells.get(at, "")]
    assert sorted(set(told)) == []


def test_there_are_values_that_a_careless_preview_would_show(seen):
    assert len(seen) > 40
    values = [(one, at, value) for one in seen for at, value in list(_raw(one))[:20]]
    careless = [value for one, at, value in values if any(value in (row[at] or "") for row in _rows(one, at))]
    assert len(careless) > 200


def _rows(one: Seen, at: int) -> list[list[str | None]]:
    return [row for row in one.contents.table.rows if at < len(row)]


def test_most_tables_still_show_their_other_columns(seen):
    """Hiding everything would pass the test above."""
    whole = sum(hiding.over(one.contents, one.findings).everywhere is not None for one in seen)
    assert whole < 0.4 * len(seen)
