"""What is frozen when an entry is submitted: its metadata and each file's SHA-256, as one document with one hash."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ..catalogue import rules as catalogue_rules
from ..release import entries
from ..release.rules import CONDITIONS, HAS_FILES, SHARING_FIELDS, File, OpeningClass, public_metadata
from ..release.rules import digest as digest_of
from .rules import Kind, Refusal

Frozen = dict[str, Any]
FORM = 1  # of the document
SHARED = frozenset({"unconditional", "conditional"})  # sharing classes (art. 20)

FILES = sa.text(
    "SELECT id, name, url, url_type, hash, size, format, mimetype FROM resource"
    " WHERE package_id = :id AND state = 'active' ORDER BY position, id"
)
LOCK = sa.text("SELECT id FROM package WHERE id = :id AND type = 'entry' AND state = 'active' FOR UPDATE")


def entry_of(id: str, *, lock: bool = False) -> entries.Entry | None:
    """An entry as it stands, by id, name or code; locked, nobody changes it until the transaction ends."""
    found = entries.find([id]).get(id)
    if found is None or not lock:
        return found
    if model.Session.execute(LOCK, {"id": found["id"]}).first() is None:
        return None
    return entries.find([found["id"]]).get(found["id"])


def opening(entry: entries.Entry, asked: Mapping[str, Any]) -> Frozen | Refusal:
    """The document of a first version, a new version or another class.

    :param asked: ``routine`` (whether later updates may pass on the agency's key), ``old_versions`` (follow or stay)
    """
    lacking = gaps(entry)
    if lacking:
        return Refusal("incomplete", {"fields": tuple(lacking)})
    files = files_of(entry)
    if isinstance(files, Refusal):
        return files
    return {
        "form": FORM,
        "kind": Kind.OPENING.value,
        "entry": _plain(entry),
        "files": files,
        "policy": {"routine": bool(asked.get("routine"))},
        "old_versions": asked.get("old_versions") or "follow",
    }


def emergency(entry: entries.Entry, reason: str, days: int) -> Frozen | Refusal:
    """The document of an opening at once (art. 20)."""
    found = opening(entry, {})
    return found if isinstance(found, Refusal) else found | {"emergency": {"reason": reason, "days": days}}


def retirement(entry: entries.Entry, standing: Mapping[str, Any], reason: str, article: str) -> Frozen:
    """The document of taking a dataset back for good.

    :param standing: ``dataset_id``, ``version`` and ``opening_class`` of what is public now
    """
    return {
        "form": FORM,
        "kind": Kind.RETIREMENT.value,
        "entry": _plain(entry),
        "files": [],
        "retires": {"dataset": standing["dataset_id"], "version": standing["version"]},
        "reason": reason,
        "article": article,
    }


def gaps(entry: entries.Entry) -> list[str]:
    """The fields in which something is missing, each once."""
    shown = tk.get_action("package_show")({"ignore_auth": True}, {"id": entry["id"]})
    return list(dict.fromkeys(one.field for one in catalogue_rules.check(shown) if catalogue_rules.is_gap(one)))


def files_of(entry: entries.Entry) -> list[dict[str, Any]] | Refusal:
    """The files that would be opened, or shared between agencies; of what is neither there are none."""
    opening_class = OpeningClass(entry["extras"]["opening_class"])
    if opening_class is OpeningClass.CLOSED and not is_shared(entry):
        return []
    rows = list(model.Session.execute(FILES, {"id": entry["id"]}))
    for row in rows:
        if row.url_type != "upload" or not (row.hash or "").startswith("sha256:"):
            return Refusal("a_link", {"name": row.name or row.url})
    names = [row.url.rpartition("/")[2] for row in rows]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        return Refusal("same_name_twice", {"name": twice})
    if not rows and opening_class in HAS_FILES:
        return Refusal("no_files")
    return [_file(row, name) for row, name in zip(rows, names, strict=True)]


def is_shared(entry: entries.Entry) -> bool:
    """Whether agencies may have it (art. 20): its files are kept with the version, whether they are public or not."""
    return entry["extras"].get("sharing_class") in SHARED


def _file(row: Any, name: str) -> dict[str, Any]:
    return {
        "name": name,
        "sha256": row.hash.removeprefix("sha256:"),
        "size": row.size or 0,
        "format": row.format or "",
        "mimetype": row.mimetype or "",
        "resource_id": row.id,
    }


def _plain(entry: entries.Entry) -> dict[str, Any]:
    """With one order for what has none."""
    return {**entry, "tags": sorted(entry["tags"]), "groups": sorted(entry["groups"])}


# what a frozen document says


def scanned(frozen: Frozen) -> list[dict[str, Any]]:
    """The files that are scanned, each once: as ``files_of`` has them, with the id of their ``entry``.

    A file of a list has no resource; it gets an id that is the same for the same name of the same entry.
    """
    listed = [one | {"entry": line["entry"]} for line in frozen.get("lines", ()) for one in line["files"]]
    named = [one | {"resource_id": str(uuid.uuid5(LISTED, f"{one['entry']}/{one['name']}"))} for one in listed]
    own = [one | {"entry": frozen["entry"]["id"]} for one in frozen.get("files", ())]
    return [*own, *{(one["resource_id"], one["sha256"]): one for one in named}.values()]


LISTED = uuid.UUID("c1f0a2de-6d0f-4a5b-9a4e-0d1f5b7f3c52")
"""Namespace of the ids of files that only a list names."""


def files(frozen: Frozen) -> tuple[File, ...]:
    """As a release has them."""
    return tuple(
        File(one["name"], one["sha256"], one["size"], one["format"], one["mimetype"]) for one in frozen["files"]
    )


def level(frozen: Frozen) -> str:
    return frozen["entry"]["extras"].get("security_level", "")


def items_digest(frozen: Frozen) -> str:
    """SHA-256 over the information items, the internal ones included."""
    return digest_of(frozen["entry"]["extras"].get("information_items") or "[]")


def conditions_digest(frozen: Frozen) -> str:
    """SHA-256 over who may have it and on what conditions, the public and agencies."""
    extras = frozen["entry"]["extras"]
    return digest_of({name: extras[name] for name in (*CONDITIONS, *SHARING_FIELDS) if extras.get(name)})


def allows_routine(frozen: Frozen) -> bool:
    return bool(frozen.get("policy", {}).get("routine"))


def keeps_versions(frozen: Frozen) -> bool:
    return frozen.get("old_versions") == "stay"


def public(frozen: Frozen) -> dict[str, Any]:
    """The metadata that would be public."""
    return public_metadata(frozen["entry"])
