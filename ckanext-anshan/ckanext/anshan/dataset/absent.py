"""What isn't public of a dataset, and why: suspended, withdrawn, closed again; said with the day and the reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

Told = dict[str, Any]

SUSPENDED, PUBLISHED, CLOSED = "suspended", "published", "closed"
STATUS = {SUSPENDED: 451, "retired": 410, "lapsed": 410, CLOSED: 200}
"""Of the page that says so. A closed dataset has one where earlier versions stay open."""


def of_version(told: Mapping[str, Any], version: int) -> Told | None:
    """The suspension of one version of a dataset that is public, as a page says it; nothing where there is none."""
    asked = tk.get_action("anshan_release_list")({}, {"id": told["dataset_id"]})
    found = next((one for one in asked if one["version"] == version and one["suspended"]), None)
    if found is None:
        return None
    released = {"version": version, "release_date": found["release_date"]}
    return dict(told) | {"state": SUSPENDED, "left": [], **found["suspended"], **released}
