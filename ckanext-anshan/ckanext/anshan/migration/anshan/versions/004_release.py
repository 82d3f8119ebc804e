"""Releases and their files, with triggers that refuse any change of what was signed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "004"
down_revision = "003"

REFUSE = """
CREATE FUNCTION anshan_release_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - ARRAY['state', 'published'] = to_jsonb(OLD) - ARRAY['state', 'published']
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% holds what was signed: it cannot be changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$
"""
ROWS = """
CREATE TRIGGER {table}_refuse BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION anshan_release_refuse()
"""
TRUNCATE = """
CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION anshan_release_refuse()
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _create_release()
    _create_file()
    op.execute(REFUSE)
    for table in ("anshan_release_release", "anshan_release_file"):
        op.execute(ROWS.format(table=table))
        op.execute(TRUNCATE.format(table=table))


def _create_release() -> None:
    op.create_table(
        "anshan_release_release",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("dataset_id", sa.Text, nullable=False),
        sa.Column("dataset_name", sa.Text, nullable=False),
        sa.Column("entry_id", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("opening_class", sa.Text, nullable=False),
        sa.Column("metadata", JSONB, nullable=False),
        sa.Column("metadata_hash", sa.Text, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("approval", sa.Text, nullable=False),
        sa.Column("release_date", sa.Date, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("published", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("dataset_id", "version", name="anshan_release_release_version"),
    )
    op.create_index(
        "anshan_release_release_current",
        "anshan_release_release",
        ["dataset_id"],
        unique=True,
        postgresql_where=sa.text("state = 'published'"),
    )
    op.create_index("anshan_release_release_entry", "anshan_release_release", ["entry_id"])
    op.create_index("anshan_release_release_name", "anshan_release_release", ["dataset_name"])


def _create_file() -> None:
    op.create_table(
        "anshan_release_file",
        sa.Column("release_id", sa.Text, sa.ForeignKey("anshan_release_release.id"), primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("resource_id", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("format", sa.Text, nullable=False),
        sa.Column("mimetype", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
    )
    op.create_index("anshan_release_file_resource", "anshan_release_file", ["resource_id"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("anshan_release_file")
    op.drop_table("anshan_release_release")
    op.execute("DROP FUNCTION anshan_release_refuse()")
