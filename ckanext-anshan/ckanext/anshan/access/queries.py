"""What somebody asks of a table under a grant: which columns and rows, in which order, or counted. Plain Python.

A query knows the columns that it may name and no others: a column out of scope is answered as one that isn't there,
wherever it is named, so that neither a filter nor an order tells anything of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from .rules import Refusal

MOST_ROWS = 1000  # of a page
USUAL_ROWS = 100
MOST_FILTERS, MOST_VALUES, MOST_SORTS, MOST_GROUPS, MOST_AGGREGATES = 50, 1000, 10, 10, 20
LONGEST_VALUE = 1000
FURTHEST = 10**9
OPS = frozenset({"eq", "ne", "lt", "le", "gt", "ge", "in", "contains", "starts", "is_null"})
OF_TEXTS = frozenset({"contains", "starts"})
NUMBERS = frozenset({"integer", "number"})
FUNCTIONS = frozenset({"count", "sum", "avg", "min", "max"})
OF_NUMBERS = frozenset({"sum", "avg"})
KEYS = frozenset({"columns", "filters", "sort", "limit", "offset", "group_by", "aggregates"})


@dataclass(frozen=True)
class Column:
    """A column of a copy. ``at`` is its place in the file, from 0."""

    name: str
    type: str  # text, integer, number, date or datetime: what its values are compared as
    at: int
    is_exact: bool = True  # the typed values are written as the file has them; else both are kept

    @property
    def value(self) -> str:
        """What holds the values as the file has them. Made of a number alone: no name of anybody's is in it."""
        return f"c{self.at}"

    @property
    def compared(self) -> str:
        return self.value if self.is_exact else f"n{self.at}"


@dataclass(frozen=True)
class Filter:
    """Only rows whose value in ``column`` is so; of ``in`` the value is a tuple, of ``is_null`` a boolean."""

    column: str
    op: str
    value: Any = None


@dataclass(frozen=True)
class Sort:
    column: str  # of counted rows also the label of what is counted
    desc: bool = False


@dataclass(frozen=True)
class Aggregate:
    function: str
    column: str = ""  # none: rows are counted

    @property
    def label(self) -> str:
        return f"{self.function}({self.column})" if self.column else self.function


