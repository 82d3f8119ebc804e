"""Background work of releases. Each job may be repeated."""

from __future__ import annotations

from typing import Any

from . import datastore

__all__ = ["drop_tables", "load_tables"]


def load_tables(payload: dict[str, Any]) -> None:
    """Make the tables of these resources from the files that are published now."""
    datastore.sync_all(payload["resource_ids"])


def drop_tables(payload: dict[str, Any]) -> None:
    """Take the tables of these resources away, unless they are published again by now."""
    datastore.sync_all(payload["resource_ids"])
