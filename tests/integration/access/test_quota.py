"""A day's quota and a minute's limit hold however many ask at once, and say when to come again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest
from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.anshan.access import counting
from ckanext.anshan.access.rules import Refusal
from ckanext.anshan.workflow import clock
from tests.integration.access import granted
from tests.integration.application import town as towns
from tests.integration.support import as_user

QUOTA = 6
QUERY = "/api/3/action/anshan_grant_query"


@cache
def limited() -> granted.Granted:
    town = towns.make("quota")
    return granted.grant(town, towns.released(town, daily_quota=str(QUOTA)))


@pytest.fixture
def own(app):
    return granted.within(app, limited)


def test_the_quota_is_never_gone_beyond_by_many_at_once(own):
    row = own.row()
    app_row = {"id": row.id, "daily_quota": row.daily_quota}
    model.Session.rollback()

    def take(_):
        try:
            return counting.take(type("Row", (), app_row)) is None
        finally:
            model.Session.remove()

    with ThreadPoolExecutor(8) as many:
        taken = list(many.map(take, range(40)))
    assert (sum(taken), own.used("api").requests) == (QUOTA, QUOTA)


def test_without_a_quota_nothing_is_answered(own):
    row = own.row()
    found = counting.take(type("Row", (), {"id": row.id, "daily_quota": 0}))
    assert found == Refusal("quota_used", {"quota": 0})


def test_a_used_quota_is_answered_429_with_the_time_to_wait(own, app):
    before = own.used("api").refused
    answer = app.post(QUERY, json={"id": own.number}, headers=granted.by(own.holder))
    assert (answer.status_code, answer.json["error"]["code"]) == (429, "access.quota_used")
    assert answer.json["error"]["__type"] == "Rate Limit Error"
    wait = int(answer.headers["Retry-After"])
    assert wait == answer.json["error"]["retry_after"] and 0 < wait <= 24 * 3600
    used = own.used("api")
    assert (used.refused, used.requests, used.day) == (before + 1, QUOTA, clock.today())


def test_downloads_need_no_quota(own, app):
    assert len(granted.rows_of(app.get(own.address(), headers=granted.by(own.holder)).data)) == 201


def test_calls_of_a_minute_are_limited_for_each_token(app, monkeypatch):
    own = granted.within(app, granted.make, "minute")
    monkeypatch.setitem(tk.config, "ckanext.anshan.access.calls_a_minute", 2)
    first, second = (
        as_user(own.holder, "anshan_grant_token_create", id=own.number, name=name)["token"] for name in ("a", "b")
    )
    asked = {"json": {"id": own.number, "limit": 1}}
    codes = [app.post(QUERY, headers={"X-Grant-Token": first}, **asked) for _ in range(3)]
    assert [answer.status_code for answer in codes] == [200, 200, 429]
    assert codes[-1].json["error"]["code"] == "access.too_many_calls"
    assert 0 < int(codes[-1].headers["Retry-After"]) <= 60
    assert app.post(QUERY, headers={"X-Grant-Token": second}, **asked).status_code == 200
    used = own.used("api")
    assert (used.requests, used.refused) == (3, 1)
    monkeypatch.setitem(tk.config, "ckanext.anshan.access.calls_a_minute", 0)
    assert app.post(QUERY, headers={"X-Grant-Token": first}, **asked).status_code == 200
