"""The words for how fresh data is, and for what can't be compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ckan.plugins.toolkit as tk

from .rules import Freshness

WORDS: Mapping[str, Callable[[], str]] = {
    "on_time": lambda: tk._("Up to date, next update by {due}"),
    "late": lambda: tk._("{days} days late, was due on {due}"),
    "not_updated": lambda: tk._("A finished collection, not updated"),
    "irregular": lambda: tk._("Updated when something changes"),
    "no_date": lambda: tk._("No date for the next update"),
    "too_large_to_compare": lambda: tk._("The rows of this file were not compared: it is too large, or not a table."),
}


def words(found: Freshness) -> str:
    return WORDS[found.code]().format(**found.facts)
