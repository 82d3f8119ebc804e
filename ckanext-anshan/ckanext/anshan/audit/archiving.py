"""Takes old months out of the database: into a file that proves itself, and once that is safe out of the table.

The leaf hashes stay for ever, so the tree stays whole and every proof can still be given. The personal part of the
events is not archived: it goes with the month. Like the sealer this needs PostgreSQL and nothing of CKAN, and runs as
the sealer's role; that a month was taken out is itself an event, in the same transaction.
"""

from __future__ import annotations

import errno
import gzip
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timezone
from pathlib import Path
from typing import IO, Any

import psycopg2
from psycopg2 import errors

from ..local import files
from ..local.downloads import sha256_of
from . import events, stored, tree
from .events import Event, Object
from .offline import Archive, Key, proof_of, verify_archive

FORMAT = "anshan-audit-archive/1"
AT_A_TIME = 5_000

RANGE = """
SELECT min(position), max(position), count(*) FILTER (WHERE position IS NULL), count(*)
FROM anshan_audit_event LEFT JOIN anshan_audit_leaf ON event_id = id WHERE at >= %s AND at < %s
"""
LEAVES = "SELECT count(*) FROM anshan_audit_leaf WHERE event_at >= %s AND event_at < %s"
ALONE = "SELECT pg_try_advisory_lock(hashtext('anshan:archiving'))"
COVERED = "SELECT size, note FROM anshan_audit_checkpoint WHERE size > %s ORDER BY size LIMIT 1"
ROWS = """
SELECT l.position, l.leaf, e.body FROM anshan_audit_leaf AS l
LEFT JOIN anshan_audit_event AS e ON e.id = l.event_id AND e.at = l.event_at AND e.at >= %s AND e.at < %s
WHERE l.position >= %s AND l.position < %s ORDER BY l.position
"""
IS_HERE = "SELECT FROM anshan_audit_checkpoint WHERE size = %s AND note = %s"
TRIM = "SELECT anshan_audit_trim(%s)"
LASTING = """
SELECT body FROM anshan_audit_event WHERE kind IN ('log.trimmed', 'log.begun_anew') AND at >= %s AND at < %s ORDER BY id
"""  # what the verifier has to know of the log however old it is


class NotArchived(Exception):
    """Why a month stays where it is."""


class NotWhole(NotArchived):
    """The archive doesn't prove itself."""


class Busy(NotArchived):
    """Somebody else is at it, or holds the table: it can be tried again in a moment."""


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


def path_of(month: Month, folder: Path) -> Path:
    return folder / f"archive-{month}.jsonl.gz"


def is_written(path: Path) -> bool:
    """Whether an archive was written to its end: its proof comes last."""
    return path.exists() and proof_of(path).exists()


def archive(url: str, month: Month, folder: Path) -> Path:
    """Write ``archive-2026-01.jsonl.gz``, each event of the month with its position, and ``….proof.json`` beside it.

    What was left half-written is replaced.

    The proof holds the complete subtrees before the first of them, the leaf hashes of what lies between and up to the
    next checkpoint, and that checkpoint: whoever appends all of it in order must get the root that was signed.

    :raises NotArchived: the month isn't over, or has no events, or not all of them are sealed, or some are gone
    :raises FileExistsError: it was written before
    """
    path, others = path_of(month, folder), {}
    if is_written(path):
        raise FileExistsError(errno.EEXIST, "the archive is there already", str(path))
    with closing(psycopg2.connect(url)) as connection:
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        if not stored.asking(connection)(ALONE, ())[0][0]:
            raise Busy("somebody else is writing an archive of this log")
        first, last = _range(connection, month)
        covered = stored.asking(connection)(COVERED, (last,))
        if not covered:
            raise NotArchived(f"no checkpoint is over the whole of {month}")
        size, note = covered[0]
        before = tree.frontier(first, stored.reader(stored.asking(connection))).nodes
        with _written(path) as stream:
            for position, leaf, body in _rows(connection, first, size, month):
                if body is None:
                    others[position] = bytes(leaf).hex()
                else:
                    stream.write(f"{position}\t{body}\n")
    proof = {
        "format": FORMAT, "month": str(month), "first": first, "last": last, "size": size, "sha256": sha256_of(path),
        "before": [node.hex() for node in before], "others": others, "checkpoint": note,
    }  # fmt: skip
    files.write(proof_of(path), json.dumps(proof, ensure_ascii=False, indent=1) + "\n")
    _sync(folder)
    return path


