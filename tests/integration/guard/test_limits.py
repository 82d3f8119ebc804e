"""Whoever asks too often waits, is told how long and how to get more; nobody else notices."""

from __future__ import annotations

import json
import logging
import re
from typing import Any

import pytest
import redis
import sqlalchemy as sa
from ckan import model
from ckan.exceptions import CkanConfigurationException
from ckan.tests import factories

from ckanext.anshan.cache import middleware
from ckanext.anshan.guard import counting, hooks, options, rules

pytestmark = pytest.mark.usefixtures("with_plugins")
ACTION = "/api/3/action/"
MANY = 3


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the log of the portal was given."""
    found: list[dict[str, Any]] = []
    monkeypatch.setattr(hooks.recording, "refused", lambda kind, **told: found.append({"kind": kind, **told}))
    return found


def statuses(ask: Any, path: str, times: int = MANY + 1, **more: Any) -> list[int]:
    return [ask(path, **more).status_code for _ in range(times)]


def test_one_more_than_the_limit_is_refused_with_a_page(ask, limited, written):
    limited(reading=f"{MANY}/minute")
    assert statuses(ask, "/about", MANY) == [200] * MANY
    answer = ask("/about")
    assert (answer.status_code, answer.content_type) == (429, "text/html; charset=utf-8")
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert "Too many requests" in answer.text
    assert f"More than {MANY} requests came from your network address in 1 minute" in answer.text
    assert "API token" in answer.text and "guard.too_many" in answer.text
    assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].replace(" ", "").split(","))


def test_the_api_answers_in_its_own_shape_and_lets_other_sites_read_it(ask, limited, written):
    limited(reading="1/minute")
    ask(f"{ACTION}status_show")
    answer = ask(f"{ACTION}status_show", headers={"Origin": "https://example.org"})
    assert answer.status_code == 429
    told = answer.get_json()
    assert (told["success"], told["error"]["__type"], told["error"]["code"]) == (
        False,
        "Rate Limit Error",
        "guard.too_many",
    )
    assert str(told["error"]["retry_after"]) == answer.headers["Retry-After"]
    assert "Wait" in told["error"]["message"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_each_address_is_counted_by_itself(ask, limited, written):
    limited(reading="1/minute")
    assert statuses(ask, "/about", 2) == [200, 429]
    assert statuses(ask, "/about", 2, by="203.0.113.9") == [200, 429]


def test_a_house_with_ipv6_is_one_caller(ask, limited, written):
    limited(reading="1/minute")
    assert ask("/about", by="2001:db8:5:6::1").status_code == 200
    assert ask("/about", by="2001:db8:5:6:ffff::2").status_code == 429
    assert ask("/about", by="2001:db8:5:7::1").status_code == 200


def test_a_header_that_anybody_can_write_changes_nothing(ask, limited, written):
    limited(reading="1/minute")
    ask("/about")
    forged = {"X-Forwarded-For": "203.0.113.50", "X-Real-IP": "203.0.113.50", "Forwarded": "for=203.0.113.50"}
    assert ask("/about", headers=forged).status_code == 429


def test_loopback_is_no_exception(ask, limited, written):
    limited(reading="1/minute", unlimited=[])
    assert statuses(ask, "/about", 2, by="127.0.0.1") == [200, 429]


def test_a_named_network_is_not_counted(ask, limited, written):
    limited(reading="1/minute", unlimited=["203.0.113.0/24"])
    assert statuses(ask, "/about", 3, by="203.0.113.77") == [200, 200, 200]


def test_an_empty_option_is_no_limit(ask, limited, written):
    limited(reading="")
    assert statuses(ask, "/about") == [200] * (MANY + 1)


def test_reading_by_post_is_reading_and_changing_is_counted_apart(ask, limited, written):
    limited(writing="1/minute", reading="100/minute")
    assert statuses(ask, f"{ACTION}package_search", 3, json={"rows": 0}) == [200] * 3
    assert statuses(ask, f"{ACTION}package_create", 2, json={}) == [403, 429]
    assert ask(f"{ACTION}package_search", json={"rows": 0}).status_code == 200


def test_an_action_that_is_not_there_counts_as_changing(ask, limited, written):
    limited(writing="1/minute")
    assert statuses(ask, f"{ACTION}nothing_here", 2, json={}) == [400, 429]


def test_downloads_have_a_limit_of_their_own(ask, limited, written):
    limited(downloads="1/minute")
    assert statuses(ask, "/data/nothing/v1/a.csv", 2) == [404, 429]
    assert ask("/about").status_code == 200


@pytest.mark.parametrize("path", ["/nothing", "/webassets/nothing.js", "/anshan/look/1/a.css", "/uploads/nothing"])
def test_asking_for_what_is_not_there_is_counted_too(ask, limited, written, path):
    limited(reading="1/minute")
    assert statuses(ask, path, 2) == [404, 429]


def test_a_token_lets_its_account_ask_more_often(ask, limited, written):
    limited(reading="1/minute", token=f"{MANY}/minute")
    user = factories.UserWithToken()
    sent = {"Authorization": user["token"]}
    assert statuses(ask, f"{ACTION}status_show", headers=sent) == [200] * MANY + [429]
    assert ask(f"{ACTION}status_show", by="203.0.113.20", headers=sent).status_code == 429
    assert ask(f"{ACTION}status_show").status_code == 200  # the address has its own


def test_more_tokens_are_no_more_requests(ask, limited, written):
    limited(token="1/minute")
    user = factories.User()
    tokens = [factories.APIToken(user=user["id"])["token"] for _ in range(2)]
    answers = [ask(f"{ACTION}status_show", headers={"Authorization": one}) for one in tokens]
    assert [one.status_code for one in answers] == [200, 429]
    assert answers[1].get_json()["error"]["code"] == "guard.too_many_of_account"


def test_a_wrong_token_is_a_visitors(ask, limited, written):
    limited(reading="1/minute", token="100/minute")
    assert statuses(ask, f"{ACTION}status_show", 2, headers={"Authorization": "made.up.one"}) == [200, 429]


def test_an_account_is_counted_wherever_it_is_and_its_neighbours_are_not(app, ask, limited, written):
    limited(account="1/minute", reading="1/minute")
    clients = [app.test_client(user=model.User.get(factories.User()["id"])) for _ in range(2)]
    there = {"base_url": "http://localhost"}
    assert [ask("/desk", client=one, **there).status_code for one in clients] == [200, 200]
    assert ask("/desk", client=clients[0], by="203.0.113.30", **there).status_code == 429


def test_the_first_refusal_in_a_while_is_recorded_and_tells_of_those_before(ask, limited, written, monkeypatch):
    limited(reading="1/minute")
    now = 1_800_000_000.0
    monkeypatch.setattr(counting.time, "time", lambda: now)
    assert statuses(ask, "/about", 4) == [200, 429, 429, 429]
    assert written == [
        {
            "kind": "guard.too_many",
            "code": "guard.too_many",
            "facts": {"limit": "reading", "amount": 1, "seconds": 60, "by": "address", "refused_before": 0},
            "account": "",
        }
    ]
    now += counting.RECORDED_EACH
    assert ask("/about").status_code == 429
    assert [one["facts"]["refused_before"] for one in written] == [0, 3]


def test_what_cannot_be_recorded_is_refused_all_the_same(ask, limited, monkeypatch, caplog):
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("no database")

    monkeypatch.setattr(hooks.recording, "refused", fail)
    limited(reading="1/minute")
    assert statuses(ask, "/about", 2) == [200, 429]
    assert "could not be recorded" in caplog.text


def test_without_redis_everybody_is_let_through_and_the_log_says_so_once(ask, limited, counters, monkeypatch, caplog):
    limited(reading="1/minute", logins="1/minute", failures="1/minute")
    away = counting.Counters("redis://127.0.0.1:1/0", "nobody")
    monkeypatch.setattr(hooks, "counters", lambda: away)
    with caplog.at_level(logging.WARNING, counting.__name__):
        assert statuses(ask, "/about", 3) == [200] * 3
        away._again = 0.0
        assert statuses(ask, "/user/login", 3, data={"login": "li", "password": "wrong"}) == [200] * 3
    assert [one.message.partition(":")[0] for one in caplog.records if one.name == counting.__name__] == [
        "Redis can't be asked, so neither requests nor log-ins are limited until it can"
    ]


def test_once_redis_is_back_the_log_says_so_and_counting_goes_on(counters, limited, monkeypatch, caplog):
    limited(reading="1/minute")
    caller = rules.Caller(rules.Kind.ADDRESS, "198.51.100.200")
    hit = counters.limiter.hit

    def fail(*_: Any) -> bool:
        raise redis.ConnectionError("away")

    monkeypatch.setattr(counters.limiter, "hit", fail)
    assert counters.hit(rules.Name.READING, caller) is None
    monkeypatch.setattr(counters.limiter, "hit", hit)
    counters._again = 0.0
    assert counters.hit(rules.Name.READING, caller) is None
    assert counters.hit(rules.Name.READING, caller) is not None
    assert "Redis answers again" in caplog.text


def test_a_counted_request_asks_redis_once(ask, counters, monkeypatch):
    ask("/about")  # the script is known from now on
    sent: list[Any] = []
    send = redis.Redis.execute_command
    monkeypatch.setattr(redis.Redis, "execute_command", lambda self, *words, **more: (
        sent.append(words[0]), send(self, *words, **more))[1])  # fmt: skip
    ask("/about")
    assert sent == ["EVALSHA"]


def test_a_kept_page_is_not_counted(app, ask, limited, written, monkeypatch):
    limited(reading="2/minute")
    kept = middleware.PageCache(app.flask_app.wsgi_app.application)
    kept.seconds = 60
    monkeypatch.setattr(app.flask_app, "wsgi_app", kept)
    first, *others = (ask("/about") for _ in range(MANY + 1))
    assert (first.status_code, first.headers[middleware.SAID]) == (200, "miss")
    assert [(one.status_code, one.headers[middleware.SAID]) for one in others] == [(200, "hit")] * MANY


def test_a_refusal_does_not_keep_a_page_from_being_kept_for_others(app, ask, limited, written, monkeypatch):
    limited(reading="1/minute")
    kept = middleware.PageCache(app.flask_app.wsgi_app.application)
    kept.seconds = 60
    monkeypatch.setattr(app.flask_app, "wsgi_app", kept)
    ask("/help")
    assert ask("/about").status_code == 429
    answers = [ask("/about", by="203.0.113.40") for _ in range(2)]
    assert [one.headers[middleware.SAID] for one in answers] == ["miss", "hit"]


@pytest.mark.parametrize(
    ("name", "text"),
    [("reading", "often"), ("reading", "10/fortnight"), ("logins", "5/minute;10/hour"), ("token", "0/hour")],
)
def test_a_limit_that_cannot_be_read_is_told_at_the_start(limited, name, text):
    limited(**{name: text})
    told = f"guard.{name} = {text} can't be read: write a number"
    with pytest.raises(CkanConfigurationException, match=told):
        options.check()


def test_a_network_that_cannot_be_read_is_told_at_the_start(limited):
    limited(unlimited=["10.0.0.0/99"])
    with pytest.raises(CkanConfigurationException, match="can't be read: write addresses or networks"):
        options.check()


def test_the_declared_limits_can_be_read():
    options.check()
    told = {name.value: options.limit(name) for name in rules.Name}
    assert {name: (found.amount, found.get_expiry()) for name, found in told.items() if found} == {
        "reading": (600, 60),
        "writing": (60, 60),
        "downloads": (300, 60),
        "account": (600, 60),
        "token": (3000, 60),
        "logins": (20, 600),
        "failures": (10, 900),
        "registrations": (10, 3600),
        "resets": (10, 3600),
    }


def test_developers_are_told_the_limits_beforehand(app, limited):
    limited(reading="40/10 minutes", token="50/hour")
    page = re.sub(r"<[^>]*>|\s+", " ", app.get("/en/developers").text)
    assert re.search(r"Calls without a key, from one address +40 in 10 minutes", page)
    assert re.search(r"Calls with a key, of one account +50 in 1 hour", page)


def test_a_refusal_stands_in_the_log_of_the_portal(ask, limited):
    limited(failures="1/hour")
    for _ in range(2):
        ask("/user/login", data={"login": "nobody-here", "password": "wrong"})
    found = model.Session.execute(
        sa.text("SELECT body FROM anshan_audit_event WHERE kind = 'guard.too_many' ORDER BY id DESC LIMIT 1")
    ).scalar_one()
    told = json.loads(found)
    assert (told["outcome"], told["code"]) == ("refused", "guard.too_many_failures")
    assert told["facts"] == {"limit": "failures", "amount": 1, "seconds": 3600, "by": "name", "refused_before": 0}
    assert told["by"]["private"] and "nobody-here" not in found and "198.51" not in found
