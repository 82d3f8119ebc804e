"""Downloads counted per dataset and day (no addresses, no accounts); grants, and what was used under them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

metadata = sa.MetaData()

download = sa.Table(
    "anshan_access_download",
    metadata,
    sa.Column("dataset_id", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),  # in the city
    sa.Column("downloads", sa.BigInteger, nullable=False),
)

counted = sa.Table(
    "anshan_access_counted",
    metadata,
    sa.Column("position", sa.BigInteger, nullable=False),  # in the log: downloads recorded before it are counted
    sa.Index("anshan_access_counted_one", sa.text("(true)"), unique=True),
)

grant = sa.Table(
    "anshan_access_grant",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("application_id", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),  # of the application, as it stands in every record
    sa.Column("kind", sa.Text, nullable=False),  # rules.Kind
    sa.Column("dataset_id", sa.Text, nullable=False),  # as releases know it
    sa.Column("provider", sa.Text, nullable=False),  # id of the organization
    sa.Column("holders", JSONB, nullable=False),  # list of kind (person, organization, agency) and id
    sa.Column("scope", JSONB, nullable=False),  # rules.Scope
    sa.Column("agreement", sa.Text, nullable=False, server_default=""),  # its hash; empty: unconditional sharing
    sa.Column("daily_quota", sa.Integer, nullable=False),  # requests of the API
    sa.Column("declared_requests", sa.Integer, nullable=False, server_default="0"),  # a day; 0: said nothing
    sa.Column("mark", sa.LargeBinary, nullable=False),  # 16 bytes: the key of its copies' marks
    sa.Column("starts", sa.Date, nullable=False),
    sa.Column("created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    # what changes
    sa.Column("ends", sa.Date, nullable=False),  # the last day; it can only come nearer
    sa.Column("state", sa.Text, nullable=False),  # rules.GrantState
    sa.Column("changed", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.UniqueConstraint("application_id", "dataset_id", name="anshan_access_grant_once"),
    sa.Index("anshan_access_grant_dataset", "dataset_id", "state"),
    sa.Index("anshan_access_grant_number", "number"),
    sa.Index("anshan_access_grant_holders", "holders", postgresql_using="gin"),
    sa.Index("anshan_access_grant_ends", "ends", postgresql_where=sa.text("state IN ('active', 'suspended')")),
)

usage = sa.Table(
    "anshan_access_usage",
    metadata,
    sa.Column("grant_id", sa.Text, sa.ForeignKey(grant.c.id), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),  # in the city
    sa.Column("method", sa.Text, primary_key=True),  # rules.Method
    sa.Column("requests", sa.Integer, nullable=False, server_default="0"),
    sa.Column("refused", sa.Integer, nullable=False, server_default="0"),
    sa.Column("rows", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("bytes", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("addresses", JSONB, nullable=False, server_default="[]"),  # keyed digests of networks, that day's alone
    sa.Column("alarmed", sa.Boolean, nullable=False, server_default="false"),  # the provider was told
)

token = sa.Table(
    "anshan_access_token",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("grant_id", sa.Text, sa.ForeignKey(grant.c.id), nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),  # who made it: it works while they act for a holder
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False, unique=True),  # SHA-256 of the token, hex; the token is shown once
    sa.Column("created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("expires", sa.Date, nullable=False),
    sa.Column("revoked", sa.DateTime(timezone=True)),
    sa.Column("used", sa.DateTime(timezone=True)),
    sa.Index("anshan_access_token_grant", "grant_id"),
)

delivery = sa.Table(
    "anshan_access_delivery",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("grant_id", sa.Text, sa.ForeignKey(grant.c.id), nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("method", sa.Text, nullable=False),
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),  # SHA-256 of the released file
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("format", sa.Text, nullable=False),
    sa.Column("columns", JSONB, nullable=False),
    sa.Column("rows", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("bytes", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("sha256", sa.Text, nullable=False, server_default=""),  # of what was handed out whole
    sa.Column("ended", sa.Text, nullable=False, server_default=""),  # empty: under way; whole, broken, or a code
    sa.Column("created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Index("anshan_access_delivery_grant", "grant_id", "id"),
    sa.Index("anshan_access_delivery_sha256", "sha256", postgresql_where=sa.text("sha256 <> ''")),
)

copy = sa.Table(
    "anshan_access_copy",
    metadata,
    sa.Column("sha256", sa.Text, primary_key=True),  # of the released file
    sa.Column("part", sa.Text, primary_key=True),  # the sheet; empty in a file without sheets
    sa.Column("position", sa.Integer, nullable=False),  # from 0
    sa.Column("copy", sa.Text, nullable=False),  # SHA-256 of the Parquet in the vault; empty: there is none
    sa.Column("size", sa.BigInteger, nullable=False),  # bytes of it
    sa.Column("rows", sa.BigInteger, nullable=False),
    sa.Column("columns", JSONB, nullable=False),  # queries.Column without its place, which is the one in the list
    sa.Column("problem", sa.Text, nullable=False, server_default=""),  # tables.NotATable: why it can't be read
    sa.Column("made", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
)
