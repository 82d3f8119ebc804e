"""Background work for grants. Each job may be repeated."""

from __future__ import annotations

from typing import Any

from . import copying

__all__ = ["access_make_copies"]


def access_make_copies(payload: dict[str, Any]) -> None:
    """Make the columnar copies of these released files."""
    for file in payload["files"]:
        copying.make(file["sha256"], file["name"], file["format"])
