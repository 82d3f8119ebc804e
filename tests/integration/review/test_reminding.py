"""What is due is told to whoever owes it, once on a working day; what is late to the head and the bureau too."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.anshan import rooms
from ckanext.anshan.people import notices, options
from ckanext.anshan.people.model import notice
from ckanext.anshan.review import submissions
from ckanext.anshan.review.rules import Key, Signature
from ckanext.anshan.workflow import clock, workdays
from tests.integration.catalogue.conftest import Agency, make_agency
from tests.integration.people.test_reading import office_member

pytestmark = pytest.mark.usefixtures("with_plugins")

DUE = date(2026, 11, 27)  # a Friday
NUMBERS = itertools.count()


@pytest.fixture
def agency(with_plugins: None) -> Agency:
    return make_agency("reminded")


@pytest.fixture
def people(agency: Agency) -> dict[str, str]:
    return {
        "publisher": agency.publisher["id"],
        "head": agency.head["id"],
        "reader": agency.reader["id"],
        "cyberspace": office_member(options.cyberspace_org())["id"],
        "bureau": office_member(options.bureau_org())["id"],
    }


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], int]:
    """What the worker does in an hour of that day."""

    def run(day: date) -> int:
        monkeypatch.setattr(clock, "today", lambda: day)
        return rooms.hourly()["review_remind"]()

    return run


def submit(agency: Agency, state: str, **more: Any) -> str:
    values = {
        "kind": "opening",
        "way": "full",
        "state": state,
        "entry_id": str(uuid.uuid4()),
        "agency": agency.id,
        "title": "公交站点",
        "frozen": {},
        "hash": "0" * 64,
        "due": DUE,
    }
    id = submissions.add(values | more, date(2026, 11, 20))
    model.Session.commit()
    return id


def sign(id: str, key: Key) -> None:
    signer = Signature(key, str(uuid.uuid4()), str(uuid.uuid4()), "0" * 64, "", "unconditional")
    submissions.sign(id, signer, {}, "")
    model.Session.commit()


def told(id: str, people: dict[str, str], only_unread: bool = False) -> dict[str, list[str]]:
    """The kinds that each of them was told about a submission."""
    query = sa.select(notice.c.user_id, notice.c.kind).where(notice.c.about == f"submission:{id}")
    rows = list(model.Session.execute(query.where(notice.c.read.is_(None)) if only_unread else query))
    kinds = {name: [kind for user, kind in rows if user == own] for name, own in people.items()}
    return {name: found for name, found in kinds.items() if found}


def sentence(id: str, user: str) -> str:
    return next(notices.sentence(row) for row in notices.of(user, 5) if row.about == f"submission:{id}")


def test_nobody_is_reminded_before_the_working_day_before(agency, people, on):
    id = submit(agency, "submitted")
    on(DUE - timedelta(days=2))
    assert told(id, people) == {}
    on(DUE - timedelta(days=1))
    assert told(id, people) == {"head": ["review_reminder"]}
    assert "next working day" in sentence(id, people["head"])


def test_what_is_due_on_a_monday_is_told_on_friday_and_nothing_at_the_weekend(agency, people, on):
    id = submit(agency, "submitted", due=date(2026, 11, 30))
    for day in (28, 29):
        assert on(date(2026, 11, day)) == 0
    assert told(id, people) == {}
    on(date(2026, 11, 27))
    assert told(id, people) == {"head": ["review_reminder"]}


def test_each_is_told_once_a_day_though_they_have_read_it(agency, people, on):
    id = submit(agency, "submitted")
    on(DUE)
    notices.mark_read(people["head"], None)
    model.Session.commit()
    on(DUE)
    assert told(id, people) == {"head": ["review_reminder"]}
    assert "due today" in sentence(id, people["head"])


def test_an_office_that_has_signed_is_left_in_peace(agency, people, on):
    id = submit(agency, "in_review")
    sign(id, Key.AGENCY)
    sign(id, Key.BUREAU)
    on(DUE)
    assert told(id, people) == {"cyberspace": ["review_reminder"]}


def test_what_was_returned_is_for_those_who_write_the_entry(agency, people, on):
    id = submit(agency, "returned")
    on(DUE)
    assert told(id, people) == {"publisher": ["review_reminder"], "head": ["review_reminder"]}


def test_an_agency_that_is_late_is_told_to_its_head_and_the_bureau_each_working_day(agency, people, on):
    id = submit(agency, "returned")
    on(DUE)
    on(date(2026, 11, 30))
    late = {name: ["review_late"] for name in ("publisher", "head", "bureau")}
    assert told(id, people, only_unread=True) == late
    assert "is 1 working day late" in sentence(id, people["bureau"])
    on(date(2026, 12, 1))
    assert told(id, people, only_unread=True) == late  # the day before's needn't be read any more
    assert told(id, people)["bureau"] == ["review_late"] * 2
    assert "is 2 working days late" in sentence(id, people["bureau"])


def test_an_office_that_is_late_is_told_alone_with_its_head(agency, people, on):
    head = office_member(options.cyberspace_org(), "admin")["id"]
    id = submit(agency, "in_review")
    sign(id, Key.BUREAU)
    on(date(2026, 11, 30))
    late = {name: ["review_late"] for name in ("cyberspace", "chief")}
    assert told(id, {**people, "chief": head}) == late
    assert "It waits for the cyberspace office." in sentence(id, head)


def test_an_emergency_is_due_when_it_ends(agency, people, on):
    until = datetime.combine(DUE, datetime.min.time(), clock.zone()) + timedelta(hours=12)
    id = submit(agency, "provisional", way="emergency", due=None, until=until.astimezone(timezone.utc))
    sign(id, Key.BUREAU)
    on(DUE)
    assert told(id, people) == {"head": ["review_reminder"], "cyberspace": ["review_reminder"]}


@pytest.mark.parametrize("state", ["released", "published", "rejected", "withdrawn", "superseded", "lapsed"])
def test_what_waits_for_nobody_is_not_told(agency, people, on, state):
    id = submit(agency, state)
    on(DUE + timedelta(days=7))
    assert told(id, people) == {}


def test_whoever_sends_it_on_in_time_is_not_told_that_it_is_late(agency, people, on):
    id = submit(agency, "submitted")
    on(DUE)
    submissions.change(id, state="in_review", due=workdays.after(DUE, 5))
    model.Session.commit()
    on(date(2026, 11, 30))
    assert "review_late" not in [kind for kinds in told(id, people).values() for kind in kinds]
