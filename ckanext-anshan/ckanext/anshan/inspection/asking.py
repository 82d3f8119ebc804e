"""What the forms of the pages send, as the actions want it. Plain Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

FIELD = "remedy-"  # and the number of the finding
ALL = "all"
"""Every finding that has a remedy gets its best one."""


def picked(form: Any, findings: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """The offer that was picked for each finding, by the finding's number."""
    found = {}
    for one in findings:
        offered = [each["value"] for each in one["offers"]]
        best = offered[0] if form.get(ALL) and offered else ""
        chosen = form.get(f"{FIELD}{one['number']}", "")
        if value := chosen if chosen in offered else best:
            found[one["number"]] = value
    return found


def asked(picks: Mapping[int, str], findings: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """As the actions want it."""
    offers = {(one["number"], each["value"]): (one["part"], each) for one in findings for each in one["offers"]}
    chosen = [offers[pick] for pick in picks.items()]
    return [{"part": part, "column": one["column"], "remedy": one["name"]} for part, one in chosen]


def words(form: Any) -> list[dict[str, str]]:
    """The rows of the words' form that hold a word and are not to go."""
    columns = [form.getlist(name) for name in ("word", "kind", "note")]
    gone = set(form.getlist("gone"))
    rows = ({"word": word, "kind": kind, "note": note} for word, kind, note in zip(*columns, strict=False))
    return [row for row in rows if row["word"].strip() and row["word"] not in gone]
