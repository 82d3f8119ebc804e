"""How a completion is shown: its icon, its words, and where it leads."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

ICONS = {"dataset": "table", "item": "layout-three-columns", "organization": "building"}


def shown(found: dict[str, Any]) -> dict[str, Any]:
    """
    :param found: as ``anshan_search_complete`` gives it
    :returns: it, with ``url``, ``icon``, ``told`` (what stands at its end), ``before`` (what stands before its text)
        and the ``badge`` of a dataset's class
    """
    kind = found["kind"]
    return found | {
        "url": _url(kind, found),
        "icon": ICONS.get(kind) or tk.h.anshan_theme_icon(found["name"]),
        "told": found["agency"] if kind == "dataset" else _many(found["datasets"]),
        "before": tk._("Information item: ") if kind == "item" else "",
        "badge": _badge(found.get("opening_class")),
    }


def _url(kind: str, found: dict[str, Any]) -> str:
    if kind == "item":
        return tk.h.url_for("dataset.search", q=found["text"])
    return tk.h.url_for(f"{kind}.read", id=found["name"])


def _many(datasets: int) -> str:
    words = tk.ungettext("{number} dataset", "{number} datasets", datasets)
    return words.format(number=tk.h.anshan_number(datasets))


def _badge(opening_class: str | None) -> dict[str, str] | None:
    known = tk.h.anshan_class(opening_class)
    return known._asdict() if known else None
