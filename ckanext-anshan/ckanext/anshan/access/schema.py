"""What callers of the actions of grants may send."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Schema

PAGE, MOST = 20, 100
MOST_DAYS = 400
USUAL_DAYS = 30
LONGEST_NAME = 100
SIDES = ("", "holder", "provider", "office")


@tk.validator_args
def grant_query(not_empty: Any, unicode_safe: Any, default: Any, ignore_missing: Any) -> Schema:
    named = {name: [default(""), unicode_safe] for name in ("dataset", "file", "sheet")}
    listed = {name: [ignore_missing, _read] for name in ("columns", "filters", "sort", "group_by", "aggregates")}
    return {
        "id": [not_empty, unicode_safe],
        **named,
        **listed,
        "limit": [ignore_missing],
        "offset": [ignore_missing],
        "__extras": [ignore_missing],
    }


@tk.validator_args
def grant_show(not_empty: Any, unicode_safe: Any) -> Schema:
    return {"id": [not_empty, unicode_safe]}


@tk.validator_args
def grant_list(default: Any, one_of: Any, natural_number_validator: Any) -> Schema:
    return {
        "side": [default(""), one_of(list(SIDES))],
        "limit": [default(PAGE), natural_number_validator, _at_most],
        "offset": [default(0), natural_number_validator],
    }


@tk.validator_args
def grant_usage(default: Any, unicode_safe: Any, is_positive_integer: Any) -> Schema:
    return {"id": [default(""), unicode_safe], "days": [default(USUAL_DAYS), is_positive_integer, _days]}


@tk.validator_args
def token_create(not_empty: Any, unicode_safe: Any, default: Any) -> Schema:
    return {
        "id": [not_empty, unicode_safe],
        "dataset": [default(""), unicode_safe],
        "name": [not_empty, unicode_safe, _name],
    }


@tk.validator_args
def token_revoke(not_empty: Any, unicode_safe: Any) -> Schema:
    return {"id": [not_empty, unicode_safe], "token": [not_empty, unicode_safe]}


def _read(value: Any) -> Any:
    """A list, or in an address JSON; one name alone is a list of it."""
    if not isinstance(value, str):
        return value
    try:
        found = json.loads(value) if value[:1] in ("[", "{") else value
    except ValueError:
        found = value
    return found if isinstance(found, list) else [found]


def _at_most(value: int) -> int:
    return min(value, MOST)


def _days(value: int) -> int:
    return min(value, MOST_DAYS)


def _name(value: str) -> str:
    found = " ".join(value.split())
    if not found:
        raise tk.Invalid(tk._("Write what it is for."))
    if len(found) > LONGEST_NAME or not found.isprintable():
        raise tk.Invalid(tk._("At most {most} characters are possible here.").format(most=LONGEST_NAME))
    return found
