"""Finds whose copy a file that has come to light is: by its hash, else by the order of its rows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from ..applicants import parties
from ..release import tables
from . import copying, deliveries, grants, marking, querying, tracing, using
from .marking import Mark, Traced
from .querying import TableScope

PIECE = 1 << 20

Found = dict[str, Any]
Rows = Mapping[str, Any]  # grants by their id


class Unknown(Exception):
    """There is nothing to compare the file with, or it can't be read; the code says which."""


def trace(path: Path, dataset: str) -> Found:
    """Whose copy this is, and what that rests on. Raises ``Unknown``.

    :returns: ``says`` (same_file, or as ``marking.Traced`` has it), ``sha256``, ``ranked``: list of ``number``,
        ``holders`` and the figures, the likeliest first; ``compared``: what the copy was laid beside
    """
    offer = using.offered([dataset]).get(dataset)
    rows = {row.id: row for row in grants.of_dataset(offer.dataset_id)} if offer else {}
    if not rows:
        raise Unknown("no_grants")
    sha256 = _sha256(path)
    same = deliveries.of_copy(sha256, list(rows))
    if same:
        return {"says": "same_file", "sha256": sha256, "ranked": [_delivered(one, rows) for one in same]}
    return {"sha256": sha256, **_marked(path, rows)}


def _sha256(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as stream:
        while part := stream.read(PIECE):
            found.update(part)
    return found.hexdigest()


def _delivered(one: Any, rows: Rows) -> Found:
    told = {"file": one.file, "version": one.version, "format": one.format, "delivery": one.id}
    return {**_whose(rows[one.grant_id]), **told, "at": one.created.isoformat(), "is_sure": True}


def _whose(row: Any) -> Found:
    held = grants.holders(row)
    shown = parties.shown(held)
    return {"number": row.number, "grant_id": row.id, "holders": [shown.get(one, {}).get("name", "") for one in held]}


def _marked(path: Path, rows: Rows) -> Found:
    """The best of all that it can be laid beside: each table of each released file that was handed out."""
    scopes = [
        TableScope(source, frozenset(), part=copy.part)
        for source in deliveries.sources(list(rows))
        for copy in copying.copies_of(source)
    ]
    marks = {id: _marks(scope, rows) for id, scope in enumerate(scopes)}
    made = [
        (traced, scope)
        for header, values in _tables(path)
        for id, scope in enumerate(scopes)
        if isinstance(traced := tracing.trace(scope, header, values, marks[id]), Traced)
    ]
    if not made:
        raise Unknown("nothing_to_compare")
    return _told(*max(made, key=_rank), rows)


def _tables(path: Path) -> list[tuple[Sequence[str], Sequence[Sequence[Any]]]]:
    """Kept, since they are laid beside one table after the other."""
    try:
        return [(header, list(rows)) for header, rows in tracing.leaked(path)]
    except (tables.NotATable, duckdb.Error) as error:
        raise Unknown("no_table") from error


def _marks(scope: TableScope, rows: Rows) -> dict[str, Mark]:
    """Of each grant of which this table could be."""
    found = {}
    for id, row in rows.items():
        own = grants.scope_of(row.scope)
        made = querying.mark(TableScope(scope.sha256, own.columns, grants.filters(own.rows), part=scope.part), row.mark)
        found |= {id: made} if isinstance(made, Mark) else {}
    return found


def _rank(one: tuple[Traced, TableScope]) -> tuple[bool, int, int]:
    traced = one[0]
    return bool(traced.grants), traced.matched, len(traced.columns)


def _told(traced: Traced, scope: TableScope, rows: Rows) -> Found:
    counted = {"rows": traced.rows, "matched": traced.matched, "in_file_order": traced.in_file_order}
    compared = {"source": scope.sha256, "sheet": scope.part, "columns": list(traced.columns), **counted}
    ranked = [_agreed(one, rows, len(traced.ranked)) for one in traced.ranked]
    return {"says": traced.says, "ranked": ranked, "compared": compared}


def _agreed(one: marking.Agreement, rows: Rows, candidates: int) -> Found:
    figures = {"share": round(one.share, 4), "pairs": one.pairs, "chance": one.chance, "could_have": one.could_have}
    return {**_whose(rows[one.grant]), **figures, "is_sure": marking.is_sure(one, candidates)}
