"""Dictionaries of ``config/scan``, each read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import yaml

from ..policy import FOLDER


@cache
def table(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text("utf-8"))


@cache
def words(name: str) -> frozenset[str]:
    """The words of a text file: any number a line, ``#`` begins a comment."""
    lines = (line.partition("#")[0] for line in (FOLDER / name).read_text("utf-8").splitlines())
    return frozenset(word for line in lines for word in line.split())


def spread(ranges: Iterable[int | str]) -> list[int]:
    """``[62, "3528-3530"]`` as ``[62, 3528, 3529, 3530]``."""
    found: list[int] = []
    for one in ranges:
        first, _, last = str(one).partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


@cache
def provinces() -> frozenset[int]:
    return frozenset(table("numbers.yaml")["provinces"])


@cache
def mobiles() -> frozenset[int]:
    return frozenset(spread(table("numbers.yaml")["mobiles"]))


@cache
def areas() -> frozenset[int]:
    return frozenset(spread(table("numbers.yaml")["areas"]))


@cache
def cards() -> Mapping[int, tuple[str, ...]]:
    """The beginnings of bank cards of each length."""
    found: dict[int, tuple[str, ...]] = {}
    for row in table("numbers.yaml")["cards"]:
        for length in row["lengths"]:
            found[length] = (*found.get(length, ()), *map(str, spread(row["begins"])))
    return found
