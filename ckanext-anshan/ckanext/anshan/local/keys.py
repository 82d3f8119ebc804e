"""Secrets of one installation: generated once, never fixed, readable by their owner alone."""

from __future__ import annotations

import secrets
from pathlib import Path

from . import files

NAMES = ("postgres", "ckan", "datastore_read", "redis", "session", "token")


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
