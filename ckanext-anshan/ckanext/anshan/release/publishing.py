"""Publishing: one transaction makes a release and writes the public side of its opening class.

The search index and the tables follow through the outbox, queued in that same transaction; the files were put into
the vault before it. So a kill at any moment leaves the old version or the new one.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ..audit import recording
from ..workflow import clock, outbox
from . import datasets
from .entries import Entry
from .model import (
    current,
    file,
    files_of,
    heads,
    history,
    release,
    release_of,
    retirement,
    run,
    suspensions,
    taken_names,
    versions,
)
from .rules import (
    HAS_FILES,
    Approval,
    Command,
    File,
    OpeningClass,
    Role,
    Scope,
    State,
    Step,
    content_hash,
    decide,
    digest,
    public_metadata,
    sharing_terms,
)
from .tables import IS_TABLE

Row = dict[str, Any]

INDEX = "anshan_store_index"
COMPARE = "anshan_dataset_compare_versions"
COPY = "access_make_copies"
LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtext('anshan:publishing'))")


class Suspended(Exception):
    """A dataset that is taken off isn't published: both offices lift that first. Holds the names of such datasets."""


@dataclass(frozen=True)
class Draft:
    """What is to be released: an entry as it stands, and files that are in the vault."""

    entry: Entry
    files: tuple[File, ...]
    approval: Approval
    release_date: datetime.date | None  # the day from which the data is open; today when not given

    @cached_property
    def metadata(self) -> dict[str, Any]:
        return public_metadata(self.entry)

    def content_hash(self) -> str:
        return content_hash(digest(self.metadata), self.files, self.approval.number, str(self.release_date or ""))


def lock() -> None:
    """One publisher at a time, until the end of the transaction; entries are read and compared after this."""
    run(LOCK)


def publish(drafts: Sequence[Draft]) -> int:
    """Release and publish drafts of different entries in one transaction, and commit it.

    The caller holds ``lock``, and what it has pending is committed too. Returns the queued job that lets them be
    found: the caller passes it to ``finish``. Files that are suspended are left out of the public side.

    :raises Suspended: one of the datasets is taken off; nothing is written
    """
    rows = prepare(drafts)
    withheld = _withheld(rows)
    before = current([row["dataset_id"] for row in rows])
    kept = files_of([row.id for row in before.values()])
    _insert(rows, drafts)
    _advance(rows)
    written = [
        datasets.Version(
            row,
            draft.files,
            before.get(row["dataset_id"]),
            _of(kept, before.get(row["dataset_id"])),
            withheld.get(row["dataset_id"], frozenset()),
        )
        for row, draft in zip(rows, drafts, strict=True)
    ]
    dropped = datasets.write(written)
    index = outbox.queue(INDEX, {"ids": [row["dataset_id"] for row in rows]})
    if before:
        outbox.queue(COMPARE, {"ids": sorted(before)})
    _queue_copies(drafts)
    model.Session.commit()
    finish(dropped)
    return index


def _queue_copies(drafts: Sequence[Draft]) -> None:
    """What isn't open to everybody is used under grants, which read columnar copies."""
    granted = (draft for draft in drafts if OpeningClass(draft.entry["extras"]["opening_class"]) not in HAS_FILES)
    tabular = ([one for one in draft.files if one.format in IS_TABLE] for draft in granted)
    jobs = [
        {"files": [{"sha256": one.sha256, "name": one.name, "format": one.format} for one in files]}
        for files in tabular
        if files
    ]
    outbox.queue_all(COPY, jobs)


def retire(entry_id: str, approval: Approval, reason: str, article: str) -> None:
    """Take a dataset back for good; its page says so. Commits, with what the caller has pending.

    :raises ValueError: nothing is published of this entry
    """
    lock()
    head = heads([entry_id]).get(entry_id)
    if head is None:
        raise ValueError(f"nothing is published of {entry_id}")
    move(head, Command.RETIRE, {"reason": reason, "article": article})
    about = {"dataset_id": head.dataset_id, "dataset_name": head.dataset_name, "release_id": head.id}
    given = {"title": head.metadata["title"], "reason": reason, "article": article, "submission": approval.submission}
    run(retirement.insert(), {"id": str(uuid.uuid4()), **about, **given})
    settle(head.dataset_id, take_off(head))


