"""Secrets of one installation: generated once, never fixed, readable by their owner alone."""

from __future__ import annotations

import secrets
from pathlib import Path

from . import files

NAMES = ("postgres", "ckan", "datastore_read", "redis", "session", "token", "anshan_sealer", "audit_writer")


SHARED = ("postgres", "redis")
"""Of services that a portal may find elsewhere: they are told their secrets by files."""


def load(data: Path) -> dict[str, str]:
    """The secrets of the portal in ``data``; what is missing is made."""
    path = data / "secrets.json"
    known: dict[str, str] = files.read_json(path, {})
    missing = {name: secrets.token_urlsafe(32) for name in NAMES if name not in known}
    if missing:
        known |= missing
        files.write_json(path, known)
    path.chmod(0o600)
    return known


def fill(address: str, known: dict[str, str]) -> str:
    """Put secrets into an address that names them: ``redis://:{redis}@host:6379/0``."""
    for name, value in known.items():
        address = address.replace(f"{{{name}}}", value)
    return address


def hand_out(known: dict[str, str], folder: Path) -> None:
    """One file for each service that is to have its secret from this portal; who sees the folder may read them."""
    for name in SHARED:
        files.write(folder / name, known[name], 0o444)
