"""Bodies of IPackageController and IFacets for the search."""

from __future__ import annotations

from typing import Any

from . import documents, query

Params = dict[str, Any]


def before_dataset_index(document: Params) -> Params:
    return documents.extend(document)


def before_dataset_search(params: Params) -> Params:
    """Ask for what was typed in the way of ``query``; filters, permissions, facets and paging stay as they are."""
    if query.ours(params):
        params["extras"] = {**(params.get("extras") or {}), "anshan_search": params["q"]}
        params |= query.build(params["q"])
        params.setdefault("sort", None)
        params["sort"] = params["sort"] or "score desc, metadata_modified desc"
    return params
