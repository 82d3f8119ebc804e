"""Tables of the log. Rows of events, leaves and checkpoints are added and never changed: triggers refuse it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA, UUID
from sqlalchemy.types import UserDefinedType

metadata = sa.MetaData()


class TransactionId(UserDefinedType[int]):
    """PostgreSQL's ``xid8``."""

    cache_ok = True

    def get_col_spec(self, **kw: object) -> str:
        return "xid8"


event = sa.Table(
    "anshan_audit_event",
    metadata,
    sa.Column("id", UUID, primary_key=True),  # version 7
    sa.Column("at", sa.DateTime(timezone=True), primary_key=True),  # by the clock of who wrote it; decides the month
    sa.Column("xid", TransactionId, nullable=False, server_default=sa.text("pg_current_xact_id()")),
    sa.Column("kind", sa.Text, nullable=False),  # as sentences.py has them
    sa.Column("outcome", sa.Text, nullable=False),  # events.Outcome
    sa.Column("object_type", sa.Text),
    sa.Column("object_id", sa.Text),
    sa.Column("person", UUID),  # anshan_audit_person.id
    sa.Column("organization", sa.Text),  # id of the agency that was acted for
    sa.Column("body", sa.Text, nullable=False),  # canonical JSON; all of the above again, and what the leaf is made of
    sa.Column("leaf", BYTEA, nullable=False),  # SHA-256 of 0x00 and body (RFC 6962)
    sa.Column("mark", BYTEA, nullable=False),  # HMAC-SHA256 of the leaf by the web processes' key
    sa.Column("private", BYTEA),  # AES-256-GCM under the person's key: account, address, reason
    sa.Index("anshan_audit_event_xid", "xid"),
    sa.Index("anshan_audit_event_object", "object_type", "object_id", "id"),
    sa.Index("anshan_audit_event_person", "person", "id"),
    sa.Index("anshan_audit_event_organization", "organization", "id"),
    sa.Index("anshan_audit_event_kind", "kind", "id"),
    sa.Index(
        "anshan_audit_event_changes",
        "object_type",
        "object_id",
        "id",
        postgresql_where=sa.text("kind <> 'file.handed_out' AND outcome = 'done'"),
    ),
    sa.Index("anshan_audit_event_refusals", "id", postgresql_where=sa.text("outcome = 'refused'")),
    postgresql_partition_by="RANGE (at)",
)

head = sa.Table(
    "anshan_audit_head",
    metadata,
    sa.Column("type", sa.Text, primary_key=True),  # states.TYPES
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),  # counts its recorded changes
    sa.Column("state", sa.Text, nullable=False),  # SHA-256 of what it is made of, hex; empty: gone
)

person = sa.Table(
    "anshan_audit_person",
    metadata,
    sa.Column("id", UUID, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),  # account, address, console
    sa.Column("subject", sa.Text, nullable=False),  # id of the account; the address; name in the operating system
    sa.Column("key", BYTEA, nullable=False),  # 32 bytes; without this row nobody can read what it locks
    sa.Column("made", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.UniqueConstraint("kind", "subject", name="anshan_audit_person_subject"),
)

leaf = sa.Table(
    "anshan_audit_leaf",
    metadata,
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),  # in the tree, from 0
    sa.Column("event_id", UUID, nullable=False),
    sa.Column("event_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("leaf", BYTEA, nullable=False),  # 32 bytes
    sa.Index("anshan_audit_leaf_event", "event_id", unique=True),
)

node = sa.Table(
    "anshan_audit_node",
    metadata,
    sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),  # 1: of 256 leaves, 2: of 65,536 …
    sa.Column("index", sa.BigInteger, primary_key=True, autoincrement=False),  # from 0
    sa.Column("hash", BYTEA, nullable=False),  # 32 bytes
)

checkpoint = sa.Table(
    "anshan_audit_checkpoint",
    metadata,
    sa.Column("size", sa.BigInteger, primary_key=True, autoincrement=False),  # leaves
    sa.Column("root", BYTEA, nullable=False),  # 32 bytes
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("note", sa.Text, nullable=False),  # signed, C2SP tlog-checkpoint
    sa.Column("snapshot", sa.Text, nullable=False),  # what had been committed: pg_current_snapshot()
    sa.Column("cluster", sa.Text, nullable=False),  # identifies the server for which the snapshot means something
)

witness = sa.Table(
    "anshan_audit_witness",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),  # of the newest checkpoint that it has
    sa.Column("answered", sa.DateTime(timezone=True)),  # when it last said that it has one
    sa.Column("asked", sa.DateTime(timezone=True), nullable=False),
    sa.Column("answer", sa.Text, nullable=False),  # what it said: a signature, a time stamp (base64), an error
    sa.Column("failing", sa.Boolean, nullable=False),
    sa.Column("kept", sa.Text, nullable=False, server_default=""),  # its last answer that was none of an error, whole
)

retention = sa.Table(
    "anshan_audit_retention",
    metadata,
    sa.Column("one", sa.Boolean, sa.CheckConstraint("one"), primary_key=True),  # there is one row at the most
    sa.Column("months", sa.Integer),  # full months that stay before the current one; empty: the policy can't be read
    sa.Column("trim", sa.Boolean, nullable=False),  # older ones are taken out, not only archived
    sa.Column("at", sa.DateTime(timezone=True), nullable=False),  # when the sealer looked last
    sa.Column("failing", sa.Text, nullable=False),  # why not everything is as the policy wants it, empty when it is
)
