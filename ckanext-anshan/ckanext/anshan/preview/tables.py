"""Reads a table of the DataStore for its previews: one page, one aggregate, one grid. Never a table whole."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from ckanext.datastore.backend.postgres import get_read_engine, identifier
from sqlalchemy.exc import DBAPIError

from . import charts, options, places
from .rules import Asked, Column, Condition, Pages, typed

CANCELED, UNDEFINED_TABLE = "57014", "42P01"
COUNTED = 10_000
"""Matching rows up to which they are counted; beyond it a page says "more than"."""
BATCH = 2000
COLUMNS = """SELECT attname, format_type(atttypid, NULL) AS type, (SELECT max(_id) FROM {table}) AS total
 FROM pg_attribute WHERE attrelid = CAST(:table AS regclass) AND attnum > 0 AND NOT attisdropped
 AND attname NOT LIKE '\\_%' ORDER BY attnum"""

Row = Sequence[Any]


class TooSlow(Exception):
    """The database would need longer than a page may take."""


class NoTable(Exception):
    """There is no table of this file, or no longer."""


@dataclass(frozen=True)
class Described:
    columns: Sequence[Column]
    total: int  # rows


class Reader:
    """One transaction on the read-only connection, with a limit on each statement."""

    def __init__(self, connection: sa.Connection, resource: str) -> None:
        self.connection, self.table = connection, identifier(resource)

    def all(self, statement: str, values: Mapping[str, Any]) -> list[Any]:
        """Every row of a statement. Raises ``TooSlow`` or ``NoTable``."""
        with told_plainly():
            return list(self.connection.execute(sa.text(statement), values))

    def describe(self, items: Sequence[Mapping[str, str]]) -> Described:
        """The columns, and the number of rows: they are numbered from 1 on when a table is filled."""
        rows = self.all(COLUMNS.format(table=self.table), {"table": self.table})
        said = {name: item for item in items for name in (item.get("name"), item.get("column")) if name}
        return Described([_column(row, said.get(row.attname, {})) for row in rows], (rows[0].total if rows else 0) or 0)

    def page(
        self, asked: Asked, shown: Sequence[Column], known: Sequence[Column], total: int
    ) -> tuple[list[Row], Pages]:
        """The rows of one page and where it stands. A page of all rows in their order costs the same wherever it is."""
        pages = self._pages(asked, known, total)
        names = ", ".join(identifier(column.name) for column in shown) or "_id"
        limit = {"limit": asked.rows, "first": (pages.page - 1) * asked.rows}
        if asked.is_plain:
            where, values, more = " WHERE _id > :first", limit, ""
        else:
            where, values = _where(asked.conditions, known)
            values, more = values | limit, " OFFSET :first"
        order = f" ORDER BY {_order(asked)}_id LIMIT :limit{more}"
        return self.all(f"SELECT {names} FROM {self.table}{where}{order}", values), pages

    def _pages(self, asked: Asked, known: Sequence[Column], total: int) -> Pages:
        exact = True
        if asked.conditions:
            where, values = _where(asked.conditions, known)
            most = max(COUNTED, asked.page * asked.rows) + 1
            inner = f"SELECT 1 FROM {self.table}{where} LIMIT :most"
            total = self.all(f"SELECT count(*) FROM ({inner}) AS found", values | {"most": most})[0][0]
            exact, total = total < most, min(total, most - 1)
        found = Pages(asked.page, asked.rows, total, exact)
        return found if asked.page <= found.of else Pages(found.of, asked.rows, total, exact)

    def bars(self, chart: charts.Chart, asked: Asked, known: Sequence[Column]) -> list[charts.Bar]:
        """The groups of a chart: over time in its order, else the largest first and the rest as one."""
        where, values = _where(asked.conditions, known)
        of = identifier(chart.of.name) if chart.of else "NULL"
        label = self._label(chart, where, values)
        order = "label" if chart.is_time else f"{MEASURES[chart.how]} DESC NULLS LAST, label"
        down = " DESC" if chart.is_time else ""
        statement = f"""
            WITH groups AS (
                SELECT {label} AS label, count(*) AS n, count({of}) AS filled, sum(CAST({of} AS numeric)) AS total
                FROM {self.table}{where} GROUP BY 1),
            ranked AS (SELECT *, row_number() OVER (ORDER BY {order}{down}) AS place FROM groups)
            SELECT CASE WHEN place <= :most THEN label END AS label, min(place) AS place, sum(n) AS n,
                sum(filled) AS filled, sum(total) AS total, count(*) AS groups
            FROM ranked GROUP BY 1, CASE WHEN place <= :most THEN place END ORDER BY 2{down}"""
        rows = self.all(statement, values | {"most": chart.limit})
        found = [_bar(row, chart) for row in rows]
        return [bar for bar in found if not bar.groups] if chart.is_time else found

    def _label(self, chart: charts.Chart, where: str, values: Mapping[str, Any]) -> str:
        name = identifier(chart.by.name)
        if not chart.by.is_date:
            return f"CAST({name} AS text)"
        first, last = self.all(f"SELECT min({name}), max({name}) FROM {self.table}{where}", values)[0]
        step = charts.step(first, last) if first else "day"
        return f"to_char(date_trunc('{step}', {name}), '{FORMATS[step]}')"

    def box(self, where: places.Where, asked: Asked, known: Sequence[Column]) -> tuple[places.Box | None, int]:
        """The smallest box around the rows that have a place, and how many they are."""
        given, values = self._placed(where, asked, known)
        east, north = identifier(where.longitude), identifier(where.latitude)
        sums = f"min({east}), min({north}), max({east}), max({north}), count(*)"
        *corners, rows = self.all(f"SELECT {sums} FROM {self.table}{given}", values)[0]
        return (places.Box(*map(float, corners)) if rows else None), rows

    def points(
        self, where: places.Where, facts: Sequence[str], asked: Asked, known: Sequence[Column]
    ) -> list[places.Point]:
        """Each row that has a place; for a caller that knows that they aren't too many."""
        given, values = self._placed(where, asked, known)
        names = "".join(f", {identifier(name)}" for name in facts)
        statement = f"SELECT {identifier(where.longitude)}, {identifier(where.latitude)}, _id{names} FROM {self.table}"
        rows = self.all(f"{statement}{given} ORDER BY _id LIMIT :most", values | {"most": places.MOST_POINTS})
        return [places.Point(float(r[0]), float(r[1]), 1, r[2], tuple(map(text, r[3:]))) for r in rows]

    def cells(
        self, where: places.Where, box: places.Box, grid: int, asked: Asked, known: Sequence[Column], rows: int
    ) -> list[places.Point]:
        """The rows that have a place, put together by the cells of a grid; of very many, a sample stands for all."""
        given, values = self._placed(where, asked, known)
        share = places.share(rows)
        sample = f" TABLESAMPLE SYSTEM ({share * 100}) REPEATABLE (1)" if share < 1 else ""
        east, north = (f"CAST({identifier(name)} AS float8)" for name in (where.longitude, where.latitude))
        statement = f"""SELECT avg(x), avg(y), count(*), min(_id)
            FROM (SELECT {east} AS x, {north} AS y, _id FROM {self.table}{sample}{given} OFFSET 0) AS placed
            GROUP BY CAST(floor((x - :west) / :cell) AS int4), CAST(floor((y - :south) / :cell) AS int4) ORDER BY 3"""
        corner = {"west": box.west, "south": box.south, "cell": box.cell(grid)}
        found = self.all(statement, values | corner)
        return [places.Point(r[0], r[1], round(r[2] / share), r[3]) for r in found]

    def shapes(self, where: places.Where, asked: Asked, known: Sequence[Column]) -> list[dict[str, Any]]:
        """The drawings of rows as GeoJSON."""
        given, values = _where(asked.conditions, known)
        name = identifier(where.geometry)
        given += f"{' AND' if given else ' WHERE'} {name} IS NOT NULL"
        statement = f"SELECT _id, CAST({name} AS text) FROM {self.table}{given} ORDER BY _id LIMIT :most"
        return list(places.shapes(tuple(r) for r in self.all(statement, values | {"most": places.MOST_SHAPES})))

    def _placed(self, where: places.Where, asked: Asked, known: Sequence[Column]) -> tuple[str, dict[str, Any]]:
        given, values = _where(asked.conditions, known)
        east, north = identifier(where.longitude), identifier(where.latitude)
        on_earth = f"{east} BETWEEN -180 AND 180 AND {north} BETWEEN -90 AND 90 AND NOT ({east} = 0 AND {north} = 0)"
        return f"{given}{' AND' if given else ' WHERE'} {on_earth}", values

    def stream(self, asked: Asked, shown: Sequence[Column], known: Sequence[Column]) -> Iterator[Row]:
        """All rows of a view, a batch at a time."""
        where, values = _where(asked.conditions, known)
        names = ", ".join(identifier(column.name) for column in shown) or "_id"
        statement = sa.text(f"SELECT {names} FROM {self.table}{where} ORDER BY {_order(asked)}_id")
        streamed = self.connection.execution_options(stream_results=True, max_row_buffer=BATCH)
        with told_plainly():
            yield from streamed.execute(statement, values)


