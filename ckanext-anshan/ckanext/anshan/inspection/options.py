"""Options of scans, each with its type."""

from __future__ import annotations

import ckan.plugins.toolkit as tk


def memory() -> int:
    """Bytes of memory that one scan may take."""
    return tk.config["ckanext.anshan.scan_memory"]


def seconds() -> int:
    """Seconds after which a scan is ended."""
    return tk.config["ckanext.anshan.scan_seconds"]


def at_once() -> int:
    """Scans that one worker runs at the same time."""
    return tk.config["ckanext.anshan.scans_at_once"]
