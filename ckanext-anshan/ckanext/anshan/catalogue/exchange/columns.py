"""Information items out of a file: of a data file one for each column, of a list of fields one for each row."""

from __future__ import annotations

import tempfile
from itertools import islice
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk

from .. import pasting
from . import faults, messages, readers
from .problems import FileRefused

LIMITS = readers.Limits(bytes=20 << 20, unpacked=200 << 20, memory=1 << 30, seconds=30, cells=2_000_000)


def items(upload: Any) -> list[pasting.Item]:
    """The items of an uploaded file; only its first sheet is looked at. Raises ``ValidationError``."""
    with tempfile.TemporaryDirectory(prefix="anshan-") as folder:
        path = Path(folder) / "columns"
        try:
            with faults.told(path):
                path.write_bytes(upload.stream.read(LIMITS.bytes + 1))
                rows = _rows(path)
        except FileRefused as error:
            raise tk.ValidationError({"file": [messages.refusal(error)]}) from error
    return pasting.from_rows(rows) if rows and pasting.heads(rows[0]) else pasting.from_table(rows)


def _rows(path: Path) -> list[list[str]]:
    sheets = readers.read(path, LIMITS)
    sheet = next(iter(sheets), None)
    return [row.cells for row in islice(sheet.rows, pasting.MOST_ITEMS + 1)] if sheet else []
