"""Somebody fills in who they are and enters their organization, and the bureau verifies it."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date

from playwright.sync_api import FilePayload, Page, expect

from ckanext.anshan.applicants import rules
from ckanext.anshan.catalogue import uscc
from tests.browser.conftest import account
from tests.browser.test_every_page import WEARS, heard, is_for_everybody
from tests.conftest import RunningPortal

__all__ = ["heard"]

LogIn = Callable[[str], Page]
PDF: FilePayload = {"name": "授权委托书.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n"}


def resident_id() -> str:
    first = f"210302{date(1950, 1, 1).replace(year=1950 + random.randrange(50)):%Y%m%d}{random.randrange(1000):03}"
    return first + rules.id_check_character(first)


def code() -> str:
    first = "91210300" + "".join(random.choices("0123456789ABCDEFGH", k=9))
    return first + uscc.check_character(first)


def another_window(page: Page, running_portal: RunningPortal, role: str) -> Page:
    """Of somebody else."""
    assert page.context.browser
    who = account(running_portal, role)
    other = page.context.browser.new_context(base_url=running_portal.url, locale="zh-CN").new_page()
    other.goto("/en/user/login")
    other.get_by_label("Username or Email").fill(who["name"])
    other.get_by_label("Password").fill(who["password"])
    other.locator("main").get_by_role("button", name="Log in").click()
    other.wait_for_url("**/desk")
    return other


def test_a_company_is_entered_and_verified(log_in: LogIn, running_portal: RunningPortal, heard: list[str]):
    page, number, name = log_in("applicant"), resident_id(), f"鞍山浏览器检查{random.randrange(10**6)}有限公司"
    page.goto("/en/applicant?change=1")
    page.get_by_label("Real name").focus()
    page.keyboard.type("李明华")
    page.keyboard.press("Tab")
    page.keyboard.type(number[:-1])
    page.keyboard.press("Tab")
    page.keyboard.type("13912345678")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Resident ID number")
    heard.clear()  # the browser tells of the 400
    page.get_by_label("Resident ID number").fill(number)
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("李**")
    expect(page.locator("main")).not_to_contain_text(number)

    page.goto("/en/applicant/organization/new")
    for label, value in (("Name", name), ("Unified social credit code", code()), ("Contact person", "王小明")):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("Kind").select_option("company")
    page.get_by_label("Phone").fill("0412-5551234")
    page.get_by_label("Power of attorney").set_input_files(PDF)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Submit to the data bureau").click()
    expect(page.locator("main")).to_contain_text("With the data bureau")
    path = page.url.removeprefix(running_portal.url).removeprefix("/en")

    office = another_window(page, running_portal, "bureau")
    office.goto("/en/applicants")
    office.get_by_role("link", name=name).click()
    office.get_by_role("button", name="Verify").click()
    expect(office.locator("main")).to_contain_text("Verified")

    for wear in WEARS:
        is_for_everybody(page, running_portal.url, heard, "/applicant", wear)
        is_for_everybody(page, running_portal.url, heard, path, wear)
        is_for_everybody(office, running_portal.url, heard, path, wear)
        is_for_everybody(office, running_portal.url, heard, "/applicants?state=all", wear)
    office.context.close()
