"""Entries between a file and the store: what is stored of them, and what of a draft is new."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from .. import fields
from . import readers

Entry = dict[str, Any]

CORE = ("title", "notes", "license_id")
IN_TABLES = (*CORE, "themes", "tags")
LISTS = tuple(name for name, spec in fields.ENTRY.items() if spec.many and name != "themes")
ITEM_DEFAULTS = {"type": "text"}
"""What a new item is where a form has no place for it."""
FIND = sa.text(
    "SELECT id, name, title, notes, license_id, owner_org, state, extras FROM package"
    " WHERE type = 'entry' AND (id = ANY(:ids) OR (owner_org = ANY(:owners) AND title = ANY(:titles)))"
)
TAGS = sa.text(
    "SELECT package_id, array_agg(tag.name ORDER BY tag.name) FROM package_tag JOIN tag ON tag.id = tag_id"
    " WHERE package_id = ANY(:ids) AND package_tag.state = 'active' GROUP BY package_id"
)
THEMES = sa.text(
    'SELECT table_id, array_agg("group".name ORDER BY "group".name) FROM member JOIN "group" ON "group".id = group_id'
    " WHERE table_name = 'package' AND table_id = ANY(:ids) AND member.state = 'active'"
    ' AND NOT "group".is_organization AND "group".state = \'active\' GROUP BY table_id'
)
FILES = sa.text(
    "SELECT package_id, name, url, url_type, cache_url FROM resource"
    " WHERE package_id = ANY(:ids) AND state = 'active' ORDER BY position"
)


@dataclass(frozen=True)
class Stored:
    """An entry as it stands in the portal."""

    id: str
    name: str
    owner_org: str
    deleted: bool
    entry: Entry
    files: list[Entry]
    """what the rules look at in its resources"""


def find(ids: Iterable[str], owners: Iterable[str] = (), titles: Iterable[str] = ()) -> list[Stored]:
    """The entries with these ids, and those of these owners with these titles; three statements."""
    given = {"ids": list(ids), "owners": list(owners), "titles": list(titles)}
    return read(model.Session.execute(FIND, given).all())


def read(rows: Sequence[Any]) -> list[Stored]:
    """Rows of ``package`` as entries with their keywords, themes and files; three statements."""
    ids = {"ids": [row.id for row in rows]}
    tags = dict(model.Session.execute(TAGS, ids).tuples().all()) if rows else {}
    themes = dict(model.Session.execute(THEMES, ids).tuples().all()) if rows else {}
    files = defaultdict(list)
    for row in model.Session.execute(FILES, ids) if rows else ():
        files[row.package_id].append(row._asdict())
    return [_stored(row, _entry(row, tags.get(row.id), themes.get(row.id)), files[row.id]) for row in rows]


def _stored(row: Any, entry: Entry, files: list[Entry]) -> Stored:
    return Stored(row.id, row.name, row.owner_org, row.state != "active", entry, files)


def _entry(row: Any, tags: list[str] | None, themes: list[str] | None) -> Entry:
    entry: Entry = {name: value for name in CORE if (value := getattr(row, name))}
    for name, value in (row.extras or {}).items():
        entry[name] = json.loads(value) if name in LISTS or name == "information_items" else value
    return entry | {"tags": tags or [], "themes": themes or []}


def package(
    stored: Stored | None, id: str, name: str, owner_org: str, entry: Entry, themes: Mapping[str, str]
) -> Entry:
    """An entry as ``store.packages`` takes it; the files of a stored one stay."""
    return {
        "id": id,
        "name": stored.name if stored else name,
        "type": "entry",
        "private": True,
        "owner_org": owner_org,
        "title": entry["title"],
        "notes": entry.get("notes") or None,
        "license_id": entry.get("license_id") or None,
        "tags": entry.get("tags") or [],
        "groups": [themes[theme] for theme in entry.get("themes") or () if theme in themes],
        "extras": {name: _extra(value) for name, value in entry.items() if value and name not in IN_TABLES},
    }


def _extra(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def merged(stored: Entry, given: Entry, complete: bool) -> Entry:
    """The stored entry with what a file says. A form without a place for everything only adds and changes."""
    if complete:
        return stored | given
    items = {item["name"]: item for item in stored.get("information_items") or ()}
    said = {name: value for name, value in given.items() if value}
    if "information_items" in said:
        said["information_items"] = [
            ITEM_DEFAULTS | items.get(item["name"], {}) | item for item in said["information_items"]
        ]
    return stored | said


def same(one: Entry, other: Entry) -> bool:
    """Whether two entries say the same: empty and absent are one, and so are the ends of lines."""
    return _plain(one) == _plain(other)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: plain for name, each in value.items() if (plain := _plain(each))}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return readers.clean(value) if isinstance(value, str) else value


def content_hash(agency: str, given: Entry) -> str:
    """SHA-256 of what a file says of an entry."""
    content = json.dumps([agency, given], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()
