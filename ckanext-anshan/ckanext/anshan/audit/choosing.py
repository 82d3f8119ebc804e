"""From what a reader asks to what is read, within what they may see."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import ckan.plugins.toolkit as tk

from ..workflow import clock
from . import persons, reading, seeing, sentences
from .reading import Asked
from .seeing import Reader, Scope

FILTERS = ("person", "agency", "what", "outcome", "type", "object", "since", "until", "looks")


def nothing() -> str:
    """The same whether there is no such thing or it isn't the reader's to see."""
    return tk._("There is no such record, or it is not for this account.")


@dataclass(frozen=True)
class History:
    """``id`` is None where there is no such object; ``scope`` where it isn't the reader's to see."""

    reader: Reader
    type: str
    id: str | None
    scope: Scope | None

    @property
    def is_of_somebody_else(self) -> bool:
        return self.type == "account" and self.id != self.reader.account


def history(reader: Reader, given: Mapping[str, Any]) -> History:
    type = str(given.get("type") or "")
    id = reading.resolve(type, str(given.get("id") or ""))
    owner = reading.names([(type, id)]).get((type, id)) if id and type == "entry" else None
    return History(reader, type, id, seeing.scope(reader, type, id or "", owner.owner if owner else ""))


def of_history(asked: History, given: Mapping[str, Any]) -> Asked:
    edges: dict[str, Any] = {"before": given.get("before"), "after": given.get("after")}
    group, id = given.get("group") or "", asked.id or ""
    if asked.scope is Scope.CHANGES:
        return Asked(object=(asked.type, id), kinds=seeing.kinds(asked.type), is_change=True, **edges)
    if asked.scope is Scope.OWN:
        return Asked(own=(id, persons.found(persons.ACCOUNT, id)), **_group(group), **edges)
    return Asked(object=(asked.type, id), **_group(group), **edges)


def _group(group: str) -> dict[str, Any]:
    if group == "changes":
        return {"is_change": True, "without": tuple(kind for kinds in sentences.IN_GROUP.values() for kind in kinds)}
    return {"outcome": "refused"} if group == "refusals" else {"kinds": sentences.IN_GROUP.get(group, ())}


def sees(reader: Reader, row: Any) -> bool:
    """Whether this reader meets this event in some history."""
    if row.person is not None and row.person == reader.person:
        return True
    type, id = row.object_type or "", row.object_id or ""
    named = reading.names([(type, id)]).get((type, id)) if type == "entry" else None
    scope = seeing.scope(reader, type, id, named.owner if named else "")
    return scope is not None and (scope is not Scope.CHANGES or row.kind in seeing.kinds(type))


def sees_event(reader: Reader, id: Any) -> bool:
    row = reading.one(id if isinstance(id, UUID) else UUID(str(id)))
    return row is not None and sees(reader, row)


def printed(proof: Mapping[str, Any]) -> str:
    return json.dumps(proof, ensure_ascii=False, indent=1) + "\n"


# search


def search(given: Mapping[str, Any]) -> tuple[Asked, list[str]]:
    """What is read, and the filters that name nothing that the log knows."""
    what: str = given.get("what") or ""
    group: dict[str, Any] = {}
    if what:
        group = _group(what) if what in sentences.GROUPS else {"kinds": (what,)}
    if given.get("outcome"):
        group["outcome"] = given["outcome"]
    if not given.get("looks") and not group.get("kinds"):
        group["without"] = (*group.get("without", ()), *sentences.LOOKS)
    found = {
        "person": _person(given.get("person") or ""),
        "agency": reading.resolve("organization", given["agency"]) if given.get("agency") else "",
        "object": _object(given.get("type") or "", given.get("object") or ""),
    }
    asked = Asked(
        object=found["object"] or None,
        person=found["person"] or None,
        organization=found["agency"] or "",
        since=_midnight(given.get("since")),
        until=_midnight(given.get("until"), days=1),
        before=given.get("before"),
        after=given.get("after"),
        **group,
    )
    return asked, [name for name, value in found.items() if value is None]


def _person(given: str) -> UUID | str | None:
    """The person behind an account's name or an address; None where the log knows of no such."""
    if not given:
        return ""
    try:
        return persons.found(persons.ADDRESS, str(ipaddress.ip_address(given)))
    except ValueError:
        account = reading.resolve("account", given)
        return persons.found(persons.ACCOUNT, account) if account else None


def _object(type: str, given: str) -> tuple[str, str] | str | None:
    """What is about an object that nobody can look up is found by the id that the log has."""
    if not given:
        return ""
    if not type:
        return reading.resolve_any(given)
    id = reading.resolve(type, given)
    return (type, id or given)


def _midnight(day: str | None, days: int = 0) -> datetime | None:
    return datetime.fromisoformat(day).replace(tzinfo=clock.zone()) + timedelta(days=days) if day else None


def facts(given: Mapping[str, Any], asked: Asked) -> dict[str, str]:
    """What was looked for, for the record of the look: a person as the log knows them, never by name."""
    told = {name: str(given[name]) for name in FILTERS if given.get(name)}
    if "person" in told:
        told["person"] = str(asked.person or "unknown")
    if asked.object and asked.object[0] == "account":
        told["object"] = asked.object[1]
    return told
