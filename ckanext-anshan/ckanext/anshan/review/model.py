"""Submissions, the signatures under them, what happened to them, and what people wrote about them.

What was submitted and signed can't be changed, not even by hand: triggers refuse it.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

metadata = sa.MetaData()

OPEN = "state = ANY ('{submitted,in_review,returned,released,provisional}'::text[])"  # rules.OPEN

submission = sa.Table(
    "anshan_review_submission",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("number", sa.Text, nullable=False, unique=True),  # SS-2026-000281
    sa.Column("kind", sa.Text, nullable=False),  # rules.Kind
    sa.Column("state", sa.Text, nullable=False),  # rules.State
    sa.Column("entry_id", sa.Text, nullable=False, server_default=""),  # empty for a list
    sa.Column("agency", sa.Text, nullable=False, server_default=""),  # id of the organization; empty for a list
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("opening_class", sa.Text, nullable=False, server_default=""),  # release.rules.OpeningClass
    sa.Column("frozen", JSONB, nullable=False),  # all that is signed, see freezing.py
    sa.Column("hash", sa.Text, nullable=False),  # SHA-256 of the canonical JSON of frozen, hex
    sa.Column("submitter", sa.Text, nullable=False, server_default=""),  # id of the account; empty from the console
    sa.Column("created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    # what changes
    sa.Column("way", sa.Text, nullable=False),  # rules.Way
    sa.Column("base", sa.Text, nullable=False, server_default=""),  # id of the submission whose policy lets it pass
    sa.Column("reports", JSONB, nullable=False, server_default="[]"),  # ids of the scans, once all are done
    sa.Column("scan_hash", sa.Text, nullable=False, server_default=""),  # over the reports; empty until all are done
    sa.Column("severity", sa.Text, nullable=False, server_default=""),  # of the worst finding
    sa.Column("findings", sa.Integer, nullable=False, server_default="0"),
    sa.Column("due", sa.Date),  # of the step that is under way; none while nobody owes anything
    sa.Column("until", sa.DateTime(timezone=True)),  # an emergency closes then
    sa.Column("is_sampled", sa.Boolean, nullable=False, server_default="false"),
    sa.Column("changed", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Index(
        "anshan_review_submission_one", "entry_id", unique=True, postgresql_where=sa.text(f"entry_id <> '' AND {OPEN}")
    ),
    sa.Index("anshan_review_submission_state", "state", "due"),
    sa.Index("anshan_review_submission_agency", "agency", "created"),
    sa.Index("anshan_review_submission_entry", "entry_id", "created"),
)

signature = sa.Table(
    "anshan_review_signature",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("submission_id", sa.Text, sa.ForeignKey(submission.c.id), nullable=False),
    sa.Column("key", sa.Text, nullable=False),  # rules.Key
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("organization_id", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("scan_hash", sa.Text, nullable=False),
    sa.Column("opening_class", sa.Text, nullable=False),
    sa.Column("answers", JSONB, nullable=False),  # item of the checklist to its answer
    sa.Column("reason", sa.Text, nullable=False, server_default=""),  # why although something was found
    sa.Column("created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.UniqueConstraint("submission_id", "key", name="anshan_review_signature_key"),
    sa.UniqueConstraint("submission_id", "user_id", name="anshan_review_signature_person"),
    sa.UniqueConstraint("submission_id", "organization_id", name="anshan_review_signature_organization"),
)

event = sa.Table(
    "anshan_review_event",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("submission_id", sa.Text, sa.ForeignKey(submission.c.id), nullable=False),
    sa.Column("command", sa.Text, nullable=False),  # rules.Command
    sa.Column("role", sa.Text, nullable=False),  # rules.Role
    sa.Column("user_id", sa.Text, nullable=False, server_default=""),
    sa.Column("organization_id", sa.Text, nullable=False, server_default=""),
    sa.Column("before", sa.Text, nullable=False),  # rules.State
    sa.Column("after", sa.Text, nullable=False),
    sa.Column("clock", sa.Text, nullable=False),  # rules.Clock
    sa.Column("due", sa.Date),  # of the step that begins with it
    sa.Column("facts", JSONB, nullable=False, server_default="{}"),  # reason, article, key …
    sa.Column("created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Index("anshan_review_event_submission", "submission_id", "id"),
)

remark = sa.Table(
    "anshan_review_remark",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("submission_id", sa.Text, sa.ForeignKey(submission.c.id), nullable=False),
    sa.Column("event_id", sa.BigInteger, sa.ForeignKey(event.c.id)),  # the return that it is a reason of
    sa.Column("role", sa.Text, nullable=False),  # rules.Role
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("organization_id", sa.Text, nullable=False),
    sa.Column("internal", sa.Boolean, nullable=False, server_default="false"),  # not for the agency
    sa.Column("place", sa.Text, nullable=False, server_default=""),  # rules.PLACES
    sa.Column("at", sa.Text, nullable=False, server_default=""),  # name of the field, file or column; file#row
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("attachment", JSONB),  # name, sha256, size, mimetype; in the vault
    sa.Column("created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Index("anshan_review_remark_submission", "submission_id", "id"),
)
