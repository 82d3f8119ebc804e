"""The clock of an answer over holidays, make-up days and stops; who is told when it is due, and when it is late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from functools import cache
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.anshan import rooms
from ckanext.anshan.people import notices
from ckanext.anshan.people.model import notice
from ckanext.anshan.workflow import clock

from ..support import as_user
from . import town
from .town import Made, do, show

pytestmark = [pytest.mark.usefixtures("with_plugins"), pytest.mark.usefixtures("with_request_context")]

On = Callable[[date], None]
MONDAY = date(2026, 9, 21)  # before Mid-Autumn (25 to 27 September) and National Day (1 to 7 October)
DUE = date(2026, 10, 19)  # Saturday 10 October is worked


@cache
def here() -> town.Town:
    return town.make("clocks")


@cache
def dataset() -> Made:
    return town.released(here())


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> On:
    """It is ten o'clock of that day from then on."""
    dataset()  # made in the time that the log and the tokens know

    def freeze(day: date) -> None:
        monkeypatch.setattr(clock, "now", lambda: datetime.combine(day, time(10), clock.zone()))

    return freeze


def approve(made: Made) -> Made:
    given = {"hash": show(here().editor, made)["hash"], "seen": {"unlike_earlier": "另一用途"}}
    return do(here().editor, made, "approve", **given)


def remind() -> int:
    return rooms.hourly()["application_remind"]()


def told(made: Made, only_unread: bool = False) -> dict[str, list[str]]:
    """The kinds of reminders that each of them was told about an application."""
    kinds = ("application_reminder", "application_late")
    query = sa.select(notice.c.user_id, notice.c.kind).where(
        notice.c.about == f"application:{made['id']}", notice.c.kind.in_(kinds)
    )
    rows = list(model.Session.execute(query.where(notice.c.read.is_(None)) if only_unread else query))
    people = {"editor": here().editor, "head": here().head, "bureau": here().review.bureau, "person": here().person}
    found = {name: [kind for user, kind in rows if user == own["id"]] for name, own in people.items()}
    return {name: kinds for name, kinds in found.items() if kinds}


def newest(made: Made, user: town.User) -> Any:
    """What somebody was told last about an application."""
    query = sa.select(notice).where(notice.c.about == f"application:{made['id']}", notice.c.user_id == user["id"])
    return model.Session.execute(query.order_by(notice.c.id.desc())).first()


def logged(made: Made) -> list[Any]:
    query = sa.text("SELECT kind FROM anshan_audit_event WHERE object_id = :id AND kind = 'application.late'")
    return list(model.Session.execute(query, {"id": made["id"]}).scalars())


def test_an_answer_is_due_after_national_day_with_its_make_up_day(on: On):
    on(MONDAY)
    assert town.submitted(here(), dataset())["due"] == DUE.isoformat()


def test_a_supplement_is_due_after_the_holiday_and_gives_the_agency_its_days_back(on: On):
    on(MONDAY)
    made = town.submitted(here(), dataset())
    on(date(2026, 9, 28))
    made = do(here().editor, made, "ask", question="机房在哪里？")
    assert (made["due"], made["left"]) == ("2026-10-16", 11)
    on(date(2026, 10, 12))
    assert do(here().person, made, "answer", answer="沈阳")["due"] == "2026-10-27"
    on(date(2026, 10, 27))
    made = approve(made)
    assert (made["days"], made["is_late"]) == (15, False)


def test_an_answer_of_the_day_after_is_late_and_counts_only_the_agencys_days(on: On):
    on(MONDAY)
    made = town.submitted(here(), dataset())
    on(date(2026, 9, 28))
    do(here().editor, made, "ask", question="机房在哪里？")
    on(date(2026, 10, 12))
    do(here().person, made, "answer", answer="沈阳")
    on(date(2026, 10, 28))
    made = approve(made)
    assert (made["days"], made["is_late"]) == (16, True)


def test_an_extension_begins_where_the_term_ends_and_is_given_once(on: On):
    on(MONDAY)
    made = town.submitted(here(), dataset())
    on(date(2026, 10, 16))
    assert do(here().editor, made, "extend", reason="资料较多")["due"] == "2026-11-09"
    assert town.code_of(do, here().editor, made, "extend", reason="再延") == "application.extended_already"


def test_who_answers_is_told_on_the_day_before_and_on_the_day(on: On):
    on(MONDAY)
    made = town.submitted(here(), dataset())
    on(date(2026, 10, 15))
    remind()
    assert told(made) == {}
    on(date(2026, 10, 16))  # a Friday; the next working day is the last one
    remind()
    remind()
    assert told(made) == {name: ["application_reminder"] for name in ("editor", "head")}
    on(date(2026, 10, 17))
    assert remind() == 0
    on(DUE)
    remind()
    assert told(made)["head"] == ["application_reminder"] * 2
    assert told(made, only_unread=True)["head"] == ["application_reminder"]


def test_whoever_took_it_is_told_and_not_the_others(on: On):
    on(MONDAY)
    made = town.submitted(here(), dataset())
    do(here().head, made, "take")
    on(DUE)
    remind()
    assert told(made) == {"head": ["application_reminder"]}


def test_what_is_late_goes_to_the_bureau_each_working_day_and_is_on_record_once(on: On):
    on(MONDAY)
    made = town.submitted(here(), dataset())
    on(date(2026, 10, 20))
    remind()
    on(date(2026, 10, 21))
    remind()
    assert told(made) == {name: ["application_late"] * 2 for name in ("editor", "head", "bureau")}
    assert len(logged(made)) == 1
    row = newest(made, here().review.bureau)
    assert made["number"] in notices.sentence(row) and "2" in notices.sentence(row)
    found = as_user(here().review.bureau, "anshan_application_list", side="offices", group="mine", limit=100)
    assert made["number"] in [one["number"] for one in found["applications"] if one["is_overdue"]]


def test_an_answer_settles_what_was_told(on: On):
    on(MONDAY)
    made = town.submitted(here(), dataset())
    on(date(2026, 10, 20))
    remind()
    approve(made)
    assert told(made, only_unread=True) == {}


def test_what_the_applicant_owes_is_no_reminder_to_the_agency(on: On):
    on(MONDAY)
    made = town.submitted(here(), dataset())
    do(here().editor, made, "ask", question="机房在哪里？")
    on(DUE)
    remind()
    assert told(made) == {}
