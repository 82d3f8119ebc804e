"""Who can be told apart in a table of persons: k-anonymity, l-diversity, and small cells of statistics.

Counts alone leave this module; no value of the table comes in, only numbers that stand for values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SENSITIVE = "sensitive"
NEARLY = 0.9
"""A combination that isolates this share of the rows that all columns together isolate says it in fewer words."""
ALONE = 0.5
"""A further single column is told of only if it isolates this share of the rows by itself."""
AT_MOST = 5
BEAM = 20
"""Of each size, only so many of the worst combinations are made longer. With six columns none is left out."""
COUNTABLE = 1 << 22
"""Up to so many possible combinations are counted in place; more are sorted."""

Codes = NDArray[np.unsignedinteger]


@dataclass(frozen=True)
class Column:
    """``codes``: a number per row, equal for equal values, 0 for an empty cell."""

    name: str
    role: str  # a type of quasi-identifier ("birth", "place", ...), or SENSITIVE
    codes: Codes


@dataclass(frozen=True)
class Groups:
    """The rows of a table by their values in some columns."""

    rows: int
    groups: int
    smallest: int  # 0 where there is no row
    rows_below: int  # rows in groups of fewer than k
    groups_below: int
    sizes: tuple[int, ...]  # number of groups of 1, 2, ... k-1 rows


@dataclass(frozen=True)
class Risk:
    """A combination of quasi-identifiers by which rows can be told apart."""

    names: tuple[str, ...]
    smallest: int
    rows_below: int
    rows: int
    groups_below: int
    sizes: tuple[int, ...]


@dataclass(frozen=True)
class Homogeneous:
    """Groups whose members nearly all share a sensitive value: who knows the group knows the value."""

    name: str  # of the sensitive column
    rows: int
    groups: int


def groups(columns: Sequence[Column], k: int) -> Groups:
    """The groups of equal values. A row that is empty in all these columns is no person and isn't counted."""
    return _Table(columns).groups(tuple(range(len(columns))), k)


def risky(columns: Sequence[Column], k: int, most: int = 4) -> list[Risk]:
    """The combinations of quasi-identifiers that a reviewer should know of, worst first; at most ``AT_MOST``.

    A longer combination always isolates as many rows as a shorter one in it, so in a small table nearly every
    combination is risky, and a list of them says nothing. Hence one is told: the shortest whose groups below ``k`` hold
    nearly all rows that any combination puts there. After it come only single columns that isolate half of the rows by
    themselves, since those would still be there when the first combination is mended.
    """
    quasi = [column for column in columns if column.role != SENSITIVE]
    table = _Table(quasi)
    everything = table.groups(tuple(range(len(quasi))), k)
    if not everything.rows_below:
        return []
    first = _shortest(table, k, most, everything.rows_below * NEARLY)
    alone = [((at,), table.groups((at,), k)) for at in range(len(quasi)) if at not in first]
    telling = [(at, found) for at, found in alone if found.rows_below >= max(found.rows * ALONE, 1)]
    telling.sort(key=lambda pair: -pair[1].rows_below)
    chosen = [(first, table.groups(first, k)), *telling]
    return [_risk([quasi[at].name for at in where], found) for where, found in chosen[:AT_MOST]]


def homogeneous(
    columns: Sequence[Column], sensitive: Sequence[Column], diversity: int, least: int = 2, common: float = 0.8
) -> list[Homogeneous]:
    """Per sensitive column, the groups of at least ``least`` rows with fewer than ``diversity`` different values of it.

    Empty sensitive cells tell nothing and are left out. A group isn't counted where most of it has a value that more
    than ``common`` of the whole table has: being one of the many tells nothing. Columns without such groups are left
    out.
    """
    ids = _Table(columns).ids(tuple(range(len(columns))))
    found = [_homogeneous(ids, one, diversity, least, common) for one in sensitive]
    return [one for one in found if one.groups]


def small_cells(counts: NDArray[np.number], below: int) -> int:
    """How many counts lie from 1 to below ``below``; numbers with a fraction are no counts."""
    return int(np.count_nonzero((counts >= 1) & (counts < below) & (counts == np.floor(counts))))


