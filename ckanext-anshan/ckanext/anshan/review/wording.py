"""What a difference says, in the reader's language: names of fields, words for codes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ..catalogue import vocabularies
from ..release import listing

Told = dict[str, Any]
APART = frozenset({"title", "name", "owner_org", "information_items"})
"""Fields that a page says elsewhere."""
OF_LIST = {"tag_string": "tags", "themes": "groups"}
"""Fields of the form that are kept under another name."""


def worded(told: Mapping[str, Any]) -> Told:
    """A difference as ``differing.difference`` gives it, with words beside its codes."""
    schema = tk.h.scheming_get_dataset_schema("entry")
    groups = _groups(told["fields"])
    return {
        **told,
        "fields": [_field(schema, one, groups) for one in told["fields"]],
        "items": [_item(schema, one) for one in told["items"]],
        "files": [one | {"table": _table(one["table"])} for one in told["files"]],
    }


def facts(entry: Mapping[str, Any]) -> list[Told]:
    """What was filled in of a frozen entry, in the order of its form: ``name``, ``label`` and ``value`` in words."""
    schema = tk.h.scheming_get_dataset_schema("entry")
    lists = {"tag_string": entry.get("tags") or [], "themes": entry.get("groups") or []}
    held = {**entry["extras"], "notes": entry.get("notes"), "license_id": entry.get("license_id")}
    held |= {name: json.dumps(value) for name, value in lists.items() if value}
    groups = listing.agencies(sorted(lists["themes"])) if lists["themes"] else {}
    names: list[str] = [one["field_name"] for one in schema["dataset_fields"] if one["field_name"] not in APART]
    return [
        {"name": name, "label": _label(schema, name), "value": _value(OF_LIST.get(name, name), str(held[name]), groups)}
        for name in names
        if held.get(name)
    ]


def fields() -> list[Told]:
    """The fields of an entry's form: ``name`` and ``label``."""
    schema = tk.h.scheming_get_dataset_schema("entry")
    names = [field["field_name"] for field in schema["dataset_fields"] if field["field_name"] != "name"]
    return [{"name": name, "label": _label(schema, name)} for name in names]


def label(name: str) -> str:
    """What the form calls a field."""
    return _label(tk.h.scheming_get_dataset_schema("entry"), name)


def columns(entry: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The information items of a frozen entry: name and column."""
    listed = json.loads(entry["extras"].get("information_items") or "[]")
    return [(one["name"], one.get("column") or one["name"]) for one in listed if one.get("name")]


def type_word(name: str) -> str:
    return vocabularies.label("item_types", name, str(tk.h.lang()))


def _field(schema: Mapping[str, Any], one: Told, groups: Mapping[str, Any]) -> Told:
    values = {f"{side}_words": _value(one["name"], one[side], groups) for side in ("before", "after")}
    return one | {"label": _label(schema, one["name"])} | values


def _label(schema: Mapping[str, Any], name: str) -> str:
    apart = {"tags": lambda: tk._("Keywords"), "groups": lambda: tk._("Themes")}
    return apart[name]() if name in apart else str(tk.h.anshan_field_label(schema, name))


def _value(name: str, value: str, groups: Mapping[str, Any]) -> str:
    if name in ("groups", "owner_org"):
        return "、".join(str(groups[id]["title"]) if id in groups else id for id in _listed(value))
    return "、".join(_term(name, one) for one in _listed(value)) if value.startswith("[") else _term(name, value)


def _term(name: str, value: str) -> str:
    known = vocabularies.OF_FIELD.get(name)
    return vocabularies.label(known, value, str(tk.h.lang())) if known else value


def _listed(value: str) -> list[str]:
    """The values of a list that is kept as JSON; any other text is one value."""
    try:
        found = json.loads(value or "[]")
    except ValueError:
        return [value]
    return [_said(one) for one in found] if isinstance(found, list) else [value]


def _said(one: Any) -> str:
    """A value of a list; an item that isn't given, with its reason."""
    return f"{one.get('name')}（{one.get('reason')}）" if isinstance(one, Mapping) else str(one)


def _groups(fields: Sequence[Told]) -> dict[str, Told]:
    ids = {
        id
        for one in fields
        if one["name"] in ("groups", "owner_org")
        for side in ("before", "after")
        for id in _listed(one[side])
    }
    return listing.agencies(sorted(ids)) if ids else {}


def _item(schema: Mapping[str, Any], one: Told) -> Told:
    return one | {"type_word": type_word(one["type"]), "what": [_fact(schema, each) for each in one["what"]]}


def _fact(schema: Mapping[str, Any], one: Told) -> Told:
    items = next(f for f in schema["dataset_fields"] if f["field_name"] == "information_items")
    labels = {f["field_name"]: f["label"] for f in items["repeating_subfields"]}
    label = tk.h.scheming_language_text(labels[one["name"]]) if one["name"] in labels else one["name"]
    return one | {"label": label, **{f"{side}_words": _term(one["name"], one[side]) for side in ("before", "after")}}


def _table(table: Told | None) -> Told | None:
    if not table or "columns_added" not in table:
        return table
    added, removed = (
        [one | {"type_word": type_word(one["type"])} for one in table[name]]
        for name in ("columns_added", "columns_removed")
    )
    retyped = [one | {f"{side}_word": type_word(one[side]) for side in ("before", "after")} for one in table["retyped"]]
    return table | {"columns_added": added, "columns_removed": removed, "retyped": retyped}
