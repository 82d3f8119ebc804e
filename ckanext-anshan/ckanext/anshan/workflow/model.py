"""The outbox: work that waits for its turn outside the database."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

metadata = sa.MetaData()

outbox = sa.Table(
    "anshan_workflow_outbox",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),  # the function of a room's jobs.py
    sa.Column("payload", JSONB, nullable=False),  # what that function is given
    sa.Column("created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),  # failures so far
    sa.Column("next_try", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("last_error", sa.Text),
    sa.Column("done", sa.DateTime(timezone=True)),
    sa.Index("anshan_workflow_outbox_waiting", "next_try", "id", postgresql_where=sa.text("done IS NULL")),
)
