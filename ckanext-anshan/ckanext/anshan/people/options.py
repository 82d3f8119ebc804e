"""The two offices that the regulation names, as organizations of this portal, and when users get their mail."""

from __future__ import annotations

import ckan.plugins.toolkit as tk


def bureau_org() -> str:
    """Name of the data bureau's organization (article 6)."""
    return tk.config["ckanext.anshan.bureau_org"]


def cyberspace_org() -> str:
    """Name of the cyberspace office's organization (article 8)."""
    return tk.config["ckanext.anshan.cyberspace_org"]


def digest_hour() -> int:
    """Hour of the city's day from which users are mailed what they haven't read."""
    return tk.config["ckanext.anshan.people.digest_hour"]
