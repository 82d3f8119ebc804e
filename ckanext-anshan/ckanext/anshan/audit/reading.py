"""Reads events of the log, newest first, so that ten million of them make no page slow.

Each question is carried by one index: it is walked from where the page begins and left when the page is full. What the
index doesn't know is looked at on the way, in so many events at the most; then the page ends there and says so. Ids
follow time, so a page begins after or before an id, and months that can't hold it are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from ckan import model

from . import events

PAGE = 50
EXAMINED = 20_000  # events that one page looks at, at the most
MERGED = 8  # kinds that are walked side by side; with more of them all events are looked through
HANDED_OUT = "file.handed_out"
COLUMNS = "id, at, kind, outcome, object_type, object_id, person, organization, body, private"


@dataclass(frozen=True)
class Asked:
    """Which events; all of them where nothing is said.

    ``own``: id of an account and its person: what was done to it, and what it did. ``is_change``: neither a hand-out
    nor a refusal.
    """

    object: tuple[str, str] | None = None
    own: tuple[str, UUID | None] | None = None
    person: UUID | None = None
    organization: str = ""
    kinds: tuple[str, ...] = ()
    without: tuple[str, ...] = ()  # kinds
    is_change: bool = False
    outcome: str = ""
    since: datetime | None = None
    until: datetime | None = None  # not itself in it
    before: UUID | None = None  # older than this event
    after: UUID | None = None  # newer than this one: the oldest of those


class Page(NamedTuple):
    """Events, newest first. ``older`` and ``newer`` are the ids at which the pages beside this one begin."""

    rows: list[Any]
    older: UUID | None
    newer: UUID | None
    is_cut: bool  # as many were looked at as one page may, and it isn't full


NOTHING = Page([], None, None, False)


def page(asked: Asked, size: int = PAGE) -> Page:
    """One page; a second statement only where the first looked at all that it may."""
    given = {**_values(asked), "size": size + 1, "examined": EXAMINED}
    rows = _run(_statement(asked), given)
    more = len(rows) > size
    rows = rows[:size]
    edge = _horizon(asked, given) if not more and _rest(asked) else None
    if asked.after and not more and edge is None:
        return page(replace(asked, after=None), size)  # so near the newest that these are the first page
    further = rows[-1].id if more else edge
    if asked.after:
        rows.reverse()
    return Page(rows, *_beside(asked, rows, further), is_cut=edge is not None)


def _beside(asked: Asked, rows: list[Any], further: UUID | None) -> tuple[UUID | None, UUID | None]:
    """Where the older page begins, and the newer one."""
    if asked.after:
        return (rows[-1].id if rows else asked.after), further
    return further, (rows[0].id if rows and asked.before else asked.before)


def one(id: UUID) -> Any:
    """An event by its id; None where there is none."""
    start = moment(id)
    bounds = {"id": id, "from": start - timedelta(seconds=1), "to": start + timedelta(seconds=1)}
    found = _run(f"SELECT {COLUMNS} FROM anshan_audit_event WHERE id = :id AND at >= :from AND at <= :to", bounds)
    return found[0] if found else None


def moment(id: UUID) -> datetime:
    """When an event with this id was made: the first 48 bits of a UUID of version 7 are milliseconds."""
    return datetime.fromtimestamp((id.int >> 80) / 1000 % 253_000_000_000, timezone.utc)


def first_id(at: datetime) -> UUID:
    """The least id of this moment."""
    return UUID(int=max(0, int(at.timestamp() * 1000)) << 80)


def statement(asked: Asked, size: int = PAGE) -> tuple[str, dict[str, Any]]:
    """What ``page`` asks first, for whoever wants it explained."""
    return _statement(asked), {**_values(asked), "size": size + 1, "examined": EXAMINED}


def _statement(asked: Asked) -> str:
    """The positions are asked of those alone that are shown."""
    rest = " AND ".join(_rest(asked)) or "true"
    order = _order(asked)
    return f"""
    SELECT found.*, leaf.position FROM (
        SELECT * FROM ({_walk(asked)}) AS walked WHERE {rest} ORDER BY id {order} LIMIT :size
    ) AS found LEFT JOIN anshan_audit_leaf AS leaf ON leaf.event_id = found.id ORDER BY found.id {order}
    """


def _horizon(asked: Asked, given: Mapping[str, Any]) -> UUID | None:
    """The last event that a page looked at; None where it came to the end."""
    query = f"SELECT id FROM ({_walk(asked, 'id')}) AS walked ORDER BY id {_order(asked)} OFFSET :examined - 1 LIMIT 1"
    found = _run(query, given)
    return found[0].id if found else None


def _walk(asked: Asked, columns: str = COLUMNS) -> str:
    """The events that one index gives in their order, or several beside each other."""
    end = f"ORDER BY id {_order(asked)} LIMIT :examined"
    arms = [
        f"SELECT {columns} FROM anshan_audit_event WHERE {' AND '.join([carrier, *_bounds(asked)])} {end}"
        for carrier in _carriers(asked)
    ]
    if len(arms) == 1:
        return arms[0]
    return f"SELECT * FROM ({' UNION ALL '.join(f'({arm})' for arm in arms)}) AS merged {end}"


def _order(asked: Asked) -> str:
    return "ASC" if asked.after else "DESC"


def _carriers(asked: Asked) -> list[str]:
    """The condition that one index answers. Changes have an index of their own: a dataset that is fetched a million
    times has a few."""
    if asked.own:
        mine = "object_type = 'account' AND object_id = :account"
        return [mine] if asked.own[1] is None else [f"{mine} AND person IS DISTINCT FROM :mine", "person = :mine"]
    if asked.object:
        return [_object(asked)]
    if asked.person:
        return ["person = :person"]
    if asked.organization:
        return ["organization = :organization"]
    if asked.outcome == "refused":
        return ["outcome = 'refused'"]
    if 0 < len(asked.kinds) <= MERGED:
        return [f"kind = :kind{number}" for number in range(len(asked.kinds))]
    return ["true"]


def _object(asked: Asked) -> str:
    changes = " AND kind <> 'file.handed_out' AND outcome = 'done'" if asked.is_change else ""
    return f"object_type = :object_type AND object_id = :object_id{changes}"


def _rest(asked: Asked) -> list[str]:
    """What the index doesn't know."""
    carriers = " ".join(_carriers(asked))
    wanted = {
        "object_type = :object_type AND object_id = :object_id": asked.object and "object_id" not in carriers,
        "person = :person": asked.person and "person" not in carriers,
        "organization = :organization": asked.organization and "organization" not in carriers,
        "kind IN :kinds": asked.kinds and "kind = " not in carriers,
        "kind NOT IN :without": asked.without,
        "outcome = :outcome": asked.outcome and "outcome" not in carriers,
        "kind <> 'file.handed_out' AND outcome = 'done'": asked.is_change and "<>" not in carriers,
    }
    return [condition for condition, is_wanted in wanted.items() if is_wanted]


