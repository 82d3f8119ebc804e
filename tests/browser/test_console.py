"""A developer's errand: read a table by program, tried in the page first. By mouse, by keyboard, on a phone."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Released
from tests.browser.test_accessibility import findings


def test_a_call_is_tried_in_the_page(page: Page, open_dataset: Released):
    page.goto("/en/developers")
    page.get_by_role("link", name="Try it in the page").click()
    page.get_by_label("q", exact=True).fill("公交")
    expect(page.locator("#curl-line")).to_contain_text("q=公交")
    page.get_by_role("button", name="Run").click()
    expect(page.locator("#told")).to_contain_text("Answered with status 200")
    expect(page.locator("#result")).to_contain_text('"success": true')
    assert findings(page) == {}


def test_a_dataset_leads_to_the_console_filled_with_its_table(page: Page, open_dataset: Released):
    page.goto(f"/en/dataset/{open_dataset.dataset}")
    page.locator("#api").get_by_role("link", name="Try it").click()
    page.wait_for_url("**/developers/console*")
    page.get_by_role("button", name="Run").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#told")).to_contain_text("Answered with status 200")


def test_the_language_of_an_example_is_chosen_by_keyboard(page: Page, open_dataset: Released):
    page.goto("/en/developers")
    page.locator("#find-it-curl").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#find-it-ckanapi-code")).to_be_visible()
    expect(page.locator("#find-it-curl-code")).to_be_hidden()


def test_without_scripts_the_call_is_made_and_its_answer_linked(browser, running_portal, open_dataset: Released):
    context = browser.new_context(base_url=running_portal.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/en/developers/console?call=package_search")
    page.get_by_label("q", exact=True).fill("公交")
    page.get_by_role("button", name="Make the call").click()
    expect(page.locator("#curl-line")).to_contain_text("q=公交")
    page.get_by_role("link", name="Open the answer").click()
    assert "/api/3/action/package_search?" in page.url
    context.close()


def test_both_pages_fit_a_phone(browser, running_portal, open_dataset: Released):
    context = browser.new_context(base_url=running_portal.url, viewport={"width": 360, "height": 740})
    page = context.new_page()
    for path in ("/developers", "/developers/console", "/en/developers", "/en/developers/console?call=package_patch"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        assert findings(page) == {}, path
    context.close()
