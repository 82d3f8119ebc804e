"""What a reader asks of a file's preview: which rows in which order, and the address of each such view. Plain Python.

A view is an address: ``?sort=-床位数&where.区县=铁东区&where.床位数=>=100&page=2``. What it asks of a column that
isn't there, or in a way that the column's type doesn't have, is told and left out: a link outlives a version.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

KINDS = ("table", "chart", "map", "text")
ROWS = (20, 50, 100)
MOST_COLUMNS = 30
"""Columns that a table shows where nobody chose any."""
MOST_CONDITIONS = 20
LONGEST_VALUE = 200
SIGNS = {"has": "", "is": "=", "from": ">=", "to": "<=", "empty": "="}
"""Names of the signs in the form, and how each is written before its value in an address."""

NUMBERS = frozenset({"integer", "bigint", "smallint", "numeric", "double precision", "real"})
DATES = frozenset({"date", "timestamp without time zone", "timestamp with time zone"})
GEOMETRY = "geometry"


@dataclass(frozen=True)
class Column:
    """A column of a table, with what the information items say of it."""

    name: str
    type: str  # as PostgreSQL calls it
    code: str = ""  # its name in the agency's system
    unit: str = ""
    meaning: str = ""

    @property
    def is_number(self) -> bool:
        return self.type in NUMBERS

    @property
    def is_date(self) -> bool:
        return self.type in DATES

    @property
    def is_ordered(self) -> bool:
        return self.is_number or self.is_date

    @property
    def kind(self) -> str:
        """As the vocabulary of item types has it."""
        if self.is_number:
            return "number" if self.type in ("numeric", "double precision", "real") else "integer"
        if self.is_date:
            return "date" if self.type == "date" else "datetime"
        return "boolean" if self.type == "boolean" else "text"


@dataclass(frozen=True)
class Condition:
    column: str
    sign: str  # a key of SIGNS
    value: str = ""

    @property
    def written(self) -> str:
        """As it stands in an address."""
        return SIGNS[self.sign] + self.value


@dataclass(frozen=True)
class Problem:
    """What an address asks in vain: a code, and the facts that its words need."""

    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """What a reader wants to see of one file."""

    kind: str = "table"
    sort: str = ""
    descending: bool = False
    conditions: tuple[Condition, ...] = ()
    show: tuple[str, ...] = ()  # columns, in the table's order; none says all
    page: int = 1
    rows: int = ROWS[0]
    by: str = ""  # chart: the column that groups
    of: str = ""  # chart: the column of numbers; empty counts rows
    how: str = ""  # chart: sum or average
    problems: tuple[Problem, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether all rows are there in the order of the file."""
        return not self.sort and not self.conditions

    def changed(self, **changes: Any) -> Asked:
        """The same with these changes, from its first page on unless one is named."""
        return replace(self, **{"page": 1, **changes})

    def without(self, condition: Condition) -> Asked:
        return self.changed(conditions=tuple(each for each in self.conditions if each != condition))


Arguments = Mapping[str, Sequence[str]]


def read(given: Arguments, columns: Sequence[Column]) -> Asked:
    """What an address asks of a table with these columns."""
    names = {column.name: column for column in columns}
    problems: list[Problem] = []
    conditions = tuple(dict.fromkeys(_conditions(given, names, problems)))
    sort = _first(given, "sort")
    descending, sort = sort.startswith("-") and sort not in names, sort if sort in names else sort.removeprefix("-")
    if sort and sort not in names:
        problems.append(Problem("no_such_column", {"column": sort[:60]}))
    show = tuple(name for name in names if name in given.get("show", ()))
    return Asked(
        kind=_one_of(given, "view", KINDS),
        sort=sort if sort in names else "",
        descending=descending and sort in names,
        conditions=conditions,
        show=show,
        page=_whole(_first(given, "page")),
        rows=int(_one_of(given, "rows", [str(each) for each in ROWS])),
        by=_column(given, "by", names),
        of=_column(given, "of", {name: one for name, one in names.items() if one.is_number}),
        how=_one_of(given, "how", ("", "sum", "average", "count")),
        problems=tuple(problems),
    )


def _first(given: Arguments, name: str) -> str:
    return next(iter(given.get(name, ())), "").strip()


def _one_of(given: Arguments, name: str, allowed: Sequence[str]) -> str:
    found = _first(given, name)
    return found if found in allowed else allowed[0]


def _column(given: Arguments, name: str, names: Mapping[str, Column]) -> str:
    return _first(given, name) if _first(given, name) in names else ""


