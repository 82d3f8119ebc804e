"""Writes the log and the state of every recorded object into a folder that ``offline.py`` checks without the portal.

All of it is what the database held at one moment. Nothing here is to be trusted: the verifier believes the checkpoints
that it was given and what follows from them.
"""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from ckan import model

from . import options, states, stored
from .offline import BLOCK, HASH

AT_A_TIME = 10_000  # rows in memory
READERS = min(4, os.cpu_count() or 1)  # connections that read at the same time
SIZE = f"SELECT least(coalesce(max(position) + 1, 0), 2 * count(*) + {BLOCK}) FROM anshan_audit_leaf"
"""However far away somebody has put a leaf."""
PLACES = """
SELECT position, leaf, event_id, event_at FROM generate_series({first}, {last}) AS position
LEFT JOIN (SELECT * FROM anshan_audit_leaf WHERE position BETWEEN {first} AND {last}) AS there USING (position)
ORDER BY position
"""
LEAVES = f"""
COPY (
    SELECT CASE octet_length(leaf) WHEN {HASH} THEN encode(leaf, 'hex') ELSE '{bytes(HASH).hex()}' END
    FROM ({PLACES}) AS place
) TO STDOUT
"""
SPECIAL = ("\\n", "\\r", "\\x01", "\\x02")  # no event holds one, unless somebody changed it
IS_SPECIAL = " + ".join(f"strpos(body, E'{letter}')" for letter in SPECIAL)
BODIES = f"""
COPY (
    SELECT CASE WHEN {IS_SPECIAL} > 0 THEN translate(body, E'{"".join(SPECIAL)}', '????') ELSE body END
    FROM ({PLACES} OFFSET 0) AS place LEFT JOIN LATERAL (
        SELECT body FROM anshan_audit_event WHERE id = place.event_id AND at = place.event_at LIMIT 1
    ) AS event ON true
) TO STDOUT (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')
"""  # one look into the index for each: no plan is cheaper for a block, and none can be chosen that isn't
PENDING = """
SELECT body FROM anshan_audit_event AS event
WHERE NOT EXISTS (SELECT FROM anshan_audit_leaf WHERE event_id = event.id) ORDER BY at, id
"""
TRIMS = "SELECT body FROM anshan_audit_event WHERE kind = 'log.trimmed' ORDER BY id"
COSIGNED = """
SELECT witness.name, witness.size, witness.answered AS at, checkpoint.note || witness.kept AS note
FROM anshan_audit_witness AS witness JOIN anshan_audit_checkpoint AS checkpoint ON checkpoint.size = witness.size
WHERE witness.kept LIKE '— %' ORDER BY witness.name
"""  # of witnesses that sign; what a time stamp authority gave is no signature of a note
CHECKPOINTS = "SELECT at, note FROM anshan_audit_checkpoint ORDER BY size"


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
        _write_lines(folder / "witnesses.jsonl", map(_cosigned, connection.execute(sa.text(COSIGNED))))
        _write_manifest(folder, size, connection)
        connection.rollback()
    return found


def _write_events(folder: Path, connection: Any) -> int:
    """The leaf hashes and the events in the order of positions; what isn't there leaves an empty place.

    PostgreSQL writes both, a block at a time: no event becomes an object of this process. Several connections share
    the blocks, and see what the given one sees.
    """
    (folder / "events").mkdir()
    size = connection.execute(sa.text(SIZE)).scalar()
    snapshot = connection.execute(sa.text("SELECT pg_export_snapshot()")).scalar()
    blocks = range(-(-size // BLOCK))
    shares = [blocks[number::READERS] for number in range(READERS)]
    (folder / "leaves.bin").touch()
    with ThreadPoolExecutor(READERS) as pool:
        deque(pool.map(partial(_write_blocks, folder, connection.engine, snapshot, size), shares), 0)
    return size


def _write_blocks(folder: Path, engine: sa.Engine, snapshot: str, size: int, blocks: Iterable[int]) -> None:
    with engine.connect() as plain, (folder / "leaves.bin").open("r+b") as leaves:
        connection = plain.execution_options(isolation_level="REPEATABLE READ")
        connection.exec_driver_sql(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
        cursor = connection.connection.cursor()
        for block in blocks:
            first, hashes = block * BLOCK, BytesIO()
            span = {"first": first, "last": min(first + BLOCK, size) - 1}
            cursor.copy_expert(LEAVES.format(**span), hashes)
            leaves.seek(first * HASH)
            leaves.write(bytes.fromhex(hashes.getvalue().decode()))
            with (folder / "events" / f"{block:06}.jsonl").open("wb") as events:
                cursor.copy_expert(BODIES.format(**span), events)
        connection.rollback()


def _write_lines(path: Path, lines: Iterable[str]) -> int:
    number = 0
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for number, line in enumerate(lines, 1):  # noqa: B007 - counts
            stream.write(f"{line}\n")
    return number


def _checkpoint(row: Any) -> str:
    return json.dumps({"at": row.at.isoformat(), "note": row.note}, ensure_ascii=False)


def _cosigned(row: Any) -> str:
    told = {"name": row.name, "size": row.size, "at": row.at.isoformat(), "note": row.note}
    return json.dumps(told, ensure_ascii=False)


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
        "former": options.former_keys(),
    }
    trims = [json.loads(row.body)["facts"] for row in connection.execute(sa.text(TRIMS))]
    if trims:
        archives = [{name: trim[name] for name in ("first", "last", "file", "sha256")} for trim in trims]
        told["trimmed"] = {"before": max(trim["before"] for trim in trims), "archives": archives}
    (folder / "manifest.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
