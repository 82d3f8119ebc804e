"""What an event says about people is locked with a key of that person; the leaf holds a keyed commitment to it.

Taking the key away (``forget``) makes every such text unreadable and every commitment unprovable, and leaves the tree
whole. An account has one key, an address one for as long as ``options.address_days`` says (Personal Information
Protection Law, article 47).
"""

from __future__ import annotations

import hmac
import json
import os
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from ckan import model
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from . import events
from .model import person

ACCOUNT, ADDRESS, CONSOLE = "account", "address", "console"
NONCE = 12  # bytes
REMEMBERED = 60.0  # seconds that a process goes on using a key which another may have taken away
MOST = 10_000  # keys that a process remembers

ADD = sa.text(
    "INSERT INTO anshan_audit_person (id, kind, subject, key) VALUES (:id, :kind, :subject, :key)"
    " ON CONFLICT (kind, subject) DO NOTHING"
)
FIND = sa.text("SELECT id, key FROM anshan_audit_person WHERE kind = :kind AND subject = :subject")


@dataclass(frozen=True)
class Person:
    id: UUID
    key: bytes

    @cached_property
    def cipher(self) -> AESGCM:
        """Made once: that takes longer than to lock something with it."""
        return AESGCM(_derived(self.key, b"lock"))


_known: dict[tuple[str, str], tuple[float, Person]] = {}
_lock = threading.Lock()


def of(kind: str, subject: str) -> Person:
    """The person behind an account's id or an address; made, in a transaction of its own, where there is none yet."""
    until, found = _known.get((kind, subject), (0.0, None))
    if found is not None and until > time.monotonic():
        return found
    found = _find_or_make(kind, subject)
    with _lock:
        if len(_known) >= MOST:
            _known.clear()
        _known[kind, subject] = time.monotonic() + REMEMBERED, found
    return found


def _find_or_make(kind: str, subject: str) -> Person:
    assert model.meta.engine
    named = {"kind": kind, "subject": subject}
    with model.meta.engine.begin() as connection:
        row = connection.execute(FIND, named).first()
        if row is None:
            connection.execute(ADD, {**named, "id": uuid.uuid4(), "key": os.urandom(32)})
            row = connection.execute(FIND, named).one()
    return Person(row.id, bytes(row.key))


def lock(found: Person, event: UUID, private: Mapping[str, str]) -> tuple[bytes, str]:
    """The private part of an event, locked for its row, and the commitment for its leaf (hex)."""
    text, nonce = events.canonical(dict(private)).encode(), os.urandom(NONCE)
    locked = found.cipher.encrypt(nonce, text, event.bytes)
    return nonce + locked, hmac.digest(opening(found.key, event), text, sha256).hex()


def unlock(key: bytes, event: UUID, locked: bytes) -> dict[str, str] | None:
    """What was locked; nothing where it was locked with another key or changed since."""
    try:
        text = AESGCM(_derived(key, b"lock")).decrypt(locked[:NONCE], locked[NONCE:], event.bytes)
    except (InvalidTag, ValueError):
        return None
    return json.loads(text)


def opening(key: bytes, event: UUID) -> bytes:
    """The key of one event's commitment: whoever is given it can check that event's private part and no other."""
    return _derived(key, b"commit" + event.bytes)


def _derived(key: bytes, purpose: bytes) -> bytes:
    return hmac.digest(key, purpose, sha256)


def keys(ids: Sequence[UUID]) -> dict[UUID, bytes]:
    """The keys that are still there, by person."""
    query = sa.select(person.c.id, person.c.key).where(person.c.id.in_(set(ids)))
    return {row.id: bytes(row.key) for row in model.Session.connection().execute(query)} if ids else {}


def found(kind: str, subject: str) -> UUID | None:
    """The person behind an account's id or an address, if any event is about them."""
    query = sa.select(person.c.id).where(person.c.kind == kind, person.c.subject == subject)
    return model.Session.connection().execute(query).scalar()


def forget(kind: str, subject: str) -> bool:
    """Take a person's key away, in the caller's transaction; whether there was one."""
    gone = sa.delete(person).where(person.c.kind == kind, person.c.subject == subject)
    done: Any = model.Session.connection().execute(gone)
    _known.pop((kind, subject), None)
    return done.rowcount > 0


def forget_old_addresses(days: int) -> int:
    """Take the keys of addresses away that were made so many days ago, in the caller's transaction; how many."""
    age = sa.func.now() - sa.cast(f"{days} days", sa.Interval)
    gone = sa.delete(person).where(person.c.kind == ADDRESS, person.c.made < age)
    done: Any = model.Session.connection().execute(gone)
    return done.rowcount
