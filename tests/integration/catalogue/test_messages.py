"""The words of every problem, in both languages."""

from __future__ import annotations

from string import Formatter

import pytest
from flask_babel import force_locale

from ckanext.anshan.catalogue import messages
from ckanext.anshan.catalogue.rules import Problem

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")


def problem(code: str) -> Problem:
    facts = {name: "事实" for _, name, _, _ in Formatter().parse(messages.WORDS[code]) if name and name != "article"}
    return Problem("title", code, facts, 27)


@pytest.mark.parametrize("code", sorted(messages.WORDS))
def test_every_code_has_words_in_chinese_and_in_english(code: str) -> None:
    with force_locale("en"):
        english = messages.text(problem(code))
    with force_locale("zh_Hans_CN"):
        chinese = messages.text(problem(code))
    assert english != chinese and "{" not in english + chinese
    if "{article}" in messages.WORDS[code]:
        assert "rticle" in english


@pytest.mark.parametrize(
    ("number", "words"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (27, "二十七"), (53, "五十三")]
)
def test_articles_are_numbered_as_the_regulation_does(number: int, words: str) -> None:
    assert messages.numeral(number) == words
