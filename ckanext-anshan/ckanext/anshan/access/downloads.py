"""How often datasets are downloaded."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from .model import download

ONE_MORE = sa.text(  # as text: an insert that meets a conflict would be put together anew at each download
    "INSERT INTO anshan_access_download AS known (dataset_id, day, downloads) VALUES (:dataset_id, current_date, 1)"
    " ON CONFLICT (dataset_id, day) DO UPDATE SET downloads = known.downloads + 1"
)


def count(dataset_id: str) -> None:
    """Count one download of today; commits."""
    model.Session.connection().execute(ONE_MORE, {"dataset_id": dataset_id})
    model.Session.commit()


def record(uses: Sequence[tuple[str, datetime.date, int]]) -> None:
    """Add downloads of many datasets and days; commits."""
    row = insert(download)
    more = {"downloads": download.c.downloads + row.excluded.downloads}
    added = row.on_conflict_do_update(index_elements=["dataset_id", "day"], set_=more)
    if uses:
        rows = [{"dataset_id": id, "day": day, "downloads": number} for id, day, number in uses]
        model.Session.connection().execute(added, rows)
        model.Session.commit()


def counted(dataset_ids: Sequence[str] | None = None) -> dict[str, int]:
    """All downloads of each of these datasets, or of every one that was ever downloaded, with one statement."""
    query = sa.select(download.c.dataset_id, sa.func.sum(download.c.downloads)).group_by(download.c.dataset_id)
    if dataset_ids is not None:
        query = query.where(download.c.dataset_id.in_(dataset_ids))
    return {id: int(downloads) for id, downloads in model.Session.connection().execute(query)}


def by_month() -> dict[str, int]:
    """All downloads of each month (2026-11) that has any, the oldest first."""
    month = sa.func.to_char(download.c.day, "YYYY-MM").label("month")
    query = sa.select(month, sa.func.sum(download.c.downloads)).group_by(month).order_by(month)
    return {row[0]: int(row[1]) for row in model.Session.connection().execute(query)}


def most(limit: int) -> dict[str, int]:
    """The datasets that were downloaded most, by id, the first first."""
    total = sa.func.sum(download.c.downloads)
    query = sa.select(download.c.dataset_id, total).group_by(download.c.dataset_id)
    rows = model.Session.connection().execute(query.order_by(total.desc(), download.c.dataset_id).limit(limit))
    return {row[0]: int(row[1]) for row in rows}
