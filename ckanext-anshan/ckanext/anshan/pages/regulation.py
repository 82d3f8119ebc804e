"""The Measures article by article, beside what this portal does: read from ``config/regulation``. Plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[1] / "config" / "regulation"
STATES = ("done", "part", "planned", "outside")
DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True)
class Article:
    number: int
    text: tuple[str, ...]  # the official text, a paragraph each
    summary: str  # ours, in English
    state: str  # of STATES
    here: Mapping[str, str]  # what the portal does, by language
    links: tuple[str, ...]  # endpoints
    tests: tuple[str, ...]  # paths from the root of the project

    def name(self, language: str) -> str:
        return f"第{numeral(self.number)}条" if language.startswith("zh") else f"Article {self.number}"

    def told(self, language: str) -> str:
        return self.here["zh" if language.startswith("zh") else "en"]


@dataclass(frozen=True)
class Chapter:
    number: int
    zh: str
    en: str
    articles: tuple[Article, ...]

    def name(self, language: str) -> str:
        if language.startswith("zh"):
            return f"第{numeral(self.number)}章 {self.zh}"
        return f"Chapter {self.number}: {self.en}"


@cache
def chapters() -> tuple[Chapter, ...]:
    text, portal = _read("text.yaml"), {one["number"]: one for one in _read("portal.yaml")["articles"]}
    return tuple(
        Chapter(each["number"], each["zh"], each["en"], tuple(_article(one, portal) for one in each["articles"]))
        for each in text["chapters"]
    )


def articles() -> tuple[Article, ...]:
    return tuple(article for chapter in chapters() for article in chapter.articles)


@cache
def by_state() -> dict[str, int]:
    """How many articles are in each state."""
    found = Counter(article.state for article in articles())
    return {state: found[state] for state in STATES}


def numeral(number: int) -> str:
    """27 → 二十七, up to 99."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return head + (DIGITS[ones] if ones or not tens else "")


def _article(one: Mapping[str, Any], portal: Mapping[int, Mapping[str, Any]]) -> Article:
    ours = portal[one["number"]]
    return Article(
        number=one["number"],
        text=tuple(one["text"]),
        summary=ours["en"],
        state=ours["state"],
        here=ours["here"],
        links=tuple(ours.get("links", ())),
        tests=tuple(ours.get("tests", ())),
    )


def _read(name: str) -> dict[str, Any]:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
