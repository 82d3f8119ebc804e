"""Publishing: one transaction makes a release and writes the public side of its opening class.

The search index and the tables follow through the outbox, queued in that same transaction; the files were put into
the vault before it. So a kill at any moment leaves the old version or the new one.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ..audit import recording
from ..workflow import clock, outbox
from . import datasets
from .entries import Entry
from .model import current, file, files_of, history, release, run, taken_names
from .rules import Command, File, Role, State, Step, content_hash, decide, digest, public_metadata

Row = dict[str, Any]

INDEX = "anshan_store_index"
COMPARE = "anshan_dataset_compare_versions"
LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtext('anshan:publishing'))")


@dataclass(frozen=True)
class Draft:
    """What is to be released: an entry as it stands, and files that are in the vault."""

    entry: Entry
    files: tuple[File, ...]
    approval: str
    release_date: datetime.date | None  # the day from which the data is open; today when not given

    @cached_property
    def metadata(self) -> dict[str, Any]:
        return public_metadata(self.entry)

    def content_hash(self) -> str:
        return content_hash(digest(self.metadata), self.files, self.approval, str(self.release_date or ""))


def lock() -> None:
    """One publisher at a time, until the end of the transaction; entries are read and compared after this."""
    run(LOCK)


def publish(drafts: Sequence[Draft]) -> int:
    """Release and publish drafts of different entries in one transaction, and commit it.

    The caller holds ``lock``. Returns the queued job that lets them be found: the caller passes it to ``finish``.
    """
    rows = prepare(drafts)
    before = current([row["dataset_id"] for row in rows])
    kept = files_of([row.id for row in before.values()])
    _insert(rows, drafts)
    _advance(rows)
    written = [
        datasets.Version(row, draft.files, before.get(row["dataset_id"]), _of(kept, before.get(row["dataset_id"])))
        for row, draft in zip(rows, drafts, strict=True)
    ]
    dropped = datasets.write(written)
    index = outbox.queue(INDEX, {"ids": [row["dataset_id"] for row in rows]})
    if before:
        outbox.queue(COMPARE, {"ids": sorted(before)})
    model.Session.commit()
    finish(dropped)
    return index


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
        "metadata_hash": digest(metadata),
        "content_hash": draft.content_hash(),
        "approval": draft.approval,
        "release_date": draft.release_date or clock.today(),
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


def _step(state: State, command: Command, given: Row) -> Step:
    decision = decide(state, command, {Role.PUBLISHING}, given)
    if not isinstance(decision, Step):
        raise ValueError(f"{decision.code}: {dict(decision.facts)}")
    return decision
