"""Bodies of IPackageController and IFacets for the search."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import lang

from ..access import downloads
from ..catalogue import vocabularies
from . import configset, documents, highlight, query, suggest

Params = dict[str, Any]

ASKED = "anshan_search"
"""Where the text that was typed travels from the query to its results."""
SHOWN = 100
"""Results beyond this many are for programs, not for eyes: nothing is marked in them."""
PREFIXES = ("extras_", "res_extras_", "vocab_")
VOCABULARIES = {name: vocabularies.OF_FIELD[name] for name in ("opening_class", "district", "update_cycle")}


def before_dataset_index(document: Params) -> Params:
    """With the fields of the search; whoever indexes many packages has counted their downloads at one go."""
    if documents.uses(document) is None:
        document["use_count"] = downloads.counted([document["id"]]).get(document["id"], 0)
    return documents.extend(document)


def before_dataset_search(params: Params) -> Params:
    """Ask for what was typed in the way of ``query``; filters, permissions, facets and paging stay as they are."""
    q = params.get("q")
    if isinstance(q, str) and q.strip() == "*":
        params["q"] = "*:*"
    elif isinstance(q, str) and not all(map(_is_field, query.fields(q))):
        params["q"] = query.bare(q)
    if query.ours(params):
        params["extras"] = {**(params.get("extras") or {}), ASKED: params["q"]}
        params |= query.build(params["q"])
    return params


def _is_field(name: str) -> bool:
    """Whether it can stand before a colon. Solr itself finds nothing for 时间:2024 or http://…, which are text."""
    return name.startswith(PREFIXES) or name in configset.field_names() or name in _of_forms()


@cache
def _of_forms() -> frozenset[str]:
    schemas = [tk.h.scheming_get_dataset_schema(name) for name in tk.h.scheming_dataset_schemas()]
    return frozenset(field["field_name"] for schema in schemas for field in schema["dataset_fields"])


def after_dataset_search(results: Params, params: Mapping[str, Any]) -> Params:
    """Mark what was asked for in each result, say what may have been meant, and name the facets' values."""
    q = (params.get("extras") or {}).get(ASKED)
    packages = [each for each in results["results"] if isinstance(each, dict)]
    if q and len(packages) <= SHOWN:
        meant = suggest.did_you_mean(q, _texts(packages))
        wanted = highlight.marks(meant or q)
        for package in packages:
            package["highlights"] = highlight.of(package, wanted)
        if meant:
            results["did_you_mean"] = meant
    for name, facet in results.get("search_facets", {}).items():
        _name_values(name, facet["items"])
    return results


def _texts(packages: list[Params]) -> list[str]:
    return [str(package.get(name) or "") for package in packages for name in highlight.FIELDS]


def _name_values(field: str, items: list[Params]) -> None:
    if field in VOCABULARIES:
        for item in items:
            item["display_name"] = vocabularies.label(VOCABULARIES[field], item["name"], str(lang()))


def facets(given: Mapping[str, Any]) -> Params:
    """The facets of a search, the portal's own among CKAN's."""
    own = {
        "groups": tk._("Themes"),
        "organization": tk._("Agencies"),
        "opening_class": tk._("Opening class"),
        "res_format": tk._("Formats"),
        "district": tk._("District"),
        "update_cycle": tk._("Update cycle"),
    }
    return own | {name: title for name, title in given.items() if name not in own}
