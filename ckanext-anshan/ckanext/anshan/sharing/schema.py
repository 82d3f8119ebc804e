"""What callers of the actions of sharing may send."""

from __future__ import annotations

from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Schema

from ..catalogue import vocabularies
from .rules import FeedbackState, ReturnState

PAGE, MOST = 20, 1000
LONGEST, LONGEST_LINE = 4000, 300
MOST_STREETS = 100
CLASSES = ("", "unconditional", "conditional", "closed")


def _text(value: Any) -> str:
    return _fit(value, LONGEST)


def _line(value: Any) -> str:
    return _fit(value, LONGEST_LINE)


def _fit(value: Any, most: int) -> str:
    text = str(value).strip()
    if len(text) > most:
        raise tk.Invalid(tk._("At most {most} characters are possible here.").format(most=most))
    if "\0" in text:
        raise tk.Invalid(tk._("A sign that can't be stored is in this text. Type it again."))
    return text


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except (TypeError, ValueError):
        raise tk.Invalid(tk._("This is a day such as 2026-12-21.")) from None


def _at_most(value: int) -> int:
    return min(value, MOST)


def _version(value: Any) -> int:
    """As forms send it, too; nothing is no version."""
    text = str(value or "0").strip()
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise tk.Invalid(tk._("A version is a whole number."))
    return int(text)


def _of(vocabulary: str) -> Any:
    def known(value: str) -> str:
        if value and value not in vocabularies.load(vocabulary).by_id:
            raise tk.Invalid(tk._("Choose one of the values."))
        return value

    return known


def _streets(value: Any) -> list[str]:
    given = [value] if isinstance(value, str) else value or []
    if not isinstance(given, list) or len(given) > MOST_STREETS:
        raise tk.Invalid(tk._("Choose one of the values."))
    return [_of("streets")(one) for one in dict.fromkeys(given) if isinstance(one, str) and one]


@tk.validator_args
def page(default: Any, natural_number_validator: Any) -> Schema:
    return {
        "limit": [default(PAGE), natural_number_validator, _at_most],
        "offset": [default(0), natural_number_validator],
    }


@tk.validator_args
def catalogue(default: Any, one_of: Any, unicode_safe: Any) -> Schema:
    return {
        "q": [default(""), unicode_safe, _line],
        "agency": [default(""), unicode_safe, _line],
        "sharing_class": [default(""), one_of(list(CLASSES))],
        **page(),
    }


@tk.validator_args
def feedback_create(default: Any, unicode_safe: Any, not_empty: Any) -> Schema:
    named: Schema = {name: [default(""), unicode_safe, _line] for name in ("file", "column", "row")}
    must: Schema = {name: [not_empty, unicode_safe, _line] for name in ("application", "dataset")}
    return {**must, **named, "text": [not_empty, unicode_safe, _text]}


@tk.validator_args
def feedback_list(default: Any, one_of: Any, unicode_safe: Any) -> Schema:
    states = ["", *(state.value for state in FeedbackState)]
    return {"state": [default(""), one_of(states)], "q": [default(""), unicode_safe, _line], **page()}


@tk.validator_args
def named(not_empty: Any, unicode_safe: Any) -> Schema:
    return {"id": [not_empty, unicode_safe]}


def _with(**fields: Any) -> Any:
    """An id, and these fields, each of which may be empty: rules say what is missing."""

    @tk.validator_args
    def schema(not_empty: Any, unicode_safe: Any, default: Any) -> Schema:
        own: Schema = {name: [default(""), check] for name, check in fields.items()}
        return {"id": [not_empty, unicode_safe], **own}

    return schema


feedback_confirm = _with(reply=_text, correct_by=_day)
feedback_reject = _with(reply=_text)
feedback_correct = _with(version=_version)


@tk.validator_args
def return_create(default: Any, unicode_safe: Any, not_empty: Any) -> Schema:
    maybe: Schema = {name: [default(""), unicode_safe, _line] for name in ("agency", "dataset", "title")}
    texts: Schema = {name: [default(""), unicode_safe, _text] for name in ("description", "scope")}
    must: Schema = {name: [not_empty, unicode_safe, _text] for name in ("purpose", "basis")}
    return {
        **maybe,
        **texts,
        **must,
        "district": [default(""), unicode_safe, _of("districts")],
        "streets": [default(None), _streets],
        "cycle": [not_empty, unicode_safe, _of("update_cycles")],
    }


@tk.validator_args
def return_list(default: Any, one_of: Any, unicode_safe: Any) -> Schema:
    states = ["", *(state.value for state in ReturnState)]
    chosen: Schema = {name: [default(""), unicode_safe, _line] for name in ("q", "agency", "provider", "district")}
    return {**chosen, "state": [default(""), one_of(states)], **page()}


return_confirm = _with(provider=_line)
return_merge = _with(into=_line)
return_decline = _with(reason=_text)
return_promise = _with(how=_text, until=_day)
return_refuse = _with(reason=_text, article=_line)
return_return = _with(application=_line)
