"""A publisher describes a holding by keyboard and out of a spreadsheet; nothing typed is lost on the way."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_accessibility import findings
from tests.browser.test_entry_form import begin, fill, save

pytestmark = pytest.mark.usefixtures("agency")

LogIn = Callable[[str], Page]
SLOW = 15_000
ROWS = (
    "名称\t字段名\t数据类型\t是否敏感\n机构名称\torg\t字符型\t否\n床位数\tbeds\t整数\t否\n负责人电话\ttel\t字符型\t是\n"
)


@pytest.fixture
def form(log_in: LogIn) -> Page:
    page = log_in("publisher")
    begin(page)
    return page


def item(page: Page, row: int, name: str) -> Locator:
    return page.locator(f"[name=information_items-{row}-{name}]")


def wait_saved(page: Page) -> None:
    expect(page.locator("[data-state]")).to_contain_text("草稿已于", timeout=SLOW)


def paste(page: Page, target: Locator, text: str) -> None:
    """As the clipboard of a spreadsheet gives it."""
    target.evaluate(
        """(cell, text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            cell.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        text,
    )


def test_a_draft_comes_back_after_the_tab_was_closed(form: Page):
    title = f"养老机构床位{secrets.token_hex(3)}"
    form.get_by_label("目录名称").fill(title)
    wait_saved(form)
    context = form.context
    form.close()
    again = context.new_page()
    again.goto("/entry/new")
    expect(again.get_by_label("目录名称")).to_have_value(title)
    expect(again.get_by_text("已恢复您")).to_be_visible()
    again.get_by_role("button", name="丢弃草稿").click()
    expect(again.get_by_label("目录名称")).to_have_value("")


def test_rows_of_a_spreadsheet_become_items(form: Page):
    paste(form, item(form, 0, "name"), ROWS)
    expect(item(form, 2, "name")).to_have_value("负责人电话")
    expect(item(form, 1, "type")).to_have_value("integer")
    expect(item(form, 2, "sensitive")).to_have_value("yes")
    assert item(form, 3, "name").count() == 0
    card = form.locator("[data-class=unconditional]")
    expect(card).to_contain_text("现在不能选：有 1 个敏感信息项（负责人电话）", timeout=SLOW)


def test_items_are_added_moved_and_removed_by_keyboard(form: Page):
    item(form, 0, "name").focus()
    for name in ("甲", "乙", "丙"):
        form.keyboard.type(name)
        form.keyboard.press("Enter")
    item(form, 2, "name").focus()
    form.keyboard.press("Alt+ArrowUp")
    assert [item(form, row, "name").input_value() for row in range(3)] == ["甲", "丙", "乙"]
    expect(item(form, 1, "name")).to_be_focused()
    form.locator("[data-row]").first.get_by_role("button", name="移除这一项").focus()
    form.keyboard.press("Enter")
    assert [item(form, row, "name").input_value() for row in range(2)] == ["丙", "乙"]


def test_a_login_that_ran_out_costs_nothing(form: Page, log_in: LogIn):
    title = f"校车停靠点{secrets.token_hex(3)}"
    fill(form, title, "unconditional")
    cookies = form.context.cookies()
    form.context.clear_cookies()
    form.locator("[name=source_system]").fill("校车调度")
    save(form)
    expect(form.locator("[data-state]")).to_contain_text("登录已过期", timeout=SLOW)
    expect(form.get_by_label("目录名称")).to_have_value(title)
    form.context.add_cookies(cookies)  # type: ignore[arg-type]
    save(form)
    expect(form.get_by_role("heading", name=title).first).to_be_visible(timeout=SLOW)


def test_a_failed_save_takes_the_focus_to_the_errors_and_keeps_all(form: Page):
    fill(form, f"校车停靠点{secrets.token_hex(3)}", "closed")
    paste(form, item(form, 0, "name"), ROWS)
    expect(item(form, 3, "name")).to_have_value("负责人电话")
    save(form)
    expect(form.locator("#errors")).to_be_focused(timeout=SLOW)
    expect(form.locator("#errors")).to_contain_text("还有 3 处需要改正")
    expect(item(form, 3, "name")).to_have_value("负责人电话")
    form.locator("#errors").get_by_role("link", name="依据的条款号").click()
    expect(form.locator("[name=opening_basis_article]")).to_be_focused()
    expect(form.locator(".entry-nav .is-wrong")).to_contain_text("3 处")
    assert findings(form) == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("prefix", ["/zh_Hans_CN", "/en"])
def test_axe_finds_nothing_on_the_agencies_pages(log_in: LogIn, running_portal: Any, prefix: str, theme: str):
    page = log_in("publisher")
    page.context.add_cookies([{"name": "anshan_theme", "value": theme, "url": running_portal.url}])
    for path in ("/entry/", "/entry/?state=late&q=甲", "/entry/new"):
        page.goto(prefix + path)
        assert findings(page) == {}, path
    page.goto(f"{prefix}/entry/")
    if (first := page.locator(".entry-list th a").first).count():
        first.click()
        assert findings(page) == {}


@pytest.mark.parametrize("path", ["/entry/", "/entry/new"])
def test_the_agencies_pages_fit_a_phone(log_in: LogIn, path: str):
    page = log_in("publisher")
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
