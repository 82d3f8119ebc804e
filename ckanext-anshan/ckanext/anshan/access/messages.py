"""The words for what the one door refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from .rules import Refusal

WORDS: Mapping[str, Callable[[], str]] = {
    "no_such_file": lambda: tk._("There is no such file: it was withdrawn, or the address is not right."),
    "conditional": lambda: tk._(
        "This dataset is open on conditions (article 27): its files are not handed out here. Its page tells the"
        " conditions and whom to ask."
    ),
    "suspended": lambda: tk._(
        "{office} suspended this on {day} (articles 8 and 46), so it is not handed out. Reason: {reason}"
    ),
    "retired": lambda: tk._(
        "This dataset was withdrawn on {day}: its files are not handed out any more. Reason: {reason}"
    ),
    "lapsed": lambda: tk._(
        "This was opened in an emergency and was not confirmed (article 20): it is not handed out any more."
    ),
    "damaged": lambda: tk._(
        "The stored file is not the one that was released, so it is not handed out. The operator has been told;"
        " please try again later."
    ),
}
STATUS = {"no_such_file": 404, "conditional": 403, "suspended": 451, "retired": 410, "lapsed": 410, "damaged": 503}


def words(refusal: Refusal) -> str:
    facts = {"office": tk._("The cyberspace office"), "reason": "", **_given(refusal)}
    day = tk.h.anshan_day_long(facts["since"]) if facts.get("since") else ""
    return WORDS[refusal.code]().format(**facts, day=day)


def _given(refusal: Refusal) -> dict[str, Any]:
    return {name: value for name, value in refusal.facts.items() if value}
