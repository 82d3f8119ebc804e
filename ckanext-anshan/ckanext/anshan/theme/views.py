"""Serves the script libraries of the previews from this portal's own address."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, send_file

from .previews import libraries

__all__ = ["looks"]

YEAR_SECONDS = 365 * 24 * 3600
looks = Blueprint("anshan_theme", __name__)


@looks.get("/anshan/libraries/<path:name>")
def library(name: str) -> Response:
    """A file of a library; its version is in the address, so that a browser may keep it."""
    found = libraries.path(name)
    if found is None:
        tk.abort(404, tk._("This library has not been fetched. Run: ckan anshan libraries"))
    return send_file(found, max_age=YEAR_SECONDS)
