"""Options of import and export."""

from __future__ import annotations

import tempfile
from pathlib import Path

import ckan.plugins.toolkit as tk

from .readers import Limits

MEGABYTE = 1 << 20


def max_mb() -> int:
    """The largest file that is imported, in megabytes."""
    return tk.config["ckanext.anshan.import_max_mb"]


def limits() -> Limits:
    """What a file may ask for; a workbook may unpack to ten times its size limit."""
    return Limits(bytes=max_mb() * MEGABYTE, unpacked=10 * max_mb() * MEGABYTE)


def folder() -> Path:
    """Where uploaded files wait for their import; below CKAN's storage, never served."""
    path = Path(tk.config.get("ckan.storage_path") or tempfile.gettempdir()) / "anshan-imports"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
