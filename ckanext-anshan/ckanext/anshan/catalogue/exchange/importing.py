"""Imports a catalogue: reads a file, and commits its entries in batches, each with its codes and its problems.

A batch is either in the database, whole, or not at all; what it wrote is queued for the index in the same
transaction. So a killed import has lost nothing, and the same file once more does only what is left.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from ...store import index, packages
from ...workflow import outbox
from .. import themes
from . import entries, faults, forms, options, readers, report, runs
from .agencies import Agencies
from .forms.drafts import Draft, Form
from .judging import Fate, Judge, Judged, give_codes, name_of
from .problems import FileRefused, Level, Problem

BATCH = 250
INDEX = "anshan_store_index"
PATIENCE = 10.0
"""Seconds without any progress that an import waits for the index; then the worker has to do the rest."""
PAUSE = 0.1
NAMES = sa.text("SELECT name, id FROM package WHERE name = ANY(:names)")

COUNTS = ("total", "created", "updated", "unchanged", "refused", "form")

Progress = Callable[[int, int], None]


@dataclass
class Outcome:
    """What an import did."""

    id: str
    form: str
    sheet: str
    dry_run: bool
    total: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    agencies: int = 0
    indexed: bool = True
    """False: Solr couldn't be reached; the worker indexes what was stored as soon as it can"""
    seconds: float = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def errors(self) -> int:
        return sum(problem.level is Level.ERROR for problem in self.problems)

    @property
    def notices(self) -> int:
        return len(self.problems) - self.errors

    def as_dict(self) -> dict[str, Any]:
        names = ("id", "form", "sheet", "dry_run", "total", "created", "updated", "unchanged", "refused", "agencies")
        counted = {name: getattr(self, name) for name in (*names, "errors", "notices", "indexed")}
        return counted | {"seconds": round(self.seconds, 2)}


def run(
    file: str | Path,
    *,
    create_agencies: bool = False,
    dry_run: bool = False,
    user: str | None = None,
    report_to: str | Path | None = None,
    progress: Progress | None = None,
    run_id: str | None = None,
    file_name: str | None = None,
) -> Outcome:
    """Import ``file``. Raises ``FileRefused`` when it can't be read or another import runs: then nothing is changed;
    also when the disk is full or the database goes away: then whole batches are stored, and the file once more goes on.

    :param create_agencies: make the organizations that are missing · :param dry_run: judge, write nothing
    :param user: name or id of who imports · :param report_to: where the problems go (``.jsonl``, else CSV)
    :param progress: called with the entries done and their total · :param run_id: of a run that waits
    """
    started = time.monotonic()
    path = Path(file)
    with faults.told(path):
        if dry_run:
            outcome = _Dry(path, Agencies.load(create_agencies), progress).run()
        else:
            outcome = _recorded(path, run_id, file_name or path.name, user, create_agencies, progress)
    outcome.seconds = time.monotonic() - started
    if report_to:
        with faults.told(Path(report_to)):
            report.write(outcome.problems, Path(report_to))
    return outcome


class _DoneMeanwhile(Exception):
    """The web process and the worker had the same run, and the other one was first."""


def run_waiting(id: str, again: bool = False) -> None:
    """Do the import of an uploaded file, once. ``again``: raise where another import runs, to be asked again later."""
    found = runs.show(id)
    if found is None or found["state"] not in (*runs.OPEN, "interrupted") or not found["path"]:
        return
    path = Path(found["path"])
    if found["plan"]:
        _plan(id, path, found["create_agencies"])
        return
    given = {"create_agencies": found["create_agencies"], "user": found["user_id"], "file_name": found["file_name"]}
    try:
        run(path, run_id=id, **given)
    except _DoneMeanwhile:
        return
    except FileRefused as error:
        if error.code == "import_running":
            if again:
                raise
            return
    if not _is_open(id):  # else the database went away before it took down how the import ended
        path.unlink(missing_ok=True)


def _plan(id: str, path: Path, create_agencies: bool) -> None:
    """Judges the file and notes what an import would do; the file waits until somebody says so."""

    def note(done: int, total: int) -> None:
        runs.update(id, state="running", done=done, total=total)
        model.Session.commit()

    try:
        outcome = run(path, create_agencies=create_agencies, dry_run=True, progress=note)
    except FileRefused as error:
        model.Session.rollback()
        runs.finish(id, "refused", code=error.code, facts=error.facts)
        model.Session.commit()
        path.unlink(missing_ok=True)
        return
    runs.add_problems(id, outcome.problems)
    counts = {name: getattr(outcome, name) for name in (*COUNTS, "agencies")}
    runs.update(id, state="planned", finished=sa.func.now(), done=outcome.total, **counts)
    model.Session.commit()


def _is_open(id: str) -> bool:
    found = runs.show(id)
    return bool(found and found["path"])


def _recorded(
    path: Path, run_id: str | None, file_name: str, user: str | None, create_agencies: bool, progress: Progress | None
) -> Outcome:
    user_id = _user_id(user)
    with runs.alone():
        if run_id and not _is_open(run_id):
            raise _DoneMeanwhile
        id = run_id or runs.create(file_name, user_id, create_agencies)
        runs.update(id, state="running", started=sa.func.now())
        runs.interrupt_others(id)
        model.Session.commit()
        try:
            return _Real(path, Agencies.load(create_agencies), progress, id, user_id).run()
        except BaseException as error:
            model.Session.rollback()
            with suppress(DBAPIError):  # then the run is found interrupted when the next one begins
                _record_failure(id, error, path)
            raise


