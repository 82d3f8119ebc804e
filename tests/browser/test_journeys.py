"""From the home page to the data: by keyboard alone, on a phone, without scripts, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import Released
from tests.conftest import RunningPortal

DESKTOP = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=360, height=740)
STOPS = 80  # presses of the Tab key that nobody should need
HERE = "document.activeElement"
SHOWS_FOCUS = f"""() => {{
  const outlined = one => one && one !== document.body
    && (getComputedStyle(one).outlineStyle !== "none" && parseFloat(getComputedStyle(one).outlineWidth) >= 2
        || outlined(one.parentElement));
  return outlined({HERE});
}}"""


def go_to(page: Page, what: str, key: str = "Tab") -> None:
    """Press the key until the focus is on this element; wherever it rests, it is seen."""
    for _ in range(STOPS):
        page.keyboard.press(key)
        if page.evaluate(f"{HERE} !== document.body"):
            assert page.evaluate(SHOWS_FOCUS), page.evaluate(f"{HERE}.outerHTML")
        if page.evaluate(f"what => {HERE}.matches(what)", what):
            return
    raise AssertionError(f"{what} can't be reached by {key}")


def expect_bytes(page: Page, released: Released, act: Any) -> None:
    with page.expect_download() as started:
        act()
    assert Path(started.value.path()).read_bytes() == released.content


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def window(request: Any, browser: Browser, running_portal: RunningPortal) -> Iterator[Page]:
    """A phone's."""
    context = browser.new_context(
        base_url=running_portal.url, viewport=PHONE, has_touch=True, java_script_enabled=request.param
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("prefix", ["", "/en"], ids=["zh", "en"])
def test_by_keyboard_alone(page: Page, open_dataset: Released, size: Any, prefix: str):
    page.set_viewport_size(size)
    page.goto(f"{prefix}/")
    go_to(page, "input[name=q]")
    page.keyboard.type(open_dataset.title)
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    go_to(page, f"main a[href$='/dataset/{open_dataset.dataset}']")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(open_dataset.title)
    go_to(page, "#sort-2")
    page.keyboard.press("Enter")
    expect(page.locator("th[aria-sort=ascending]")).to_be_visible()
    assert page.locator("table.rows tbody td:first-child").all_inner_texts() == ["千山站", "鞍山站"]
    go_to(page, ".preview .tabs a[href*='view=map']", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".map-canvas.leaflet-container")).to_be_visible()
    go_to(page, ".file-list a.btn", "Shift+Tab")
    expect_bytes(page, open_dataset, lambda: page.keyboard.press("Enter"))


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["zh", "en"])
def test_by_touch(window: Page, open_dataset: Released, prefix: str):
    window.goto(f"{prefix}/")
    window.locator("input[name=q]").first.fill(open_dataset.title)
    window.locator("form[role=search] button, search button").first.tap()
    window.wait_for_url("**q=**")
    window.get_by_role("link", name=open_dataset.title).first.tap()
    expect(window.locator("h1")).to_have_text(open_dataset.title)
    expect(window.get_by_role("cell", name="鞍山站")).to_be_visible()
    expect_bytes(window, open_dataset, window.locator(".top a[href*='/data/']").first.tap)
