"""Reads a table that came to light, and says by which grant it was handed out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from ..release import tables
from . import columnar, copying, engine, marking, querying
from .columnar import ROW
from .marking import Mark
from .querying import TableScope
from .rules import Refusal

FORMATS = {".csv": "CSV", ".tsv": "CSV", ".txt": "CSV", ".xlsx": "XLSX", ".xls": "XLS", ".json": "JSON"}


def leaked(path: Path) -> Iterator[tuple[list[str], Iterable[Sequence[Any]]]]:
    """Header and rows of each table in a file; the rows of one are read before the next one is asked for.

    Raises ``tables.NotATable``; so may reading the rows.
    """
    if path.suffix.lower() == ".parquet":
        with duckdb.connect() as database:
            found = database.execute("SELECT * FROM read_parquet(?)", [str(path)])
            yield [one[0] for one in found.description or ()], found.fetchall()
        return
    for _, header, rows in tables.parts(path, FORMATS.get(path.suffix.lower(), "CSV")):
        yield list(columnar.unique(str(one if one is not None else "") for one in header)), rows


def trace(
    scope: TableScope, header: Sequence[str], leaked: Iterable[Sequence[Any]], candidates: Mapping[str, Mark]
) -> marking.Traced | Refusal:
    """By which of these grants rows that came to light were handed out.

    :param scope: the table that they may come from; all of its columns are compared, whatever the scope says
    :param header: of what came to light · :param candidates: ``mark`` of each grant
    """
    copy = copying.copy_of(scope.sha256, scope.part)
    if isinstance(copy, Refusal):
        return copy
    path, names = engine.file(copy.copy, copy.size), {one.name: one for one in copy.columns}

    def source(columns: Sequence[str]) -> Iterator[tuple[int, Sequence[Any]]]:
        values = ", ".join(f"{names[one].value}::VARCHAR" for one in columns)
        with engine.asked(querying.LONGEST_SEARCH) as cursor:
            rows = cursor.execute(f"SELECT {ROW}, {values} FROM read_parquet(?)", [path])
            while some := rows.fetchmany(20_000):
                yield from ((row[0], row[1:]) for row in some)

    return marking.find(header, leaked, source, names, candidates)
