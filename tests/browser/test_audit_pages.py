"""The pages of the log, in both languages and both themes and in large text: what no page may do wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Released, account, as_role, make_entry
from tests.browser.test_every_page import WEARS, heard, is_for_everybody
from tests.conftest import RunningPortal

__all__ = ["heard"]

LogIn = Callable[[str], Page]
SEARCHES = ("/audit/", "/audit/?what=refusals", "/audit/?person=nobody&object=nothing")


def opened(page: Page) -> None:
    page.evaluate("document.querySelectorAll('.audit-more').forEach((one, at) => { one.open = at < 2 })")


def test_the_page_for_everybody_is(page: Page, running_portal: RunningPortal, heard: list[str]):
    for wear in WEARS:
        is_for_everybody(page, running_portal.url, heard, "/audit/about", wear)


def test_the_history_of_a_dataset_is_for_everybody(
    page: Page, running_portal: RunningPortal, heard: list[str], open_dataset: Released
):
    for wear in WEARS:
        is_for_everybody(page, running_portal.url, heard, f"/audit/history/dataset/{open_dataset.dataset}", wear)


@pytest.mark.parametrize("path", SEARCHES)
def test_the_search_is_for_every_inspector(log_in: LogIn, running_portal: RunningPortal, heard: list[str], path: str):
    page = log_in("bureau")
    for wear in WEARS:
        is_for_everybody(page, running_portal.url, heard, path, wear)


@pytest.mark.parametrize("role", ["applicant", "publisher"])
def test_my_records_are_for_everybody(log_in: LogIn, running_portal: RunningPortal, heard: list[str], role: str):
    page, name = log_in(role), account(running_portal, role)["name"]
    for wear in WEARS:
        is_for_everybody(page, running_portal.url, heard, f"/audit/history/account/{name}", wear)


def test_a_change_is_read_a_moment_later_and_proved(
    log_in: LogIn, running_portal: RunningPortal, agency: dict[str, str]
):
    """From the entry to its history, the technical part, and the proof once it is sealed."""
    title = "餐厨废弃物产生单位与餐厨废弃物收集、运输服务企业签订协议汇总表"
    made = make_entry(running_portal, agency, title, "unconditional")
    as_role(running_portal, "publisher").action.package_patch(id=made["id"], notes="改过的说明。")
    page = log_in("publisher")
    page.goto(f"/entry/{made['name']}")
    page.get_by_role("link", name="谁做了什么").click()
    expect(page.locator(".audit-said").first).to_contain_text("您修改了这条目录条目。")
    opened(page)
    expect(page.locator(".audit-body").first).to_contain_text("entry.changed")
    for _ in range(20):
        if page.locator('a[href*="/audit/proof/"]').count() == 2:
            break
        page.wait_for_timeout(500)
        page.reload()
    proof = page.request.get(page.locator('a[href*="/audit/proof/"]').first.get_attribute("href") or "")
    assert proof.json()["format"] == "anshan-audit-proof/1" and proof.json()["private"]


def test_an_inspector_finds_it_from_the_desk(log_in: LogIn, running_portal: RunningPortal, agency: dict[str, str]):
    page = log_in("bureau")
    page.goto("/desk")
    page.get_by_role("link", name="查询审计日志").click()
    page.get_by_label("账号或网络地址").fill(account(running_portal, "publisher")["name"])
    page.get_by_label("事项").select_option("changes")
    page.get_by_role("button", name="搜索").last.click()
    page.wait_for_url("**/audit/?*person=*")
    assert page.locator(".audit-found tbody tr").count() > 0
