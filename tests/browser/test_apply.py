"""A person applies in the browser: from the dataset's page to the answer's date, the scope by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import account, as_role
from tests.browser.test_agreement import CONTENT, dataset
from tests.browser.test_applicant import resident_id
from tests.browser.test_every_page import WEARS, heard, is_for_everybody
from tests.conftest import RunningPortal

__all__ = ["dataset", "heard"]

LogIn = Callable[[str], Page]
PDF: FilePayload = {"name": "合同.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"}
STEPS = ("party", "purpose", "scope", "safeguards", "check")
NEXT = "Next: "


def test_somebody_applies_from_the_page_of_a_dataset(
    log_in: LogIn, running_portal: RunningPortal, dataset: dict[str, Any], heard: list[str]
):
    mine = as_role(running_portal, "applicant").action
    mine.anshan_applicant_update(name="李明华", number=resident_id(), phone="13912345678")
    page = log_in("applicant")
    number = begun(page, running_portal, dataset)
    purpose(page)
    scope_by_keyboard(page)
    for name in ("storage", "people", "safeguards", "retention", "destruction"):
        page.locator(f"#{name}").fill(CONTENT[name])
    page.get_by_role("button", name=NEXT).click()
    expect(page.locator("main")).to_contain_text("站名")

    for wear in WEARS:
        for step in STEPS:
            is_for_everybody(page, running_portal.url, heard, f"/application/{number}/edit/{step}", wear)
        is_for_everybody(page, running_portal.url, heard, f"/application/new?dataset={dataset['name']}", wear)
    page.goto(f"/en/application/{number}/edit/check")
    page.get_by_role("button", name="Submit the application").click()
    page.wait_for_url("**/application/SQ-*")
    expect(page.get_by_role("status").first).to_contain_text("You have an answer by")
    path = "/application/" + page.url.rpartition("/")[2]
    for wear in WEARS:
        for shown in (path, f"{path}/clock", "/applications", "/desk"):
            is_for_everybody(page, running_portal.url, heard, shown, wear)

    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto("/en/applications")
    page.get_by_role("link", name="Withdraw the application").click()
    page.locator("#act-withdraw summary").click()
    page.locator("#act-withdraw").get_by_role("button", name="Withdraw the application").click()
    expect(page.locator("main")).to_contain_text("Application withdrawn")


def begun(page: Page, portal: RunningPortal, dataset: dict[str, Any]) -> str:
    page.goto(f"/en/dataset/{dataset['name']}")
    page.get_by_role("link", name="Apply to use it").first.click()
    parties = page.locator("input[name=party]")
    if parties.count():
        person = as_role(portal, "applicant").action.user_show(id=account(portal, "applicant")["name"])["id"]
        page.locator(f"input[name=party][value='person:{person}']").check()
    page.get_by_role("button", name="Begin the application").click()
    page.wait_for_url("**/edit/party")
    number = page.url.split("/application/")[1].split("/")[0]
    page.get_by_role("button", name=NEXT).click()
    page.wait_for_url("**/edit/purpose")
    return number


def purpose(page: Page) -> None:
    """What is missing is told with the focus on it; what is typed saves itself; a file is attached."""
    page.get_by_role("button", name=NEXT).click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link").first.click()
    expect(page.locator("#purpose_kind")).to_be_focused()
    page.locator("#purpose_kind").select_option("research")
    page.locator("#purpose").fill(CONTENT["purpose"])
    expect(page.locator("[data-part=summary]")).to_contain_text(CONTENT["purpose"], timeout=15_000)
    page.locator("#basis_kind").select_option("contract")
    page.locator("#basis").fill("技术服务合同，2026-10-08 签订")
    page.locator("#product").fill(CONTENT["product"])
    page.locator("#basis_file").set_input_files(PDF)
    page.get_by_role("button", name="Attach").click()
    expect(page.locator(".ap-files")).to_contain_text("合同.pdf")
    page.get_by_role("button", name=NEXT).click()
    page.wait_for_url("**/edit/scope")


def scope_by_keyboard(page: Page) -> None:
    """Columns, method and days without a mouse; a day that is too late is told beside its field."""
    page.locator("#content").focus()
    press_until(page, "[name$='/columns'][value='站名']")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    press_until(page, "#starts")
    typed_day(page, today())
    press_until(page, "#ends")
    typed_day(page, today() + timedelta(900))
    page.keyboard.press("Enter")
    expect(page.locator("[data-state]")).to_contain_text("kept")
    expect(page.locator("#term-why")).to_contain_text("The longest term is")
    assert page.locator("[name$='/columns']:checked").count() == 2
    page.locator("#content").focus()
    press_until(page, "#ends")
    typed_day(page, today() + timedelta(100))
    press_until(page, "button[value=next]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit/safeguards")


def today() -> date:
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def press_until(page: Page, selector: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("chosen => document.activeElement.matches(chosen)", selector):
            return
    raise AssertionError(f"{selector} can't be reached by keyboard")


def typed_day(page: Page, day: date) -> None:
    """As somebody types it into a field for days, whatever order its language has."""
    page.locator(":focus").fill(day.isoformat())
