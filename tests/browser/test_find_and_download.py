"""A citizen's errand: find a dataset with an ordinary word and download what was released."""

from __future__ import annotations

import hashlib
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Released


def test_search_leads_to_the_dataset_and_to_the_released_bytes(page: Page, open_dataset: Released):
    page.goto("/")
    page.get_by_role("combobox", name="搜索").first.fill(open_dataset.title)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=open_dataset.title).first.click()
    expect(page.get_by_role("heading", name=open_dataset.title).first).to_be_visible()
    expect(page.get_by_role("cell", name="鞍山站")).to_be_visible()
    with page.expect_download() as started:
        page.get_by_role("link", name="下载 CSV").click()
    got = Path(started.value.path()).read_bytes()
    assert hashlib.sha256(got).hexdigest() == hashlib.sha256(open_dataset.content).hexdigest()


def test_a_part_of_the_word_is_enough(page: Page, open_dataset: Released):
    page.goto("/dataset/?q=公交站点")
    expect(page.get_by_role("link", name=open_dataset.title).first).to_be_visible()


def test_a_conditional_dataset_offers_no_file(page: Page, conditional_dataset: Released):
    page.goto(f"/dataset/{conditional_dataset.dataset}")
    expect(page.get_by_role("heading", name=conditional_dataset.title).first).to_be_visible()
    assert page.locator("a[href*='/data/'], a[href*='/download/']").count() == 0


def test_nothing_found_says_so(page: Page):
    page.goto("/dataset/?q=绝无此词的数据集甲乙丙丁")
    expect(page.get_by_text("没有找到").first).to_be_visible()
