"""The tables of imports."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

metadata = sa.MetaData()


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, server_default="0")


run = sa.Table(
    "anshan_catalogue_import",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),  # waiting, running, planned, done, refused, interrupted or failed
    sa.Column("started", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("finished", sa.DateTime(timezone=True)),
    sa.Column("user_id", sa.Text),
    sa.Column("file_name", sa.Text, nullable=False),  # as the person called it
    sa.Column("path", sa.Text),  # where an uploaded file waits for its run
    sa.Column("form", sa.Text),  # a key of forms.FORMS
    sa.Column("create_agencies", sa.Boolean, nullable=False),
    sa.Column("plan", sa.Boolean, nullable=False, server_default=sa.false()),  # judged first, written when told to
    _count("total"),  # entries in the file
    _count("done"),  # of them looked at and committed
    _count("created"),
    _count("updated"),
    _count("unchanged"),
    _count("refused"),
    _count("agencies"),  # organizations created
    sa.Column("code", sa.Text),  # why the file was refused or the run failed
    sa.Column("facts", JSONB),
)

problem = sa.Table(
    "anshan_catalogue_import_problem",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("import_id", sa.Text, sa.ForeignKey(run.c.id, ondelete="CASCADE"), nullable=False),
    sa.Column("row", sa.Integer, nullable=False),  # as a spreadsheet counts, from 1
    sa.Column("heading", sa.Text, nullable=False),  # of the column, as the file has it
    sa.Column("value", sa.Text, nullable=False),  # what stands there, cut to 500 characters
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("level", sa.Text, nullable=False),  # error or notice
    sa.Column("facts", JSONB, nullable=False),
    sa.Index("anshan_catalogue_import_problem_import", "import_id", "id"),
)

entry = sa.Table(
    "anshan_catalogue_import_entry",
    metadata,
    sa.Column("form", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),  # code, else provider and title
    sa.Column("entry_id", sa.Text, nullable=False),  # package.id
    sa.Column("hash", sa.Text, nullable=False),  # SHA-256 of what the file said of it
)
