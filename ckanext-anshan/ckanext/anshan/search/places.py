"""Where a reader looks through datasets: agencies, themes and districts, with what is said of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.helpers import lang
from sqlalchemy import select

from ..catalogue import vocabularies

ORGANIZATION, GROUP, DISTRICT = "organization", "group", "district"
LIST = {ORGANIZATION: "organization.index", GROUP: "group.index", DISTRICT: "anshan_finding.districts"}
FIELD = {ORGANIZATION: "organization", GROUP: "groups", DISTRICT: "district"}
"""The search's field of each kind of place."""


@dataclass(frozen=True)
class Place:
    kind: str
    name: str
    title: str
    description: str = ""
    more: Mapping[str, str] = field(default_factory=dict)
    """Of an agency: ``phone``, ``uscc``, ``short_name``."""

    @property
    def field(self) -> str:
        return FIELD[self.kind]

    @property
    def url(self) -> str:
        return address(self.kind, self.name)


def address(kind: str, name: str) -> str:
    endpoint = f"{kind}.read" if kind != DISTRICT else "anshan_finding.district"
    return str(tk.h.url_for(endpoint, id=name))


def one(kind: str, name: str) -> Place | None:
    """The place of that name, or None. An agency or theme may also be called by its id."""
    if kind == DISTRICT:
        term = vocabularies.get("districts", name)
        return Place(DISTRICT, term.id, term.label(str(lang()))) if term else None
    table = model.Group
    found = _groups(kind, (table.name == name) | (table.id == name))
    return found[0] if found else None


def every(kind: str) -> list[Place]:
    """All of that kind, in the order of the vocabulary, agencies by title."""
    if kind == DISTRICT:
        return [Place(DISTRICT, term.id, term.label(str(lang()))) for term in vocabularies.load("districts").terms]
    return _groups(kind)


def titles(names: Collection[str]) -> dict[str, str]:
    """What the agencies of these names are called, with one statement."""
    query = select(model.Group.name, model.Group.title).where(model.Group.name.in_(names))
    return {name: title or name for name, title in model.Session.execute(query)} if names else {}


def phone(name: str) -> str:
    """The office telephone of an agency, or nothing."""
    found = one(ORGANIZATION, name)
    return found.more.get("phone", "") if found else ""


def _groups(kind: str, *conditions: Any) -> list[Place]:
    group = model.Group
    query = select(group.name, group.title, group.description, model.group_table.c["extras"])
    query = query.where(group.type == kind, group.state == "active", *conditions).order_by(group.title, group.name)
    return [_place(kind, *row) for row in model.Session.execute(query)]


def _place(kind: str, name: str, title: str, description: str, more: Mapping[str, str] | None) -> Place:
    """A theme of the vocabulary has its name there, in both languages; its description is only its English name."""
    term = vocabularies.get("themes", name) if kind == GROUP else None
    if term:
        return Place(kind, name, term.label(str(lang())))
    return Place(kind, name, title or name, description or "", more or {})
