"""A limit is lifted from the console, and the log says so."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.cli.cli import ckan as command_line
from ckan.tests import factories

from ckanext.anshan.guard import counting, lifting, rules

pytestmark = pytest.mark.usefixtures("with_plugins")
PASSWORD = "a-good-Password1"


@pytest.fixture
def lift(cli: Any) -> Any:
    def run(who: str, *more: str) -> Any:
        return cli.invoke(command_line, ["anshan", "guard", "lift", who, *more])

    return run


def records() -> list[dict[str, Any]]:
    query = "SELECT body FROM anshan_audit_event WHERE kind = 'guard.lifted' ORDER BY id"
    assert model.meta.engine
    with model.meta.engine.connect() as connection:
        return [json.loads(row.body) for row in connection.execute(sa.text(query))]


def test_an_address_asks_again_at_once(ask, limited, lift, address):
    limited(reading="1/hour")
    assert [ask("/about").status_code for _ in range(2)] == [200, 429]
    before = len(records())
    done = lift(address, "--reason", "收割程序，已联系")
    assert (done.exit_code, done.output.startswith("Lifted: reading, 3")) == (0, True), done.output
    assert ask("/about").status_code == 200
    told = records()[before:]
    assert [one["action"] for one in told] == ["guard_lift"]
    assert [one["name"] for one in told[0]["facts"]["limits"]] == ["reading"]
    assert told[0]["by"]["via"] == "console" and told[0]["facts"]["person"] != "unknown"
    assert address not in json.dumps(told) and "收割" not in json.dumps(told, ensure_ascii=False)


def test_a_caller_that_reaches_the_limit_anew_is_recorded_anew(ask, limited, lift, address):
    limited(reading="1/hour")
    query = sa.text("SELECT count(*) FROM anshan_audit_event WHERE kind = 'guard.too_many'")

    def refusals() -> int:
        model.Session.rollback()
        return model.Session.execute(query).scalar_one()

    before = refusals()
    for expected in (1, 2):
        assert [ask("/about").status_code for _ in range(3)] == [200, 429, 429]
        assert refusals() == before + expected
        lift(address)


def test_an_address_of_ipv6_is_lifted_with_its_house(ask, limited, lift):
    limited(reading="1/hour")
    assert [ask("/about", by=f"2001:db8:77:1::{n}").status_code for n in (1, 2)] == [200, 429]
    assert "Lifted: reading" in lift("2001:db8:77:1::3").output
    assert ask("/about", by="2001:db8:77:1::9").status_code == 200


def test_an_account_is_lifted_by_name_and_by_mail_wherever_the_password_was_typed(ask, limited, lift):
    limited(failures="1/hour", token="1/hour")
    user = factories.UserWithToken(password=PASSWORD)

    def log_in(name: str, password: str, by: str) -> int:
        return ask("/user/login", data={"login": name, "password": password}, by=by).status_code

    assert log_in(user["name"], PASSWORD, "203.0.113.70") == 302  # known there from now on
    for name, by in ((user["name"], "203.0.113.70"), (user["name"], "203.0.113.71"), (user["email"], "203.0.113.72")):
        assert [log_in(name, "wrong", by), log_in(name, PASSWORD, by)] == [200, 429], (name, by)
    sent = {"Authorization": user["token"]}
    assert [ask("/api/3/action/status_show", headers=sent).status_code for _ in range(2)] == [200, 429]
    before = len(records())
    done = lift(user["email"])
    assert sorted(line.split()[1] for line in done.output.splitlines()) == [*["failures,"] * 3, "token,"], done.output
    assert log_in(user["name"], PASSWORD, "203.0.113.70") == 302
    assert log_in(user["name"], PASSWORD, "203.0.113.71") == 302
    assert log_in(user["email"], PASSWORD, "203.0.113.72") == 302
    assert ask("/api/3/action/status_show", headers=sent).status_code == 200
    told = records()[before:]
    assert [one["object"] for one in told] == [{"type": "account", "id": user["id"]}]


def test_nobody_elses_limit_is_lifted(ask, limited, lift, address):
    limited(reading="1/hour")
    for by in (address, "203.0.113.80"):
        assert [ask("/about", by=by).status_code for _ in range(2)] == [200, 429]
    lift("203.0.113.80")
    assert ask("/about").status_code == 429


def test_where_no_limit_is_reached_it_says_so_and_records_nothing(ask, limited, lift, address):
    limited(reading="2/hour")
    ask("/about")
    before = len(records())
    for who in (address, factories.User()["name"]):
        done = lift(who)
        assert (done.exit_code, "has reached no limit" in done.output) == (0, True), done.output
    assert len(records()) == before
    assert [ask("/about").status_code for _ in range(2)] == [200, 429]  # what was counted still counts


def test_a_name_that_nobody_has_is_told(lift):
    done = lift("nobody-of-this-name")
    assert (done.exit_code, "no such account" in done.output) == (1, True)


def test_without_redis_nothing_is_said_to_be_lifted(lift, monkeypatch):
    before = len(records())
    away = counting.Counters("redis://127.0.0.1:1/0", "nobody")
    monkeypatch.setattr(lifting, "counters", lambda: away)
    done = lift("203.0.113.1")
    assert (done.exit_code, "Redis can't be asked" in done.output) == (1, True), done.output
    assert len(records()) == before


def test_what_redis_knows_of_a_name_cannot_be_read_from_it(counters):
    name, here = rules.typed("li"), rules.Caller(rules.Kind.ADDRESS, "198.51.100.9")
    assert name
    counters.remember(name, here)
    kept = [*counters.redis.keys(f"{counters.prefix}:*"), *map(str.encode, counters.places(name))]
    assert len(kept) == 3 and not any(b"198.51" in one or b":li" in one for one in kept)
    assert all(0 < counters.redis.ttl(one) <= counting.REMEMBERED for one in kept[:2])
