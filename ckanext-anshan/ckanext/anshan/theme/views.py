"""Serves the look from this portal's own address, and remembers which one a reader chose."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, send_file

from ..guard import options as guard
from . import libraries, sheets
from . import looks as known

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


@looks.get("/anshan/look/<version>/<name>")
def asset(version: str, name: str) -> Response:
    """A style sheet, a script or the icons; what it holds is in the address, so that a browser may keep it."""
    found = sheets.sheet(name)
    if found is None:
        tk.abort(404)
    answer = Response(found.body, content_type=found.type)
    answer.cache_control.max_age = YEAR_SECONDS if version == found.version else 0
    answer.cache_control.public = answer.cache_control.immutable = version == found.version
    return answer


@looks.get("/look")
def look() -> Response:
    """Remember a theme or a size of text and go back to where the reader was."""
    to = tk.request.args.get("to", "/")
    answer = tk.redirect_to(to if known.is_local(to) else "home.index")
    for cookie, name in ((known.THEME_COOKIE, "theme"), (known.LOOK_COOKIE, "look")):
        if name in tk.request.args:
            told = {"max_age": YEAR_SECONDS, "samesite": "Lax", "httponly": True, "secure": guard.is_https()}
            answer.set_cookie(cookie, tk.request.args[name], **told)
    return answer
