"""Where the rows of a table lie: columns of coordinates, a grid that thins many points, a drawing. Plain Python."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .rules import GEOMETRY, Column

LATITUDES = ("lat", "latitude", "纬度")
LONGITUDES = ("lng", "lon", "longitude", "经度")
MOST_POINTS = 5000
MOST_SHAPES = 500
MOST_SHAPE_BYTES = 1_000_000
SAMPLED = 200_000
"""Rows from which on a sample of so many says where all of them lie."""
GRID = 70
"""Cells of a map from west to east; times as many from south to north they stay below ``MOST_POINTS``."""
COARSE_GRID = 24
FACTS = 4
"""Columns that a point tells of its row."""


@dataclass(frozen=True)
class Where:
    """The columns that say where a row lies."""

    latitude: str = ""
    longitude: str = ""
    geometry: str = ""


def find(columns: Sequence[Column]) -> Where | None:
    """The columns of coordinates, else that of drawings."""
    names = {column.name.lower(): column.name for column in columns if column.is_number}
    latitude = next((names[name] for name in LATITUDES if name in names), "")
    longitude = next((names[name] for name in LONGITUDES if name in names), "")
    if latitude and longitude:
        return Where(latitude, longitude)
    return Where(geometry=GEOMETRY) if any(column.name == GEOMETRY for column in columns) else None


@dataclass(frozen=True)
class Box:
    west: float
    south: float
    east: float
    north: float

    def around(self, other: Box) -> Box:
        return Box(
            min(self.west, other.west),
            min(self.south, other.south),
            max(self.east, other.east),
            max(self.north, other.north),
        )

    def cell(self, grid: int) -> float:
        """The side of a cell in degrees."""
        return max(self.east - self.west, self.north - self.south, 1e-6) / grid


@dataclass(frozen=True)
class Point:
    """A row, or several that lie in one cell of the grid."""

    east: float
    north: float
    rows: int = 1
    id: int = 0  # number of the row in its table, of the first one where there are several
    facts: tuple[str, ...] = ()


def share(rows: int) -> float:
    """The part of so many rows that is looked at for a drawing."""
    return min(1.0, SAMPLED / rows) if rows else 1.0


def shapes(texts: Iterable[tuple[int, str]]) -> Iterator[dict[str, Any]]:
    """GeoJSON of what can be drawn, up to what a page can carry."""
    size = 0
    for at, (id, text) in enumerate(texts):
        size += len(text)
        if at >= MOST_SHAPES or size > MOST_SHAPE_BYTES:
            return
        geometry = _geometry(text)
        if geometry:
            yield {"type": "Feature", "geometry": geometry, "properties": {"id": id}}


def _geometry(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    kinds = {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"}
    is_drawn = isinstance(found, dict) and found.get("type") in kinds and isinstance(found.get("coordinates"), list)
    return found if is_drawn else None


def positions(coordinates: Any) -> Iterator[tuple[float, float]]:
    """Every position of a geometry, however deep."""
    if isinstance(coordinates, list) and len(coordinates) >= 2 and isinstance(coordinates[0], (int, float)):
        yield float(coordinates[0]), float(coordinates[1])
    elif isinstance(coordinates, list):
        for each in coordinates:
            yield from positions(each)


def box(found: Iterable[tuple[float, float]]) -> Box | None:
    """The smallest box around positions."""
    east_north = [one for one in found if on_earth(*one)]
    if not east_north:
        return None
    easts, norths = zip(*east_north, strict=True)
    return Box(min(easts), min(norths), max(easts), max(norths))


def on_earth(east: float, north: float) -> bool:
    return -180 <= east <= 180 and -90 <= north <= 90 and (east, north) != (0.0, 0.0)


@dataclass(frozen=True)
class Paper:
    """A drawing of a box: degrees to pixels, as broad as the middle of the box is on the ground."""

    box: Box
    width: int = 640

    @property
    def scale(self) -> float:
        return self.width / max(self.box.east - self.box.west, 1e-6)

    @property
    def stretch(self) -> float:
        return 1 / max(math.cos(math.radians((self.box.south + self.box.north) / 2)), 0.1)

    @property
    def height(self) -> int:
        return max(1, round((self.box.north - self.box.south) * self.scale * self.stretch))

    def at(self, east: float, north: float) -> tuple[float, float]:
        return (
            round((east - self.box.west) * self.scale, 1),
            round((self.box.north - north) * self.scale * self.stretch, 1),
        )

    def path(self, coordinates: Any) -> str:
        """An SVG path of a polygon, a line or several."""
        if not coordinates:
            return ""
        if isinstance(coordinates[0][0], (int, float)):
            return "M" + "L".join("{},{}".format(*self.at(*position[:2])) for position in coordinates)
        return " ".join(self.path(part) for part in coordinates)


def radius(rows: int, most: int) -> float:
    """Areas, not radii, grow with the number of rows."""
    return round(4 + 12 * math.sqrt(rows / most), 1) if most > 1 else 5.0


def facts_of(columns: Sequence[Column], where: Where, named: str) -> list[str]:
    """The columns that a point tells: its name first."""
    apart = {where.latitude, where.longitude, where.geometry, named}
    return [named, *[column.name for column in columns if column.name not in apart][:FACTS]]


def outline_box(outline: Mapping[str, Any]) -> Box | None:
    return box(one for each in outline["features"] for one in positions(each["geometry"]["coordinates"]))
