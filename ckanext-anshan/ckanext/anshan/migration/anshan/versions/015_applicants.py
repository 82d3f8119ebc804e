"""Who applies: persons and organizations, and who acts for which; what says who they are is locked."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "015"
down_revision = "014"

PERSON, ORGANIZATION = "anshan_applicants_person", "anshan_applicants_organization"
MEMBER, EVENT, LOGIN = "anshan_applicants_member", "anshan_applicants_event", "anshan_applicants_login"

REFUSE = """
CREATE FUNCTION anshan_applicants_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'anshan_applicants_member' AND to_jsonb(OLD) ->> 'until' IS NULL
        AND to_jsonb(NEW) - ARRAY['since', 'until', 'ended_by'] = to_jsonb(OLD) - ARRAY['since', 'until', 'ended_by']
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% keeps what was: it is not changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$
"""
ROWS = """
CREATE TRIGGER {table}_refuse BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION anshan_applicants_refuse()
"""
KEPT = (MEMBER, EVENT)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _persons()
    _organizations()
    _members()
    _events()
    _logins()
    op.execute(REFUSE)
    for table in KEPT:
        op.execute(ROWS.format(table=table))


def _text(name: str, default: str | None = None, **more: Any) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=False, server_default=default, **more)


def _moment(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())


def _later(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.DateTime(timezone=True)) for name in names]


def _identity() -> list[sa.Column]:
    return [sa.Column("identity", sa.LargeBinary, nullable=False), _text("key")]


def _persons() -> None:
    op.create_table(
        PERSON,
        _text("user_id", primary_key=True),
        _text("state"),
        *_identity(),
        _text("digest", unique=True),
        _moment("created"),
        _moment("changed"),
    )


def _organizations() -> None:
    op.create_table(
        ORGANIZATION,
        _text("id", primary_key=True),
        _text("state"),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        *(_text(name) for name in ("kind", "name", "uscc")),
        *_identity(),
        sa.Column("attorney", JSONB),
        *(_text(name, "") for name in ("reason", "article")),
        sa.Column("until", sa.Date),
        *_later("submitted"),
        _moment("created"),
        _moment("changed"),
    )
    holds = sa.text("state = ANY ('{pending,verified,barred}'::text[])")
    op.create_index(f"{ORGANIZATION}_code", ORGANIZATION, ["uscc"], unique=True, postgresql_where=holds)
    op.create_index(f"{ORGANIZATION}_state", ORGANIZATION, ["state", "submitted"])


def _members() -> None:
    op.create_table(
        MEMBER,
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("organization_id", sa.Text, sa.ForeignKey(f"{ORGANIZATION}.id"), nullable=False),
        *(_text(name) for name in ("user_id", "role")),
        _moment("asked"),
        _text("asked_by", ""),
        *_later("since", "until"),
        _text("ended_by", ""),
    )
    now, alone = sa.text("until IS NULL"), sa.text("until IS NULL AND role = 'representative'")
    op.create_index(f"{MEMBER}_one", MEMBER, ["organization_id", "user_id"], unique=True, postgresql_where=now)
    op.create_index(f"{MEMBER}_representative", MEMBER, ["organization_id"], unique=True, postgresql_where=alone)
    op.create_index(f"{MEMBER}_user", MEMBER, ["user_id"], postgresql_where=now)


def _events() -> None:
    op.create_table(
        EVENT,
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("organization_id", sa.Text, sa.ForeignKey(f"{ORGANIZATION}.id"), nullable=False),
        *(_text(name) for name in ("command", "user_id", "before", "after")),
        sa.Column("facts", JSONB, nullable=False, server_default="{}"),
        _moment("created"),
    )
    op.create_index(f"{EVENT}_organization", EVENT, ["organization_id", "id"])


def _logins() -> None:
    op.create_table(
        LOGIN,
        _text("issuer", primary_key=True),
        _text("subject", primary_key=True),
        _text("user_id", unique=True),
        _text("code", ""),
        _moment("created"),
        _moment("last"),
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in (LOGIN, EVENT, MEMBER, ORGANIZATION, PERSON):
        op.drop_table(table)
    op.execute("DROP FUNCTION anshan_applicants_refuse()")
