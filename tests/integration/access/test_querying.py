"""A question under a grant is answered as far as the grant goes, whatever is asked."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import pytest
from ckan.plugins import toolkit as tk
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ckanext.anshan.access import engine, marking, querying
from ckanext.anshan.access.marking import Mark
from ckanext.anshan.access.queries import Aggregate, Filter, Query, Sort
from ckanext.anshan.access.querying import Page, TableScope
from ckanext.anshan.access.rules import Refusal

from . import tabular
from .tabular import HEADER, KEY, PUBLIC, scope

pytestmark = pytest.mark.usefixtures("with_plugins")

AT = {name: at for at, name in enumerate(HEADER)}
SHOWN = [name for name in HEADER if name in PUBLIC]
EAST = ({"column": "区", "op": "in", "value": ["铁东区"]},)


def asked(given: Any, within: TableScope | None = None, key: bytes = KEY) -> Page:
    found = querying.ask(within or scope(), given, key)
    assert isinstance(found, Page), found
    return found


def refused(given: Any, within: TableScope | None = None) -> str:
    found = querying.ask(within or scope(), given, KEY)
    assert isinstance(found, Refusal), found
    return found.code


def as_told(row: tuple[str, ...], columns: list[str]) -> list[Any]:
    """A row as the API has it: whole numbers as numbers, the rest as in the file."""
    values = {name: row[AT[name]] or None for name in HEADER}
    values["次数"] = int(values["次数"]) if values["次数"] else None  # pyright: ignore[reportArgumentType]
    return [values[name] for name in columns]


def test_the_first_page_has_the_columns_in_scope_in_the_order_of_the_mark():
    found = asked({})
    order = marking.ordered(Mark(KEY), np.arange(3000))
    assert [one["name"] for one in found.columns] == SHOWN
    assert [one["type"] for one in found.columns] == ["text", "text", "number", "date", "integer"]
    assert found.rows == [as_told(tabular.rows()[number], SHOWN) for number in order[:100]]
    assert found.total == 3000


def test_pages_make_the_whole_whatever_is_filtered():
    given = {"filters": [{"column": "区", "value": "铁东区"}], "limit": 170}
    pages = [asked({**given, "offset": offset}).rows for offset in range(0, 1200, 170)]
    expected = [as_told(row, SHOWN) for row in tabular.rows() if row[2] == "铁东区"]
    assert sorted(row for page in pages for row in page) == sorted(expected)


def test_two_grants_get_the_same_rows_in_another_order():
    one, other = asked({"limit": 160}), asked({"limit": 160}, key=b"another grant ..")
    assert one.rows != other.rows
    assert sorted(one.rows) == sorted(other.rows), "ten whole blocks"


SECRETS = {
    "shown": {"columns": ["姓名"]},
    "filtered": {"filters": [{"column": "姓名", "op": "starts", "value": "canary-1"}]},
    "sorted": {"sort": [{"column": "姓名"}]},
    "grouped": {"group_by": ["姓名"]},
    "counted": {"aggregates": [{"function": "max", "column": "姓名"}]},
    "by its place in the copy": {"columns": ["c1"]},
    "as SQL": {"columns": ['编号", c1 AS "x']},
}


@pytest.mark.parametrize("how", SECRETS)
def test_a_column_out_of_scope_is_not_there(how):
    unknown = eval(repr(SECRETS[how]).replace("姓名", "没有"))
    answers = [querying.ask(scope(may_aggregate=True), one, KEY) for one in (SECRETS[how], unknown)]
    assert [one.code for one in answers if isinstance(one, Refusal)] == ["no_such_column"] * 2


MADE_BY_HAND = {
    "shown": Query(columns=("姓名",)),
    "filtered": Query(columns=("编号",), filters=(Filter("姓名", "eq", "canary-1"),)),
    "sorted": Query(columns=("编号",), sort=(Sort("姓名"),)),
    "grouped": Query(group_by=("姓名",), aggregates=(Aggregate("count"),)),
    "counted": Query(aggregates=(Aggregate("max", "姓名"),)),
    "sorted by what isn't counted": Query(group_by=("区",), sort=(Sort("姓名"),)),
}


@pytest.mark.parametrize("how", MADE_BY_HAND)
def test_a_question_that_went_around_the_parser_is_refused_too(how):
    assert querying.run(scope(may_aggregate=True), MADE_BY_HAND[how], KEY) == Refusal("no_such_column")


def test_counting_is_refused_where_it_is_not_granted():
    assert refused({"group_by": ["区"]}) == "no_aggregates"
    assert querying.run(scope(), Query(aggregates=(Aggregate("count"),)), KEY) == Refusal("no_aggregates")


def test_rows_out_of_scope_are_never_met():
    """Not by a filter, an order, a page far behind, or a count; the column of the limit needn't be granted."""
    within = scope(rows=EAST, columns=PUBLIC - {"区"}, may_aggregate=True)
    inside = {row[0] for row in tabular.rows() if row[2] == "铁东区"}
    outside = next(row[0] for row in tabular.rows() if row[0] not in inside)
    everything = [
        row for offset in range(0, 3000, 1000) for row in asked({"limit": 1000, "offset": offset}, within).rows
    ]
    assert {row[0] for row in everything} == inside
    assert asked({"filters": [{"column": "编号", "value": outside}]}, within).total == 0
    assert asked({"filters": [{"column": "编号", "op": "ne", "value": "x"}]}, within).total == len(inside)
    assert asked({"sort": [{"column": "编号", "desc": True}], "limit": 1}, within).rows[0][0] == max(inside)
    assert asked({"aggregates": [{"function": "count"}, {"function": "max", "column": "编号"}]}, within).rows == [
        [len(inside), max(inside)]
    ]
    assert refused({"filters": [{"column": "区", "value": "铁西区"}]}, within) == "no_such_column"


