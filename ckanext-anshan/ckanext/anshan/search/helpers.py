"""What the search page's templates ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context
from markupsafe import Markup

from . import pinyin, query, suggest

__all__ = ["anshan_search_did_you_mean", "anshan_search_marked"]

ENOUGH = 10


def anshan_search_did_you_mean(q: str, packages: Sequence[dict[str, Any]], package_type: str = "dataset") -> str | None:
    """What was probably meant by ``q``, judged by its results; without any, by titles that sound like it."""
    if ":" in q or not query.words(q):
        return None
    found = packages or _sounding_like(q, package_type)
    return suggest.did_you_mean(q, [str(each.get(name) or "") for each in found for name in ("title", "notes")])


def _sounding_like(q: str, package_type: str) -> Sequence[dict[str, Any]]:
    """Titles that this user may see."""
    pieces = [piece for piece in pinyin.HAN.findall(query.words(q)) if len(piece) > 1]
    if not pieces:
        return []
    wanted = " OR ".join(f'zh_title_sound:"{piece}"' for piece in pieces)
    asked = {"q": wanted, "fq": f"dataset_type:{package_type}", "rows": ENOUGH, "facet": "false"}
    try:
        return tk.get_action("package_search")(Context(), asked)["results"]
    except tk.ValidationError:
        return []


def anshan_search_marked(package: dict[str, Any], field: str) -> Markup | None:
    """The field with what was searched for marked, or None where nothing was found in it.

    Its HTML is made by ``highlight``, which escapes whatever the field holds.
    """
    text = (package.get("highlights") or {}).get(field)
    return Markup(text) if text else None
