"""What other rooms may know of a file: where it belongs, what it is, and its checked bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from . import damages, telling
from .datasets import address, readdressed
from .model import current_file, find_file, head_of, last_open_file, run
from .vault import Damaged, Missing, check, chunks, holds, on_disk, path, read, verify

__all__ = [
    "Damaged",
    "Found",
    "Missing",
    "Published",
    "address_of",
    "check",
    "check_found",
    "chunks",
    "holds",
    "is_damaged",
    "on_disk",
    "path",
    "published",
    "read",
    "readdressed",
    "released",
    "why_not",
    "working",
]

WORKING = sa.text(
    "SELECT resource.name, resource.url, resource.hash, resource.size, resource.mimetype, owner_org, package_id"
    " FROM resource JOIN package ON package.id = package_id"
    " WHERE resource.id = :id AND package.type = 'entry' AND url_type = 'upload' AND resource.state = 'active'"
)


@dataclass(frozen=True)
class Found:
    """A file, or the version in which it was looked for (then without hash)."""

    sha256: str = ""
    name: str = ""
    size: int = 0
    mimetype: str = ""
    agency: str = ""  # id of the organization whose working file this is
    version: int = 0  # of the release
    entry_id: str = ""  # of the entry that a working file belongs to
    dataset_id: str = ""
    state: str = ""  # of the release
    own_class: str = ""  # opening class of the release
    current_state: str = ""  # of the version that the dataset stands for now
    current_class: str = ""  # its opening class
    keeps_versions: bool = False  # its reviewers left earlier open versions open
    is_suspended: bool = False  # the file, the version or the dataset
    is_damaged: bool = False  # it was, when somebody looked last
    address: str = ""  # where the one door hands it out


@dataclass(frozen=True)
class Published:
    """A file of the version that is published now, with what that version says of its columns."""

    found: Found
    format: str
    version: int
    dataset_name: str
    items: Sequence[Mapping[str, str]]


def released(dataset: str, version: int | None, name: str) -> Found | None:
    """A file of a version of a dataset (by name or id); of the newest one without a number.

    Nothing when nothing was ever published of this dataset; a ``Found`` without hash when there is no such file.
    """
    row = find_file(dataset, version, name)
    if row is None:
        head = head_of(dataset)
        return _without_file(head) if head else None
    kept = ("dataset_id", "state", "current_state", "current_class", "keeps_versions", "is_suspended", "is_damaged")
    facts = {name: getattr(row, name) for name in kept} | {"own_class": row.opening_class}
    where = address(row.dataset_name, row.version, row.name)
    return Found(row.sha256, row.name, row.size, row.mimetype, version=row.version, address=where, **facts)


def _without_file(head: Any) -> Found:
    return Found(
        dataset_id=head.dataset_id,
        version=head.version,
        state=head.state,
        own_class=head.opening_class,
        current_state=head.state,
        current_class=head.opening_class,
        keeps_versions=head.keeps_versions,
        is_suspended=head.state == "suspended",
    )


def why_not(found: Found) -> Mapping[str, Any]:
    """Of a file that is suspended or was withdrawn: ``since``, ``office``, ``reason``; empty where nothing is known."""
    told = telling.of_file(found.dataset_id, found.version, found.sha256) if found.is_suspended else None
    return told or telling.of_retirement(found.dataset_id)


def check_found(found: Found) -> None:
    """Raise ``Missing`` or ``Damaged`` unless these are the bytes that were signed; one that wasn't whole is hashed."""
    check(found.sha256, found.size)
    if found.is_damaged:
        verify(found.sha256)


def is_damaged(found: Found, problem: str) -> None:
    """Keep that a file isn't whole, so that an alarm tells of it until it is."""
    damages.remember(found.sha256, problem)


def working(resource_id: str) -> Found | None:
    """The file that was uploaded to a resource of an entry."""
    row: Any = run(WORKING, {"id": resource_id}).first()
    if row is None or not (row.hash or "").startswith("sha256:"):
        return None
    sha256 = row.hash.removeprefix("sha256:")
    facts = {"agency": row.owner_org or "", "entry_id": row.package_id}
    return Found(sha256, row.url or row.name, row.size or 0, row.mimetype or "", **facts)


def published(resource_id: str) -> Published | None:
    """The file that a dataset's resource stands for now."""
    row = current_file(resource_id)
    if row is None:
        return None
    where = address(row.dataset_name, row.version, row.name)
    states = {"state": row.state, "current_state": row.state}
    classes = {"own_class": row.opening_class, "current_class": row.opening_class}
    more = {"dataset_id": row.dataset_id, "address": where, **states, **classes}
    found = Found(row.sha256, row.name, row.size, row.mimetype, **more)
    return Published(found, row.format, row.version, row.dataset_name, row.metadata["information_items"])


def address_of(resource_id: str) -> str | None:
    """Where the one door hands out the file that a dataset's resource stands for, or says why it doesn't any more."""
    row = current_file(resource_id) or last_open_file(resource_id)
    return address(row.dataset_name, row.version, row.name) if row else None
