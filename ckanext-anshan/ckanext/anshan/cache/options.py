"""Options of the kept pages."""

from __future__ import annotations

import ckan.plugins.toolkit as tk


def seconds() -> int:
    """How long a page is kept at most; 0 keeps none."""
    return tk.config["ckanext.anshan.cache.seconds"]


def room() -> int:
    """Bytes of the pages that one web process keeps."""
    return tk.config["ckanext.anshan.cache.megabytes"] * 1024 * 1024


def ignored_cookies() -> frozenset[str]:
    """Cookies that say nothing about who asks."""
    return frozenset(tk.config["ckanext.anshan.cache.ignored_cookies"])
