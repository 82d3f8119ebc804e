"""Tables of the catalogue; entries themselves are CKAN's packages."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

metadata = sa.MetaData()

code = sa.Table(
    "anshan_catalogue_code",
    metadata,
    sa.Column("code", sa.Text, primary_key=True),  # provider's USCC and a 15-digit serial; rows are never deleted
    sa.Column("entry_id", sa.Text),  # id of the entry, also after that is gone; null while it is being written
    sa.Column("given", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Index("anshan_catalogue_code_entry", "entry_id", unique=True),
)

serial = sa.Table(
    "anshan_catalogue_serial",
    metadata,
    sa.Column("uscc", sa.Text, primary_key=True),  # the provider's
    sa.Column("last", sa.BigInteger, nullable=False),  # highest serial given so far
)

draft = sa.Table(
    "anshan_catalogue_draft",
    metadata,
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("entry_id", sa.Text, primary_key=True),  # package.id; empty for an entry that isn't there yet
    sa.Column("typed", JSONB, nullable=False),  # the form as it was: name of the field to its values
    sa.Column(
        "based_on", sa.Text, nullable=False
    ),  # metadata_modified of the entry that was opened; empty for a new one
    sa.Column("version", sa.Integer, nullable=False),  # counts savings, from 1
    sa.Column("saved", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
)
