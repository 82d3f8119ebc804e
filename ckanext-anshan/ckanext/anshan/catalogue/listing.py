"""The list of entries: found by the search, judged by the rules, with the release of each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ..release import entries as released
from ..workflow import clock
from . import rules

FACETS = ("opening_class", "groups", "organization", "has_gaps")
FILTERS = {"opening_class": "opening_class", "theme": "groups", "organization": "organization"}
MOST = 500


def find(context: Context, asked: Mapping[str, Any]) -> dict[str, Any]:
    """One request to Solr and one look at the releases, however many entries there are."""
    found = tk.get_action("package_search")(
        Context(user=context.get("user", ""), auth_user_obj=context.get("auth_user_obj")),
        {
            "q": asked.get("q") or "*:*",
            "fq_list": _filters(asked),
            "include_private": True,
            "sort": "score desc, metadata_modified desc" if asked.get("q") else "metadata_modified desc",
            "start": asked["offset"],
            "rows": min(asked["limit"], MOST),
            "facet.field": list(FACETS),
            "facet.limit": -1,
        },
    )
    versions = released.latest([entry["id"] for entry in found["results"]])
    today = clock.today()
    return {
        "count": found["count"],
        "facets": {name: facet["items"] for name, facet in found["search_facets"].items()},
        "entries": [_row(entry, versions.get(entry["id"]), today) for entry in found["results"]],
    }


def _filters(asked: Mapping[str, Any]) -> list[str]:
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    states = {
        "complete": "-has_gaps:yes",
        "incomplete": "has_gaps:yes",
        "late": f"next_update_due:[1900-01-01 TO {yesterday}]",
    }
    chosen = [f'{field}:"{_plain(asked[name])}"' for name, field in FILTERS.items() if asked.get(name)]
    return ["dataset_type:entry", *chosen, *([states[asked["state"]]] if asked.get("state") else [])]


def _plain(value: str) -> str:
    return value.replace("\\", "").replace('"', "")


def _row(entry: Mapping[str, Any], release: Any, today: date) -> dict[str, Any]:
    kept = ("id", "name", "title", "code", "opening_class", "next_update_due", "update_cycle", "metadata_modified")
    return {
        **{name: entry.get(name) or "" for name in kept},
        "organization": entry.get("organization") or {},
        "gaps": gaps(entry),
        "late": rules.is_late(entry.get("next_update_due"), today),
        "release": release,
    }


def gaps(entry: Mapping[str, Any]) -> list[str]:
    """The fields in which something is missing, each once, in the order of the form."""
    return list(dict.fromkeys(each.field for each in rules.check(entry) if rules.is_gap(each)))
