"""Keeps a power of attorney locked in the vault, by a key of its own, which is locked as the identities are.

So new keys lock it anew without a byte of the file being written (``rekeying``). What was kept before files were
locked is handed out as it is.
"""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ..release import vault
from . import locking
from .locking import LENGTH, NONCE, Locked, Place, Sealed
from .model import organization

TAG = 16  # bytes that AES-GCM adds
Kept = dict[str, Any]


def keep(id: str, name: str, mimetype: str, content: bytes) -> Kept:
    """The facts of a file of an organization, which is in the vault then.

    :returns: ``name``, ``mimetype``, ``size`` of the file itself; ``sha256`` of what lies in the vault; ``key`` and
        ``locked``, which open it
    :raises Locked: there is no key, and nothing was kept
    """
    key = os.urandom(LENGTH)
    sealed = _sealed(id, key)
    nonce = os.urandom(NONCE)
    stored = vault.put(io.BytesIO(nonce + AESGCM(key).encrypt(nonce, content, _place(id).bound("file"))))
    facts = {"name": name, "mimetype": mimetype, "size": len(content), "sha256": stored.sha256}
    return {**facts, **sealed}


def size_kept(kept: Mapping[str, Any]) -> int:
    """Bytes in the vault."""
    return kept["size"] + (NONCE + TAG if kept.get("locked") else 0)


def opened(id: str, kept: Mapping[str, Any], content: bytes) -> bytes:
    """The file itself, of what lies in the vault. :raises Locked: nothing opens it"""
    if not kept.get("locked"):
        return content
    try:
        return AESGCM(_key(id, kept)).decrypt(content[:NONCE], content[NONCE:], _place(id).bound("file"))
    except InvalidTag as error:
        raise Locked("key_wrong", key=kept["key"]) from error


def locked_anew(id: str, kept: Mapping[str, Any]) -> Kept:
    """The same facts, with its key locked by the one that locks now. :raises Locked: nothing opens it"""
    if not kept.get("locked") or kept["key"] == locking.current():
        return dict(kept)
    return {**kept, **_sealed(id, _key(id, kept))}


def _place(id: str) -> Place:
    return Place(organization.name, id, "attorney")


def _sealed(id: str, key: bytes) -> dict[str, str]:
    sealed = locking.lock(_place(id), {"file": base64.b64encode(key).decode()})
    return {"key": sealed.key, "locked": base64.b64encode(sealed.locked).decode()}


def _key(id: str, kept: Mapping[str, Any]) -> bytes:
    sealed = Sealed(kept["key"], base64.b64decode(kept["locked"]))
    return base64.b64decode(locking.unlock(_place(id), sealed)["file"])
