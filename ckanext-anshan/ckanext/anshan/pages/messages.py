"""Words for what the pages name by a code."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ckan.plugins.toolkit as tk

N = Callable[[], str]

STATES: Mapping[str, N] = {
    "done": lambda: tk._("Done"),
    "part": lambda: tk._("Done in part"),
    "planned": lambda: tk._("Not yet done"),
    "outside": lambda: tk._("Not a task of this portal"),
}
LINKS: Mapping[str, N] = {
    "home.index": lambda: tk._("Home"),
    "dataset.search": lambda: tk._("Data catalogue"),
    "organization.index": lambda: tk._("By agency"),
    "anshan_pages.open_list": lambda: tk._("Open list"),
    "anshan_pages.statistics": lambda: tk._("Statistics"),
    "anshan_pages.help": lambda: tk._("Help"),
    "anshan_pages.accessibility": lambda: tk._("Accessibility"),
    "anshan_developers.home": lambda: tk._("For developers"),
}


def state(code: str) -> str:
    return STATES[code]()


def links(endpoints: tuple[str, ...], known: Mapping[str, object]) -> list[tuple[str, str]]:
    """Words and address of each page that is there."""
    return [(LINKS[name](), tk.h.url_for(name)) for name in endpoints if name in known]
