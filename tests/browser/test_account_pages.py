"""The pages of one's own account, in both languages and both themes and in large text: what no page may do wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import account
from tests.browser.test_accessibility import THEMES, found_in
from tests.browser.test_every_page import NARROWEST
from tests.browser.test_words import english, said
from tests.conftest import RunningPortal

LogIn = Callable[[str], Page]
VISITORS = ("/user/login", "/user/register", "/user/reset")
OWN = ("/desk", "/user/{}/api-tokens", "/user/edit/{}")
WEARS = (("", THEMES), ("/en", THEMES), ("", ()))


def is_for_everybody(page: Page, portal: RunningPortal, path: str) -> None:
    wrong: list[str] = []
    page.on("console", lambda told: wrong.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    for prefix, themes in WEARS:
        page.set_viewport_size({"width": 1280, "height": 800})
        if not themes:
            page.context.add_cookies([{"name": "anshan_look", "value": "elder", "url": portal.url}])
        page.goto(f"{prefix}{path}")
        assert found_in(page, themes) == {}, prefix
        assert page.locator("h1").count() == 1
        if not prefix:
            assert said(page.content()) & english() == set()
        page.set_viewport_size({"width": NARROWEST, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST, (prefix, themes)
    assert wrong == []


@pytest.mark.parametrize("path", VISITORS)
def test_a_visitors_form_is_for_everybody(page: Page, running_portal: RunningPortal, path: str):
    is_for_everybody(page, running_portal, path)


@pytest.mark.parametrize("role", ["applicant", "publisher"])
@pytest.mark.parametrize("path", OWN)
def test_ones_own_page_is_for_everybody(log_in: LogIn, running_portal: RunningPortal, path: str, role: str):
    is_for_everybody(log_in(role), running_portal, path.format(account(running_portal, role)["name"]))


def test_a_token_is_made_copied_and_revoked(log_in: LogIn, running_portal: RunningPortal):
    page = log_in("applicant")
    page.goto(f"/user/{account(running_portal, 'applicant')['name']}/api-tokens")
    page.get_by_label("用途").fill("浏览器里的检查")
    page.get_by_role("button", name="创建密钥").click()
    assert len(page.locator("#made-token").inner_text()) > 50
    assert page.evaluate("document.activeElement.className").count("token-made") == 1
    page.get_by_role("button", name="撤销 浏览器里的检查").click()
    assert "浏览器里的检查" in page.locator("main").inner_text()
    page.get_by_role("button", name="撤销").click()
    page.wait_for_url("**/api-tokens")
    assert page.get_by_role("row", name="浏览器里的检查").count() == 0
