"""What a reviewer looks at before they sign: what is different from the released version, and the files' first rows."""

from __future__ import annotations

from typing import Any, NoReturn

import ckan.plugins.toolkit as tk

from ..inspection import results
from ..inspection.rules import State as Scan
from ..release import entries
from ..release import rules as release_rules
from . import differing, freezing, messages, previewing, submissions, wording
from .rules import Kind, Refusal

Told = dict[str, Any]
Scanned = dict[str, differing.Findings | None]  # by SHA-256


def difference(row: Any, version: int | None = None) -> Told:
    """What ``anshan_submission_difference`` gives."""
    if row.kind == Kind.LIST.value:
        _missing(Refusal("no_comparison"))
    released = entries.last_version(row.entry_id, version, before=row.id)
    if version is not None and released is None:
        _missing(Refusal("no_version", {"version": version}))
    return _compared(row.frozen, released, _scanned(row))


def before_submitting(entry_id: str, frozen: freezing.Frozen) -> Told:
    """The same of an entry as it would be frozen now; values of files that were not scanned are hidden."""
    return _compared(frozen, entries.last_version(entry_id), {})


def _compared(frozen: freezing.Frozen, released: entries.Entry | None, scanned: Scanned) -> Told:
    """With all that was submitted for the released version, where it came from a review; else with what is public."""
    before = submissions.find(released["submission"]) if released and released["submission"] else None
    previous = before.frozen if before is not None and before.kind == Kind.OPENING.value else None
    known = _scanned(before) if before is not None else {}
    return wording.worded(differing.difference(frozen, released, previous, {**known, **scanned}))


def preview(row: Any, name: str, *, only_found: bool = False) -> Told:
    """What ``anshan_submission_preview`` gives."""
    entry, file = _submitted(row.frozen, name)
    items = release_rules.public_items(entry["extras"].get("information_items") or "[]")
    told = previewing.preview(file, _scanned(row).get(file["sha256"]), only_found=only_found, items=items)
    columns = [one | {"type_word": wording.type_word(one["type"])} for one in told["columns"]]
    return told | {"columns": columns}


def _submitted(frozen: freezing.Frozen, name: str) -> tuple[entries.Entry, Told]:
    """A file with its entry; of a list it is named after the code of the entry, which is read as it stands."""
    file = next((one for one in differing.listed(frozen) if one["name"] == name), None)
    if file is not None:
        return frozen["entry"], file
    code, _, own = name.partition("/")
    for line in frozen.get("lines", ()):
        if code in (line["code"], line["entry"]):
            file = next((one for one in differing.listed(line) if one["name"] == own), None)
            entry = entries.find([line["entry"]]).get(line["entry"])
            if file is not None and entry is not None:
                return entry, file
    return _missing(Refusal("no_such_file", {"name": name}))


def _scanned(row: Any) -> Scanned:
    """What was found in each file; of bytes that were scanned under two names, in both."""
    found: Scanned = {}
    for one in results.of(row.reports):
        own = _found(one)
        before = found.get(one.sha256, [])
        found[one.sha256] = [*before, *own] if before is not None and own is not None else None
    return found


def _found(scan: results.Result) -> differing.Findings | None:
    return scan.report.get("findings", []) if scan.state == Scan.DONE.value else None


def _missing(refusal: Refusal) -> NoReturn:
    raise tk.ObjectNotFound(messages.coded(refusal))