def lapse(release_id: str) -> None:
    """End what was opened in an emergency: the version before it is public again. Commits, as ``retire`` does.

    Does nothing to one that has lapsed already.
    """
    lock()
    row = release_of(release_id)
    if row is None or State(row.state) is State.LAPSED:
        model.Session.commit()
        return
    move(row, Command.LAPSE)
    was_shown = State(row.state) is not State.SUPERSEDED
    settle(row.dataset_id, _before_again(row) if was_shown else [])


def confirm(release_id: str) -> None:
    """What was opened in an emergency stays: every key is there. Commits, as ``retire`` does."""
    lock()
    run(release.update().where(release.c.id == release_id).values(until=None))
    recording.touch("release", [release_id])
    model.Session.commit()


def _before_again(lapsed: Any) -> list[int]:
    """Publish the version before, unless it is suspended or was taken back itself. Returns the tables to drop."""
    earlier = (row for row in versions(lapsed.dataset_id) if row.version < lapsed.version)
    before = next((row for row in earlier if State(row.state) is not State.LAPSED), None)
    if before is None or State(before.state) is not State.SUPERSEDED:
        return take_off(lapsed)
    if is_taken_off(suspensions([lapsed.dataset_id])):
        _set(before, State.SUSPENDED)  # so that lifting brings it back
        return take_off(lapsed)
    move(before, Command.RESTORE)
    return show(before, lapsed)


def move(row: Any, command: Command, given: Mapping[str, Any] | None = None, *by: Role) -> None:
    """Bring a release into the state that the table has for this.

    :param by: publishing itself where nobody is named
    """
    _set(row, _step(State(row.state), command, given or {}, by or (Role.PUBLISHING,)).to)


def _set(row: Any, state: State) -> None:
    run(release.update().where(release.c.id == row.id).values(state=state.value))
    recording.touch("release", [row.id])


def show(row: Any, before: Any) -> list[int]:
    """Write the public side of a version anew, without files that are suspended; the jobs that drop tables.

    :param before: the version whose files were public until now; often the same
    """
    return datasets.write([_version(row, before)])


def take_off(row: Any) -> list[int]:
    """Leave nothing public of the dataset of this version; the jobs that drop its tables."""
    return datasets.write([replace(_version(row, row), is_taken_off=True)])


def _version(row: Any, before: Any) -> datasets.Version:
    kept = files_of([row.id, before.id])
    files = tuple(File(one.name, one.sha256, one.size, one.format, one.mimetype) for one in kept[row.id])
    return datasets.Version(row._asdict(), files, before, kept[before.id], withheld(suspensions([row.dataset_id])))


def settle(dataset_id: str, dropped: Sequence[int]) -> None:
    """Commit, and let it be seen everywhere at once."""
    index = outbox.queue(INDEX, {"ids": [dataset_id]})
    model.Session.commit()
    finish([*dropped, index])


def is_taken_off(suspended: Sequence[Any]) -> bool:
    return any(Scope(one.scope) is Scope.DATASET for one in suspended)


def withheld(suspended: Sequence[Any]) -> frozenset[str]:
    """SHA-256 of the files among what is suspended of one dataset."""
    return frozenset(one.sha256 for one in suspended if Scope(one.scope) is Scope.FILE)


def _withheld(rows: Sequence[Row]) -> dict[str, frozenset[str]]:
    """Of each of these datasets that has suspended files."""
    found: dict[str, list[Any]] = {}
    for one in suspensions([row["dataset_id"] for row in rows]):
        found.setdefault(one.dataset_id, []).append(one)
    off = sorted(each[0].dataset_name for each in found.values() if is_taken_off(each))
    if off:
        raise Suspended(*off)
    return {id: withheld(each) for id, each in found.items()}


