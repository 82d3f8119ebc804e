"""Options of the looks."""

from __future__ import annotations

import ckan.plugins.toolkit as tk


def libraries() -> str:
    """Folder of the script libraries that previews load; empty without any."""
    return tk.config["ckanext.anshan.theme.libraries"] or ""


def title_en() -> str:
    """The portal's name on English pages; on Chinese ones it is CKAN's site title."""
    return tk.config["ckanext.anshan.theme.title_en"]


def help_phone() -> str:
    """The telephone number for people who would rather speak to somebody."""
    return tk.config["ckanext.anshan.theme.help_phone"]
