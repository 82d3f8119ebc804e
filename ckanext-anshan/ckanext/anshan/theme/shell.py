"""What the frame of every page asks: names, menus, language, look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import lang
from flask import current_app

from . import looks, options

N = Callable[[], str]
MENU: tuple[tuple[str, N], ...] = (
    ("dataset.search", lambda: tk._("Data catalogue")),
    ("anshan_pages.open_list", lambda: tk._("Open list")),
    ("anshan_pages.statistics", lambda: tk._("Statistics")),
    ("anshan_developers.home", lambda: tk._("Developers")),
    ("anshan_pages.regulation", lambda: tk._("Measures and guide")),
)
FOOTER: tuple[tuple[N, tuple[tuple[str, N], ...]], ...] = (
    (
        lambda: tk._("Data"),
        (
            ("dataset.search", lambda: tk._("Data catalogue")),
            ("group.index", lambda: tk._("By theme")),
            ("organization.index", lambda: tk._("By agency")),
            ("anshan_pages.open_list", lambda: tk._("Open list")),
            ("feeds.general", lambda: tk._("New data (feed)")),
        ),
    ),
    (
        lambda: tk._("Using it"),
        (
            ("anshan_pages.help", lambda: tk._("Help")),
            ("anshan_developers.home", lambda: tk._("For developers")),
            ("anshan_pages.statistics", lambda: tk._("Statistics")),
            ("anshan_results.register", lambda: tk._("Results of applications")),
        ),
    ),
    (
        lambda: tk._("About"),
        (
            ("home.about", lambda: tk._("About this portal")),
            ("anshan_pages.regulation", lambda: tk._("The Measures")),
            ("anshan_audit.about", lambda: tk._("The log")),
            ("anshan_pages.accessibility", lambda: tk._("Accessibility")),
        ),
    ),
)
ROOMS = {
    "resource": "dataset.search",
    "dataset": "dataset.search",
    "anshan_dataset": "dataset.search",
    "anshan_finding": "dataset.search",
}
LANGUAGES = {"zh_Hans_CN": ("en", "en", "EN", "English"), "en": ("zh_Hans_CN", "zh-Hans", "中文", "简体中文")}


class Link(NamedTuple):
    label: str
    url: str
    here: str = ""


class Column(NamedTuple):
    title: str
    links: list[Link]


class Language(NamedTuple):
    lang: str
    label: str
    name: str
    url: str


def anshan_site_name(other: bool = False) -> str:
    """The portal's name in the reader's language, or in the other one."""
    in_english = (str(lang()) == "en") != other
    return options.title_en() if in_english else str(tk.config["ckan.site_title"])


def anshan_help_phone() -> str:
    return options.help_phone()


def anshan_navigation() -> list[Link]:
    blueprint, view = tk.get_endpoint()
    here = f"{blueprint}.{view}"
    section = ROOMS.get(str(blueprint), here)
    return [
        Link(label(), tk.h.url_for(name), "page" if name == here else "true" if name == section else "")
        for name, label in MENU
        if _exists(name)
    ]


def anshan_footer() -> list[Column]:
    return [
        Column(title(), [Link(label(), tk.h.url_for(name)) for name, label in links if _exists(name)])
        for title, links in FOOTER
    ]


def _exists(endpoint: str) -> bool:
    return endpoint in current_app.view_functions


def anshan_look() -> looks.Look:
    cookies = tk.request.cookies if tk.request else {}
    return looks.chosen(cookies.get(looks.THEME_COOKIE), cookies.get(looks.LOOK_COOKIE))


def anshan_here() -> str:
    """The address of this page without its host, in the reader's language: where whoever leaves it comes back."""
    return str(tk.h.url_for(_without_language()))


def _without_language() -> str:
    return str(tk.h.current_url())


def anshan_look_url(**choice: Any) -> str:
    """The address that remembers a choice of look and comes back to this page."""
    return f"{tk.h.url_for('anshan_theme.look')}?{urlencode({**choice, 'to': anshan_here()})}"


def anshan_other_language() -> Language:
    """The same page in the other language."""
    locale, code, short, name = LANGUAGES.get(str(lang()), LANGUAGES["zh_Hans_CN"])
    return Language(code, short, name, str(tk.h.url_for(_without_language(), locale=locale)))
