"""What a scan of a file found, what was mended by it, the words that an agency adds, and sketches for join risks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "011"
down_revision = "010"

OPEN = "state = ANY ('{queued,running}'::text[])"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _reports()
    _remedies()
    _words()
    _sketches()


def _reports() -> None:
    op.create_table(
        "anshan_inspection_report",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("resource_id", sa.Text, nullable=False),
        sa.Column("package_id", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("scanner", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("progress", sa.Float, nullable=False, server_default="0"),
        sa.Column("part", sa.Text, nullable=False, server_default=""),
        sa.Column("host", sa.Text, nullable=False, server_default=""),
        sa.Column("worker", sa.Text, nullable=False, server_default=""),
        sa.Column("process", sa.Text, nullable=False, server_default=""),
        sa.Column("seen", sa.DateTime(timezone=True)),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("error", sa.Text, nullable=False, server_default=""),
        sa.Column("report", JSONB),
        sa.Column("severity", sa.Text),
        sa.Column("user_id", sa.Text),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("started", sa.DateTime(timezone=True)),
        sa.Column("finished", sa.DateTime(timezone=True)),
    )
    table, where = "anshan_inspection_report", sa.text("state <> 'failed'")
    same = ["resource_id", "sha256", "scanner"]
    op.create_index("anshan_inspection_report_once", table, same, unique=True, postgresql_where=where)
    op.create_index("anshan_inspection_report_open", table, ["created"], postgresql_where=sa.text(OPEN))
    op.create_index("anshan_inspection_report_package", table, ["package_id", "created"])


def _remedies() -> None:
    op.create_table(
        "anshan_inspection_remedy",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("report_id", sa.Text, sa.ForeignKey("anshan_inspection_report.id"), nullable=False),
        sa.Column("from_sha256", sa.Text, nullable=False),
        sa.Column("to_sha256", sa.Text, nullable=False),
        sa.Column("asked", JSONB, nullable=False),
        sa.Column("changes", JSONB, nullable=False),
        sa.Column("user_id", sa.Text),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )
    op.create_index("anshan_inspection_remedy_report", "anshan_inspection_remedy", ["report_id"])
    op.create_index("anshan_inspection_remedy_to", "anshan_inspection_remedy", ["to_sha256"])


def _words() -> None:
    op.create_table(
        "anshan_inspection_word",
        sa.Column("organization_id", sa.Text, primary_key=True),
        sa.Column("word", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.Column("user_id", sa.Text),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )


def _sketches() -> None:
    op.create_table(
        "anshan_inspection_sketch",
        sa.Column("sha256", sa.Text, primary_key=True),
        sa.Column("column_name", sa.Text, primary_key=True),
        sa.Column("dataset_id", sa.Text, nullable=False),
        sa.Column("entry_id", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("sketch", sa.LargeBinary, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in ("sketch", "word", "remedy", "report"):
        op.drop_table(f"anshan_inspection_{name}")
