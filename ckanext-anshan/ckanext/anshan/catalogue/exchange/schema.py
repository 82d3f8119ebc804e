"""What callers of import and export may send."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Schema

from .forms import FORMS

PAGE = 100
FORMATS = ["xlsx", "csv"]


@tk.validator_args
def import_(not_missing: Any, boolean_validator: Any, default: Any) -> Schema:
    yes_no = [default(False), boolean_validator]
    return {"upload": [not_missing, _file], "create_agencies": yes_no, "plan": yes_no}


@tk.validator_args
def import_start(not_empty: Any, unicode_safe: Any) -> Schema:
    return {"id": [not_empty, unicode_safe]}


@tk.validator_args
def import_show(not_empty: Any, unicode_safe: Any, default: Any, natural_number_validator: Any) -> Schema:
    return {
        "id": [not_empty, unicode_safe],
        "offset": [default(0), natural_number_validator],
        "limit": [default(PAGE), natural_number_validator, _at_most(1000)],
    }


@tk.validator_args
def import_list(default: Any, natural_number_validator: Any) -> Schema:
    return {"limit": [default(20), natural_number_validator, _at_most(1000)]}


@tk.validator_args
def export(default: Any, one_of: Any, ignore_empty: Any, unicode_safe: Any) -> Schema:
    return {
        "form": [default("own"), one_of(list(FORMS))],
        "format": [default("xlsx"), one_of(FORMATS)],
        "organization": [ignore_empty, unicode_safe],
    }


@tk.validator_args
def template(default: Any, one_of: Any) -> Schema:
    return {"format": [default("xlsx"), one_of(FORMATS)]}


def _file(value: Any) -> Any:
    if not getattr(value, "filename", "") or not hasattr(value, "stream"):
        raise tk.Invalid(tk._("Choose a file first."))
    return value


def _at_most(most: int) -> Any:
    def cut(value: int) -> int:
        return min(value, most)

    return cut
