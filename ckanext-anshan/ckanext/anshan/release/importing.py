"""Imports releases of data that was open before: a manifest names entries and files, an approval covers them all.

A batch of lines is one transaction; an interrupted run is finished by the same command, which leaves out what it finds
done. A line that cannot be taken is reported, and the rest goes in.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import ckan.model as model
from sqlalchemy.exc import SQLAlchemyError

from . import entries, manifest, messages, publishing, vault
from .manifest import Given, Line, Wrong
from .model import history, is_demo_alone, suspensions
from .publishing import Draft
from .rules import HAS_FILES, Approval, Basis, File, OpeningClass, Refusal, is_repeated, kind, sniff

BATCH = 500
CHUNK = 1 << 20

Progress = Callable[["Report"], None]


@dataclass
class Report:
    """What came of each line."""

    lines: int = 0
    released: int = 0
    unchanged: int = 0
    refused: int = 0
    dry_run: bool = False
    seconds: float = 0
    problems: list[dict[str, Any]] = field(default_factory=list)

    def refuse(self, number: int, refusal: Refusal) -> None:
        self.refused += 1
        self.problems.append({"line": number, **messages.coded(refusal)})


class Refused(Exception):
    """Nothing can be imported: the refusal."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(messages.words(refusal))
        self.refusal = refusal


@dataclass(frozen=True)
class _Run:
    approval: Approval
    dry_run: bool
    last: dict[str, int]  # of each entry asked for, its last line
    report: Report
    index: list[int] = field(default_factory=list)  # jobs that let the released be found


def run(
    path: Path | str,
    approval: Approval,
    dry_run: bool = False,
    progress: Progress | None = None,
    batch: int = BATCH,
) -> Report:
    """Release and publish what a manifest names; commits after each batch.

    :param path: JSON lines ``{"code" or "entry", "files": [{"path", "name"?, "format"?}], "release_date"?}``
    :param approval: what approved the opening of all of them (art. 28), kept with every release
    :param progress: called with the report after each batch
    :raises Refused: without a readable manifest nothing is done
    """
    start = time.monotonic()
    path = Path(path)
    report = Report(dry_run=dry_run)
    current = _Run(approval, dry_run, _last_lines(path), report)
    _Batches(current, progress).take(manifest.read(path), batch)
    publishing.finish(current.index)  # the worker, where one runs, has done most of it meanwhile
    report.seconds = round(time.monotonic() - start, 2)
    return report


def _last_lines(path: Path) -> dict[str, int]:
    try:
        return {line.entry: line.number for line in manifest.read(path) if isinstance(line, Line)}
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(Refusal("no_manifest", {"path": str(path), "reason": str(error)})) from error


class _Batches:
    def __init__(self, run: _Run, progress: Progress | None) -> None:
        self.run, self.report, self.progress = run, run.report, progress

    def take(self, lines: Iterable[Line | Wrong], size: int) -> None:
        for batch in _batches(self._taken(lines), size):
            _import(batch, self.run)
            if self.progress:
                self.progress(self.report)

    def _taken(self, lines: Iterable[Line | Wrong]) -> Iterator[Line]:
        for line in lines:
            self.report.lines += 1
            if isinstance(line, Wrong):
                self.report.refuse(line.number, line.refusal)
            else:
                yield line


def _batches(lines: Iterator[Line], size: int) -> Iterator[list[Line]]:
    """Batches in which no entry comes twice, so that each of its lines becomes a version of its own."""
    batch: dict[str, Line] = {}
    for line in lines:
        if len(batch) == size or line.entry in batch:
            yield list(batch.values())
            batch = {}
        batch[line.entry] = line
    if batch:
        yield list(batch.values())


def _import(lines: list[Line], run: _Run) -> None:
    try:
        stored = list(_store(lines, run))
        if not run.dry_run:
            vault.flush()
        _release(stored, run)
    except (SQLAlchemyError, OSError) as error:
        model.Session.rollback()
        facts = {"first": lines[0].number, "last": lines[-1].number, "reason": f"{error}"[:500]}
        run.report.refuse(lines[0].number, Refusal("batch_failed", facts))
        run.report.refused += len(lines) - 1


