"""Remembers submissions: rows of the review in the caller's transaction. Whoever calls decides and commits."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from ckan import model

from .model import event, remark, signature, submission
from .rules import OPEN, Kind, Person, Signature, State, Step, Way

NUMBER = sa.text("SELECT nextval('anshan_review_number')")
OPEN_STATES = [state.value for state in OPEN]
SHORT = [column for column in submission.c if column is not submission.c.frozen]


def run(statement: Any, values: Any = None) -> sa.CursorResult[Any]:
    return model.Session.connection().execute(statement, values)


def find(id: str, *, lock: bool = False) -> Any:
    """A submission by id or number; locked, nobody decides about it until the transaction ends."""
    query = sa.select(submission).where(sa.or_(submission.c.id == id, submission.c.number == id))
    return run(query.with_for_update() if lock else query).first()


def find_all(ids: Sequence[str]) -> list[Any]:
    return list(run(sa.select(submission).where(submission.c.id.in_(ids))))


def open_of(entry_id: str, *, lock: bool = False) -> Any:
    """The submission of an entry that is under way, if there is one."""
    query = sa.select(submission).where(submission.c.entry_id == entry_id, submission.c.state.in_(OPEN_STATES))
    return run(query.with_for_update() if lock else query).first()


def of_entry(entry_id: str) -> list[Any]:
    """All submissions of an entry, newest first, without what was frozen."""
    query = sa.select(*SHORT).where(submission.c.entry_id == entry_id)
    return list(run(query.order_by(submission.c.created.desc(), submission.c.number.desc())))


def list_of(hash: str) -> Any:
    """The list with this hash that is under way or was released; nothing where it was rejected or withdrawn."""
    kept = submission.c.state.in_([*OPEN_STATES, State.PUBLISHED.value])
    query = sa.select(submission).where(submission.c.kind == Kind.LIST.value, submission.c.hash == hash, kept)
    return run(query.order_by(submission.c.created.desc()).limit(1)).first()


def last_reviewed(entry_id: str) -> Any:
    """The newest one that three keys published: what a routine update is held against."""
    query = sa.select(submission).where(
        submission.c.entry_id == entry_id,
        submission.c.kind == Kind.OPENING.value,
        submission.c.state == State.PUBLISHED.value,
        submission.c.way != Way.ROUTINE.value,
    )
    return run(query.order_by(submission.c.created.desc(), submission.c.number.desc()).limit(1)).first()


def add(values: Mapping[str, Any], today: date) -> str:
    """A new submission; its id. A second one that is under way for the same entry raises ``IntegrityError``."""
    id = str(uuid.uuid4())
    number = f"SS-{today.year}-{run(NUMBER).scalar_one():06d}"
    run(submission.insert().values({"id": id, "number": number, **values}))
    return id


def change(id: str, **values: Any) -> None:
    run(submission.update().where(submission.c.id == id).values(changed=sa.func.now(), **values))


def open_ones(states: Sequence[State], **wanted: Any) -> list[Any]:
    """Those in these states, for routines."""
    query = sa.select(*SHORT).where(submission.c.state.in_([state.value for state in states]))
    for name, value in wanted.items():
        query = query.where(submission.c[name] == value)
    return list(run(query.order_by(submission.c.created)))


# signatures


def sign(id: str, given: Signature, answers: Mapping[str, str], reason: str) -> None:
    values = {
        "id": str(uuid.uuid4()),
        "submission_id": id,
        "key": given.key.value,
        "user_id": given.person,
        "organization_id": given.organization,
        "hash": given.hash,
        "scan_hash": given.scan_hash,
        "opening_class": given.opening_class,
        "answers": dict(answers),
        "reason": reason,
    }
    run(signature.insert().values(values))


def signatures_of(ids: Sequence[str]) -> dict[str, list[Any]]:
    """The signatures under each of these submissions, oldest first."""
    found: dict[str, list[Any]] = {id: [] for id in ids}
    query = sa.select(signature).where(signature.c.submission_id.in_(ids)).order_by(signature.c.created)
    for row in run(query):
        found[row.submission_id].append(row)
    return found


# what happened and what was written


def note(row: Any, command: str, step: Step, after: State, person: Person, role: str, **more: Any) -> int:
    """An event; its number. ``more``: ``due`` of the step that begins, ``facts``, ``organization``."""
    values = {
        "submission_id": row.id,
        "command": command,
        "role": role,
        "user_id": person.id,
        "organization_id": more.get("organization") or "",
        "before": row.state,
        "after": after.value,
        "clock": step.clock.value,
        "due": more.get("due"),
        "facts": more.get("facts") or {},
    }
    return run(event.insert().values(values).returning(event.c.id)).scalar_one()


def events_of(id: str) -> list[Any]:
    return list(run(sa.select(event).where(event.c.submission_id == id).order_by(event.c.id)))


def add_remark(id: str, values: Mapping[str, Any]) -> int:
    return run(remark.insert().values({"submission_id": id, **values}).returning(remark.c.id)).scalar_one()


def remarks_of(id: str, *, with_internal: bool) -> list[Any]:
    query = sa.select(remark).where(remark.c.submission_id == id)
    query = query if with_internal else query.where(~remark.c.internal)
    return list(run(query.order_by(remark.c.id)))


def reasons_of(ids: Sequence[str]) -> list[Any]:
    """Why these were returned or rejected: ``submission_id``, ``place``, ``at``, ``text``, ``role``, ``created``."""
    columns = ("submission_id", "place", "at", "text", "role", "created")
    returned = sa.select(*(remark.c[name] for name in columns)).where(
        remark.c.submission_id.in_(ids), remark.c.event_id.is_not(None)
    )
    whole = (sa.literal("").label("place"), sa.literal("").label("at"), event.c.facts["reason"].astext.label("text"))
    rejected = sa.select(event.c.submission_id, *whole, event.c.role, event.c.created).where(
        event.c.submission_id.in_(ids), event.c.command == "reject"
    )
    return list(run(sa.union_all(returned, rejected).order_by("created"))) if ids else []


def cleared(ids: Sequence[str]) -> dict[str, set[str]]:
    """The hashes of the scans whose blocking findings the cyberspace office signed over, by submission."""
    query = sa.select(event.c.submission_id, event.c.facts["scan_hash"].astext)
    found: dict[str, set[str]] = {id: set() for id in ids}
    for id, scan_hash in run(query.where(event.c.submission_id.in_(ids), event.c.command == "clear")):
        found[id].add(scan_hash)
    return found


def lapsed(now: datetime) -> list[str]:
    """Ids of the emergencies whose time is over."""
    over = sa.and_(submission.c.state == State.PROVISIONAL.value, submission.c.until <= now)
    return list(run(sa.select(submission.c.id).where(over)).scalars())