MEASURES = {
    "count": "n",
    "sum": "total",
    "average": "total / NULLIF(filled, 0)",
}
FORMATS = {"day": "YYYY-MM-DD", "month": "YYYY-MM", "year": "YYYY"}


@contextmanager
def reading(resource: str, seconds: int = 0) -> Iterator[Reader]:
    """One transaction; ``seconds`` for each of its statements, those of the option where nothing is said."""
    limit = 1000 * (seconds or options.seconds())
    with get_read_engine().connect() as connection:
        connection.execute(sa.text(f"SET LOCAL statement_timeout TO {limit}"))
        yield Reader(connection, resource)


@contextmanager
def told_plainly() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        code = getattr(error.orig, "pgcode", "")
        if code not in (CANCELED, UNDEFINED_TABLE):
            raise
        raise (TooSlow if code == CANCELED else NoTable) from error


def _column(row: Any, item: Mapping[str, str]) -> Column:
    code = item.get("column", "")
    meaning = item.get("meaning", "")
    return Column(row.attname, row.type, code if code != row.attname else "", item.get("unit", ""), meaning)


def _order(asked: Asked) -> str:
    return f"{identifier(asked.sort)} {'DESC' if asked.descending else 'ASC'} NULLS LAST, " if asked.sort else ""


def _where(conditions: Sequence[Condition], known: Sequence[Column]) -> tuple[str, dict[str, Any]]:
    columns = {column.name: column for column in known}
    clauses, values = [], {}
    for at, each in enumerate(conditions):
        column, name = columns[each.column], f"v{at}"
        clause = (DATE_CLAUSES if column.is_date else CLAUSES)[each.sign]
        clauses.append(clause.format(column=identifier(each.column), value=f":{name}"))
        values |= _values(each, column, name)
    return (" WHERE " + " AND ".join(clauses) if clauses else ""), values


