"""Background work of releases. Each job may be repeated."""

from __future__ import annotations

from typing import Any

from . import datastore

__all__ = ["drop_table", "load_table"]


def load_table(payload: dict[str, Any]) -> None:
    """Make the table of a resource from the file that is published now."""
    datastore.sync(payload["resource_id"])


def drop_table(payload: dict[str, Any]) -> None:
    """Take the table of a resource away, unless it is published again by now."""
    datastore.sync(payload["resource_id"])
