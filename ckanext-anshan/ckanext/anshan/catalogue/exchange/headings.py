"""Finds which column of a file is which: by its heading, however it is decorated."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .readers import Row

LOOKED_AT = 10
"""Rows in which the headings are searched: titles and remarks often stand above them."""
REMARK = re.compile(r"\(.*?\)|[\s*:：]")


@dataclass(frozen=True)
class Column:
    """A column of a form. ``needed``: without it a file isn't of this form."""

    id: str
    zh: str
    en: str
    also: tuple[str, ...] = ()
    needed: bool = False

    @property
    def names(self) -> Iterable[str]:
        return (self.id, self.zh, self.en, *self.also)


@dataclass(frozen=True)
class Header:
    """Where the columns of a form are in a file, and what still is to be read below."""

    found: Mapping[str, int]
    titles: Mapping[str, str]
    missing: tuple[Column, ...]
    rows: int
    """how many of the looked at rows belong to the headings or stand above them"""


@lru_cache(maxsize=4096)
def plain(heading: str) -> str:
    """A heading without remarks, spaces, stars and letter case: ``摘要（必填项）`` is ``摘要``."""
    return REMARK.sub("", unicodedata.normalize("NFKC", heading)).casefold()


def find(columns: Sequence[Column], top: Sequence[Row], header_rows: int) -> Header | None:
    """The best place for the headings among the first rows; None where not one needed column is there."""
    found = [_at(columns, top[at : at + header_rows], at + header_rows) for at in range(max(len(top), 1))]
    best = max(found, key=lambda header: (-len(header.missing), len(header.found)))
    return best if len(best.missing) < sum(column.needed for column in columns) else None


def _at(columns: Sequence[Column], rows: Sequence[Row], end: int) -> Header:
    headings = _merged(rows)
    by_name = {plain(heading): at for at, heading in reversed(list(enumerate(headings))) if heading}
    found = {}
    for column in columns:
        at = next((by_name[plain(name)] for name in column.names if plain(name) in by_name), None)
        if at is not None:
            found[column.id] = at
    missing = tuple(column for column in columns if column.needed and column.id not in found)
    return Header(found, {name: headings[at] for name, at in found.items()}, missing, end)


def _merged(rows: Sequence[Row]) -> list[str]:
    """One heading per column: the lowest that isn't empty."""
    width = max((len(row.cells) for row in rows), default=0)
    return [
        next((row.cells[at] for row in reversed(rows) if at < len(row.cells) and row.cells[at]), "")
        for at in range(width)
    ]
