"""Reads the tables of stored files where they are small enough, and keeps in Redis what was found of them.

Files never change under their SHA-256, so what was found once holds for ever.
"""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ckan.lib.redis import connect_to_redis
from python_calamine import CalamineWorkbook

from ..release import files, tables

MOST_BYTES = 20_000_000
"""Bytes of a file up to which it is read whole."""
MOST_ROWS = 200_000
BEGINNING = 1 << 20
"""Bytes of a larger text from which its first rows are read."""
KEPT_SECONDS = 90 * 24 * 3600
UNREADABLE = (tables.NotATable, files.Damaged, files.Missing)
"""What reading raises where there is no table, or none that is small enough."""

Items = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Contents:
    """The table in a file."""

    table: tables.Table
    format: str
    sheet: str = ""  # that it stands on, if that was asked; none in a file without sheets
    is_whole: bool = True  # else nobody counted the rows


def whole(file: Mapping[str, Any], items: Items, *, wants_sheet: bool = False) -> Contents:
    """All rows of a file. Raises one of ``UNREADABLE``.

    :param file: ``sha256``, ``size`` and ``format`` as a release has it
    """
    found = read(file, items, MOST_ROWS, wants_sheet=wants_sheet)
    if found.table.is_cut:
        raise tables.NotATable("too_long")
    return found


def read(
    file: Mapping[str, Any], items: Items, rows: int, *, begins: bool = False, wants_sheet: bool = False
) -> Contents:
    """At most so many rows of a file. Raises one of ``UNREADABLE``.

    :param begins: whether the beginning does of a text that is too large
    :param wants_sheet: whether the sheet's name is needed; a workbook is opened once more for it
    """
    format, is_whole = file["format"], int(file["size"]) <= MOST_BYTES
    if format not in tables.IS_TABLE:
        raise tables.NotATable("no_table")
    if not is_whole and not (begins and format == "CSV"):
        raise tables.NotATable("too_large")
    files.check(file["sha256"], int(file["size"]))
    with files.on_disk(file["sha256"]) if is_whole else _beginning(file["sha256"]) as path:
        table = tables.read(path, format, items, rows)
        return Contents(table, format, _sheet(path) if wants_sheet else "", is_whole)


@contextmanager
def _beginning(sha256: str) -> Iterator[Path]:
    """A text's first lines as a file of their own. No byte of a longer sign is a line feed in UTF-8 or GB 18030."""
    taken = b""
    for chunk in files.chunks(files.read(sha256)):
        taken += chunk
        if len(taken) >= BEGINNING:
            break
    with tempfile.NamedTemporaryFile() as copy:
        copy.write(taken[: taken.rfind(b"\n", 0, BEGINNING) + 1])
        copy.flush()
        yield Path(copy.name)


def _sheet(path: Path) -> str:
    """The name of the sheet that ``tables.read`` reads."""
    with path.open("rb") as stream:
        if not stream.read(8).startswith((b"PK\3\4", b"\xd0\xcf\x11\xe0")):
            return ""
        stream.seek(0)
        return str(CalamineWorkbook.from_filelike(io.BytesIO(stream.read())).sheet_names[0])


def kept(keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What Redis has under these keys."""
    asked = list(dict.fromkeys(keys))
    if not asked:
        return {}
    found: Any = connect_to_redis().mget(asked)
    return {key: json.loads(value) for key, value in zip(asked, found, strict=True) if value}


def keep(key: str, found: Mapping[str, Any], seconds: int = KEPT_SECONDS) -> None:
    connect_to_redis().set(key, json.dumps(found, ensure_ascii=False), ex=seconds)
