"""What the portal tells its users, one row for each of them and each thing."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

metadata = sa.MetaData()

notice = sa.Table(
    "anshan_people_notice",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("user_id", sa.Text, nullable=False),  # who is told
    sa.Column("kind", sa.Text, nullable=False),  # the function of a room's notifying.py
    sa.Column("facts", JSONB, nullable=False, server_default="{}"),  # what that function is given
    sa.Column("link", sa.Text, nullable=False, server_default=""),  # path in the portal, without a language
    sa.Column("about", sa.Text, nullable=False, server_default=""),  # the thing, e.g. submission:<id>; may be nothing
    sa.Column("day", sa.Date, nullable=False),  # of the city
    sa.Column("created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("read", sa.DateTime(timezone=True)),
    sa.Column("mailed", sa.DateTime(timezone=True)),  # when it was put into a mail
    sa.Index("anshan_people_notice_user", "user_id", "id"),
    sa.Index("anshan_people_notice_about", "about", "day", postgresql_where=sa.text("about <> ''")),
    sa.Index("anshan_people_notice_unread", "user_id", "id", postgresql_where=sa.text("read IS NULL")),
    sa.Index(
        "anshan_people_notice_unmailed", "user_id", "id", postgresql_where=sa.text("read IS NULL AND mailed IS NULL")
    ),
    sa.Index(
        "anshan_people_notice_once",
        "about",
        "user_id",
        "kind",
        "day",
        unique=True,
        postgresql_where=sa.text("read IS NULL AND about <> ''"),
    ),
)
