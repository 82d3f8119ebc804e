"""What may be asked of a table; a column out of scope is answered as one that isn't there, wherever it is named."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.anshan.access.queries import (
    MOST_FILTERS,
    MOST_ROWS,
    OPS,
    Aggregate,
    Column,
    Filter,
    Query,
    Sort,
    parse,
    parse_filters,
)
from ckanext.anshan.access.rules import Refusal

COLUMNS = (
    Column("站名", "text", 0),
    Column("人数", "integer", 2),
    Column("金额", "number", 3, is_exact=False),
    Column("日期", "date", 4),
    Column("时间", "datetime", 5),
)
SECRET = "身份证号"


def code(given, may_count=True):
    found = parse(given, COLUMNS, may_count)
    assert isinstance(found, Refusal), found
    return found.code


def query(**given) -> Query:
    found = parse(given, COLUMNS, may_count=True)
    assert isinstance(found, Query), found
    return found


def test_nothing_asked_is_the_first_page_of_all_columns():
    assert query() == Query(columns=tuple(one.name for one in COLUMNS))


def test_a_whole_question_is_read():
    found = query(
        columns=["人数", "站名", "人数"],
        filters=[{"column": "人数", "op": "ge", "value": "5"}, {"column": "站名", "value": "鞍山站"}],
        sort=[{"column": "金额", "desc": True}],
        limit="20",
        offset=40,
    )
    assert found.columns == ("人数", "站名")
    assert found.filters == (Filter("人数", "ge", Decimal(5)), Filter("站名", "eq", "鞍山站"))
    assert (found.sort, found.limit, found.offset) == ((Sort("金额", True),), 20, 40)


def test_counting_is_asked_by_groups_and_functions():
    found = query(
        group_by=["站名"],
        aggregates=[{"function": "sum", "column": "金额"}, {"function": "count"}],
        sort=[{"column": "sum(金额)", "desc": True}],
    )
    assert found.aggregates == (Aggregate("sum", "金额"), Aggregate("count"))
    assert found.sort == (Sort("sum(金额)", True),)
    assert query(group_by=["站名"]).aggregates == (Aggregate("count"),)


PLACES = {
    "shown": {"columns": [SECRET]},
    "filtered": {"filters": [{"column": SECRET, "op": "eq", "value": "1"}]},
    "asked whether empty": {"filters": [{"column": SECRET, "op": "is_null"}]},
    "sorted by": {"sort": [{"column": SECRET}]},
    "grouped by": {"group_by": [SECRET]},
    "counted": {"aggregates": [{"function": "min", "column": SECRET}]},
    "sorted by when counted": {"group_by": ["站名"], "sort": [{"column": f"max({SECRET})"}]},
    "sorted by a column that isn't a group": {"group_by": ["站名"], "sort": [{"column": "人数"}]},
}


@pytest.mark.parametrize("place", PLACES)
def test_a_column_out_of_scope_is_as_unknown_as_any(place):
    assert code(PLACES[place]) == "no_such_column"


BAD = {
    "a list": ([], "bad_query"),
    "an unknown key": ({"where": "1=1"}, "bad_query"),
    "too many rows": ({"limit": MOST_ROWS + 1}, "bad_query"),
    "fewer than no rows": ({"limit": -1}, "bad_query"),
    "a limit that is no number": ({"limit": "1; drop"}, "bad_query"),
    "a limit that is true": ({"limit": True}, "bad_query"),
    "columns that are no list": ({"columns": "站名"}, "bad_query"),
    "a column that is no name": ({"columns": [["站名"]]}, "no_such_column"),
    "too many filters": ({"filters": [{"column": "站名", "value": "a"}] * (MOST_FILTERS + 1)}, "bad_query"),
    "an unknown part of a filter": ({"filters": [{"column": "站名", "value": "a", "sql": "b"}]}, "bad_query"),
    "an unknown sign": ({"filters": [{"column": "站名", "op": "like", "value": "a"}]}, "bad_op"),
    "a sign that is no name": ({"filters": [{"column": "站名", "op": ["eq"], "value": "a"}]}, "bad_op"),
    "a word for a number": ({"filters": [{"column": "人数", "value": "many"}]}, "bad_value"),
    "not a number": ({"filters": [{"column": "人数", "value": "NaN"}]}, "bad_value"),
    "a number beyond all columns": ({"filters": [{"column": "人数", "value": "1e30"}]}, "bad_value"),
    "a day that isn't": ({"filters": [{"column": "日期", "value": "2026-02-30"}]}, "bad_value"),
    "a moment of a zone": ({"filters": [{"column": "时间", "value": "2026-01-01T00:00:00+08:00"}]}, "bad_value"),
    "no value": ({"filters": [{"column": "站名"}]}, "bad_value"),
    "a text too long": ({"filters": [{"column": "站名", "value": "a" * 1001}]}, "bad_value"),
    "half of a pair": ({"filters": [{"column": "站名", "value": "\ud800"}]}, "bad_value"),
    "a list where a value is": ({"filters": [{"column": "站名", "value": ["a"]}]}, "bad_value"),
    "a value where a list is": ({"filters": [{"column": "站名", "op": "in", "value": "a"}]}, "bad_value"),
    "an empty list": ({"filters": [{"column": "站名", "op": "in", "value": []}]}, "bad_value"),
    "an order that isn't": ({"sort": [{"column": "站名", "desc": "yes"}]}, "bad_query"),
    "an unknown function": ({"aggregates": [{"function": "median", "column": "人数"}]}, "bad_function"),
    "a sum of texts": ({"aggregates": [{"function": "sum", "column": "站名"}]}, "not_numbers"),
    "a sum of nothing": ({"aggregates": [{"function": "sum"}]}, "no_such_column"),
    "columns beside groups": ({"group_by": ["站名"], "columns": ["人数"]}, "bad_query"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_refused_with_its_reason(name):
    given, expected = BAD[name]
    assert code(given) == expected


def test_counting_has_to_be_granted():
    assert code({"group_by": ["站名"]}, may_count=False) == "no_aggregates"
    assert code({"aggregates": [{"function": "count"}]}, may_count=False) == "no_aggregates"


@pytest.mark.parametrize(
    ("column", "value", "typed"),
    [
        ("人数", 5, Decimal(5)),
        ("金额", "12.50", Decimal("12.50")),
        ("金额", 0.1, Decimal("0.1")),
        ("日期", "2026-01-05", date(2026, 1, 5)),
        ("时间", "2026-01-05 08:30", datetime(2026, 1, 5, 8, 30)),
        ("站名", 7, "7"),
    ],
)
def test_values_get_the_type_of_their_column(column, value, typed):
    assert query(filters=[{"column": column, "value": value}]).filters[0].value == typed
    assert query(filters=[{"column": column, "op": "in", "value": [value]}]).filters[0].value == (typed,)


def test_rows_of_a_grant_are_filters_over_any_column():
    assert parse_filters([{"column": "站名", "op": "in", "value": ["a"]}], COLUMNS) == (Filter("站名", "in", ("a",)),)
    assert isinstance(parse_filters([{"column": "nothing", "value": 1}], COLUMNS), Refusal)


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([SECRET, "站名", "人数"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
part = st.fixed_dictionaries(
    {},
    optional={
        "column": anything,
        "op": st.sampled_from(sorted(OPS)) | anything,
        "value": anything,
        "desc": anything,
        "function": st.sampled_from(["count", "sum", "min"]) | anything,
    },
)
questions = st.fixed_dictionaries(
    {},
    optional={
        "columns": st.lists(anything, max_size=3) | anything,
        "group_by": st.lists(anything, max_size=3) | anything,
        **{name: st.lists(part, max_size=3) | anything for name in ("filters", "sort", "aggregates")},
        "limit": anything,
        "offset": anything,
    },
)


@given(questions | anything, st.booleans())
def test_whatever_is_asked_names_only_columns_in_scope(given, may_count):
    found = parse(given, COLUMNS, may_count)
    if isinstance(found, Refusal):
        assert found.code
        return
    assert found.named <= {one.name for one in COLUMNS}
    assert may_count or not found.counts
    assert 0 <= found.limit <= MOST_ROWS and found.offset >= 0
    assert {one.op for one in found.filters} <= OPS
