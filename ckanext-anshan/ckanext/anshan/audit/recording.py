"""Writes the record in the transaction of what it records: rolled back with it, and it with the record.

CKAN's own rows are seen as the session flushes them; bulk writes say ``touch``; what changes no object says ``note``.
At the commit each touched object is compared with the state that its last event names, under that row's lock, so that
the events of one object follow each other as its changes did.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy import event as hooks

from ..migrated import is_migrated
from . import ahead, calls, events, options, persons, rules, states
from .events import Event, Object, Outcome
from .model import event as table

PENDING = "anshan_audit_pending"

LOCKED = """
INSERT INTO anshan_audit_head (type, id, version, state)
SELECT type, id, 0, '' FROM unnest(:types, :ids) AS touched (type, id) ORDER BY type, id
ON CONFLICT (type, id) DO NOTHING;
SELECT FROM anshan_audit_head WHERE (type, id) IN :touched ORDER BY type, id FOR UPDATE;
"""
COMPARED = """
WITH found AS MATERIALIZED (
    SELECT type, id, encode(sha256(convert_to(state, 'UTF8')), 'hex') AS state FROM ({states}) AS made
), now AS MATERIALIZED (
    SELECT type, id, coalesce(found.state, '') AS state
    FROM unnest(:types, :ids) AS touched (type, id) LEFT JOIN found USING (type, id)
)
UPDATE anshan_audit_head AS known SET version = known.version + 1, state = now.state
FROM now JOIN anshan_audit_head AS before USING (type, id)
WHERE (known.type, known.id) = (now.type, now.id) AND known.state <> now.state
RETURNING known.type, known.id, known.version, known.state, before.state AS was
"""
# Three statements in one journey, each with a look at the database of its own: the last one sees what was committed
# while the locks were waited for. Materialized, or the state of each object would be made anew for each other one.
AT_A_TIME = 500  # objects that are compared with one statement

COLUMNS = [column.name for column in table.c if column.name != "xid"]
ONE = (  # as it is sent: nothing has to be put together for it
    f"INSERT INTO anshan_audit_event ({', '.join(COLUMNS)}) VALUES ({', '.join(f'%({name})s' for name in COLUMNS)})"
)
ONCE = f"{ONE} ON CONFLICT (id, at) DO NOTHING"


Agencies = Mapping[tuple[str, str], str | None]  # by object, where it is known


@dataclass
class Pending:
    """What the next commit of a session has to record."""

    objects: dict[tuple[str, str], str | None] = field(default_factory=dict)  # to the agency, where it is known
    events: list[Event] = field(default_factory=list)
    facts: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)


def listen() -> None:
    """Watch the sessions of this process; harmless when done twice."""
    for name, act in (("after_flush", _see), ("before_commit", _write), ("after_soft_rollback", _drop)):
        if not hooks.contains(model.Session, name, act):
            hooks.listen(model.Session, name, act)


def touch(type: str, ids: Iterable[str], facts: Mapping[str, Any] | None = None) -> None:
    """These objects are changed by this transaction; each that really is gets an event.

    :param type: one of ``states.TYPES`` · :param facts: of all of them, for their events
    """
    pending = _pending(model.Session())
    for id in ids:
        pending.objects.setdefault((type, id), None)
        if facts:
            pending.facts.setdefault((type, id), {}).update(facts)


def note(event: Event) -> None:
    """Record this with the caller's transaction."""
    _pending(model.Session()).events.append(event)


@contextmanager
def job(kind: str, payload: Mapping[str, Any]) -> Iterator[None]:
    """Inside, this job of the outbox is under way, and recorded as ``rules.JOBS`` has it."""
    how = rules.JOBS.get(kind)
    with calls.working(kind):
        if isinstance(how, rules.Event):
            note(Event(how.kind, action=kind, facts=dict(payload)))
        yield


def waits(event: Event) -> bool:
    """Whether what was noted is still to be committed."""
    return any(one is event for one in _pending(model.Session()).events)


def take_back(event: Event) -> None:
    """Don't record it after all."""
    pending = _pending(model.Session())
    pending.events = [one for one in pending.events if one is not event]


def refused(
    kind: str,
    *,
    code: str,
    facts: Mapping[str, Any] | None = None,
    account: str = "",
    about: Object | None = None,
    action: str = "",
) -> None:
    """Record a refusal at once, in a transaction of its own: what was refused is rolled back.

    :param kind: sentences.py has the words for it · :param code: of the decision
    :param account: the name that was typed
    """
    if not calls.is_unasked():
        happened(Event(kind, Outcome.REFUSED, about, action or _action(), code, facts=facts or {}), account)


