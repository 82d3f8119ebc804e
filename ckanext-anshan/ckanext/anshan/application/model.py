"""Applications, what was asked and answered, agreements and who signed them, and what happened.

What was submitted, answered, agreed and signed can't be changed, not even by hand: triggers refuse it.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

metadata = sa.MetaData()

ROOM = "anshan_application"


def _created(name: str = "created") -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())


application = sa.Table(
    f"{ROOM}_application",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("number", sa.Text, nullable=False, unique=True),  # SQ-2026-000417; a draft's: CG-2026-000417
    sa.Column("batch", sa.Text, nullable=False, server_default=""),  # of those that were applied for together
    sa.Column("kind", sa.Text, nullable=False),  # rules.Kind
    sa.Column("state", sa.Text, nullable=False),  # rules.State
    sa.Column("agency", sa.Text, nullable=False),  # id of the provider's organization
    sa.Column("party_kind", sa.Text, nullable=False),  # person, organization; agency where it is shared
    sa.Column("party_id", sa.Text, nullable=False),
    sa.Column("applicant_kind", sa.Text, nullable=False, server_default=""),  # as entries name who is eligible
    sa.Column("user_id", sa.Text, nullable=False),  # who began it
    sa.Column("relation", sa.Text, nullable=False),  # rules.Relation
    sa.Column("follows", sa.Text, nullable=False, server_default=""),  # id of the application before
    sa.Column("content", JSONB, nullable=False),  # forms.Content, as it is now
    sa.Column("hash", sa.Text, nullable=False, server_default=""),  # of content and items, hex
    sa.Column("version", sa.Integer, nullable=False, server_default="0"),  # times that it was submitted or answered
    sa.Column("titles", sa.Text, nullable=False, server_default=""),  # of its datasets, to be listed and searched by
    sa.Column("handler", sa.Text, nullable=False, server_default=""),  # id of the user who took it
    sa.Column("recused", JSONB, nullable=False, server_default="[]"),  # ids of users
    sa.Column("due", sa.Date),  # of the step that is under way; none while nobody owes anything
    sa.Column("left", sa.Integer),  # working days left when the clock was stopped
    sa.Column("is_extended", sa.Boolean, nullable=False, server_default="false"),
    sa.Column("is_escalated", sa.Boolean, nullable=False, server_default="false"),  # late, and the bureau was told
    sa.Column("needs_opinion", sa.Boolean, nullable=False, server_default="false"),
    sa.Column("result", sa.Text, nullable=False, server_default=""),  # rules.Result, once it is approved
    sa.Column("ground", sa.Text, nullable=False, server_default=""),  # rules.Ground, once it is refused
    sa.Column("days", sa.Integer),  # working days that the answer took
    sa.Column("is_late", sa.Boolean, nullable=False, server_default="false"),  # answered after it was due
    sa.Column("agreement", sa.Text, nullable=False, server_default=""),  # hash of the one that counts
    sa.Column("starts", sa.Date),
    sa.Column("ends", sa.Date),
    sa.Column("report_due", sa.Date),  # of the next use report
    sa.Column("destroyed", sa.DateTime(timezone=True)),  # when the destruction was declared
    sa.Column("submitted", sa.DateTime(timezone=True)),
    sa.Column("answered", sa.DateTime(timezone=True)),
    _created(),
    _created("changed"),
    sa.Index(f"{ROOM}_application_party", "party_kind", "party_id", "changed"),
    sa.Index(f"{ROOM}_application_agency", "agency", "state", "due"),
    sa.Index(f"{ROOM}_application_state", "state", "due"),
    sa.Index(f"{ROOM}_application_answered", "answered", postgresql_where=sa.text("answered IS NOT NULL")),
    sa.Index(f"{ROOM}_application_follows", "follows", postgresql_where=sa.text("follows <> ''")),
)

item = sa.Table(
    f"{ROOM}_item",
    metadata,
    sa.Column("application_id", sa.Text, sa.ForeignKey(application.c.id), primary_key=True),
    sa.Column("dataset_id", sa.Text, primary_key=True),  # as releases know it
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("dataset_name", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("release_version", sa.Integer, nullable=False),  # whose conditions were read
    sa.Column("form_version", sa.Integer, nullable=False, server_default="0"),  # of the agency's questions; 0: none
    sa.Column("asked", JSONB, nullable=False),  # access.rules.Scope
    sa.Column("answers", JSONB, nullable=False, server_default="{}"),  # to the agency's questions, and why each column
    sa.Column("decided", JSONB),  # access.rules.Scope, once it is approved
    sa.Index(f"{ROOM}_item_dataset", "dataset_id"),
)

party = sa.Table(
    f"{ROOM}_party",
    metadata,
    sa.Column("application_id", sa.Text, sa.ForeignKey(application.c.id), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("party_id", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),  # 0: the applicant; the others apply beside it
    sa.Column("joined", sa.DateTime(timezone=True)),
    sa.Column("user_id", sa.Text, nullable=False, server_default=""),  # who agreed for it
    sa.Index(f"{ROOM}_party_party", "kind", "party_id"),
)

version = sa.Table(
    f"{ROOM}_version",
    metadata,
    sa.Column("application_id", sa.Text, sa.ForeignKey(application.c.id), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("frozen", JSONB, nullable=False),  # content, items and parties as they were sent
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
    _created(),
)

event = sa.Table(
    f"{ROOM}_event",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("application_id", sa.Text, sa.ForeignKey(application.c.id), nullable=False),
    sa.Column("command", sa.Text, nullable=False),  # rules.Command
    sa.Column("role", sa.Text, nullable=False),  # rules.Role
    sa.Column("user_id", sa.Text, nullable=False, server_default=""),
    sa.Column("before", sa.Text, nullable=False),  # rules.State
    sa.Column("after", sa.Text, nullable=False),
    sa.Column("clock", sa.Text, nullable=False),  # rules.Clock
    sa.Column("due", sa.Date),  # of the step that begins with it
    sa.Column("left", sa.Integer),  # working days left, where it stops the clock
    sa.Column("facts", JSONB, nullable=False, server_default="{}"),  # question, reason, ground, article, remarks …
    _created(),
    sa.Index(f"{ROOM}_event_application", "application_id", "id"),
)

message = sa.Table(
    f"{ROOM}_message",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("application_id", sa.Text, sa.ForeignKey(application.c.id), nullable=False),
    sa.Column("role", sa.Text, nullable=False),  # rules.Role
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("is_internal", sa.Boolean, nullable=False, server_default="false"),  # not for the applicant
    sa.Column("text", sa.Text, nullable=False),
    _created(),
    sa.Index(f"{ROOM}_message_application", "application_id", "id"),
)

attachment = sa.Table(
    f"{ROOM}_attachment",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("application_id", sa.Text, sa.ForeignKey(application.c.id), nullable=False),
    sa.Column("field", sa.Text, nullable=False),  # of the content or of the agency's questions; message:<id>
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),  # in the vault
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("mimetype", sa.Text, nullable=False),
    sa.Column("severity", sa.Text, nullable=False, server_default=""),  # of the worst finding of its scan
    sa.Column("scanned", sa.DateTime(timezone=True)),
    sa.Column("is_internal", sa.Boolean, nullable=False, server_default="false"),
    sa.Column("is_removed", sa.Boolean, nullable=False, server_default="false"),  # from the draft
    sa.Column("user_id", sa.Text, nullable=False),
    _created(),
    sa.Index(f"{ROOM}_attachment_application", "application_id"),
)

opinion = sa.Table(
    f"{ROOM}_opinion",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("application_id", sa.Text, sa.ForeignKey(application.c.id), nullable=False),
    sa.Column("hash", sa.Text, nullable=False),  # of the text that it is about
    sa.Column("agrees", sa.Boolean, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("organization_id", sa.Text, nullable=False),
    _created(),
    sa.UniqueConstraint("application_id", "hash", name=f"{ROOM}_opinion_once"),
)

form = sa.Table(
    f"{ROOM}_form",
    metadata,
    sa.Column("dataset_id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("agency", sa.Text, nullable=False),
    sa.Column("questions", JSONB, nullable=False),  # list of forms.Question
    sa.Column("user_id", sa.Text, nullable=False),
    _created(),
)

agreement = sa.Table(
    f"{ROOM}_agreement",
    metadata,
    sa.Column("hash", sa.Text, primary_key=True),  # SHA-256 of the canonical JSON of the document, hex
    sa.Column("application_id", sa.Text, sa.ForeignKey(application.c.id), nullable=False),
    sa.Column("template", sa.Text, nullable=False),
    sa.Column("document", JSONB, nullable=False),
    sa.Column("code", sa.Text, nullable=False, unique=True),  # by which anyone can check it
    _created(),
    sa.Index(f"{ROOM}_agreement_application", "application_id", "created"),
)

signature = sa.Table(
    f"{ROOM}_signature",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("application_id", sa.Text, sa.ForeignKey(application.c.id), nullable=False),
    sa.Column("agreement", sa.Text, sa.ForeignKey(agreement.c.hash), nullable=False),
    sa.Column("party", sa.Text, nullable=False),  # kind:id, or provider
    sa.Column("user_id", sa.Text, nullable=False),
    sa.Column("proof", sa.Text, nullable=False),  # how they showed again who they are: password, oidc
    _created(),
    sa.UniqueConstraint("agreement", "party", name=f"{ROOM}_signature_once"),
)

report = sa.Table(
    f"{ROOM}_report",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("application_id", sa.Text, sa.ForeignKey(application.c.id)),  # none: a misuse that named no application
    sa.Column("kind", sa.Text, nullable=False),  # use, misuse, destruction
    sa.Column("dataset_id", sa.Text, nullable=False, server_default=""),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("facts", JSONB, nullable=False, server_default="{}"),
    sa.Column("user_id", sa.Text, nullable=False, server_default=""),  # empty: a visitor
    sa.Column("answer", sa.Text, nullable=False, server_default=""),
    sa.Column("answered", sa.DateTime(timezone=True)),
    sa.Column("answered_by", sa.Text, nullable=False, server_default=""),
    _created(),
    sa.Index(f"{ROOM}_report_application", "application_id", "id"),
    sa.Index(f"{ROOM}_report_open", "kind", "id", postgresql_where=sa.text("answered IS NULL")),
)

deputy = sa.Table(
    f"{ROOM}_deputy",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("agency", sa.Text, nullable=False),
    sa.Column("user_id", sa.Text, nullable=False),  # a publisher of it
    sa.Column("named_by", sa.Text, nullable=False),  # its head
    sa.Column("starts", sa.Date, nullable=False),
    sa.Column("ends", sa.Date, nullable=False),  # the last day
    sa.Column("ended", sa.DateTime(timezone=True)),
    _created(),
    sa.Index(f"{ROOM}_deputy_agency", "agency", "ends"),
)
