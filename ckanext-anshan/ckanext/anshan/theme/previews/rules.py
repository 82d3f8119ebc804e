"""What a table can be drawn as: which column names the points, which is their height, where they lie. Plain Python."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Record = Mapping[str, Any]

NUMBERS = frozenset({"int", "int2", "int4", "int8", "integer", "bigint", "smallint", "numeric", "float", "float8"})
DATES = frozenset({"date", "timestamp", "timestamptz"})
LATITUDES = ("lat", "latitude", "纬度")
LONGITUDES = ("lng", "lon", "longitude", "经度")
TIME_WORDS = re.compile(r"日期|月份|季度|年度|年份|时间|^(date|month|quarter|year|time)$", re.IGNORECASE)
NAME_WORDS = re.compile(r"名称|品名|^name$|^title$", re.IGNORECASE)
MOST_LINES = 8
"""Different values of a column up to which each of them may become a line of its own."""


@dataclass(frozen=True)
class Field:
    name: str
    type: str

    @property
    def is_number(self) -> bool:
        return self.type in NUMBERS

    @property
    def is_time(self) -> bool:
        return self.type in DATES or bool(TIME_WORDS.search(self.name))


@dataclass(frozen=True)
class Chart:
    """The columns of a chart; ``group`` is empty or the column whose values are lines of their own."""

    label: str
    value: str
    group: str
    kind: str  # line or bar
    labels: tuple[str, ...]
    values: tuple[str, ...]


def fields(described: Sequence[Mapping[str, Any]]) -> list[Field]:
    """The columns as the DataStore describes them, without its own row number."""
    return [Field(one["id"], one.get("type", "text")) for one in described if one["id"] != "_id"]


def chart(columns: Sequence[Field], records: Sequence[Record], wanted: Mapping[str, Any]) -> Chart | None:
    """How to draw this table, as ``wanted`` says where it names columns that are there; None without numbers."""
    places = {*LATITUDES, *LONGITUDES}
    values = [c.name for c in columns if c.is_number and not c.is_time and c.name.lower() not in places]
    labels = [c.name for c in columns if c.name not in values and c.name.lower() not in {*places, "geometry"}]
    if not values or not labels:
        return None
    label = _label(columns, labels, str(wanted.get("label") or ""))
    value = wanted["value"] if wanted.get("value") in values else values[0]
    group = _group(columns, records, label)
    timely = next(column for column in columns if column.name == label).is_time
    return Chart(label, value, group, "line" if timely else "bar", tuple(labels), tuple(values))


def _label(columns: Sequence[Field], labels: Sequence[str], wanted: str) -> str:
    """A time where there is one, else a name: the first column is often a mere number."""
    times = [column.name for column in columns if column.is_time and column.name in labels]
    if wanted in times or (not times and wanted in labels and NAME_WORDS.search(wanted)):
        return wanted
    named = [name for name in labels if NAME_WORDS.search(name)]
    if times and not named:
        return times[0]
    return (named or [wanted if wanted in labels else labels[0]])[0]


def _group(columns: Sequence[Field], records: Sequence[Record], label: str) -> str:
    """The column that tells apart the rows which share a label."""
    if len({record.get(label) for record in records}) == len(records):
        return ""
    for column in columns:
        found = {record.get(column.name) for record in records}
        if column.name != label and not column.is_number and 2 <= len(found) <= MOST_LINES:
            pairs = {(record.get(label), record.get(column.name)) for record in records}
            if len(pairs) == len(records):
                return column.name
    return ""


@dataclass(frozen=True)
class Places:
    """The columns of a place."""

    latitude: str = ""
    longitude: str = ""
    geometry: str = ""


def places(columns: Sequence[Field], wanted: Mapping[str, Any]) -> Places | None:
    """Where the coordinates are, or None."""
    names = {column.name.lower(): column.name for column in columns}
    latitude = _column(names, wanted.get("latitude"), LATITUDES)
    longitude = _column(names, wanted.get("longitude"), LONGITUDES)
    if latitude and longitude:
        return Places(latitude, longitude)
    geometry = _column(names, wanted.get("geometry"), ("geometry",))
    return Places(geometry=geometry) if geometry else None


def _column(names: Mapping[str, str], wanted: Any, usual: Sequence[str]) -> str:
    tried = ([str(wanted).lower()] if wanted else []) + list(usual)
    return next((names[name] for name in tried if name in names), "")


def features(where: Places, records: Sequence[Record], named: str) -> Iterator[dict[str, Any]]:
    """GeoJSON of the rows that have a place; ``at`` is the row's number in the table beneath."""
    for at, record in enumerate(records):
        geometry = _geometry(where, record)
        if geometry:
            yield {
                "type": "Feature",
                "geometry": geometry,
                "properties": {"at": at, "name": str(record.get(named) or "")},
            }


def _geometry(where: Places, record: Record) -> dict[str, Any] | None:
    if where.geometry:
        return _read(record.get(where.geometry))
    try:
        east, north = float(record[where.longitude]), float(record[where.latitude])
    except (KeyError, TypeError, ValueError):
        return None
    return {"type": "Point", "coordinates": [east, north]} if on_earth(east, north) else None


def _read(text: Any) -> dict[str, Any] | None:
    try:
        found = json.loads(text) if isinstance(text, str) else text
    except ValueError:
        return None
    return found if isinstance(found, dict) and found.get("type") and found.get("coordinates") else None


def on_earth(east: float, north: float) -> bool:
    return -180 <= east <= 180 and -90 <= north <= 90 and (east, north) != (0.0, 0.0)


def name_column(columns: Sequence[Field]) -> str:
    """The column that says what a place is called."""
    named = [column.name for column in columns if NAME_WORDS.search(column.name)]
    return (named or [column.name for column in columns if not column.is_number] or [columns[0].name])[0]
