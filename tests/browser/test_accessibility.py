"""axe finds nothing on the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import Released

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


def findings(page: Page) -> dict[str, list[Any]]:
    """Rule -> the elements that break it."""
    found = Axe().run(page, options=WCAG).response["violations"]
    return {rule["id"]: [node["target"] for node in rule["nodes"]] for rule in found}


def test_the_front_page(page: Page, open_dataset: Released):
    page.goto("/")
    assert findings(page) == {}


def test_search(page: Page, open_dataset: Released):
    page.goto("/dataset/?q=公交")
    assert findings(page) == {}


def test_a_dataset(page: Page, open_dataset: Released):
    page.goto(f"/dataset/{open_dataset.dataset}")
    assert findings(page) == {}


def test_the_entry_form(log_in: Callable[[str], Page], agency: dict[str, Any]):
    page = log_in("publisher")
    page.goto("/entry/new")
    assert findings(page) == {}


def test_the_import_page(log_in: Callable[[str], Page]):
    page = log_in("bureau")
    page.goto("/catalogue/import")
    assert findings(page) == {}


def test_search_works_by_keyboard(page: Page, open_dataset: Released):
    """Skip link first, then on; the field takes words and Enter searches."""
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    page.locator("input[name=q]").first.focus()
    page.keyboard.type(open_dataset.title)
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    assert page.get_by_role("link", name=open_dataset.title).count()


@pytest.mark.parametrize("path", ["/", "/dataset/?q=公交", "/organization/", "/group/", "/about", "/user/login"])
def test_a_page_fits_a_phone(page: Page, open_dataset: Released, path: str):
    fits_a_phone(page, path)


def fits_a_phone(page: Page, path: str) -> None:
    """Nothing but a box of its own scrolls sideways."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
