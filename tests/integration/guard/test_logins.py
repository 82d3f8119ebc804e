"""Passwords can't be guessed, and nobody can be locked out by a stranger."""

from __future__ import annotations

from typing import Any

import pytest
from ckan import model
from ckan.lib import mailer
from ckan.tests import factories

from ckanext.anshan.guard import hooks

pytestmark = pytest.mark.usefixtures("with_plugins")
PASSWORD = "a-good-Password1"
ELSEWHERE = "203.0.113.60"


@pytest.fixture(autouse=True)
def written(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    monkeypatch.setattr(hooks.recording, "refused", lambda kind, **told: found.append({"kind": kind, **told}))
    return found


@pytest.fixture
def user() -> dict[str, Any]:
    return factories.User(password=PASSWORD)


@pytest.fixture
def log_in(ask: Any) -> Any:
    """Gives the status: 302 for who is logged in, 200 for a wrong password."""

    def send(name: str, password: str = "wrong", **more: Any) -> int:
        return ask("/user/login", data={"login": name, "password": password}, **more).status_code

    return send


def test_the_form_of_the_login_is_shown_however_often_it_failed(ask, limited, log_in):
    limited(failures="1/minute", logins="2/minute")
    assert [log_in("nobody") for _ in range(3)] == [200, 429, 429]
    assert ask("/user/login").status_code == 200


def test_attempts_from_one_address_are_limited_whatever_name_is_tried(limited, log_in, user, written):
    limited(logins="2/10 minutes")
    assert [log_in("a"), log_in("b"), log_in("c"), log_in(user["name"], PASSWORD)] == [200, 200, 429, 429]
    assert log_in(user["name"], PASSWORD, by=ELSEWHERE) == 302
    told = [one for one in written if one["kind"] == "guard.too_many"]
    assert [(one["code"], one["account"], one["facts"]["limit"]) for one in told] == [
        ("guard.too_many_logins", "c", "logins")
    ]


def test_only_wrong_passwords_count_for_a_name(limited, log_in, user):
    limited(failures="2/15 minutes")
    assert [log_in(user["name"], PASSWORD) for _ in range(3)] == [302] * 3


def test_after_too_many_wrong_passwords_even_the_right_one_waits_and_is_told_how_long(ask, limited, log_in, user):
    limited(failures="2/15 minutes")
    assert [log_in(user["name"], by=f"203.0.113.{n}") for n in range(3)] == [200, 200, 429]
    answer = ask("/user/login", data={"login": user["name"], "password": PASSWORD})
    assert answer.status_code == 429
    assert 14 * 60 < int(answer.headers["Retry-After"]) <= 15 * 60
    assert "was wrong 2 times in 15 minutes" in answer.text and "for 15 minutes" in answer.text
    assert "guard.too_many_failures" in answer.text


def test_a_refused_attempt_does_not_make_the_wait_longer(limited, log_in, user, counters):
    limited(failures="1/15 minutes")
    log_in(user["name"])
    before = [counters.redis.pttl(key) for key in counters.redis.keys(f"{counters.prefix}:*failures*")]
    assert [log_in(user["name"], by=f"203.0.113.{n}") for n in range(3)] == [429] * 3
    after = [counters.redis.pttl(key) for key in counters.redis.keys(f"{counters.prefix}:{{*failures*")]
    assert len(after) == 1 and after[0] <= before[0]


def test_a_name_that_nobody_has_is_answered_like_one_that_somebody_has(ask, limited, log_in, user):
    limited(failures="1/15 minutes")
    for name in (user["name"], "nobody-at-all"):
        assert [log_in(name, by=ELSEWHERE), log_in(name, by=ELSEWHERE)] == [200, 429]


def test_capitals_and_spaces_make_no_other_name(limited, log_in, user):
    limited(failures="1/15 minutes")
    assert [log_in(user["name"]), log_in(f" {user['name'].upper()} ")] == [200, 429]


def test_nobody_elsewhere_locks_out_somebody_who_has_logged_in_here(limited, log_in, user):
    limited(failures="2/15 minutes")
    assert log_in(user["name"], PASSWORD) == 302
    assert [log_in(user["name"], by=ELSEWHERE) for _ in range(3)] == [200, 200, 429]
    assert log_in(user["name"], PASSWORD) == 302


def test_where_somebody_has_logged_in_guessing_is_limited_too(limited, log_in, user):
    limited(failures="2/15 minutes")
    assert log_in(user["name"], PASSWORD) == 302
    assert [log_in(user["name"]) for _ in range(3)] == [200, 200, 429]


def test_a_stolen_session_does_not_find_out_the_password(app, ask, limited, user):
    limited(failures="2/15 minutes")
    mine = app.test_client(user=model.User.get(user["id"]))
    form = {"save": "1", "old_password": "wrong", "password1": "New-password2", "password2": "New-password2"}
    given = {"name": user["name"], "email": user["email"], **form}
    answers = [ask("/user/edit", client=mine, base_url="http://localhost", data=given).status_code for _ in range(3)]
    assert answers == [200, 200, 429]


def test_accounts_are_not_made_by_the_dozen(ask, limited, written):
    limited(registrations="2/hour")
    answers = [ask("/user/register", data={"name": f"x{n}"}) for n in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert "guard.too_many_registrations" in answers[-1].text


def test_nobodys_mailbox_is_filled(ask, limited, user, written, monkeypatch):
    limited(resets="2/hour")
    monkeypatch.setattr(mailer, "send_reset_link", lambda user: None)
    answers = [ask("/user/reset", data={"user": user["name"]}, by=f"203.0.113.{n}") for n in range(3)]
    assert [one.status_code for one in answers] == [302, 302, 429]
    assert [one["account"] for one in written if one["code"] == "guard.too_many_resets"] == [user["name"]]


def test_new_passwords_are_not_asked_for_name_by_name(ask, limited):
    limited(resets="2/hour")
    assert [ask("/user/reset", data={"user": f"n{n}"}).status_code for n in range(3)] == [302, 302, 429]


def test_a_login_that_is_not_counted_leaves_nothing_in_redis(limited, log_in, counters):
    limited(unlimited=["203.0.113.60"])
    log_in("li", by=ELSEWHERE)
    assert counters.redis.keys(f"{counters.prefix}:*") == []
