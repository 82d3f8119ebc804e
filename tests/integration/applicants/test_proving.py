"""Somebody who is logged in shows again, at the identity service, who they are: they themselves, and anew."""

from __future__ import annotations

import time
from urllib.parse import parse_qs, urlsplit

import pytest

from ckanext.anshan.applicants import proving

from .test_connecting import Browser, bound, browser, service, started

__all__ = ["browser", "service", "started"]

pytestmark = pytest.mark.usefixtures("with_plugins")
BACK = "/application/SQ-2026-000001/agreement"


def again(browser: Browser, sub: str = "zhao"):
    """Goes there once more and comes back."""
    answer = browser.get(f"/user/oidc/again?came_from={BACK}")
    asked = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
    return browser.get(browser.confirm(answer.headers["Location"], sub))


def mark(browser: Browser):
    with browser.client.session_transaction(base_url="http://test.ckan.net") as session:
        return session.get(proving.MARK)


def test_who_logs_in_anew_is_proved_and_comes_back(service, browser):
    browser.log_in()
    service.bend = lambda claims: {**claims, "auth_time": int(time.time())}
    answer = again(browser)
    assert urlsplit(answer.headers["Location"]).path == BACK
    assert mark(browser)["user"] == bound().user_id


@pytest.mark.parametrize("auth_time", [None, 1_000_000, True, "now"])
def test_who_only_was_logged_in_there_before_is_not_proved(service, browser, auth_time):
    browser.log_in()
    service.bend = lambda claims: {**claims, "auth_time": auth_time}
    again(browser)
    assert mark(browser) is None


def test_somebody_else_is_not_proved_and_takes_no_account_over(service, browser):
    browser.log_in()
    service.bend = lambda claims: {**claims, "auth_time": int(time.time())}
    again(browser, "qian")
    assert mark(browser) is None
    assert bound("qian") is None
    assert browser.is_logged_in


def test_a_plain_log_in_is_no_proof(service, browser):
    browser.log_in()
    assert mark(browser) is None
