"""Working days: the official calendar in figures, and that the functions agree with each other."""

from __future__ import annotations

import logging
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.anshan.workflow import workdays
from ckanext.anshan.workflow.workdays import after, between, explain, is_known, is_working_day, left

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
FAR = st.dates(date(1900, 1, 1), date(2200, 12, 31))
TERMS = st.integers(0, 40)
DAY = timedelta(days=1)


@pytest.fixture()
def anew():
    """As in a process that has just begun."""
    workdays._year.cache_clear()
    yield
    workdays._year.cache_clear()


# by the notices of the State Council of November 2024 and November 2025
NATIONAL_DAYS = [*((2025, 10, day) for day in range(1, 9)), *((2026, 10, day) for day in range(1, 8))]
MAKE_UP = [
    *((2025, 1, 26), (2025, 2, 8), (2025, 4, 27), (2025, 9, 28), (2025, 10, 11)),
    *((2026, 1, 4), (2026, 2, 14), (2026, 2, 28), (2026, 5, 9), (2026, 9, 20), (2026, 10, 10)),
]


@pytest.mark.parametrize("day", NATIONAL_DAYS, ids=str)
def test_nobody_works_at_national_day(day):
    assert not is_working_day(date(*day))


@pytest.mark.parametrize("day", MAKE_UP, ids=str)
def test_weekends_that_are_made_up_for_are_worked(day):
    assert date(*day).weekday() >= 5
    assert is_working_day(date(*day))
    assert explain(date(*day) - DAY, date(*day))[0].why == "make_up"


@pytest.mark.parametrize(("year", "days"), [(2025, 248), (2026, 248)])
def test_a_year_has_as_many_working_days_as_the_notice_leaves(year, days):
    assert between(date(year - 1, 12, 31), date(year, 12, 31)) == days


def test_a_term_goes_around_a_holiday():
    """From Tuesday before National Day 2026: 30 September, then 8, 9, 10 (a Saturday that is worked) and 12 October."""
    assert after(date(2026, 9, 29), 5) == date(2026, 10, 12)


def test_a_term_goes_over_the_year():
    """1 January 2027 is a holiday by law, whatever else will be announced."""
    assert after(date(2026, 12, 30), 2) == date(2027, 1, 4)


def test_days_of_a_term_say_why_they_count():
    told = [(day.date.day, day.counts, day.why, day.name) for day in explain(date(2026, 9, 29), date(2026, 10, 10))]
    assert told == [
        (30, True, "working", ""),
        (1, False, "holiday", "国庆节"),
        (2, False, "holiday", "国庆节"),
        (3, False, "holiday", "国庆节"),
        (4, False, "weekend", ""),
        (5, False, "holiday", "国庆节（补假）"),
        (6, False, "swapped", ""),
        (7, False, "swapped", ""),
        (8, True, "working", ""),
        (9, True, "working", ""),
        (10, True, "make_up", ""),
    ]


def test_holidays_are_named_in_english_too():
    assert explain(date(2026, 12, 31), date(2027, 1, 1), "en_US")[0].name == "New Year's Day"
    assert explain(date(2026, 10, 5), date(2026, 10, 6), "en_US")[0].why == "swapped"


def test_the_day_after_the_last_is_late_be_it_a_saturday():
    friday, saturday, monday, tuesday = (date(2026, 11, day) for day in (27, 28, 30, 24))
    assert left(tuesday, friday) == 3
    assert left(friday, friday) == 0
    assert left(saturday, friday) == -1
    assert left(monday, friday) == -1
    assert left(monday + DAY, friday) == -2


@pytest.mark.parametrize("year", [2025, 2026])
def test_years_of_a_notice_are_known(year):
    assert is_known(year)


def test_a_year_without_a_notice_has_the_holidays_of_the_law_and_a_warning_once(anew, caplog):
    assert not is_known(2027)
    with caplog.at_level(logging.WARNING):
        spring = [is_working_day(date(2027, 2, 5) + number * DAY) for number in range(5)]
        assert after(date(2027, 2, 1), 200).year == 2027
    assert not any(spring)
    assert [record.args[0] for record in caplog.records if record.args] == [2027]


@pytest.mark.parametrize("year", [1901, 2150])
def test_a_year_outside_the_package_has_weekends_alone_and_a_warning_once(anew, caplog, year):
    monday = date(year, 9, 30) + ((7 - date(year, 9, 30).weekday()) % 7) * DAY
    with caplog.at_level(logging.WARNING):
        assert [is_working_day(monday + number * DAY) for number in range(7)] == [True] * 5 + [False] * 2
        assert after(monday, 15) == monday + 21 * DAY
    assert len([record for record in caplog.records if str(year) in record.getMessage()]) == 1
    assert not is_known(year)


@given(FAR, TERMS)
def test_no_date_is_refused(day, days):
    assert after(day, days) >= day


@given(DAYS, st.integers(1, 40))
def test_a_term_ends_on_a_working_day(start, days):
    assert is_working_day(after(start, days))


@given(DAYS, TERMS)
def test_what_is_left_is_what_was_given(start, days):
    assert left(start, after(start, days)) == days
    assert between(start, after(start, days)) == days


@given(DAYS, TERMS)
def test_a_longer_term_ends_later(start, days):
    assert after(start, days) < after(start, days + 1)


@given(DAYS, DAYS, TERMS)
def test_who_begins_later_ends_no_sooner(one, other, days):
    first, second = sorted((one, other))
    assert after(first, days) <= after(second, days)


@given(DAYS, TERMS, TERMS)
def test_two_terms_in_a_row_are_one_of_both(start, one, other):
    assert after(after(start, one), other) == after(start, one + other)


@given(DAYS, DAYS)
def test_left_is_negative_when_late_and_never_before(today, due):
    assert (left(today, due) < 0) == (today > due)


@given(DAYS, DAYS)
def test_each_day_brings_the_end_nearer_by_one_at_most(today, due):
    assert left(today, due) - left(today + DAY, due) in (0, 1)


@given(DAYS, TERMS)
def test_the_days_that_count_are_the_term(start, days):
    told = explain(start, after(start, days))
    assert sum(day.counts for day in told) == days
    assert all(day.counts == is_working_day(day.date) for day in told)
    assert all(day.why in workdays.REASONS and bool(day.name) == (day.why == "holiday") for day in told)