@contextmanager
def _written(path: Path) -> Iterator[IO[str]]:
    """A packed file that gets its name when all of it is on the disk; without a proof, which belongs to another."""
    part = path.with_name(f".{path.name}.part")
    with open(part, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        with gzip.open(file, "wt", encoding="utf-8", newline="\n") as stream:
            yield stream
        file.flush()
        os.fsync(file.fileno())
    proof_of(path).unlink(missing_ok=True)
    os.replace(part, path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    with suppress(OSError):  # some shares know nothing of it
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def trim(
    url: str,
    month: Month,
    path: Path,
    key: Key,
    writer_key: bytes,
    via: str = "console",
    formers: Sequence[Key] = (),
) -> int:
    """Take the month out of the table, and record that; how many events went.

    :param path: its archive, which is checked first · :param key: of the log · :param formers: those before it, one
        of which may have signed the archive's checkpoint
    :raises NotArchived: the archive isn't this month's as it is now, or the month isn't sealed to its end
    :raises NotWhole: the archive doesn't prove itself · :raises Busy: somebody holds the table
    """
    report = verify_archive(path, [key], formers)
    if report.exit_code():
        raise NotWhole(f"the archive is not whole:\n{report.as_text()}")
    head = json.loads(proof_of(path).read_text("utf-8"))
    with closing(psycopg2.connect(url)) as connection:
        first, last = _range(connection, month)
        if (head["month"], head["first"], head["last"]) != (str(month), first, last):
            raise NotArchived(f"{path} holds {head['month']}, {head['first']} to {head['last']}: not {month} as it is")
        if not stored.asking(connection)(IS_HERE, (head["size"], head["checkpoint"])):
            raise NotWhole(f"{path} was sealed with a checkpoint that isn't in this log: was it begun anew since?")
        lasting = [json.loads(body) for (body,) in stored.asking(connection)(LASTING, month.bounds)]
        with connection.cursor() as cursor:
            _record(cursor, _trimmed(Archive(first, last, path.name, sha256_of(path)), month), via, writer_key)
            for one in lasting:
                _record(cursor, _again(one), via, writer_key)
            gone = _take_out(cursor, month)
        if gone != report.totals["events"]:
            raise NotArchived(f"{path} holds {report.totals['events']} events of {month}, the table {gone}")
        connection.commit()
    return gone


def _take_out(cursor: Any, month: Month) -> int:
    try:
        cursor.execute(TRIM, (month.first,))
    except (errors.LockNotAvailable, errors.DeadlockDetected) as error:
        raise Busy(f"the table of {month} is in use") from error
    except (errors.RaiseException, errors.UndefinedTable) as error:
        raise NotArchived(f"{month} can't be taken out: {error.diag.message_primary}") from error
    return cursor.fetchone()[0]


def _range(connection: Any, month: Month) -> tuple[int, int]:
    if month.following > datetime.now(timezone.utc).date():
        raise NotArchived(f"{month} isn't over")
    first, last, unsealed, there = stored.asking(connection)(RANGE, month.bounds)[0]
    if first is None:
        raise NotArchived(f"{month} has no events")
    if unsealed:
        raise NotArchived(f"{unsealed} events of {month} are not sealed: ask ckan anshan audit verify about them")
    if (sealed := stored.asking(connection)(LEAVES, month.bounds)[0][0]) != there:
        raise NotArchived(f"{sealed} events of {month} were sealed, {there} are there: ask ckan anshan audit verify")
    return first, last


def _trimmed(made: Archive, month: Month) -> Event:
    facts = {"before": made.last + 1, "first": made.first, "last": made.last, "file": made.file, "sha256": made.sha256}
    return Event("log.trimmed", object=Object("log", str(month)), action="trim", facts=facts)


def _again(body: dict[str, Any]) -> Event:
    """What the log said about itself, once more when the month goes in which it was said first."""
    about = body.get("object")
    return Event(
        body["kind"],
        object=Object(about["type"], about["id"]) if about else None,
        action=body.get("action", ""),
        facts={"at": body["at"], **body["facts"]},
    )


def _record(cursor: Any, event: Event, via: str, writer_key: bytes) -> None:
    at = events.now()
    stored.record(cursor, event, via, writer_key, at, events.new_id(at))


def _rows(connection: Any, first: int, size: int, month: Month) -> Iterator[Any]:
    with connection.cursor(name="anshan_archived") as cursor:
        cursor.itersize = AT_A_TIME
        cursor.execute(ROWS, (*month.bounds, first, size))
        yield from cursor
