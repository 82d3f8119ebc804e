"""Three previews as CKAN resource views: a chart and a map over a resource's table, and a PDF in the page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.types import Context

from . import libraries, rows, rules


class View:
    """What the three have in common."""

    def info(self) -> dict[str, Any]:
        raise NotImplementedError

    def view_template(self, context: Context, data_dict: dict[str, Any]) -> str:
        return f"anshan/previews/{self.info()['name']}.html"

    def form_template(self, context: Context, data_dict: dict[str, Any]) -> str:
        return "anshan/previews/form.html"


def _info(name: str, title: str, icon: str, *options: str, always: bool = False) -> dict[str, Any]:
    optional = [tk.get_validator("ignore_empty"), tk.get_validator("unicode_safe")]
    return {
        "name": name,
        "title": title,
        "default_title": title,
        "icon": icon,
        "iframed": False,
        "filterable": False,
        "always_available": always,
        "preview_enabled": False,
        "requires_datastore": not always,
        "schema": dict.fromkeys(options, optional),
    }


class ChartView(View, p.SingletonPlugin):
    p.implements(p.IResourceView, inherit=True)

    def info(self) -> dict[str, Any]:
        return _info("anshan_chart_view", tk._("Chart"), "bar-chart", "label", "value")

    def can_view(self, data_dict: dict[str, Any]) -> bool:
        return bool(data_dict["resource"].get("datastore_active"))

    def setup_template_variables(self, context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
        table = rows.read(data_dict["resource"], rows.CHART_ROWS)
        drawn = rules.chart(table.columns, table.records, data_dict["resource_view"])
        return {"table": table, "chart": drawn, "scripts": libraries.files("chart.js")}


class MapView(View, p.SingletonPlugin):
    p.implements(p.IResourceView, inherit=True)

    def info(self) -> dict[str, Any]:
        return _info("anshan_map_view", tk._("Map"), "map-marker", "latitude", "longitude", "geometry")

    def can_view(self, data_dict: dict[str, Any]) -> bool:
        return bool(data_dict["resource"].get("datastore_active")) or _format(data_dict) == "geojson"

    def setup_template_variables(self, context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
        table = rows.read(data_dict["resource"], rows.MAP_ROWS)
        where = rules.places(table.columns, data_dict["resource_view"])
        drawn = list(rules.features(where, table.records, rules.name_column(table.columns))) if where else []
        return {
            "table": table,
            "features": {"type": "FeatureCollection", "features": drawn},
            "scripts": libraries.files("leaflet"),
            "file": _path(data_dict) if not drawn and _format(data_dict) == "geojson" else "",
        }


class PdfView(View, p.SingletonPlugin):
    p.implements(p.IResourceView, inherit=True)

    def info(self) -> dict[str, Any]:
        return _info("anshan_pdf_view", tk._("Document"), "file-pdf", always=True)

    def can_view(self, data_dict: dict[str, Any]) -> bool:
        return _format(data_dict) == "pdf"

    def setup_template_variables(self, context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
        return {"file": _path(data_dict)}


def _format(data_dict: dict[str, Any]) -> str:
    return str(data_dict["resource"].get("format") or "").lower()


def _path(data_dict: dict[str, Any]) -> str:
    """The file's address without the host: the page may have been asked for under another one."""
    return urlsplit(data_dict["resource"].get("url") or "").path