def happened(event: Event, account: str = "") -> None:
    """Record what belongs to no transaction, in one of its own; in a request it is kept before the answer leaves."""
    if calls.is_request():
        ahead.send(ONCE, _rows([event], account)[0])
        return
    assert model.meta.engine
    with model.meta.engine.begin() as connection:
        _insert(connection, [event], account)


def _pending(session: Any) -> Pending:
    return session.info.setdefault(PENDING, Pending())


def _see(session: Any, _: Any) -> None:
    changed = (one for one in session.dirty if type(one) in states.OWNERS and _is_changed(one))
    for instance in (*session.new, *session.deleted, *changed):
        for found in states.of_instance(instance):
            _pending(session).objects.setdefault(found, getattr(instance, "owner_org", None))


def _is_changed(instance: Any) -> bool:
    ignored = states.IGNORED.get(type(instance), frozenset())
    return any(one.history.has_changes() for one in sa.inspect(instance).attrs if one.key not in ignored)


def _write(session: Any) -> None:
    if session.get_transaction().nested:
        return
    session.flush()
    pending: Pending | None = session.info.pop(PENDING, None)
    if pending and (pending.objects or pending.events) and is_migrated(session):
        connection = session.connection()
        touched = sorted(pending.objects)
        parts = [touched[at : at + AT_A_TIME] for at in range(0, len(touched), AT_A_TIME)]
        found = [one for part in parts for one in _changed(connection, part)]
        _insert(connection, [*_of_objects(found, pending), *pending.events], agencies=pending.objects)


def _drop(session: Any, previous: Any) -> None:
    if not previous.nested:
        session.info.pop(PENDING, None)


def _changed(connection: Any, touched: Sequence[tuple[str, str]]) -> list[Object]:
    """Those of the touched objects whose state is another one now, with their new version."""
    ids: dict[str, list[str]] = {}
    for type, id in touched:
        ids.setdefault(type, []).append(id)
    for id in ids.get("account", ()):
        persons.of(persons.ACCOUNT, id)
    given = {"types": [type for type, _ in touched], "ids": [id for _, id in touched], "touched": tuple(touched), **ids}
    return [Object(*row) for row in connection.exec_driver_sql(_comparing(tuple(sorted(ids))), given)]


@cache
def _comparing(types: tuple[str, ...]) -> str:
    """As it is sent; put together once for each set of types."""
    assert model.meta.engine
    found = sa.text(LOCKED + COMPARED.replace("{states}", states.of_these(types)))
    return str(found.compile(dialect=model.meta.engine.dialect))


def _of_objects(found: Iterable[Object], pending: Pending) -> list[Event]:
    return [
        Event(f"{one.type}.{_verb(one)}", object=one, action=_action(), facts=pending.facts.get((one.type, one.id), {}))
        for one in found
    ]


def _verb(found: Object) -> str:
    if not found.state:
        return "removed"
    return "changed" if found.was else "created"


def _action() -> str:
    call = calls.current()
    return call.name if call else ""


def _insert(connection: Any, found: Sequence[Event], account: str = "", agencies: Agencies | None = None) -> None:
    rows = _rows(found, account, agencies) if found else []
    if len(rows) == 1:
        connection.exec_driver_sql(ONE, rows[0])
    elif rows:
        connection.execute(table.insert(), rows)


def _rows(found: Sequence[Event], account: str = "", agencies: Agencies | None = None) -> list[dict[str, Any]]:
    """What is done at once is done by one person."""
    about = next((one.object for one in found if one.object), None)
    agency = (agencies or {}).get((about.type, about.id)) if about else None
    who, person = calls.who(account, agency)
    key = options.writer_key()
    return [_row(one, who, person, key) for one in found]


def _row(event: Event, who: events.Who, person: persons.Person | None, key: bytes) -> dict[str, Any]:
    at = events.now()
    id = events.new_id(at)
    private = {**who.private, **({"reason": event.reason} if event.reason else {})}
    locked, commitment = persons.lock(person, id, private) if person else (None, "")
    written = events.write(id, at, event, who, commitment, key)
    return {
        "id": str(id),
        "at": at,
        "kind": event.kind,
        "outcome": event.outcome.value,
        "object_type": event.object.type if event.object else None,
        "object_id": event.object.id if event.object else None,
        "person": who.person or None,
        "organization": who.organization or None,
        "body": written.body,
        "leaf": written.leaf,
        "mark": written.mark,
        "private": locked,
    }
