"""How often datasets are downloaded."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ..workflow import clock
from .model import download

FACT = "download"  # of an event: it counts as one
AT_A_TIME = 50_000  # events of the log
COUNT = sa.text(f"""
WITH span AS (
    SELECT position AS first, least(position + :size, coalesce(sealed, 0)) AS last
    FROM anshan_access_counted, (SELECT max(size) AS sealed FROM anshan_audit_checkpoint) AS newest
    FOR UPDATE OF anshan_access_counted
), found AS (
    SELECT event.object_id AS dataset_id, (event.at AT TIME ZONE :zone)::date AS day, count(*) AS downloads
    FROM span JOIN anshan_audit_leaf AS leaf ON leaf.position >= first AND leaf.position < last
    JOIN anshan_audit_event AS event ON event.id = leaf.event_id AND event.at = leaf.event_at
    WHERE event.kind = 'file.handed_out' AND (event.body::jsonb -> 'facts' -> '{FACT}')::boolean
    GROUP BY 1, 2
), added AS (
    INSERT INTO anshan_access_download AS known (dataset_id, day, downloads) SELECT * FROM found
    ON CONFLICT (dataset_id, day) DO UPDATE SET downloads = known.downloads + excluded.downloads
)
UPDATE anshan_access_counted SET position = last FROM span WHERE last > first RETURNING last - first
""")  # positions in the log have no gaps, so that each event is looked at once, whenever this is broken off


def collect() -> int:
    """Count the downloads that were sealed since the last time; how many events were looked at."""
    looked_at, some = 0, 1
    while some:
        some = model.Session.connection().execute(COUNT, {"size": AT_A_TIME, "zone": clock.zone().key}).scalar() or 0
        model.Session.commit()
        looked_at += some
    return looked_at


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
