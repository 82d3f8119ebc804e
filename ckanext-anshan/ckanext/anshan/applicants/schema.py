"""What callers of the actions of applicants may send; what is wrong with it, ``filling`` says."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Schema

from .rules import State

PAGE, MOST = 50, 200
LONGEST = 4000  # characters of a reason
ALL = "all"
STATES = (ALL, *(state.value for state in State))


@tk.validator_args
def applicant_update(default: Any, unicode_safe: Any) -> Schema:
    return {name: [default(""), unicode_safe] for name in ("name", "number", "phone")}


@tk.validator_args
def organization_create(default: Any, unicode_safe: Any, ignore_missing: Any) -> Schema:
    texts = ("kind", "name", "uscc", "contact", "phone", "email")
    made: Schema = {name: [default(""), unicode_safe] for name in texts}
    return {**made, "upload": [ignore_missing]}


@tk.validator_args
def organization_update(not_empty: Any, unicode_safe: Any) -> Schema:
    return {**organization_create(), "id": [not_empty, unicode_safe]}


@tk.validator_args
def organization_id(not_empty: Any, unicode_safe: Any) -> Schema:
    return {"id": [not_empty, unicode_safe]}


@tk.validator_args
def organization_list(default: Any, unicode_safe: Any, one_of: Any, natural_number_validator: Any) -> Schema:
    return {
        "state": [default(State.PENDING.value), one_of(STATES)],
        "q": [default(""), unicode_safe],
        "limit": [default(PAGE), natural_number_validator, _at_most],
        "offset": [default(0), natural_number_validator],
    }


@tk.validator_args
def organization_judge(not_empty: Any, default: Any, unicode_safe: Any) -> Schema:
    return {
        "id": [not_empty, unicode_safe],
        "version": [default(""), unicode_safe],
        "reason": [default(""), unicode_safe, _text],
    }


@tk.validator_args
def organization_verify(not_empty: Any, default: Any, unicode_safe: Any) -> Schema:
    return {"id": [not_empty, unicode_safe], "version": [default(""), unicode_safe]}


@tk.validator_args
def organization_unbar(not_empty: Any, default: Any, unicode_safe: Any) -> Schema:
    return {"id": [not_empty, unicode_safe], "reason": [default(""), unicode_safe, _text]}


@tk.validator_args
def organization_bar(not_empty: Any, default: Any, unicode_safe: Any) -> Schema:
    texts = {name: [default(""), unicode_safe, _text] for name in ("reason", "article")}
    return {"id": [not_empty, unicode_safe], "until": [default(""), unicode_safe], **texts}


@tk.validator_args
def organization_contact(not_empty: Any, unicode_safe: Any) -> Schema:
    return {"id": [not_empty, unicode_safe], "why": [not_empty, unicode_safe, _text]}


@tk.validator_args
def member(not_empty: Any, default: Any, unicode_safe: Any) -> Schema:
    return {"id": [not_empty, unicode_safe], "user": [default(""), unicode_safe]}


def _at_most(value: int) -> int:
    return min(value, MOST)


def _text(value: str) -> str:
    if len(value) > LONGEST:
        raise tk.Invalid(tk._("At most {most} characters.").format(most=LONGEST))
    return value.strip()
