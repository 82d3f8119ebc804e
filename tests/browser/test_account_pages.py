"""The pages of an account: in every look, and what somebody does there."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import account
from tests.browser.test_accessibility import found_in
from tests.browser.test_every_page import NARROWEST
from tests.browser.test_words import english, said
from tests.conftest import RunningPortal

FOR_ALL = ("/user/login", "/user/register", "/user/reset")
OWN = ("/desk", "/user/{me}/api-tokens", "/user/edit/{me}")


def is_for_everybody(page: Page, path: str) -> None:
    for prefix in ("", "/en"):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(prefix + path)
        assert found_in(page) == {}
        assert page.locator("h1").count() == 1
        if not prefix:
            assert said(page.content()) & english() == set()
        page.set_viewport_size({"width": NARROWEST, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST


@pytest.mark.parametrize("path", FOR_ALL)
def test_a_page_before_logging_in(page: Page, path: str):
    is_for_everybody(page, path)


@pytest.mark.parametrize("path", OWN)
def test_a_page_of_an_account(log_in: Callable[[str], Page], running_portal: RunningPortal, path: str):
    page = log_in("publisher")
    is_for_everybody(page, path.format(me=account(running_portal, "publisher")["name"]))


def test_a_wrong_password_is_told_beside_the_field_and_what_was_typed_stays(page: Page):
    page.goto("/user/login")
    page.get_by_label("用户名或邮箱").fill("某申请人")
    page.get_by_label("密码").fill("不是这个密码")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.get_by_label("用户名或邮箱").input_value() == "某申请人"
    assert page.get_by_label("密码").input_value() == ""


def test_a_token_is_made_shown_once_used_and_revoked(log_in: Callable[[str], Page], running_portal: RunningPortal):
    page = log_in("applicant")
    me, name = account(running_portal, "applicant")["name"], f"某程序{secrets.token_hex(3)}"
    page.goto(f"/user/{me}/api-tokens")
    page.get_by_label("用途").fill(name)
    page.get_by_role("button", name="创建密钥").click()
    token = page.locator("#made-token").inner_text()
    asked = {"url": f"/api/3/action/api_token_list?user_id={me}", "headers": {"Authorization": token}}
    assert [one["name"] for one in page.request.get(**asked).json()["result"]].count(name) == 1
    page.goto(f"/user/{me}/api-tokens")
    assert token not in page.content()
    page.get_by_role("button", name=f"撤销 {name}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("撤销这 1 个密钥？")
    page.get_by_role("button", name="撤销", exact=True).click()
    expect(page.get_by_role("status").filter(has_text=name)).to_be_visible()
    page.context.clear_cookies()
    assert page.request.get(**asked).status == 403
