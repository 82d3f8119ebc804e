"""Judgements on several columns at once: groups of persons that are too small, and small counts in statistics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from .. import anonymity, policy
from ..tally import QUASI, Column
from .table import Found, Table

FEWEST_ROWS = 10
"""In a table of fewer rows every group is small, and says nothing."""
MOST_QUASI = 8
DIRECT = frozenset({"resident_id", "passport", "bank_card", "mobile", "email", "plate"})


def judge(table: Table) -> Iterator[Found]:
    if table.is_text:
        return
    if table.animals:
        return
    if table.persons:
        yield from _groups(table)
    elif not table.attributes:
        yield from _small_cells(table)


def _groups(table: Table) -> Iterator[Found]:
    quasi = [_coded(one) for one in table.columns if _is_quasi(one, table)][:MOST_QUASI]
    if len(quasi) < 2 or table.tally.rows < FEWEST_ROWS:
        return
    limits = policy.thresholds()
    quasi = _equally_long(quasi)
    for risk in anonymity.risky(quasi, limits["k"])[:1]:
        facts = {
            "k": limits["k"],
            "smallest": risk.smallest,
            "groups": risk.groups_below,
            "alone": risk.sizes[0] if risk.sizes else 0,
        }
        yield Found(
            "k_anonymity", "k_anonymity.groups", risk.rows_below, 0.9, None, risk.rows,
            facts=facts | {"rows": risk.rows}, names=risk.names,
        )  # fmt: skip
    yield from _alike(table, quasi, limits)


def _alike(table: Table, quasi: Sequence[anonymity.Column], limits: Mapping[str, Any]) -> Iterator[Found]:
    sensitive = [
        _coded(one)
        for one in table.columns
        if one.codes and table.found.get(one.number, set()) & {"medical", "religion"}
    ]
    if not sensitive:
        return
    length = min(len(one.codes) for one in (*quasi, *sensitive))
    cut = lambda columns: [anonymity.Column(one.name, one.role, one.codes[:length]) for one in columns]  # noqa: E731
    for found in anonymity.homogeneous(cut(quasi), cut(sensitive), limits["l"]):
        yield Found(
            "l_diversity", "l_diversity.alike", found.rows, 0.85, None, length,
            facts={"l": limits["l"], "groups": found.groups, "sensitive": found.name},
            names=(*(one.name for one in quasi), found.name),
        )  # fmt: skip


def _is_quasi(column: Column, table: Table) -> bool:
    return bool(column.codes) and column.has(*QUASI) and not table.found.get(column.number, set()) & DIRECT


def _coded(column: Column) -> anonymity.Column:
    role = next((role for role in QUASI if role in column.roles), anonymity.SENSITIVE)
    return anonymity.Column(column.header or f"#{column.number + 1}", role, np.concatenate(column.codes))


def _equally_long(columns: Sequence[anonymity.Column]) -> list[anonymity.Column]:
    length = min(len(one.codes) for one in columns)
    return [anonymity.Column(one.name, one.role, one.codes[:length]) for one in columns]


def _small_cells(table: Table) -> Iterator[Found]:
    below = policy.thresholds()["small_cell"]
    counted = [one for one in table.columns if one.has("count") and len(one.values) >= 3]
    small = [(one, anonymity.small_cells(np.array(one.values), below)) for one in counted]
    small = [(one, count) for one, count in small if count]
    if small:
        names = tuple(one.header or f"#{one.number + 1}" for one, _ in small)
        total = sum(len(one.values) for one, _ in small)
        yield Found(
            "small_cells",
            "small_cells.counts",
            sum(count for _, count in small),
            0.8,
            None,
            total,
            facts={"below": below},
            names=names,
        )
