"""Entries and datasets as CKAN's form plugin sees them: ckanext-scheming's, with the rules in front."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from . import codes, drafts, fields, intake, listing, messages, themes
from .rules import Problem

ENTRY = "entry"
TEMPLATES: Mapping[tuple[str | None, str], str] = {
    (ENTRY, "read_template"): "entry/read.html",
    (ENTRY, "new_template"): "entry/new.html",
    (ENTRY, "edit_template"): "entry/edit.html",
}
# The fields that decide whether a resource may be there: CKAN looks at unchanged resources again when these change.
RESOURCES_DEPEND_ON = ["opening_class"]
LISTS = [name for name, field in fields.ENTRY.items() if field.many]


def is_entry(data: DataDict | None) -> bool:
    return bool(data) and data.get("type") == ENTRY  # type: ignore[union-attr]


def judge(context: Context, data: DataDict, action: str) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """The entry to validate, and the errors that the rules found in it."""
    stored = context.get("package") if action == "package_update" else None
    entry, problems = intake.prepare(data, stored)
    return entry, messages.errors(problems)


def merge(errors: dict[str, Any], ours: dict[str, list[Any]]) -> dict[str, Any]:
    """Ours come first; a field that both complain about has our words only."""
    return {**{name: told for name, told in errors.items() if name not in ours}, **ours}


def presentable(data: DataDict) -> DataDict:
    """CKAN's validation raises on items that aren't objects; ours has told of them already."""
    items = data.get(intake.ITEMS)
    sound = isinstance(items, list) and all(isinstance(item, dict) for item in items)
    return data if sound else {**data, intake.ITEMS: []}


def complete(shown: DataDict) -> None:
    """Every list is there, empty or not, and the themes are the groups that the entry is in now."""
    shown.update({name: shown.get(name) or [] for name in LISTS})
    shown["themes"] = themes.of_groups(shown["groups"])


def template(kind: str, package_type: str | None, default: str) -> str:
    return TEMPLATES.get((package_type, kind), default)


def put_into_themes(data: DataDict) -> None:
    themes.assign(data["id"], json.loads(_stored(data, "themes") or "[]"))


def _stored(data: DataDict, name: str) -> str:
    """A field of an entry that CKAN's validation has made an extra."""
    return next((extra["value"] for extra in data.get("extras", ()) if extra["key"] == name), "")


def claim_code(data: DataDict) -> None:
    """Write the new entry into the register of codes, or refuse it: its code was taken meanwhile."""
    code = _stored(data, "code")
    if not codes.claim(code, data["id"]):
        model.Session.rollback()
        raise tk.ValidationError(dict(messages.errors([Problem("code", "code_taken", {"code": code})])))


def indexed(document: DataDict) -> DataDict:
    """Its search document, with whether an entry has gaps: the list of entries filters by it."""
    if document.get("dataset_type") != ENTRY:
        return document
    entry = json.loads(document.get("validated_data_dict") or "{}")
    return {**document, "has_gaps": "yes" if listing.gaps(entry) else "no"}


def end_draft(context: Context, data: DataDict, created: bool) -> None:
    """What was saved from the form needs no draft any longer; a change by API leaves the draft that a form keeps."""
    user = model.User.get(context.get("user")) if context.get("save") else None
    if user is not None:
        drafts.discard(user.id, drafts.NEW if created else data["id"])
