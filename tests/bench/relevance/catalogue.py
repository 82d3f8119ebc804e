"""The catalogue that the queries are graded on, folded into entries, as the packages that CKAN would index."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

NAMES = ("title", "agency", "uscc", "notes", "cycle", "item", "type", "system", "code")
COLUMNS = dict(zip(NAMES, (3, 4, 6, 7, 10, 11, 12, 14, 15), strict=True))
HEADERS = 2


def read(path: Path) -> list[dict[str, Any]]:
    """One entry for each code, in the order of the file; its information items are the rows."""
    entries: dict[str, dict[str, Any]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.reader(file)):
            if number < HEADERS or len(row) <= COLUMNS["code"] or not row[COLUMNS["code"]].strip():
                continue
            cells = {name: row[column].strip() for name, column in COLUMNS.items()}
            entry = entries.setdefault(cells["code"], {**cells, "items": []})
            entry["items"].append({"name": cells["item"], "type": cells["type"]})
    return list(entries.values())


def documents(entries: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """What ``PackageSearchIndex`` hands to the plugins for a package with these fields."""
    for entry in entries:
        name = entry["code"].lower()
        organization = {"name": entry["uscc"].lower(), "title": entry["agency"]}
        own = {"code": entry["code"], "update_cycle": entry["cycle"], "source_system": entry["system"]}
        items = json.dumps(entry["items"], ensure_ascii=False)
        package = {
            "id": name, "name": name, "title": entry["title"], "notes": entry["notes"], "organization": organization,
            "groups": [], **own,
        }  # fmt: skip
        yield {
            **{key: package[key] for key in ("id", "name", "title", "notes")},
            **own,
            **{f"extras_{key}": value for key, value in own.items()},
            "extras_information_items": items,
            "organization": organization["name"],
            "title_string": entry["title"],
            "validated_data_dict": json.dumps({**package, "information_items": entry["items"]}, ensure_ascii=False),
            "entity_type": "package", "dataset_type": "entry", "state": "active", "capacity": "public",
            "site_id": "bench", "index_id": name, "use_count": 0, "permission_labels": ["public"],
            "metadata_created": "2026-01-01T00:00:00Z", "metadata_modified": "2026-01-01T00:00:00Z",
        }  # fmt: skip
