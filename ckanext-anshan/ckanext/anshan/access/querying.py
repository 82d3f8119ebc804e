"""Reads a table as far as a grant goes: its columns, its rows, and nothing that could tell of the others.

No string of a caller becomes SQL: columns are named by their place in the file (``c3``), values are parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np

from . import copying, engine, marking, options
from .columnar import ROW
from .copying import Copy
from .engine import Cursor, TooSlow
from .marking import Mark, Rows
from .queries import Aggregate, Column, Filter, Query, Sort, parse, parse_filters
from .rules import Refusal


@dataclass(frozen=True)
class TableScope:
    """What of one table may be read.

    :param rows: filters that hold whatever is asked, as ``queries.parse`` takes them; they may name any column
    :param part: the sheet; empty: the first table of the file
    """

    sha256: str  # of the released file
    columns: frozenset[str]
    rows: tuple[Mapping[str, Any], ...] = ()
    may_aggregate: bool = False
    part: str = ""


@dataclass(frozen=True)
class Page:
    rows: list[list[Any]]
    total: int  # of all pages
    columns: list[dict[str, str]]  # name and type


@dataclass(frozen=True)
class Opened:
    """A scope with the copy that it reads."""

    copy: Copy
    path: str
    columns: tuple[Column, ...]  # in scope, in the order of the file
    rows: tuple[Filter, ...]
    may_aggregate: bool

    def column(self, name: str) -> Column:
        """One in scope. Raises ``KeyError``: whoever made a query of others went around ``parse``."""
        return {one.name: one for one in self.columns}[name]


def opened(scope: TableScope) -> Opened | Refusal:
    """The copy of a scope. Where there is none yet, it is being made: ``no_copy_yet``."""
    copy = copying.copy_of(scope.sha256, scope.part)
    if isinstance(copy, Refusal):
        return copy
    rows = parse_filters(scope.rows, copy.columns)
    if isinstance(rows, Refusal):
        return Refusal("rows_not_offered", rows.facts)  # a new version may lack the column: then there are none
    chosen = tuple(one for one in copy.columns if one.name in scope.columns)
    if not chosen:
        return Refusal("columns_not_offered")
    return Opened(copy, engine.file(copy.copy, copy.size), chosen, rows, scope.may_aggregate)


def columns(scope: TableScope) -> list[dict[str, str]] | Refusal:
    """Names and types of the columns in scope."""
    found = opened(scope)
    return found if isinstance(found, Refusal) else _told(found.columns)


def ask(scope: TableScope, given: Any, key: bytes) -> Page | Refusal:
    """What a caller asks, in plain values, answered as far as the scope goes."""
    found = opened(scope)
    if isinstance(found, Refusal):
        return found
    query = parse(given, found.columns, found.may_aggregate)
    return query if isinstance(query, Refusal) else _answered(found, query, key)


def run(scope: TableScope, query: Query, key: bytes) -> Page | Refusal:
    """The same of a query that was parsed for this scope."""
    found = opened(scope)
    if isinstance(found, Refusal):
        return found
    if query.counts and not found.may_aggregate:
        return Refusal("no_aggregates")
    if query.named - {one.name for one in found.columns}:
        return Refusal("no_such_column")
    return _answered(found, query, key)


def _answered(found: Opened, query: Query, key: bytes) -> Page | Refusal:
    try:
        with engine.asked(options.query_seconds()) as cursor:
            return _counted(cursor, found, query) if query.counts else _shown(cursor, found, query, key)
    except TooSlow as error:
        return error.refusal


# pages of rows


def _shown(cursor: Cursor, found: Opened, query: Query, key: bytes) -> Page:
    chosen = [found.column(name) for name in query.columns]
    if query.sort:
        total, numbers = _sorted(cursor, found, query)
    else:
        fitting = matching(cursor, found, query.filters)
        total = len(fitting)
        numbers = marking.page(mark_of(cursor, found, key), fitting, query.offset, query.limit)
    return Page(_fetched(cursor, found, chosen, numbers), total, _told(chosen))


def matching(cursor: Cursor, found: Opened, filters: Sequence[Filter] = ()) -> Rows:
    """Numbers of the rows that are in scope and asked for, in the order of the file."""
    if not filters and not found.rows:
        return np.arange(found.copy.rows, dtype=np.int64)
    condition, values = where(found, filters)
    asked = f"SELECT {ROW} FROM read_parquet(?) WHERE {condition}"
    rows = np.asarray(cursor.execute(asked, [found.path, *values]).fetchnumpy()[ROW], dtype=np.int64)
    return rows if len(rows) < 2 or bool((np.diff(rows) > 0).all()) else np.sort(rows)


def _sorted(cursor: Cursor, found: Opened, query: Query) -> tuple[int, Rows]:
    condition, values = where(found, query.filters)
    given = [found.path, *values]
    total = cursor.execute(f"SELECT count(*) FROM read_parquet(?) WHERE {condition}", given).fetchall()[0][0]
    order = ", ".join(f"{found.column(one.column).compared} {_direction(one)}" for one in query.sort)
    asked = f"SELECT {ROW} FROM read_parquet(?) WHERE {condition} ORDER BY {order}, {ROW} LIMIT ? OFFSET ?"
    rows = cursor.execute(asked, [*given, query.limit, query.offset]).fetchnumpy()[ROW]
    return total, np.asarray(rows, dtype=np.int64)


def _direction(sort: Sort) -> str:
    return f"{'DESC' if sort.desc else 'ASC'} NULLS LAST"


def _fetched(cursor: Cursor, found: Opened, chosen: Sequence[Column], numbers: Rows) -> list[list[Any]]:
    """These rows, in this order."""
    if not len(numbers):
        return []
    values = ", ".join(written(one) for one in chosen)
    listed = ", ".join(map(str, sorted(map(int, numbers))))
    span = f"{ROW} BETWEEN {int(numbers.min())} AND {int(numbers.max())}"
    asked = f"SELECT {ROW}, {values} FROM read_parquet(?) WHERE {span} AND {ROW} IN ({listed})"
    rows = {row[0]: list(row[1:]) for row in cursor.execute(asked, [found.path]).fetchall()}
    return [rows[int(number)] for number in numbers]


def written(column: Column) -> str:
    """A value as the file has it; of integers the number itself, which is written so."""
    return column.value if column.type == "integer" and column.is_exact else f"{column.value}::VARCHAR"


# filters


def where(found: Opened, filters: Sequence[Filter] = ()) -> tuple[str, list[Any]]:
    """The condition that rows are in scope and fit these filters, and its parameters. The scope comes first."""
    names = {one.name: one for one in found.copy.columns}
    parts = [_condition(names[one.column], one) for one in found.rows]
    parts += [_condition(found.column(one.column), one) for one in filters]
    return " AND ".join(part for part, _ in parts) or "true", [one for _, values in parts for one in values]


SIGNS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">="}


def _condition(column: Column, asked: Filter) -> tuple[str, list[Any]]:
    compared, value = column.compared, asked.value
    match asked.op:
        case "eq":
            return f"{compared} = {_as(column)}", [value]
        case "ne":
            return f"{compared} IS DISTINCT FROM {_as(column)}", [value]
        case "in":
            return f"{compared} IN ({', '.join(_as(column) for _ in value)})", list(value)
        case "contains":
            return f"contains({column.value}::VARCHAR, ?)", [value]
        case "starts":
            return f"starts_with({column.value}::VARCHAR, ?)", [value]
        case "is_null":
            return f"{column.value} IS {'NULL' if value else 'NOT NULL'}", []
        case _:
            return f"{compared} {SIGNS[asked.op]} {_as(column)}", [value]


TYPES = {"text": "VARCHAR", "date": "DATE", "datetime": "TIMESTAMP"}


def _as(column: Column) -> str:
    """A parameter of the column's type; a number as exact as it was given, so that 1.5 isn't rounded to an integer."""
    return f"?::{TYPES[column.type]}" if column.type in TYPES else "?"


# counted rows


def _counted(cursor: Cursor, found: Opened, query: Query) -> Page:
    condition, values = where(found, query.filters)
    groups = [found.column(name) for name in query.group_by]
    labels = [*(one.name for one in groups), *(one.label for one in query.aggregates)]
    chosen = [*(written(one) for one in groups), *(_aggregate(found, one) for one in query.aggregates)]
    by = ", ".join(one.value for one in groups)
    least = options.min_group()
    grouped = f"GROUP BY {by}" if by else ""
    inner = f"SELECT {', '.join(f'{one} AS r{at}' for at, one in enumerate(chosen))}, {_orders(found, query, labels)}"
    inner += (
        f" FROM read_parquet(?) WHERE {condition} {grouped}{f' HAVING count(*) >= {int(least)}' if least > 1 else ''}"
    )
    order = ", ".join([*(f"o{at} {_direction(one)}" for at, one in enumerate(query.sort)), *_names(len(chosen))])
    given = [found.path, *values]
    total = cursor.execute(f"SELECT count(*) FROM ({inner})", given).fetchall()[0][0]
    asked = f"SELECT {', '.join(_names(len(chosen)))} FROM ({inner}) ORDER BY {order} LIMIT ? OFFSET ?"
    rows = cursor.execute(asked, [*given, query.limit, query.offset]).fetchall()
    return Page([[_plain(one) for one in row] for row in rows], total, _told_counted(groups, query, found))


def _names(count: int) -> list[str]:
    return [f"r{at}" for at in range(count)]


def _orders(found: Opened, query: Query, labels: Sequence[str]) -> str:
    """What counted rows are sorted by: a group as it compares, which is the same for all of it, or what is counted."""
    aggregates = {one.label: one for one in query.aggregates}
    parts = []
    for at, one in enumerate(query.sort):
        is_group = one.column in query.group_by
        by = f"min({found.column(one.column).compared})" if is_group else _aggregate(found, aggregates[one.column])
        parts.append(f"{by} AS o{at}")
    return ", ".join(parts) or "0 AS o"


def _aggregate(found: Opened, asked: Aggregate) -> str:
    if not asked.column:
        return "count(*)"
    column = found.column(asked.column)
    if asked.function == "count":
        return f"count({column.value})"
    return f"{asked.function}({column.compared})"


def _plain(value: Any) -> Any:
    """As JSON carries it: numbers that aren't whole and days as text, exactly."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    return value


