"""The outlines that maps are drawn over: the districts of the city, as a sketch of ours or as the city gave them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..catalogue import vocabularies
from . import options, places


@lru_cache(maxsize=2)
def _read(path: Path, changed: int) -> Mapping[str, Any]:
    found = json.loads(path.read_text("utf-8"))
    drawn = [each for each in found["features"] if each["geometry"]["type"] in ("Polygon", "MultiPolygon")]
    return {"type": "FeatureCollection", "features": drawn}


def read() -> Mapping[str, Any]:
    """As GeoJSON; the ``id`` of each district is that of the vocabulary."""
    path = options.outlines()
    return _read(path, path.stat().st_mtime_ns)


def named(lang: str) -> Mapping[str, Any]:
    """The same with the names of the districts in a language."""
    return {"type": "FeatureCollection", "features": [_named(each, lang) for each in read()["features"]]}


def _named(feature: Mapping[str, Any], lang: str) -> dict[str, Any]:
    own = feature.get("properties") or {}
    term = vocabularies.get("districts", str(own.get("id") or ""))
    return {**feature, "properties": {"name": term.label(lang) if term else str(own.get("name") or "")}}


def paths(paper: places.Paper, lang: str) -> list[dict[str, Any]]:
    """Each district as an SVG path, with its name and where that is written."""
    return [_path(paper, each) for each in named(lang)["features"]]


def _path(paper: places.Paper, feature: Mapping[str, Any]) -> dict[str, Any]:
    coordinates = feature["geometry"]["coordinates"]
    around = places.box(places.positions(coordinates))
    x, y = paper.at((around.west + around.east) / 2, (around.south + around.north) / 2) if around else (0.0, 0.0)
    wide = (around.east - around.west) * paper.scale if around else 0
    name = feature["properties"]["name"]
    return {"path": paper.path(coordinates), "name": name if wide > 60 else "", "x": x, "y": y}