class _Table:
    """Columns with their values numbered from 0 without gaps, so that combinations can be numbered, too."""

    def __init__(self, columns: Iterable[Column]) -> None:
        self.columns = [_dense(column.codes) for column in columns]

    def groups(self, where: tuple[int, ...], k: int) -> Groups:
        sizes = self._sizes(where)
        histogram = np.bincount(sizes[sizes < k], minlength=k)[1:k] if k > 1 else np.zeros(0, np.int64)
        below = int(histogram @ np.arange(1, len(histogram) + 1)) if len(histogram) else 0
        return Groups(
            rows=int(sizes.sum()),
            groups=len(sizes),
            smallest=int(sizes.min()) if len(sizes) else 0,
            rows_below=below,
            groups_below=int(histogram.sum()),
            sizes=tuple(histogram.tolist()),
        )

    def ids(self, where: tuple[int, ...]) -> NDArray[np.int64]:
        """A number per row, equal for equal combinations; -1 for a row that is empty in all."""
        keys, _ = self._keys(where)
        if not len(keys):
            return keys
        _, ids = np.unique(keys, return_inverse=True)
        return np.where(self._is_empty(where), -1, ids).astype(np.int64)

    def _sizes(self, where: tuple[int, ...]) -> NDArray[np.int64]:
        keys, possible = self._keys(where)
        keys = keys[~self._is_empty(where)]
        if possible <= COUNTABLE:
            counts = np.bincount(keys, minlength=1)
            return counts[counts > 0]
        return np.unique(keys, return_counts=True)[1].astype(np.int64)

    def _keys(self, where: tuple[int, ...]) -> tuple[NDArray[np.int64], int]:
        """A number per row for its combination, and below which number all are."""
        if not where:
            return np.zeros(0, np.int64), 1
        keys, possible = self.columns[where[0]]
        for at in where[1:]:
            codes, distinct = self.columns[at]
            if possible * distinct >= 1 << 62:
                _, keys = np.unique(keys, return_inverse=True)
                possible = int(keys.max(initial=0)) + 1
            keys, possible = keys * distinct + codes, possible * distinct
        return keys.astype(np.int64, copy=False), possible

    def _is_empty(self, where: tuple[int, ...]) -> NDArray[np.bool_]:
        return np.logical_and.reduce([self.columns[at][0] == 0 for at in where]) if where else np.zeros(0, np.bool_)


def _dense(codes: Codes) -> tuple[NDArray[np.int64], int]:
    """The codes without gaps, 0 still for empty, and below which number they are."""
    values, dense = np.unique(np.asarray(codes), return_inverse=True)
    shift = 0 if len(values) and values[0] == 0 else 1
    return dense.astype(np.int64) + shift, len(values) + shift


def _shortest(table: _Table, k: int, most: int, enough: float) -> tuple[int, ...]:
    """The shortest combination with ``enough`` rows below ``k``, or the worst of all that were looked at."""
    count = len(table.columns)
    worst: tuple[int, tuple[int, ...]] = (0, ())
    beam: list[tuple[int, ...]] = [()]
    for _ in range(min(most, count)):
        longer = sorted({tuple(sorted((*one, at))) for one in beam for at in range(count) if at not in one})
        ranked = sorted((-table.groups(one, k).rows_below, one) for one in longer)
        worst = ranked[0] if not worst[1] or ranked[0][0] < worst[0] else worst
        if -worst[0] >= enough:
            break
        beam = [one for _, one in ranked[:BEAM]]
    return worst[1]


def _risk(names: Iterable[str], found: Groups) -> Risk:
    return Risk(tuple(names), found.smallest, found.rows_below, found.rows, found.groups_below, found.sizes)


def _homogeneous(ids: NDArray[np.int64], column: Column, diversity: int, least: int, common: float) -> Homogeneous:
    known = (ids >= 0) & (column.codes != 0)
    values, distinct = _dense(column.codes[known])
    pairs, counts = np.unique(ids[known] * distinct + values, return_counts=True)
    group, value = pairs // distinct, pairs % distinct
    total = int(ids.max(initial=-1)) + 1
    different = np.bincount(group, minlength=total)
    rows = np.bincount(ids[ids >= 0], minlength=total)
    is_common = np.bincount(values, minlength=distinct) > common * max(int(known.sum()), 1)
    in_common = np.bincount(group, weights=counts * is_common[value], minlength=total)
    held = np.bincount(group, weights=counts, minlength=total)
    found = (different > 0) & (different < diversity) & (rows >= least) & (in_common * 2 <= held)
    return Homogeneous(column.name, int(rows[found].sum()), int(np.count_nonzero(found)))
