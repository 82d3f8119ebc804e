"""Remembers imports: their progress, their problems, and what each entry's row said."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from . import model as tables
from .problems import FileRefused, Level, Problem

LOCK = sa.text("SELECT pg_try_advisory_lock(hashtext('anshan_catalogue_import'))")
UNLOCK = sa.text("SELECT pg_advisory_unlock(hashtext('anshan_catalogue_import'))")
REMEMBER = sa.text(
    "INSERT INTO anshan_catalogue_import_entry (form, key, entry_id, hash) SELECT form, key, entry_id, hash"
    " FROM json_to_recordset(CAST(:rows AS json)) AS given(form text, key text, entry_id text, hash text)"
    " ON CONFLICT (form, key) DO UPDATE SET entry_id = EXCLUDED.entry_id, hash = EXCLUDED.hash"
)
LONGEST_VALUE = 500
OPEN = ("waiting", "running")


@contextmanager
def alone() -> Iterator[None]:
    """One import at a time: the second is refused. A killed process gives the lock back by ending."""
    assert model.meta.engine
    with model.meta.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.execute(LOCK).scalar_one():
            raise FileRefused("import_running", **_who_runs())
        try:
            yield
        finally:
            with suppress(DBAPIError):  # the database may be away
                connection.execute(UNLOCK)
            connection.invalidate()  # gives the lock back in any case, but only some time after


def _who_runs() -> dict[str, str]:
    query = sa.select(tables.run.c.file_name, tables.run.c.started).where(tables.run.c.state == "running")
    row = model.Session.execute(query.order_by(tables.run.c.started.desc())).first()
    return {"file": row.file_name, "started": row.started.isoformat(timespec="minutes")} if row else {}


def create(
    file_name: str, user_id: str | None, create_agencies: bool, path: str | None = None, plan: bool = False
) -> str:
    """A new run that waits; returns its id."""
    id = str(uuid.uuid4())
    values = {"id": id, "state": "waiting", "file_name": file_name, "user_id": user_id}
    values |= {"create_agencies": create_agencies, "path": path, "plan": plan}
    model.Session.execute(tables.run.insert().values(values))
    return id


def update(id: str, **values: Any) -> None:
    model.Session.execute(tables.run.update().where(tables.run.c.id == id).values(**values))


def finish(id: str, state: str, **values: Any) -> None:
    update(id, state=state, finished=sa.func.now(), path=None, **values)


def begin_planned(id: str) -> bool:
    """Whether the plan ``id`` was there to be carried out; then it waits, its findings to be made anew."""
    planned = sa.and_(tables.run.c.id == id, tables.run.c.state == "planned")
    emptied = dict.fromkeys(("total", "done", "created", "updated", "unchanged", "refused", "agencies"), 0)
    waits = tables.run.update().where(planned).values(state="waiting", plan=False, finished=None, **emptied)
    if not model.Session.execute(waits.returning(tables.run.c.id)).first():
        return False
    model.Session.execute(tables.problem.delete().where(tables.problem.c.import_id == id))
    return True


def forget_plans(days: int) -> list[str]:
    """Ends plans that nobody carried out for so long; returns the paths of their files."""
    old = tables.run.c.started < sa.func.now() - sa.func.make_interval(0, 0, 0, days)
    planned = sa.and_(tables.run.c.state == "planned", old)
    rows = model.Session.execute(sa.select(tables.run.c.path).where(planned).with_for_update()).scalars().all()
    model.Session.execute(tables.run.update().where(planned).values(state="interrupted", path=None))
    return [path for path in rows if path]


def interrupt_others(id: str) -> None:
    """Runs that still call themselves running were killed: nobody else holds the lock."""
    others = sa.and_(tables.run.c.state == "running", tables.run.c.id != id)
    model.Session.execute(tables.run.update().where(others).values(state="interrupted", finished=sa.func.now()))


def show(id: str) -> dict[str, Any] | None:
    row = model.Session.execute(sa.select(tables.run).where(tables.run.c.id == id)).first()
    return row._asdict() if row else None


def recent(count: int) -> list[dict[str, Any]]:
    query = sa.select(tables.run).order_by(tables.run.c.started.desc()).limit(count)
    return [row._asdict() for row in model.Session.execute(query)]


def add_problems(id: str, problems: Sequence[Problem]) -> None:
    """Store what was found in one batch with one statement."""
    rows = [
        {
            "import_id": id,
            "row": problem.row,
            "heading": problem.column,
            "value": problem.value[:LONGEST_VALUE],
            "code": problem.code,
            "level": problem.level.value,
            "facts": dict(problem.facts),
        }
        for problem in problems
    ]
    if rows:
        model.Session.execute(tables.problem.insert(), rows)


def problems(id: str, offset: int = 0, limit: int | None = None) -> list[Problem]:
    query = sa.select(tables.problem).where(tables.problem.c.import_id == id)
    rows = model.Session.execute(query.order_by(tables.problem.c.id).offset(offset).limit(limit))
    return [Problem(row.row, row.heading, row.value, row.code, Level(row.level), row.facts) for row in rows]


def count_problems(id: str) -> dict[str, int]:
    """How many errors and notices a run has."""
    table = tables.problem
    query = sa.select(table.c.level, sa.func.count()).where(table.c.import_id == id).group_by(table.c.level)
    return dict(model.Session.execute(query).tuples().all())


def known(form: str, keys: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The entry and the hash that each key had when it was last imported."""
    table = tables.entry
    query = sa.select(table.c.key, table.c.entry_id, table.c.hash).where(table.c.form == form, table.c.key.in_(keys))
    return {key: (entry_id, hash) for key, entry_id, hash in model.Session.execute(query).tuples()}


def remember(form: str, entries: Mapping[str, tuple[str, str]]) -> None:
    """Store entry and hash by key with one statement."""
    if not entries:
        return
    rows = [{"form": form, "key": key, "entry_id": id, "hash": hash} for key, (id, hash) in sorted(entries.items())]
    model.Session.execute(REMEMBER, {"rows": json.dumps(rows, ensure_ascii=False)})
