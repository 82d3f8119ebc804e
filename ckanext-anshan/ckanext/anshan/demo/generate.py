"""Writes the demo as an agency would hand it in: a catalogue in the portal's own form, files, and a manifest.

catalogue.csv · files/<code>/v1/<name> · MANIFEST.jsonl
"""

from __future__ import annotations

import csv
import datetime
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..catalogue.exchange.forms.own import Own
from . import files, tables
from .city import Demo, entries

FIRST_SHARE = 0.8  # the rows that the first of two versions had
LAST_RELEASE, DAYS = datetime.date(2026, 11, 20), 120
"""The last versions are of this day or one of the days before it; earlier versions are a quarter older."""
QUARTER = datetime.timedelta(days=91)
LONGEST_NAME = 40


@dataclass(frozen=True)
class Made:
    catalogue: Path
    manifest: Path
    entries: int
    files: int


def generate(folder: Path, chosen: Sequence[Demo] | None = None) -> Made:
    """Write everything below ``folder``; what is there with the same bytes stays untouched."""
    demos = entries() if chosen is None else chosen
    folder.mkdir(parents=True, exist_ok=True)
    lines = [line for demo in demos for line in _release(demo, folder)]
    count = sum(len(line["files"]) for line in lines)
    made = Made(folder / "catalogue.csv", folder / "MANIFEST.jsonl", len(demos), count)
    with made.catalogue.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(catalogue(demos))
    made.manifest.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return made


def catalogue(demos: Sequence[Demo]) -> Iterator[list[str]]:
    form = Own()
    yield from form.header()
    for number, demo in enumerate(demos, 1):
        yield from form.write(demo.entry, number)


def _release(demo: Demo, folder: Path) -> Iterator[dict[str, Any]]:
    """A line of the manifest for each version; of what is not open no file is handed in."""
    if demo.entry["opening_class"] == "closed":
        yield {"code": demo.code, "files": [], "release_date": _date(demo, 1)}
        return
    rows = tables.rows(demo.table, demo.entry["district"], demo.code)
    for version in range(1, demo.versions + 1):
        part = rows if version == demo.versions else rows[: int(len(rows) * FIRST_SHARE)]
        written = [_file(demo, kind, part, folder, version) for kind in demo.kinds]
        yield {"code": demo.code, "files": written, "release_date": _date(demo, version)}


def _date(demo: Demo, version: int) -> str:
    """Spread over the days by the code, so that it is the same each time."""
    last = LAST_RELEASE - datetime.timedelta(days=zlib.crc32(demo.code.encode()) % DAYS)
    return (last - (demo.versions - version) * QUARTER).isoformat()


def _file(demo: Demo, kind: str, rows: files.Rows, folder: Path, version: int) -> dict[str, str]:
    title = demo.entry["title"]
    name = f"{title[:LONGEST_NAME]}.{files.WRITERS[kind][0]}"
    path = folder / "files" / demo.code / f"v{version}" / name
    data = files.write(kind, title, demo.table.columns, rows)
    if not path.exists() or path.read_bytes() != data:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return {"path": path.relative_to(folder).as_posix(), "name": name}
