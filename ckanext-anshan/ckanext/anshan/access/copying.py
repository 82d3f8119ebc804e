"""Columnar copies of released tables: made once for each file, kept in the vault under their own SHA-256.

What is in a file never changes under its hash, so what was made of it holds for ever. Made again after a kill, a copy
is the same row of the same table, and nothing refers to one that isn't whole.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ..release import tables, vault
from ..workflow import outbox
from . import columnar, options
from .columnar import Made
from .model import copy
from .queries import Column
from .rules import Refusal

JOB = "access_make_copies"
PARQUET = "application/vnd.apache.parquet"


@dataclass(frozen=True)
class Copy:
    """A columnar copy of one table."""

    part: str  # the sheet; empty in a file without sheets
    copy: str  # SHA-256 of the Parquet
    size: int  # bytes of it
    rows: int
    columns: tuple[Column, ...]


def copies_of(sha256: str) -> list[Copy]:
    """The copies of a released file's tables, in its order; none where there are none yet, or it has no table."""
    return [_copy(row) for row in _rows(sha256) if not row.problem]


def copy_of(sha256: str, part: str = "") -> Copy | Refusal:
    """The copy of one table; of the first one where no sheet is named."""
    rows = _rows(sha256)
    if not rows:
        return Refusal("no_copy_yet")
    if rows[0].problem:
        return Refusal("no_table", {"problem": rows[0].problem})
    found = next((row for row in rows if not part or row.part == part), None)
    return _copy(found) if found is not None else Refusal("no_such_sheet", {"sheet": part[:60]})


def want(found: Iterable[Mapping[str, str]]) -> int | None:
    """Queue the making of copies that are missing, in the caller's transaction; the job, if there is any to make.

    :param found: ``sha256``, ``name`` and ``format`` of released files
    """
    asked = {one["sha256"]: one for one in found if one["format"] in tables.IS_TABLE}
    known = set(_run(sa.select(copy.c.sha256).where(copy.c.sha256.in_(asked))).scalars()) if asked else set()
    missing = [dict(one) for sha256, one in asked.items() if sha256 not in known]
    return outbox.queue(JOB, {"files": missing}) if missing else None


def make(sha256: str, name: str, format: str) -> None:
    """Make the copies of a file unless they are there, and commit them; that it can't be read is kept too."""
    if _rows(sha256):
        return
    model.Session.commit()  # nothing is locked while a long table is read
    vault.verify(sha256)
    with vault.on_disk(sha256) as path, tempfile.TemporaryDirectory() as folder:
        try:
            rows = [_stored(sha256, at, one) for at, one in enumerate(_made(path, format, Path(folder)))]
        except tables.NotATable as error:
            rows = [_problem(sha256, str(error))]
    _run(insert(copy).values(rows).on_conflict_do_nothing())
    model.Session.commit()


def _made(path: Path, format: str, folder: Path) -> Iterable[Made]:
    return columnar.make(path, format, folder, options.query_memory())


def _stored(sha256: str, position: int, made: Made) -> dict[str, Any]:
    with made.path.open("rb") as stream:
        stored = vault.put(stream, mimetype=PARQUET)
    made.path.unlink()
    columns = [{name: value for name, value in asdict(one).items() if name != "at"} for one in made.columns]
    counted = {"rows": made.rows, "columns": columns, "problem": ""}
    return {
        "sha256": sha256,
        "part": made.part,
        "position": position,
        "copy": stored.sha256,
        "size": stored.size,
    } | counted


def _problem(sha256: str, problem: str) -> dict[str, Any]:
    empty = {"part": "", "position": 0, "copy": "", "size": 0, "rows": 0, "columns": []}
    return {"sha256": sha256, **empty, "problem": problem}


def _rows(sha256: str) -> Sequence[Any]:
    return list(_run(sa.select(copy).where(copy.c.sha256 == sha256).order_by(copy.c.position)))


def _copy(row: Any) -> Copy:
    columns = (Column(one["name"], one["type"], at, one["is_exact"]) for at, one in enumerate(row.columns))
    return Copy(row.part, row.copy, row.size, row.rows, tuple(columns))


def _run(statement: Any) -> Any:
    return model.Session.connection().execute(statement)
