"""A citizen takes the open list along without scripts, and goes to one article by keyboard."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Released
from tests.conftest import RunningPortal


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
