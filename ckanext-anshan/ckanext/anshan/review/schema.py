"""What callers of the actions of the review may send."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Schema

from ..release.rules import Refusal, file_name
from .rules import PLACES, Kind, State, Way

PAGE, MOST = 50, 500
LONGEST = 4000  # characters of a reason, a remark, a comment
MOST_REMARKS = 100
MOST_AT_ONCE = 200
OLD_VERSIONS = ("follow", "stay")
OUTCOMES = ("yes", "not_applicable")


@tk.validator_args
def submission_create(not_empty: Any, unicode_safe: Any, default: Any, boolean_validator: Any, one_of: Any) -> Schema:
    return {
        "id": [not_empty, unicode_safe],
        "kind": [default(Kind.OPENING.value), one_of([Kind.OPENING.value, Kind.RETIREMENT.value])],
        "routine": [default(False), boolean_validator],
        "old_versions": [default(""), one_of(["", *OLD_VERSIONS])],
        "reason": [default(""), unicode_safe, _text],
        "article": [default(""), unicode_safe, _text],
    }


@tk.validator_args
def submission_open_at_once(not_empty: Any, unicode_safe: Any, default: Any, int_validator: Any) -> Schema:
    return {
        "id": [not_empty, unicode_safe],
        "reason": [default(""), unicode_safe, _text],
        "days": [default(0), int_validator],
    }


@tk.validator_args
def submission_propose(not_missing: Any, default: Any, unicode_safe: Any) -> Schema:
    return {
        "manifest": [default(""), unicode_safe, _sha256],
        "title": [default(""), unicode_safe, _text],
        "lines": [not_missing, _lines],
    }


@tk.validator_args
def submission_show(not_empty: Any, unicode_safe: Any) -> Schema:
    return {"id": [not_empty, unicode_safe]}


@tk.validator_args
def submission_sign(not_empty: Any, unicode_safe: Any, default: Any) -> Schema:
    return {
        "id": [not_empty, unicode_safe],
        "hash": [default(""), unicode_safe],
        "answers": [default({}), _answers],
        "reason": [default(""), unicode_safe, _text],
    }


@tk.validator_args
def submission_clear(not_empty: Any, unicode_safe: Any, default: Any) -> Schema:
    return {"id": [not_empty, unicode_safe], "reason": [default(""), unicode_safe, _text]}


@tk.validator_args
def submission_return(not_empty: Any, unicode_safe: Any, default: Any, boolean_validator: Any) -> Schema:
    return {
        "id": [not_empty, unicode_safe],
        "remarks": [default([]), _remarks],
        "complex": [default(False), boolean_validator],
    }


@tk.validator_args
def submission_reject(not_empty: Any, unicode_safe: Any, default: Any) -> Schema:
    return {
        "id": [not_empty, unicode_safe],
        "reason": [default(""), unicode_safe, _text],
        "article": [default(""), unicode_safe, _text],
    }


@tk.validator_args
def submission_comment(not_empty: Any, unicode_safe: Any, default: Any, boolean_validator: Any, ignore: Any) -> Schema:
    return {
        "id": [not_empty, unicode_safe],
        "text": [default(""), unicode_safe, _text],
        "internal": [default(False), boolean_validator],
        "upload": [default(None)],
        "__junk": [ignore],
    }


@tk.validator_args
def submission_list(
    default: Any, unicode_safe: Any, natural_number_validator: Any, one_of: Any, boolean_validator: Any
) -> Schema:
    return {
        "mine": [default("waiting"), one_of(["waiting", "all", "returned", "open", "sampled", "done"])],
        "q": [default(""), unicode_safe],
        "agency": [default(""), unicode_safe],
        "entry": [default(""), unicode_safe],
        "opening_class": [default(""), unicode_safe],
        "kind": [default(""), one_of(["", *(one.value for one in Kind)])],
        "way": [default(""), one_of(["", *(one.value for one in Way)])],
        "state": [default(""), one_of(["", *(one.value for one in State)])],
        "scan": [default(""), one_of(["", "running", "clean", "inform", "reason", "block"])],
        "due": [default(""), one_of(["", "late", "today", "week"])],
        "ids": [default([]), _ids],
        "checklist": [default(False), boolean_validator],
        "limit": [default(PAGE), natural_number_validator, _at_most(MOST)],
        "offset": [default(0), natural_number_validator],
    }


@tk.validator_args
def submission_difference(
    not_empty: Any, unicode_safe: Any, ignore_empty: Any, natural_number_validator: Any
) -> Schema:
    return {"id": [not_empty, unicode_safe], "version": [ignore_empty, natural_number_validator]}


@tk.validator_args
def submission_preview(not_empty: Any, unicode_safe: Any, default: Any, boolean_validator: Any) -> Schema:
    return {
        "id": [not_empty, unicode_safe],
        "file": [not_empty, unicode_safe],
        "only_found": [default(False), boolean_validator],
    }


@tk.validator_args
def review_statistics(default: Any, unicode_safe: Any) -> Schema:
    return {
        "since": [default(""), unicode_safe, _day],
        "until": [default(""), unicode_safe, _day],
        "agency": [default(""), unicode_safe],
    }


@tk.validator_args
def submission_bulk(not_missing: Any, one_of: Any) -> Schema:
    return {"command": [not_missing, one_of(["sign", "return"])], "submissions": [not_missing, _many]}


def _at_most(most: int) -> Any:
    def cut(value: int) -> int:
        return min(value, most)

    return cut


def _day(value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat() if value else ""
    except ValueError:
        raise tk.Invalid(tk._("Write the day as in 2026-11-24.")) from None


def _text(value: str) -> str:
    text = value.replace("\0", "").replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        raise tk.Invalid(tk._("At most {most} characters.").format(most=LONGEST))
    return text


def _answers(value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise tk.Invalid(tk._("Send an object: each item of the checklist to “yes” or “not_applicable”."))
    return {str(item)[:100]: str(answer) for item, answer in value.items() if str(answer) in OUTCOMES}


def _remarks(value: Any) -> list[dict[str, str]]:
    if not isinstance(value, list) or len(value) > MOST_REMARKS or not all(isinstance(one, Mapping) for one in value):
        raise tk.Invalid(tk._("Send a list of objects with place, at and text."))
    return [_remark(one) for one in value if str(one.get("text") or "").strip()]


def _remark(one: Mapping[str, Any]) -> dict[str, str]:
    place = str(one.get("place") or "")
    if place not in PLACES:
        raise tk.Invalid(tk._("“{place}” is no place of a remark: field, file, column or row.").format(place=place))
    return {"place": place, "at": str(one.get("at") or "").replace("\0", "")[:500], "text": _text(str(one["text"]))}


def _ids(value: Any) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST:
        raise tk.Invalid(tk._("Send a list of at most {most} ids or numbers.").format(most=MOST))
    return [str(one)[:100] for one in value]


def _sha256(value: str) -> str:
    if value and (len(value) != 64 or set(value) - set("0123456789abcdef")):
        raise tk.Invalid(tk._("Give the SHA-256 of the manifest as 64 characters from 0 to 9 and a to f."))
    return value


def _lines(value: Any) -> list[dict[str, Any]]:
    """Each with its ``entry``, ``files`` and ``release_date`` (a day or nothing), of the right kinds."""
    if not isinstance(value, list) or not value or not all(isinstance(one, Mapping) for one in value):
        raise tk.Invalid(tk._("Send a list of lines, each with entry, files and release_date."))
    try:
        return [_line(one) for one in value]
    except (KeyError, TypeError, ValueError) as error:
        raise tk.Invalid(tk._("A line of the list can't be read: {reason}").format(reason=error)) from error


def _line(one: Mapping[str, Any]) -> dict[str, Any]:
    day = one.get("release_date")
    return {
        "entry": _plain(one["entry"]),
        "files": [_file(each) for each in one.get("files", ())],
        "release_date": date.fromisoformat(day) if day else None,
    }


def _file(one: Mapping[str, Any]) -> dict[str, Any]:
    name = file_name(_plain(one["name"]))
    if isinstance(name, Refusal):
        raise ValueError(one["name"])
    told = {key: _plain(one.get(key) or "") for key in ("format", "mimetype")}
    return {**told, "name": name, "sha256": _sha256(_plain(one["sha256"])), "size": int(one["size"])}


def _plain(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise TypeError(value)
    return value


def _many(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not 0 < len(value) <= MOST_AT_ONCE:
        raise tk.Invalid(tk._("Send a list of 1 to {most} submissions.").format(most=MOST_AT_ONCE))
    if not all(isinstance(one, Mapping) and one.get("id") for one in value):
        raise tk.Invalid(tk._("Name each submission by its id or number."))
    return [dict(one) for one in value]
