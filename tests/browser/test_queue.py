"""A reviewer's morning: found, ticked, signed together and returned, by keyboard alone; in every look, on a phone."""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import as_role, eventually, make_entry
from tests.browser.test_accessibility import findings, fits_a_phone
from tests.browser.test_every_page import WEARS, Wear, heard, is_for_everybody
from tests.conftest import RunningPortal

__all__ = ["heard"]

LogIn = Callable[[str], Page]
SLOW = 60_000  # ms
CLEAN = "站名,日均客流,经度,纬度\n鞍山站,1200,122.9946,41.1075\n千山站,530,123.1378,41.0301\n".encode()


@pytest.fixture
def word() -> str:
    """In the titles of one test."""
    return f"站点{secrets.token_hex(3)}"


@pytest.fixture
def submissions(running_portal: RunningPortal, agency: dict[str, Any], word: str) -> list[dict[str, Any]]:
    """Three that wait for the agency's head, their scans done."""
    publisher = as_role(running_portal, "publisher").action
    made = []
    for at in range(3):
        entry = make_entry(running_portal, agency, f"{word}第{at}份", "unconditional")
        file = io.BytesIO(CLEAN)
        file.name = "站点.csv"
        publisher.resource_create(package_id=entry["id"], name=file.name, url=file.name, upload=file)
        made.append(publisher.anshan_submission_create(id=entry["id"]))
    eventually(lambda: all(publisher.anshan_submission_show(id=one["id"])["scan_hash"] for one in made))
    return made


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_two_are_found_and_signed_together_by_keyboard(
    log_in: LogIn, running_portal: RunningPortal, word: str, submissions: list[dict[str, Any]]
):
    page = log_in("agency_head")
    page.goto("/en/review")
    press(page, "/")
    page.keyboard.type(word)
    press(page, "Enter")
    expect(page.locator("[data-row]")).to_have_count(3)
    assert findings(page) == {}
    press(page, "j", "x", "j", "k", "j", "x")
    expect(page.locator("[data-row].picked")).to_have_count(2)
    expect(page.locator("[data-told]")).to_contain_text("2 chosen")
    sign = page.get_by_role("button", name="Sign 2 together")
    assert findings(page) == {}
    sign.press("Enter")
    expect(page.get_by_role("heading", name="Sign 2 submissions together")).to_be_visible()
    assert findings(page) == {}
    for answer in page.locator(".rvq-item").all():
        answer.locator("input[value=yes]").press("Space")
    page.get_by_role("button", name="Sign 2 submissions").press("Enter")
    expect(page.get_by_role("heading", name="2 submissions signed")).to_be_visible(timeout=SLOW)
    assert findings(page) == {}
    head = as_role(running_portal, "agency_head").action
    states = sorted(head.anshan_submission_show(id=one["id"])["state"] for one in submissions)
    assert states == ["in_review", "in_review", "submitted"]


def test_keys_move_open_and_explain_and_stay_out_of_fields(log_in: LogIn, word: str, submissions: list[dict[str, Any]]):
    page = log_in("agency_head")
    page.goto(f"/en/review?q={word}")
    press(page, "j", "j")
    second = page.locator("[data-row]").nth(1).locator("th a")
    expect(second).to_be_focused()
    field = page.get_by_label("Title, number, code or agency")
    field.press("End")
    page.keyboard.type("jx?")
    expect(field).to_have_value(f"{word}jx?")
    expect(page.locator("[data-row].picked")).to_have_count(0)
    second.focus()
    press(page, "?")
    dialog = page.get_by_role("dialog", name="Shortcuts on this page")
    expect(dialog).to_be_visible()
    assert findings(page) == {}
    page.get_by_label("Shortcuts are on").press("Space")
    press(page, "Escape")
    page.reload()
    second.focus()
    press(page, "x", "j")
    expect(second).to_be_focused()
    expect(page.locator("[data-row].picked")).to_have_count(0)
    page.get_by_role("button", name="All shortcuts").press("Enter")
    page.get_by_label("Shortcuts are on").press("Space")
    press(page, "Escape")
    second.focus()
    press(page, "x")
    expect(page.locator("[data-row].picked")).to_have_count(1)
    number = page.locator("[data-row].picked code").inner_text()
    press(page, "Enter")
    page.wait_for_url(f"**/review/{number}")


def test_signing_together_is_offered_only_where_each_may_be(
    log_in: LogIn, running_portal: RunningPortal, word: str, submissions: list[dict[str, Any]]
):
    head = as_role(running_portal, "agency_head").action
    for one in submissions[:2]:
        answers = {item["id"]: "yes" for item in head.anshan_submission_show(id=one["id"])["checklist"]}
        head.anshan_submission_sign(id=one["id"], hash=one["hash"], answers=answers)
    page = log_in("cyberspace")
    page.goto(f"/en/review?mine=all&q={word}")
    expect(page.locator("[data-row]")).to_have_count(3)
    expect(page.locator("[data-row] input[type=checkbox]")).to_have_count(2)  # the third lies with its head
    expect(page.locator("[data-sign]")).to_be_hidden()
    page.locator("[data-every]").press("Space")
    expect(page.get_by_role("button", name="Sign 2 together")).to_be_visible()
    page.get_by_role("button", name="Return together").press("Enter")
    page.get_by_role("button", name="Return 2 submissions").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("nothing was returned")
    assert findings(page) == {}
    for field in page.locator("textarea").all():
        field.fill("请补充更新周期。")
    page.get_by_role("button", name="Return 2 submissions").press("Enter")
    expect(page.get_by_role("heading", name="2 submissions returned")).to_be_visible()


@pytest.mark.parametrize("wear", WEARS, ids=str)
def test_the_queue_is_for_everybody(
    log_in: LogIn,
    running_portal: RunningPortal,
    word: str,
    submissions: list[dict[str, Any]],
    heard: list[str],
    wear: Wear,
):
    page, number = log_in("agency_head"), submissions[0]["number"]
    bulk = [f"/review/bulk?command={command}&id={number}" for command in ("sign", "return")]
    for path in (f"/review?q={word}", "/review?q=没有这样的", "/review?mine=done", *bulk):
        is_for_everybody(page, running_portal.url, heard, path, wear)
    fits_a_phone(page, f"{wear.prefix}/review?q={word}")
