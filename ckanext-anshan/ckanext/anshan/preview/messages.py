"""The words for what a view of a table asks in vain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from .rules import Problem

WORDS: Mapping[str, Callable[[], str]] = {
    "no_such_column": lambda: tk._("This version has no column “{column}”, so nothing was filtered or sorted by it."),
    "no_order": lambda: tk._("“{column}” holds texts: they can be the same or hold a word, but not be more or less."),
    "not_a_number": lambda: tk._("“{value}” is no number, and “{column}” holds numbers. Write for example 120."),
    "not_a_date": lambda: tk._("“{value}” is no date, and “{column}” holds dates. Write for example 2026-11-02."),
    "not_a_boolean": lambda: tk._("“{column}” holds yes or no. Write one of the two."),
    "too_slow": lambda: tk._(
        "This view takes longer than {seconds} seconds over so many rows."
        " Filter by fewer columns, or download the file."
    ),
    "no_such_file": lambda: tk._("There is no such file in the published version of a dataset that is open to all."),
}


def words(problem: Problem) -> str:
    return WORDS[problem.code]().format(**problem.facts)


def told(problem: Problem) -> dict[str, Any]:
    """As an action tells it."""
    return {"code": f"preview.{problem.code}", "message": words(problem)}
