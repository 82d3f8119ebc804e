"""Persons and organizations that apply, who belongs to which, and by which log-in an account was identified.

``identity`` is locked with a key that the database doesn't have (``locking``); nothing of the history is deleted.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

metadata = sa.MetaData()

person = sa.Table(
    "anshan_applicants_person",
    metadata,
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),  # rules.PersonState
    sa.Column("identity", sa.LargeBinary, nullable=False),  # name, number, phone; locked
    sa.Column("key", sa.Text, nullable=False),  # id of the key that locked it
    sa.Column("digest", sa.Text, nullable=False, unique=True),  # keyed, of the ID number
    sa.Column("created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("changed", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
)

organization = sa.Table(
    "anshan_applicants_organization",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),  # rules.State
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),  # counts the changes of what is looked at
    sa.Column("kind", sa.Text, nullable=False),  # of the vocabulary applicant_kinds
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("uscc", sa.Text, nullable=False),  # unified social credit code; public, as the name is
    sa.Column("identity", sa.LargeBinary, nullable=False),  # contact, phone, email; locked
    sa.Column("key", sa.Text, nullable=False),  # id of the key that locked it
    sa.Column("attorney", JSONB),  # power of attorney: name, sha256, size, mimetype; in the vault
    sa.Column("reason", sa.Text, nullable=False, server_default=""),  # why it was refused or barred
    sa.Column("article", sa.Text, nullable=False, server_default=""),  # that a bar rests on
    sa.Column("until", sa.Date),  # last day of a bar; none: until it is lifted
    sa.Column("submitted", sa.DateTime(timezone=True)),  # since when the bureau has it
    sa.Column("created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("changed", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Index(
        "anshan_applicants_organization_code",
        "uscc",
        unique=True,
        postgresql_where=sa.text("state = ANY ('{pending,verified,barred}'::text[])"),  # rules.HOLDS_CODE
    ),
    sa.Index("anshan_applicants_organization_state", "state", "submitted"),
)

member = sa.Table(
    "anshan_applicants_member",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("organization_id", sa.Text, sa.ForeignKey(organization.c.id), nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),  # rules.Role: representative or member
    sa.Column("asked", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("asked_by", sa.Text, nullable=False, server_default=""),  # id of the account that invited or appointed
    sa.Column("since", sa.DateTime(timezone=True)),  # none while the invitation isn't accepted
    sa.Column("until", sa.DateTime(timezone=True)),
    sa.Column("ended_by", sa.Text, nullable=False, server_default=""),
    sa.Index(
        "anshan_applicants_member_one",
        "organization_id",
        "user_id",
        unique=True,
        postgresql_where=sa.text("until IS NULL"),
    ),
    sa.Index(
        "anshan_applicants_member_representative",
        "organization_id",
        unique=True,
        postgresql_where=sa.text("until IS NULL AND role = 'representative'"),
    ),
    sa.Index("anshan_applicants_member_user", "user_id", postgresql_where=sa.text("until IS NULL")),
)

event = sa.Table(
    "anshan_applicants_event",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("organization_id", sa.Text, sa.ForeignKey(organization.c.id), nullable=False),
    sa.Column("command", sa.Text, nullable=False),  # rules.Command
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("before", sa.Text, nullable=False),  # rules.State; empty where it was founded
    sa.Column("after", sa.Text, nullable=False),
    sa.Column("facts", JSONB, nullable=False, server_default="{}"),  # reason, article, until, changed, user
    sa.Column("created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Index("anshan_applicants_event_organization", "organization_id", "id"),
)

login = sa.Table(
    "anshan_applicants_login",
    metadata,
    sa.Column("issuer", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),  # as the identity service names somebody
    sa.Column("user_id", sa.Text, nullable=False, unique=True),
    sa.Column("code", sa.Text, nullable=False, server_default=""),  # of the organization that the service vouches for
    sa.Column("created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("last", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
)
