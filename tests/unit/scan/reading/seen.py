"""What a reader gave, in a form that tests can compare."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ckanext.anshan.scan.pieces import Limits, Notice, Place, Reading
from ckanext.anshan.scan.reading import read


@dataclass
class Table:
    place: str
    header: list[str] | None
    is_text: bool
    cells: dict[tuple[int, int], str] = field(default_factory=dict)

    @property
    def rows(self) -> list[list[str]]:
        height = 1 + max((row for row, _ in self.cells), default=-1)
        width = 1 + max((column for _, column in self.cells), default=-1)
        return [[self.cells.get((row, column), "") for column in range(width)] for row in range(height)]

    @property
    def lines(self) -> list[str]:
        return list(self.cells.values())


@dataclass
class Seen:
    tables: list[Table] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    @property
    def rules(self) -> list[str]:
        return [one.rule for one in self.notices]

    @property
    def words(self) -> str:
        return "\n".join(text for one in self.tables for text in one.cells.values())

    def at(self, place: str) -> Table:
        return next(one for one in self.tables if one.place == place)

    def notice(self, rule: str) -> Notice:
        return next(one for one in self.notices if one.rule == rule)


def see(path: Path, name: str | None = None, limits: Limits | None = None, reading: Reading | None = None) -> Seen:
    """Reads all that is in a file."""
    seen = Seen()
    for item in read(path, name or path.name, Place(), reading or Reading(limits or Limits())):
        if isinstance(item, Notice):
            seen.notices.append(item)
            continue
        table = Table(str(item.place), None, item.is_text)
        for batch in item.batches:
            every = np.arange(len(batch))
            places = zip(batch.rows(every).tolist(), batch.columns(every).tolist(), strict=True)
            for cell, at in enumerate(places):
                table.cells[at] = batch.text(cell)
        table.header = None if item.header is None else list(item.header)
        seen.tables.append(table)
    return seen
