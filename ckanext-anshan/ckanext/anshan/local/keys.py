"""Secrets of one installation: generated once, never fixed, readable by their owner alone."""

from __future__ import annotations

import base64
import secrets
from pathlib import Path

from . import files

NAMES = ("postgres", "ckan", "datastore_read", "redis", "session", "token", "anshan_sealer", "audit_writer")


SHARED = ("postgres", "redis")
"""Of services that a portal may find elsewhere: they are told their secrets by files."""
APPLICANTS = "applicant-keys"
"""The file of the keys that lock who applicants are: ``id: base64``, the newest first. In no database."""


def load(data: Path) -> dict[str, str]:
    """The secrets of the portal in ``data``; what is missing is made."""
    path = data / "secrets.json"
    known: dict[str, str] = files.read_json(path, {})
    missing = {name: secrets.token_urlsafe(32) for name in NAMES if name not in known}
    if missing:
        known |= missing
        files.write_json(path, known)
    path.chmod(0o600)
    _make_applicants(data / APPLICANTS)
    return known


def _make_applicants(path: Path) -> None:
    """A first key, if there is none. Its id is its own, so that what a lost key locked says that it is missing."""
    if not path.exists():
        key = base64.b64encode(secrets.token_bytes(32)).decode()
        files.write(path, f"{secrets.token_hex(4)}: {key}\n")


def fill(address: str, known: dict[str, str]) -> str:
    """Put secrets into an address that names them: ``redis://:{redis}@host:6379/0``."""
    for name, value in known.items():
        address = address.replace(f"{{{name}}}", value)
    return address


def hand_out(known: dict[str, str], folder: Path) -> None:
    """One file for each service that is to have its secret from this portal; who sees the folder may read them."""
    for name in SHARED:
        files.write(folder / name, known[name], 0o444)
