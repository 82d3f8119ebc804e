"""What an address asks of a table: the conditions it names, the columns it shows, and the address of each view."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.anshan.preview import rules
from ckanext.anshan.preview.rules import Asked, Column, Condition, Pages

NAME = Column("机构名称", "text")
BEDS = Column("床位数", "bigint", unit="张")
CHECKED = Column("更新日期", "date")
HAS_LIFT = Column("电梯", "boolean")
COLUMNS = [NAME, BEDS, CHECKED, HAS_LIFT]


def read(query: str, columns=COLUMNS) -> Asked:
    return rules.read(parse_qs(query, keep_blank_values=True), columns)


def codes(query: str) -> list[str]:
    return [problem.code for problem in read(query).problems]


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        ("where.机构名称=养老", Condition("机构名称", "has", "养老")),
        ("where.机构名称==海城市第一养老院", Condition("机构名称", "is", "海城市第一养老院")),
        ("where.机构名称==", Condition("机构名称", "empty")),
        ("where.床位数=100", Condition("床位数", "is", "100")),
        ("where.床位数=>=100", Condition("床位数", "from", "100")),
        ("where.更新日期=<=2026-11", Condition("更新日期", "to", "2026-11")),
        ("column=床位数&sign=from&value=20", Condition("床位数", "from", "20")),
        ("column=机构名称&sign=empty&value=", Condition("机构名称", "empty")),
    ],
)
def test_an_address_says_how_a_column_is_compared(written, condition):
    assert read(written).conditions == (condition,)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("where.楼层=3", "no_such_column"),
        ("sort=-楼层", "no_such_column"),
        ("where.机构名称=>=3", "no_order"),
        ("where.床位数=许多", "not_a_number"),
        ("where.床位数=>=1e99", "not_a_number"),
        ("where.更新日期=2026-13", "not_a_date"),
        ("where.电梯=也许", "not_a_boolean"),
    ],
)
def test_what_a_column_cannot_have_is_told_and_left_out(query, code):
    assert codes(query) == [code]
    assert read(query).conditions == () and read(query).sort == ""


def test_a_problem_names_the_column_and_the_value():
    assert read("where.床位数=许多").problems[0].facts == {"column": "床位数", "value": "许多"}


@pytest.mark.parametrize(
    ("value", "start", "end"),
    [
        ("2026", datetime(2026, 1, 1), datetime(2027, 1, 1)),
        ("2026年12月", datetime(2026, 12, 1), datetime(2027, 1, 1)),
        ("2026-02-28", datetime(2026, 2, 28), datetime(2026, 3, 1)),
        ("2026-02-28 09:30", datetime(2026, 2, 28, 9, 30), datetime(2026, 2, 28, 9, 31)),
    ],
)
def test_a_date_is_the_span_that_was_written(value, start, end):
    assert rules.typed(CHECKED, value) == (start, end)


@pytest.mark.parametrize(("value", "typed"), [("1,234", Decimal(1234)), ("-3.5", Decimal("-3.5")), ("nan", None)])
def test_a_number_is_read_as_people_write_it(value, typed):
    assert rules.typed(BEDS, value) == typed


def test_columns_are_shown_in_the_order_of_the_table():
    assert [c.name for c in rules.shown(COLUMNS, read("show=床位数&show=机构名称&show=楼层"))] == ["机构名称", "床位数"]


def test_a_table_of_two_hundred_columns_shows_the_first_and_all_can_be_chosen():
    many = [Column(f"指标{at}", "text") for at in range(200)]
    assert len(rules.shown(many, Asked())) == rules.MOST_COLUMNS
    assert [c.name for c in rules.shown(many, read("show=指标199", many))] == ["指标199"]


def test_every_change_begins_at_the_first_page():
    asked = read("page=7&where.床位数=>=100")
    assert (asked.page, asked.without(asked.conditions[0]).page) == (7, 1)
    assert asked.without(asked.conditions[0]).conditions == ()


CONDITIONS = [Condition("机构名称", "has", "养老 & 100%"), Condition("床位数", "to", "3"), Condition("电梯", "empty")]


@given(
    st.builds(
        Asked,
        kind=st.sampled_from(rules.KINDS),
        sort=st.sampled_from(["", "机构名称", "床位数"]),
        conditions=st.lists(st.sampled_from(CONDITIONS), max_size=3, unique=True).map(tuple),
        show=st.sampled_from([(), ("机构名称",), ("机构名称", "床位数")]),
        page=st.integers(1, 10**6),
        rows=st.sampled_from(rules.ROWS),
    )
)
def test_a_view_is_read_from_its_own_address(asked):
    assert read(rules.query(asked)) == asked


@given(st.text(max_size=80))
def test_no_address_breaks_the_reading(text):
    read(text)


def test_a_page_says_where_it_stands():
    pages = Pages(3, 20, 47)
    assert (pages.first, pages.last, pages.of, pages.has_next) == (41, 47, 3, False)
    assert (Pages(1, 20, 0).first, Pages(1, 20, 0).last, Pages(1, 20, 0).of) == (0, 0, 1)
    assert Pages(500, 20, 10_000, is_exact=False).has_next
