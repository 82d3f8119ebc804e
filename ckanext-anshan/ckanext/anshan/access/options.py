"""Options of what is handed out under grants, each with its type."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from limits import RateLimitItem, RateLimitItemPerMinute


def query_seconds() -> int:
    """Seconds that one question may take."""
    return tk.config["ckanext.anshan.access.query_seconds"]


def query_memory() -> int:
    """Bytes that the engine of one process may take."""
    return tk.config["ckanext.anshan.access.query_memory"]


def query_threads() -> int:
    """Threads of the engine of one process."""
    return tk.config["ckanext.anshan.access.query_threads"]


def fetched_copies() -> int:
    """Bytes of copies of a vault elsewhere that are kept on this machine's disk."""
    return tk.config["ckanext.anshan.access.fetched_copies"]


def min_group() -> int:
    """Rows that a group has at least to be shown; 1: every group is."""
    return tk.config["ckanext.anshan.access.min_group"]


def calls_a_minute() -> RateLimitItem | None:
    """Calls of the API that one grant, or one of its tokens, has a minute; none: without a limit."""
    most = tk.config["ckanext.anshan.access.calls_a_minute"]
    return RateLimitItemPerMinute(most) if most > 0 else None
