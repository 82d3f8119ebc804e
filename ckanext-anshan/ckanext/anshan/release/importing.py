"""Imports releases of data that was open before: a manifest names entries and files, a signed list holds them all.

Each line is held against the one that both offices signed, and refused where it differs by a byte. A batch of lines is
one transaction; an interrupted run is finished by the same command, which leaves out what it finds done. A line that
cannot be taken is reported, and the rest goes in.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

import ckan.model as model
from sqlalchemy.exc import SQLAlchemyError

from . import entries, lists, manifest, messages, publishing, vault
from .lists import Allowed, Held
from .manifest import Given, Line, Wrong
from .model import history, is_demo_alone, suspensions
from .publishing import Draft
from .rules import HAS_FILES, Basis, File, OpeningClass, Refusal, is_repeated, kind, sniff

BATCH = 500
CHUNK = 1 << 20

T = TypeVar("T")
Progress = Callable[["Report"], None]


@dataclass
class Report:
    """What came of each line."""

    lines: int = 0
    released: int = 0
    unchanged: int = 0
    refused: int = 0
    left: int = 0  # lines of the list that are not released yet
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
    allowed: Allowed
    held: Held | None  # none for the demo
    dry_run: bool
    last: dict[str, int]  # of each entry asked for, its last line
    report: Report
    index: list[int] = field(default_factory=list)  # jobs that let the released be found


def run(
    path: Path | str,
    allowed: Allowed,
    dry_run: bool = False,
    progress: Progress | None = None,
    batch: int = BATCH,
) -> Report:
    """Release and publish what a manifest names; commits after each batch.

    :param path: JSON lines ``{"code" or "entry", "files": [{"path", "name"?, "format"?}], "release_date"?}``
    :param allowed: the list that both offices signed (art. 28), kept with every release; or the demo's
    :param progress: called with the report after each batch
    :raises Refused: without a readable manifest nothing is done
    """
    start = time.monotonic()
    path = Path(path)
    report = Report(dry_run=dry_run)
    held = Held(allowed.lines) if allowed.lines is not None else None
    current = _Run(allowed, held, dry_run, readable(path, _last_lines), report)
    _Batches(current, progress).take(manifest.read(path), batch)
    publishing.finish(current.index)  # the worker, where one runs, has done most of it meanwhile
    report.left = held.left if held else 0
    report.seconds = round(time.monotonic() - start, 2)
    return report


def _last_lines(path: Path) -> dict[str, int]:
    return {line.entry: line.number for line in manifest.read(path) if isinstance(line, Line)}


def readable(path: Path, act: Callable[[Path], T]) -> T:
    """What this does with a manifest. Raises ``Refused`` where it can't be read, to its last line."""
    try:
        return act(path)
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
        kept = list(stored(lines, run.report, only_hash=run.dry_run))
        if not run.dry_run:
            vault.flush()
        _release(kept, run)
    except (SQLAlchemyError, OSError) as error:
        model.Session.rollback()
        facts = {"first": lines[0].number, "last": lines[-1].number, "reason": f"{error}"[:500]}
        run.report.refuse(lines[0].number, Refusal("batch_failed", facts))
        run.report.refused += len(lines) - 1


def stored(lines: list[Line], report: Report, *, only_hash: bool) -> Iterator[tuple[Line, tuple[File, ...]]]:
    """The lines with their files, which are in the vault by then; ``vault.flush`` has them on the disk."""
    for line in lines:
        try:
            yield line, tuple(_file(given, only_hash) for given in line.files)
        except (OSError, vault.Damaged) as error:
            name = ", ".join(given.name for given in line.files)
            report.refuse(line.number, Refusal("vault_failed", {"name": name, "reason": str(error)}))


def _file(given: Given, only_hash: bool) -> File:
    with given.path.open("rb") as stream:
        sniffed = sniff(given.name, stream.read(8))
        stream.seek(0)
        kept = measured(stream) if only_hash else vault.put(stream, durable=False, mimetype=sniffed)
    format, mimetype = kind(given.name, kept.mimetype or sniffed, given.format)
    return File(given.name, kept.sha256, kept.size, format, mimetype)


def measured(stream: Any) -> vault.Stored:
    """SHA-256 and size of a stream that is kept nowhere."""
    found, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        found.update(chunk)
        size += len(chunk)
    return vault.Stored(found.hexdigest(), size, "")


def _release(kept: list[tuple[Line, tuple[File, ...]]], run: _Run) -> None:
    publishing.lock()
    found = entries.find([line.entry for line, _ in kept])
    taking = _Taking(run, history([entry["id"] for entry in found.values()]))
    later: list[tuple[Line, tuple[File, ...]]] = []
    for line, files in kept:
        entry = found.get(line.entry)
        if entry is not None and entry["id"] in taking.drafts:  # the same entry by code and by name
            later.append((line, files))
        elif refusal := against(line.entry, files, entry) or (taking.take(line, files, entry) if entry else None):
            run.report.refuse(line.number, refusal)
    taking.publish()
    if later:
        _release(later, run)