def _bounds(asked: Asked) -> list[str]:
    """Of ids for the index, and of times for the months."""
    after, before = asked.after or asked.since, asked.before or asked.until
    found = ["id > :after AND at >= :from"] if after else []
    return [*found, "id < :before AND at <= :to"] if before else found


def _values(asked: Asked) -> dict[str, Any]:
    after = max(filter(None, (asked.after, asked.since and _just_before(asked.since))), default=None)
    before = min(filter(None, (asked.before, asked.until and first_id(asked.until))), default=None)
    given = {
        "object_type": asked.object and asked.object[0],
        "object_id": asked.object and asked.object[1],
        "account": asked.own and asked.own[0],
        "mine": asked.own and asked.own[1],
        "person": asked.person,
        "organization": asked.organization,
        "kinds": asked.kinds,
        "without": asked.without,
        "outcome": asked.outcome,
        "after": after,
        "before": before,
        "from": after and moment(after),
        "to": before and moment(before) + timedelta(milliseconds=1),
    }
    return {**given, **{f"kind{number}": kind for number, kind in enumerate(asked.kinds)}}


def _just_before(at: datetime) -> UUID:
    return UUID(int=max(0, first_id(at).int - 1))


def batches(asked: Asked, size: int) -> Iterable[list[Any]]:
    """All events, page by page."""
    while True:
        found = page(asked, size)
        if found.rows:
            yield found.rows
        if found.older is None:
            return
        asked = replace(asked, before=found.older)


# what events are about


class Named(NamedTuple):
    """What an object is called: ``title`` by everybody, ``inner`` by those who may see it."""

    title: str
    inner: str
    name: str  # in addresses
    owner: str  # id of its agency
    type: str
    version: int | None = None


NAMES = """
SELECT 'package' AS what, id, CASE WHEN state = 'active' AND NOT private THEN title ELSE '' END AS title,
    title AS inner, name, coalesce(owner_org, '') AS owner, type, NULL::integer AS version
FROM package WHERE id = ANY(:packages)
UNION ALL
SELECT 'group', id, coalesce(nullif(title, ''), name), title, name, '',
    CASE WHEN is_organization THEN 'organization' ELSE 'theme' END, NULL FROM "group" WHERE id = ANY(:groups)
UNION ALL
SELECT 'account', id, '', name, name, '', 'account', NULL FROM "user" WHERE id = ANY(:accounts)
UNION ALL
SELECT 'release', release.id, coalesce(package.title, ''), coalesce(release.metadata->>'title', ''),
    release.dataset_name, coalesce(release.metadata->>'owner_org', ''), 'release', release.version
FROM anshan_release_release AS release LEFT JOIN package
    ON package.id = release.dataset_id AND package.state = 'active' AND NOT package.private
WHERE release.id = ANY(:releases)
"""
WHERE = {"entry": "packages", "dataset": "packages", "organization": "groups", "theme": "groups"} | {
    "account": "accounts",
    "release": "releases",
    "named": "packages",  # what somebody asked for by an id, whatever it is
}


def names(objects: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Named]:
    """What objects are called, by type and id, with one statement; what is gone for good has no name."""
    given: dict[str, list[str]] = {"packages": [], "groups": [], "accounts": [], "releases": []}
    for type, id in objects:
        if type in WHERE:
            given[WHERE[type]].append(id)
    rows = _run(NAMES, given) if any(given.values()) else []
    return {(row.type, row.id): Named(row.title, row.inner or "", *row[4:]) for row in rows}