def _whole(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def _conditions(given: Arguments, names: Mapping[str, Column], problems: list[Problem]) -> Iterable[Condition]:
    wanted = [(key[6:], value) for key, values in given.items() if key.startswith("where.") for value in values]
    wanted += _added(given)
    for name, written in wanted[:MOST_CONDITIONS]:
        found = _condition(names.get(name), name, written)
        if isinstance(found, Problem):
            problems.append(found)
        elif found:
            yield found


def _added(given: Arguments) -> list[tuple[str, str]]:
    """The condition that the form adds: its three fields as an address has them."""
    column, sign, value = (_first(given, name) for name in ("column", "sign", "value"))
    if not column or sign not in SIGNS or (not value and sign != "empty"):
        return []
    return [(column, SIGNS[sign] + ("" if sign == "empty" else value))]


def _condition(column: Column | None, name: str, written: str) -> Condition | Problem | None:
    written = written.strip()[:LONGEST_VALUE].replace("\0", "")
    if column is None:
        return Problem("no_such_column", {"column": name[:60]})
    if not written:
        return None
    sign, value = _parted(written, column)
    if sign in ("from", "to") and not column.is_ordered:
        return Problem("no_order", {"column": name})
    if value and sign != "has" and not fits(column, value):
        code = "not_a_date" if column.is_date else "not_a_number" if column.is_number else "not_a_boolean"
        return Problem(code, {"column": name, "value": value[:40]})
    return Condition(name, sign, value)


def _parted(written: str, column: Column) -> tuple[str, str]:
    if written == "=":
        return "empty", ""
    for sign in ("from", "to", "is"):
        if written.startswith(SIGNS[sign]):
            return sign, written[len(SIGNS[sign]) :].strip()
    return ("has" if column.kind == "text" else "is"), written


BOOLEANS = {"true": True, "是": True, "yes": True, "false": False, "否": False, "no": False}


def fits(column: Column, value: str) -> bool:
    """Whether a column of this type can have the value."""
    return column.kind == "text" or typed(column, value) is not None


def typed(column: Column, value: str) -> Any:
    """The value as the database compares it, of a date the span of time; None where the column can't have it."""
    if column.is_number:
        return _number(value)
    if column.is_date:
        return _span(value)
    return BOOLEANS.get(value.lower()) if column.kind == "boolean" else value


def _number(value: str) -> Decimal | None:
    try:
        found = Decimal(value.replace(",", "").replace("，", ""))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found.adjusted()) < 40 else None


WHEN = re.compile(r"(\d{4})年?(?:[-/.]?(\d{1,2})月?(?:[-/.]?(\d{1,2})日?(?:[ T](\d\d):(\d\d))?)?)?", re.ASCII)


def _span(value: str) -> tuple[datetime, datetime] | None:
    """2026 is the whole year, 2026-11 the month, 2026-11-02 the day: from when, and before when."""
    found = WHEN.fullmatch(value)
    if not found:
        return None
    year, month, day, hour, minute = (int(part) if part else None for part in found.groups())
    try:
        start = datetime(year or 1, month or 1, day or 1, hour or 0, minute or 0)
        return start, _end(start, month, day, hour)
    except (ValueError, OverflowError):
        return None


def _end(start: datetime, month: int | None, day: int | None, hour: int | None) -> datetime:
    if hour is not None:
        return start + timedelta(minutes=1)
    if day:
        return start + timedelta(days=1)
    months = start.year * 12 + start.month - 1 + (1 if month else 12)
    return start.replace(year=months // 12, month=months % 12 + 1)


def shown(columns: Sequence[Column], asked: Asked) -> list[Column]:
    """The columns to show: those chosen, else the first ones without the drawings of places."""
    if asked.show:
        return [column for column in columns if column.name in asked.show]
    return [column for column in columns if column.name != GEOMETRY][:MOST_COLUMNS]


def arguments(asked: Asked) -> list[tuple[str, str]]:
    """The view as names and values, always in the same order; what is usual is left out."""
    given = [("view", asked.kind)] if asked.kind != KINDS[0] else []
    given += [("sort", ("-" if asked.descending else "") + asked.sort)] if asked.sort else []
    given += [(f"where.{each.column}", each.written) for each in asked.conditions]
    given += [("show", name) for name in asked.show]
    given += [(name, value) for name in ("by", "of", "how") if (value := getattr(asked, name))]
    given += [("rows", str(asked.rows))] if asked.rows != ROWS[0] else []
    given += [("page", str(asked.page))] if asked.page > 1 else []
    return given


def query(asked: Asked) -> str:
    """The view as it stands after the ``?`` of an address."""
    return urlencode(arguments(asked))


@dataclass(frozen=True)
class Pages:
    """Where a page of rows stands among all."""

    page: int
    rows: int
    total: int
    is_exact: bool = True  # else there are more than ``total``

    @property
    def first(self) -> int:
        return (self.page - 1) * self.rows + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.page * self.rows, self.total) if self.is_exact else self.page * self.rows

    @property
    def of(self) -> int:
        return max(1, -(-self.total // self.rows))

    @property
    def has_next(self) -> bool:
        return self.page < self.of or not self.is_exact
