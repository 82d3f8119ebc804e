"""What callers may send."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator

from . import sentences

LONGEST = 200  # characters of a name
LARGEST_PAGE = 1000
OUTCOMES = ("done", "refused")


@tk.validator_args
def history(
    not_empty: Validator, unicode_safe: Validator, ignore_empty: Validator, one_of: Any, default: Any
) -> Schema:
    return {
        "type": [not_empty, unicode_safe, _short],
        "id": [not_empty, unicode_safe, _short],
        "group": [default(""), unicode_safe, one_of(["", *sentences.GROUPS])],
        **_pages(),
    }


@tk.validator_args
def search(unicode_safe: Validator, boolean_validator: Validator, default: Any, one_of: Any) -> Schema:
    text = [default(""), unicode_safe, _short]
    return {
        "person": text,
        "agency": text,
        "what": text,
        "outcome": [default(""), unicode_safe, one_of(["", *OUTCOMES])],
        "type": text,
        "object": text,
        "since": [default(""), unicode_safe, _day],
        "until": [default(""), unicode_safe, _day],
        "looks": [default(False), boolean_validator, _yes],
        **_pages(),
    }


@tk.validator_args
def proof(not_empty: Validator, unicode_safe: Validator) -> Schema:
    return {"id": [not_empty, unicode_safe, _event]}


@tk.validator_args
def _pages(ignore_empty: Validator, unicode_safe: Validator, natural_number_validator: Validator) -> Schema:
    edge = [ignore_empty, unicode_safe, _event]
    return {"before": edge, "after": edge, "limit": [ignore_empty, natural_number_validator, _page_size]}


def _short(value: str) -> str:
    if len(value) > LONGEST or "\0" in value:
        raise tk.Invalid(tk._("Use at most {number} characters.").format(number=LONGEST))
    return value.strip()


def _event(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise tk.Invalid(tk._("The id of an event looks like 01935c1e-8f00-7000-8000-000000000000.")) from None


def _day(value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat() if value else ""
    except ValueError:
        raise tk.Invalid(tk._("Write the day as in 2026-11-24.")) from None


def _yes(value: bool) -> str:
    return "1" if value else ""


def _page_size(value: int) -> int:
    return max(1, min(value, LARGEST_PAGE))
