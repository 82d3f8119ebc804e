"""What the templates of the log ask."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import has_request_context

from ..people import roles
from ..people.rules import INSPECTS
from . import alarming, reading, sentences

__all__ = [
    "anshan_audit_agencies",
    "anshan_audit_alarms",
    "anshan_audit_examined",
    "anshan_audit_groups",
    "anshan_audit_inspects",
    "anshan_audit_kinds",
    "anshan_audit_pretty",
    "anshan_audit_types",
    "anshan_audit_url",
]

PLACES = {"dataset": "dataset.read", "entry": "entry.read", "organization": "organization.read", "theme": "group.read"}


def anshan_audit_url(about: Mapping[str, Any]) -> str:
    """The page of what an event is about; empty where it has none that this reader may see."""
    place = PLACES.get(about.get("type", ""))
    return tk.h.url_for(place, id=about["name"]) if place and about.get("name") else ""


def anshan_audit_groups(scope: str) -> list[tuple[str, str]]:
    """The groups of events that a history of this scope can be narrowed to: name and words."""
    shown = {"own": ("changes", "handouts", "refusals", "logins"), "all": ("changes", "handouts", "refusals")}
    return [(name, sentences.GROUPS[name]()) for name in shown.get(scope, ())]


def anshan_audit_kinds() -> dict[str, list[tuple[str, str]]]:
    """What a search can be narrowed to: groups, and every known kind."""
    return {
        "groups": [(name, words()) for name, words in sentences.GROUPS.items()],
        "kinds": list(sentences.labels()),
    }


def anshan_audit_agencies() -> list[dict[str, str]]:
    """Every agency by its title, with ``name``."""
    return reading.agencies()


def anshan_audit_alarms() -> list[alarming.Words]:
    """What is wrong with the log just now, for those who look after it: ``title``, ``more`` and ``todo``."""
    return alarming.shown()


def anshan_audit_examined() -> int:
    """How many events one page looks at, at the most."""
    return reading.EXAMINED


def anshan_audit_types() -> list[tuple[str, str]]:
    return [(name, words()) for name, words in sentences.TYPES.items()]


def anshan_audit_pretty(body: str) -> str:
    """One line of JSON, with places where it may break."""
    return re.sub(r'([,{])(?=")', r"\1 ", body)


def anshan_audit_inspects() -> bool:
    """Whether who asks belongs to the data bureau or the cyberspace office."""
    user = tk.current_user if has_request_context() else None
    return bool(roles.roles_of(user) & INSPECTS)
