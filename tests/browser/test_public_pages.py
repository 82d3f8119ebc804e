"""Open list, statistics, regulation and guides: axe finds nothing, a phone shows all, no script is needed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Released
from tests.browser.test_accessibility import findings
from tests.conftest import RunningPortal

PAGES = ("/open-list", "/statistics", "/regulation", "/help", "/about", "/accessibility")
LOOKS = {"light": {}, "dark": {"anshan_theme": "dark"}, "large text": {"anshan_look": "elder"}}


def look(page: Page, portal: RunningPortal, name: str) -> None:
    page.context.add_cookies([{"name": key, "value": value, "url": portal.url} for key, value in LOOKS[name].items()])


@pytest.mark.parametrize("name", LOOKS)
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(page: Page, running_portal: RunningPortal, open_dataset: Released, path: str, name: str):
    look(page, running_portal, name)
    for language in ("", "/en"):
        page.goto(f"{language}{path}")
        assert findings(page) == {}, language


@pytest.mark.parametrize("name", ["light", "large text"])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_wider_than_a_narrow_window(
    page: Page, running_portal: RunningPortal, open_dataset: Released, path: str, name: str
):
    look(page, running_portal, name)
    page.set_viewport_size({"width": 320, "height": 640})
    for language in ("", "/en"):
        page.goto(f"{language}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, language


def test_the_list_is_filtered_and_downloaded_without_scripts(
    browser: Browser, running_portal: RunningPortal, open_dataset: Released
):
    context = browser.new_context(java_script_enabled=False, base_url=running_portal.url)
    page = context.new_page()
    page.goto("/en/open-list")
    page.get_by_label("Opening class").select_option("unconditional")
    page.get_by_role("button", name="Show").press("Enter")
    expect(page.get_by_role("link", name=open_dataset.title).first).to_be_visible()
    with page.expect_download() as started:
        page.get_by_role("link", name="CSV", exact=True).click()
    assert open_dataset.title in started.value.path().read_text("utf-8-sig")
    context.close()


def test_an_article_is_reached_by_keyboard_from_its_number(page: Page, running_portal: RunningPortal):
    page.goto("/en/regulation")
    page.get_by_role("navigation", name="Articles").get_by_role("link", name="Article 27").press("Enter")
    expect(page).to_have_url(f"{running_portal.url}/en/regulation#article-27")
    expect(page.get_by_role("heading", name="Article 27")).to_be_in_viewport()
