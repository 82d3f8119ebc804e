"""What a witness signed last stays though it fails since; how long months are kept; none goes that isn't sealed."""

import sqlalchemy as sa
from alembic import op

revision = "009"
down_revision = "008"

HEAD = """
CREATE OR REPLACE FUNCTION anshan_audit_trim(month date) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT{settings} AS $$
DECLARE
    name text := 'anshan_audit_event_' || to_char(month, 'YYYY_MM'); gone bigint; {more}
BEGIN
    IF month + interval '1 month' > now() THEN
        RAISE EXCEPTION 'the month is not over';
    END IF;
    IF NOT EXISTS (SELECT FROM anshan_audit_event WHERE kind = 'log.trimmed' AND object_id = to_char(month, 'YYYY-MM')
                   AND xid = pg_current_xact_id()) THEN
        RAISE EXCEPTION 'a month is taken out with the transaction that records it';
    END IF;
"""
BEFORE = """
    EXECUTE format('SELECT count(*) FROM %I', name) INTO gone;
    EXECUTE format('DROP TABLE %I', name);
    RETURN gone;
END $$
"""
SEALED = """
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'a month is taken out as it is now, not as an older snapshot shows it';
    END IF;
    EXECUTE format('LOCK TABLE %I IN SHARE MODE', name); -- nothing is added from here on; readers go on
    EXECUTE format('SELECT count(*), count(*) FILTER (WHERE position IS NULL), max(position)'
                   ' FROM %I LEFT JOIN anshan_audit_leaf ON event_id = id', name) INTO gone, unsealed, newest;
    IF unsealed > 0 OR newest >= (SELECT coalesce(max(size), 0) FROM anshan_audit_checkpoint) THEN
        RAISE EXCEPTION 'the month is not sealed to its end';
    END IF;
    EXECUTE format('DROP TABLE %I', name);
    RETURN gone;
END $$
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("anshan_audit_witness", sa.Column("kept", sa.Text, nullable=False, server_default=""))
    op.create_table(
        "anshan_audit_retention",
        sa.Column("one", sa.Boolean, sa.CheckConstraint("one"), primary_key=True),
        sa.Column("months", sa.Integer),
        sa.Column("trim", sa.Boolean, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failing", sa.Text, nullable=False),
    )
    more = "unsealed bigint; newest bigint;"
    op.execute(HEAD.format(settings=" SET timezone = 'UTC' SET lock_timeout = '1s'", more=more) + SEALED)


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(HEAD.format(settings="", more="") + BEFORE)
    op.drop_table("anshan_audit_retention")
    op.drop_column("anshan_audit_witness", "kept")
