"""Downloads counted per dataset and day: no addresses, no accounts."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

download = sa.Table(
    "anshan_access_download",
    metadata,
    sa.Column("dataset_id", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),  # in the city
    sa.Column("downloads", sa.BigInteger, nullable=False),
)

counted = sa.Table(
    "anshan_access_counted",
    metadata,
    sa.Column("position", sa.BigInteger, nullable=False),  # in the log: downloads recorded before it are counted
    sa.Index("anshan_access_counted_one", sa.text("(true)"), unique=True),
)
