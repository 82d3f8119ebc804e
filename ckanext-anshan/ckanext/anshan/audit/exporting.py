"""Writes the log and the state of every recorded object into a folder that ``offline.py`` checks without the portal.

All of it is what the database held at one moment. Nothing here is to be trusted: the verifier believes the checkpoints
that it was given and what follows from them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from ckan import model

from . import options, states, stored
from .offline import BLOCK, HASH

AT_A_TIME = 10_000  # rows in memory
EVENTS = """
SELECT leaf.position, leaf.leaf, event.body
FROM anshan_audit_leaf AS leaf
LEFT JOIN anshan_audit_event AS event ON event.id = leaf.event_id AND event.at = leaf.event_at
ORDER BY leaf.position
"""
PENDING = """
SELECT body FROM anshan_audit_event AS event
WHERE NOT EXISTS (SELECT FROM anshan_audit_leaf WHERE event_id = event.id) ORDER BY at, id
"""
TRIMS = "SELECT body FROM anshan_audit_event WHERE kind = 'log.trimmed' ORDER BY id"
CHECKPOINTS = "SELECT at, note FROM anshan_audit_checkpoint ORDER BY size"
NOTHING = bytes(HASH)


class Exported(NamedTuple):
    events: int  # positions of the tree
    pending: int  # events that are not sealed yet
    checkpoints: int
    objects: int


def write(folder: Path) -> Exported:
    """Write an export into a new folder.

    :raises FileExistsError: the folder is there already
    """
    folder.mkdir(parents=True)
    assert model.meta.engine
    with model.meta.engine.connect() as plain:
        connection = plain.execution_options(isolation_level="REPEATABLE READ", yield_per=AT_A_TIME)
        size = _write_events(folder, connection)
        found = Exported(
            size,
            _write_lines(folder / "pending.jsonl", (row.body for row in connection.execute(sa.text(PENDING)))),
            _write_lines(folder / "checkpoints.jsonl", map(_checkpoint, connection.execute(sa.text(CHECKPOINTS)))),
            _write_lines(folder / "objects.jsonl", map(_object, connection.execute(sa.text(states.of())))),
        )
        _write_manifest(folder, size, connection)
        connection.rollback()
    return found


def _write_events(folder: Path, connection: Any) -> int:
    """The leaf hashes and the events in the order of positions; what isn't there leaves an empty place."""
    (folder / "events").mkdir()
    position = 0
    with (folder / "leaves.bin").open("wb") as leaves:
        rows = _without_gaps(connection.execute(sa.text(EVENTS)))
        for block, chunk in _by_block(rows):
            with (folder / "events" / f"{block:06}.jsonl").open("w", encoding="utf-8", newline="\n") as events:
                for leaf, body in chunk:
                    leaves.write(leaf)
                    events.write(f"{body}\n")
                    position += 1
    return position


def _without_gaps(rows: Iterable[Any]) -> Iterator[tuple[bytes, str]]:
    expected = 0
    for row in rows:
        for _ in range(expected, row.position):
            yield NOTHING, ""
        yield bytes(row.leaf), row.body or ""
        expected = row.position + 1


def _by_block(rows: Iterator[tuple[bytes, str]]) -> Iterator[tuple[int, Iterator[tuple[bytes, str]]]]:
    """The rows in the blocks of their files; each block is read to its end before the next."""
    for block, first in enumerate(rows):
        yield block, _some(first, rows)


def _some(first: tuple[bytes, str], rows: Iterator[tuple[bytes, str]]) -> Iterator[tuple[bytes, str]]:
    yield first
    for _, row in zip(range(BLOCK - 1), rows, strict=False):
        yield row


def _write_lines(path: Path, lines: Iterable[str]) -> int:
    number = 0
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for number, line in enumerate(lines, 1):  # noqa: B007 - counts
            stream.write(f"{line}\n")
    return number


def _checkpoint(row: Any) -> str:
    return json.dumps({"at": row.at.isoformat(), "note": row.note}, ensure_ascii=False)


def _object(row: Any) -> str:
    return json.dumps([row.type, row.id, row.state], ensure_ascii=False)


def _write_manifest(folder: Path, size: int, connection: Any) -> None:
    key = options.verifier_key()
    note = connection.execute(sa.text(stored.LAST)).first()
    told = {
        "format": "anshan-audit-export/1",
        "origin": note.note.partition("\n")[0] if note else key.partition("+")[0],
        "size": size,
        "made": datetime.now(timezone.utc).isoformat(),
        "keys": [key] if key else [],
    }
    trims = [json.loads(row.body)["facts"] for row in connection.execute(sa.text(TRIMS))]
    if trims:
        archives = [{name: trim[name] for name in ("first", "last", "file", "sha256")} for trim in trims]
        told["trimmed"] = {"before": max(trim["before"] for trim in trims), "archives": archives}
    (folder / "manifest.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
