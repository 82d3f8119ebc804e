"""What a validator schema of CKAN says of a parameter, as JSON Schema."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

Schema = dict[str, Any]

TYPES: Mapping[str, Schema] = {
    "int_validator": {"type": "integer"},
    "natural_number_validator": {"type": "integer", "minimum": 0},
    "is_positive_integer": {"type": "integer", "minimum": 1},
    "boolean_validator": {"type": "boolean"},
    "convert_to_json_if_string": {"type": "object"},
    "list_of_strings": {"type": "array", "items": {"type": "string"}},
    "isodate": {"type": "string", "format": "date"},
    "email_validator": {"type": "string", "format": "email"},
    "unicode_safe": {"type": "string"},
    "_file": {"type": "string", "format": "binary"},
}
"""The first of these names that a field's validators have gives its type."""

REQUIRED = frozenset({"not_missing", "not_empty"})


@dataclass(frozen=True)
class Field:
    schema: Schema
    is_required: bool


def of_action(function: Callable[..., Any]) -> dict[str, Field]:
    """The parameters that an action validates; nothing for one that validates none."""
    schema_of = _validated_by(function)
    found = schema_of() if schema_of else {}
    return {name: field(rules) for name, rules in found.items() if not name.startswith("__")}


def field(validators: Iterable[Any]) -> Field:
    """One parameter, by the validators that it goes through."""
    listed = list(validators)
    names = {_name(each) for each in listed}
    schema = dict(next((schema for name, schema in TYPES.items() if name in names), {}))
    for each in listed:
        schema |= _from_closure(each)
    return Field(schema, bool(names & REQUIRED) and "default" not in schema)


def chain(function: Callable[..., Any]) -> list[Callable[..., Any]]:
    """An action as callers get it, and what it wraps: the last one does the work, the others stand in front of it."""
    found: list[Callable[..., Any]] = []
    now: Any = function
    while now is not None and all(now is not each for each in found):
        is_chained = isinstance(now, partial)
        found.append(now.func if is_chained else now)
        now = now.args[0] if is_chained and now.args else getattr(now, "__wrapped__", None)
    return found


def _validated_by(function: Callable[..., Any]) -> Callable[[], Mapping[str, Any]] | None:
    for each in chain(function):
        code = getattr(each, "__code__", None)
        if code is not None and "schema_func" in code.co_freevars:
            return inspect.getclosurevars(each).nonlocals["schema_func"]
    return None


def _name(validator: Any) -> str:
    return getattr(validator, "__name__", type(validator).__name__)


def _from_closure(validator: Any) -> Schema:
    """The bounds that a made validator keeps: the values of ``one_of``, the value of ``default``."""
    if not inspect.isfunction(validator):
        return {}
    kept = inspect.getclosurevars(validator).nonlocals
    made_by = validator.__qualname__.partition(".")[0]
    if made_by == "one_of" and isinstance(kept.get("list_of_value"), list):
        return {"type": "string", "enum": kept["list_of_value"]}
    if made_by == "default" and "default_value" in kept:
        return {"default": kept["default_value"]}
    return {"maximum": kept["most"]} if set(kept) == {"most"} else {}
