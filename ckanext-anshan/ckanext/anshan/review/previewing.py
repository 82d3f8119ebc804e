"""The first rows of a submitted file as a reviewer sees them: never a raw value where the scan found something."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from ..dataset import contents
from ..dataset.contents import Contents
from . import hiding
from .differing import TYPES, problem
from .hiding import Cover, Findings

ROWS = 20
READ = 2000
"""Rows that are read for a preview: by them the types are told."""

Told = dict[str, Any]


def preview(
    file: Mapping[str, Any],
    findings: Findings | None,
    rows: int = ROWS,
    *,
    only_found: bool = False,
    items: contents.Items = (),
) -> Told:
    """The first rows of a file in the vault.

    :param file: ``name``, ``sha256``, ``size``, ``format``, ``mimetype``
    :param findings: of its scan; None while that isn't done, or where it failed: then no value is shown
    :param only_found: only rows that hold a value in a column in which something was found
    :param items: what its entry says of the columns
    :returns: ``name``, ``format``, ``size``; ``columns`` (``name``, ``type``, ``finding``: the severity, or empty),
        ``rows``, ``numbers`` (of each row in the table, from 1), ``total`` (rows; None where nobody counted them),
        ``unplaced`` (whether a finding hides all values, since nobody knows its column), ``problem``: why there are
        no rows: ``not_scanned``, ``no_table``, ``too_large``, ``unreadable`` or ``gone``
    """
    facts = {name: file[name] for name in ("name", "format", "size")}
    nothing: Told = {"columns": [], "rows": [], "numbers": [], "total": None, "unplaced": False, "problem": ""}
    told = facts | nothing | {"only_found": only_found}
    if findings is None:
        return told | {"problem": "not_scanned"}
    try:
        most = contents.MOST_ROWS if only_found else max(READ, rows)
        found = contents.read(file, items, most, begins=True, wants_sheet=any(one["part"] for one in findings))
    except contents.UNREADABLE as error:
        return told | {"problem": problem(error)}
    return told | shown(found, hiding.over(found, findings), rows, only_found=only_found)


def shown(found: Contents, cover: Cover, rows: int = ROWS, *, only_found: bool = False) -> Told:
    """Columns and rows of a table as its cover lets them be seen."""
    table = found.table
    marks = [cover.mark(at) for at in range(len(table.columns))]
    marked = [at for at, mark in enumerate(marks) if mark]
    numbered = (
        (number, row)
        for number, row in enumerate(table.rows, 1)
        if not only_found or any(row[at] is not None for at in marked)
    )
    first = list(islice(numbered, rows))
    return {
        "columns": [
            {"name": title, "type": TYPES[column.type], "finding": mark.severity if mark else ""}
            for title, column, mark in zip(cover.titles(table), table.columns, marks, strict=True)
        ],
        "rows": [cover.row(row) for _, row in first],
        "numbers": [number for number, _ in first],
        "total": table.rows_of_file if found.is_whole else None,
        "unplaced": cover.everywhere is not None,
    }
