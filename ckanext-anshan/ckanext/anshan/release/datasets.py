"""The public side: writes, replaces or takes away the datasets of new releases, in the publisher's transaction."""

from __future__ import annotations

import datetime
import json
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ..audit import recording
from ..store import packages
from ..workflow import outbox
from .model import run
from .rules import HAS_DATASET, HAS_FILES, File, OpeningClass, opening_basis
from .tables import IS_TABLE

Row = dict[str, Any]

URL_TYPE = "anshan"
PART = 25  # tables of one job, indexed together
DOOR = re.compile(r"^https?://[^/]+.*?(/data/[^/]+/v\d+/[^/]+)$")

NOW = sa.text(
    "SELECT id, package_id, hash, extras, last_modified FROM resource WHERE package_id = ANY(:ids) AND state = 'active'"
)
DELETE_RESOURCES = sa.text("DELETE FROM resource WHERE package_id = ANY(:ids) AND state = 'deleted'")
DELETE_DATASETS = (
    "DELETE FROM resource_view USING resource WHERE resource_id = resource.id AND package_id = ANY(:ids)",
    "DELETE FROM resource WHERE package_id = ANY(:ids)",
    "DELETE FROM package_tag WHERE package_id = ANY(:ids)",
    "DELETE FROM member WHERE table_name = 'package' AND table_id = ANY(:ids)",
    "DELETE FROM package_member WHERE package_id = ANY(:ids)",
    "DELETE FROM package_relationship WHERE subject_package_id = ANY(:ids) OR object_package_id = ANY(:ids)",
    "DELETE FROM user_following_dataset WHERE object_id = ANY(:ids)",
    "DELETE FROM package WHERE id = ANY(:ids) AND type = 'dataset' RETURNING id",
)


@dataclass(frozen=True)
class Version:
    """What is to be public of a dataset, beside what was until now."""

    row: Row
    files: tuple[File, ...]
    before: Any  # the row of the release published before, or None
    files_before: Sequence[Any]
    withheld: frozenset[str] = frozenset()  # SHA-256 of files that are suspended
    is_taken_off: bool = False  # nothing is to be public of it

    @property
    def dataset_id(self) -> str:
        return self.row["dataset_id"]

    @property
    def opening_class(self) -> OpeningClass:
        return OpeningClass(self.row["opening_class"])

    @property
    def public_files(self) -> tuple[File, ...]:
        if self.opening_class not in HAS_FILES or self.is_taken_off:
            return ()
        return tuple(one for one in self.files if one.sha256 not in self.withheld)

    @property
    def is_shown(self) -> bool:
        return self.opening_class in HAS_DATASET and not self.is_taken_off

    def resource_ids(self) -> set[str]:
        return {resource_id(self.dataset_id, one.name) for one in self.public_files}


def resource_id(dataset_id: str, name: str) -> str:
    """The id of a file's resource: the same in every version of the dataset that has a file of this name."""
    return str(uuid.uuid5(uuid.UUID(dataset_id), name))


def write(versions: Sequence[Version]) -> list[int]:
    """Make the public side what these versions say. Queues the tables; the caller queues the index and commits.

    Returns the jobs that take tables away.
    """
    shown = [one for one in versions if one.is_shown]
    hidden = [one.dataset_id for one in versions if not one.is_shown]
    there = {row.id: row for row in run(NOW, {"ids": [one.dataset_id for one in versions]})}
    kept = {id for one in shown for id in _unchanged(one, there)}
    packages.write([_package(one, there, kept) for one in shown])
    run(DELETE_RESOURCES, {"ids": [one.dataset_id for one in shown]})
    delete(hidden)
    return _queue_tables(versions, kept)


def delete(dataset_ids: Sequence[str]) -> None:
    """Take datasets away, with all that hangs on them."""
    if not dataset_ids:
        return
    *parts, itself = (sa.text(statement) for statement in DELETE_DATASETS)
    model.Session.flush()
    for statement in parts:
        run(statement, {"ids": list(dataset_ids)})
    recording.touch("dataset", run(itself, {"ids": list(dataset_ids)}).scalars())
    model.Session.expire_all()  # objects read before are stale


def _unchanged(version: Version, there: dict[str, Any]) -> Iterable[str]:
    """Resources whose table stays: same bytes, read with the same information items."""
    if version.before is None or _items(version.before.metadata) != _items(version.row["metadata"]):
        return
    for one in version.public_files:
        row = there.get(resource_id(version.dataset_id, one.name))
        if row is not None and row.hash == f"sha256:{one.sha256}":
            yield row.id


def _items(metadata: Row) -> Any:
    return metadata["information_items"]


def _package(version: Version, there: dict[str, Any], kept: set[str]) -> Row:
    row, metadata = version.row, version.row["metadata"]
    fields = metadata["fields"] | {
        "information_items": json.dumps(_items(metadata), ensure_ascii=False) if _items(metadata) else "",
        "opening_basis": opening_basis(metadata["fields"]),
        "release_version": str(row["version"]),
        "release_date": row["release_date"].isoformat(),
        "released_files": str(len(version.public_files)),
    }
    return {
        "id": row["dataset_id"],
        "name": row["dataset_name"],
        "type": "dataset",
        "private": False,
        **{name: metadata[name] for name in ("title", "notes", "owner_org", "license_id", "tags", "groups")},
        "extras": {name: value for name, value in fields.items() if value},
        "resources": [_resource(version, at, one, there, kept) for at, one in enumerate(version.public_files)],
    }


def _resource(version: Version, position: int, one: File, there: dict[str, Any], kept: set[str]) -> Row:
    id = resource_id(version.dataset_id, one.name)
    extras = json.loads(there[id].extras or "{}") if id in kept else {}
    return {
        "id": id,
        "name": one.name,
        "url": address(version.row["dataset_name"], version.row["version"], one.name),
        "url_type": URL_TYPE,
        "format": one.format,
        "mimetype": one.mimetype,
        "size": one.size,
        "hash": f"sha256:{one.sha256}",
        "position": position,
        "last_modified": there[id].last_modified if id in kept else datetime.datetime.utcnow(),
        "extras": extras,
    }


def address(dataset_name: str, version: int, name: str) -> str:
    """Where the one door hands out a file, as a whole address."""
    return here(f"/data/{dataset_name}/v{version}/{quote(name, safe='')}")


def here(path: str) -> str:
    """A path of this portal as a whole address, with today's site address."""
    root = (tk.config.get("ckan.root_path") or "").replace("/{{LANG}}", "").rstrip("/")
    return f"{tk.config['ckan.site_url'].rstrip('/')}{root}{path}"


def readdressed(url: str) -> str:
    """A stored address with today's site address: the portal may have moved since it was published."""
    found = DOOR.match(url)
    return here(found.group(1)) if found else url


def _queue_tables(versions: Sequence[Version], kept: set[str]) -> list[int]:
    load: list[str] = []
    drop: list[str] = []
    for version in versions:
        wanted = [resource_id(version.dataset_id, one.name) for one in version.public_files if one.format in IS_TABLE]
        load += [id for id in wanted if id not in kept]
        before = {row.resource_id for row in version.files_before if row.format in IS_TABLE}
        drop += sorted(before - set(wanted))
    outbox.queue_all("load_tables", _in_parts(load))
    return outbox.queue_all("drop_tables", _in_parts(drop))


def _in_parts(ids: Sequence[str]) -> list[dict[str, list[str]]]:
    return [{"resource_ids": list(ids[start : start + PART])} for start in range(0, len(ids), PART)]