class _Taking:
    """What one transaction releases."""

    def __init__(self, run: _Run, past: Mapping[str, list[Any]]) -> None:
        self.run, self.past, self.barred = run, past, _Barred(run.allowed, past)
        self.drafts: dict[str, Draft] = {}  # by entry
        self.lines: set[int] = set()  # of the list; those that were released before included

    def take(self, line: Line, files: tuple[File, ...], entry: entries.Entry) -> Refusal | None:
        at = self._signed(lists.line(entry, files, line.release_date))
        if isinstance(at, Refusal):
            return at
        draft, past = Draft(entry, files, self.run.allowed.approval, line.release_date), self.past[entry["id"]]
        if _is_done(draft, line, past, self.run):
            self.run.report.unchanged += 1
        elif refusal := self.barred.refuse(past):
            return refusal
        else:
            self.drafts[entry["id"]] = draft
        self.lines.add(at)
        return None

    def _signed(self, now: lists.Line) -> int | Refusal:
        """Which line of the list it is."""
        if self.barred.all:
            return self.barred.all
        return self.run.held.find(now) if self.run.held else 0

    def publish(self) -> None:
        run, completes = self.run, bool(self.run.held and self.run.held.completes(self.lines))
        if run.dry_run or not (self.drafts or completes):
            model.Session.rollback()
        else:
            self._publish(completes)
        run.report.released += len(self.drafts)
        if run.held:
            run.held.done |= self.lines

    def _publish(self, completes: bool) -> None:
        if completes:
            self.run.allowed.close()
        if self.drafts:
            self.run.index.append(publishing.publish(list(self.drafts.values())))
        else:
            model.Session.commit()


class _Barred:
    """What is not published now, whatever its line says."""

    def __init__(self, allowed: Allowed, past: Mapping[str, list[Any]]) -> None:
        found = suspensions(list({row.dataset_id for rows in past.values() for row in rows}))
        self.off = {one.dataset_id for one in found if publishing.is_taken_off([one])}
        self.all = allowed.stands()
        self.allowed = allowed

    def refuse(self, past: Sequence[Any]) -> Refusal | None:
        if past and past[-1].dataset_id in self.off:
            return Refusal("suspended_dataset", {"name": past[-1].dataset_name})
        if self.allowed.approval.basis is Basis.DEMO:
            return against_demo()
        if self.allowed.is_over:
            return Refusal("list_is_done", {"number": self.allowed.approval.number})
        return Refusal("newer_than_list", {"version": past[-1].version}) if self._is_older(past) else None

    def _is_older(self, past: Sequence[Any]) -> bool:
        """Whether a version was reviewed by itself after the list was signed: it stays."""
        signed = max((str(one["time"]) for one in self.allowed.approval.signatures), default="")
        reviewed = [row for row in past if Basis(row.basis) in REVIEWED]
        return bool(signed and reviewed) and reviewed[-1].created > datetime.fromisoformat(signed)


REVIEWED = frozenset({Basis.REVIEW, Basis.ROUTINE, Basis.EMERGENCY})


def against_demo() -> Refusal | None:
    """Why the demo is not released here; nothing where nothing else ever was."""
    return None if is_demo_alone() else Refusal("demo_not_alone")


def against(named: str, files: Sequence[File], entry: entries.Entry | None) -> Refusal | None:
    """Why an entry can't be released with these files, whoever signed that."""
    if entry is None:
        return Refusal("unknown_entry", {"entry": named[:200]})
    if entry["extras"].get("opening_class") not in {one.value for one in OpeningClass}:
        return Refusal("no_class")
    if not files and OpeningClass(entry["extras"]["opening_class"]) in HAS_FILES:
        return Refusal("no_files")
    return None


def _is_done(draft: Draft, line: Line, past: list[Any], run: _Run) -> bool:
    """Whether this line was released. A list opens a line once: what came after it from elsewhere stays."""
    is_last = run.last.get(line.entry, line.number) == line.number
    mine = [at for at, row in enumerate(past) if row.approval == draft.approval.number]
    is_followed = bool(mine) and any(row.approval != draft.approval.number for row in past[mine[0] :])
    is_last = is_last and not (run.held and is_followed)
    return is_repeated(draft.content_hash(), [row.content_hash for row in past], is_last)


def problems_by_code(report: Report) -> dict[str, int]:
    """How many lines were refused for each reason."""
    codes = sorted(problem["code"] for problem in report.problems)
    return {code: len(list(same)) for code, same in groupby(codes)}
