"""Work that can fail outside the database: queued in the caller's transaction, done after it, and tried again.

A job's kind is the name of a function that a room lists in its ``jobs.py``; it is called with the payload and may be
called again after a crash, so it has to give the same result twice.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from .. import rooms
from ..audit import recording
from .model import outbox

log = logging.getLogger(__name__)

LONGEST_WAIT = 600  # seconds between two tries of a job that keeps failing
PAUSE = 0.05  # seconds between two looks at a job that somebody else is doing
KEPT = "7 days"  # how long a finished job stays readable
LONGEST_ERROR = 2000  # characters kept of an error

WAITS = outbox.c.done.is_(None)
IS_DUE = outbox.c.next_try <= sa.func.now()


def queue(kind: str, payload: Mapping[str, Any]) -> int:
    """Queue one job in the caller's transaction; returns its number."""
    return queue_all(kind, [payload])[0]


def queue_all(kind: str, payloads: Iterable[Mapping[str, Any]]) -> list[int]:
    """Queue a job for each payload in the caller's transaction, with one statement; returns their numbers."""
    if kind not in rooms.jobs():
        raise ValueError(f"no room has a job called {kind}")
    rows = [{"kind": kind, "payload": dict(payload)} for payload in payloads]
    if not rows:
        return []
    return list(model.Session.connection().execute(outbox.insert().values(rows).returning(outbox.c.id)).scalars())


def drain(
    limit: int = 100,
    kinds: Collection[str] | None = None,
    overdue: bool = True,
    within: float = 0,
    only: Collection[int] | None = None,
) -> int:
    """Do up to ``limit`` waiting jobs, oldest first; returns how many were tried.

    :param kinds: only these kinds · :param overdue: leave the failed ones until their next try
    :param within: stop after so many seconds (0: don't) · :param only: jobs with these numbers
    """
    start, tried = time.monotonic(), []
    choice = _choice(kinds, overdue, only)
    while len(tried) < limit and not (within and time.monotonic() - start > within):
        found = _do_next(choice, tried)
        if found is None:
            break
        tried.append(found)
    return len(tried)


def finish(only: Collection[int]) -> None:
    """Do these jobs, and wait for those of them that somebody is doing; what fails is left for its next try."""
    while only and (drain(len(only), only=only) or _are_due(only)):
        time.sleep(PAUSE)


def _are_due(only: Collection[int]) -> bool:
    query = sa.select(sa.func.count()).select_from(outbox).where(*_choice(None, True, only))
    due = model.Session.connection().execute(query).scalar_one()
    model.Session.rollback()
    return due > 0


def waiting(kinds: Collection[str] | None = None) -> int:
    """How many jobs wait, due or not."""
    query = sa.select(sa.func.count()).select_from(outbox).where(WAITS)
    if kinds is not None:
        query = query.where(outbox.c.kind.in_(kinds))
    return model.Session.connection().execute(query).scalar_one()


def forget_done() -> None:
    """Delete what was done long ago; the caller commits."""
    old = outbox.c.done < sa.func.now() - sa.cast(KEPT, sa.Interval)
    model.Session.connection().execute(outbox.delete().where(old))


def _choice(kinds: Collection[str] | None, overdue: bool, only: Collection[int] | None) -> list[sa.ColumnElement[bool]]:
    chosen = [WAITS, *([IS_DUE] if overdue else [])]
    chosen += [outbox.c.kind.in_(kinds)] if kinds is not None else []
    return chosen + ([outbox.c.id.in_(only)] if only is not None else [])


def _do_next(choice: list[sa.ColumnElement[bool]], tried: list[int]) -> int | None:
    """Take one job under its row's lock, which this connection holds while the job uses CKAN's own session."""
    assert model.meta.engine
    with model.meta.engine.begin() as connection:
        row = connection.execute(_next(choice, tried)).first()
        if row is None:
            return None
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext(:kind))"), {"kind": f"anshan:{row.kind}"})
        connection.execute(outbox.update().where(outbox.c.id == row.id).values(**_result(row)))
        return row.id


def _next(choice: list[sa.ColumnElement[bool]], tried: list[int]) -> sa.Select[Any]:
    query = sa.select(outbox).where(*choice)
    if tried:
        query = query.where(outbox.c.id.not_in(tried))
    return query.order_by(outbox.c.id).limit(1).with_for_update(skip_locked=True)


def _result(row: Any) -> dict[str, Any]:
    """Do the job; what its row says afterwards."""
    try:
        with recording.job(row.kind, row.payload):
            rooms.jobs()[row.kind](row.payload)
        model.Session.commit()
    except Exception as error:
        log.exception("job %s (%s) failed", row.id, row.kind)
        return _failure(row.attempts + 1, error)
    finally:
        model.Session.rollback()
        model.Session.remove()
    return {"done": sa.func.now(), "last_error": None}


def _failure(attempts: int, error: Exception) -> dict[str, Any]:
    wait = min(2**attempts, LONGEST_WAIT)
    return {
        "attempts": attempts,
        "next_try": sa.func.clock_timestamp() + sa.cast(f"{wait} seconds", sa.Interval),
        "last_error": f"{type(error).__name__}: {error}".replace("\0", "")[:LONGEST_ERROR],
    }
