"""Puts together what a dataset's page tells, with a small number of statements that never grows."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ..access import downloads
from ..release.rules import CLOSED_ITEMS, CONDITIONS, PUBLIC_FIELDS
from ..workflow import clock
from . import applying, citations, comparing, messages, related, rules

Told = dict[str, Any]

APPROVED = ("basis", "signatures", "until")
OF_VERSION = frozenset({*PUBLIC_FIELDS, *CONDITIONS, CLOSED_ITEMS})
LISTS = ("themes", "data_formats", "eligible_applicants", "access_methods", CLOSED_ITEMS)
"""Fields that a version keeps as JSON."""


def show(context: Context, id: str, version: int | None) -> Told:
    """What ``anshan_dataset_show`` gives."""
    versions = tk.get_action("anshan_release_list")({}, {"id": id})
    latest = next((one["version"] for one in versions if one["state"] == "published"), None)
    if latest is None:
        raise tk.ObjectNotFound(tk._("There is no such dataset."))
    package = tk.get_action("package_show")(context, {"id": versions[0]["dataset_id"]})
    if version is not None and version != latest:
        package = _as_it_was(
            package, tk.get_action("anshan_release_show")({}, {"id": package["id"], "version": version})
        )
    chosen = next(one for one in versions if one["version"] == (version or latest))
    files = _files(package, chosen["files"])
    return {
        "dataset": package,
        "version": chosen["version"],
        "latest_version": latest,
        "release_date": chosen["release_date"],
        "approval": chosen["approval"],
        "approved": {**{name: chosen[name] for name in APPROVED}, "message": messages.approved(chosen)},
        "files": files,
        "withheld": chosen["withheld"],
        "best_file": rules.best(files),
        "versions": comparing.summarised(versions),
        "freshness": _freshness(package),
        "citations": _citations(package, chosen),
        "conditions": applying.told(package),
        "answer": applying.answer(),
        "related": related.to(package),
        "downloads": downloads.counted([package["id"]]).get(package["id"], 0),
    }


def _as_it_was(package: Told, release: Mapping[str, Any]) -> Told:
    """The dataset with the fields of an earlier version, and none that it had not."""
    metadata = release["metadata"]
    if metadata is None:
        raise tk.ObjectNotFound(tk._("This version is suspended."))
    kept = {name: value for name, value in package.items() if name not in OF_VERSION}
    lists = {name: json.loads(metadata["fields"][name]) for name in LISTS if name in metadata["fields"]}
    return kept | {
        **metadata["fields"],
        **lists,
        "title": metadata["title"],
        "notes": metadata["notes"],
        "license_id": metadata["license_id"],
        "information_items": metadata["information_items"],
        "release_version": str(release["version"]),
        "release_date": release["release_date"],
    }


def _files(package: Mapping[str, Any], released: Sequence[Mapping[str, Any]]) -> list[Told]:
    """The files of a version with the resource that stands for each, where it still is the same bytes."""
    resources = {one["name"]: one for one in package["resources"]}
    return [dict(one) | _resource(one, resources.get(one["name"])) for one in released]


def _resource(file: Mapping[str, Any], resource: Mapping[str, Any] | None) -> Told:
    if resource is None or resource["hash"] != f"sha256:{file['sha256']}":
        return {"id": "", "has_table": False, "table_rows": None, "table_rows_of": None}
    return {
        "id": resource["id"],
        "has_table": bool(resource.get("datastore_active")),
        "table_rows": resource.get("table_rows"),
        "table_rows_of": resource.get("table_rows_of"),
    }


def _freshness(package: Mapping[str, Any]) -> Told:
    found = rules.freshness(clock.today(), package.get("update_cycle") or "", package.get("next_update_due") or "")
    return {"code": found.code, "is_late": found.is_late, "message": messages.words(found), **found.facts}


def _citations(package: Mapping[str, Any], release: Mapping[str, Any]) -> Sequence[Mapping[str, str]]:
    return cited(package["organization"]["title"], package["title"], release)


def cited(agency: str, title: str, release: Mapping[str, Any]) -> Sequence[Mapping[str, str]]:
    """A version in all styles.

    :param release: ``name`` of the dataset, ``version`` and ``release_date``
    """
    name, version = release["name"], release["version"]
    where = tk.url_for("anshan_dataset.version", id=name, version=version, _external=True, locale="default")
    found = citations.Cited(
        author=agency,
        title=title,
        version=version,
        released=datetime.date.fromisoformat(release["release_date"]),
        portal=tk.config["ckan.site_title"],
        address=where,
        today=clock.today(),
        name=name,
    )
    return citations.all_styles(found)
