"""Pages speak the language of their reader, all of them."""

from __future__ import annotations

import re
from functools import cache

import pytest
from bs4 import BeautifulSoup, Comment
from playwright.sync_api import Page

from ckanext.anshan.theme import words
from tests.browser.conftest import Released

PUBLIC = ["/", "/dataset/", "/organization/", "/group/", "/about", "/user/login", "/user/register", "/nothing-here"]
SPOKEN = ("title", "alt", "placeholder", "aria-label")


@cache
def english() -> set[str]:
    """Every English text that has a Chinese one, CKAN's and ours."""
    return {
        " ".join(words.singular(message).split())
        for path in (words.ckan_po_path("zh_Hans_CN"), words.po_path("zh_Hans_CN"))
        for message in words.messages(words.read(path, "zh_Hans_CN"))
        if words.is_translated(message) and words.forms(message)[0] != words.singular(message)
    }


def said(html: str) -> set[str]:
    """What a page shows or speaks."""
    soup = BeautifulSoup(html, "html.parser")
    for silent in [*soup(["script", "style", "code", "pre"]), *soup.select(".select2-container")]:
        silent.decompose()  # select2's box, which CKAN copies, has a word of its own
    texts = [text for text in soup.find_all(string=True) if not isinstance(text, Comment)]
    spoken = [str(tag[name]) for tag in soup.find_all(True) for name in SPOKEN if tag.get(name)]
    return {" ".join(text.split()) for text in [*texts, *spoken]}


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_in_chinese_shows_no_english(page: Page, path: str):
    page.goto(path)
    assert said(page.content()) & english() == set()
    assert (page.locator("html").get_attribute("lang") or "").startswith("zh")


def test_a_dataset_in_chinese_shows_no_english(page: Page, open_dataset: Released):
    page.goto(f"/dataset/{open_dataset.dataset}")
    assert said(page.content()) & english() == set()


@pytest.mark.parametrize("path", ["/dashboard/datasets", "/organization/", "/entry/new"])
def test_a_publishers_page_in_chinese_shows_no_english(log_in, path: str):
    page = log_in("publisher")
    page.goto(path)
    assert said(page.content()) & english() == set()


@pytest.mark.parametrize("path", ["/", "/dataset/"])
def test_the_same_page_in_english_shows_no_chinese_but_names(page: Page, path: str):
    page.goto(f"/en{path}")
    names = re.compile(r"^(鞍山市公共数据开放平台|.* - 鞍山市公共数据开放平台|中文.*|简体中文)$")
    chinese = {text for text in words_of_the_frame(page) if re.search(r"[\u4e00-\u9fff]", text)}
    assert {text for text in chinese if not names.match(text) and "鞍山" not in text} == set()


def words_of_the_frame(page: Page) -> set[str]:
    """Header, footer and search form; titles of datasets are Chinese in both languages."""
    parts = page.locator(".site-head, .site-foot, form[role=search]")
    assert parts.count() > 2
    return set().union(*(said(html) for html in parts.evaluate_all("all => all.map(one => one.outerHTML)")))


def test_scripts_speak_chinese(page: Page):
    answer = page.request.get("/api/i18n/zh_Hans_CN")
    assert answer.json()["Searching..."] == [None, "正在搜索……"]
