"""An editor's errand: a list with ID numbers is scanned, mended and clean; with a mouse, by keyboard and on a phone."""

from __future__ import annotations

import io
import random
import secrets
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import as_role, eventually, make_entry
from tests.browser.test_accessibility import findings
from tests.browser.test_every_page import WEARS, Wear, heard, is_for_everybody
from tests.conftest import RunningPortal

__all__ = ["heard"]

LogIn = Callable[[str], Page]
SLOW = 60_000  # ms; the worker begins a scan within a second or two
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def resident_id() -> str:
    """A number with a right check character, of nobody that is known."""
    digits = f"210302{random.randrange(1950, 2000)}0101{random.randrange(1000):03d}"
    return digits + "10X98765432"[sum(int(a) * b for a, b in zip(digits, WEIGHTS, strict=True)) % 11]


def people(count: int = 60) -> tuple[bytes, list[str]]:
    """A list with ID numbers, and those numbers."""
    numbers = [resident_id() for _ in range(count)]
    rows = [f"{one},对炉街道,{at % 7}" for at, one in enumerate(numbers)]
    return "\n".join(["身份证号,街道,名额", *rows, ""]).encode(), numbers


@pytest.fixture
def entry(running_portal: RunningPortal, agency: dict[str, Any]) -> dict[str, Any]:
    """An entry with a list of persons; ``numbers`` are theirs."""
    made = make_entry(running_portal, agency, f"补贴名单{secrets.token_hex(3)}", "unconditional")
    content, numbers = people()
    file = io.BytesIO(content)
    file.name = "名单.csv"
    given = {"package_id": made["id"], "name": "名单.csv", "url": "名单.csv", "upload": file}
    resource = as_role(running_portal, "publisher").action.resource_create(**given)
    return {**made, "numbers": numbers, "resource": resource}


def scanned(portal: RunningPortal, entry: Mapping[str, Any]) -> str:
    """The path of a report that is done."""
    publisher = as_role(portal, "publisher").action
    id = publisher.anshan_scan_start(resource_id=entry["resource"]["id"])["id"]
    eventually(lambda: publisher.anshan_scan_show(id=id)["state"] == "done")
    return f"/entry/{entry['name']}/scan/{id}"


def seen(page: Page, entry: Mapping[str, Any]) -> list[str]:
    """The numbers of persons that a page holds."""
    content = page.content()
    return [one for one in entry["numbers"] if one in content]


def test_an_editor_scans_a_file_removes_the_numbers_and_finds_the_new_file_clean(log_in: LogIn, entry: dict[str, Any]):
    page = log_in("publisher")
    page.goto(f"/entry/{entry['name']}")
    page.get_by_role("button", name="扫描此文件").click()
    expect(page.get_by_role("heading", name="按现在的样子不能无条件开放。")).to_be_visible(timeout=SLOW)
    finding = page.locator(".scan-findings > li", has_text="居民身份证号").first
    expect(finding).to_contain_text("身份证号")
    expect(finding).to_contain_text("60")
    assert seen(page, entry) == []
    finding.get_by_label("删除此列").check()
    page.get_by_role("button", name="查看差异").click()
    expect(page.get_by_role("heading", name="将会有哪些改动")).to_be_visible()
    assert seen(page, entry) == [] and findings(page) == {}
    page.get_by_role("button", name="生成新文件").click()
    expect(page.get_by_role("heading", name="这个文件的由来")).to_be_visible(timeout=SLOW)
    expect(page.locator(".scan-verdict")).not_to_contain_text("不能无条件开放", timeout=SLOW)
    assert page.locator(".scan-findings > li", has_text="居民身份证号").count() == 0
    page.goto(f"/entry/{entry['name']}")
    expect(page.locator(".file-line")).not_to_contain_text("阻止开放")