def _values(each: Condition, column: Column, name: str) -> dict[str, Any]:
    if each.sign == "empty":
        return {}
    if each.sign == "has":
        return {name: f"%{_literal(each.value)}%"}
    value = typed(column, each.value)
    if not column.is_date:
        return {name: value}
    return {name: value[0]} if each.sign == "from" else {name: value[0], f"{name}_end": value[1]}


CLAUSES = {
    "has": "{column} ILIKE {value} ESCAPE '!'",
    "is": "{column} = {value}",
    "from": "{column} >= {value}",
    "to": "{column} <= {value}",
    "empty": "{column} IS NULL",
}
DATE_CLAUSES = CLAUSES | {
    "is": "{column} >= {value} AND {column} < {value}_end",
    "to": "{column} < {value}_end",
}
"""A year or a month that was asked for is all of it."""


def _literal(value: str) -> str:
    """A text of which no sign is a pattern."""
    return "".join(f"!{letter}" if letter in "!%_" else letter for letter in value)


def _bar(row: Any, chart: charts.Chart) -> charts.Bar:
    value = {"count": row.n, "sum": row.total, "average": None}[chart.how]
    if chart.how == "average" and row.filled:
        value = (row.total / row.filled).quantize(Decimal("0.01")).normalize()
    is_rest = row.place > chart.limit
    return charts.Bar(
        row.label or "", None if value is None else Decimal(value), int(row.n), row.groups if is_rest else 0
    )


def text(value: Any) -> str:
    """A value as a table shows it."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ", "minutes" if not value.second else "seconds")
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
