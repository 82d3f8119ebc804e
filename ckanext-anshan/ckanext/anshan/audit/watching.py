"""What is wrong just now: the log isn't sealed, a witness doesn't sign, somebody wrote past the portal, a released file
isn't the one that was signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple

import sqlalchemy as sa
from ckan import model

from . import events, options, reading

FAILING_FOR = timedelta(minutes=5)  # a witness that answered since then may have been away for a moment
SILENT_FOR = timedelta(hours=1)  # with a checkpoint that it hasn't got
LATE, WITNESS, STRANGE, DAMAGED = CAUSES = ("late", "witness", "strange", "damaged")
MOST = 100  # events by name

WAITING = """
SELECT id, at, leaf, mark, body FROM anshan_audit_event AS event
WHERE xid >= pg_snapshot_xmin(cast(:sealed AS pg_snapshot))
    AND NOT pg_visible_in_snapshot(xid, cast(:sealed AS pg_snapshot))
    AND xid < pg_snapshot_xmax(pg_current_snapshot())
    AND NOT EXISTS (SELECT FROM anshan_audit_leaf WHERE event_id = event.id)
ORDER BY xid LIMIT :most
"""
PASSED_OVER = """
SELECT id, at, leaf, mark, body FROM anshan_audit_event AS event
WHERE pg_visible_in_snapshot(xid, cast(:sealed AS pg_snapshot)) {since}
    AND NOT EXISTS (SELECT FROM anshan_audit_leaf WHERE event_id = event.id)
LIMIT :most
"""
SINCE = """
    AND xid >= pg_snapshot_xmin(cast(:seen AS pg_snapshot))
    AND NOT pg_visible_in_snapshot(xid, cast(:seen AS pg_snapshot))
"""
STILL_THERE = """
SELECT id FROM anshan_audit_event AS event
WHERE id = ANY(cast(:ids AS uuid[])) AND NOT EXISTS (SELECT FROM anshan_audit_leaf WHERE event_id = event.id)
"""
SEALED = "SELECT snapshot, cluster FROM anshan_audit_checkpoint ORDER BY size DESC LIMIT 1"
DAMAGES = "SELECT sha256, found FROM anshan_release_damage ORDER BY found, sha256 LIMIT :most"
BEHIND = "SELECT at FROM anshan_audit_checkpoint WHERE size > :size ORDER BY size LIMIT 1"


@dataclass(frozen=True)
class Cause:
    """Why somebody has to look after the log.

    ``at``: of the oldest event that isn't sealed; when the witness last answered, None where it never has; when the
    first of the files was found.
    """

    kind: str  # of CAUSES
    witness: str = ""
    at: datetime | None = None
    events: tuple[str, ...] = ()  # ids of those that nobody of the portal wrote
    files: tuple[str, ...] = ()  # SHA-256 of those that are damaged or missing

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.witness}"


class Looked(NamedTuple):
    """What was sealed when somebody last looked for events that the sealer passed over, and those that were found."""

    snapshot: str = ""
    cluster: str = ""
    strange: tuple[str, ...] = ()


def causes(strange: Sequence[str] = ()) -> list[Cause]:
    """All that is wrong. Four statements while all is well.

    :param strange: ids that ``passed_over`` has found
    """
    newest = next(iter(reading.checkpoints(1)), None)
    found = [*_late(newest), *_witnesses(newest), *_damaged()]
    return [*found, Cause(STRANGE, events=tuple(strange))] if strange else found


def passed_over(before: Looked) -> Looked:
    """The events that the sealer leaves unsealed, which no process of the portal wrote.

    Looks at what was sealed since the last time; at all of it on another server, or where nobody has looked yet.
    """
    sealed = next(iter(_ask(SEALED)), None)
    if sealed is None:
        return before
    is_here = before.cluster == sealed.cluster
    query = PASSED_OVER.format(since=SINCE if is_here else "")
    new = _ask(query, sealed=sealed.snapshot, most=MOST, **({"seen": before.snapshot} if is_here else {}))
    new += _ask(WAITING, sealed=sealed.snapshot, most=MOST)
    known = {str(row.id) for row in _ask(STILL_THERE, ids=list(before.strange))} if before.strange else set()
    strange = sorted({*known, *(str(row.id) for row in new if not _is_own(row))})[:MOST]
    return Looked(sealed.snapshot, sealed.cluster, tuple(strange))


def _late(newest: Any) -> list[Cause]:
    """Only what a process of the portal wrote waits to be sealed; nobody hides it behind a crowd of other events."""
    since = reading.waiting(newest.snapshot if newest else None)
    if since is None or _age(since).total_seconds() <= options.late_seconds():
        return []
    waiting = _ask(WAITING, sealed=newest.snapshot, most=MOST) if newest else []
    own = [row.at for row in waiting if _is_own(row)]
    oldest = min(own, default=since)
    if (waiting and not own and len(waiting) < MOST) or _age(oldest).total_seconds() <= options.late_seconds():
        return []
    return [Cause(LATE, at=oldest)]


def _witnesses(newest: Any) -> list[Cause]:
    return [Cause(WITNESS, one.name, one.answered) for one in reading.witnesses() if _is_silent(one, newest)]


def _damaged() -> list[Cause]:
    rows = _ask(DAMAGES, most=MOST)
    return [Cause(DAMAGED, at=rows[0].found, files=tuple(row.sha256 for row in rows))] if rows else []


def _is_silent(witness: Any, newest: Any) -> bool:
    """In a quiet night nobody is asked: silence begins with the oldest checkpoint that the witness hasn't got."""
    if witness.failing:
        return witness.answered is None or _age(witness.answered) > FAILING_FOR
    if newest is None or witness.size >= newest.size:
        return False
    return _age(_ask(BEHIND, size=witness.size)[0].at) > SILENT_FOR


def _is_own(row: Any) -> bool:
    return events.is_own(options.writer_key(), row.body, bytes(row.leaf), bytes(row.mark))


def _age(at: datetime) -> timedelta:
    return datetime.now(timezone.utc) - at


def _ask(query: str, **given: Any) -> list[Any]:
    return list(model.Session.connection().execute(sa.text(query), given))


def facts(cause: Cause) -> Mapping[str, Any]:
    """For the record of an alarm."""
    told = {
        "cause": cause.kind,
        "witness": cause.witness,
        "since": cause.at and cause.at.isoformat(),
        "events": list(cause.events),
        "files": list(cause.files),
    }
    return {name: value for name, value in told.items() if value}
