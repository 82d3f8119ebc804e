"""Gives a reader with an account the page that every visitor gets, with the reader's own parts put into its frame.

What a public page says is the same for all; only its frame knows who reads it. The middleware hands over the visitor's
page, and once CKAN knows the reader, this answers before any view is asked.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Response, session

from . import rules

VISITORS_PAGE = "anshan.visitors_page"
"""Where a request carries the visitor's page."""
TEMPLATES = {name: f"look/reader/{name.decode()}.html" for name in rules.READERS_PARTS}


def framed() -> Response | None:
    """The visitor's page with this reader's account in it; None where the view has to answer."""
    body = tk.request.environ.get(VISITORS_PAGE)
    if body is None or "_flashes" in session:
        return None
    if tk.current_user.is_authenticated:
        body = rules.put_in(body, {name: tk.render(path).encode() for name, path in TEMPLATES.items()})
    tk.request.environ["__no_cache__"] = True
    return Response(body, content_type="text/html; charset=utf-8")
