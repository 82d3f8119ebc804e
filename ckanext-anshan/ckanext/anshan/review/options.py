"""Options of the review, each with its type."""

from __future__ import annotations

import ckan.plugins.toolkit as tk


def deputy_org() -> str:
    """Name of the organization that reviews an office's own data in its place; empty: nobody does."""
    return tk.config["ckanext.anshan.review.deputy_org"]


def sample_percent() -> int:
    """Of a hundred routine updates, how many are drawn for a later look."""
    return tk.config["ckanext.anshan.review.sample_percent"]


def longest_emergency() -> int:
    """Days for which something may be open in an emergency before every key is there (article 20)."""
    return tk.config["ckanext.anshan.review.longest_emergency"]
