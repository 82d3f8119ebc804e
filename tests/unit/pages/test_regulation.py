"""The Measures are whole, and what is said beside each article can be looked up."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.anshan.pages import messages, regulation

ROOT = Path(__file__).parents[3]
CHAPTERS = {1: 4, 2: 5, 3: 4, 4: 5, 5: 6, 6: 6, 7: 5, 8: 13, 9: 3, 10: 2}
ARTICLES = regulation.articles()


def test_there_are_53_articles_and_none_is_missing():
    assert [article.number for article in ARTICLES] == list(range(1, 54))


def test_the_chapters_hold_the_articles_that_they_hold_in_the_document():
    assert {chapter.number: len(chapter.articles) for chapter in regulation.chapters()} == CHAPTERS


def test_the_text_is_clean_chinese_that_ends_as_sentences_do():
    for article in ARTICLES:
        assert article.text and all(paragraph.endswith(("。", "：", "；")) for paragraph in article.text), (
            article.number
        )
        assert not any(sign in "".join(article.text) for sign in ("[", "bookmark", "  ")), article.number


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: str(article.number))
def test_each_article_has_a_state_and_words_in_both_languages(article):
    assert article.state in regulation.STATES == tuple(messages.STATES)
    assert article.summary.endswith(".") and article.told("en").endswith(".")
    assert article.told("zh_Hans_CN").endswith("。")


@pytest.mark.parametrize("article", [a for a in ARTICLES if a.state == "done"], ids=lambda article: str(article.number))
def test_what_is_called_done_is_held_by_a_test(article):
    assert article.tests


def test_the_tests_named_are_there():
    assert [path for article in ARTICLES for path in article.tests if not (ROOT / path).is_file()] == []


def test_every_link_has_words():
    assert {name for article in ARTICLES for name in article.links} <= set(messages.LINKS)


def test_states_are_counted():
    assert sum(regulation.by_state().values()) == 53


@pytest.mark.parametrize(
    ("number", "numeral"), [(1, "一"), (10, "十"), (15, "十五"), (20, "二十"), (27, "二十七"), (53, "五十三")]
)
def test_numbers_are_written_as_the_document_does(number, numeral):
    assert regulation.numeral(number) == numeral
