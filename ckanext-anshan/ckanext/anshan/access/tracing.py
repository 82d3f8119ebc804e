"""Finds by which grant a copy that has come to light was handed out: by its hash, else by the order of its rows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

from ..applicants import parties
from ..release import tables
from . import copying, deliveries, engine, grants, marking, querying, using
from .marking import Mark, Traced
from .querying import Opened, TableScope
from .rules import Refusal

FORMATS = {".csv": "CSV", ".xlsx": "XLSX", ".xls": "XLS", ".json": "JSON", ".geojson": "GeoJSON", ".txt": "CSV"}
PARQUET = ".parquet"
ROWS = 50_000  # read at once
PIECE = 1 << 20

Found = dict[str, Any]


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


def _delivered(one: Any, rows: dict[str, Any]) -> Found:
    told = {"file": one.file, "version": one.version, "format": one.format, "delivery": one.id}
    return {**_whose(rows[one.grant_id]), **told, "at": one.created.isoformat(), "is_sure": True}


def _whose(row: Any) -> Found:
    held = grants.holders(row)
    shown = parties.shown(held)
    return {"number": row.number, "grant_id": row.id, "holders": [shown.get(one, {}).get("name", "") for one in held]}


def _marked(path: Path, rows: dict[str, Any]) -> Found:
    """The best of all that it can be laid beside: each table of each released file that was handed out."""
    leaked = list(_tables(path))
    made = [
        (traced, source, copy.part)
        for source in deliveries.sources(list(rows))
        for copy in copying.copies_of(source)
        for header, values in leaked
        if (traced := _compared(source, copy.part, rows, header, values)) is not None
    ]
    if not made:
        raise Unknown("nothing_to_compare")
    traced, source, part = max(made, key=_rank)
    ranked = [_agreed(one, rows, len(traced.ranked)) for one in traced.ranked]
    compared = {"source": source, "sheet": part, "columns": list(traced.columns), "in_file_order": traced.in_file_order}
    return {
        "says": traced.says,
        "ranked": ranked,
        "compared": {**compared, "rows": traced.rows, "matched": traced.matched},
    }


def _rank(one: tuple[Traced, str, str]) -> tuple[bool, int, int]:
    traced = one[0]
    return bool(traced.grants), traced.matched, len(traced.columns)


def _agreed(one: marking.Agreement, rows: dict[str, Any], candidates: int) -> Found:
    figures = {"share": round(one.share, 4), "pairs": one.pairs, "chance": one.chance, "could_have": one.could_have}
    return {**_whose(rows[one.grant]), **figures, "is_sure": marking.is_sure(one, candidates)}


def _compared(
    source: str, part: str, rows: dict[str, Any], header: Sequence[str], values: Sequence[Any]
) -> Traced | None:
    marks = {id: mark for id, row in rows.items() if isinstance(mark := _mark(source, part, row), Mark)}
    found = querying.opened(_whole(source, part))
    if not marks or isinstance(found, Refusal):
        return None
    names = [one.name for one in found.copy.columns]
    return marking.find(header, values, _reader(found), names, marks)


def _mark(source: str, part: str, row: Any) -> Mark | Refusal:
    scope = grants.scope_of(row.scope)
    return querying.mark(TableScope(source, scope.columns, grants.filters(scope.rows), part=part), row.mark)


def _whole(source: str, part: str) -> TableScope:
    copy = copying.copy_of(source, part)
    columns = frozenset() if isinstance(copy, Refusal) else frozenset(one.name for one in copy.columns)
    return TableScope(source, columns, part=part)


def _reader(found: Opened) -> Callable[[Sequence[str]], Iterable[tuple[int, Sequence[Any]]]]:
    """Gives the rows of the released file, with their numbers."""

    def read(columns: Sequence[str]) -> Iterator[tuple[int, Sequence[Any]]]:
        chosen = ", ".join(f"{found.column(name).value}::VARCHAR" for name in columns)
        with engine.asked(querying.LONGEST_SEARCH) as cursor:
            asked = cursor.execute(f"SELECT {querying.ROW}, {chosen} FROM read_parquet(?)", [found.path])
            while rows := asked.fetchmany(ROWS):
                yield from ((row[0], row[1:]) for row in rows)

    return read


def _tables(path: Path) -> Iterator[tuple[list[str], list[Sequence[Any]]]]:
    """Header and rows of each table in the file that has come to light."""
    suffix = path.suffix.lower()
    if suffix == PARQUET:
        yield _parquet(path)
        return
    try:
        for _, header, rows in tables.parts(path, FORMATS.get(suffix, "CSV")):
            yield [str(name or "").strip() for name in header], list(rows)
    except tables.NotATable as error:
        raise Unknown("no_table") from error


def _parquet(path: Path) -> tuple[list[str], list[Sequence[Any]]]:
    try:
        found = duckdb.connect(":memory:").execute("SELECT * FROM read_parquet(?)", [str(path)])
    except duckdb.Error as error:
        raise Unknown("no_table") from error
    return [one[0] for one in found.description or ()], found.fetchall()
