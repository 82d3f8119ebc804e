"""Proofs that an event stands in the log, for somebody who has the newest checkpoint and nothing else."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from ckan import model

from . import events, persons, stored, tree

FIND = """
SELECT event.id, event.body, event.person, event.private, leaf.position
FROM anshan_audit_event AS event LEFT JOIN anshan_audit_leaf AS leaf ON leaf.event_id = event.id
WHERE event.id = :id
"""
CHECKPOINT = """
SELECT size, note FROM anshan_audit_checkpoint WHERE size > greatest(:position, (
    SELECT max(position) FROM anshan_audit_event JOIN anshan_audit_leaf ON event_id = id WHERE kind = 'log.begun_anew'
)) ORDER BY size LIMIT 1
"""  # by the current key, so that nobody has to know the former ones


def ask(statement: str, values: Any) -> list[Any]:
    """Statements of ``stored`` in CKAN's own session."""
    return list(model.Session.connection().exec_driver_sql(statement, tuple(values)))


def prove(id: str, private: bool = False) -> dict[str, Any] | None:
    """What ``offline.py --proof`` checks; nothing where there is no such event, or it isn't sealed yet.

    :param private: also open the event's commitment: who did it, from where, and why
    """
    found = _find(id)
    if found is None or found.position is None:
        return None
    row = model.Session.connection().execute(sa.text(CHECKPOINT), {"position": found.position}).first()
    if row is None:
        return None
    path = tree.inclusion_path(found.position, row.size, stored.reader(ask))
    proof = {
        "format": "anshan-audit-proof/1",
        "event": found.body,
        "position": found.position,
        "size": row.size,
        "path": [node.hex() for node in path],
        "checkpoint": row.note,
    }
    opened = _opened(found) if private else None
    return proof | ({"private": opened} if opened else {})


def _find(id: str) -> Any:
    try:
        given = uuid.UUID(id)
    except ValueError:
        return None
    return model.Session.connection().execute(sa.text(FIND), {"id": given}).first()


def _opened(found: Any) -> dict[str, str] | None:
    """The private part with the key of its commitment; nothing once the person is forgotten."""
    key = persons.keys([found.person]).get(found.person) if found.person else None
    value = persons.unlock(key, found.id, bytes(found.private)) if key and found.private else None
    if key is None or value is None:
        return None
    return {"value": events.canonical(value), "key": persons.opening(key, found.id).hex()}