def test_the_errand_can_be_done_by_keyboard(log_in: LogIn, running_portal: RunningPortal, entry: dict[str, Any]):
    path, page = scanned(running_portal, entry), log_in("publisher")
    page.goto(path)
    page.locator(".scan-findings > li", has_text="居民身份证号").first.get_by_label("保留").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("删除此列").first).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="将会有哪些改动")).to_be_visible()
    page.get_by_role("button", name="生成新文件").press("Enter")
    expect(page.get_by_role("heading", name="这个文件的由来")).to_be_visible(timeout=SLOW)


def test_a_scan_that_goes_on_renews_its_bar_without_reloading_the_page(
    log_in: LogIn, running_portal: RunningPortal, entry: dict[str, Any]
):
    path, page = scanned(running_portal, entry), log_in("publisher")
    answers = ["25", "75", ""]

    def answer(route: Any) -> None:
        share = answers.pop(0) if len(answers) > 1 else answers[0]
        real = route.fetch()
        bar = f"<div data-renew><div role=progressbar aria-valuenow={share}></div></div>" if share else ""
        route.fulfill(response=real, body=real.text().replace("</main>", f"{bar}</main>", 1))

    page.route(f"**{path}", answer)
    page.goto(path)
    page.evaluate("window.stays = true")
    expect(page.locator("[data-renew] [aria-valuenow='75']")).to_have_count(1, timeout=SLOW)
    assert page.evaluate("window.stays") is True
    expect(page.locator("[data-renew]")).to_have_count(0, timeout=SLOW)


@pytest.mark.parametrize("wear", WEARS, ids=str)
def test_the_pages_of_scans_are_for_everybody(
    log_in: LogIn, running_portal: RunningPortal, entry: dict[str, Any], heard: list[str], wear: Wear
):
    path, page = scanned(running_portal, entry), log_in("publisher")
    for one in (path, f"/entry/{entry['name']}/scan", f"{path}/difference?all=1"):
        is_for_everybody(page, running_portal.url, heard, one, wear)


def test_the_places_of_what_is_alike_open_by_keyboard(
    log_in: LogIn, running_portal: RunningPortal, entry: dict[str, Any]
):
    packed = io.BytesIO()
    packed.name = "历年存档.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for year in range(1990, 2026):
            archive.writestr(f"鞍山市历年统计年鉴与普查资料汇编（{year}年）.db", b"SQLite format 3\x00" + bytes(100))
    packed.seek(0)
    given = {"package_id": entry["id"], "name": packed.name, "url": packed.name, "upload": packed}
    resource = as_role(running_portal, "publisher").action.resource_create(**given)
    path, page = scanned(running_portal, entry | {"resource": resource}), log_in("publisher")
    page.goto(path)
    summary = page.locator(".scan-also summary")
    summary.press("Enter")
    expect(page.locator(".scan-also li").last).to_be_visible()
    assert findings(page) == {}


@pytest.mark.parametrize("wear", WEARS, ids=str)
def test_the_words_of_an_agency_are_for_everybody(
    log_in: LogIn, running_portal: RunningPortal, agency: dict[str, Any], heard: list[str], wear: Wear
):
    page = log_in("agency_head")
    is_for_everybody(page, running_portal.url, heard, f"/organization/{agency['name']}/scan-words", wear)


def test_the_head_of_the_agency_adds_a_word_and_removes_it(log_in: LogIn, agency: dict[str, Any]):
    page, word = log_in("agency_head"), f"工程{secrets.token_hex(3)}"
    page.goto(f"/organization/{agency['name']}/scan-words")
    page.get_by_role("row").last.get_by_role("textbox").first.fill(word)
    page.get_by_role("button", name="保存词单").click()
    expect(page.get_by_role("status").filter(has_text="词单已保存")).to_be_visible()
    page.get_by_label(f"移除 {word}").check()
    page.get_by_role("button", name="保存词单").click()
    expect(page.get_by_label(f"移除 {word}")).to_have_count(0)
