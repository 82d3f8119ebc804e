"""The figures of the review: counted right, for whom they are, with four statements however many there are."""

from __future__ import annotations

import random
import uuid
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories

from ckanext.anshan.review import clocks, statistics, submissions
from ckanext.anshan.review.model import event, remark, submission
from ckanext.anshan.review.rules import TABLE, Command, Role, State
from ckanext.anshan.workflow import clock, workdays

from ..support import as_user, costs
from .test_actions import code_of
from .town import Town, make

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")

C, R, S = Command, Role, State
FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
Row = tuple[Command, Role, State, State, date]


def newcomers() -> Town:
    """People who belong to no other agency; elsewhere they belong to those of earlier tests too."""
    return make(f"figures-{uuid.uuid4().hex[:8]}")


def told(agency: str, rows: list[Row], way: str = "full", due: bool = True) -> str:
    """A submission whose events happened on these days; the last day of each step as the clock counts it."""
    id = str(uuid.uuid4())
    values = {"id": id, "number": id, "kind": "opening", "way": way, "state": rows[-1][3].value, "agency": agency}
    whole = values | {
        "title": "停车场",
        "frozen": {"files": []},
        "hash": "0",
        "scan_hash": "0",
        "created": at(rows[0][4], 9),
    }
    submissions.run(submission.insert().values(whole))
    for hour, (command, role, before, after, day) in enumerate(rows):
        submissions.run(
            event.insert().values(
                submission_id=id,
                command=command.value,
                role=role.value,
                before=before.value,
                after=after.value,
                clock=TABLE[before, command].clock.value,
                due=clocks.due_of(after, day) if due and after is not before else None,
                created=at(day, 9 + hour),
            )
        )
    model.Session.commit()
    return id


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=clock.zone())


def whole_way(*days: date) -> list[Row]:
    """Submitted, signed by the head, by the cyberspace office and by the bureau, and published on these days."""
    submitted, head, cyberspace, bureau = days
    return [
        (C.SUBMIT, R.EDITOR, S.DRAFT, S.SUBMITTED, submitted),
        (C.SIGN, R.HEAD, S.SUBMITTED, S.IN_REVIEW, head),
        (C.SIGN, R.CYBERSPACE, S.IN_REVIEW, S.IN_REVIEW, cyberspace),
        (C.SIGN, R.BUREAU, S.IN_REVIEW, S.RELEASED, bureau),
        (C.PUBLISH, R.PUBLISHING, S.RELEASED, S.PUBLISHED, bureau),
    ]


def look(town: Town, user: Any = None, **asked: Any) -> dict[str, Any]:
    given = {"since": FIRST.isoformat(), "until": LAST.isoformat(), "agency": town.agency.id}
    return as_user(user or town.editor, "anshan_review_statistics", **{**given, **asked})


def step(found: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in found["steps"] if one["step"] == name)


def test_steps_are_counted_in_working_days(town):
    """Over National Day 2025 and the Saturday that is worked for it."""
    days = (date(2025, 9, 29), date(2025, 9, 30), date(2025, 10, 9), date(2025, 10, 11))
    told(town.agency.id, whole_way(*days))
    found = look(town)
    assert [(one["step"], one["count"], one["median"], one["in_time"]) for one in found["steps"]] == [
        ("agency", 1, 1, 1),
        ("cyberspace", 1, 1, 1),
        ("bureau", 1, 3, 1),
        ("whole", 1, 4, 0),
    ]
    assert step(found, "whole")["limited"] == 0
    assert found["counts"] == {"submitted": 1, "published": 1, "returned": 0, "rejected": 0, "withdrawn": 0}


def test_what_ended_late_is_not_in_time(town):
    monday = date(2025, 3, 3)
    told(town.agency.id, whole_way(monday, monday, monday + timedelta(days=7), monday + timedelta(days=8)))
    found = look(town)
    assert (step(found, "cyberspace")["in_time"], step(found, "bureau")["in_time"]) == (1, 0)


def test_returns_are_told_by_reason_and_by_whom(town):
    monday = date(2025, 3, 3)
    rows = whole_way(monday, monday, monday, monday)[:2]
    rows.append((C.RETURN, R.CYBERSPACE, S.IN_REVIEW, S.RETURNED, monday + timedelta(days=1)))
    rows.append((C.SUPERSEDE, R.EDITOR, S.RETURNED, S.SUPERSEDED, monday + timedelta(days=3)))
    id = told(town.agency.id, rows)
    returned = next(one for one in submissions.events_of(id) if one.command == "return")
    for place in ("column", "column", "field"):
        values = {"submission_id": id, "event_id": returned.id, "role": "cyberspace", "place": place, "text": "x"}
        submissions.run(remark.insert().values(**values, user_id="u", organization_id="o"))
    model.Session.commit()
    found = look(town, town.head)
    assert found["returns"] == [
        {"place": "column", "role": "cyberspace", "remarks": 2, "returns": 1},
        {"place": "field", "role": "cyberspace", "remarks": 1, "returns": 1},
    ]
    assert step(found, "correction")["median"] == 2
    assert found["counts"]["returned"] == 1


