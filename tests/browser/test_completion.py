"""Whoever types into a search box is offered what there is: by keyboard and screen reader too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Released
from tests.browser.test_accessibility import findings

PAGES = ["/", "/dataset/", "/en/dataset/"]


@pytest.mark.parametrize("path", PAGES)
def test_the_search_box_completes(page: Page, open_dataset: Released, path: str):
    page.goto(path)
    page.get_by_role("combobox").press_sequentially(open_dataset.title[:4])
    expect(page.get_by_role("option", name=open_dataset.title)).to_be_visible()
    assert findings(page) == {}


def test_the_front_page_box_is_a_combobox_that_keys_work(page: Page, open_dataset: Released):
    page.goto("/")
    box = page.get_by_role("combobox")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially(open_dataset.title)
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status").filter(has_text="建议")).to_be_attached()
    page.keyboard.press("ArrowDown")
    chosen = page.get_by_role("option", selected=True)
    expect(chosen.locator(".text")).to_have_text(open_dataset.title)
    expect(chosen.locator("b")).to_have_text(open_dataset.title)
    expect(chosen.locator(".badge-class")).to_have_text("无条件开放")
    expect(box).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "none")
    assert findings(page) == {}
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(box).to_have_value(open_dataset.title)


def test_enter_opens_what_was_chosen(page: Page, open_dataset: Released):
    page.goto("/")
    page.get_by_role("combobox").press_sequentially(open_dataset.title)
    expect(page.get_by_role("option", name=open_dataset.title)).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/dataset/{open_dataset.dataset}")


def test_an_information_item_leads_to_what_has_it(page: Page, open_dataset: Released):
    page.goto("/")
    page.get_by_role("combobox").press_sequentially("日均客")
    page.get_by_role("option", name="信息项：日均客流").click()
    expect(page.get_by_role("link", name=open_dataset.title)).to_be_visible()


def test_completions_lead_to_pages_of_the_same_language(page: Page, open_dataset: Released):
    page.goto("/en/")
    page.get_by_role("combobox").press_sequentially(open_dataset.title)
    page.get_by_role("option", name=open_dataset.title).click()
    page.wait_for_url(f"**/en/dataset/{open_dataset.dataset}")
