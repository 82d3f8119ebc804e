"""Mends a file as a report offers: a new file in the vault becomes the entry's, and is scanned in its turn."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context
from werkzeug.datastructures import FileStorage

from ..audit import recording
from ..release import files
from . import messages, options, processes, reports, scanner, wording
from .rules import Refusal
from .supervising import plain

LONGEST = 150.0  # seconds that somebody waits for their page


def difference(row: Any, asked: Sequence[Mapping[str, Any]]) -> dict[str, Any] | Refusal:
    """What would be changed, with masked examples; nothing is written."""
    with files.on_disk(row.sha256) as path:
        return _answer(scanner.remedy(path, row, asked, None))


def mend(
    context: Context, row: Any, agency: str, asked: Sequence[Mapping[str, Any]], user_id: str | None
) -> str | Refusal:
    """Make the file, give it to the entry and ask for its scan, in one transaction; the new report's id.

    :param agency: id of the entry's organization, whose words the scan looks for
    """
    with files.on_disk(row.sha256) as path, TemporaryDirectory(prefix="anshan-remedy-") as folder:
        to = Path(folder) / "made"
        changes = _answer(scanner.remedy(path, row, asked, to))
        if isinstance(changes, Refusal):
            return changes
        return _give(context, row, agency, asked, user_id, changes, to)


def _answer(request: Mapping[str, Any]) -> dict[str, Any] | Refusal:
    told = processes.answer(scanner.REMEDY, request, f"remedy-{uuid.uuid4()}", min(LONGEST, options.seconds()))
    if isinstance(told.get("changes"), dict):
        return plain(told["changes"])
    if told.get("refused"):
        return Refusal("refused", {"reason": wording.refused(str(told["refused"]), told.get("facts") or {})})
    return Refusal(str(told.get("error") or "crashed"))


def _give(
    context: Context,
    row: Any,
    agency: str,
    asked: Sequence[Mapping[str, Any]],
    user_id: str | None,
    changes: dict[str, Any],
    to: Path,
) -> str:
    name = _name(row.file_name, str(changes.get("name") or row.file_name))
    reports.add_remedy(str(uuid.uuid4()), row, changes["sha256"], asked, changes, user_id)
    made = files.Found(changes["sha256"], name, to.stat().st_size, entry_id=row.package_id)
    id, _ = reports.ask(made, row.resource_id, scanner.version_for(agency), user_id)
    names = ", ".join(sorted({one["remedy"] for one in asked}))
    facts = {"file": name, "from": row.sha256, "to": changes["sha256"], "remedies": names}
    recording.touch("entry", [row.package_id], facts)
    try:
        with to.open("rb") as stream:
            _replace(context, row, FileStorage(stream, name))
    except BaseException:
        model.Session.rollback()
        raise
    return id


def _replace(context: Context, row: Any, upload: FileStorage) -> None:
    """Through CKAN's action, which asks once more who may, keeps the history and commits."""
    known = tk.get_action("resource_show")(Context(user=context.get("user", "")), {"id": row.resource_id})
    before, after = PurePath(row.file_name), PurePath(upload.filename or "")
    more = {"name": upload.filename} if known.get("name") == row.file_name else {}
    more |= {"format": after.suffix[1:].upper()} if before.suffix.lower() != after.suffix.lower() else {}
    tk.get_action("resource_patch")(
        Context(user=context.get("user", "")), {"id": row.resource_id, "upload": upload, **more}
    )


def _name(before: str, after: str) -> str:
    """The made file's name: that of the file, with the ending of what was made."""
    ending = PurePath(after).suffix
    return before if PurePath(before).suffix.lower() == ending.lower() else f"{PurePath(before).stem}{ending}"


def told(refusal: Refusal) -> str:
    facts = {"minutes": options.seconds() // 60, "megabytes": options.memory() >> 20, "attempts": 1}
    return messages.failure(refusal.code, {**facts, **refusal.facts})
