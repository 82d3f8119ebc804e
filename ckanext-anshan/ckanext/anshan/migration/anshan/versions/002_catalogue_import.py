"""Remember each import: who, what, how far, what was wrong, and which entry came from which row's content.

An interrupted run goes on and a second run changes nothing because the content of every entry is known by its hash.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "002"
down_revision = "001"

NUMBERS = ("total", "done", "created", "updated", "unchanged", "refused", "agencies")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "anshan_catalogue_import",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("finished", sa.DateTime(timezone=True)),
        sa.Column("user_id", sa.Text),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("path", sa.Text),
        sa.Column("form", sa.Text),
        sa.Column("create_agencies", sa.Boolean, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False, server_default="0") for name in NUMBERS),
        sa.Column("code", sa.Text),
        sa.Column("facts", JSONB),
    )
    op.create_table(
        "anshan_catalogue_import_problem",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column(
            "import_id", sa.Text, sa.ForeignKey("anshan_catalogue_import.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("heading", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("facts", JSONB, nullable=False),
        sa.Index("anshan_catalogue_import_problem_import", "import_id", "id"),
    )
    op.create_table(
        "anshan_catalogue_import_entry",
        sa.Column("form", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("entry_id", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("anshan_catalogue_import_entry")
    op.drop_table("anshan_catalogue_import_problem")
    op.drop_table("anshan_catalogue_import")
