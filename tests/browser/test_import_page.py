"""The data bureau's errand: import a catalogue and read, row by row, what came of it."""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.test_accessibility import findings

LogIn = Callable[[str], Page]
SLOW = 60_000  # ms; the worker takes the import up


def example(page: Page) -> tuple[list[str], dict[str, str]]:
    """Headings and first row of the template that the portal hands out."""
    text = page.request.get("/catalogue/template.csv").body().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    return list(rows[0]), rows[0]


def as_file(name: str, heads: list[str], rows: list[dict[str, str]]) -> FilePayload:
    text = io.StringIO()
    writer = csv.DictWriter(text, heads)
    writer.writeheader()
    writer.writerows(rows)
    return {"name": name, "mimeType": "text/csv", "buffer": text.getvalue().encode("gb18030")}


def upload(page: Page, file: FilePayload, button: str = "导入") -> None:
    page.goto("/catalogue/import")
    page.get_by_label("文件", exact=True).set_input_files(file)
    page.get_by_role("button", name=button).click()


def test_a_dirty_row_is_reported_and_the_rest_goes_in(log_in: LogIn, agency: dict[str, Any]):
    page, mark = log_in("bureau"), secrets.token_hex(3)
    heads, row = example(page)
    good = {**row, "目录名称": f"停车场{mark}", "数据提供部门": agency["title"]}
    dirty = {**good, "目录名称": f"医院{mark}", "开放属性": "看情况"}
    upload(page, as_file("目录.csv", heads, [good, dirty]))
    expect(page.get_by_text("已完成").first).to_be_visible(timeout=SLOW)
    report = page.locator("table tbody tr", has_text="看情况")
    expect(report).to_contain_text("3")
    expect(report).to_contain_text("开放属性")
    expect(report).to_contain_text("不是该列的选项")
    expect(page.locator("dd").first).to_have_text("1")
    page.goto(f"/entry/?q=停车场{mark}")
    expect(page.get_by_text(f"停车场{mark}").first).to_be_visible()


def test_a_plan_says_what_would_happen_and_is_then_carried_out(log_in: LogIn, agency: dict[str, Any]):
    page, mark = log_in("bureau"), secrets.token_hex(3)
    heads, row = example(page)
    good = {**row, "目录名称": f"图书馆{mark}", "数据提供部门": agency["title"]}
    dirty = {**good, "目录名称": f"体育馆{mark}", "开放属性": "看情况"}
    upload(page, as_file("计划.csv", heads, [good, dirty]), "先看会有哪些变化")
    expect(page.get_by_text("还没有写入任何内容。")).to_be_visible(timeout=SLOW)
    assert page.locator(".tally dd").all_text_contents() == ["1", "0", "0", "1", "0"]
    assert findings(page) == {}
    page.reload()
    page.get_by_role("button", name="导入 1 个目录条目").click()
    expect(page.get_by_text("已完成").first).to_be_visible(timeout=SLOW)
    page.goto(f"/entry/?q=图书馆{mark}")
    expect(page.get_by_text(f"图书馆{mark}").first).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("prefix", ["/zh_Hans_CN", "/en"])
def test_axe_finds_nothing_on_the_import_page(log_in: LogIn, running_portal: Any, prefix: str, theme: str):
    page = log_in("bureau")
    page.context.add_cookies([{"name": "anshan_theme", "value": theme, "url": running_portal.url}])
    page.goto(f"{prefix}/catalogue/import")
    assert findings(page) == {}
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_file_that_is_no_catalogue_is_refused_with_what_to_do(log_in: LogIn):
    page = log_in("bureau")
    upload(page, {"name": "通讯录.csv", "mimeType": "text/csv", "buffer": "名,数\n甲,1\n".encode()})
    expect(page.get_by_role("alert").first).to_contain_text("请下载模板", timeout=SLOW)


def test_a_publisher_gets_no_import_page(log_in: LogIn):
    page = log_in("publisher")
    answer = page.goto("/catalogue/import")
    assert answer is not None and answer.status == 403
    assert page.get_by_role("button", name="导入").count() == 0
