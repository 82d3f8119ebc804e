"""Makes a columnar copy (Parquet) of a table: the file's values exactly, and beside them what they are compared as.

A column is stored as numbers or dates only where every value of it is written again just as the file has it. Where all
are numbers or days but some are written in another way (``1,5`` and ``1.50``), the text is kept and a second column,
for comparing. Anything else is text. Column names aren't in the copy: it has ``c0``, ``c1`` ... and ``n1`` ..., and the
number of each row.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from ..release import tables
from .queries import Column

BATCH = 20_000  # rows
GROUP = 61_440  # rows of a Parquet row group: what a page reads of each column
MOST_COLUMNS = 1000
ROW = "row"
NOT_A_CHARACTER = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Made:
    """A copy that lies in ``path``."""

    part: str
    columns: tuple[Column, ...]
    rows: int
    path: Path


def make(path: Path, format: str, folder: Path, memory: int) -> Iterator[Made]:
    """A copy of each table in a file, in ``folder``; each is read before the next is made. Raises ``NotATable``.

    :param memory: bytes that one copy may take while it is made; beyond them it uses the folder
    """
    is_any = False
    for number, (part, header, rows) in enumerate(tables.parts(path, format)):
        with _database(folder / f"{number}.duckdb", memory) as database:
            found = _fill(database, header, rows)
            if found is None:
                continue
            is_any, target = True, folder / f"{number}.parquet"
            columns, count = _write(database, found, target)
        yield Made(part, columns, count, target)
    if not is_any:
        raise tables.NotATable("empty")


def _database(path: Path, memory: int) -> duckdb.DuckDBPyConnection:
    database = duckdb.connect(str(path), config=SETTINGS | {"memory_limit": f"{memory}B"})
    database.execute("SET temp_directory = ?", [str(path.with_suffix(".spilled"))])
    database.execute("SET enable_progress_bar = false")
    return database


SETTINGS: dict[str, Any] = {
    "threads": 1,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,
}


def _fill(
    database: duckdb.DuckDBPyConnection, header: Sequence[Any], rows: Iterable[Sequence[Any]]
) -> list[str] | None:
    """Put every row into a table of texts; the names of its columns, or nothing where there are none."""
    names = [_exact(cell) or "" for cell in header]
    width, first = max(len(names), 1), 0
    database.execute(f"CREATE TABLE found ({ROW} BIGINT, {_defined(range(width))})")
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        cells = [_cells(one) for one in zip_longest(*batch)]
        while len(cells) > width and not any(cells[-1]):
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            raise tables.NotATable("too_wide")
        for at in range(width, len(cells)):  # a row is longer than the header: nothing of it is left out
            database.execute(f"ALTER TABLE found ADD COLUMN c{at} VARCHAR")
        width = max(width, len(cells))
        _insert(database, cells, len(batch), first)
        first += len(batch)
    named = list(unique([*names, *[""] * (width - len(names))][:width]))
    return named if any(names) and len(named) <= MOST_COLUMNS else None


def _defined(columns: Iterable[int]) -> str:
    return ", ".join(f"c{at} VARCHAR" for at in columns)


def _cells(column: Sequence[Any]) -> list[str | None]:
    """Exactly, but for halves of pairs, which JSON can carry and no other text."""
    found = [(one or None) if type(one) is str else _exact(one) for one in column]
    try:
        "".join(filter(None, found)).encode()
    except UnicodeEncodeError:
        return [one and NOT_A_CHARACTER.sub("\ufffd", one) for one in found]
    return found


def _insert(database: duckdb.DuckDBPyConnection, cells: list[list[str | None]], count: int, first: int) -> None:
    batch: dict[str, Any] = {ROW: np.arange(first, first + count)}
    for at, column in enumerate(cells):
        if any(column):
            batch[f"c{at}"] = np.array([*column, None], dtype=object)[:-1]
    names = ", ".join(batch)
    database.register("batch", batch)
    database.execute(f"INSERT INTO found ({names}) SELECT {names} FROM batch")
    database.unregister("batch")


def _exact(cell: Any) -> str | None:
    """A cell as the file has it; nothing where it has none. In a workbook, numbers and days have no spelling."""
    if cell is None:
        return None
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, tables.Written):
        return cell.written
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return json.dumps(cell, ensure_ascii=False) if isinstance(cell, dict | list) else str(cell)


def unique(names: Iterable[str]) -> Iterator[str]:
    """Each name once, as the file has it without line breaks; one that is missing or repeats gets a number."""
    used: set[str] = set()
    for at, given in enumerate(names, 1):
        plain = re.sub(r"\s+", " ", given).replace("\0", "").strip() or f"column {at}"
        name, again = plain, 2
        while name in used:
            name, again = f"{plain} ({again})", again + 1
        used.add(name)
        yield name


def _write(database: duckdb.DuckDBPyConnection, names: Sequence[str], target: Path) -> tuple[tuple[Column, ...], int]:
    columns, chosen = [], [ROW]
    for at, name in enumerate(names):
        column, expressions = _column(database, name, at)
        columns.append(column)
        chosen += expressions
    options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {GROUP}"
    database.execute(f"COPY (SELECT {', '.join(chosen)} FROM found ORDER BY {ROW}) TO '{target}' ({options})")
    count = database.execute("SELECT count(*) FROM found").fetchall()[0][0]
    return tuple(columns), count


NUMBER = r"'^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?$'"
CODE = r"'^[+-]?0\d|^[+-]?\d{16}'"  # a code made of digits has no size; beyond 15 digits, few can carry a number
KINDS = {
    "integer": "{c} IS NULL OR (TRY_CAST({c} AS BIGINT)::VARCHAR IS NOT DISTINCT FROM {c} AND {sized})",
    "date": "TRY_CAST({c} AS DATE)::VARCHAR IS NOT DISTINCT FROM {c}",
    "datetime": "TRY_CAST({c} AS TIMESTAMP)::VARCHAR IS NOT DISTINCT FROM {c}",
    "number": "{c} IS NULL OR (regexp_matches(trim({c}), {number}) AND {sized})",
    "any date": "{c} IS NULL OR {day} IS NOT NULL",
    "any datetime": "{c} IS NULL OR {moment} IS NOT NULL",
}
"""What holds of every value of a column that is of this kind."""
SOME = f"(SELECT * FROM found WHERE {ROW} < 1000)"
DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")
MOMENTS = (*DAYS, *(f"{day}{between}{time}" for day in DAYS for between in " T" for time in ("%H:%M:%S", "%H:%M")))


def _column(database: duckdb.DuckDBPyConnection, name: str, at: int) -> tuple[Column, list[str]]:
    """A column of the copy, and what makes it out of the texts."""
    c = f"c{at}"
    kind = _kind(database, c)
    if kind in EXACT:
        return Column(name, kind, at), [f"{c}::{EXACT[kind]} AS {c}"]
    if kind == "number":
        return _numbers(database, name, at)
    if kind == "any date":
        return Column(name, "date", at, is_exact=False), [c, f"({_parsed(c, DAYS)})::DATE AS n{at}"]
    if kind == "any datetime":
        return Column(name, "datetime", at, is_exact=False), [c, f"{_parsed(c, MOMENTS)} AS n{at}"]
    return Column(name, "text", at), [c]


EXACT = {"integer": "BIGINT", "date": "DATE", "datetime": "TIMESTAMP"}


def _kind(database: duckdb.DuckDBPyConnection, c: str) -> str:
    """The first kind that every value is of; what the first ones aren't isn't asked of all."""
    if not database.execute(f"SELECT count({c}) FROM found").fetchall()[0][0]:
        return "text"
    given = {
        "c": c,
        "number": NUMBER,
        "sized": f"NOT regexp_matches({c}, {CODE})",
        "day": _parsed(c, DAYS),
        "moment": _parsed(c, MOMENTS),
    }
    left = {kind: condition.format(**given) for kind, condition in KINDS.items()}
    for where in (SOME, "found"):
        asked = ", ".join(f"coalesce(bool_and({condition}), true)" for condition in left.values())
        answers = database.execute(f"SELECT {asked} FROM {where}").fetchall()[0]
        left = {kind: left[kind] for kind, is_so in zip(list(left), answers, strict=True) if is_so}
        if not left:
            return "text"
    return next(iter(left))


def _parsed(c: str, forms: Sequence[str]) -> str:
    return f"try_strptime({c}, [{', '.join(repr(one) for one in forms)}])"


def _numbers(database: duckdb.DuckDBPyConnection, name: str, at: int) -> tuple[Column, list[str]]:
    """As many places behind the point as the file has, where all values have so many; else the text beside them."""
    c = f"c{at}"
    places, longest = database.execute(
        f"SELECT max(length(split_part({c}, '.', 2))), max(length({c})) FROM found"
    ).fetchall()[0]
    type = f"DECIMAL({18 if longest <= 18 else 38}, {min(places, 18)})"
    fits = f"bool_and(TRY_CAST({c} AS {type})::VARCHAR IS NOT DISTINCT FROM {c}), bool_and({c} NOT ILIKE '%e%')"
    is_exact, is_plain = database.execute(f"SELECT {fits} FROM found").fetchall()[0]
    if is_exact:
        return Column(name, "number", at), [f"{c}::{type} AS {c}"]
    size = f"TRY_CAST(trim({c}) AS {type if is_plain and longest <= 36 and places <= 18 else 'DOUBLE'})"
    return Column(name, "number", at, is_exact=False), [c, f"{size} AS n{at}"]
