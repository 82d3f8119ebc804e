"""The words for how fresh data is, and for what can't be compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

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

APPROVED: Mapping[str, Callable[[], str]] = {
    "review": lambda: tk._("Submission {number}, signed by three parties (articles 12, 28 and 30)"),
    "routine": lambda: tk._("Routine update {number}, under a policy that three parties signed"),
    "emergency": lambda: tk._("Opened in an emergency (article 20), submission {number}"),
    "list": lambda: tk._("List {number}, signed by both offices (article 28)"),
    "demo": lambda: tk._("{number}: made up to show the portal, nobody's data"),
    "earlier": lambda: tk._("{number}, before releases were reviewed here"),
}


def approved(release: Mapping[str, Any]) -> str:
    """By what a version was approved."""
    return APPROVED[release["basis"]]().format(number=release["approval"])


def words(found: Freshness) -> str:
    return WORDS[found.code]().format(**found.facts)
