"""Writes the catalogue in one of the three forms, as CSV or XLSX."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import ckan.model as model
import sqlalchemy as sa
import xlsxwriter

from . import entries, faults
from .forms import FORMS
from .forms.drafts import Form
from .problems import FileRefused

BATCH = 500
LONGEST_CELL = 32767
SELECT = (
    "SELECT package.id, package.name, package.title, package.notes, license_id, owner_org, package.state,"
    ' package.extras, "group".title AS provider, "group".extras->>\'uscc\' AS uscc'
    " FROM package JOIN \"group\" ON \"group\".id = owner_org WHERE package.type = 'entry' AND package.state = 'active'"
)
IDS = sa.text(
    "SELECT id FROM package WHERE type = 'entry' AND state = 'active'"
    " AND (CAST(:owner AS text) IS NULL OR owner_org = :owner) ORDER BY extras->>'code', title, id"
)
TWICE = sa.text(
    "SELECT 1 FROM package WHERE type = 'entry' AND state = 'active'"
    " AND (CAST(:owner AS text) IS NULL OR owner_org = :owner) GROUP BY owner_org, title HAVING count(*) > 1 LIMIT 1"
)
ROWS = sa.text(SELECT + " AND package.id = ANY(:ids)")

Entry = dict[str, Any]


def write(path: Path, form_id: str, owner: str | None = None) -> int:
    """Write all entries (of one organization id, if given) to ``path``; returns their number.

    The file appears when it is whole: a failed export leaves an older one as it was. Raises ``FileRefused``.
    """
    form = FORMS[form_id]
    with faults.told(path):
        return _write(path, form, owner)


def _write(path: Path, form: Form, owner: str | None) -> int:
    ids = list(model.Session.execute(IDS, {"owner": owner}).scalars())
    if not form.has_codes and model.Session.execute(TWICE, {"owner": owner}).first():
        form = form.with_codes()
    rows = rows_of(form, _entries(ids))
    begun = path.with_name(f".{path.name}.part")
    try:
        (_xlsx if path.suffix.lower() == ".xlsx" else _csv)(begun, rows)
        begun.replace(path)
    finally:
        begun.unlink(missing_ok=True)
    return len(ids)


def rows_of(form: Form, given: Iterable[Entry]) -> Iterator[list[str]]:
    """The rows of a file, its headings first."""
    yield from form.header()
    for number, entry in enumerate(given, 1):
        yield from form.write(entry, number)


def _entries(ids: Sequence[str]) -> Iterator[Entry]:
    for start in range(0, len(ids), BATCH):
        batch = list(ids[start : start + BATCH])
        rows = {row.id: row for row in model.Session.execute(ROWS, {"ids": batch})}
        order = [rows[id] for id in batch if id in rows]
        for row, stored in zip(order, entries.read(order), strict=True):
            yield stored.entry | {"provider": row.provider, "uscc": row.uscc or ""}


def _csv(path: Path, rows: Iterable[list[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # with its mark a spreadsheet reads it rightly
        csv.writer(file).writerows(rows)


def _xlsx(path: Path, rows: Iterable[list[str]]) -> None:
    workbook = xlsxwriter.Workbook(str(path), {"constant_memory": True, "in_memory": False})
    try:
        sheet = workbook.add_worksheet("目录")
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if len(value) > LONGEST_CELL:
                    raise FileRefused("too_long_for_xlsx", code=row[0])
                sheet.write_string(at, column, value)
    finally:
        workbook.close()
