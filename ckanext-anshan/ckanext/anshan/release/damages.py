"""Released files that aren't whole in the vault: found at a download or by looking at a part of it each minute.

What is found is kept until the file is whole again; the log's alarm tells of it (``audit.watching``).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model as ckan_model
from ckan.lib.redis import connect_to_redis
from sqlalchemy.dialects.postgresql import insert

from ..audit import recording
from ..audit.events import Event, Object
from ..people import notices
from ..people import options as people_options
from . import options, vault
from .model import damage, file, release, run

log = logging.getLogger(__name__)

PART = 200  # files that are asked for at once
LONGEST = 20.0  # seconds of a minute
CURSOR = "anshan:{site}:release:verified"  # the last one that was looked at


def remember(sha256: str, problem: str) -> bool:
    """Keep that a file is missing or damaged, in a transaction of its own; whether that is new."""
    assert ckan_model.meta.engine
    found = insert(damage).values(sha256=sha256, problem=problem).on_conflict_do_nothing()
    with ckan_model.meta.engine.begin() as connection:
        return connection.execute(found.returning(damage.c.sha256)).first() is not None


def verify_part() -> int:
    """Take the hash of a part of the released files, and of those that were damaged; how many are."""
    for row in run(sa.select(damage)).all():
        _again(row.sha256)
    _end()
    until, left = time.monotonic() + LONGEST, options.verified_each_minute()
    while left > 0 and time.monotonic() < until:
        rows = _next()
        for row in rows:
            _look(row.sha256)
            left -= row.size
            _keep(row.sha256)
            if left <= 0 or time.monotonic() >= until:
                break
        if len(rows) < PART and left > 0:
            _keep("")  # from the beginning, in a minute
            break
    _end()
    return len(run(sa.select(damage.c.sha256)).all())


def _end() -> None:
    ckan_model.Session.commit()


def _next() -> list[Any]:
    query = sa.select(file.c.sha256, sa.func.max(file.c.size).label("size")).where(file.c.sha256 > _cursor())
    return list(run(query.group_by(file.c.sha256).order_by(file.c.sha256).limit(PART)))


def _cursor() -> str:
    kept: Any = connect_to_redis().get(_key())
    return kept.decode() if kept else ""


def _keep(sha256: str) -> None:
    connect_to_redis().set(_key(), sha256)


def _key() -> str:
    return CURSOR.format(site=tk.config["ckan.site_id"])


def problem_of(sha256: str) -> str:
    """``missing``, ``damaged``, or nothing."""
    try:
        vault.verify(sha256)
    except vault.Missing:
        return "missing"
    except vault.Damaged:
        return "damaged"
    return ""


def _look(sha256: str) -> None:
    problem = problem_of(sha256)
    if problem and remember(sha256, problem):
        log.error("the vault's %s is %s", sha256, problem)
        for row in _releases_of([sha256]):
            facts = {"file": row.name, "sha256": sha256, "version": row.version, "problem": problem}
            recording.note(Event("file.damaged", object=Object("dataset", row.dataset_id), facts=facts))
        _tell(sha256)


def _again(sha256: str) -> None:
    """One that was damaged: whole by now, or told of each day."""
    if problem_of(sha256):
        _tell(sha256)
        return
    run(damage.delete().where(damage.c.sha256 == sha256))
    notices.settle(_about(sha256))


def _about(sha256: str) -> str:
    return f"vault:{sha256}"


def _tell(sha256: str) -> None:
    """Both offices; whoever runs the machine gets the log's alarm."""
    row = next(iter(_releases_of([sha256])), None)
    users = {
        *notices.members(people_options.bureau_org()),
        *notices.members(people_options.cyberspace_org()),
    }
    facts = {"file": row.name, "title": row.title} if row else {}
    notices.tell("vault_alarm", users, facts, "/audit/about", _about(sha256), daily=True)


def _releases_of(sha256s: Iterable[str]) -> list[Any]:
    """The newest version of each dataset that has these files."""
    columns = (release.c.dataset_id, release.c.version, file.c.name, release.c.metadata["title"].astext.label("title"))
    query = sa.select(*columns).join(release, release.c.id == file.c.release_id).distinct(release.c.dataset_id)
    chosen = query.where(file.c.sha256.in_(list(sha256s)))
    return list(run(chosen.order_by(release.c.dataset_id, release.c.version.desc())))