def test_blocks_of_a_part_of_the_rows_hold_as_many():
    rare = ({"column": "编号", "op": "in", "value": [f"{number:06}" for number in range(0, 3000, 30)]},)
    within = scope(rows=rare)
    found = [int(row[0]) for row in asked({"limit": 1000}, within).rows]
    assert sorted(found) == list(range(0, 3000, 30))
    assert sum(np.diff(found) < 0) > 20, "the order carries a mark"
    mark = querying.mark(within, KEY)
    assert isinstance(mark, Mark) and mark.rows is not None
    assert (mark.width, mark.rows.tolist(), mark.columns) == (512, sorted(found), PUBLIC)


def test_a_limit_by_a_column_that_is_gone_gives_no_row():
    gone = ({"column": "已经没有", "op": "in", "value": ["a"]},)
    assert refused({}, scope(rows=gone)) == "rows_not_offered"
    assert refused({}, scope(columns=frozenset({"已经没有"}))) == "columns_not_offered"
    assert refused({}, TableScope("0" * 64, PUBLIC)) == "no_copy_yet"


PYTHON: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda one, value: one == value,
    "ne": lambda one, value: one != value,
    "lt": lambda one, value: one is not None and one < value,
    "le": lambda one, value: one is not None and one <= value,
    "gt": lambda one, value: one is not None and one > value,
    "ge": lambda one, value: one is not None and one >= value,
}
NUMBERS = st.one_of(
    st.integers(-(10**18), 10**18),
    st.integers(-2, 1001),
    st.decimals(-(10**6), 10**6, places=4).map(str),
    st.sampled_from(["0.5", "1e18", "-0", "0.000000000000000001", "12345678.123456789012345678"]),
)
VALUES = {
    "编号": st.integers(0, 3000).map(lambda number: f"{number:06}") | st.text(max_size=3),
    "区": st.sampled_from(["铁东区", "立山区", "'; DROP TABLE x; --", "", "\0", "区%"]),
    "金额": NUMBERS,
    "次数": NUMBERS,
    "日期": st.sampled_from(["2026-01-05", "2026-12-28", "0001-01-01", "9999-12-31"]),
}
FILTERS = st.sampled_from(sorted(VALUES)).flatmap(
    lambda name: st.tuples(st.just(name), st.sampled_from(sorted(PYTHON)), VALUES[name])
)


@example([("次数", "eq", "1e18")])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FILTERS, max_size=2))
def test_filters_choose_what_python_would(filters):
    given = [{"column": name, "op": op, "value": value} for name, op, value in filters]
    found = asked({"filters": given, "columns": ["编号"], "sort": [{"column": "编号"}], "limit": 1000})
    fits = [row[0] for row in tabular.rows() if all(_fits(row, *one) for one in filters)]
    assert (found.total, [row[0] for row in found.rows]) == (len(fits), fits[:1000])
    unsorted = asked({"filters": given, "columns": ["编号"], "limit": 1000})
    assert unsorted.total == len(fits)
    assert len(fits) > 1000 or sorted(row[0] for row in unsorted.rows) == fits


def _fits(row: tuple[str, ...], name: str, op: str, value: Any) -> bool:
    own: Any = row[AT[name]] or None
    if name in ("金额", "次数"):
        own, value = Decimal(own) if own else None, Decimal(str(value))
    return PYTHON[op](own, value)


def test_texts_are_looked_into_and_empty_ones_are_found():
    everything = scope(columns=frozenset(HEADER))
    count = Counter(row[6] for row in tabular.rows())

    def total(**given: Any) -> int:
        return asked({"filters": [given]}, everything).total

    assert total(column="备注", op="contains", value="+1") == count["=1+1"]
    assert total(column="备注", op="contains", value="%") == 0
    assert total(column="备注", op="starts", value="引") == count['引"号']
    assert total(column="备注", op="is_null") == count[""]
    assert total(column="备注", op="is_null", value=False) == 3000 - count[""]
    assert total(column="次数", op="is_null", value=True) == 300
    assert total(column="日期", op="starts", value="2026-0") == sum(
        row[4].startswith("2026-0") for row in tabular.rows()
    )


