"""The sealer: gives every recorded event its place in the tree, in the order of commits, and signs what the tree is.

It needs PostgreSQL and its key, and nothing of CKAN. It has a database role of its own, which adds leaves and changes
nothing. Whoever writes events never waits for it. It knows what was sealed by the snapshot in its newest checkpoint:
what was committed since is what that snapshot doesn't show, so that an event of a long transaction is sealed after it
ends, none is passed over and none is sealed twice. All of a pass is one transaction: killed, it begins it again.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timezone
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2.extras import execute_values

from ..local import files
from . import events, notes, stored, tree
from .notes import Signer
from .offline import MALFORMED, Handover, Key, NoteError, believed, handover, parse_checkpoint

log = logging.getLogger(__name__)

AT_A_TIME = 5_000  # events in memory
ALONE = "SELECT pg_try_advisory_lock(hashtext('anshan:sealer'))"
NOW = "SELECT pg_current_snapshot()::text, (SELECT system_identifier::text FROM pg_control_system())"
COMMITS = "SELECT current_setting('track_commit_timestamp') = 'on'"
MONTHS = "SELECT anshan_audit_months(2)"

NEW = """
SELECT id::text, at, leaf, mark, body FROM anshan_audit_event
WHERE xid >= pg_snapshot_xmin(%(before)s::pg_snapshot) AND NOT pg_visible_in_snapshot(xid, %(before)s::pg_snapshot)
AND xid < pg_snapshot_xmax(pg_current_snapshot()) AND NOT EXISTS (SELECT FROM anshan_audit_leaf WHERE event_id = id)
ORDER BY {order} xid, id
"""  # the last line is for events that came from another server, whose numbers of transactions mean nothing here
UNSEALED = """
SELECT id::text, at, leaf, mark, body FROM anshan_audit_event
WHERE NOT EXISTS (SELECT FROM anshan_audit_leaf WHERE event_id = id) ORDER BY at, id
"""
COMMITTED = "pg_xact_commit_timestamp(xid::xid),"  # in batches as they were seen, and within each by this

HANDOVERS = "SELECT id::text, at, leaf, mark, body FROM anshan_audit_event WHERE kind = 'log.begun_anew' ORDER BY id"

ADD_LEAVES = "INSERT INTO anshan_audit_leaf (position, event_id, event_at, leaf) VALUES %s"
ADD_NODES = 'INSERT INTO anshan_audit_node (level, "index", hash) VALUES %s'
ADD_CHECKPOINT = (
    "INSERT INTO anshan_audit_checkpoint (size, root, at, note, snapshot, cluster) VALUES (%s, %s, %s, %s, %s, %s)"
)
LONG = """
SELECT pid, usename, application_name, extract(epoch FROM now() - xact_start)::int FROM pg_stat_activity
WHERE backend_xid IS NOT NULL AND datname = current_database() AND now() - xact_start > make_interval(secs => %s)
ORDER BY xact_start
"""


class Refused(Exception):
    """Why nothing is sealed until somebody has looked into it."""


@dataclass(frozen=True)
class Pass:
    """What one look at the log did."""

    sealed: int
    size: int
    strange: tuple[str, ...]  # ids of events that no process of the portal wrote
    note: str = field(default="", compare=False)  # the checkpoint that was signed, if any


class Sealer:
    """Seals one database's log.

    :param url: of the database, as the sealer's role · :param memory: file that keeps the newest checkpoint
    :param writer_key: ``options.writer_key`` · :param formers: keys that this log had before
    """

    def __init__(self, url: str, signer: Signer, writer_key: bytes, memory: Path, formers: Sequence[Key] = ()) -> None:
        self.connection = psycopg2.connect(url, application_name="anshan-sealer")
        self.connection.set_session(isolation_level="REPEATABLE READ")
        self._ask = stored.asking(self.connection)
        self.signer, self.writer_key, self.memory, self.formers = signer, writer_key, memory, formers
        self.order = COMMITTED if self._ask(COMMITS, ())[0][0] else ""
        self.connection.rollback()

    def close(self) -> None:
        self.connection.close()

    def begin(self, patience: float = 30) -> None:
        """Be the only sealer, and see that the log is the one that was sealed last.

        :raises Refused: another one is at it; the log was cut or rewritten; it was signed by another key
        """
        self.alone(patience)
        self.compare()
        self.connection.rollback()

    def alone(self, patience: float) -> None:
        """Be the only sealer as long as the connection lasts. :raises Refused: another one is"""
        until = time.monotonic() + patience
        while not self._ask(ALONE, ())[0][0]:
            self.connection.rollback()
            if time.monotonic() > until:
                raise Refused("another sealer is at work on this database")
            time.sleep(0.2)
        self._ask(MONTHS, ())
        self.connection.commit()

    def seal(self) -> Pass:
        """Seal all that has been committed since the last time, and sign it; atomic."""
        try:
            done = self._seal()
            self.connection.commit()
        except BaseException:
            self.connection.rollback()
            raise
        if done.sealed:
            root = parse_checkpoint(done.note).root.hex()
            files.write_json(self.memory, {"size": done.size, "root": root, "note": done.note})
        return done

    def months(self) -> None:
        """Have a partition for the months to come."""
        self._ask(MONTHS, ())
        self.connection.commit()

    def long_transactions(self, seconds: int) -> list[Any]:
        """Transactions that have written something and are still open after so many seconds."""
        found = self._ask(LONG, (seconds,))
        self.connection.rollback()
        return found

    def _seal(self) -> Pass:
        last = stored.last(self._ask)
        snapshot, cluster = self._ask(NOW, ())[0]
        start = last.size if last else 0
        if last and (last.snapshot, last.cluster) == (snapshot, cluster):
            return Pass(0, start, ())
        front = tree.frontier(start, stored.reader(self._ask))
        strange: list[str] = []
        for chunk in _chunks(self._new(last, cluster), AT_A_TIME):
            own = [row for row in chunk if self._is_own(row)]
            strange += sorted({row[0] for row in chunk} - {row[0] for row in own})
            self._add(front.size, own)
            for row in own:
                front.append(bytes(row[2]))
        if front.size == start:
            return Pass(0, start, tuple(strange))
        at = datetime.now(timezone.utc)
        text = notes.checkpoint(self.signer.key.name, front.size, front.root(), (at.isoformat(),))
        note = self.signer.sign(text)
        with self.connection.cursor() as cursor:
            cursor.execute(ADD_CHECKPOINT, (front.size, front.root(), at, note, snapshot, cluster))
        return Pass(front.size - start, front.size, tuple(strange), note)

    def _new(self, last: stored.Sealed | None, cluster: str) -> Iterator[Any]:
        """What is not sealed yet. A snapshot means something on its own server alone: elsewhere all is looked at."""
        is_here = last is not None and last.cluster == cluster
        with self.connection.cursor(name="anshan_unsealed") as cursor:
            cursor.itersize = AT_A_TIME
            cursor.execute(NEW.format(order=self.order) if is_here else UNSEALED, {"before": last and last.snapshot})
            yield from cursor

    def _is_own(self, row: Any) -> bool:
        _, _, leaf, mark, body = row
        return events.is_own(self.writer_key, body, bytes(leaf), bytes(mark))

    def _add(self, start: int, rows: Sequence[Any]) -> None:
        leaves = [bytes(row[2]) for row in rows]
        nodes = tree.new_nodes(start, leaves, stored.reader(self._ask))
        with self.connection.cursor() as cursor:
            given = [(start + at, row[0], row[1], row[2]) for at, row in enumerate(rows)]
            if given:
                execute_values(cursor, ADD_LEAVES, given, page_size=1000)
            if nodes:
                execute_values(cursor, ADD_NODES, nodes, page_size=1000)

    def compare(self) -> None:
        """The log must hold what this sealer signed last, and be signed by its key, or by one that led to it.

        :raises Refused:
        """
        last = stored.last(self._ask)
        if last:
            try:
                self._signer_of(last).verify(parse_checkpoint(last.note).note)
            except NoteError as error:
                raise Refused(f"the newest checkpoint is not signed by this key: {error} {self._anew()}") from error
        if not self.memory.exists():
            return
        known = json.loads(self.memory.read_text("utf-8"))
        if last is None or last.size < known["size"]:
            left = last.size if last else 0
            raise Refused(f"the log has been cut: {known['size']} events were sealed, {left} are left. {self._anew()}")
        found = tree.frontier(known["size"], stored.reader(self._ask)).root()
        if found.hex() != known["root"]:
            raise Refused(f"the first {known['size']} events are not those that were sealed")

    def _signer_of(self, last: stored.Sealed) -> Key:
        """Which key has to have signed the newest checkpoint: a former one as far as it was given up, else its own."""
        told = believed(self.handovers(), self.signer.key, self.formers)
        signatures = parse_checkpoint(last.note).note
        return next(
            (key for key, one in told.items() if one.size == last.size and key.signatures(signatures)), self.signer.key
        )

    def handovers(self) -> list[Handover]:
        """What the portal's processes recorded of keys that were given up; oldest first."""
        found = []
        for number, row in enumerate(filter(self._is_own, self._ask(HANDOVERS, ()))):
            with suppress(*MALFORMED):
                found.append(handover(number, json.loads(row[4])))
        return found

    def _anew(self) -> str:
        return f"If they are lost for good: {anew(self.memory.parent)}"


def anew(folder: Path) -> str:
    """The command by which the log goes on under another key."""
    return f'python -m ckanext.anshan.audit.sealer {folder} begin --reason "..."'


def _chunks(rows: Iterator[Any], size: int) -> Iterator[list[Any]]:
    while chunk := list(islice(rows, size)):
        yield chunk
