"""The route that the search box asks while somebody types."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Response
from flask import Blueprint, jsonify

__all__ = ["search_pages"]

search_pages = Blueprint("anshan_search", __name__, url_prefix="/search")

CACHED = "public, max-age=60"
"""Anonymous data only, so that any cache may keep it."""


@search_pages.get("/complete")
def complete() -> Response:
    found = tk.get_action("anshan_search_complete")({}, {"q": tk.request.args.get("q", "")})
    response = jsonify({"completions": [{**each, "url": _url(each)} for each in found]})
    response.headers["Cache-Control"] = CACHED
    return response


def _url(found: dict[str, Any]) -> str:
    return tk.h.url_for(f"{found['kind']}.read", id=found["name"])
