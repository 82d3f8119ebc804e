"""Spans, clock and what is to come, from the events of an application; no CKAN."""

from __future__ import annotations

from datetime import date, datetime, timezone
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ckanext.anshan.application import following
from ckanext.anshan.application.following import Span
from ckanext.anshan.application.rules import FINAL, State

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 11, 9)


def event(after: str, day: int, due: date | None = None, hour: int = 4) -> Any:
    return SimpleNamespace(after=after, due=due, created=datetime(2026, 11, day, hour, tzinfo=timezone.utc))


ASKED = [
    event("submitted", 9, date(2026, 11, 30)),
    event("submitted", 10, date(2026, 11, 30)),  # taken
    event("supplement", 17, date(2026, 12, 1)),
    event("submitted", 19, date(2026, 12, 2)),
]


def test_each_state_in_which_somebody_owes_a_step_is_a_span():
    found = following.spans(ASKED, ZONE)
    assert [(one.state, one.began.day, one.ended and one.ended.day) for one in found] == [
        (State.SUBMITTED, 9, 17),
        (State.SUPPLEMENT, 17, 19),
        (State.SUBMITTED, 19, None),
    ]


def test_a_day_begins_in_the_city():
    assert following.spans([event("submitted", 9, None, hour=17)], ZONE)[0].began == date(2026, 11, 10)


def test_putting_off_moves_the_last_day_of_the_span_that_runs():
    later = date(2026, 12, 21)
    found = following.spans([*ASKED, event("submitted", 25, later)], ZONE)
    assert [one.due for one in found] == [date(2026, 11, 30), date(2026, 12, 1), later]


def test_days_of_the_supplement_are_stopped_and_not_used():
    clock = following.clock_of(following.spans(ASKED, ZONE), None, date(2026, 11, 24))
    assert clock and (clock.used, clock.stopped, clock.left) == (9, 2, 6)
    assert clock.due == date(2026, 12, 2)


def test_while_it_is_stopped_what_was_left_stays():
    clock = following.clock_of(following.spans(ASKED[:3], ZONE), 9, date(2026, 11, 18))
    assert clock and clock.is_stopped and clock.left == 9
    later = following.clock_of(following.spans(ASKED[:3], ZONE), 9, date(2026, 11, 20))
    assert later and clock.due and later.due and later.due > clock.due


def test_an_answer_ends_the_count():
    clock = following.clock_of(following.spans([*ASKED, event("approved", 24)], ZONE), None, date(2026, 12, 24))
    assert clock and clock.left is None and clock.used == 9


def test_a_draft_has_no_clock():
    assert following.clock_of([], None, MONDAY) is None


def test_a_late_span_is_explained_until_today():
    span = Span(State.SUBMITTED, MONDAY, date(2026, 11, 12))
    assert span.days(date(2026, 11, 13), "zh_CN")[-1].date == date(2026, 11, 13)
    assert span.days(date(2026, 11, 10), "zh_CN")[-1].date == date(2026, 11, 12)


@pytest.mark.parametrize("state", [state for state in State if state not in FINAL])
def test_whatever_is_open_says_what_comes(state: State):
    row = SimpleNamespace(state=state.value, due=MONDAY, ends=MONDAY, starts=MONDAY, destroyed=None)
    found = following.coming(row, None, 10)
    assert [one.is_now for one in found] == [True] + [False] * (len(found) - 1)


def test_what_was_used_is_destroyed_in_the_end_and_nothing_else():
    row = SimpleNamespace(state="expired", due=None, ends=MONDAY, starts=MONDAY, destroyed=None)
    assert [one.name for one in following.coming(row, None, 10)] == ["destroy"]
    row.destroyed = MONDAY
    assert following.coming(row, None, 10) == []
    assert following.coming(SimpleNamespace(state="closed", starts=None, destroyed=None), None, 10) == []
