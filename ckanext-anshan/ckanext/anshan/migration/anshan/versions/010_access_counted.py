"""How far the log has been looked through for downloads; those before are in the count already."""

import sqlalchemy as sa
from alembic import op

revision = "010"
down_revision = "009"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table("anshan_access_counted", sa.Column("position", sa.BigInteger, nullable=False))
    op.execute("CREATE UNIQUE INDEX anshan_access_counted_one ON anshan_access_counted ((true))")
    op.execute("INSERT INTO anshan_access_counted SELECT coalesce(max(position) + 1, 0) FROM anshan_audit_leaf")


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("anshan_access_counted")