def _store(lines: list[Line], run: _Run) -> Iterator[tuple[Line, tuple[File, ...]]]:
    for line in lines:
        try:
            yield line, tuple(_file(given, run.dry_run) for given in line.files)
        except (OSError, vault.Damaged) as error:
            name = ", ".join(given.name for given in line.files)
            run.report.refuse(line.number, Refusal("vault_failed", {"name": name, "reason": str(error)}))


def _file(given: Given, dry_run: bool) -> File:
    with given.path.open("rb") as stream:
        sniffed = sniff(given.name, stream.read(8))
        stream.seek(0)
        stored = _only_hash(stream) if dry_run else vault.put(stream, durable=False, mimetype=sniffed)
    format, mimetype = kind(given.name, stored.mimetype, given.format)
    return File(given.name, stored.sha256, stored.size, format, mimetype)


def _only_hash(stream: Any) -> vault.Stored:
    found, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        found.update(chunk)
        size += len(chunk)
    return vault.Stored(found.hexdigest(), size, "")


def _release(stored: list[tuple[Line, tuple[File, ...]]], run: _Run) -> None:
    publishing.lock()
    found = entries.find([line.entry for line, _ in stored])
    past = history([entry["id"] for entry in found.values()])
    barred = _Barred(run.approval, past)
    drafts: dict[str, Draft] = {}
    later: list[tuple[Line, tuple[File, ...]]] = []
    for line, files in stored:
        draft = _draft(line, files, found.get(line.entry), run)
        if isinstance(draft, Refusal):
            run.report.refuse(line.number, draft)
        elif draft.entry["id"] in drafts:  # the same entry by code and by name
            later.append((line, files))
        elif _is_done(draft, line, past[draft.entry["id"]], run):
            run.report.unchanged += 1
        elif refusal := barred.refuse(past[draft.entry["id"]]):
            run.report.refuse(line.number, refusal)
        else:
            drafts[draft.entry["id"]] = draft
    _publish(list(drafts.values()), run)
    if later:
        _release(later, run)


class _Barred:
    """What is not published now, whatever its line says."""

    def __init__(self, approval: Approval, past: Mapping[str, list[Any]]) -> None:
        found = suspensions(list({row.dataset_id for rows in past.values() for row in rows}))
        self.off = {one.dataset_id for one in found if publishing.is_taken_off([one])}
        self.no_demo = approval.basis is Basis.DEMO and not is_demo_alone()

    def refuse(self, past: Sequence[Any]) -> Refusal | None:
        if past and past[-1].dataset_id in self.off:
            return Refusal("suspended_dataset", {"name": past[-1].dataset_name})
        return Refusal("demo_not_alone") if self.no_demo else None


def _publish(drafts: list[Draft], run: _Run) -> None:
    if drafts and not run.dry_run:
        run.index.append(publishing.publish(drafts))
    else:
        model.Session.rollback()
    run.report.released += len(drafts)


def _draft(line: Line, files: tuple[File, ...], entry: entries.Entry | None, run: _Run) -> Draft | Refusal:
    if entry is None:
        return Refusal("unknown_entry", {"entry": line.entry[:200]})
    if entry["extras"].get("opening_class") not in {one.value for one in OpeningClass}:
        return Refusal("no_class")
    if not files and OpeningClass(entry["extras"]["opening_class"]) in HAS_FILES:
        return Refusal("no_files")
    return Draft(entry, files, run.approval, line.release_date)


def _is_done(draft: Draft, line: Line, past: list[Any], run: _Run) -> bool:
    is_last = run.last.get(line.entry, line.number) == line.number
    return is_repeated(draft.content_hash(), [row.content_hash for row in past], is_last)


def problems_by_code(report: Report) -> dict[str, int]:
    """How many lines were refused for each reason."""
    codes = sorted(problem["code"] for problem in report.problems)
    return {code: len(list(same)) for code, same in groupby(codes)}
