"""Errors that users of data report and what came of it (art. 23), data to be returned to lower levels (art. 24).

Neither is ever deleted, what is over stays so, and what happened can't be changed: triggers refuse it, by hand too.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

metadata = sa.MetaData()

ROOM = "anshan_sharing"


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _maybe(name: str) -> sa.Column[str]:
    """Empty where there is none."""
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _moment(name: str) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())


def _term() -> tuple[sa.Column, ...]:
    return (
        sa.Column("due", sa.Date),  # of the step that is under way; none while nobody owes anything
        sa.Column("is_escalated", sa.Boolean, nullable=False, server_default="false"),  # late, and the bureau was told
    )


feedback = sa.Table(
    f"{ROOM}_feedback",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("number", sa.Text, nullable=False, unique=True),  # JH-2026-000012
    _text("state"),  # rules.FeedbackState
    _text("application_id"),  # under which the data is used
    _text("application_number"),
    _text("party_kind"),  # who uses it
    _text("party_id"),
    _text("provider"),  # id of the organization that verifies it
    _text("dataset_id"),
    _text("title"),
    sa.Column("version", sa.Integer, nullable=False),  # of the release in which the error is
    _maybe("file"),
    _maybe("column_name"),
    _maybe("row_key"),  # which row, in words
    _text("text"),
    _maybe("reply"),
    sa.Column("correct_by", sa.Date),
    sa.Column("corrected_version", sa.Integer),
    *_term(),
    _text("user_id"),
    _moment("created"),
    _moment("changed"),
    sa.Index(f"{ROOM}_feedback_party", "party_kind", "party_id", "created"),
    sa.Index(f"{ROOM}_feedback_provider", "provider", "state", "due"),
    sa.Index(f"{ROOM}_feedback_due", "due", postgresql_where=sa.text("due IS NOT NULL")),
)

returned = sa.Table(
    f"{ROOM}_return",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("number", sa.Text, nullable=False, unique=True),  # FH-2026-000012
    _text("state"),  # rules.ReturnState
    _text("agency"),  # id of the organization that needs the data back
    _maybe("dataset_id"),  # where what is needed has been released
    _text("title"),
    _maybe("description"),
    _maybe("district"),  # id in districts
    sa.Column("streets", JSONB, nullable=False, server_default="[]"),  # ids in streets
    _maybe("scope"),
    _text("purpose"),
    _text("basis"),
    _text("cycle"),  # id in update_cycles
    _maybe("provider"),  # id of the organization that has it
    _maybe("merged_into"),  # number of another
    _maybe("how"),
    sa.Column("until", sa.Date),  # by when it is returned
    _maybe("reason"),
    _maybe("article"),
    _maybe("application"),  # number of the application by which it is shared
    *_term(),
    _text("user_id"),
    _moment("created"),
    _moment("changed"),
    sa.Index(f"{ROOM}_return_agency", "agency", "created"),
    sa.Index(f"{ROOM}_return_provider", "provider", "state"),
    sa.Index(f"{ROOM}_return_due", "due", postgresql_where=sa.text("due IS NOT NULL")),
)

event = sa.Table(
    f"{ROOM}_event",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    _text("about"),  # id of the feedback or return
    _text("command"),
    _text("before"),
    _text("after"),
    _text("role"),  # rules.Role
    _text("user_id"),
    sa.Column("facts", JSONB, nullable=False, server_default="{}"),  # what was given
    _moment("created"),
    sa.Index(f"{ROOM}_event_about", "about", "id"),
)
