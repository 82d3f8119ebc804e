"""Usage unlike what was declared or is usual is told to the provider and the bureau, once a day, without addresses."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from ckan import model

from ckanext.anshan.access import alarming, counting
from ckanext.anshan.people import notices
from ckanext.anshan.workflow import clock
from tests.integration.access import granted
from tests.integration.support import as_user

NETWORKS = 25


@pytest.fixture
def own(app):
    return granted.within(app, granted.make, "alarm")


@pytest.fixture
def clean(own):
    run("DELETE FROM anshan_access_usage WHERE grant_id = :grant", own)


def run(statement: str, own: granted.Granted, **given) -> None:
    model.Session.execute(sa.text(statement), {"grant": own.row().id, **given})
    model.Session.commit()


def used(own, requests: int, days_ago: int = 0, rows: int = 0, method: str = "api", addresses: str = "[]") -> None:
    given = {"day": clock.today() - timedelta(days_ago), "requests": requests, "rows": rows, "method": method}
    statement = (
        "INSERT INTO anshan_access_usage (grant_id, day, method, requests, rows, addresses)"
        " VALUES (:grant, :day, :method, :requests, :rows, CAST(:addresses AS jsonb))"
    )
    run(statement, own, addresses=addresses, **given)


def told(own, user) -> list[dict]:
    model.Session.rollback()
    return [one.facts for one in notices.of(user["id"], 200) if one.kind == "grant_unusual"]


def what(own) -> list[str]:
    alarming.alarm()
    events = granted.events(own.number, "grant.unusual")
    return events[-1]["facts"]["what"] if events else []


def events(own) -> int:
    return len(granted.events(own.number, "grant.unusual"))


@pytest.mark.usefixtures("clean")
def test_usual_use_is_told_to_nobody(own):
    for ago in range(10):
        used(own, 90 + ago, ago)
    before = events(own)
    alarming.alarm()
    assert events(own) == before


@pytest.mark.usefixtures("clean")
def test_more_than_was_declared_is_told_once_to_provider_and_bureau(own, app):
    used(own, 150)  # 100 were declared
    used(own, 60, method="download")
    before = {user["id"]: len(told(own, user)) for user in people(own)}
    count = events(own)
    assert what(own) == ["more_than_declared"]
    alarming.alarm()
    assert events(own) == count + 1
    for user in people(own):
        assert len(told(own, user)) == before[user["id"]] + 1, user["name"]
    assert told(own, own.holder) == [] and told(own, granted.stranger()) == []
    facts = told(own, own.town.head)[0]
    assert (facts["number"], facts["requests"], facts["what"]) == (own.number, 210, ["more_than_declared"])
    days = as_user(own.town.editor, "anshan_grant_usage", id=own.number)
    assert days[-1]["is_unusual"]
    row = next(one for one in notices.of(own.town.head["id"], 200) if one.kind == "grant_unusual")
    with app.flask_app.test_request_context():
        assert own.number in notices.sentence(row) and "210" in notices.sentence(row)
    assert row.link == f"/grant/{own.number}"


def people(own):
    return own.town.head, own.town.editor, own.town.review.bureau


@pytest.mark.usefixtures("clean")
def test_far_more_than_on_other_days_is_told(own):
    for ago in range(1, 8):
        used(own, 20, ago, rows=2000)
    used(own, 110, rows=60_000)
    assert what(own) == ["more_requests", "more_rows"]


@pytest.mark.usefixtures("clean")
def test_one_day_says_nothing_of_what_is_usual(own):
    used(own, 20, 1)
    used(own, 110)
    before = events(own)
    alarming.alarm()
    assert events(own) == before


@pytest.mark.usefixtures("clean")
def test_use_from_many_networks_is_told_and_no_address_is_kept(own, app):
    used(own, 1)
    for number in range(NETWORKS):
        for host in (1, 2):  # of one network
            place = {"REMOTE_ADDR": f"198.51.{number}.{host}"}
            with app.flask_app.test_request_context(environ_base=place):
                counting.note(own.row().id, counting.Method.API, counting.Used())
                model.Session.commit()
    kept = own.used("api").addresses
    assert len(kept) == NETWORKS and "198.51" not in str(kept)
    assert what(own) == ["many_addresses"]
    assert granted.events(own.number, "grant.unusual")[-1]["facts"]["networks"] == NETWORKS


def test_a_network_is_another_on_each_day_and_for_each_grant(own, app):
    today = clock.today()
    with app.flask_app.test_request_context(environ_base={"REMOTE_ADDR": "2001:db8:1:2::7"}):
        one = counting.network("a", today)
        assert one and len({one, counting.network("b", today), counting.network("a", today - timedelta(1))}) == 3
    with app.flask_app.test_request_context(environ_base={"REMOTE_ADDR": "2001:db8:1:2::8"}):
        assert counting.network("a", today) == one
    with app.flask_app.test_request_context(environ_base={"REMOTE_ADDR": "2001:db8:1:3::8"}):
        assert counting.network("a", today) != one


@pytest.mark.usefixtures("clean")
def test_networks_are_forgotten_after_a_day(own):
    used(own, 1, 2, addresses='["x"]')
    used(own, 1, 0, addresses='["y"]')
    alarming.alarm()
    query = sa.text("SELECT addresses FROM anshan_access_usage WHERE grant_id = :grant ORDER BY day")
    assert list(model.Session.execute(query, {"grant": own.row().id}).scalars()) == [[], ["y"]]
