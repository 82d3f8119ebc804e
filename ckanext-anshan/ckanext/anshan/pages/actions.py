"""The open list of article 25, its figures and the portal's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import lang
from ckan.types import Context
from flask import has_request_context

from ..access import downloads
from ..catalogue import vocabularies
from ..release import listing
from . import counts, options, rules, schema

__all__ = ["anshan_open_counts", "anshan_open_list", "anshan_open_statistics"]

MONTHS = 12
MOST = 10
PAGE = 50
LARGEST_PAGE = 1000
CHOICES = ("agency", "opening_class", "theme")


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


@tk.side_effect_free
@tk.validate_action_data(schema.open_list)
def anshan_open_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The open list of article 25: what is published, by agency, class and code; the same for everybody.

    What was released as not open is listed only where the option ``ckanext.anshan.pages.closed_in_list`` says so, and
    then with title, class, legal basis and agency alone. Nothing unreleased is ever in it.

    :param agency: name of an organization (optional)
    :param opening_class: ``unconditional``, ``conditional`` or ``closed`` (optional)
    :param theme: name of a theme (optional)
    :param start: how many items to leave out (optional, 0)
    :param limit: how many items to give, at most 1000 (optional, 50)
    :returns: ``count`` of all, ``start``, ``limit``, ``closed_listed`` and ``items``, each with ``title``,
        ``opening_class``, ``basis``, ``agency``, ``agency_title``; of open ones also the ``name`` of the dataset,
        ``update_cycle`` and ``update_cycle_title``, ``formats``, ``version`` and its ``release_date``
    """
    tk.check_access("anshan_open_list", context, data_dict)
    start, limit = data_dict.get("start") or 0, min(data_dict.get("limit") or PAGE, LARGEST_PAGE)
    chosen = {name: str(data_dict.get(name) or "") for name in CHOICES}
    closed = options.closed_in_list()
    classes = rules.classes_listed(closed)
    return {
        "count": listing.count(chosen, classes),
        "start": start,
        "limit": limit,
        "closed_listed": closed,
        "items": [_worded(rules.told(item)) for item in listing.items(chosen, classes, start, limit)],
    }


@tk.side_effect_free
def anshan_open_statistics(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The portal's figures: what is released, how punctually, and how it is used; the same for everybody.

    :returns: ``classes``, ``themes``, ``districts`` and ``as_of`` as ``anshan_open_counts``; ``agencies``: how many;
        ``releases`` of the last twelve months, each with ``month`` (2026-11), ``new`` datasets and ``more`` versions of
        known ones; ``downloads`` of the same months (``month``, ``count``) and ``downloads_total``;
        ``most_downloaded`` (``name``, ``title``, ``count``); ``punctuality`` (open datasets ``on_time``, ``late``,
        with ``no_date`` to keep); ``formats`` (``name``, and the ``count`` of datasets with such a file);
        ``applications``: as ``anshan_application_figures``
    """
    tk.check_access("anshan_open_statistics", context, data_dict)
    found, counted = counts.counts(), downloads.by_month()
    months = rules.months_until(found.as_of[:7], MONTHS)
    released = {row.month: (row.new, row.more) for row in listing.by_month()}
    formats = sorted(listing.by_format().items(), key=lambda one: (-one[1], one[0]))
    return {
        "classes": dict(found.classes),
        "themes": _named("themes", found.themes),
        "districts": _named("districts", found.districts),
        "as_of": found.as_of,
        "agencies": len(found.agencies),
        "releases": [dict(zip(("month", "new", "more"), (m, *released.get(m, (0, 0))), strict=True)) for m in months],
        "downloads": [{"month": month, "count": counted.get(month, 0)} for month in months],
        "downloads_total": sum(counted.values()),
        "most_downloaded": _most_downloaded(),
        "punctuality": dict(found.punctuality),
        "formats": [{"name": name, "count": count} for name, count in formats],
        "applications": tk.get_action("anshan_application_figures")({}, {}),
    }


def _most_downloaded() -> list[dict[str, Any]]:
    """Of those that are open now: what was taken back or closed isn't named."""
    most = downloads.most(MOST * 3)
    titles = listing.titles(list(most))
    return [{**titles[id], "count": count} for id, count in most.items() if id in titles][:MOST]


def _worded(item: dict[str, Any]) -> dict[str, Any]:
    language = _language()
    words = [vocabularies.term("file_formats", one) or one for one in item["formats"]]
    return item | {
        "update_cycle_title": vocabularies.label("update_cycles", item["update_cycle"], language),
        "formats": [vocabularies.label("file_formats", one, language) for one in words],
    }


def _named(vocabulary: str, numbers: Mapping[str, int]) -> list[dict[str, Any]]:
    """Every term of a vocabulary in its order, also those with nothing."""
    terms, language = vocabularies.load(vocabulary).terms, _language()
    return [{"name": term.id, "title": term.label(language), "count": numbers.get(term.id, 0)} for term in terms]


def _language() -> str:
    return str(lang()) if has_request_context() else str(tk.config["ckan.locale_default"])
