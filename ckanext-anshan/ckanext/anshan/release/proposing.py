"""Reads a manifest for its list: the files go into the vault, and what of each line is signed is put together.

Lines that cannot be taken are reported exactly as the import reports them, and stay out of the list.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import ckan.model as model

from . import entries, importing, lists, manifest, vault
from .importing import Progress, Report
from .manifest import Line, Wrong
from .rules import File


@dataclass
class Proposal:
    """What a manifest comes to: the lines that can be signed, and a report of the others."""

    manifest: str  # SHA-256 of the file, hex
    lines: list[dict[str, Any]] = field(default_factory=list)  # as lists.line gives them
    report: Report = field(default_factory=Report)


def read(
    path: Path | str, *, progress: Progress | None = None, store: bool = True, batch: int = importing.BATCH
) -> Proposal:
    """What a manifest would release, its files in the vault and on the disk.

    :param store: false: only hash the files
    :raises importing.Refused: there is no readable manifest
    """
    start, path = time.monotonic(), Path(path)
    found = Proposal(importing.readable(path, _look), report=Report(dry_run=not store))
    given = _lines(path, found)
    while lines := list(islice(given, batch)):
        _take(lines, found, store)
        if progress:
            progress(found.report)
    if store:
        vault.flush()
    found.report.seconds = round(time.monotonic() - start, 2)
    return found


def _look(path: Path) -> str:
    """SHA-256 of the manifest, read to its last line."""
    for _ in manifest.read(path):
        pass
    with path.open("rb") as stream:
        return importing.measured(stream).sha256


def _lines(path: Path, found: Proposal) -> Iterator[Line]:
    for line in manifest.read(path):
        found.report.lines += 1
        if isinstance(line, Wrong):
            found.report.refuse(line.number, line.refusal)
        else:
            yield line


def _take(lines: list[Line], found: Proposal, store: bool) -> None:
    known = entries.find([line.entry for line in lines])
    model.Session.rollback()  # nothing is held while files are stored
    for line, files in importing.stored(lines, found.report, only_hash=not store):
        _add(line, files, known.get(line.entry), found)


def _add(line: Line, files: tuple[File, ...], entry: entries.Entry | None, found: Proposal) -> None:
    refusal = importing.against(line.entry, files, entry)
    if refusal:
        found.report.refuse(line.number, refusal)
    elif entry:
        found.lines.append(lists.line(entry, files, line.release_date))
