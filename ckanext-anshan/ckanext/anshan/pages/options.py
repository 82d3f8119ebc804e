"""Options of the portal's own pages."""

from __future__ import annotations

import ckan.plugins.toolkit as tk


def closed_in_list() -> bool:
    """Whether the open list tells title and legal basis of what was released as not open."""
    return tk.config["ckanext.anshan.pages.closed_in_list"]
