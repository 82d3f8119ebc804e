"""Options of import and export."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from .readers import Limits

MEGABYTE = 1 << 20


def max_mb() -> int:
    """The largest file that is imported, in megabytes."""
    return tk.config["ckanext.anshan.import_max_mb"]


def limits() -> Limits:
    """What a file may ask for; a workbook may unpack to ten times its size limit."""
    return Limits(bytes=max_mb() * MEGABYTE, unpacked=10 * max_mb() * MEGABYTE)
