"""The console: an action, what was typed for its parameters, and the call that comes of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from . import addresses, calls, registry
from .registry import Action, Param

DEFAULT = "package_search"
FIRST: Mapping[str, str] = {"rows": "5"}
"""What is filled in before anybody has typed, so that the first answer can be read."""
SHOWN = 4
"""Parameters that are always shown."""

Given = Mapping[str, str]


@dataclass(frozen=True)
class Field:
    id: str
    param: Param
    kind: str  # of the input: text, number, boolean, lines, json
    value: str
    is_shown: bool  # at once; the others are folded away


@dataclass(frozen=True)
class Console:
    action: Action
    fields: list[Field]
    call: calls.Call
    curl: str
    groups: list[tuple[str, list[str]]]


def show(given: Given) -> Console | None:
    """What the page shows; None for an action that isn't there."""
    action = registry.find(given.get("call") or DEFAULT)
    if action is None:
        return None
    typed = given if given.get("call") else {**FIRST, **given}
    params = [each for each in action.params.values() if each.schema.get("format") != "binary"]
    fields = [_field(at, each, typed.get(each.name, "")) for at, each in enumerate(params)]
    call = calls.Call(addresses.base(), action.name, values(fields), action.reads)
    return Console(action, fields, call, calls.curl(call), _groups())


def _field(at: int, param: Param, value: str) -> Field:
    return Field(f"field-{at}", param, kind(param), value, bool(value) or param.is_required or at < SHOWN)


def kind(param: Param) -> str:
    known = {"integer": "number", "number": "number", "boolean": "boolean", "array": "lines", "object": "json"}
    return known.get(str(param.schema.get("type")), "text")


def values(fields: list[Field]) -> dict[str, Any]:
    """What was typed, as JSON has it; what is empty is left out, what can't be read stays as it was typed."""
    return {each.param.name: _value(each.kind, each.value.strip()) for each in fields if each.value.strip()}


def _value(kind: str, typed: str) -> Any:
    if kind == "lines" and not typed.startswith("["):
        return [line.strip() for line in typed.splitlines() if line.strip()]
    if kind == "text":
        return typed
    try:
        return json.loads(typed)
    except ValueError:
        return typed


def _groups() -> list[tuple[str, list[str]]]:
    """The actions to choose from: what needs no key first."""
    listed = registry.actions()
    return [
        (tk._("Read without a key"), [each.name for each in listed if each.reads and each.is_public]),
        (tk._("Read with a key"), [each.name for each in listed if each.reads and not each.is_public]),
        (tk._("Change something, with a key"), [each.name for each in listed if not each.reads]),
    ]
