"""Submissions, signatures, events and remarks of the review; triggers refuse any change of what was signed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "012"
down_revision = "011"

OPEN = "state = ANY ('{submitted,in_review,returned,released,provisional}'::text[])"
CHANGES = "'state', 'due', 'until', 'changed'"
BOUND = "'way', 'base', 'reports', 'scan_hash', 'severity', 'findings', 'is_sampled'"  # once, with the scans
REFUSE = f"""
CREATE FUNCTION anshan_review_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'anshan_review_submission' AND TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - ARRAY[{CHANGES}] = to_jsonb(OLD) - ARRAY[{CHANGES}] THEN
            RETURN NEW;
        END IF;
        IF OLD.scan_hash = ''
            AND to_jsonb(NEW) - ARRAY[{CHANGES}, {BOUND}] = to_jsonb(OLD) - ARRAY[{CHANGES}, {BOUND}]
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% holds what was submitted and signed: it cannot be changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$
"""
ROWS = """
CREATE TRIGGER {table}_refuse BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION anshan_review_refuse()
"""
TRUNCATE = """
CREATE TRIGGER {table}_refuse_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION anshan_review_refuse()
"""
TABLES = ("submission", "signature", "event", "remark")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("CREATE SEQUENCE anshan_review_number")
    _submissions()
    _signatures()
    _events()
    _remarks()
    op.execute(REFUSE)
    for name in TABLES:
        op.execute(ROWS.format(table=f"anshan_review_{name}"))
        op.execute(TRUNCATE.format(table=f"anshan_review_{name}"))


def _text(name: str, default: str | None = None) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=False, server_default=default)


def _created(name: str = "created") -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())


def _submission_id() -> sa.Column:
    return sa.Column("submission_id", sa.Text, sa.ForeignKey("anshan_review_submission.id"), nullable=False)


def _submissions() -> None:
    table = "anshan_review_submission"
    op.create_table(
        table,
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.Text, nullable=False, unique=True),
        _text("kind"),
        _text("state"),
        _text("entry_id", ""),
        _text("agency", ""),
        _text("title"),
        _text("opening_class", ""),
        sa.Column("frozen", JSONB, nullable=False),
        _text("hash"),
        _text("submitter", ""),
        _created(),
        _text("way"),
        _text("base", ""),
        sa.Column("reports", JSONB, nullable=False, server_default="[]"),
        _text("scan_hash", ""),
        _text("severity", ""),
        sa.Column("findings", sa.Integer, nullable=False, server_default="0"),
        sa.Column("due", sa.Date),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.Column("is_sampled", sa.Boolean, nullable=False, server_default="false"),
        _created("changed"),
    )
    one = sa.text(f"entry_id <> '' AND {OPEN}")
    op.create_index(f"{table}_one", table, ["entry_id"], unique=True, postgresql_where=one)
    op.create_index(f"{table}_state", table, ["state", "due"])
    op.create_index(f"{table}_agency", table, ["agency", "created"])
    op.create_index(f"{table}_entry", table, ["entry_id", "created"])


def _signatures() -> None:
    op.create_table(
        "anshan_review_signature",
        sa.Column("id", sa.Text, primary_key=True),
        _submission_id(),
        *(_text(name) for name in ("key", "user_id", "organization_id", "hash", "scan_hash", "opening_class")),
        sa.Column("answers", JSONB, nullable=False),
        _text("reason", ""),
        _created(),
        sa.UniqueConstraint("submission_id", "key", name="anshan_review_signature_key"),
        sa.UniqueConstraint("submission_id", "user_id", name="anshan_review_signature_person"),
        sa.UniqueConstraint("submission_id", "organization_id", name="anshan_review_signature_organization"),
    )


def _events() -> None:
    op.create_table(
        "anshan_review_event",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        _submission_id(),
        _text("command"),
        _text("role"),
        _text("user_id", ""),
        _text("organization_id", ""),
        _text("before"),
        _text("after"),
        _text("clock"),
        sa.Column("due", sa.Date),
        sa.Column("facts", JSONB, nullable=False, server_default="{}"),
        _created(),
    )
    op.create_index("anshan_review_event_submission", "anshan_review_event", ["submission_id", "id"])


def _remarks() -> None:
    op.create_table(
        "anshan_review_remark",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        _submission_id(),
        sa.Column("event_id", sa.BigInteger, sa.ForeignKey("anshan_review_event.id")),
        _text("role"),
        _text("user_id"),
        _text("organization_id"),
        sa.Column("internal", sa.Boolean, nullable=False, server_default="false"),
        _text("place", ""),
        _text("at", ""),
        _text("text"),
        sa.Column("attachment", JSONB),
        _created(),
    )
    op.create_index("anshan_review_remark_submission", "anshan_review_remark", ["submission_id", "id"])


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in reversed(TABLES):
        op.drop_table(f"anshan_review_{name}")
    op.execute("DROP FUNCTION anshan_review_refuse()")
    op.execute("DROP SEQUENCE anshan_review_number")
