"""What templates ask of releases."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

__all__ = ["anshan_release_versions"]


def anshan_release_versions(dataset_id: str) -> list[dict[str, Any]]:
    """The versions of a dataset as ``anshan_release_list`` gives them; none where nothing is published."""
    try:
        return tk.get_action("anshan_release_list")({}, {"id": dataset_id})
    except tk.ObjectNotFound:
        return []
