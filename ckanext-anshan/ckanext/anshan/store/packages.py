"""Writes whole packages, many at a time, with the same few SQL statements for one as for five hundred.

CKAN's own ``package_create`` sends some fifty statements for each package. Here a batch travels as one JSON
document per table. The rows come out as CKAN would have written them; the caller has checked the values before.
"""

from __future__ import annotations

import datetime
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import ckan.model as model
from sqlalchemy import text

from ..audit import recording

Row = dict[str, Any]

PACKAGE = (
    "id text, name text, title text, version text, url text, notes text, license_id text, type text, owner_org text,"
    " creator_user_id text, private boolean, state text, metadata_created timestamp, metadata_modified timestamp,"
    " extras jsonb"
)
RESOURCE = (
    "id text, package_id text, url text, format text, description text, hash text, position integer, name text,"
    " mimetype text, size bigint, created timestamp, last_modified timestamp, metadata_modified timestamp,"
    " url_type text, extras text, state text"
)
KEPT_AT_UPDATE = {"id", "metadata_created", "creator_user_id", "created"}
"""What a second write leaves as the first one wrote it."""


def _names(columns: str) -> list[str]:
    return [column.split()[0] for column in columns.split(",")]


def _upsert(table: str, columns: str) -> str:
    names = _names(columns)
    updates = ", ".join(f"{name} = EXCLUDED.{name}" for name in names if name not in KEPT_AT_UPDATE)
    return (
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(names)}"
        f" FROM json_to_recordset(CAST(:rows AS json)) AS given({columns}) ON CONFLICT (id) DO UPDATE SET {updates}"
    )


FREE_NAMES = (  # a deleted package gives its name up, as in CKAN
    "UPDATE package SET name = id WHERE state = 'deleted' AND name = ANY(:names) AND NOT id = ANY(:packages)"
    " RETURNING type, id"
)
WRITE_PACKAGES = _upsert("package", PACKAGE)
PURGE_RESOURCES = (
    "DELETE FROM resource WHERE state = 'deleted' AND package_id = ANY(:packages) AND NOT id = ANY(:resources)"
)
DROP_RESOURCES = (  # kept as deleted until the next write, so that their DataStore tables are still known
    "UPDATE resource SET state = 'deleted' WHERE package_id = ANY(:packages) AND NOT id = ANY(:resources)"
)
WRITE_RESOURCES = _upsert("resource", RESOURCE)
WRITE_TAGS = (
    "INSERT INTO tag (id, name) SELECT id, name"
    " FROM json_to_recordset(CAST(:rows AS json)) AS given(id text, name text)"
    " WHERE NOT EXISTS (SELECT FROM tag WHERE tag.name = given.name AND vocabulary_id IS NULL)"
)
CLEAR_TAGS = "DELETE FROM package_tag WHERE package_id = ANY(:packages)"
WRITE_PACKAGE_TAGS = (
    "INSERT INTO package_tag (id, package_id, tag_id, state)"
    " SELECT DISTINCT ON (package, tag.name) given.id, package, tag.id, 'active'"
    " FROM json_to_recordset(CAST(:rows AS json)) AS given(id text, package text, name text)"
    " JOIN tag ON tag.name = given.name AND tag.vocabulary_id IS NULL ORDER BY package, tag.name, tag.id"
)
CLEAR_MEMBERS = (
    "DELETE FROM member WHERE table_name = 'package' AND table_id = ANY(:packages)"
    " AND (capacity = 'organization' OR table_id = ANY(:grouped))"
)
WRITE_MEMBERS = (
    "INSERT INTO member (id, table_name, table_id, capacity, group_id, state)"
    " SELECT id, 'package', package, capacity, owner, 'active'"
    " FROM json_to_recordset(CAST(:rows AS json)) AS given(id text, package text, capacity text, owner text)"
)


