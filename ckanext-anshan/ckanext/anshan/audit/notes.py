"""Keys of the log and what it signs with them: notes and checkpoints (https://c2sp.org/signed-note)."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from .offline import ED25519, HASH, Key, NoteError, from_base64, is_name, key_id, parse_note

PREFIX = "PRIVATE+KEY+"  # as Go's sumdb/note writes a private key: PRIVATE+KEY+name+hex(id)+base64(type, seed)
SEED = 32  # bytes
FORMER = "former-keys"


@dataclass(frozen=True)
class Signer:
    """A private key; its seed shows in no ``repr`` and so in no traceback."""

    key: Key
    private: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> Signer:
        """:raises NoteError: ``key_form``; the sentence never quotes the key"""
        name, id, material = _parts(text.strip())
        if material[:1] != ED25519 or len(material) != 1 + SEED:
            raise NoteError("key_form", "The private key is not an Ed25519 key: base64 of the byte 1 and of 32 bytes.")
        signer = cls.of(name, material[1:])
        if id != signer.key.id.hex():
            raise NoteError("key_form", "The private key's id doesn't follow from its name and bytes: is it whole?")
        return signer

    @classmethod
    def of(cls, name: str, seed: bytes) -> Signer:
        """:raises NoteError: ``key_form`` when a key may not have that name"""
        if not _may_sign(name):
            raise NoteError("key_form", "A key's name is one word without a plus sign.")
        private = Ed25519PrivateKey.from_private_bytes(seed)
        public = private.public_key().public_bytes_raw()
        return cls(Key(name, key_id(name, public), public), private)

    @property
    def vkey(self) -> str:
        """The public key as others pin it."""
        return vkey(self.key)

    def sign(self, text: str) -> str:
        """The text, an empty line and the signature.

        :param text: ends with a line feed; without signatures, which follow it
        :raises NoteError: ``note_form`` when a reader would refuse the note
        """
        if not text.endswith("\n"):
            raise NoteError("note_form", "The text of a note ends with a line feed.")
        value = base64.b64encode(self.key.id + self.private.sign(text.encode())).decode()
        note = f"{text}\n— {self.key.name} {value}\n"
        parse_note(note)
        return note


def generate(name: str) -> tuple[str, str]:
    """A new key pair: the private key's text, to be kept, and the public key's, to be published."""
    private = Ed25519PrivateKey.generate()
    seed = private.private_bytes_raw()
    signer = Signer.of(name, seed)
    return PREFIX + _join(name, signer.key.id, seed), signer.vkey


def vkey(key: Key) -> str:
    """A public key as others pin it."""
    return _join(key.name, key.id, key.public)


def current(key_file: Path) -> str:
    """The log's public key as the sealer has published it; nothing before its first start."""
    return key_file.read_text("utf-8").strip() if key_file.is_file() else ""


def formers(key_file: Path) -> list[str]:
    """The log's former public keys, oldest first; they stand in ``former-keys`` beside its public key, one a line."""
    path = key_file.with_name(FORMER)
    return path.read_text("utf-8").split() if path.is_file() else []


def checkpoint(origin: str, size: int, root: bytes, extensions: Sequence[str] = ()) -> str:
    """The text of a checkpoint, to be signed (https://c2sp.org/tlog-checkpoint).

    :param size: leaves
    :param extensions: further lines, none of them empty
    :raises ValueError: when a line is empty or holds a line feed, or the root has not 32 bytes
    """
    lines = (origin, *extensions)
    if size < 0 or len(root) != HASH or not all(lines) or any("\n" in line for line in lines):
        raise ValueError(f"not a checkpoint: {lines!r}, {size} leaves, root of {len(root)} bytes")
    return "".join(f"{line}\n" for line in (origin, size, base64.b64encode(root).decode(), *extensions))


def _may_sign(name: str) -> bool:
    return is_name(name) and name.isprintable()


def _join(name: str, id: bytes, bare: bytes) -> str:
    return f"{name}+{id.hex()}+{base64.b64encode(ED25519 + bare).decode()}"


def _parts(text: str) -> tuple[str, str, bytes]:
    parts = text.removeprefix(PREFIX).split("+", 2)
    if not text.startswith(PREFIX) or len(parts) != 3:
        raise NoteError("key_form", "A private key reads PRIVATE+KEY+name+id+base64.")
    try:
        return parts[0], parts[1], from_base64(parts[2], "key_form")
    except NoteError:
        raise NoteError("key_form", "The last part of the private key is not base64.") from None