RESOLVED = {
    "entry": "SELECT id FROM package WHERE type = 'entry' AND (id = :id OR name = :id)",
    "dataset": "SELECT id FROM package WHERE type = 'dataset' AND (id = :id OR name = :id)",
    "organization": 'SELECT id FROM "group" WHERE is_organization AND (id = :id OR name = :id)',
    "theme": 'SELECT id FROM "group" WHERE NOT is_organization AND (id = :id OR name = :id)',
    "account": 'SELECT id FROM "user" WHERE id = :id OR name = :id',
}
"""In one statement with what is on record: what is gone for good still has a history."""
KNOWN = "SELECT id FROM anshan_audit_head WHERE type = :type AND id = :id"


def resolve(type: str, id: str) -> str | None:
    """The id of a recorded object by its id or its name in addresses."""
    parts = [RESOLVED[type]] if type in RESOLVED else []
    rows = _run(" UNION ALL ".join([*parts, KNOWN]) + " LIMIT 1", {"type": type, "id": id})
    return rows[0].id if rows else None


def resolve_any(id: str) -> tuple[str, str] | None:
    """The same for a type that isn't known."""
    parts = [query.replace("SELECT id", f"SELECT '{type}' AS type, id") for type, query in RESOLVED.items()]
    rows = _run(" UNION ALL ".join([*parts, "SELECT type, id FROM anshan_audit_head WHERE id = :id"]), {"id": id})
    return (rows[0].type, rows[0].id) if rows else None


AGENCIES = """
SELECT id, name, coalesce(nullif(title, ''), name) AS title FROM "group"
WHERE is_organization AND state = 'active' ORDER BY title, name
"""


def agencies() -> list[dict[str, str]]:
    """Every agency, with ``id``, ``name`` and ``title``."""
    return [dict(row._mapping) for row in _run(AGENCIES, {})]


# the tree

CHECKPOINTS = """
SELECT size, root, at, note, snapshot FROM anshan_audit_checkpoint ORDER BY size DESC LIMIT :number
"""
WITNESSES = "SELECT name, size, answered, asked, failing FROM anshan_audit_witness ORDER BY name"
RETENTION = "SELECT months, trim, at, failing FROM anshan_audit_retention"
TRIMMED = "SELECT object_id, at, body FROM anshan_audit_event WHERE kind = 'log.trimmed' ORDER BY id"
BEGUN_ANEW = """
SELECT at, body FROM anshan_audit_event JOIN anshan_audit_leaf ON event_id = id
WHERE kind = 'log.begun_anew' ORDER BY position
"""
WAITING = """
SELECT at FROM anshan_audit_event
WHERE xid >= pg_snapshot_xmin(cast(:snapshot AS pg_snapshot))
    AND NOT pg_visible_in_snapshot(xid, cast(:snapshot AS pg_snapshot))
    AND xid < pg_snapshot_xmax(pg_current_snapshot())
ORDER BY xid LIMIT 1
"""  # what was written on another server, before a restore, may have a number that this one hasn't come to
FIRST = "SELECT at FROM anshan_audit_event ORDER BY id LIMIT 1"


def checkpoints(number: int) -> list[Any]:
    return _run(CHECKPOINTS, {"number": number})


def witnesses() -> list[Any]:
    return _run(WITNESSES, {})


def retention() -> Any:
    """How the sealer last fared with the policy for old months; None where there is no policy."""
    return next(iter(_run(RETENTION, {})), None)


def trimmed() -> dict[str, datetime]:
    """The months that were taken out, and when."""
    found: dict[str, datetime] = {}
    for row in _run(TRIMMED, {}):
        facts = json.loads(row.body)["facts"]
        found.setdefault(row.object_id, events.written_at(facts) if facts.get("at") else row.at)
    return dict(sorted(found.items()))


def begun_anew() -> list[dict[str, Any]]:
    """What was sealed of keys that were given up, oldest first: the facts, with ``at``."""
    found: dict[str, dict[str, Any]] = {}
    for row in _run(BEGUN_ANEW, {}):
        facts = json.loads(row.body)["facts"]
        at = facts.get("at", row.at.isoformat()).replace("Z", "+00:00")
        found.setdefault(facts["former"], facts | {"at": at})
    return sorted(found.values(), key=lambda one: one["at"])


def waiting(snapshot: str | None) -> datetime | None:
    """When the oldest event was written that the newest checkpoint doesn't seal; None while there is none."""
    found = _run(WAITING, {"snapshot": snapshot}) if snapshot else _run(FIRST, {})
    return found[0].at if found else None


def _run(query: str, given: Mapping[str, Any]) -> list[Any]:
    lists = [name for name in ("kinds", "without") if f"IN :{name}" in query]
    text = sa.text(query).bindparams(*(sa.bindparam(name, expanding=True) for name in lists))
    used = {name: value for name, value in given.items() if name in text._bindparams}
    return list(model.Session.connection().execute(text, used))
