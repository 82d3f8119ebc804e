"""Tables of released files in the DataStore: loaded beside the old one, then swapped in with one transaction."""

from __future__ import annotations

import csv
import io
import json
import logging
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.types import Context
from ckanext.datastore.backend import DatastoreBackend
from ckanext.datastore.backend.postgres import get_write_engine, identifier

from ..audit import recording
from ..workflow import outbox
from . import messages, options, publishing, vault
from .model import current_file, run
from .rules import HAS_FILES, OpeningClass
from .tables import IS_TABLE, Column, NotATable, Table, read

log = logging.getLogger(__name__)

STAGING = "anshan_staging_"
LOADING = sa.text("SELECT pg_advisory_lock_shared(hashtext('anshan:staging'))")
NOBODY_LOADS = sa.text("SELECT pg_try_advisory_lock(hashtext('anshan:staging'))")
LEFT = sa.text(r"SELECT tablename FROM pg_tables WHERE tablename LIKE 'anshan\_staging\_%'")
SET_EXTRAS = sa.text("UPDATE resource SET extras = :extras WHERE id = :id RETURNING package_id")
COUNT_ROWS = sa.text("SELECT update_cached_table_row_count(CAST(:name AS name))")
FORGET_ROWS = sa.text('DELETE FROM "_table_stats" WHERE resource_id = :name')
GET_EXTRAS = sa.text("SELECT extras FROM resource WHERE id = :id FOR UPDATE")


def is_on() -> bool:
    return tk.config.get("ckan.datastore.write_url") is not None and "datastore" in tk.config["ckan.plugins"]


def sync_all(resource_ids: Sequence[str]) -> None:
    """Make the tables of these resources what is published now, and index their datasets. May be repeated.

    Where nothing is published under an id, or not as a table, there is none afterwards. Each is committed by itself;
    one that fails leaves the others done and is raised at the end.
    """
    loaded: set[str] = set()
    failed: list[Exception] = []
    for id in resource_ids if is_on() else ():
        try:
            loaded |= _sync(id)
            model.Session.commit()
        except Exception as error:
            log.exception("the table of %s could not be made", id)
            model.Session.rollback()
            failed.append(error)
    if loaded:
        outbox.queue(publishing.INDEX, {"ids": sorted(loaded)})
        model.Session.commit()
    if failed:
        raise failed[0]


def _sync(resource_id: str) -> set[str]:
    """Returns the dataset whose table was loaded."""
    found = current_file(resource_id)
    table = _readable(found)
    if found is not None and table is not None:
        return _load(found, table)
    publishing.lock()
    _settle(resource_id, None)
    return set()


def _load(found: Any, table: Table) -> set[str]:
    with _staged(table) as staging:
        publishing.lock()  # from here on nobody publishes anything else under this id
        now = current_file(found.resource_id)
        if now is None or (now.sha256, now.opening_class) != (found.sha256, found.opening_class):
            return set()  # its own job is queued
        _swap(staging, found.resource_id)
        _settle(found.resource_id, table)
    return {found.dataset_id}


def _readable(found: Any) -> Table | None:
    if found is None or found.format not in IS_TABLE or OpeningClass(found.opening_class) not in HAS_FILES:
        return None
    if found.size > options.largest_table():
        return None
    vault.check(found.sha256, found.size)
    try:
        with vault.on_disk(found.sha256) as path:
            return read(path, found.format, found.metadata["information_items"], options.longest_table())
    except NotATable:
        return None


@contextmanager
def _staged(table: Table) -> Iterator[str]:
    """The table under a name of its own, which is gone afterwards unless it was swapped in."""
    staging = STAGING + uuid.uuid4().hex  # indexes are named after the table and keep that name when it is renamed
    with get_write_engine().connect() as guard:
        guard.execute(LOADING)  # held until the connection closes: repair leaves a running load alone
        try:
            _create(staging, table.columns)
            _fill(staging, table)
            yield staging
        finally:
            _drop(staging)
            guard.invalidate()


def _create(name: str, columns: Sequence[Column]) -> None:
    fields = [{"id": column.name, "type": column.type, "info": _info(column)} for column in columns]
    DatastoreBackend.get_active_backend().create(Context(), {"resource_id": name, "fields": fields}, {})


def _info(column: Column) -> dict[str, str]:
    notes = [column.meaning, column.unit and messages.unit(column.unit), column.note and messages.note(column.note)]
    info = {"label": column.title if column.title != column.name else "", "notes": "; ".join(filter(None, notes))}
    return {key: value for key, value in info.items() if value}


def _fill(name: str, table: Table) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(table.rows)
    text.seek(0)
    columns = ", ".join(identifier(column.name) for column in table.columns)
    connection = get_write_engine().raw_connection()
    try:
        cursor = connection.cursor()
        cursor.copy_expert(f"COPY {identifier(name)} ({columns}) FROM STDIN WITH (FORMAT csv)", text)
        connection.commit()
    finally:
        connection.close()


def _swap(staging: str, name: str) -> None:
    with get_write_engine().begin() as connection:
        connection.execute(sa.text(f"DROP TABLE IF EXISTS {identifier(name)} CASCADE"))
        connection.execute(sa.text(f"ALTER TABLE {identifier(staging)} RENAME TO {identifier(name)}"))
        # datastore_search gives the number kept here as the total, and nothing else would renew it
        connection.execute(COUNT_ROWS, {"name": name})


def _drop(name: str) -> None:
    with get_write_engine().begin() as connection:
        connection.execute(sa.text(f"DROP TABLE IF EXISTS {identifier(name)} CASCADE"))
        connection.execute(FORGET_ROWS, {"name": name})


def _settle(resource_id: str, table: Table | None) -> None:
    """Say on the resource whether it has a table."""
    if table is None:
        _drop(resource_id)
    row = run(GET_EXTRAS, {"id": resource_id}).first()
    if row is None:
        return
    extras = json.loads(row.extras or "{}") | {"datastore_active": table is not None, **_rows(table)}
    extras = {name: value for name, value in extras.items() if value is not None}
    written = run(SET_EXTRAS, {"id": resource_id, "extras": json.dumps(extras, ensure_ascii=False)})
    recording.touch("dataset", written.scalars())


def _rows(table: Table | None) -> dict[str, int | None]:
    """How many rows of how many a cut table has, for the page to say; nothing of one that is whole."""
    if table is None or not table.is_cut:
        return {"table_rows": None, "table_rows_of": None}
    return {"table_rows": len(table.rows), "table_rows_of": table.rows_of_file}


def remove_staging() -> int:
    """Drop what killed loads left; returns how many tables."""
    if not is_on():
        return 0
    with get_write_engine().connect() as connection:
        if not connection.execute(NOBODY_LOADS).scalar():
            return 0
        left = list(connection.execute(LEFT).scalars())
        connection.rollback()
        for name in left:
            _drop(name)
        connection.invalidate()
    return len(left)
