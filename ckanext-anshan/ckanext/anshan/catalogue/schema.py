"""What callers of the catalogue's actions may send."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Schema

from . import vocabularies

LARGEST_DRAFT = 2_000_000
"""Characters of JSON; an entry of a thousand information items has half of it."""
PAGE = 50
STATES = ("complete", "incomplete", "late")


@tk.validator_args
def draft_save(ignore_missing: Any, unicode_safe: Any, not_missing: Any, default: Any, int_validator: Any) -> Schema:
    return {
        "entry": [ignore_missing, unicode_safe],
        "typed": [not_missing, _typed],
        "based_on": [default(""), unicode_safe],
        "version": [default(0), int_validator],
    }


@tk.validator_args
def draft(ignore_missing: Any, unicode_safe: Any) -> Schema:
    return {"entry": [ignore_missing, unicode_safe]}


@tk.validator_args
def entry_list(
    ignore_empty: Any, unicode_safe: Any, default: Any, natural_number_validator: Any, one_of: Any
) -> Schema:
    text = [ignore_empty, unicode_safe]
    return {
        "q": text,
        "opening_class": [ignore_empty, one_of(list(vocabularies.load("opening_classes").by_id))],
        "theme": [ignore_empty, one_of(list(vocabularies.load("themes").by_id))],
        "organization": text,
        "state": [ignore_empty, one_of(list(STATES))],
        "offset": [default(0), natural_number_validator],
        "limit": [default(PAGE), natural_number_validator],
    }


def _typed(value: Any) -> Any:
    if not isinstance(value, Mapping):
        raise tk.Invalid(tk._("Send the fields of the form as an object, name by name."))
    if len(json.dumps(value)) > LARGEST_DRAFT:
        raise tk.Invalid(tk._("This is too much for a draft. Save the entry, or leave out some information items."))
    return value
