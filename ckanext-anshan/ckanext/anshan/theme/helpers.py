"""What the shared templates ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import lang
from werkzeug.exceptions import default_exceptions

from ..catalogue import vocabularies
from . import libraries, sheets
from .figures import (
    anshan_bytes,
    anshan_day,
    anshan_day_long,
    anshan_day_short,
    anshan_moment,
    anshan_number,
    anshan_weekday,
    written,
)
from .icons import CLASSES, THEMES
from .shell import (
    anshan_footer,
    anshan_help_phone,
    anshan_here,
    anshan_look,
    anshan_look_url,
    anshan_navigation,
    anshan_other_language,
    anshan_site_name,
)

__all__ = [
    "anshan_asset",
    "anshan_bytes",
    "anshan_class",
    "anshan_day",
    "anshan_day_long",
    "anshan_day_short",
    "anshan_error_words",
    "anshan_footer",
    "anshan_help_phone",
    "anshan_here",
    "anshan_library",
    "anshan_look",
    "anshan_look_url",
    "anshan_moment",
    "anshan_navigation",
    "anshan_number",
    "anshan_other_language",
    "anshan_site_name",
    "anshan_theme_icon",
    "anshan_weekday",
    "humanize_entity_type",
    "render_datetime",
]


class OpeningClass(NamedTuple):
    """How an opening class is shown: its letter in the style sheet, its icon, its word."""

    letter: str
    icon: str
    label: str


LETTERS = {"unconditional": "u", "conditional": "c", "closed": "n"}


class ErrorWords(NamedTuple):
    title: str
    text: str


WORDS: Mapping[int, tuple[Callable[[], str], Callable[[], str]]] = {
    400: (
        lambda: tk._("This request can't be read"),
        lambda: tk._("Go back, reload the page and try again."),
    ),
    403: (
        lambda: tk._("This page is not for this account"),
        lambda: tk._("Log in with an account that may see it, or ask your agency's administrator."),
    ),
    404: (
        lambda: tk._("There is no such page"),
        lambda: tk._("The address may be wrong, or the page was taken down. Search for what you need above."),
    ),
    410: (
        lambda: tk._("This is no longer here"),
        lambda: tk._("It was taken back. Search for what you need above."),
    ),
    413: (
        lambda: tk._("This file is too large"),
        lambda: tk._("Split it into smaller files, or ask the data bureau to take it another way."),
    ),
    429: (
        lambda: tk._("Too many requests"),
        lambda: tk._("Wait a minute, then try again."),
    ),
    451: (
        lambda: tk._("This is suspended"),
        lambda: tk._("The cyberspace office took it off. Its page says since when and why."),
    ),
    500: (
        lambda: tk._("This page isn't available right now"),
        lambda: tk._("Try again in a few minutes. If it stays like this, tell the data bureau what you did."),
    ),
}


ENTRY_WORDS: Mapping[str, Callable[[], str]] = {
    **dict.fromkeys(("add link", "create label", "create title"), lambda: tk._("New entry")),
    **dict.fromkeys(
        ("breadcrumb", "content tab", "facet label", "main nav", "page title"), lambda: tk._("Catalogue entries")
    ),
    **dict.fromkeys(("save label", "update label"), lambda: tk._("Save entry")),
    "edit label": lambda: tk._("Edit entry"),
    "view label": lambda: tk._("View entry"),
    "my label": lambda: tk._("My entries"),
    "search placeholder": lambda: tk._("Search the entries"),
    "delete confirmation": lambda: tk._("Delete this entry? What was released from it stays public."),
    "no description": lambda: tk._("This entry has no summary."),
}


@tk.chained_helper
def humanize_entity_type(
    next_helper: Callable[..., str | None], entity_type: str, object_type: str, purpose: str
) -> str | None:
    """What CKAN's pages call an entry; CKAN would make words from the name of the type."""
    if (entity_type, object_type) != ("package", "entry"):
        return next_helper(entity_type, object_type, purpose)
    return ENTRY_WORDS.get(purpose, lambda: tk._("Catalogue entry"))()


@tk.chained_helper
def render_datetime(
    next_helper: Callable[..., str],
    datetime_: Any = None,
    date_format: str | None = None,
    with_hours: bool = False,
    with_seconds: bool = False,
) -> str:
    """Dates on CKAN's pages as on ours; whoever asks for a format gets it."""
    if date_format:
        return next_helper(datetime_, date_format)
    return written(datetime_, "%H:%M:%S" if with_seconds else "%H:%M" if with_hours else "")


def anshan_error_words(code: int | list[int], content: str | None) -> ErrorWords:
    """Title and sentence of an error page. Words of ours or of an action stay; those of the web framework don't."""
    number = code if isinstance(code, int) else code[0]
    title, text = WORDS.get(number) or WORDS[400 if number < 500 else 500]
    return ErrorWords(title(), text() if _is_standard(number, content) else str(content))


def _is_standard(code: int, content: str | None) -> bool:
    known = default_exceptions.get(code)
    is_failure = code >= 500 and code != HTTPStatus.SERVICE_UNAVAILABLE  # what isn't there just now says what and why
    return not content or is_failure or (known is not None and content == known.description)


def anshan_class(opening_class: str | None) -> OpeningClass | None:
    """How this opening class is shown; None for what is none."""
    if opening_class not in LETTERS:
        return None
    label = vocabularies.label(vocabularies.OF_FIELD["opening_class"], opening_class, str(lang()))
    return OpeningClass(LETTERS[opening_class], CLASSES[opening_class], label)


def anshan_asset(name: str) -> str:
    """The address of a file of the look, with the hash of what it holds."""
    found = sheets.sheet(name)
    return tk.h.url_for_static(f"/anshan/look/{found.version}/{name}") if found else ""


def anshan_library(name: str) -> list[str]:
    """The addresses of what a page loads for a script library; none where it hasn't been fetched."""
    return [tk.url_for("anshan_theme.library", name=file, locale="default") for file in libraries.files(name)]


def anshan_theme_icon(theme: str) -> str:
    """The icon of a theme by its name."""
    return THEMES.get(theme, "tag")
