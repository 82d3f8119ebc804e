"""Sketches of what is published: by them a scan sees which columns could be joined with open data.

They are made one file after the other by a process that nobody waits for, while no scan does.
"""

from __future__ import annotations

import atexit
import base64
import hashlib
import os
import time
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ..release import files, listing
from . import options, processes, reports, scanner
from .model import sketch

HOUR = 3600.0  # seconds between two looks at what is published, once all of it is sketched
NAME = "sketch-"


def joins(entry_id: str) -> dict[str, Any]:
    """What a request for a scan says of the key columns that others published; nothing where there are none.

    ``published`` has title, column and sketch of each; ``key`` is that of the sketches. Both as the scanner wants them.

    :param entry_id: of the file's entry, whose own dataset holds the same values of course
    """
    others = sa.and_(sketch.c.column_name != "", sketch.c.entry_id != entry_id)
    query = sa.select(sketch.c.title, sketch.c.column_name, sketch.c.sketch).where(others)
    rows = model.Session.execute(query.order_by(sketch.c.sha256, sketch.c.column_name)).all()
    known = [{"title": row.title, "column": row.column_name, "sketch": _text(row.sketch)} for row in rows]
    return {"published": known, "key": _text(key())} if known else {}


def key() -> bytes:
    """By which values are hashed: without it nobody can try out values on a sketch."""
    return hashlib.sha256(b"anshan.inspection.sketch\0" + str(tk.config["SECRET_KEY"]).encode()).digest()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


# made by the worker


@dataclass
class Making:
    """A file that is being sketched."""

    row: Any  # of listing.open_files
    running: processes.Running
    held: ExitStack

    def close(self) -> None:
        self.running.kill()
        self.running.close()
        self.held.close()


@dataclass
class _Work:
    making: Making | None = None
    due: float = float("-inf")


_work = _Work()


def look() -> int:
    """Go on with the file at hand, or begin the next one; how many are being sketched afterwards."""
    if _work.making is not None:
        _follow(_work.making)
    elif time.monotonic() >= _work.due and not reports.waiting():
        _begin_next()
    model.Session.commit()
    return int(_work.making is not None)


def _follow(making: Making) -> None:
    if making.running.process.poll() is None and making.running.seconds <= options.seconds():
        return
    told = [line for line in making.running.lines() if "sketches" in line]
    keep(making.row, told[-1]["sketches"] if told else [])
    making.close()
    _work.making = None


def _begin_next() -> None:
    row = _next()
    if row is None:
        _work.due = time.monotonic() + HOUR
        return
    held = ExitStack()
    try:
        path = held.enter_context(files.on_disk(row.sha256))
        request = {"path": str(path), "name": row.name, "sketches": True, "key": _text(key()), **scanner.limits()}
        name = f"{NAME}{os.getpid()}"
        processes.end("", name)
        _work.making = Making(row, processes.begin(scanner.JOB, request, name), held)
    except (files.Missing, OSError):
        held.close()
        keep(row, [])


def _next() -> Any:
    """A published file that nobody has sketched yet; what is published no longer is forgotten."""
    published = {row.sha256: row for row in listing.open_files()}
    known = set(model.Session.execute(sa.select(sketch.c.sha256).distinct()).scalars())
    if gone := known - set(published):
        model.Session.execute(sketch.delete().where(sketch.c.sha256.in_(gone)))
    return next((row for sha256, row in published.items() if sha256 not in known), None)


def keep(row: Any, found: list[dict[str, str]]) -> None:
    """Write the sketches of a file down; also that it has none, so that nobody looks again."""
    about = {"sha256": row.sha256, "dataset_id": row.dataset_id, "entry_id": row.entry_id, "title": row.title or ""}
    columns = {one["column"]: base64.b64decode(one["sketch"]) for one in found if one["column"]} or {"": b""}
    values = [{**about, "column_name": name, "sketch": data} for name, data in columns.items()]
    model.Session.execute(insert(sketch).on_conflict_do_nothing(), values)


def end_all() -> None:
    """The worker stops."""
    if _work.making is not None:
        _work.making.close()
        _work.making = None


atexit.register(end_all)
