"""Every public page, in both languages and both themes and in large text: what no page may do wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Released
from tests.browser.test_accessibility import THEMES, found_in
from tests.browser.test_words import english, said
from tests.conftest import RunningPortal
from tests.visited import FIXED, pages

AROUND = ("dataset-unconditional", "dataset-conditional", "agency", "theme", "district")
NARROWEST = 320  # CSS pixels, WCAG 2.2, 1.4.10


class Wear(NamedTuple):
    """In what language and looks a page is seen."""

    prefix: str
    look: str = ""

    def __str__(self) -> str:
        return "-".join(filter(None, (self.prefix.strip("/") or "zh", self.look)))

    def themes(self) -> tuple[str, ...]:
        return () if self.look else THEMES


WEARS = (Wear(""), Wear("/en"), Wear("", "elder"))


@pytest.fixture(scope="session")
def paths(running_portal: RunningPortal, open_dataset: Released, conditional_dataset: Released) -> dict[str, str]:
    shown = {"dataset-unconditional": open_dataset, "dataset-conditional": conditional_dataset}
    return pages(running_portal.url) | {name: f"/dataset/{one.dataset}" for name, one in shown.items()}


@pytest.fixture
def heard(page: Page) -> Iterator[list[str]]:
    """What a page asked of others than the portal, and what its scripts complained of."""
    wrong: list[str] = []
    page.on("console", lambda told: wrong.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda asked: wrong.append(asked.url) if urlsplit(asked.url).scheme != "data" else None)
    yield wrong


@pytest.mark.parametrize("wear", WEARS, ids=str)
@pytest.mark.parametrize("name", [*FIXED, *AROUND])
def test_a_page_is_for_everybody(
    page: Page,
    running_portal: RunningPortal,
    paths: dict[str, str],
    heard: list[str],
    name: str,
    wear: Wear,
):
    is_for_everybody(page, running_portal.url, heard, paths[name], wear)


def is_for_everybody(page: Page, url: str, heard: list[str], path: str, wear: Wear) -> None:
    if wear.look:
        page.context.add_cookies([{"name": "anshan_look", "value": wear.look, "url": url}])
    page.set_viewport_size({"width": 1280, "height": 720})
    answer = page.goto(f"{wear.prefix}{path}")
    assert found_in(page, wear.themes()) == {}
    missing = answer is not None and answer.status == 404  # which the browser tells of
    assert [one for one in heard if not one.startswith(url) and not (missing and "404" in one)] == []
    assert page.locator("h1").count() == 1
    if not wear.prefix:
        assert said(page.content()) & english() == set()
    page.set_viewport_size({"width": NARROWEST, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST


@pytest.mark.parametrize("scheme", ["chosen", "the browser's"])
def test_paper_is_never_dark(page: Page, running_portal: RunningPortal, scheme: str):
    if scheme == "chosen":
        page.context.add_cookies([{"name": "anshan_theme", "value": "dark", "url": running_portal.url}])
    page.emulate_media(color_scheme="dark")
    page.goto("/open-list")
    colours = "getComputedStyle(document.querySelector('h1')).color"
    on_screen = page.evaluate(colours)
    page.emulate_media(media="print")
    assert (on_screen, page.evaluate(colours)) == ("rgb(233, 231, 226)", "rgb(26, 31, 36)")
    expect(page.locator(".site-head")).to_be_hidden()
    assert page.locator("main .btn").first.is_hidden()
