"""The previews of public files, written as rows: CKAN's own actions on them are closed to everyone."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib import datapreview
from ckan.model.resource_view import resource_view_table
from sqlalchemy.dialects.postgresql import insert

from .model import run
from .rules import File

IMAGES = frozenset({"PNG", "JPEG", "GIF", "WEBP"})
TEXTS = frozenset({"JSON", "GeoJSON", "XML", "TXT"})
NUMBERS = frozenset({"int8", "numeric"})
LATITUDES = ("lat", "latitude", "纬度")
LONGITUDES = ("lng", "lon", "longitude", "经度")


def add(files: Iterable[tuple[str, File]]) -> None:
    """Add what can be shown of files as they are, in the caller's transaction. What is there stays."""
    rows = [_row(id, kind, _title(kind)) for id, file in files for kind in _kinds(file.format)]
    _write([row for row in rows if _is_on(row["view_type"])])


def _kinds(format: str) -> Sequence[str]:
    if format in IMAGES:
        return ("image_view",)
    if format == "PDF":
        return ("anshan_pdf_view",)
    if format == "PDF":
        return ("anshan_pdf_view",)
    return ("text_view",) if format in TEXTS else ()


def add_for_table(resource_id: str, columns: Sequence[tuple[str, str]]) -> None:
    """Add what can be shown of a table.

    :param columns: name and PostgreSQL type of each
    """
    wanted: dict[str, Mapping[str, Any]] = {"datatables_view": {"responsive": False}}
    latitude, longitude = _coordinate(columns, LATITUDES), _coordinate(columns, LONGITUDES)
    places = {latitude, longitude}
    numbers = [name for name, type in columns if type in NUMBERS and name not in places]
    labels = [name for name, type in columns if type not in NUMBERS and name != "geometry"]
    if numbers and labels:
        wanted["anshan_chart_view"] = {"label": labels[0], "value": numbers[0]}
    if latitude and longitude:
        wanted["anshan_map_view"] = {"latitude": latitude, "longitude": longitude}
    elif "geometry" in dict(columns):
        wanted["anshan_map_view"] = {"geometry": "geometry"}
    rows = [_row(resource_id, kind, _title(kind), config) for kind, config in wanted.items() if _is_on(kind)]
    _write(rows)


def _coordinate(columns: Sequence[tuple[str, str]], names: Sequence[str]) -> str | None:
    return next((name for name, type in columns if name.lower() in names and type in NUMBERS), None)


def _is_on(kind: str) -> bool:
    return datapreview.get_view_plugin(kind) is not None


def _title(kind: str) -> str:
    titles = {
        "image_view": tk._("Image"),
        "text_view": tk._("Text"),
        "datatables_view": tk._("Table"),
        "anshan_chart_view": tk._("Chart"),
        "anshan_map_view": tk._("Map"),
        "anshan_pdf_view": tk._("Document"),
    }
    return titles[kind]


ORDER = ("datatables_view", "anshan_map_view", "anshan_chart_view", "anshan_pdf_view", "image_view", "text_view")


def _row(resource_id: str, kind: str, title: str, config: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{resource_id}/{kind}")),
        "resource_id": resource_id,
        "title": title,
        "description": "",
        "view_type": kind,
        "order": ORDER.index(kind),
        "config": dict(config or {}),
    }


def _write(rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        run(insert(resource_view_table).values(list(rows)).on_conflict_do_nothing(index_elements=["id"]))
