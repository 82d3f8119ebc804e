"""Entries as they stand, many at a time with a few SQL statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from .model import run

Entry = dict[str, Any]

COLUMNS = "id, name, title, notes, license_id, owner_org, extras"
FIND = sa.text(
    f"SELECT {COLUMNS} FROM package WHERE type = 'entry' AND state = 'active'"
    " AND (id = ANY(:keys) OR name = ANY(:keys) OR extras->>'code' = ANY(:keys))"
)
TAGS = sa.text(
    "SELECT package_id, array_agg(tag.name) FROM package_tag JOIN tag ON tag.id = tag_id"
    " WHERE package_id = ANY(:ids) AND package_tag.state = 'active' GROUP BY package_id"
)
GROUPS = sa.text(
    'SELECT table_id, array_agg(member.group_id) FROM member JOIN "group" ON "group".id = group_id'
    " WHERE table_name = 'package' AND table_id = ANY(:ids) AND member.state = 'active'"
    ' AND NOT "group".is_organization AND "group".state = \'active\' GROUP BY table_id'
)


def find(keys: Sequence[str]) -> dict[str, Entry]:
    """The active entries with these codes, names or ids, by what they were asked for."""
    rows = [row._asdict() | {"extras": row.extras or {}} for row in run(FIND, {"keys": list(keys)})]
    ids = {"ids": [row["id"] for row in rows]}
    tags = {id: names for id, names in run(TAGS, ids)}  # noqa: C416
    groups = {id: names for id, names in run(GROUPS, ids)}  # noqa: C416
    asked, found = set(keys), {}
    for row in rows:
        entry = row | {"tags": tags.get(row["id"], []), "groups": groups.get(row["id"], [])}
        names = (row["id"], row["name"], row["extras"].get("code"))
        found.update({name: entry for name in names if name in asked})
    return found


LATEST = sa.text(
    "SELECT DISTINCT ON (entry_id) entry_id, dataset_name, version, state, release_date, opening_class"
    " FROM anshan_release_release WHERE entry_id = ANY(:ids) ORDER BY entry_id, version DESC"
)


def latest(ids: Sequence[str]) -> dict[str, Entry]:
    """The newest version of each of these entries: ``dataset_name``, ``version``, ``state``, ``release_date``."""
    return {row.entry_id: row._asdict() for row in run(LATEST, {"ids": list(ids)})} if ids else {}
