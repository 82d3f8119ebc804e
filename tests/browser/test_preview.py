"""A look into a file: sorted, filtered, drawn, put on a map; by keyboard, without scripts, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Released
from tests.browser.test_accessibility import findings, fits_a_phone
from tests.conftest import RunningPortal

VIEWS = ["", "view=chart", "view=map", "where.站名=鞍山&sort=-日均客流"]


def first_cells(page: Page) -> list[str]:
    return page.locator("table.rows tbody td:first-child").all_inner_texts()


def test_a_view_changes_without_a_new_page_and_has_an_address(page: Page, open_dataset: Released):
    page.goto(f"/dataset/{open_dataset.dataset}")
    page.evaluate("window.same = true")
    page.get_by_role("link", name="日均客流").click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("日均客流")
    assert first_cells(page) == ["千山站", "鞍山站"]
    page.get_by_text("筛选", exact=True).click()
    page.get_by_label("列", exact=True).select_option("日均客流")
    page.get_by_label("条件", exact=True).select_option("from")
    page.get_by_label("值").fill("1000")
    page.get_by_role("button", name="添加条件").click()
    expect(page.get_by_role("cell", name="千山站")).to_have_count(0)
    assert page.evaluate("window.same")
    page.reload()
    assert first_cells(page) == ["鞍山站"]
    page.go_back()
    expect(page.get_by_role("cell", name="千山站")).to_be_visible()


def test_places_are_put_on_a_map(page: Page, open_dataset: Released):
    page.goto(f"/dataset/{open_dataset.dataset}")
    page.get_by_role("link", name="地图").click()
    expect(page.locator(".map-canvas.leaflet-container")).to_be_visible()
    expect(page.locator(".leaflet-tooltip", has_text="海城市")).to_be_attached()
    expect(page.get_by_text("2 行有位置")).to_be_visible()


def test_nothing_is_asked_of_another_address(page: Page, open_dataset: Released, running_portal: RunningPortal):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for view in VIEWS:
        page.goto(f"/dataset/{open_dataset.dataset}?{view}", wait_until="networkidle")
    assert [url for url in asked if not url.startswith((running_portal.url, "blob:", "data:"))] == []


def test_everything_is_there_without_scripts(browser: Browser, open_dataset: Released, running_portal: RunningPortal):
    context = browser.new_context(base_url=running_portal.url, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/dataset/{open_dataset.dataset}")
    page.get_by_role("link", name="图表").click()
    expect(page.locator("table.bars rect")).to_have_count(2)
    page.get_by_role("link", name="地图").click()
    expect(page.locator(".map-canvas circle")).to_have_count(2)
    page.get_by_role("link", name="看这些行的表格").click()
    page.get_by_text("筛选", exact=True).click()
    page.get_by_label("值").fill("千山")
    page.get_by_role("button", name="添加条件").click()
    assert first_cells(page) == ["千山站"]
    with page.expect_download() as started:
        page.get_by_role("link", name="把这个视图存为 CSV").click()
    assert "千山站" in Path(started.value.path()).read_text("utf-8-sig")
    context.close()


def test_the_table_is_sorted_by_keyboard_and_the_focus_stays(page: Page, open_dataset: Released):
    page.goto(f"/dataset/{open_dataset.dataset}")
    page.locator("#sort-2").focus()
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=ascending]")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "sort-2"
    expect(page.get_by_role("status").filter(has_text="视图已更新")).to_be_attached()


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(page: Page, open_dataset: Released, running_portal: RunningPortal, view, language, theme):
    page.context.add_cookies([{"name": "anshan_theme", "value": theme, "url": running_portal.url}])
    page.goto(f"{language}/dataset/{open_dataset.dataset}?{view}", wait_until="networkidle")
    assert findings(page) == {}


def test_axe_finds_nothing_on_a_conditional_page(page: Page, conditional_dataset: Released):
    page.goto(f"/dataset/{conditional_dataset.dataset}")
    assert findings(page) == {}
    page.goto(f"/dataset/{conditional_dataset.dataset}/versions")
    assert findings(page) == {}


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_fits_a_phone(page: Page, open_dataset: Released, view: str):
    fits_a_phone(page, f"/dataset/{open_dataset.dataset}?{view}")