def _told(chosen: Sequence[Column]) -> list[dict[str, str]]:
    return [{"name": one.name, "type": one.type} for one in chosen]


def _told_counted(groups: Sequence[Column], query: Query, found: Opened) -> list[dict[str, str]]:
    counted = [{"name": one.label, "type": _type(found, one)} for one in query.aggregates]
    return [*_told(groups), *counted]


def _type(found: Opened, asked: Aggregate) -> str:
    if asked.function == "count":
        return "integer"
    return "number" if asked.function == "avg" else found.column(asked.column).type


# marks


def mark_of(cursor: Cursor, found: Opened, key: bytes) -> Mark:
    """The mark of a key in this scope, as far as ordering needs it."""
    if not found.rows:
        return Mark(key)
    return Mark(key, marking.width(found.copy.rows, _rows_in_scope(cursor, found)))


_kept: dict[tuple[str, str, str], int] = {}
MOST_KEPT = 4096


def _rows_in_scope(cursor: Cursor, found: Opened) -> int:
    """A copy never changes, so it is counted once in each process."""
    condition, values = where(found)
    asked = (found.copy.copy, condition, repr(values))
    if asked not in _kept:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        counted = f"SELECT count(*) FROM read_parquet(?) WHERE {condition}"
        _kept[asked] = cursor.execute(counted, [found.path, *values]).fetchall()[0][0]
    return _kept[asked]


def mark(scope: TableScope, key: bytes) -> Mark | Refusal:
    """The mark of a grant's key in this scope, with what the scope holds: a candidate for ``marking.find``."""
    found = opened(scope)
    if isinstance(found, Refusal):
        return found
    with engine.asked(LONGEST_SEARCH) as cursor:
        made = mark_of(cursor, found, key)
        rows = matching(cursor, found) if found.rows else None
    return replace(made, columns=frozenset(one.name for one in found.columns), rows=rows)


LONGEST_SEARCH = 600  # seconds; nobody waits for a page


def held(scope: TableScope) -> int | Refusal:
    """How many rows a scope has."""
    found = opened(scope)
    if isinstance(found, Refusal):
        return found
    with engine.asked(LONGEST_SEARCH) as cursor:
        return _rows_in_scope(cursor, found) if found.rows else found.copy.rows
