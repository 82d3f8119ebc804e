"""Compares versions: their descriptions at once, the rows of their tables where they are small enough."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ..access.rules import File, Release, everybody_may
from ..release import files, tables
from . import contents, differences, messages

log = logging.getLogger(__name__)

KEY = "anshan:differences:1:{before}:{after}"

Told = dict[str, Any]
Listed = Mapping[str, Any]


def summarised(versions: Sequence[Listed]) -> list[Told]:
    """Each version with what changed since the one before: its files, and their rows where that was found already."""
    pairs = list(zip(versions, [*versions[1:], None], strict=True))
    changes = [_changed(before, after) for after, before in pairs]
    known = _kept([change for each in changes for change in each if change.code == "changed"])
    told = []
    for (after, before), listed in zip(pairs, changes, strict=True):
        shown = [_file(change, known.get(_key(change))) for change in listed if change.code != "same"]
        told.append(dict(after) | {"since": before["version"] if before else None, "changes": _once(shown)})
    return told


def _changed(before: Listed | None, after: Listed) -> Sequence[differences.FileChange]:
    """Nothing where one of them is suspended: what isn't shown can't be compared."""
    if before is None or before["suspended"] or after["suspended"]:
        return []
    return differences.files(before["files"], after["files"])


def _once(shown: list[Told]) -> list[Told]:
    """One line where every file tells the same: they mostly hold the same table in several formats."""
    numbers = {tuple((one["rows"] or {}).get(name) for name in ("added", "removed", "changed")) for one in shown}
    is_same = len(shown) > 1 and len(numbers) == 1 and {one["code"] for one in shown} == {"changed"}
    return [shown[0] | {"name": ""}] if is_same else shown


def _file(change: differences.FileChange, rows: Told | None) -> Told:
    return {"name": change.name, "code": change.code, "rows": rows}


def _key(change: differences.FileChange) -> str:
    if change.before is None or change.after is None:
        return ""
    return KEY.format(before=change.before["sha256"], after=change.after["sha256"])


def _kept(changes: Sequence[differences.FileChange]) -> dict[str, Told]:
    return contents.kept([_key(change) for change in changes])


def compare(context: Context, id: str, before: int, after: int) -> Told:
    """What ``anshan_dataset_compare`` gives."""
    old = tk.get_action("anshan_release_show")({}, {"id": id, "version": before})
    new = tk.get_action("anshan_release_show")({}, {"id": id, "version": after})
    if old["metadata"] is None or new["metadata"] is None:
        raise tk.ObjectNotFound(tk._("This version is suspended."))
    return {
        "before": _version(old),
        "after": _version(new),
        "fields": [asdict(one) for one in differences.fields(old["metadata"], new["metadata"])],
        "items": [asdict(one) for one in _items(old, new)],
        "files": rows_of(id, old, new),
    }


def _version(release: Listed) -> Told:
    return {"version": release["version"], "release_date": release["release_date"]}


def _items(old: Listed, new: Listed) -> list[differences.ItemChange]:
    return differences.items(old["metadata"]["information_items"], new["metadata"]["information_items"])


def rows_of(id: str, old: Listed, new: Listed) -> list[Told]:
    """Each file with what happened to it and to its rows; what wasn't known before is found and kept."""
    changes = differences.files(old["files"], new["files"])
    known = _kept([change for change in changes if change.code == "changed"])
    told = []
    for change in changes:
        rows = known.get(_key(change))
        if change.code == "changed" and rows is None:
            rows = _found(id, old, new, change)
        told.append(_file(change, rows))
    return told


def _found(id: str, old: Listed, new: Listed, change: differences.FileChange) -> Told:
    try:
        before, after = _table(id, old, change.name), _table(id, new, change.name)
    except contents.UNREADABLE:
        rows: Told = {"problem": messages.WORDS["too_large_to_compare"]()}
        return rows
    found = differences.between(before, after)
    rows = asdict(found) | {"is_same": found.is_same}
    contents.keep(_key(change), rows)
    return rows


def _table(id: str, release: Listed, name: str) -> differences.Table:
    """The table of a file of a version. Raises ``NotATable`` where there is none, or it is too large."""
    found = files.released(id, release["version"], name)
    if found is None or not everybody_may(Release.of(found), File(found.sha256, found.size)):
        raise tables.NotATable("not_open")
    listed = next(one for one in release["files"] if one["name"] == name)
    table = contents.whole(listed, release["metadata"]["information_items"]).table
    return differences.Table([column.title for column in table.columns], table.rows)


def prepare(dataset_ids: Sequence[str]) -> None:
    """Find what changed in the newest version of each of these datasets, so that their pages can say it."""
    for id in dataset_ids:
        try:
            listed = tk.get_action("anshan_release_list")({}, {"id": id})
        except tk.ObjectNotFound:
            continue
        versions = [one for one in listed if one["state"] in ("published", "superseded")]
        if len(versions) > 1:
            newest, before = versions[0]["version"], versions[1]["version"]
            tk.get_action("anshan_dataset_compare")({}, {"id": id, "before": before, "after": newest})
