"""An agency looks into the sharing catalogue and states by keyboard what it needs back; the data bureau lists it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.test_applicant import another_window
from tests.browser.test_every_page import WEARS, heard, is_for_everybody
from tests.conftest import RunningPortal

__all__ = ["heard"]

LogIn = Callable[[str], Page]


def test_a_need_is_stated_and_put_on_the_list(log_in: LogIn, running_portal: RunningPortal, heard: list[str]):
    page = log_in("publisher")
    page.goto("/en/sharing/returns/new")
    page.get_by_label("Data that is needed").focus()
    page.keyboard.type("湖南街道辖区企业登记")
    page.get_by_label("District optional").select_option("210302")
    page.get_by_label("Purpose").focus()
    page.keyboard.type("网格治理")
    page.keyboard.press("Tab")
    page.keyboard.type("《鞍山市公共数据管理办法（试行）》第二十四条")
    page.keyboard.press("Tab")
    page.keyboard.type("Mon")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("湖南街道辖区企业登记")
    path = page.url.removeprefix(running_portal.url).removeprefix("/en")

    office = another_window(page, running_portal, "bureau")
    office.goto(f"/en{path}")
    office.get_by_label("Provider").select_option(index=1)
    office.get_by_role("button", name="Put it on the list").click()
    expect(office.locator("main")).to_contain_text("With the provider")

    for wear in WEARS:
        for shown in ("/sharing", "/sharing/feedback", "/sharing/returns", "/sharing/returns/new", path):
            is_for_everybody(page, running_portal.url, heard, shown, wear)
        is_for_everybody(office, running_portal.url, heard, path, wear)
    office.context.close()
