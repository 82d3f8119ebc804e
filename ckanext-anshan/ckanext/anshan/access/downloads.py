"""How often datasets are downloaded."""

from __future__ import annotations

from collections.abc import Sequence

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from .model import download


def count(dataset_id: str) -> None:
    """Count one download of today; commits."""
    row = insert(download).values(dataset_id=dataset_id, day=sa.func.current_date(), downloads=1)
    more = {"downloads": download.c.downloads + 1}
    connection = model.Session.connection()
    connection.execute(row.on_conflict_do_update(index_elements=["dataset_id", "day"], set_=more))
    model.Session.commit()


def counted(dataset_ids: Sequence[str]) -> dict[str, int]:
    """All downloads of each dataset, with one statement."""
    query = (
        sa.select(download.c.dataset_id, sa.func.sum(download.c.downloads))
        .where(download.c.dataset_id.in_(dataset_ids))
        .group_by(download.c.dataset_id)
    )
    return {id: int(downloads) for id, downloads in model.Session.connection().execute(query)}