def finish(jobs: Sequence[int]) -> None:
    """Do at once what takes data away and what lets it be found; the worker does it if that fails."""
    outbox.finish(jobs)


def _of(files: dict[str, list[Any]], row: Any) -> list[Any]:
    return files.get(row.id, []) if row is not None else []


def prepare(drafts: Sequence[Draft]) -> list[Row]:
    """The rows of these releases: the next version of each dataset, or version 1 of a new one."""
    past = history([draft.entry["id"] for draft in drafts])
    free = [_wished_name(draft.entry) for draft in drafts if not past[draft.entry["id"]]]
    taken = taken_names(free)
    return [_row(draft, past[draft.entry["id"]], taken) for draft in drafts]


def _row(draft: Draft, past: Sequence[Any], taken: set[str]) -> Row:
    metadata = draft.metadata
    return {
        **(_same_dataset(past[-1]) if past else _new_dataset(draft.entry, taken)),
        "id": str(uuid.uuid4()),
        "entry_id": draft.entry["id"],
        "code": draft.entry["extras"].get("code", ""),
        "version": past[-1].version + 1 if past else 1,
        "state": State.RELEASED.value,
        "opening_class": draft.entry["extras"]["opening_class"],
        "metadata": metadata,
        "sharing": sharing_terms(draft.entry),
        "metadata_hash": digest(metadata),
        "content_hash": draft.content_hash(),
        "release_date": draft.release_date or clock.today(),
        **_approved(draft.approval),
    }


def _approved(approval: Approval) -> Row:
    return {
        "approval": approval.number,
        "basis": approval.basis.value,
        "submission": approval.submission,
        "trail": approval.trail,
        "keeps_versions": approval.keeps_versions,
        "until": approval.until,
    }


def _same_dataset(last: Any) -> Row:
    return {"dataset_id": last.dataset_id, "dataset_name": last.dataset_name}


def _new_dataset(entry: Entry, taken: set[str]) -> Row:
    id, wished = str(uuid.uuid4()), _wished_name(entry)
    return {"dataset_id": id, "dataset_name": f"{wished[:90]}-{id[:8]}" if wished in taken else wished}


def _wished_name(entry: Entry) -> str:
    return f"open-{(entry['extras'].get('code') or entry['name']).lower()}"[:100]


def _insert(rows: Sequence[Row], drafts: Sequence[Draft]) -> None:
    run(release.insert(), list(rows))
    recording.touch("release", [row["id"] for row in rows])
    files = [_file(row, at, one) for row, draft in zip(rows, drafts, strict=True) for at, one in enumerate(draft.files)]
    if files:
        run(file.insert(), files)


def _file(row: Row, position: int, one: File) -> Row:
    return {
        "release_id": row["id"],
        "resource_id": datasets.resource_id(row["dataset_id"], one.name),
        "name": one.name,
        "sha256": one.sha256,
        "size": one.size,
        "format": one.format,
        "mimetype": one.mimetype,
        "position": position,
    }


def _advance(rows: Sequence[Row]) -> None:
    """The published version becomes superseded, the new one published: in this order, there is only ever one."""
    ours = release.c.dataset_id.in_([row["dataset_id"] for row in rows])
    old = _step(State.PUBLISHED, Command.SUPERSEDE, {})
    was = release.update().where(ours, release.c.state == State.PUBLISHED.value).values(state=old.to.value)
    recording.touch("release", run(was.returning(release.c.id)).scalars())
    for row in rows:
        new = _step(State(row["state"]), Command.PUBLISH, row)
        row["state"] = new.to.value
    mine = release.c.id.in_([row["id"] for row in rows])
    run(release.update().where(mine).values(state=State.PUBLISHED.value, published=sa.func.now()))


def _step(state: State, command: Command, given: Mapping[str, Any], by: Sequence[Role] = (Role.PUBLISHING,)) -> Step:
    decision = decide(state, command, by, given)
    if not isinstance(decision, Step):
        raise ValueError(f"{decision.code}: {dict(decision.facts)}")
    return decision
