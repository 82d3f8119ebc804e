"""Columnar copies of released tables, which grants are read from."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "016"
down_revision = "015"

TABLE = "anshan_access_copy"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        TABLE,
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("sha256", "part")),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("copy", sa.Text, nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("size", "rows")),
        sa.Column("columns", JSONB, nullable=False),
        sa.Column("problem", sa.Text, nullable=False, server_default=""),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table(TABLE)
