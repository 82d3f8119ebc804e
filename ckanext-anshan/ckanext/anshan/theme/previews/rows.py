"""Reads what a preview shows: the first rows of a resource's table, through the data API that everyone may ask."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ckan.plugins.toolkit as tk

from .rules import Field, fields

CHART_ROWS = 600
MAP_ROWS = 1000


@dataclass(frozen=True)
class Table:
    columns: Sequence[Field]
    records: Sequence[Mapping[str, Any]]
    total: int


def read(resource: Mapping[str, Any], limit: int) -> Table:
    """The first ``limit`` rows; an empty table where the resource has none or the reader may not see it."""
    if not resource.get("datastore_active"):
        return Table([], [], 0)
    asked = {"resource_id": resource["id"], "limit": limit, "sort": "_id"}
    try:
        found = tk.get_action("datastore_search")({}, asked)
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return Table([], [], 0)
    records = [{name: plain(value) for name, value in record.items()} for record in found["records"]]
    return Table(fields(found["fields"]), records, found.get("total", len(records)))


def plain(value: Any) -> Any:
    """As JSON has it; a date without the midnight that the DataStore adds."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, (datetime.date, datetime.datetime)):
        value = value.isoformat()
    return value.removesuffix("T00:00:00") if isinstance(value, str) else value