def test_a_look_ends_by_returning_too_but_nobody_finished_what_was_withdrawn(town):
    monday = date(2025, 3, 3)
    told(town.agency.id, [*whole_way(*[monday] * 4)[:1], (C.RETURN, R.HEAD, S.SUBMITTED, S.RETURNED, monday)])
    told(town.agency.id, [*whole_way(*[monday] * 4)[:1], (C.WITHDRAW, R.EDITOR, S.SUBMITTED, S.WITHDRAWN, monday)])
    found = look(town)
    assert [(one["step"], one["count"]) for one in found["steps"]] == [("agency", 1)]
    assert (found["counts"]["returned"], found["counts"]["withdrawn"]) == (1, 1)


def test_a_day_of_the_period_is_a_day_of_the_city(town):
    """Nine in the morning of New Year's Day in Anshan is the old year in London: both edges are the city's."""
    told(town.agency.id, whole_way(*[FIRST] * 4))
    told(town.agency.id, whole_way(*[LAST] * 4))
    told(town.agency.id, whole_way(*[LAST + timedelta(days=1)] * 4))
    assert look(town)["counts"]["published"] == 2


def test_under_way_and_late_are_those_of_now(town):
    told(town.agency.id, whole_way(*[date(2025, 3, 3)] * 4)[:1])
    id = told(town.agency.id, whole_way(*[date(2025, 3, 3)] * 4)[:2])
    submissions.change(id, due=date(2025, 3, 10))
    model.Session.commit()
    assert look(town)["under_way"] == {"open": 2, "late": 1}


def test_offices_see_everybody_and_agencies_themselves(town):
    other = newcomers()
    told(town.agency.id, whole_way(*[date(2025, 6, 3)] * 4))
    told(other.agency.id, whole_way(*[date(2025, 6, 3)] * 4))
    seen = {row["id"] for row in look(town, town.bureau, agency="")["agencies"]}
    assert {town.agency.id, other.agency.id} <= seen
    assert [row["id"] for row in look(other, agency="")["agencies"]] == [other.agency.id]
    assert [row["id"] for row in look(other, town.cyberspace)["agencies"]] == [other.agency.id]
    assert look(other, other.head, agency="")["counts"]["published"] == 1


@pytest.mark.parametrize("asked", ["other", "nowhere"])
def test_another_agency_is_not_there(town, asked):
    agency = make("other").agency.id if asked == "other" else "nowhere"
    assert code_of(look, town, agency=agency) == "review.unknown"


def test_nobody_else_is_told(town):
    for user in (factories.User(), factories.Sysadmin()):
        assert code_of(look, town, user, agency="") == "review.no_figures"


def test_a_period_ends_after_it_begins(town):
    for asked in ({"since": "2025-13-01"}, {"since": "2025-06-01", "until": "2025-05-31"}):
        with pytest.raises(tk.ValidationError):
            look(town, **asked)


def test_without_submissions_there_are_no_figures(town):
    found = look(town)
    assert (found["steps"], found["returns"], found["agencies"]) == ([], [], [])


def test_without_days_it_is_the_year_until_today(town):
    found = as_user(town.editor, "anshan_review_statistics")
    assert found["until"] == clock.today().isoformat()
    assert date.fromisoformat(found["since"]) == clock.today() - timedelta(days=364)


def test_figures_agree_with_the_clock_of_each_submission(town):
    """Whatever happened: the database's medians and shares are those of ``clocks.spans``."""
    chance = random.Random(30)
    ids = []
    for _ in range(40):
        days = [date(2025, 1, 6) + timedelta(days=chance.randrange(300))]
        for _ in range(3):
            days.append(days[-1] + timedelta(days=chance.randrange(12)))
        ids.append(told(town.agency.id, whole_way(*days)))
    found = look(town)
    spans = [clocks.spans(submissions.events_of(id), clock.zone()) for id in ids]
    looked = sorted(one[0].used(LAST) for one in spans)
    assert step(found, "agency")["median"] == looked[ceil(len(looked) * 0.5) - 1]
    assert step(found, "agency")["ninth"] == looked[ceil(len(looked) * 0.9) - 1]
    assert step(found, "agency")["in_time"] == sum(not one[0].is_late(LAST) for one in spans)
    signed = sorted(workdays.between(one[1].began, one[1].done[Role.CYBERSPACE]) for one in spans)
    assert step(found, "cyberspace")["median"] == signed[ceil(len(signed) * 0.5) - 1]
    (row,) = found["agencies"]
    assert (row["published"], row["in_time"], row["limited"]) == (40, step(found, "agency")["in_time"], 40)


def test_statements_dont_grow_with_submissions(town):
    def ask() -> int:
        with costs() as cost:
            statistics.figures(FIRST, LAST, (town.agency.id,))
        return cost.sql

    told(town.agency.id, whole_way(*[date(2025, 6, 3)] * 4))
    one = ask()
    for _ in range(30):
        told(town.agency.id, whole_way(*[date(2025, 6, 3)] * 4))
    assert ask() == one == 4
