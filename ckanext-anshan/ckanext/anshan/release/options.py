"""Options of releases, each with its type."""

from __future__ import annotations

import ckan.plugins.toolkit as tk


def largest_table() -> int:
    """Bytes up to which a file becomes a table with a data API."""
    return tk.config["ckanext.anshan.release.largest_table"]


def longest_table() -> int:
    """Rows of a file that become a table; the file itself is always whole."""
    return tk.config["ckanext.anshan.release.longest_table"]


def verified_each_minute() -> int:
    """Bytes of released files whose hash is taken anew each minute."""
    return tk.config["ckanext.anshan.release.verified_each_minute"]


def hashed_at_each_download() -> int:
    """Bytes up to which a file's hash is taken again at each download."""
    return tk.config["ckanext.anshan.release.hashed_at_each_download"]
