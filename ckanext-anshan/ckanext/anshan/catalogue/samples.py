"""The few lines that an agency makes up to show what its data looks like. Plain Python."""

from __future__ import annotations

import csv
from dataclasses import dataclass

MOST_ROWS = 20


@dataclass(frozen=True)
class Sample:
    """A head line and the rows below it, as pasted; nothing is mended."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read(text: str) -> Sample | None:
    """CSV, or cells parted by tabs as a spreadsheet gives them; None where nothing is there."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return None
    tabs = "\t" in lines[0]
    found = csv.reader(lines, delimiter="\t" if tabs else ",", skipinitialspace=not tabs)
    head, *rows = (tuple(cell.strip() for cell in row) for row in found)
    return Sample(head, tuple(rows))
