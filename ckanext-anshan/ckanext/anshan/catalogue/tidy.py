"""Makes what people type into what is stored, and fills what can be worked out. Plain Python."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from . import vocabularies
from .fields import ENTRY, ITEM, Field

SEPARATORS = re.compile(r"[\n,，;；、]+")
LOOSE_DATE = re.compile(r"\s*(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T ].*)?\s*")


def tidy(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The same entry with synonyms turned into ids, dates into ISO form, and space around words removed.

    What can't be understood stays as it was, for the rules to refuse and the form to show.
    """
    tidied = dict(entry)
    for name, spec in ENTRY.items():
        if name in tidied:
            tidied[name] = _value(tidied[name], spec)
    if isinstance(tidied.get("code"), str):
        tidied["code"] = re.sub(r"\s+", "", tidied["code"]).upper()
    items = tidied.get("information_items")
    if isinstance(items, list):
        tidied["information_items"] = [_item(item) for item in items if not _blank(item)]
    return tidied


def complete(entry: Mapping[str, Any], provider: str, today: date) -> dict[str, Any]:
    """The same entry with what the regulation wants and the rest of the entry tells (articles 10 and 12).

    :param provider: the providing agency's name; it collects and approves where no other agency is named
    """
    completed = dict(entry)
    for name in ("collecting_agency", "approving_agency"):
        completed[name] = completed.get(name) or provider
    if not completed.get("next_update_due"):
        due = next_due(str(completed.get("update_cycle") or ""), today)
        completed["next_update_due"] = due.isoformat() if due else ""
    return completed


def next_due(cycle: str, since: date) -> date | None:
    """One cycle after ``since``; the last day of a shorter month. None for cycles without a length."""
    term = vocabularies.get("update_cycles", cycle)
    if term is None or not (term.days or term.months):
        return None
    if term.days:
        return since + timedelta(days=term.days)
    years, month = divmod(since.month - 1 + term.months, 12)
    year = since.year + years
    return date(year, month + 1, min(since.day, monthrange(year, month + 1)[1]))


def _blank(item: Any) -> bool:
    """A row of the form that nobody filled: what a drop-down chooses by itself doesn't count."""
    return isinstance(item, Mapping) and not any(item[key] for key in item if key not in ("type", "sensitive"))


def _item(item: Any) -> Any:
    if not isinstance(item, Mapping):
        return item
    tidied = {key: (_value(item[key], ITEM[key]) if key in ITEM else item[key]) for key in item}
    return {key: value for key, value in tidied.items() if value not in ("", None)}


def _value(value: Any, spec: Field) -> Any:
    if spec.many:
        return _values(value, spec)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and not spec.vocabulary:
        return str(value)
    if not isinstance(value, str):
        return {True: "yes", False: "no"}[value] if isinstance(value, bool) and spec.vocabulary == "yes_no" else value
    if spec.whole:
        return unicodedata.normalize("NFKC", value).strip()
    text = value.strip()
    if spec.vocabulary:
        return vocabularies.term(spec.vocabulary, text) or text
    return _date(text) if spec.date else text


def _values(value: Any, spec: Field) -> Any:
    parts = SEPARATORS.split(value) if isinstance(value, str) else value
    if not isinstance(parts, list):
        return value
    one = Field(spec.longest, vocabulary=spec.vocabulary)
    return list(dict.fromkeys(text for part in parts if (text := _value(part, one)) not in ("", None)))


def _date(text: str) -> str:
    found = LOOSE_DATE.fullmatch(text)
    return "{:0>4}-{:0>2}-{:0>2}".format(*found.groups()) if found else text
