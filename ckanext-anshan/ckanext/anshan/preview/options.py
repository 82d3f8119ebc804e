"""Options of the previews."""

from __future__ import annotations

from pathlib import Path

import ckan.plugins.toolkit as tk

OWN = Path(__file__).parents[1] / "config" / "maps" / "districts.geojson"


def seconds() -> int:
    """How long a statement for a preview may take."""
    return tk.config["ckanext.anshan.preview.seconds"]


def outlines() -> Path:
    """The GeoJSON that maps are drawn over."""
    return Path(tk.config["ckanext.anshan.preview.outlines"] or OWN)


def has_own_outlines() -> bool:
    """Whether the city gave outlines of its own, so that they are no sketch."""
    return bool(tk.config["ckanext.anshan.preview.outlines"])