def _record_failure(id: str, error: BaseException, path: Path) -> None:
    refused = faults.refusal_of(error, path) if isinstance(error, (OSError, DBAPIError)) else error
    if isinstance(refused, FileRefused):
        state = "refused" if refused is error else "failed"
        runs.finish(id, state, code=refused.code, facts=refused.facts)
    else:
        runs.finish(id, "failed", code="failed", facts={"reason": f"{type(error).__name__}: {error}"[:300]})
    model.Session.commit()


def _user_id(user: str | None) -> str | None:
    found = model.User.get(user) if user else None
    return found.id if found else None


class _Dry:
    """Reads and judges a file."""

    def __init__(self, path: Path, agencies: Agencies, progress: Progress | None, id: str = "") -> None:
        self.path, self.agencies, self.progress = path, agencies, progress
        self.outcome, self.brought = Outcome(id, "", "", not id), set[str]()

    def run(self) -> Outcome:
        recognised = forms.recognise(readers.read(self.path, options.limits()))
        self.outcome.form, self.outcome.sheet = recognised.form.id, recognised.sheet
        drafts = list(recognised.drafts)  # the whole file is read before anything is written
        if not drafts:
            raise FileRefused("no_entries", form=recognised.form.id)
        self.outcome.total, self.brought = len(drafts), {draft.entry.get("code", "") for draft in drafts}
        self._told(0)
        judge = Judge(recognised.form, self.agencies)
        for start in range(0, len(drafts), BATCH):
            self._batch(recognised.form, judge, drafts[start : start + BATCH])
            self._told(min(start + BATCH, len(drafts)))
        self.outcome.agencies = self.agencies.created
        return self._end()

    def _batch(self, form: Form, judge: Judge, drafts: Sequence[Draft]) -> None:
        batch = judge.judge(drafts)
        self.agencies.count(one.agency for one in batch if one.writes and one.agency)
        self._count(batch)
        model.Session.rollback()

    def _count(self, batch: Sequence[Judged]) -> list[Problem]:
        for fate in Fate:
            now = getattr(self.outcome, fate.value) + sum(one.fate is fate for one in batch)
            setattr(self.outcome, fate.value, now)
        found = [problem for one in batch for problem in one.draft.problems]
        self.outcome.problems += found
        return found

    def _told(self, done: int) -> None:
        if self.progress:
            self.progress(done, self.outcome.total)

    def _end(self) -> Outcome:
        return self.outcome


class _Real(_Dry):
    """Reads, judges, writes and indexes."""

    def __init__(self, path: Path, agencies: Agencies, progress: Progress | None, id: str, user_id: str | None) -> None:
        super().__init__(path, agencies, progress, id)
        self.user_id = user_id

    def _batch(self, form: Form, judge: Judge, drafts: Sequence[Draft]) -> None:
        batch = judge.judge(drafts)
        give_codes(batch, self.brought)
        written = [one for one in batch if one.writes]
        self.agencies.write(one.agency for one in written if one.agency)
        self._write(written)
        known = {one.key: (one.id, one.hash) for one in batch if one.fate is not Fate.REFUSED}
        runs.remember(form.id, known)
        runs.add_problems(self.outcome.id, self._count(batch))
        self._note()
        if written:
            outbox.queue(INDEX, {"ids": [one.id for one in written], "commit": False})
        model.Session.commit()  # from here on the worker indexes it, while the next batch is read

    def _write(self, written: Sequence[Judged]) -> None:
        groups = themes.ensure({theme for one in written for theme in one.entry.get("themes") or ()})
        new = {one.id: name_of(one, {}) for one in written if not one.stored}
        taken = dict(model.Session.execute(NAMES, {"names": list(new.values())}).tuples().all())
        packages.write(
            [
                entries.package(one.stored, one.id, name_of(one, taken), one.agency.id, one.entry, groups)
                | {"creator_user_id": self.user_id}
                for one in written
                if one.agency
            ]
        )

    def _note(self) -> None:
        counts = {name: getattr(self.outcome, name) for name in COUNTS}
        done = sum(counts[fate.value] for fate in Fate)
        runs.update(self.outcome.id, **counts, done=done, agencies=self.agencies.created)

    def _end(self) -> Outcome:
        self.outcome.indexed = _settled() and _visible()
        runs.finish(self.outcome.id, "done")
        model.Session.commit()
        return self.outcome


def _settled() -> bool:
    """Whether all that was queued is in the index: done here, unless the worker was faster or is at it."""
    left, until = 0, 0.0
    while waiting := outbox.waiting({INDEX}):
        if not left or waiting < left:
            left, until = waiting, time.monotonic() + PATIENCE
        elif time.monotonic() > until:
            return False
        if not outbox.drain(kinds={INDEX}):
            time.sleep(PAUSE)
    return True


def _visible() -> bool:
    try:
        index.make_visible()
    except index.SearchIndexError:
        return False
    return True
