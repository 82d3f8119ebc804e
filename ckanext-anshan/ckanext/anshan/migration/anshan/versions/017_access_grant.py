"""What may be used by whom, and what was used of it. A trigger keeps grants from being widened or brought back to life.

What it rests on, an agreement that both sides signed, is asked by a trigger of 018.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "017"
down_revision = "016"

GRANT, USAGE, TOKEN, DELIVERY = (f"anshan_access_{name}" for name in ("grant", "usage", "token", "delivery"))

KEEP = """
CREATE FUNCTION anshan_access_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a grant is kept: it is ended, never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF to_jsonb(NEW) - ARRAY['ends', 'state', 'changed'] <> to_jsonb(OLD) - ARRAY['ends', 'state', 'changed'] THEN
        RAISE EXCEPTION 'a grant keeps its scope, its holders and its agreement' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.ends > OLD.ends OR OLD.state IN ('ended', 'revoked') AND NEW.state <> OLD.state THEN
        RAISE EXCEPTION 'a grant that is over stays so, and none is made longer' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER anshan_access_grant_kept BEFORE UPDATE OR DELETE ON anshan_access_grant
    FOR EACH ROW EXECUTE FUNCTION anshan_access_keep();
"""


def _text(name: str, default: str | None = None) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=False, server_default=default)


def _now(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())


def _grant_id(**more: Any) -> sa.Column:
    return sa.Column("grant_id", sa.Text, sa.ForeignKey(f"{GRANT}.id"), nullable=False, **more)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _grants()
    _usages()
    _tokens()
    _deliveries()
    op.execute(KEEP)


def _grants() -> None:
    op.create_table(
        GRANT,
        sa.Column("id", sa.Text, primary_key=True),
        *(_text(name) for name in ("application_id", "number", "kind", "dataset_id", "provider")),
        *(sa.Column(name, JSONB, nullable=False) for name in ("holders", "scope")),
        _text("agreement", ""),
        sa.Column("daily_quota", sa.Integer, nullable=False),
        sa.Column("declared_requests", sa.Integer, nullable=False, server_default="0"),
        sa.Column("mark", sa.LargeBinary, nullable=False),
        sa.Column("starts", sa.Date, nullable=False),
        _now("created"),
        sa.Column("ends", sa.Date, nullable=False),
        _text("state"),
        _now("changed"),
        sa.UniqueConstraint("application_id", "dataset_id", name=f"{GRANT}_once"),
    )
    op.create_index(f"{GRANT}_dataset", GRANT, ["dataset_id", "state"])
    op.create_index(f"{GRANT}_number", GRANT, ["number"])
    op.create_index(f"{GRANT}_holders", GRANT, ["holders"], postgresql_using="gin")
    living = sa.text("state IN ('active', 'suspended')")
    op.create_index(f"{GRANT}_ends", GRANT, ["ends"], postgresql_where=living)


def _usages() -> None:
    op.create_table(
        USAGE,
        _grant_id(primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("method", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Integer, nullable=False, server_default="0") for name in ("requests", "refused")),
        *(sa.Column(name, sa.BigInteger, nullable=False, server_default="0") for name in ("rows", "bytes")),
        sa.Column("addresses", JSONB, nullable=False, server_default="[]"),
        sa.Column("alarmed", sa.Boolean, nullable=False, server_default="false"),
    )


def _tokens() -> None:
    op.create_table(
        TOKEN,
        sa.Column("id", sa.Text, primary_key=True),
        _grant_id(),
        *(_text(name) for name in ("user_id", "name")),
        sa.Column("hash", sa.Text, nullable=False, unique=True),
        _now("created"),
        sa.Column("expires", sa.Date, nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True)) for name in ("revoked", "used")),
    )
    op.create_index(f"{TOKEN}_grant", TOKEN, ["grant_id"])


def _deliveries() -> None:
    op.create_table(
        DELIVERY,
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        _grant_id(),
        *(_text(name) for name in ("user_id", "method", "file", "source")),
        sa.Column("version", sa.Integer, nullable=False),
        _text("format"),
        sa.Column("columns", JSONB, nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False, server_default="0") for name in ("rows", "bytes")),
        _text("sha256", ""),
        _text("ended", ""),
        _now("created"),
    )
    op.create_index(f"{DELIVERY}_grant", DELIVERY, ["grant_id", "id"])
    op.create_index(f"{DELIVERY}_sha256", DELIVERY, ["sha256"], postgresql_where=sa.text("sha256 <> ''"))


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for name in (DELIVERY, TOKEN, USAGE, GRANT):
        op.drop_table(name)
    op.execute("DROP FUNCTION anshan_access_keep()")
