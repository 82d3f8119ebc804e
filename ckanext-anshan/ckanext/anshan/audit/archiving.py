"""Takes old months out of the database: into a file that proves itself, and once that is safe out of the table.

The leaf hashes stay for ever, so the tree stays whole and every proof can still be given. The personal part of the
events is not archived: it goes with the month. Like the sealer this needs PostgreSQL and nothing of CKAN, and runs as
the sealer's role; that a month was taken out is itself an event, in the same transaction.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import psycopg2

from ..local.downloads import sha256_of
from . import events, stored, tree
from .events import Event, Object, Who
from .offline import Archive, Key, proof_of, verify_archive

FORMAT = "anshan-audit-archive/1"
AT_A_TIME = 5_000

RANGE = """
SELECT min(position), max(position), count(*) FILTER (WHERE position IS NULL), count(*)
FROM anshan_audit_event LEFT JOIN anshan_audit_leaf ON event_id = id WHERE at >= %s AND at < %s
"""
COVERED = "SELECT size, note FROM anshan_audit_checkpoint WHERE size > %s ORDER BY size LIMIT 1"
ROWS = """
SELECT l.position, l.leaf, e.body FROM anshan_audit_leaf AS l
LEFT JOIN anshan_audit_event AS e ON e.id = l.event_id AND e.at = l.event_at AND e.at >= %s AND e.at < %s
WHERE l.position >= %s AND l.position < %s ORDER BY l.position
"""
RECORD = """
INSERT INTO anshan_audit_event (id, at, kind, outcome, object_type, object_id, body, leaf, mark)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
TRIM = "SELECT anshan_audit_trim(%s)"


class NotArchived(Exception):
    """Why a month stays where it is."""


@dataclass(frozen=True)
class Month:
    first: date

    @classmethod
    def parse(cls, text: str) -> Month:
        """``2026-01`` · :raises NotArchived:"""
        try:
            return cls(datetime.strptime(text, "%Y-%m").date())
        except ValueError:
            raise NotArchived(f"{text} is no month: write it as 2026-01") from None

    @property
    def following(self) -> date:
        return date(self.first.year + self.first.month // 12, self.first.month % 12 + 1, 1)

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        return _midnight(self.first), _midnight(self.following)

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=timezone.utc)


def archive(url: str, month: Month, folder: Path) -> Path:
    """Write ``archive-2026-01.jsonl.gz``, each event of the month with its position, and ``….proof.json`` beside it.

    The proof holds the complete subtrees before the first of them, the leaf hashes of what lies between and up to the
    next checkpoint, and that checkpoint: whoever appends all of it in order must get the root that was signed.

    :raises NotArchived: the month isn't over, or has no events, or not all of them are sealed
    """
    with closing(psycopg2.connect(url)) as connection:
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        first, last = _range(connection, month)
        covered = stored.asking(connection)(COVERED, (last,))
        if not covered:
            raise NotArchived(f"no checkpoint is over the whole of {month}")
        size, note = covered[0]
        before = tree.frontier(first, stored.reader(stored.asking(connection))).nodes
        path, others = folder / f"archive-{month}.jsonl.gz", {}
        with gzip.open(path, "xt", encoding="utf-8", newline="\n") as stream:
            for position, leaf, body in _rows(connection, first, size, month):
                if body is None:
                    others[position] = bytes(leaf).hex()
                else:
                    stream.write(f"{position}\t{body}\n")
    proof = {
        "format": FORMAT, "month": str(month), "first": first, "last": last, "size": size, "sha256": sha256_of(path),
        "before": [node.hex() for node in before], "others": others, "checkpoint": note,
    }  # fmt: skip
    proof_of(path).write_text(json.dumps(proof, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path


def trim(url: str, month: Month, path: Path, key: Key, writer_key: bytes) -> int:
    """Take the month out of the table, and record that; how many events went.

    :param path: its archive, which is checked first · :param key: of the log
    :raises NotArchived: the archive isn't whole, or isn't this month's
    """
    report = verify_archive(path, [key])
    if report.exit_code():
        raise NotArchived(f"the archive is not whole:\n{report.as_text()}")
    head = json.loads(proof_of(path).read_text("utf-8"))
    with closing(psycopg2.connect(url)) as connection:
        first, last = _range(connection, month)
        if (head["month"], head["first"], head["last"]) != (str(month), first, last):
            raise NotArchived(f"{path} holds {head['month']}, {head['first']} to {head['last']}: not {month} as it is")
        with connection.cursor() as cursor:
            _record(cursor, Archive(first, last, path.name, sha256_of(path)), month, writer_key)
            cursor.execute(TRIM, (month.first,))
            gone = cursor.fetchone()
        connection.commit()
    return gone[0] if gone else 0


def _range(connection: Any, month: Month) -> tuple[int, int]:
    if month.following > datetime.now(timezone.utc).date():
        raise NotArchived(f"{month} isn't over")
    first, last, unsealed, _ = stored.asking(connection)(RANGE, month.bounds)[0]
    if first is None:
        raise NotArchived(f"{month} has no events")
    if unsealed:
        raise NotArchived(f"{unsealed} events of {month} are not sealed: ask ckan anshan audit verify about them")
    return first, last


def _record(cursor: Any, made: Archive, month: Month, writer_key: bytes) -> None:
    facts = {"before": made.last + 1, "first": made.first, "last": made.last, "file": made.file, "sha256": made.sha256}
    event = Event("log.trimmed", object=Object("log", str(month)), action="trim", facts=facts)
    at = events.now()
    written = events.write(events.new_id(at), at, event, Who(via="console"), "", writer_key)
    given = (str(written.id), at, event.kind, event.outcome.value, "log", str(month))
    cursor.execute(RECORD, (*given, written.body, written.leaf, written.mark))


def _rows(connection: Any, first: int, size: int, month: Month) -> Iterator[Any]:
    with connection.cursor(name="anshan_archived") as cursor:
        cursor.itersize = AT_A_TIME
        cursor.execute(ROWS, (*month.bounds, first, size))
        yield from cursor
