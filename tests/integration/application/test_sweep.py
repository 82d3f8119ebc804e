"""What is over ends, whoever looks or doesn't; told before, once each; and a missed sweep changes nothing."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import cache

import pytest
import sqlalchemy as sa
from ckan import model
from freezegun import freeze_time

from ckanext.anshan.access import using
from ckanext.anshan.access.rules import Allowed, Method, Use
from ckanext.anshan.access.using import Caller
from ckanext.anshan.application import foretelling, sweeping
from ckanext.anshan.workflow import clock, workdays

from . import town
from .town import do, show

pytestmark = [pytest.mark.usefixtures("with_plugins"), pytest.mark.usefixtures("with_request_context")]
TERM = 200  # days of town.days


@cache
def dataset():
    return town.released(town.make())


@contextmanager
def on(day: date):
    """As if it were noon of this day in the city."""
    with freeze_time(datetime.combine(day, time(12), clock.zone()).astimezone(), ignore=["transformers"]):
        yield


def later(days: int) -> date:
    return clock.today() + timedelta(days)


def kinds(user, number):
    """How often somebody was told each kind about an application."""
    query = "SELECT kind, count(*) FROM anshan_people_notice WHERE user_id = :user AND link LIKE :link GROUP BY 1"
    rows = model.Session.execute(sa.text(query), {"user": user["id"], "link": f"%{number}"})
    return Counter({row[0]: row[1] for row in rows})


def asks(user, made):
    decision, _ = using.ask(Caller(user["id"]), made["number"], "", Use(Method.DOWNLOAD, "协议.csv"))
    return "allowed" if isinstance(decision, Allowed) else decision.code


def test_a_missed_sweep_gives_nobody_a_day_more_and_the_sweep_ends_it():
    here = town.make()
    made = town.active(here, dataset())
    assert asks(here.person, made) == "allowed"
    with on(later(TERM)):
        assert asks(here.person, made) == "allowed"
        sweeping.sweep()
        assert show(here.person, made)["state"] == "active"
    with on(later(TERM + 1)):
        assert (show(here.person, made)["state"], asks(here.person, made)) == ("active", "over")
        assert sweeping.sweep() >= 1
        ended = show(here.person, made)
        assert (ended["state"], ended["grants"][0]["state"]) == ("expired", "ended")
        assert ended["events"][-1]["role"] == "clock"
        assert asks(here.person, made) == "grant_ended"
        assert kinds(here.person, made["number"])["application_expire"] == 1
        assert kinds(here.head, made["number"])["application_expire"] == 1
        sweeping.sweep()
        assert len(show(here.person, made)["events"]) == len(ended["events"])


def test_what_isnt_supplied_or_accepted_in_time_lapses_and_holidays_are_no_days():
    here = town.make()
    asked = do(here.editor, town.submitted(here, dataset()), "ask", question="机房在哪里？")
    waits = town.approved(here, dataset())
    for made, state in ((asked, "supplement"), (waits, "approved")):
        due = date.fromisoformat(made["due"])
        assert workdays.is_working_day(due)
        with on(due):
            sweeping.sweep()
            assert show(here.person, made)["state"] == state
    with on(max(date.fromisoformat(one["due"]) for one in (asked, waits)) + timedelta(1)):
        sweeping.sweep()
        for made in (asked, waits):
            ended = show(here.person, made)
            assert (ended["state"], ended["grants"], ended["events"][-1]["command"]) == ("closed", [], "lapse")
            assert kinds(here.person, made["number"])["application_lapse"] == 1


def test_an_agreement_whose_term_is_over_before_it_is_signed_is_closed():
    here = town.make()
    made = town.accepted(here, dataset())
    with on(later(TERM + 1)):
        sweeping.sweep()
        ended = show(here.person, made)
    assert (ended["state"], ended["grants"]) == ("closed", [])
    assert ended["events"][-1]["facts"]["reason"]


def test_both_sides_are_told_thirty_seven_and_one_days_before_the_end_once_each():
    here = town.make()
    made = town.active(here, dataset())
    for days in (31, 30, 29, 10, 7, 6, 3, 1, 0):
        with on(later(TERM - days)):
            foretelling.foretell()
            foretelling.foretell()
    assert kinds(here.person, made["number"])["application_ends"] == 3
    assert kinds(here.head, made["number"])["application_ends"] == 3


def test_a_day_that_was_missed_is_made_up_for():
    here = town.make()
    made = town.active(here, dataset())
    with on(later(TERM - 20)):
        foretelling.foretell()
    assert kinds(here.person, made["number"])["application_ends"] == 1


def test_a_use_report_is_wanted_before_it_is_due_and_missed_after():
    here = town.make()
    made = town.active(here, dataset())
    due = date.fromisoformat(made["report_due"])
    with on(due - timedelta(8)):
        foretelling.foretell()
    assert kinds(here.person, made["number"])["application_use_report_due"] == 0
    with on(due):
        foretelling.foretell()
    assert kinds(here.person, made["number"])["application_use_report_due"] == 1
    assert kinds(here.head, made["number"])["application_use_report_late"] == 0
    with on(due + timedelta(1)):
        foretelling.foretell()
        assert kinds(here.head, made["number"])["application_use_report_late"] == 1
        do(here.person, made, "report", text="优化了三条线路")
        foretelling.foretell()
    assert kinds(here.head, made["number"])["application_use_report_late"] == 1


def test_destruction_is_asked_for_once_it_is_over_and_missed_ten_days_later():
    here = town.make()
    made = do(here.person, town.active(here, dataset()), "end", declaration="已全部销毁")
    other = town.active(here, dataset())
    do(here.editor, other, "suspend", reason="转让", article="第三十五条")
    do(here.head, other, "revoke", reason="转让", article="第三十五条", redress="复议")
    with on(later(8)):
        foretelling.foretell()
        assert kinds(here.person, other["number"])["application_destruction_due"] == 1
        assert kinds(here.person, made["number"])["application_destruction_due"] == 0
    with on(later(11)):
        foretelling.foretell()
        assert kinds(here.head, other["number"])["application_destruction_late"] == 1
        do(here.person, other, "destroy", declaration="已覆写")
        foretelling.foretell()
    assert kinds(here.head, other["number"])["application_destruction_late"] == 1
    assert kinds(here.head, made["number"])["application_destruction_late"] == 0


def test_an_applicant_is_reminded_of_what_they_owe_before_it_is_closed():
    here = town.make()
    made = town.approved(here, dataset())
    due = date.fromisoformat(made["due"])
    with on(due):
        foretelling.foretell()
        foretelling.foretell()
    assert kinds(here.person, made["number"])["application_owed"] == 1


def test_one_that_cant_be_ended_stops_none_of_the_others(monkeypatch):
    here = town.make()
    first, second = town.active(here, dataset()), town.active(here, dataset())
    real = sweeping._expire

    def breaks(row):
        if row.number == first["number"]:
            raise RuntimeError("broken")
        return real(row)

    monkeypatch.setattr(sweeping, "_expire", breaks)
    with on(later(TERM + 1)):
        sweeping.sweep()
        assert [show(here.person, one)["state"] for one in (first, second)] == ["active", "expired"]
