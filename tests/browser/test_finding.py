"""Choosing among datasets: by keyboard alone, on a phone, in large text and without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Released
from tests.browser.test_accessibility import findings
from tests.conftest import RunningPortal

PHONE = {"width": 390, "height": 844}


def test_a_search_is_narrowed_and_widened_by_keyboard(
    page: Page, open_dataset: Released, conditional_dataset: Released
):
    page.goto("/dataset/")
    page.get_by_role("combobox").focus()
    page.keyboard.type("公交站点客流")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    expect(page.get_by_role("link", name=conditional_dataset.title)).to_be_visible()
    page.get_by_role("link", name="无条件开放").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=conditional_dataset.title)).to_have_count(0)
    expect(page.get_by_role("link", name=open_dataset.title)).to_be_visible()
    page.locator(".chosen .chip").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=conditional_dataset.title)).to_be_visible()


def test_the_order_is_chosen_by_keyboard(page: Page, open_dataset: Released):
    page.goto("/dataset/?q=公交")
    page.locator(".order > summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator(".order .menu-box")).to_be_hidden()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="下载次数").click()
    page.wait_for_url("**sort=use_count**")


def test_on_a_phone_the_choices_are_a_sheet_that_stays_until_it_is_closed(page: Page, open_dataset: Released):
    page.set_viewport_size(PHONE)  # pyright: ignore[reportArgumentType]
    page.goto("/dataset/?q=公交站点客流")
    expect(page.get_by_role("heading", name="开放属性")).to_be_hidden()
    page.get_by_role("link", name="筛选").click()
    expect(page.get_by_role("heading", name="开放属性")).to_be_visible()
    assert findings(page) == {}
    page.get_by_role("link", name="无条件开放").first.click()
    page.wait_for_url("**opening_class=unconditional**")
    expect(page.get_by_role("heading", name="开放属性")).to_be_visible()
    page.get_by_role("link", name="查看").click()
    expect(page.get_by_role("heading", name="开放属性")).to_be_hidden()
    expect(page.get_by_role("link", name="筛选 （1）")).to_be_visible()
    expect(page.get_by_role("link", name=open_dataset.title)).to_be_visible()


def test_in_large_text_what_can_be_had_at_once_is_one_step(
    page: Page, running_portal: RunningPortal, open_dataset: Released, conditional_dataset: Released
):
    page.context.add_cookies([{"name": "anshan_look", "value": "elder", "url": running_portal.url}])
    page.goto("/dataset/?q=公交站点客流")
    page.get_by_role("link", name="只看能直接下载的").click()
    page.wait_for_url("**opening_class=unconditional**")


@pytest.mark.parametrize("look", ["", "elder"])
def test_without_scripts_choices_and_order_work(
    browser: Any, running_portal: RunningPortal, open_dataset: Released, look: str
):
    context = browser.new_context(base_url=running_portal.url, locale="zh-CN", java_script_enabled=False)
    if look:
        context.add_cookies([{"name": "anshan_look", "value": look, "url": running_portal.url}])
    page = context.new_page()
    page.goto("/dataset/?q=公交站点客流")
    if look:
        page.get_by_role("link", name="筛选").click()
    page.get_by_role("link", name="CSV").first.click()
    page.wait_for_url("**res_format=CSV**")
    if look:
        page.get_by_role("link", name="查看").click()
    page.locator(".order > summary").click()
    page.get_by_role("link", name="发布日期").click()
    page.wait_for_url("**sort=release_date**")
    expect(page.get_by_role("link", name=open_dataset.title)).to_be_visible()
    context.close()


def test_nothing_found_leads_on_and_breaks_no_rule(page: Page, open_dataset: Released):
    page.goto("/dataset/?q=公交站点客流&update_cycle=daily")
    expect(page.get_by_role("heading", name="没有找到")).to_be_visible()
    assert findings(page) == {}
    page.get_by_role("link", name="查看全市").click()
    expect(page.get_by_role("link", name=open_dataset.title)).to_be_visible()