def write(packages: Sequence[Mapping[str, Any]]) -> None:
    """Insert or replace these packages with their resources, tags and groups, in the caller's transaction.

    Each mapping has ``id``, ``name``, ``type``, ``owner_org`` (id) and optionally ``title``, ``notes``, ``url``,
    ``version``, ``license_id``, ``private``, ``state``, ``creator_user_id``, ``metadata_created``,
    ``metadata_modified``; ``tags`` (names), ``groups`` (ids), ``extras`` (text to text) and ``resources`` (mappings
    of the resource's columns with ``extras``). ``tags``, ``groups`` and ``resources`` that are absent or None stay as
    they are stored. Nothing is committed and nothing is indexed (``store.index`` does).
    """
    if not packages:
        return
    now = datetime.datetime.utcnow().isoformat()
    ids = [package["id"] for package in packages]
    resources = [row for package in packages for row in _resources(package, now)]
    own = {"packages": _giving("resources", packages), "resources": [row["id"] for row in resources]}
    model.Session.flush()
    freed = _run(FREE_NAMES, packages=ids, names=[package["name"] for package in packages])
    _record(packages, freed)
    _rows(WRITE_PACKAGES, (_package(package, now) for package in packages))
    _run(PURGE_RESOURCES, **own)
    _run(DROP_RESOURCES, **own)
    _rows(WRITE_RESOURCES, resources)
    _write_tags(packages)
    _run(CLEAR_MEMBERS, packages=ids, grouped=_giving("groups", packages))
    _rows(WRITE_MEMBERS, (row for package in packages for row in _members(package)))
    model.Session.expire_all()  # objects read before the write are stale


def _record(packages: Sequence[Mapping[str, Any]], freed: Iterable[Any]) -> None:
    for package in packages:
        recording.touch(package["type"], [package["id"]])
    for type, id in freed:
        recording.touch(type, [id])


def _giving(what: str, packages: Sequence[Mapping[str, Any]]) -> list[str]:
    return [package["id"] for package in packages if package.get(what) is not None]


def _write_tags(packages: Sequence[Mapping[str, Any]]) -> None:
    pairs = [(package["id"], name) for package in packages for name in package.get("tags") or ()]
    _rows(WRITE_TAGS, ({"id": _new(), "name": name} for name in sorted({name for _, name in pairs})))
    _run(CLEAR_TAGS, packages=_giving("tags", packages))
    _rows(WRITE_PACKAGE_TAGS, ({"id": _new(), "package": package, "name": name} for package, name in pairs))


def _package(package: Mapping[str, Any], now: str) -> Row:
    row = {name: package.get(name) for name in _names(PACKAGE)}
    return row | {
        "title": package.get("title") or package["name"],
        "private": bool(package.get("private")),
        "state": package.get("state") or "active",
        "metadata_created": _time(package.get("metadata_created")) or now,
        "metadata_modified": _time(package.get("metadata_modified")) or now,
        "extras": dict(package.get("extras") or {}),
    }


def _resources(package: Mapping[str, Any], now: str) -> list[Row]:
    return [_resource(package["id"], at, given, now) for at, given in enumerate(package.get("resources") or ())]


def _resource(package_id: str, at: int, given: Mapping[str, Any], now: str) -> Row:
    row: Row = {name: given.get(name) for name in _names(RESOURCE)}
    for name in ("url", "format", "description", "hash"):
        row[name] = given.get(name) or ""
    if given.get("url_type") == "upload":
        row["url"] = row["url"].rsplit("/")[-1]  # the rest of the address is made when it is shown
    extras = given.get("extras")
    return row | {
        "id": given.get("id") or _new(),
        "package_id": package_id,
        "position": at if given.get("position") is None else given["position"],
        "created": _time(given.get("created")) or now,
        "last_modified": _time(given.get("last_modified")),
        "metadata_modified": _time(given.get("metadata_modified")) or now,
        "extras": json.dumps(extras, ensure_ascii=False) if extras else None,
        "state": "active",
    }


def _members(package: Mapping[str, Any]) -> Iterable[Row]:
    if package.get("owner_org"):
        yield {"id": _new(), "package": package["id"], "capacity": "organization", "owner": package["owner_org"]}
    for group in dict.fromkeys(package.get("groups") or ()):
        yield {"id": _new(), "package": package["id"], "capacity": "public", "owner": group}


def _time(value: Any) -> str | None:
    return value.isoformat() if isinstance(value, (datetime.datetime, datetime.date)) else value or None


def _new() -> str:
    return str(uuid.uuid4())


def _run(statement: str, **values: Any) -> Any:
    return model.Session.connection().execute(text(statement), values)


def _rows(statement: str, rows: Iterable[Row]) -> None:
    _run(statement, rows=json.dumps(list(rows), ensure_ascii=False))
