"""Locks what says who somebody is: AES-256-GCM, with keys in a file outside the database.

A line of the file is ``id: key`` (32 bytes, base64). The first key locks, the others still open what they locked
(``ckan anshan applicants rekey`` locks it anew). What is locked is bound to its table, row and column, so that it can't
be moved to another one.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from . import options

NONCE, LENGTH = 12, 32  # bytes


class Locked(Exception):
    """Identities can't be locked or opened. ``code`` is one of ``messages.WORDS``, ``facts`` goes into it."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code, facts)
        self.code, self.facts = code, facts


@dataclass(frozen=True)
class Place:
    """Where something locked belongs."""

    table: str
    row: str
    column: str = "identity"

    def bound(self, key: str) -> bytes:
        return "\0".join((self.table, self.row, self.column, key)).encode()


@dataclass(frozen=True)
class Sealed:
    """What is stored: the locked bytes, and the id of the key that locked them."""

    key: str
    locked: bytes


def lock(place: Place, identity: Mapping[str, str]) -> Sealed:
    """:raises Locked: there is no key"""
    id, key = next(iter(_keys().items()))
    nonce, text = os.urandom(NONCE), json.dumps(dict(identity), ensure_ascii=False, sort_keys=True).encode()
    return Sealed(id, nonce + AESGCM(_derived(key, b"lock")).encrypt(nonce, text, place.bound(id)))


def unlock(place: Place, sealed: Sealed) -> dict[str, str]:
    """:raises Locked: its key isn't in the file, or is another one than that which locked it"""
    key = _keys().get(sealed.key)
    if key is None:
        raise Locked("key_unknown", key=sealed.key)
    nonce, locked = sealed.locked[:NONCE], sealed.locked[NONCE:]
    try:
        return json.loads(AESGCM(_derived(key, b"lock")).decrypt(nonce, locked, place.bound(sealed.key)))
    except (InvalidTag, ValueError) as error:
        raise Locked("key_wrong", key=sealed.key) from error


def digest(kind: str, value: str) -> str:
    """By which the same number is found again without opening anything; of no use to who hasn't the key."""
    return _digest(next(iter(_keys().values())), kind, value)


def digests(kind: str, value: str) -> list[str]:
    """The same with every key: what was locked before a new one came is found as well."""
    return [_digest(key, kind, value) for key in _keys().values()]


def current() -> str:
    """Id of the key that locks."""
    return next(iter(_keys()))


def _digest(key: bytes, kind: str, value: str) -> str:
    return hmac.digest(_derived(key, b"digest"), f"{kind}\0{value}".encode(), sha256).hex()


def _derived(key: bytes, purpose: bytes) -> bytes:
    return hmac.digest(key, purpose, sha256)


def _keys() -> Mapping[str, bytes]:
    path = options.key_file()
    if path is None:
        raise Locked("key_unnamed")
    try:
        seen = path.stat()
        return _read(path, seen.st_mtime_ns, seen.st_size, seen.st_ino)
    except OSError as error:
        raise Locked("key_unreadable", path=str(path)) from error


@lru_cache(maxsize=4)
def _read(path: Path, *seen: int) -> Mapping[str, bytes]:
    """Read again when the file was touched."""
    return parse(path.read_text(encoding="utf-8"), str(path))


def parse(text: str, path: str = "") -> dict[str, bytes]:
    """The keys of a file by their ids. :raises Locked: there is none, or a line is none"""
    found: dict[str, bytes] = {}
    for line in text.splitlines():
        id, _, key = (part.strip() for part in line.partition(":"))
        if not id or id.startswith("#"):
            continue
        if id in found or len(_bytes(key)) != LENGTH:
            raise Locked("key_malformed", path=path, key=id)
        found[id] = _bytes(key)
    if not found:
        raise Locked("key_missing", path=path)
    return found


def _bytes(key: str) -> bytes:
    try:
        return base64.b64decode(key, validate=True)
    except binascii.Error:
        return b""
