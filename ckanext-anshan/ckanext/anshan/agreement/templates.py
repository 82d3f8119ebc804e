"""The texts of agreements, each in versions that are never edited, read from ``config/agreement``."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import yaml

from ..access.rules import Kind
from .rules import Template

FOLDER = Path(__file__).parents[1] / "config" / "agreement"


def current(kind: Kind | str) -> Template:
    """The newest text for this kind of agreement."""
    name = Kind(kind).value
    return read(name, max(version for id, version in known() if id == name))


@cache
def read(id: str, version: int) -> Template:
    """One text; a version that isn't known is a ``KeyError``."""
    if (id, version) not in known():
        raise KeyError(f"{id}-{version}")
    found = (FOLDER / f"{id}-{version}.yaml").read_bytes()
    return Template(id, version, hashlib.sha256(found).hexdigest(), yaml.safe_load(found))


@cache
def known() -> dict[tuple[str, int], str]:
    """``versions.yaml``: id and version -> SHA-256 of the file."""
    rows: dict[str, str] = yaml.safe_load((FOLDER / "versions.yaml").read_text("utf-8"))
    return {(name.rpartition("-")[0], int(name.rpartition("-")[2])): sha256 for name, sha256 in rows.items()}
