"""Remembers scans: what was asked, how far each is, what came of it; and what was mended by them.

Look-ups and changes of rows in the caller's transaction; whoever calls decides and commits.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ..release import files
from .model import remedy, report
from .rules import OPEN, State

SUBJECT = "SELECT id, name, title, owner_org FROM package WHERE type = 'entry' AND state = 'active' AND "
OF_PACKAGE = sa.text(f"{SUBJECT} (id = :id OR name = :id)")
OF_RESOURCE = sa.text(f"{SUBJECT} id = (SELECT package_id FROM resource WHERE id = :id AND resource.state = 'active')")
FILES = sa.text(
    "SELECT id, name, url, hash, size FROM resource WHERE package_id = :id AND url_type = 'upload' AND state = 'active'"
    " AND hash LIKE 'sha256:%' ORDER BY position, id"
)
SHORT = [column for column in report.c if column is not report.c.report]
IS_OPEN = report.c.state.in_([state.value for state in OPEN])


class Subject(NamedTuple):
    """The entry that a file belongs to."""

    id: str
    name: str
    title: str
    agency: str  # id of the organization


class File(NamedTuple):
    resource_id: str
    name: str
    sha256: str
    size: int


def subject(id: str) -> Subject | None:
    """An entry by its id or name."""
    return _subject(OF_PACKAGE, id)


def subject_of(resource_id: str) -> Subject | None:
    return _subject(OF_RESOURCE, resource_id)


def _subject(query: Any, id: str) -> Subject | None:
    row = model.Session.execute(query, {"id": id}).first()
    return Subject(row.id, row.name, row.title or row.name, row.owner_org or "") if row else None


def files_of(package_id: str) -> list[File]:
    """The files of an entry as they stand now."""
    rows = model.Session.execute(FILES, {"id": package_id})
    return [File(row.id, row.name or row.url, row.hash.removeprefix("sha256:"), row.size or 0) for row in rows]


# reports


def ask(file: files.Found, resource_id: str, scanner: str, user_id: str | None) -> tuple[str, bool]:
    """The report of this file by this scanner: id, and whether it is new and waits; else it was there already."""
    values = {
        "id": str(uuid.uuid4()),
        "resource_id": resource_id,
        "package_id": file.entry_id,
        "sha256": file.sha256,
        "size": file.size,
        "file_name": file.name,
        "scanner": scanner,
        "state": State.QUEUED.value,
        "user_id": user_id,
    }
    same = {"index_elements": ["resource_id", "sha256", "scanner"], "index_where": sa.text("state <> 'failed'")}
    # An update that changes nothing: it alone gives the id of the row that is in the way.
    asked = insert(report).values(values).on_conflict_do_update(**same, set_={"scanner": scanner})
    id, is_new = model.Session.execute(asked.returning(report.c.id, sa.literal_column("xmax = 0"))).one()
    return id, is_new


def find(id: str, *, lock: bool = False) -> Any:
    query = sa.select(report).where(report.c.id == id)
    return model.Session.execute(query.with_for_update() if lock else query).first()


def of_package(package_id: str, limit: int) -> list[Any]:
    """The reports of an entry's files, newest first, without what was found."""
    query = sa.select(*SHORT).where(report.c.package_id == package_id)
    return list(model.Session.execute(query.order_by(report.c.created.desc(), report.c.id).limit(limit)))


def newest(package_id: str) -> dict[str, Any]:
    """The newest report of each file of an entry, by the id of the resource."""
    query = sa.select(*SHORT).where(report.c.package_id == package_id).distinct(report.c.resource_id)
    rows = model.Session.execute(query.order_by(report.c.resource_id, report.c.created.desc(), report.c.id))
    return {row.resource_id: row for row in rows}


def claim(host: str, worker: str) -> Any:
    """Take the oldest one that waits; nothing where none does."""
    oldest = sa.select(report.c.id).where(report.c.state == State.QUEUED.value).order_by(report.c.created, report.c.id)
    taken = {
        "state": State.RUNNING.value,
        "host": host,
        "worker": worker,
        "process": "",
        "progress": 0,
        "part": "",
        "attempts": report.c.attempts + 1,
        "started": sa.func.now(),
        "seen": sa.func.now(),
    }
    chosen = report.c.id == oldest.limit(1).with_for_update(skip_locked=True).scalar_subquery()
    return model.Session.execute(report.update().where(chosen).values(taken).returning(report)).first()


def note(id: str, worker: str, **values: Any) -> bool:
    """Write down how far this worker's scan is; false where it is its scan no longer: somebody called it off."""
    mine = sa.and_(report.c.id == id, report.c.state == State.RUNNING.value, report.c.worker == worker)
    noted = report.update().where(mine).values(seen=sa.func.now(), **values).returning(report.c.id)
    return model.Session.execute(noted).first() is not None


def finish(id: str, state: State, error: str = "", **values: Any) -> None:
    """Put it into its last state, or among those that wait."""
    ends = {} if state is State.QUEUED else {"finished": sa.func.now()}
    given = {"state": state.value, "error": error, "worker": "", "process": "", **ends, **values}
    model.Session.execute(report.update().where(report.c.id == id).values(given))


def running() -> list[Any]:
    query = sa.select(*SHORT, (sa.func.now() - report.c.seen).label("silent"))
    return list(model.Session.execute(query.where(report.c.state == State.RUNNING.value)))


def waiting() -> bool:
    query = sa.select(report.c.id).where(report.c.state == State.QUEUED.value).limit(1)
    return model.Session.execute(query).first() is not None


def place_in_line(row: Any) -> int:
    """How many scans come before this one that waits."""
    before = sa.and_(IS_OPEN, report.c.created < row.created)
    return model.Session.execute(sa.select(sa.func.count()).select_from(report).where(before)).scalar_one()


# remedies


def add_remedy(
    id: str, source: Any, to_sha256: str, asked: Sequence[Mapping[str, Any]], changes: Any, user: str | None
) -> None:
    values = {"id": id, "report_id": source.id, "from_sha256": source.sha256, "to_sha256": to_sha256}
    values |= {"asked": list(asked), "changes": changes, "user_id": user}
    model.Session.execute(remedy.insert().values(values))


def remedies_behind(resource_id: str, sha256: str) -> list[Any]:
    """What was done to a file until it became this one, first step first."""
    query = sa.select(remedy, report.c.file_name).join(report, report.c.id == remedy.c.report_id)
    rows = model.Session.execute(query.where(report.c.resource_id == resource_id).order_by(remedy.c.created.desc()))
    steps, wanted = [], sha256
    for row in rows:
        if row.to_sha256 == wanted:
            steps.append(row)
            wanted = row.from_sha256
    return steps[::-1]