@dataclass(frozen=True)
class Query:
    columns: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    sort: tuple[Sort, ...] = ()
    limit: int = USUAL_ROWS
    offset: int = 0
    group_by: tuple[str, ...] = ()
    aggregates: tuple[Aggregate, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether rows are counted rather than shown."""
        return bool(self.group_by or self.aggregates)

    @property
    def named(self) -> set[str]:
        """Every column that it names, wherever."""
        labels = {one.label for one in self.aggregates} if self.counts else set()
        return {
            *self.columns,
            *self.group_by,
            *(one.column for one in self.filters),
            *(one.column for one in self.sort if one.column not in labels or one.column in self.group_by),
            *(one.column for one in self.aggregates if one.column),
        }


class _Refused(Exception):
    def __init__(self, code: str, **facts: Any) -> None:
        self.refusal = Refusal(code, facts)


def parse(given: Any, columns: Sequence[Column], may_count: bool = False) -> Query | Refusal:
    """What was asked of these columns, or what is wrong with it.

    :param given: ``columns``, ``filters``, ``sort``, ``limit``, ``offset``, or ``group_by`` and ``aggregates``
    :param columns: those in scope, and no others
    """
    try:
        return _query(given, {one.name: one for one in columns}, may_count)
    except _Refused as refused:
        return refused.refusal


def parse_filters(given: Any, columns: Sequence[Column]) -> tuple[Filter, ...] | Refusal:
    """Filters alone: the rows that a grant is limited to."""
    try:
        return _filters(given, {one.name: one for one in columns})
    except _Refused as refused:
        return refused.refusal


Columns = Mapping[str, Column]


def _query(given: Any, columns: Columns, may_count: bool) -> Query:
    if not isinstance(given, Mapping):
        raise _Refused("bad_query", name="")
    for name in given:
        if name not in KEYS:
            raise _Refused("bad_query", name=_shown(name))
    found = Query(
        filters=_filters(given.get("filters"), columns),
        limit=_number(given, "limit", USUAL_ROWS, MOST_ROWS),
        offset=_number(given, "offset", 0, FURTHEST),
        group_by=_names(given, "group_by", columns, MOST_GROUPS),
        aggregates=_aggregates(given.get("aggregates"), columns),
    )
    if found.counts:
        return _counting(given, found, may_count)
    shown = _names(given, "columns", columns, len(columns)) or tuple(columns)
    return replace(found, columns=shown, sort=_sort(given, columns))


def _counting(given: Mapping[str, Any], found: Query, may_count: bool) -> Query:
    if not may_count:
        raise _Refused("no_aggregates")
    if given.get("columns"):
        raise _Refused("bad_query", name="columns")
    found = replace(found, aggregates=found.aggregates or (Aggregate("count"),))
    labels = (*found.group_by, *(one.label for one in found.aggregates))
    return replace(found, sort=_sort(given, dict.fromkeys(labels)))


def _column(name: Any, columns: Mapping[str, Any]) -> str:
    if not isinstance(name, str) or name not in columns:
        raise _Refused("no_such_column", column=_shown(name))
    return name


def _list(given: Any, name: str, most: int) -> Sequence[Any]:
    found = [] if given is None else given
    if not isinstance(found, list | tuple) or len(found) > most:
        raise _Refused("bad_query", name=name, most=most)
    return found


def _names(given: Mapping[str, Any], name: str, columns: Columns, most: int) -> tuple[str, ...]:
    found = (_column(one, columns) for one in _list(given.get(name), name, max(most, MOST_GROUPS)))
    return tuple(dict.fromkeys(found))


def _sort(given: Mapping[str, Any], columns: Mapping[str, Any]) -> tuple[Sort, ...]:
    found = []
    for one in _list(given.get("sort"), "sort", MOST_SORTS):
        if (
            not isinstance(one, Mapping)
            or set(one) - {"column", "desc"}
            or not isinstance(one.get("desc", False), bool)
        ):
            raise _Refused("bad_query", name="sort")
        found.append(Sort(_column(one.get("column"), columns), one.get("desc", False)))
    return tuple(found)


def _number(given: Mapping[str, Any], name: str, usual: int, most: int) -> int:
    value = given.get(name, usual)
    if isinstance(value, str) and re.fullmatch(r"\d{1,10}", value, re.ASCII):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise _Refused("bad_query", name=name, most=most)
    return value


def _aggregates(given: Any, columns: Columns) -> tuple[Aggregate, ...]:
    found = []
    for one in _list(given, "aggregates", MOST_AGGREGATES):
        if not isinstance(one, Mapping) or set(one) - {"function", "column"}:
            raise _Refused("bad_query", name="aggregates")
        found.append(_aggregate(one.get("function"), one.get("column") or "", columns))
    return tuple(dict.fromkeys(found))


def _aggregate(function: Any, name: Any, columns: Columns) -> Aggregate:
    if not isinstance(function, str) or function not in FUNCTIONS:
        raise _Refused("bad_function", function=_shown(function))
    if not name and function == "count":
        return Aggregate("count")
    column = columns[_column(name, columns)]
    if function in OF_NUMBERS and column.type not in NUMBERS:
        raise _Refused("not_numbers", column=column.name)
    return Aggregate(function, column.name)


def _filters(given: Any, columns: Columns) -> tuple[Filter, ...]:
    return tuple(_filter(one, columns) for one in _list(given, "filters", MOST_FILTERS))


def _filter(given: Any, columns: Columns) -> Filter:
    if not isinstance(given, Mapping) or set(given) - {"column", "op", "value"}:
        raise _Refused("bad_query", name="filters")
    column = columns[_column(given.get("column"), columns)]
    op, value = given.get("op", "eq"), given.get("value")
    if not isinstance(op, str) or op not in OPS:
        raise _Refused("bad_op", op=_shown(op))
    return Filter(column.name, op, _value(column, op, value))


def _value(column: Column, op: str, value: Any) -> Any:
    if op == "is_null":
        if not isinstance(value, bool | None):
            raise _bad_value(column, value)
        return value is not False
    if op in OF_TEXTS:
        return _text(column, value)
    if op == "in":
        if not isinstance(value, list | tuple) or not 0 < len(value) <= MOST_VALUES:
            raise _bad_value(column, value)
        return tuple(TYPED[column.type](column, one) for one in value)
    return TYPED[column.type](column, value)


def _bad_value(column: Column, value: Any) -> _Refused:
    return _Refused("bad_value", column=column.name, type=column.type, value=_shown(value))


def _text(column: Column, value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or len(value) > LONGEST_VALUE or not _is_unicode(value):
        raise _bad_value(column, value)
    return value


def _is_unicode(value: str) -> bool:
    """No half of a pair, which JSON can carry and no database takes."""
    return not re.search("[\ud800-\udfff]", value)


def _decimal(column: Column, value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise _bad_value(column, value)
    try:
        found = Decimal(str(value).strip()) if len(str(value)) <= 60 else Decimal("NaN")
    except InvalidOperation:
        raise _bad_value(column, value) from None
    exponent = found.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -18 or (found and found.adjusted() > 18):
        raise _bad_value(column, value)
    return Decimal(f"{found:f}")  # 1E+18 is taken for 1 by some versions of the engine


def _day(column: Column, value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise _bad_value(column, value) from None


def _moment(column: Column, value: Any) -> datetime:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise _bad_value(column, value) from None
    if found.tzinfo is not None:
        raise _bad_value(column, value)
    return found


TYPED: Mapping[str, Callable[[Column, Any], Any]] = {
    "text": _text,
    "integer": _decimal,
    "number": _decimal,
    "date": _day,
    "datetime": _moment,
}


def _shown(value: Any) -> str:
    """What was given, short enough to be told again."""
    return "".join(one if one.isprintable() else "?" for one in str(value)[:60])
