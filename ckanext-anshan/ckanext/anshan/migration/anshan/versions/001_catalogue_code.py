"""Codes of entries: a register that nothing is ever deleted from, so that no code is used twice."""

import sqlalchemy as sa
from alembic import op

revision = "001"
down_revision = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "anshan_catalogue_code",
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("entry_id", sa.Text),
        sa.Column("given", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )
    op.create_index("anshan_catalogue_code_entry", "anshan_catalogue_code", ["entry_id"], unique=True)
    op.create_table(
        "anshan_catalogue_serial",
        sa.Column("uscc", sa.Text, primary_key=True),
        sa.Column("last", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("anshan_catalogue_serial")
    op.drop_table("anshan_catalogue_code")
