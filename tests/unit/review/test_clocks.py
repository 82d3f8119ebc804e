"""The clock of a submission, read from its events: whose turn it was, until when, and what was left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.anshan.review import clocks
from ckanext.anshan.review.rules import OPEN, TABLE, Clock, Command, Role, State
from ckanext.anshan.workflow import workdays

CITY = ZoneInfo("Asia/Shanghai")
S, C, R = State, Command, Role


@dataclass
class Event:
    command: str
    role: str
    before: str
    after: str
    clock: str
    due: date | None
    created: datetime


@pytest.fixture(autouse=True)
def limits(monkeypatch):
    for name, days in {"days_to_review": 5, "days_to_correct": 5, "days_to_correct_complex": 10}.items():
        monkeypatch.setitem(tk.config, f"ckanext.anshan.workflow.{name}", days)


def event(command: Command, role: Role, before: State, after: State, when: datetime, due: date | None = None) -> Event:
    step = TABLE[before, command]
    return Event(command.value, role.value, before.value, after.value, step.clock.value, due, when)


def at(month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CITY)


SUBMITTED = event(C.SUBMIT, R.EDITOR, S.DRAFT, S.SUBMITTED, at(11, 16), date(2026, 11, 23))
HEAD_SIGNED = event(C.SIGN, R.HEAD, S.SUBMITTED, S.IN_REVIEW, at(11, 18), date(2026, 11, 25))
CYBERSPACE_SIGNED = event(C.SIGN, R.CYBERSPACE, S.IN_REVIEW, S.IN_REVIEW, at(11, 20), date(2026, 11, 25))
BUREAU_SIGNED = event(C.SIGN, R.BUREAU, S.IN_REVIEW, S.RELEASED, at(11, 27))
PUBLISHED = event(C.PUBLISH, R.PUBLISHING, S.RELEASED, S.PUBLISHED, at(11, 27, 11))
RETURNED = event(C.RETURN, R.BUREAU, S.IN_REVIEW, S.RETURNED, at(11, 24), date(2026, 12, 1))
TODAY = date(2026, 11, 30)


def test_each_step_has_its_own_days():
    monday = date(2026, 11, 16)
    assert clocks.due_of(S.SUBMITTED, monday) == date(2026, 11, 23)
    assert clocks.due_of(S.IN_REVIEW, monday) == date(2026, 11, 23)
    assert clocks.due_of(S.RETURNED, monday) == date(2026, 11, 23)
    assert clocks.due_of(S.RETURNED, monday, is_complex=True) == date(2026, 11, 30)


def test_a_complex_return_prolongs_no_review():
    assert clocks.due_of(S.IN_REVIEW, TODAY, is_complex=True) == clocks.due_of(S.IN_REVIEW, TODAY)


@pytest.mark.parametrize("state", [one for one in State if one not in (S.SUBMITTED, S.IN_REVIEW, S.RETURNED)])
def test_nobody_owes_a_step_elsewhere(state):
    assert clocks.due_of(state, TODAY) is None


def test_a_limit_of_another_city_is_counted(monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.anshan.workflow.days_to_review", 1)
    assert clocks.due_of(S.SUBMITTED, date(2026, 11, 27)) == date(2026, 11, 30)


def test_the_whole_way_is_a_step_for_each_state():
    found = clocks.spans([SUBMITTED, HEAD_SIGNED, CYBERSPACE_SIGNED, BUREAU_SIGNED, PUBLISHED], CITY)
    assert [
        (one.state, one.began.day, one.due and one.due.day, one.ended and one.ended.day, one.by) for one in found
    ] == [
        (S.SUBMITTED, 16, 23, 18, C.SIGN),
        (S.IN_REVIEW, 18, 25, 27, C.SIGN),
        (S.RELEASED, 27, None, 27, C.PUBLISH),
    ]
    assert [(one.given, one.used(TODAY), one.left(TODAY), one.is_late(TODAY)) for one in found] == [
        (5, 2, 3, False),
        (5, 7, -2, True),
        (None, 0, None, False),
    ]
    assert found[1].done == {R.CYBERSPACE: date(2026, 11, 20), R.BUREAU: date(2026, 11, 27)}


def test_the_first_office_prolongs_nothing_and_the_other_still_owes():
    found = clocks.spans([SUBMITTED, HEAD_SIGNED, CYBERSPACE_SIGNED], CITY)[-1]
    assert (found.began, found.due, found.ended) == (date(2026, 11, 18), date(2026, 11, 25), None)
    assert found.owes == (R.BUREAU,)
    assert found.left(TODAY) == -3


def test_the_reviews_clock_stops_while_the_agency_mends():
    found = clocks.spans([SUBMITTED, HEAD_SIGNED, RETURNED], CITY)[-1]
    assert (found.state, found.clock) == (S.RETURNED, Clock.STOPS)
    assert found.owes == (R.EDITOR, R.HEAD)
    assert (found.left(TODAY), found.is_late(TODAY)) == (1, False)
    assert found.is_late(date(2026, 12, 2))


def test_remarks_and_comments_begin_no_step():
    said = event(C.COMMENT, R.BUREAU, S.SUBMITTED, S.SUBMITTED, at(11, 17))
    assert clocks.spans([SUBMITTED, said, HEAD_SIGNED], CITY) == clocks.spans([SUBMITTED, HEAD_SIGNED], CITY)


def test_what_is_over_owes_nothing():
    withdrawn = event(C.WITHDRAW, R.EDITOR, S.SUBMITTED, S.WITHDRAWN, at(11, 17))
    assert [(one.state, one.by) for one in clocks.spans([SUBMITTED, withdrawn], CITY)] == [(S.SUBMITTED, C.WITHDRAW)]


def test_an_emergency_is_owed_by_those_who_havent_signed():
    opened = event(C.OPEN_AT_ONCE, R.BUREAU, S.DRAFT, S.PROVISIONAL, at(11, 20))
    signed = event(C.SIGN, R.HEAD, S.PROVISIONAL, S.PROVISIONAL, at(11, 20, 15))
    found = clocks.spans([opened, signed], CITY)
    assert [(one.state, one.owes, one.due) for one in found] == [(S.PROVISIONAL, (R.CYBERSPACE,), None)]


def test_a_day_ends_where_the_city_is():
    """Half past midnight in Anshan is the day before in London."""
    late = event(C.SUBMIT, R.EDITOR, S.DRAFT, S.SUBMITTED, at(11, 17, 0, 30).astimezone(ZoneInfo("Europe/London")))
    assert clocks.spans([late], CITY)[0].began == date(2026, 11, 17)


def test_the_days_are_told_until_it_ended():
    found = clocks.spans([SUBMITTED, HEAD_SIGNED, CYBERSPACE_SIGNED, BUREAU_SIGNED], CITY)
    assert [day.date.day for day in found[0].days(TODAY, "zh_CN")] == [*range(17, 24)]  # until it was due
    assert found[1].days(TODAY, "zh_CN")[-1].date == date(2026, 11, 27)  # it ended late
    under_way = clocks.spans([SUBMITTED], CITY)[0]
    assert under_way.days(TODAY, "zh_CN")[-1].date == TODAY


def test_no_event_no_clock():
    assert clocks.spans([], CITY) == []


@st.composite
def lives(draw):
    """Any way through the table, each event after the one before."""
    state, when, found = S.DRAFT, at(1, 5), []
    for _ in range(draw(st.integers(0, 8))):
        rows = sorted(((c, step) for (s, c), step in TABLE.items() if s is state), key=lambda row: row[0].value)
        if not rows:
            break
        command, step = draw(st.sampled_from(rows))
        after = draw(st.sampled_from([step.to, step.complete or step.to]))
        role = draw(st.sampled_from(sorted(step.who, key=lambda one: one.value)))
        found.append(event(command, role, state, after, when, clocks.due_of(after, when.date())))
        state, when = after, when + timedelta(hours=draw(st.integers(0, 400)))
    return found


@given(lives())
def test_steps_follow_each_other_and_one_at_most_is_under_way(events):
    found = clocks.spans(events, CITY)
    assert all(one.state in OPEN for one in found)
    assert all(one.ended is not None and one.ended <= later.began for one, later in pairwise(found))
    is_open = bool(events) and State(events[-1].after) in OPEN
    assert [one.ended is None for one in found] == [False] * (len(found) - is_open) + [True] * is_open


@given(lives(), st.dates(date(2026, 1, 5), date(2026, 12, 31)))
def test_given_is_used_and_left(events, today):
    """In time, what is used and what is left are the term; late, nothing is left."""
    for one in clocks.spans(events, CITY):
        now = one.ended or max(today, one.began)
        left = one.left(now)
        if one.due is None:
            assert left is None
        elif one.is_late(now):
            assert left is not None and left < 0
        else:
            assert left == workdays.between(now, one.due)
            assert one.given == one.used(now) + workdays.between(now, one.due)
