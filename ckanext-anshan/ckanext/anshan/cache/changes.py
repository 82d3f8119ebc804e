"""Every change of what pages show makes them be made anew: at once, and once more by a job of the same transaction.

A transaction is read by its SQL, so that nothing has to tell: CKAN's actions, other plugins and bulk writes alike. The
index, which changes beside the database, calls ``seen``.
"""

from __future__ import annotations

import logging
from typing import Any

import ckan.model as model
import redis
from sqlalchemy import Engine, event

from ..migrated import is_migrated
from ..workflow import outbox
from . import generation, rules

log = logging.getLogger(__name__)

JOB = "anshan_cache_renew"
CHANGED = "anshan_cache_changed"  # mark on a connection, then on its session


def listen() -> None:
    """Watch the transactions of this process; harmless when done twice."""
    for target, name, act in (
        (Engine, "before_cursor_execute", _read),
        (model.Session, "before_commit", _queue),
        (model.Session, "after_commit", _renew),
    ):
        if not event.contains(target, name, act):
            event.listen(target, name, act)


def _read(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
    if statement[:6].upper() != "SELECT" and rules.is_shown(statement):
        connection.info[CHANGED] = True


def _queue(session: Any) -> None:
    """Within the transaction: a process that is killed right after it leaves the job to the worker."""
    if session.get_transaction().nested:
        return
    session.flush()
    if session.connection().info.pop(CHANGED, False) and is_migrated(session):
        session.info[CHANGED] = True
        outbox.queue(JOB, {})


def _renew(session: Any) -> None:
    if session.info.pop(CHANGED, False):
        seen()


def seen() -> None:
    """Pages show something new from now on. The index calls it too: it has no transaction for a job to hang on."""
    try:
        generation.renew()
    except redis.RedisError as error:
        log.warning("Redis can't be told that pages have changed; the worker will: %s", error)
