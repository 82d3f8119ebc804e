"""The route that the search box asks while somebody types."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Response
from flask import Blueprint, jsonify

__all__ = ["search_pages"]

search_pages = Blueprint("anshan_search", __name__, url_prefix="/search")


@search_pages.get("/complete")
def complete() -> Response:
    """What a person who is typing may be looking for, as JSON, and what a screen reader says of it."""
    found = tk.get_action("anshan_search_complete")({}, {"q": tk.request.args.get("q", "")})
    told = tk.ungettext("{number} suggestion", "{number} suggestions", len(found)).format(number=len(found))
    return jsonify({"completions": [{**each, "url": _url(each)} for each in found], "told": told})


def _url(found: dict[str, Any]) -> str:
    return tk.h.url_for(f"{found['kind']}.read", id=found["name"])
