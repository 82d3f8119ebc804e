"""The open list of article 25, its figures and the portal's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import lang
from ckan.types import Context
from flask import has_request_context

from ..catalogue import vocabularies
from . import counts

__all__ = ["anshan_open_counts"]


@tk.side_effect_free
def anshan_open_counts(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """How much is published, by class, agency, theme and district; the same for everybody.

    :returns: ``classes`` (``unconditional``, ``conditional``, ``closed``: how many); ``agencies``, the largest first,
        each with ``name``, ``title``, the three classes and ``total``; ``themes`` and ``districts``, each with
        ``name``, ``title`` in the language of the request and the ``count`` of open datasets; ``updated_today``;
        ``as_of`` (ISO time)
    """
    tk.check_access("anshan_open_counts", context, data_dict)
    found = counts.counts()
    return {
        "classes": dict(found.classes),
        "agencies": [dict(one) for one in found.agencies],
        "themes": _named("themes", found.themes),
        "districts": _named("districts", found.districts),
        "updated_today": found.updated_today,
        "as_of": found.as_of,
    }


def _named(vocabulary: str, numbers: Mapping[str, int]) -> list[dict[str, Any]]:
    """Every term of a vocabulary in its order, also those with nothing."""
    terms, language = vocabularies.load(vocabulary).terms, _language()
    return [{"name": term.id, "title": term.label(language), "count": numbers.get(term.id, 0)} for term in terms]


def _language() -> str:
    return str(lang()) if has_request_context() else str(tk.config["ckan.locale_default"])
