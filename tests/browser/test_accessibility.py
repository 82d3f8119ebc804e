"""axe finds nothing on the pages of those who work with entries; of the public ones, ``test_every_page`` tells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
THEMES = ("light", "dark")


def findings(page: Page) -> dict[str, list[Any]]:
    """Rule -> the elements that break it."""
    found = Axe().run(page, options=WCAG).response["violations"]
    return {rule["id"]: [node["target"] for node in rule["nodes"]] for rule in found}


def found_in(page: Page, themes: tuple[str, ...] = THEMES) -> dict[str, Any]:
    """What axe finds on the page as it is, or in each of these themes."""
    page.emulate_media(reduced_motion="reduce")  # no colour is seen on its way from one theme to the other
    found = {} if themes else findings(page)
    for theme in themes:
        page.evaluate("theme => { document.documentElement.dataset.bsTheme = theme }", theme)
        found |= {f"{rule} in {theme}": where for rule, where in findings(page).items()}
    return found


@pytest.mark.parametrize("prefix", ["", "/en"], ids=["zh", "en"])
@pytest.mark.parametrize(
    ("role", "path"), [("publisher", "/entry/"), ("publisher", "/entry/new"), ("bureau", "/catalogue/import")]
)
def test_a_page_of_those_who_work_with_entries(
    log_in: Callable[[str], Page], agency: dict[str, Any], role: str, path: str, prefix: str
):
    page = log_in(role)
    page.goto(f"{prefix}{path}")
    assert found_in(page) == {}
    fits_a_phone(page, f"{prefix}{path}")


def test_the_first_stop_of_the_keyboard_leads_past_the_menu(page: Page):
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"


def fits_a_phone(page: Page, path: str) -> None:
    """Nothing but a box of its own scrolls sideways."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
