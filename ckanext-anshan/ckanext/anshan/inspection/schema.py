"""What callers of the actions of scans may send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Schema

from . import words

LIST = 100
MOST_ASKED = 500
FIELDS = ("part", "column", "remedy")


@tk.validator_args
def scan_start(not_empty: Any, unicode_safe: Any) -> Schema:
    return {"resource_id": [not_empty, unicode_safe]}


@tk.validator_args
def scan_show(not_empty: Any, unicode_safe: Any) -> Schema:
    return {"id": [not_empty, unicode_safe]}


@tk.validator_args
def scan_list(not_empty: Any, unicode_safe: Any, default: Any, natural_number_validator: Any) -> Schema:
    return {"package_id": [not_empty, unicode_safe], "limit": [default(LIST), natural_number_validator, _at_most(1000)]}


@tk.validator_args
def scan_remedy(not_empty: Any, unicode_safe: Any, not_missing: Any) -> Schema:
    return {"id": [not_empty, unicode_safe], "asked": [not_missing, _asked]}


@tk.validator_args
def words_show(not_empty: Any, unicode_safe: Any) -> Schema:
    return {"organization": [not_empty, unicode_safe]}


@tk.validator_args
def words_update(not_empty: Any, unicode_safe: Any, not_missing: Any) -> Schema:
    return {"organization": [not_empty, unicode_safe], "words": [not_missing, _words]}


def _at_most(most: int) -> Any:
    def cut(value: int) -> int:
        return min(value, most)

    return cut


def _asked(value: Any) -> list[dict[str, str]]:
    if not isinstance(value, list) or len(value) > MOST_ASKED or not all(isinstance(one, Mapping) for one in value):
        raise tk.Invalid(tk._("Send a list of objects with part, column and remedy."))
    return [{name: str(one.get(name) or "") for name in FIELDS} for one in value]


def _words(value: Any) -> list[dict[str, str]]:
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise tk.Invalid(tk._("Send a list of objects with word, kind and note."))
    if len(value) > words.MOST:
        raise tk.Invalid(tk._("At most {most} words can be kept.").format(most=words.MOST))
    return [_word(one) for one in value]


def _word(one: Mapping[str, Any]) -> dict[str, str]:
    word, kind, note = (" ".join(str(one.get(name) or "").split()) for name in ("word", "kind", "note"))
    if not words.SHORTEST <= len(word) <= words.LONGEST:
        limits = {"shortest": words.SHORTEST, "longest": words.LONGEST}
        raise tk.Invalid(tk._("“{word}”: a word has {shortest} to {longest} characters.").format(word=word, **limits))
    if kind not in words.KINDS:
        raise tk.Invalid(tk._("“{word}”: choose what it stands for.").format(word=word))
    return {"word": word, "kind": kind, "note": note[: words.LONGEST_NOTE]}
