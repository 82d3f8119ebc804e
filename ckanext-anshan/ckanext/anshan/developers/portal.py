"""What the developers' page shows of this portal: a real dataset to try, what is limited, what an error looks like."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from . import addresses, calls, options, registry

Dict = dict[str, Any]

TRIED = 5
"""Datasets looked at for one that has a table."""
SHOWN = 20
"""Rows that an example asks for."""


@dataclass(frozen=True)
class Sample:
    """A dataset of this portal with a table, and how it is called."""

    dataset: Dict
    resource: Dict
    search: list[calls.Example]
    rows: list[calls.Example]
    file: list[calls.Example]
    call: calls.Call


@dataclass(frozen=True)
class Page:
    base: str
    sample: Sample | None
    limits: options.Limits
    counts: Mapping[str, int]
    version: str
    error: str


def page() -> Page:
    listed = registry.actions()
    counts = {
        "all": len(listed),
        "public": sum(each.reads and each.is_public for each in listed),
        "own": sum(each.family == "anshan" for each in listed),
    }
    return Page(addresses.base(), _sample(), options.limits(), counts, tk.h.ckan_version(), _error())


def examples(dataset: Dict, resource: Dict | None = None) -> list[calls.Example]:
    """How this dataset is read: the rows of its table, else its files, else what the catalogue says of it."""
    chosen = resource or table_of(dataset) or next(iter(dataset.get("resources", ())), None)
    if chosen and chosen.get("datastore_active"):
        return calls.examples(rows_of(chosen))
    if chosen:
        return calls.downloads(chosen["url"], chosen.get("name") or "file")
    return calls.examples(show(dataset))


def call_of(dataset: Dict, resource: Dict | None = None) -> calls.Call:
    """What the console is filled with."""
    chosen = resource or table_of(dataset)
    return rows_of(chosen) if chosen and chosen.get("datastore_active") else show(dataset)


def table_of(dataset: Dict) -> Dict | None:
    return next((each for each in dataset.get("resources", ()) if each.get("datastore_active")), None)


def rows_of(resource: Dict, **more: Any) -> calls.Call:
    values = {"resource_id": resource["id"], **more, "limit": SHOWN}
    return calls.Call(addresses.base(), "datastore_search", values)


def show(dataset: Dict) -> calls.Call:
    return calls.Call(addresses.base(), "package_show", {"id": dataset["name"]})


def _error() -> str:
    """What asking for a dataset that isn't there answers."""
    told = {
        "help": addresses.of("/api/3/action/help_show?name=package_show"),
        "error": {"__type": "Not Found Error", "message": tk._("Not found")},
        "success": False,
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _sample() -> Sample | None:
    asked = {
        "q": "*:*",
        "fq": "dataset_type:dataset opening_class:unconditional res_format:CSV",
        "sort": "use_count desc, metadata_modified desc",
        "rows": TRIED,
        "facet": "false",
    }
    found = tk.get_action("package_search")(_visitor(), asked)["results"]
    return next(filter(None, map(_sample_of, found)), None)


def _sample_of(dataset: Dict) -> Sample | None:
    """None where there is no table; the index may still name one that is gone, or no longer public."""
    resource = table_of(dataset)
    if resource is None:
        return None
    try:
        call = rows_of(resource, **_filter(resource))
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None
    words = calls.Call(addresses.base(), "package_search", {"q": dataset["title"], "rows": 5})
    return Sample(
        dataset,
        resource,
        calls.examples(words),
        calls.examples(call),
        calls.downloads(resource["url"], resource["name"]),
        call,
    )


def _filter(resource: Dict) -> Dict:
    """A column of text with a value that is in the table."""
    given = {"resource_id": resource["id"], "limit": 1, "include_total": False}
    found = tk.get_action("datastore_search")(_visitor(), given)
    texts = [each["id"] for each in found["fields"] if each["type"] == "text"]
    row = next(iter(found["records"]), {})
    column = next((name for name in texts[1:] + texts[:1] if row.get(name)), None)
    return {"filters": {column: row[column]}} if column else {}


def _visitor() -> Context:
    return Context(user="", auth_user_obj=None)