def test_sorting_puts_empty_ones_last_and_equal_ones_in_the_order_of_the_file():
    for desc in (False, True):
        found = asked(
            {"sort": [{"column": "次数", "desc": desc}], "columns": ["编号", "次数"], "limit": 1000, "offset": 2500}
        )
        assert [row[1] for row in found.rows[-300:]] == [None] * 300
        assert [row[0] for row in found.rows[-300:]] == [f"{number:06}" for number in range(0, 3000, 10)]


def test_groups_are_counted_exactly():
    found = asked(
        {
            "group_by": ["区"],
            "aggregates": [
                {"function": "count"},
                {"function": "count", "column": "次数"},
                {"function": "sum", "column": "金额"},
                {"function": "max", "column": "日期"},
            ],
            "sort": [{"column": "sum(金额)", "desc": True}],
        },
        scope(may_aggregate=True),
    )
    expected = []
    for district in ("铁东区", "铁西区", "立山区"):
        own = [row for row in tabular.rows() if row[2] == district]
        total = sum(Decimal(row[3]) for row in own)
        expected.append([district, len(own), sum(row[5] != "" for row in own), str(total), max(row[4] for row in own)])
    assert found.rows == sorted(expected, key=lambda one: -Decimal(one[3]))
    assert found.total == 3
    assert [one["type"] for one in found.columns] == ["text", "integer", "integer", "number", "date"]


def test_small_groups_are_not_told(monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.anshan.access.min_group", 1010)
    own = Counter(row[2] for row in tabular.rows())
    assert min(own.values()) < 1010 < max(own.values()), own
    found = asked({"group_by": ["区"]}, scope(may_aggregate=True))
    assert {row[0] for row in found.rows} == {name for name, count in own.items() if count >= 1010}
    assert found.total == len(found.rows)
    few = {"aggregates": [{"function": "sum", "column": "金额"}], "filters": [{"column": "编号", "value": "000001"}]}
    assert asked(few, scope(may_aggregate=True)).rows == []


def test_a_count_of_nothing_is_none():
    given = {"aggregates": [{"function": "count"}], "filters": [{"column": "编号", "value": "x"}]}
    assert asked(given, scope(may_aggregate=True)).rows == [[0]]


def test_headers_never_become_sql():
    names = ['a"; DROP TABLE x; --', "b'", "c)", "row", "c0", "n1"]
    sha256 = tabular.stored(tabular.text(names, [["1", "2", "3", "4", "5", "6"]]))
    within = TableScope(sha256, frozenset(names), may_aggregate=True)
    for name in names:
        assert (
            asked(
                {"columns": [name], "sort": [{"column": name}], "filters": [{"column": name, "value": "9"}]}, within
            ).total
            == 0
        )
        found = asked({"group_by": [name], "aggregates": [{"function": "sum", "column": name}]}, within)
        assert [one["name"] for one in found.columns] == [name, f"sum({name})"]


def test_a_question_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(engine.options, "query_seconds", lambda: 0.0)

    def slow(cursor: Any, *_: Any) -> None:
        cursor.execute(
            "SELECT count(*) FROM range(10000000) AS a, range(10000000) AS b WHERE a.range * b.range % 7 = 3"
        )

    with monkeypatch.context() as patch:
        patch.setattr(querying, "_shown", slow)
        assert refused({}) == "query_too_slow"
    monkeypatch.undo()
    assert asked({"limit": 1}).total == 3000, "the next one is answered"


def test_the_engine_sees_nothing_but_copies():
    asked({"limit": 1})
    with engine.asked(5) as cursor:
        for statement in (
            "SELECT * FROM read_text('/etc/passwd')",
            f"SELECT * FROM read_text('{engine.folder()}/../../etc/passwd')",
            "COPY (SELECT 1) TO '/tmp/anshan-x.csv'",
            "ATTACH '/tmp/anshan-x.db'",
            "INSTALL httpfs",
            "LOAD httpfs",
            "SET memory_limit = '64GB'",
            "SET enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error):
                cursor.execute(statement)


def test_many_threads_ask_at_once():
    expected = {name: sum(row[2] == name for row in tabular.rows()) for name in ("铁东区", "铁西区", "立山区")}
    scope_here, problems = scope(), []
    found = querying.opened(scope_here)

    def ask(name: str) -> None:
        for _ in range(10):
            query = Query(columns=("编号",), filters=(Filter("区", "eq", name),))
            page = querying._answered(found, query, KEY)  # pyright: ignore[reportArgumentType]
            if not isinstance(page, Page) or page.total != expected[name]:
                problems.append(page)

    threads = [threading.Thread(target=ask, args=(name,)) for name in expected for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert problems == []


def test_a_forked_process_opens_an_engine_of_its_own():
    """As gunicorn does with an application that is loaded already; here even with an engine in use."""
    asked({"limit": 1})
    found = querying.opened(scope())
    child = os.fork()
    if not child:
        try:
            page = querying._answered(found, Query(columns=("编号",), limit=1), KEY)  # pyright: ignore[reportArgumentType]
            os._exit(0 if isinstance(page, Page) and page.total == 3000 else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert asked({"limit": 1}).total == 3000
