"""What the page of a dataset asks for beside what the action tells."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import current_app

__all__ = ["anshan_apply_url"]

FORM = "/application/new"


def anshan_apply_url(dataset: str) -> str:
    """Where one applies for a dataset, by its name; empty on a portal that takes no applications."""
    endpoint = next((rule.endpoint for rule in current_app.url_map.iter_rules() if rule.rule == FORM), "")
    return tk.h.url_for(endpoint, dataset=dataset) if endpoint else ""
