"""Releases and their files. What was signed can't be changed, not even by hand: triggers refuse it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

metadata = sa.MetaData()

release = sa.Table(
    "anshan_release_release",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("dataset_id", sa.Text, nullable=False),  # id of the public package, the same for every version
    sa.Column("dataset_name", sa.Text, nullable=False),  # its name in addresses, the same for every version
    sa.Column("entry_id", sa.Text, nullable=False),  # id of the private package; never shown in public
    sa.Column("code", sa.Text, nullable=False),  # code of the entry
    sa.Column("version", sa.Integer, nullable=False),  # 1, 2, 3 … within the dataset
    sa.Column("state", sa.Text, nullable=False),  # rules.State
    sa.Column("opening_class", sa.Text, nullable=False),  # rules.OpeningClass
    sa.Column("metadata", JSONB, nullable=False),  # the public fields as published
    sa.Column("metadata_hash", sa.Text, nullable=False),  # SHA-256 of the canonical JSON of metadata, hex
    sa.Column("content_hash", sa.Text, nullable=False),  # SHA-256 over metadata and files, hex
    sa.Column("approval", sa.Text, nullable=False),  # number of the document that approved it
    sa.Column("release_date", sa.Date, nullable=False),  # the day from which the data is open
    sa.Column("created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("published", sa.DateTime(timezone=True)),
    sa.UniqueConstraint("dataset_id", "version", name="anshan_release_release_version"),
    sa.Index(
        "anshan_release_release_current", "dataset_id", unique=True, postgresql_where=sa.text("state = 'published'")
    ),
    sa.Index("anshan_release_release_entry", "entry_id"),
    sa.Index("anshan_release_release_name", "dataset_name"),
)

file = sa.Table(
    "anshan_release_file",
    metadata,
    sa.Column("release_id", sa.Text, sa.ForeignKey("anshan_release_release.id"), primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),  # as in the address and in the download
    sa.Column("resource_id", sa.Text, nullable=False),  # the same for the same name in every version
    sa.Column("sha256", sa.Text, nullable=False),  # hex; the file's place in the vault
    sa.Column("size", sa.BigInteger, nullable=False),  # bytes
    sa.Column("format", sa.Text, nullable=False),  # CSV, XLSX …
    sa.Column("mimetype", sa.Text, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),  # from 0
    sa.Index("anshan_release_file_resource", "resource_id"),
)
