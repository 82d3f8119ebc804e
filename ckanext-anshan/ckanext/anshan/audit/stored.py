"""The tree as the database keeps it, for whoever has a connection: the sealer, the verifier, the pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from . import events
from .events import Event, Who
from .tree import Read

LEAVES = "SELECT leaf FROM anshan_audit_leaf WHERE position >= %s AND position < %s ORDER BY position"
NODES = 'SELECT hash FROM anshan_audit_node WHERE level = %s AND "index" >= %s AND "index" < %s ORDER BY "index"'
LAST = "SELECT size, root, at, note, snapshot, cluster FROM anshan_audit_checkpoint ORDER BY size DESC LIMIT 1"

RECORD = """
INSERT INTO anshan_audit_event (id, at, kind, outcome, object_type, object_id, body, leaf, mark)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (id, at) DO NOTHING
"""

Ask = Callable[[str, Sequence[Any]], list[Any]]
"""Runs a statement with psycopg2's parameters and gives its rows."""


class Sealed(NamedTuple):
    """A checkpoint as it is stored."""

    size: int
    root: bytes
    at: Any
    note: str
    snapshot: str
    cluster: str


def asking(connection: Any) -> Ask:
    """Asks over a connection of psycopg2, in whatever transaction it is."""

    def ask(statement: str, values: Any) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()

    return ask


def reader(ask: Ask) -> Read:
    """Stored nodes of the tree, as ``tree`` wants them."""

    def read(level: int, first: int, count: int) -> list[bytes]:
        rows = ask(NODES, (level, first, first + count)) if level else ask(LEAVES, (first, first + count))
        return [bytes(row[0]) for row in rows]

    return read


def last(ask: Ask) -> Sealed | None:
    """The newest checkpoint; nothing before the first."""
    rows = ask(LAST, ())
    return Sealed(rows[0][0], bytes(rows[0][1]), *rows[0][2:]) if rows else None


def record(cursor: Any, event: Event, via: str, writer_key: bytes, at: datetime, id: UUID) -> None:
    """Write an event of nobody's, in the caller's transaction; once, however often it is written."""
    written, about = events.write(id, at, event, Who(via=via), "", writer_key), event.object
    given = (str(id), at, event.kind, event.outcome.value, about and about.type, about and about.id)
    cursor.execute(RECORD, (*given, written.body, written.leaf, written.mark))
