"""Under which header an item stands in the files of a dataset: agencies write the column's code or the item's name."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache

from ..catalogue.conditions import Item
from ..release import tables, vault
from ..release.offers import OfferedFile


def headers(files: Iterable[OfferedFile]) -> frozenset[str]:
    """Those of the first tables of these files; of their rows nothing is read."""
    found = [_headers(one.sha256, one.format) for one in files if one.format in tables.IS_TABLE]
    return frozenset().union(*found)


@lru_cache(maxsize=2048)
def _headers(sha256: str, format: str) -> frozenset[str]:
    """What is in a file never changes under its hash. One that can't be read has none."""
    try:
        with vault.on_disk(sha256) as path:
            _, header, _ = next(iter(tables.parts(path, format)))
            return frozenset(str(one).strip() for one in header)
    except (tables.NotATable, vault.Missing, OSError, StopIteration):
        return frozenset()


def header(item: Item, found: Collection[str]) -> str:
    """By which a scope names this item; empty where it has no column at all."""
    return next((one for one in item.headers if one in found), item.column or item.name)
