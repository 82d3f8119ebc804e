"""What the templates of these pages ask, and those that point to an article."""

from __future__ import annotations

from datetime import date

import ckan.plugins.toolkit as tk
from babel.dates import format_date
from flask import current_app

from . import messages, rules
from .regulation import Article

__all__ = [
    "anshan_article_links",
    "anshan_article_state",
    "anshan_article_url",
    "anshan_classes_listed",
    "anshan_month_short",
    "anshan_page_exists",
]


def anshan_article_url(number: int) -> str:
    """Where an article of the Measures stands, with what this portal does for it."""
    return f"{tk.h.url_for('anshan_pages.regulation')}#article-{number}"


def anshan_classes_listed(closed: bool) -> list[dict[str, str]]:
    """The opening classes that the open list may be filtered by, as ``name`` and ``title``."""
    shown = [(name, tk.h.anshan_class(name)) for name in rules.classes_listed(closed)]
    return [{"name": name, "title": known.label if known else name} for name, known in shown]


def anshan_article_state(code: str) -> str:
    return messages.state(code)


def anshan_article_links(article: Article) -> list[tuple[str, str]]:
    """The pages of this portal that serve an article: words and address."""
    return messages.links(article.links, current_app.view_functions)


def anshan_month_short(month: str) -> str:
    """11月, Nov; January with its year."""
    pattern = "yyyy年" if month.endswith("-01") and _chinese() else "yyyy" if month.endswith("-01") else ""
    first = date.fromisoformat(f"{month}-01")
    return format_date(first, pattern or ("M月" if _chinese() else "MMM"), locale="zh_Hans_CN" if _chinese() else "en")


def _chinese() -> bool:
    return str(tk.h.lang()) != "en"


def anshan_page_exists(endpoint: str) -> bool:
    return endpoint in current_app.view_functions
