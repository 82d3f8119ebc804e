"""The pages of one's own account, in both languages and both themes and in large text: what no page may do wrong."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import account
from tests.browser.test_every_page import WEARS, heard, is_for_everybody
from tests.conftest import RunningPortal

__all__ = ["heard"]

LogIn = Callable[[str], Page]
VISITORS = ("/user/login", "/user/register", "/user/reset")
OWN = ("/desk", "/notices", "/user/{}/api-tokens", "/user/edit/{}")


@pytest.mark.parametrize("path", VISITORS)
def test_a_visitors_form_is_for_everybody(page: Page, running_portal: RunningPortal, heard: list[str], path: str):
    for wear in WEARS:
        is_for_everybody(page, running_portal.url, heard, path, wear)


@pytest.mark.parametrize("role", ["applicant", "publisher"])
@pytest.mark.parametrize("path", OWN)
def test_ones_own_page_is_for_everybody(
    log_in: LogIn, running_portal: RunningPortal, heard: list[str], path: str, role: str
):
    page, name = log_in(role), account(running_portal, role)["name"]
    for wear in WEARS:
        is_for_everybody(page, running_portal.url, heard, path.format(name), wear)


WIDTHS = (320, 390, 480, 600, 768, 1100)
"""Of phones, tablets and small windows, in CSS pixels; at the last one the menu lies open."""


@pytest.mark.parametrize("role", ["applicant", "bureau"])
def test_the_header_of_somebody_who_is_logged_in_fits(log_in: LogIn, running_portal: RunningPortal, role: str):
    page, wide = log_in(role), {}
    for look in ("", "elder", "elder-large"):
        page.context.add_cookies([{"name": "anshan_look", "value": look, "url": running_portal.url}] if look else [])
        for prefix, path in product(("", "/en"), ("/", "/desk")):
            page.goto(f"{prefix}{path}")
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 700})
                found = page.evaluate("document.documentElement.scrollWidth")
                if found > width:
                    wide[look, prefix, path, width] = found
    assert wide == {}


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
