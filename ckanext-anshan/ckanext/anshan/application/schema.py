"""What callers of the actions of applications may send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Schema

from .forms import LONGEST, MOST_DATASETS, MOST_QUESTIONS
from .rules import Kind, Relation, State

PAGE, MOST = 20, 100
DUE = ("late", "today", "week")
MOST_AT_ONCE = 100
RELATIONS = [relation.value for relation in Relation]


@tk.validator_args
def application_create(not_missing: Any, default: Any, one_of: Any, unicode_safe: Any) -> Schema:
    return {
        "datasets": [not_missing, _names],
        "kind": [default(Kind.OPENING.value), one_of([kind.value for kind in Kind])],
        "party": [default(""), unicode_safe],
        "copy_of": [default(""), unicode_safe],
        "follows": [default(""), unicode_safe],
        "relation": [default(Relation.NEW.value), one_of(RELATIONS)],
    }


@tk.validator_args
def application_update(not_empty: Any, unicode_safe: Any, default: Any, ignore_missing: Any) -> Schema:
    return {
        "id": [not_empty, unicode_safe],
        "content": [default(None), _mapping],
        "items": [default(None), _mappings],
        "partners": [ignore_missing, _listed],
    }


@tk.validator_args
def application_attach(not_empty: Any, unicode_safe: Any, not_missing: Any) -> Schema:
    return {"id": [not_empty, unicode_safe], "field": [not_empty, unicode_safe], "upload": [not_missing]}


@tk.validator_args
def application_detach(not_empty: Any, unicode_safe: Any) -> Schema:
    return {"id": [not_empty, unicode_safe], "attachment": [not_empty, unicode_safe]}


@tk.validator_args
def application_id(not_empty: Any, unicode_safe: Any) -> Schema:
    return {"id": [not_empty, unicode_safe]}


@tk.validator_args
def application_list(default: Any, one_of: Any, natural_number_validator: Any, unicode_safe: Any) -> Schema:
    sides = ("applicant", "provider", "offices")
    return {
        "side": [default("applicant"), one_of(list(sides))],
        "group": [default(""), one_of(["", "mine", "waiting", "under_way", "in_use", "over"])],
        "state": [default(""), one_of(["", *(state.value for state in State)])],
        "q": [default(""), unicode_safe, _text],
        "kind": [default(""), one_of(["", *(kind.value for kind in Kind)])],
        "dataset": [default(""), unicode_safe, _text],
        "handler": [default(""), one_of(["", "me", "nobody"])],
        "due": [default(""), one_of(["", *DUE])],
        "ids": [default(None), _listed],
        "limit": [default(PAGE), natural_number_validator, _at_most],
        "offset": [default(0), natural_number_validator],
        "shown": [default(""), unicode_safe, _text],
    }


def _texts(*names: str) -> Any:
    """Of these names, each a text that may be empty."""

    @tk.validator_args
    def schema(not_empty: Any, unicode_safe: Any, default: Any) -> Schema:
        return {"id": [not_empty, unicode_safe], **{name: [default(""), unicode_safe, _text] for name in names}}

    return schema


application_ask = _texts("question")
application_answer = _texts("answer")
application_reason = _texts("reason")
application_suspend = _texts("reason", "article")
application_revoke = _texts("reason", "article", "redress")
application_assign = _texts("handler")
application_identify = _texts("reason")
application_opine = _texts("opinion", "reason")
application_sign = _texts("hash", "password")
application_declare = _texts("declaration")
application_report = _texts("text", "products")


@tk.validator_args
def application_approve(not_empty: Any, unicode_safe: Any, default: Any, ignore_missing: Any) -> Schema:
    return {
        "id": [not_empty, unicode_safe],
        "hash": [default(""), unicode_safe],
        "scopes": [ignore_missing, _mapping],
        "ends": [default(""), unicode_safe],
        "conditions": [default(None), _listed],
        "seen": [default(None), _mapping],
    }


@tk.validator_args
def application_remarks(not_empty: Any, unicode_safe: Any, default: Any, one_of: Any, ignore_missing: Any) -> Schema:
    return {
        "id": [not_empty, unicode_safe],
        "command": [default("approve"), one_of(["approve", "refuse"])],
        "scopes": [ignore_missing, _mapping],
        "ground": [default(""), unicode_safe, _text],
    }


@tk.validator_args
def application_refuse(not_empty: Any, unicode_safe: Any, default: Any) -> Schema:
    named = ("ground", "article", "explanation", "redress")
    own = {name: [default(""), unicode_safe, _text] for name in named}
    return {"id": [not_empty, unicode_safe], **own, "seen": [default(None), _mapping]}


@tk.validator_args
def application_message(not_empty: Any, unicode_safe: Any, default: Any, boolean_validator: Any) -> Schema:
    return {
        "id": [not_empty, unicode_safe],
        "text": [default(""), unicode_safe, _text],
        "internal": [default(False), boolean_validator],
    }


@tk.validator_args
def application_bulk(not_missing: Any, one_of: Any) -> Schema:
    return {
        "command": [not_missing, one_of(["approve", "refuse", "ask", "extend"])],
        "applications": [not_missing, _many],
    }


@tk.validator_args
def form_update(not_empty: Any, unicode_safe: Any, not_missing: Any) -> Schema:
    return {"dataset": [not_empty, unicode_safe], "questions": [not_missing, _questions]}


@tk.validator_args
def figures(unicode_safe: Any, default: Any) -> Schema:
    return {"dataset": [default(""), unicode_safe, _text]}


@tk.validator_args
def form_show(not_empty: Any, unicode_safe: Any) -> Schema:
    return {"dataset": [not_empty, unicode_safe]}


@tk.validator_args
def deputy_name(not_empty: Any, unicode_safe: Any) -> Schema:
    return {name: [not_empty, unicode_safe] for name in ("agency", "user", "starts", "ends")}


@tk.validator_args
def deputy_list(not_empty: Any, unicode_safe: Any) -> Schema:
    return {"agency": [not_empty, unicode_safe]}


@tk.validator_args
def register(
    default: Any, one_of: Any, natural_number_validator: Any, unicode_safe: Any, boolean_validator: Any
) -> Schema:
    return {
        "dataset": [default(""), unicode_safe, _text],
        "agency": [default(""), unicode_safe, _text],
        "result": [default(""), one_of(["", "whole", "part", "refused", "open", "withdrawn"])],
        "year": [default(""), unicode_safe, _year],
        "figures": [default(True), boolean_validator],
        "limit": [default(PAGE), natural_number_validator, _at_most_rows],
        "offset": [default(0), natural_number_validator],
    }


@tk.validator_args
def deputy_end(not_missing: Any, natural_number_validator: Any) -> Schema:
    return {"id": [not_missing, natural_number_validator]}


@tk.validator_args
def agreement_verify(not_empty: Any, unicode_safe: Any, default: Any) -> Schema:
    return {"code": [not_empty, unicode_safe, _text], "hash": [default(""), unicode_safe, _text]}


@tk.validator_args
def misuse_report(not_empty: Any, unicode_safe: Any, default: Any) -> Schema:
    more = {name: [default(""), unicode_safe, _text] for name in ("number", "where")}
    return {"dataset": [not_empty, unicode_safe, _text], "text": [default(""), unicode_safe, _text], **more}


@tk.validator_args
def report_list(default: Any, one_of: Any, natural_number_validator: Any) -> Schema:
    return {
        "kind": [default("use"), one_of(["use", "misuse"])],
        "limit": [default(PAGE), natural_number_validator, _at_most],
        "offset": [default(0), natural_number_validator],
    }


@tk.validator_args
def report_answer(not_missing: Any, natural_number_validator: Any, unicode_safe: Any, default: Any) -> Schema:
    return {"id": [not_missing, natural_number_validator], "answer": [default(""), unicode_safe, _text]}


def _text(value: str) -> str:
    if len(value) > LONGEST:
        raise tk.Invalid(tk._("At most {most} characters are possible here.").format(most=LONGEST))
    if "\0" in value:
        raise tk.Invalid(tk._("A sign that can't be stored is in this text. Type it again."))
    return value.strip()


def _at_most(value: int) -> int:
    return min(value, MOST)


MOST_ROWS = 10_000  # of the register at once


def _at_most_rows(value: int) -> int:
    return min(value, MOST_ROWS)


def _year(value: str) -> str:
    if value and not (value.isascii() and value.isdigit() and len(value) == 4):
        raise tk.Invalid(tk._("A year is four digits, such as 2026."))
    return value


def _names(value: Any) -> list[str]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not 0 < len(names) <= MOST_DATASETS or not all(isinstance(n, str) for n in names):
        raise tk.Invalid(tk._("Name 1 to {most} datasets.").format(most=MOST_DATASETS))
    return list(dict.fromkeys(names))


def _mapping(value: Any) -> Any:
    if value is not None and not isinstance(value, Mapping):
        raise tk.Invalid(tk._("Send names with values."))
    return _clean(value)


def _mappings(value: Any) -> Any:
    if value is not None and not (isinstance(value, list) and all(isinstance(one, Mapping) for one in value)):
        raise tk.Invalid(tk._("Send a list of names with values."))
    if value and len(value) > MOST_DATASETS:
        raise tk.Invalid(tk._("Name 1 to {most} datasets.").format(most=MOST_DATASETS))
    return _clean(value)


def _listed(value: Any) -> list[str]:
    given = [value] if isinstance(value, str) else value or []
    if not isinstance(given, list) or len(given) > MOST_AT_ONCE:
        raise tk.Invalid(tk._("Send a list of texts."))
    return [_text(str(one)) for one in given]


def _many(value: Any) -> list[Any]:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_AT_ONCE:
        raise tk.Invalid(tk._("Name 1 to {most} applications.").format(most=MOST_AT_ONCE))
    if not all(isinstance(one, Mapping) and one.get("id") for one in value):
        raise tk.Invalid(tk._("Each of them has an id, and its own reason."))
    return value


def _questions(value: Any) -> list[Any]:
    if not isinstance(value, list) or len(value) > MOST_QUESTIONS or not all(isinstance(one, Mapping) for one in value):
        raise tk.Invalid(tk._("Send a list of at most {most} questions.").format(most=MOST_QUESTIONS))
    return _clean(value)


def _clean(value: Any, depth: int = 0) -> Any:
    """Plain JSON, no deeper than a form is, with texts that can be stored."""
    if depth > 6:
        raise tk.Invalid(tk._("This is nested too deeply."))
    if isinstance(value, Mapping):
        return {_text(str(name)): _clean(one, depth + 1) for name, one in list(value.items())[:2000]}
    if isinstance(value, (list, tuple)):
        return [_clean(one, depth + 1) for one in list(value)[:2000]]
    return _text(value) if isinstance(value, str) else value
