"""The page on which an agency writes what it asks of those who apply for one of its datasets."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ..release import entries
from . import messages
from .forms import KINDS, MOST_QUESTIONS

Told = dict[str, Any]
NAMES = ("id", "kind", "label", "label_en", "help", "is_required", "options")
EMPTY: Mapping[str, Any] = {"id": "", "kind": "text", "label": "", "label_en": "", "help": "", "options": ""}


def found(id: str) -> Told:
    """The entry, its dataset, and what is asked about it now.

    :raises ObjectNotFound: the reader sees no such entry, or nothing was released from it yet
    """
    entry = _entry(id)
    head = entries.standing(entry["id"])
    if entry["type"] != "entry" or head is None:
        raise tk.ObjectNotFound
    asked = tk.get_action("anshan_application_form_show")({}, {"dataset": head.dataset_name})
    return {"entry": entry, "dataset": head.dataset_name, "form": asked}


def _entry(id: str) -> Told:
    """Who may not see an entry reads that there is none; a visitor is asked to log in, whatever there is."""
    if tk.current_user.is_anonymous:
        raise tk.NotAuthorized
    try:
        return tk.get_action("package_show")({}, {"id": id})
    except tk.NotAuthorized as error:
        raise tk.ObjectNotFound from error


def kinds() -> list[tuple[str, str]]:
    return [(kind, messages.KINDS_OF_QUESTION[kind]()) for kind in KINDS]


def rows(questions: Sequence[Mapping[str, Any]]) -> list[Told]:
    """As the page has them: the answers to choose from are lines."""
    return [{**one, "options": "\n".join(one["options"])} for one in questions]


def typed(form: Any) -> list[Told]:
    """The questions as they stand on the page."""
    count = min(form.get("count", 0, type=int), MOST_QUESTIONS + 1)
    return [_typed(form, number) for number in range(count)]


def _typed(form: Any, number: int) -> Told:
    said = {name: str(form.get(f"q{number}-{name}", EMPTY.get(name, ""))) for name in NAMES}
    return {**said, "is_required": bool(form.get(f"q{number}-is_required"))}


def is_saving(form: Mapping[str, str]) -> bool:
    return form.get("go", "save") == "save"


def changed(rows: Sequence[Told], form: Mapping[str, str]) -> list[Told]:
    """With a question more, less or elsewhere, as the button says: ``add``, ``remove-2``, ``up-2``, ``down-0``."""
    made = list(rows)
    what, _, at = form.get("go", "").partition("-")
    place = int(at) if at.isdigit() else -1
    if what == "add" and len(made) < MOST_QUESTIONS:
        made.append({**EMPTY, "is_required": False})
    elif what == "remove" and 0 <= place < len(made):
        made.pop(place)
    elif what in ("up", "down") and 0 <= place < len(made):
        made.insert(max(place + (-1 if what == "up" else 1), 0), made.pop(place))
    return made


def given(rows: Sequence[Told]) -> list[Told]:
    """As the action takes them; a new question gets an id that stays with it."""
    return [
        {**one, "id": one["id"] or f"q{uuid.uuid4().hex[:8]}", "options": _lines(one["options"])}
        for one in rows
        if one["label"].strip() or one["id"]
    ]


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
