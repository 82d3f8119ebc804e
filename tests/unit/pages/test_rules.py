"""What the open list tells of an item, and how its figures add up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.anshan.pages import rules
from ckanext.anshan.pages.rules import CLASSES, Facts

ITEM = {
    "opening_class": "closed",
    "name": "open-1",
    "title": "出租汽车驾驶员从业资格信息",
    "agency": "transport-bureau",
    "agency_title": "鞍山市交通运输局",
    "basis": "中华人民共和国个人信息保护法（主席令第九十一号） 第二十八条",
    "update_cycle": "monthly",
    "formats": ["CSV"],
    "version": 2,
    "release_date": "2026-10-31",
}


def facts(opening_class="unconditional", number=1, **more):
    given = {"agency_id": "a", "district": "210300", "late": False, "is_new": False}
    return Facts(opening_class=opening_class, number=number, **{**given, **more})


def test_of_a_closed_item_title_basis_and_agency_are_told_and_nothing_else():
    told = rules.told(ITEM)
    assert {name for name, value in told.items() if value} == {
        "title",
        "opening_class",
        "basis",
        "agency",
        "agency_title",
    }
    assert told.keys() == ITEM.keys()


@pytest.mark.parametrize("opening_class", ["unconditional", "conditional"])
def test_of_an_open_item_all_is_told(opening_class):
    assert rules.told(ITEM | {"opening_class": opening_class}) == ITEM | {"opening_class": opening_class}


def test_closed_items_are_listed_only_where_it_is_configured():
    assert rules.classes_listed(closed=False) == ("unconditional", "conditional")
    assert rules.classes_listed(closed=True) == CLASSES


def test_an_agency_has_the_three_classes_and_their_total_the_largest_first():
    found = rules.by_agency(
        [facts("closed", 2), facts("conditional", 3, agency_id="b"), facts(number=4, agency_id="b")]
    )
    assert found == {
        "b": {"unconditional": 4, "conditional": 3, "closed": 0, "total": 7},
        "a": {"unconditional": 0, "conditional": 0, "closed": 2, "total": 2},
    }
    assert list(found) == ["b", "a"]


@given(st.lists(st.tuples(st.sampled_from(CLASSES), st.sampled_from("abc"), st.integers(1, 50))))
def test_the_agencies_add_up_to_the_classes(rows):
    held = [facts(each, number, agency_id=agency) for each, agency, number in rows]
    agencies = rules.by_agency(held).values()
    assert rules.by_class(held) == {name: sum(one[name] for one in agencies) for name in CLASSES}


def test_what_is_closed_is_in_no_figure_of_open_data():
    closed = [facts("closed", 5, late=True, is_new=True)]
    assert rules.by_district(closed) == {}
    assert rules.updated(closed) == 0
    assert rules.punctuality(closed) == {"on_time": 0, "late": 0, "no_date": 0}


def test_an_item_without_a_date_is_neither_late_nor_on_time():
    held = [facts(late=None, number=2), facts(late=True), facts(number=3)]
    assert rules.punctuality(held) == {"on_time": 3, "late": 1, "no_date": 2}


@pytest.mark.parametrize(
    ("page", "last", "shown"),
    [
        (1, 1, [1]),
        (1, 5, [1, 2, 3, 4, 5]),
        (5, 10, [1, 2, 3, 4, 5, 6, 7, 0, 10]),
        (10, 10, [1, 0, 8, 9, 10]),
    ],
)
def test_a_pager_shows_first_last_and_what_is_near(page, last, shown):
    assert rules.pages_beside(page, last) == shown


@pytest.mark.parametrize(("count", "last"), [(0, 1), (1, 1), (50, 1), (51, 2)])
def test_an_empty_list_has_one_page(count, last):
    assert rules.last_page(count, 50) == last


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_begins_what_a_spreadsheet_would_calculate(text):
    assert rules.harmless(text) == f"'{text}"


def test_other_cells_stay_as_they_are():
    assert rules.harmless("2026年公交站点（一）") == "2026年公交站点（一）"


def test_months_go_over_the_turn_of_the_year():
    assert rules.months_until("2026-02", 4) == ["2025-11", "2025-12", "2026-01", "2026-02"]


def test_what_is_not_zero_is_drawn_so_that_it_is_seen():
    assert rules.heights([0, 1, 1000, 500]) == [0, 1, 100, 50]
    assert rules.heights([0, 0]) == [0, 0] and rules.heights([]) == []
