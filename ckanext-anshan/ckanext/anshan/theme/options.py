"""Options of the looks."""

from __future__ import annotations

import ckan.plugins.toolkit as tk


def libraries() -> str:
    """Folder of the script libraries that previews load; empty without any."""
    return tk.config["ckanext.anshan.theme.libraries"] or ""
