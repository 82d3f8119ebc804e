"""Events as a reader may see them: who by role and agency, whose account only where it is theirs to know."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from . import events, persons, reading, sentences
from .reading import Named
from .seeing import Reader, sees_address, sees_names

NOBODY = Named("", "", "", "", "", None)
Names = Mapping[tuple[str, str], Named]


def names_of(rows: Sequence[Any], here: tuple[str, str] | None = None) -> Names:
    """What is named on a page, with one statement.

    :param here: type and id of what the page is about
    """
    agencies = map(_agency, filter(_has_agency, rows))
    return reading.names({*filter(None, map(_object, rows)), *agencies, *([here] if here else ())})


def told(
    rows: Sequence[Any], reader: Reader, names: Names, here: tuple[str, str] | None = None
) -> list[dict[str, Any]]:
    """Events of one page, with one statement for the keys of those whom the reader may know."""
    bodies = [_body(row) for row in rows]
    known = [row for row in rows if row.private and sees_names(reader, row.person, row.organization)]
    keys = persons.keys([row.person for row in known]) if known else {}
    return [_one(row, body, reader, names, keys, here) for row, body in zip(rows, bodies, strict=True)]


def _body(row: Any) -> dict[str, Any]:
    """As the portal's processes write it; whoever writes past them may write anything, and makes no page fail."""
    body: dict[str, Any] = {}
    try:
        body = json.loads(row.body)
        events.written_at(body)
        by, about, facts = (body.get(name) or {} for name in ("by", "object", "facts"))
        values = [body.get("action", ""), body.get("code", ""), *by.values(), *about.values()]
        is_known = isinstance(facts, dict) and all(isinstance(one, (str, int)) for one in values)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        is_known = False
    return body if is_known else {"at": row.at.isoformat()}


def heading(here: tuple[str, str], reader: Reader, names: Names) -> dict[str, Any]:
    """Type, id, title and name in addresses of what a page is about, as this reader may know them."""
    title, name = _title(here, names, reader)
    return {"type": here[0], "id": here[1], "title": title, "name": name}


def _title(about: tuple[str, str], names: Names, reader: Reader) -> tuple[str, str]:
    """The title and the name in addresses; empty where the reader may not know them."""
    named = names.get(about, NOBODY)
    may = reader.inspects or (bool(named.owner) and named.owner in reader.agencies)
    title = named.title or (named.inner if may or about == ("account", reader.account) else "")
    return title, named.name if title else ""


def _one(
    row: Any,
    body: dict[str, Any],
    reader: Reader,
    names: Names,
    keys: Mapping[UUID, bytes],
    here: tuple[str, str] | None,
) -> dict[str, Any]:
    by, about = body.get("by", {}), body.get("object") or {}
    agency = names.get(_agency(row), NOBODY).title
    is_reader = reader.person is not None and row.person == reader.person
    facts = body.get("facts", {})
    seen = _about(row, facts, reader, names, here)
    who = sentences.who(by, agency, is_reader)
    what = sentences.What(row.kind, body.get("action", ""), row.outcome, facts, who, seen["words"])
    return {
        "id": str(row.id),
        "at": body["at"],
        "kind": row.kind,
        "label": sentences.label(row.kind),
        "outcome": row.outcome,
        "action": what.action,
        "code": body.get("code", ""),
        "sentence": sentences.sentence(what),
        "who": who,
        "role": by.get("role", ""),
        "via": by.get("via", ""),
        "agency": agency,
        "object": {**seen, **{name: about.get(name) for name in ("version", "state", "was")}} if about else None,
        "facts": facts,
        "position": row.position,
        "body": row.body,
        **_private(row, reader, keys),
    }


def _about(
    row: Any, facts: Mapping[str, Any], reader: Reader, names: Names, here: tuple[str, str] | None
) -> dict[str, Any]:
    """What an event is about: type, id, title and words, and its name in addresses where the reader may go there."""
    if not row.object_type:
        return {"words": ""}
    type, id = row.object_type, row.object_id or ""
    type = _named_type(type, id, names, reader)
    title, name = _title((type, id), names, reader)
    version = names.get((type, id), NOBODY).version or facts.get("version")
    words = sentences.thing(type, id, title, is_here=here == (type, id), version=version)
    return {"type": type, "id": id, "title": title, "name": name, "words": words}


def _named_type(type: str, id: str, names: Names, reader: Reader) -> str:
    """What was asked for by its id, where this reader may know what that is."""
    if type != "named":
        return type
    return next((one for one in ("dataset", "entry") if _title((one, id), names, reader)[0]), type)


def _private(row: Any, reader: Reader, keys: Mapping[UUID, bytes]) -> dict[str, Any]:
    """``account``, ``reason``, ``address`` and ``agent`` where this reader may see them.

    ``is_named``: whether they may. ``is_forgotten``: they may, but the person's key was taken away.
    """
    nothing = {"account": "", "reason": "", "address": "", "agent": "", "is_forgotten": False}
    if not row.private or not sees_names(reader, row.person, row.organization):
        return {**nothing, "is_named": False}
    key = keys.get(row.person)
    opened = persons.unlock(key, row.id, bytes(row.private)) if key else None
    if opened is None:
        return {**nothing, "is_named": True, "is_forgotten": True}
    where = {"address": opened.get("address") or opened.get("console", ""), "agent": opened.get("agent", "")}
    where = where if sees_address(reader, row.person) else {}
    shown = {"account": opened.get("account", ""), "reason": opened.get("reason", "")}
    return {**nothing, **shown, **where, "is_named": True}


def _object(row: Any) -> tuple[str, str] | None:
    return (row.object_type, row.object_id) if row.object_type and row.object_id else None


def _has_agency(row: Any) -> bool:
    return bool(row.organization)


def _agency(row: Any) -> tuple[str, str]:
    return ("organization", row.organization or "")
