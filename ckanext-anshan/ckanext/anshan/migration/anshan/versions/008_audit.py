"""The log of everything: events by month, the tree over them, its signed checkpoints; and what may be done to it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import BYTEA, UUID

revision = "008"
down_revision = "007"

GROWS = ("anshan_audit_event", "anshan_audit_leaf", "anshan_audit_node", "anshan_audit_checkpoint")

REFUSE = """
CREATE FUNCTION anshan_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is a record: its rows are never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$
"""
ROWS = """
CREATE TRIGGER {table}_refuse BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION anshan_audit_refuse()
"""
TRUNCATE = """
CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION anshan_audit_refuse()
"""
MONTHS = """
CREATE FUNCTION anshan_audit_months(ahead integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT SET timezone = 'UTC' AS $$
DECLARE
    month timestamptz; name text; made integer := 0;
BEGIN
    FOR step IN 0..ahead LOOP
        month := date_trunc('month', now()) + make_interval(months => step);
        name := 'anshan_audit_event_' || to_char(month, 'YYYY_MM');
        IF to_regclass(name) IS NULL THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF anshan_audit_event FOR VALUES FROM (%L) TO (%L)',
                           name, month, month + interval '1 month');
            made := made + 1;
        END IF;
    END LOOP;
    RETURN made;
END $$
"""
TRIM = """
CREATE FUNCTION anshan_audit_trim(month date) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT AS $$
DECLARE
    name text := 'anshan_audit_event_' || to_char(month, 'YYYY_MM'); gone bigint;
BEGIN
    IF month + interval '1 month' > now() THEN
        RAISE EXCEPTION 'the month is not over';
    END IF;
    IF NOT EXISTS (SELECT FROM anshan_audit_event WHERE kind = 'log.trimmed' AND object_id = to_char(month, 'YYYY-MM')
                   AND xid = pg_current_xact_id()) THEN
        RAISE EXCEPTION 'a month is taken out with the transaction that records it';
    END IF;
    EXECUTE format('SELECT count(*) FROM %I', name) INTO gone;
    EXECUTE format('DROP TABLE %I', name);
    RETURN gone;
END $$
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _create_events()
    _create_people()
    _create_tree()
    _create_witnesses()
    op.execute(REFUSE)
    for table in GROWS:
        op.execute(ROWS.format(table=table))
        op.execute(TRUNCATE.format(table=table))
    op.execute(MONTHS)
    op.execute(TRIM)
    op.execute("SELECT anshan_audit_months(2)")


def _create_events() -> None:
    op.execute(
        """
        CREATE TABLE anshan_audit_event (
            id uuid NOT NULL, at timestamptz NOT NULL, xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
            kind text NOT NULL, outcome text NOT NULL, object_type text, object_id text, person uuid,
            organization text, body text NOT NULL, leaf bytea NOT NULL, mark bytea NOT NULL, private bytea,
            PRIMARY KEY (id, at)
        ) PARTITION BY RANGE (at)
        """
    )
    op.execute("CREATE TABLE anshan_audit_event_other PARTITION OF anshan_audit_event DEFAULT")
    for name, columns in (
        ("xid", ["xid"]),
        ("object", ["object_type", "object_id", "id"]),
        ("person", ["person", "id"]),
        ("organization", ["organization", "id"]),
        ("kind", ["kind", "id"]),
    ):
        op.create_index(f"anshan_audit_event_{name}", "anshan_audit_event", columns)
    op.execute(
        "CREATE INDEX anshan_audit_event_changes ON anshan_audit_event (object_type, object_id, id)"
        " WHERE kind <> 'file.handed_out' AND outcome = 'done'"
    )
    op.execute("CREATE INDEX anshan_audit_event_refusals ON anshan_audit_event (id) WHERE outcome = 'refused'")


def _create_people() -> None:
    op.create_table(
        "anshan_audit_head",
        sa.Column("type", sa.Text, primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
    )
    op.create_table(
        "anshan_audit_person",
        sa.Column("id", UUID, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("key", BYTEA, nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.UniqueConstraint("kind", "subject", name="anshan_audit_person_subject"),
    )


def _create_tree() -> None:
    op.create_table(
        "anshan_audit_leaf",
        sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("event_id", UUID, nullable=False),
        sa.Column("event_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leaf", BYTEA, nullable=False),
    )
    op.create_index("anshan_audit_leaf_event", "anshan_audit_leaf", ["event_id"], unique=True)
    op.create_table(
        "anshan_audit_node",
        sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("index", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("hash", BYTEA, nullable=False),
    )
    op.create_table(
        "anshan_audit_checkpoint",
        sa.Column("size", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("root", BYTEA, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("snapshot", sa.Text, nullable=False),
        sa.Column("cluster", sa.Text, nullable=False),
    )


def _create_witnesses() -> None:
    op.create_table(
        "anshan_audit_witness",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("answered", sa.DateTime(timezone=True)),
        sa.Column("asked", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("failing", sa.Boolean, nullable=False),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("witness", "checkpoint", "node", "leaf", "person", "head", "event"):
        op.execute(f"DROP TABLE anshan_audit_{table}")
    op.execute("DROP FUNCTION anshan_audit_months(integer)")
    op.execute("DROP FUNCTION anshan_audit_trim(date)")
    op.execute("DROP FUNCTION anshan_audit_refuse()")
