"""What callers of the actions of releases may send."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator

PAGE, MOST = 50, 500
LONGEST = 2000  # characters of a reason


@tk.validator_args
def release_list(not_empty: Validator, unicode_safe: Validator) -> Schema:
    return {"id": [not_empty, unicode_safe]}


@tk.validator_args
def release_show(
    not_empty: Validator, unicode_safe: Validator, ignore_empty: Validator, natural_number_validator: Validator
) -> Schema:
    return {"id": [not_empty, unicode_safe], "version": [ignore_empty, natural_number_validator]}


@tk.validator_args
def release_suspend(not_empty: Any, unicode_safe: Any, ignore_empty: Any, natural_number_validator: Any) -> Schema:
    return {
        "id": [not_empty, unicode_safe, _plain],
        "version": [ignore_empty, natural_number_validator],
        "file": [ignore_empty, unicode_safe, _plain],
        "reason": [not_empty, unicode_safe, _text],
    }


@tk.validator_args
def release_lift(not_empty: Any, unicode_safe: Any) -> Schema:
    return {"id": [not_empty, unicode_safe, _plain], "reason": [not_empty, unicode_safe, _text]}


@tk.validator_args
def suspension_list(default: Any, unicode_safe: Any, boolean_validator: Any, natural_number_validator: Any) -> Schema:
    return {
        "id": [default(""), unicode_safe, _plain],
        "all": [default(False), boolean_validator],
        "limit": [default(PAGE), natural_number_validator, _at_most],
        "offset": [default(0), natural_number_validator],
    }


def _plain(value: str) -> str:
    """PostgreSQL takes no null character."""
    return value.replace("\0", "")


def _text(value: str) -> str:
    text = _plain(value).strip()
    if not text:
        raise tk.Invalid(tk._("Give a reason: it is shown with what is suspended, or kept with what is lifted."))
    if len(text) > LONGEST:
        raise tk.Invalid(tk._("Use {count} characters at most.").format(count=LONGEST))
    return text


def _at_most(value: int) -> int:
    return min(value, MOST)
