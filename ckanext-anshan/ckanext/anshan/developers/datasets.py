"""Reads the public datasets in batches: one SQL statement each, however many datasets there are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from ckan import model

Dict = dict[str, Any]

BATCH = 500

PUBLIC = "package.type = 'dataset' AND package.state = 'active' AND NOT package.private"
WHOLE = sa.text(
    "SELECT package.id, package.name, package.title, notes, license_id, metadata_modified, package.extras,"
    ' "group".name AS agency_name, "group".title AS agency_title,'
    " (SELECT json_agg(json_build_object('id', id, 'name', name, 'format', format, 'mimetype', mimetype, 'size', size,"
    " 'hash', hash, 'url', url, 'url_type', url_type, 'extras', extras) ORDER BY position)"
    " FROM resource WHERE package_id = package.id AND resource.state = 'active') AS files,"
    " (SELECT array_agg(tag.name ORDER BY tag.name) FROM package_tag JOIN tag ON tag.id = tag_id"
    " WHERE package_id = package.id AND package_tag.state = 'active') AS keywords,"
    ' (SELECT array_agg(theme.name ORDER BY theme.name) FROM member JOIN "group" theme ON theme.id = group_id'
    " WHERE table_name = 'package' AND table_id = package.id AND member.state = 'active' AND NOT is_organization)"
    " AS themes"
    f' FROM package LEFT JOIN "group" ON "group".id = owner_org WHERE {PUBLIC} AND package.name > :after'
    " ORDER BY package.name LIMIT :most"
)
COUNT = sa.text(f"SELECT count(*) FROM package WHERE {PUBLIC}")
NAMES = sa.text(f"SELECT name, metadata_modified FROM package WHERE {PUBLIC} ORDER BY name LIMIT :most OFFSET :start")
AGENCIES = sa.text(
    "SELECT name FROM \"group\" WHERE is_organization AND state = 'active' AND approval_status = 'approved'"
    " ORDER BY name"
)


def all_public() -> Iterator[Dict]:
    """Every public dataset with its files, by name. A connection of its own: it outlives the request that asked."""
    after = ""
    with model.ensure_engine().connect() as connection:
        while True:
            rows = [dict(row) for row in connection.execute(WHOLE, {"after": after, "most": BATCH}).mappings()]
            yield from rows
            if len(rows) < BATCH:
                return
            after = rows[-1]["name"]


def count() -> int:
    return int(model.Session.execute(COUNT).scalar() or 0)


def names(start: int, most: int) -> list[tuple[str, str]]:
    """Names of public datasets, with the day of their last change."""
    rows = model.Session.execute(NAMES, {"start": start, "most": most}).all()
    return [(row.name, row.metadata_modified.date().isoformat()) for row in rows]


def agencies() -> list[str]:
    return list(model.Session.execute(AGENCIES).scalars())
