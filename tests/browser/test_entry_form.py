"""A publisher's errand: describe a holding, choose its opening class, and be told beside the field what is missing."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import CONDITIONAL
from tests.conftest import RunningPortal

pytestmark = pytest.mark.usefixtures("agency")

LogIn = Callable[[str], Page]
SLOW = 20_000  # ms; the first page of a new process


def begin(page: Page) -> None:
    """The form of a new entry, without what an earlier test left there."""
    page.goto("/entry/new")
    if (discard := page.get_by_role("button", name="丢弃草稿")).count():
        discard.click()
        expect(discard).to_have_count(0)


def fill(page: Page, title: str, opening_class: str, sensitive: str = "no") -> None:
    """Everything that each class asks for."""
    begin(page)
    page.get_by_label("目录名称").fill(title)
    page.locator("[name=notes]").fill("公交站点的位置和客流。")
    for name, value in {
        "classification": "department",
        "data_form": "spreadsheet",
        "update_cycle": "yearly",
        "sharing_class": "unconditional",
        "security_level": "general_1",
        "information_items-0-type": "text",
        "information_items-0-sensitive": sensitive,
    }.items():
        page.locator(f"select[name={name}]").select_option(value)
    page.locator("[name=information_items-0-name]").fill("站名")
    page.locator("[name=information_items-0-column]").fill("站名")
    page.locator(f"[name=opening_class][value={opening_class}]").check()


def save(page: Page) -> None:
    page.get_by_role("button", name="保存目录条目").click()


def beside(page: Page, name: str) -> Locator:
    """The error in the same group as the field."""
    return page.locator(f".field:has([name='{name}'])").last.locator(".why")


def fill_conditions(page: Page, **changed: str) -> None:
    for name, value in {**CONDITIONAL, **changed}.items():
        page.locator(f"[name={name}]").fill(value)


def expect_saved(page: Page, title: str) -> None:
    expect(page.get_by_role("heading", name=title).first).to_be_visible(timeout=SLOW)
    assert "/new" not in page.url


def test_an_unconditional_entry_is_saved_and_has_its_code(log_in: LogIn):
    page, title = log_in("publisher"), f"校车停靠点{secrets.token_hex(3)}"
    fill(page, title, "unconditional")
    save(page)
    expect_saved(page, title)
    expect(page.get_by_text(re.compile(r"11210300MB0000000X\d{15}")).first).to_be_visible()


def test_a_sensitive_item_cannot_be_open_unconditionally(log_in: LogIn):
    page, title = log_in("publisher"), f"校车停靠点{secrets.token_hex(3)}"
    fill(page, title, "unconditional", sensitive="yes")
    save(page)
    expect(beside(page, "opening_class")).to_contain_text("第二十七条")
    expect(page.get_by_label("目录名称")).to_have_value(title)


@pytest.mark.parametrize("name", sorted(CONDITIONAL.keys() - {"opening_conditions"}))
def test_a_conditional_entry_says_beside_the_field_what_it_lacks(log_in: LogIn, name: str):
    page = log_in("publisher")
    fill(page, f"校车停靠点{secrets.token_hex(3)}", "conditional")
    fill_conditions(page, **{name: ""})
    save(page)
    expect(beside(page, name)).to_contain_text("请")
    expect(beside(page, name)).to_contain_text("第二十七条")
    assert page.locator(".why").count() == 1


def test_a_conditional_entry_with_everything_is_saved(log_in: LogIn):
    page, title = log_in("publisher"), f"校车停靠点{secrets.token_hex(3)}"
    fill(page, title, "conditional")
    fill_conditions(page)
    save(page)
    expect_saved(page, title)


def test_a_closed_entry_wants_its_basis(log_in: LogIn):
    page, title = log_in("publisher"), f"校车停靠点{secrets.token_hex(3)}"
    fill(page, title, "closed")
    save(page)
    for name in ("opening_basis_title", "opening_basis_number", "opening_basis_article"):
        expect(beside(page, name)).to_contain_text("第二十七条")
        page.locator(f"[name={name}]").fill(CONDITIONAL[name])
    save(page)
    expect_saved(page, title)


def test_what_was_typed_is_never_lost(log_in: LogIn):
    page, title = log_in("publisher"), f"校车停靠点{secrets.token_hex(3)}"
    fill(page, title, "closed")
    page.locator("[name=source_system]").fill("公交调度系统")
    save(page)
    expect(page.locator("[name=source_system]")).to_have_value("公交调度系统")
    expect(page.locator("[name=information_items-0-name]")).to_have_value("站名")
    expect(page.locator("[name=opening_class][value=closed]")).to_be_checked()


def test_a_visitor_gets_no_form(page: Page, running_portal: Any):
    page.goto("/entry/new")
    assert page.locator("[name=opening_class]").count() == 0


def test_items_are_added_without_scripts(log_in: LogIn, browser: Browser, running_portal: RunningPortal):
    """Empty rows are offered and left out; what was typed stays where something is missing."""
    cookies = log_in("publisher").context.storage_state()
    context = browser.new_context(base_url=running_portal.url, java_script_enabled=False, storage_state=cookies)
    page, title = context.new_page(), f"校车停靠点{secrets.token_hex(3)}"
    fill(page, title, "closed")
    assert not page.get_by_text("加一项").is_visible()
    page.locator("[name=information_items-2-name]").fill("停靠时间")
    save(page)
    expect(beside(page, "opening_basis_title")).to_contain_text("第二十七条")
    expect(page.locator("[name=information_items-1-name]")).to_have_value("停靠时间")
    for name in ("opening_basis_title", "opening_basis_number", "opening_basis_article"):
        page.locator(f"[name={name}]").fill(CONDITIONAL[name])
    page.locator("[name=information_items-4-name]").fill("备注")
    save(page)
    expect_saved(page, title)
    rows = page.locator("#section-items tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.last).to_contain_text("备注")
    context.close()
