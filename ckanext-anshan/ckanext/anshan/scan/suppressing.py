"""Small cells of statistics hidden, without noise, so that totals don't give them back.

Counts of 1 to below the limit become "<5" (primary), in the asked columns and in those that are added up with them.
Where a printed total would still tell one, a further cell becomes "*" (secondary), until nobody can compute a primary
one: neither by solving all sums of rows and columns at once, nor by narrowing each hidden cell between what its sums
leave for it. Secondary cells are those that cost least, and totals only where nothing else is left. Sums are found by
their labels (合计, 小计, ...) and by their numbers.

Not seen are sums that stand in another table, and shares in per cent beside the counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SECOND = "*"
SOLVED_AT_ONCE = 600
"""Hidden cells up to which all sums are solved together; beyond, the totals themselves are hidden."""
SURE = 1e-7
LABEL = re.compile(
    r"^\s*(?:总\s*计|合\s*计|小\s*计|共\s*计|总\s*数|累\s*计|全市|总人数|合计人数|(?:grand |sub)?total|sum)", re.I
)
WHOLE = re.compile(r"\s*\d{1,15}(?:\.0+)?\s*")

Cell = tuple[int, int]  # row, column
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Sum:
    """A printed total, and the cells that make it."""

    total: Cell
    parts: tuple[Cell, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        return (self.total, *self.parts)


def suppression(
    rows: Sequence[Sequence[str]], header: Sequence[str], asked: Iterable[int], first: int, below: int
) -> Mapping[Cell, str]:
    """What stands in which cell instead.

    :param rows: the whole table, headers too · :param asked: the columns of counts · :param first: row of data
    :param below: the smallest count that may be told
    """
    columns = sorted(set(asked))
    numbers = _numbers(rows, first)
    small = {(row, at) for at in columns for row in range(first, len(rows)) if 1 <= _at(numbers, (row, at)) < below}
    if not small:
        return {}
    sums = [*_sums_of_columns(rows, numbers, columns, first), *_sums_of_rows(rows, header, numbers, columns, first)]
    small |= {cell for one in sums for cell in one.cells if 1 <= numbers[cell] < below}
    second = _second(numbers, small, sums, below)
    return {**dict.fromkeys(second, SECOND), **dict.fromkeys(small, f"<{below}")}


def _numbers(rows: Sequence[Sequence[str]], first: int) -> Numbers:
    """The table as numbers; NaN for all that is no count."""
    width = max(map(len, rows), default=0)
    numbers = np.full((len(rows), width), np.nan)
    for row in range(first, len(rows)):
        for at, text in enumerate(rows[row]):
            if WHOLE.fullmatch(text):
                numbers[row, at] = float(text)
    return numbers


def _at(numbers: Numbers, cell: Cell) -> float:
    return float(numbers[cell]) if cell[1] < numbers.shape[1] else float("nan")


def _sums_of_columns(rows: Sequence[Sequence[str]], numbers: Numbers, columns: Sequence[int], first: int) -> list[Sum]:
    """Rows of totals: labelled ones, and a first or last row that is the sum of the others."""
    labelled = [row for row in range(first, len(rows)) if any(LABEL.match(text) for text in rows[row])]
    ends = [row for row in (first, len(rows) - 1) if row not in labelled and len(rows) - first > 2]
    found: list[Sum] = []
    for at in _counted(numbers, columns):
        for row in [*labelled, *ends]:
            total = _at(numbers, (row, at))
            for members in _members(row, labelled, first, len(rows)):
                parts = [(one, at) for one in members if not np.isnan(_at(numbers, (one, at)))]
                if parts and total == sum(_at(numbers, cell) for cell in parts):
                    found.append(Sum((row, at), tuple(parts)))
                    break
    return found


def _members(row: int, labelled: Sequence[int], first: int, end: int) -> Iterable[Sequence[int]]:
    """Which rows a row of totals may add up: all others, the other totals, or the block before or after it."""
    yield [one for one in range(first, end) if one != row and one not in labelled]
    yield [one for one in labelled if one != row]
    before = max((one for one in labelled if one < row), default=first - 1)
    yield range(before + 1, row)
    after = min((one for one in labelled if one > row), default=end)
    yield range(row + 1, after)


def _sums_of_rows(
    rows: Sequence[Sequence[str]], header: Sequence[str], numbers: Numbers, columns: Sequence[int], first: int
) -> list[Sum]:
    """Columns of totals: each row's number is the sum of other columns' in (nearly) every row."""
    counted = _counted(numbers, columns)
    named = [at for at in counted if at < len(header) and LABEL.match(header[at])]
    found: list[Sum] = []
    for at in counted:
        others = [one for one in counted if one != at]
        ways = (others, [one for one in others if one not in named], [one for one in columns if one != at])
        for members in ways:
            if len(members) >= 1 and _adds_up(numbers[first:], at, members, at in named):
                found += [
                    Sum((row, at), tuple((row, one) for one in members))
                    for row in range(first, len(rows))
                    if numbers[row, at] == numbers[row, members].sum()
                ]
                break
    return found


def _adds_up(numbers: Numbers, at: int, members: Sequence[int], is_named: bool) -> bool:
    whole = ~np.isnan(numbers[:, [at, *members]]).any(axis=1)
    right = numbers[whole, at] == numbers[whole][:, list(members)].sum(axis=1)
    enough = 1 if is_named else 3
    return bool(right.sum() >= enough and right.mean() >= (0.5 if is_named else 0.9) and (len(members) > 1 or is_named))


def _counted(numbers: Numbers, columns: Sequence[int]) -> list[int]:
    """The asked columns, and those beside them in which most filled cells are counts."""
    filled = ~np.isnan(numbers)
    return [at for at in range(numbers.shape[1]) if at in columns or (len(numbers) and filled[:, at].mean() > 0.5)]


def _second(numbers: Numbers, small: set[Cell], sums: Sequence[Sum], below: int) -> set[Cell]:
    """Which further cells to hide so that no small one can be computed."""
    second: set[Cell] = set()
    while sums:
        if len(small) + len(second) > SOLVED_AT_ONCE:
            return second | {one.total for one in sums} - small
        told = _told(numbers, small, second, sums, below)
        more = {cell for one in told if (cell := _cheapest(numbers, one, small | second, sums, below)) is not None}
        if not more:
            break
        second |= more
    return second


def _cheapest(numbers: Numbers, cell: Cell, hidden: set[Cell], sums: Sequence[Sum], below: int) -> Cell | None:
    """The smallest count in one of the cell's sums that isn't hidden yet and isn't small; a total only at last."""
    totals = {one.total for one in sums}
    linked = _linked(cell, hidden, sums)
    open_ = {one for each in linked for one in each.cells if one not in hidden and numbers[one] >= below}
    near = {one for each in linked if cell in each.cells for one in each.cells} & open_
    return min(near or open_, key=lambda one: (one in totals, numbers[one], one), default=None)


def _linked(cell: Cell, hidden: set[Cell], sums: Sequence[Sum]) -> list[Sum]:
    """The sums that a cell stands in, and those that share a hidden cell with them, and so on."""
    reached, waiting, found = {cell}, [cell], list[Sum]()
    while waiting:
        one = waiting.pop()
        for each in sums:
            if each not in found and one in each.cells:
                found.append(each)
                new = (set(each.cells) & hidden) - reached
                reached |= new
                waiting += new
    return found


def _told(numbers: Numbers, small: set[Cell], second: set[Cell], sums: Sequence[Sum], below: int) -> list[Cell]:
    """The small cells that a reader of the new table could compute."""
    hidden = sorted(small | second)
    place = {cell: number for number, cell in enumerate(hidden)}
    rows, right = [], []
    for one in sums:
        if place.keys().isdisjoint(one.cells):
            continue
        signs = np.zeros(len(hidden))
        known = 0.0
        for cell, sign in ((one.total, -1.0), *((part, 1.0) for part in one.parts)):
            if cell in place:
                signs[place[cell]] += sign
            else:
                known += sign * float(numbers[cell])
        rows.append(signs)
        right.append(-known)
    if not rows:
        return []
    solved = _solved(np.array(rows))
    low, high = _narrowed(np.array(rows), np.array(right), [cell in small for cell in hidden], below)
    return [cell for cell in hidden if cell in small and (solved[place[cell]] or low[place[cell]] >= high[place[cell]])]


def _solved(system: Numbers) -> NDArray[np.bool_]:
    """Which unknowns a system of sums determines: those in which no solution of its null space moves."""
    _, values, across = np.linalg.svd(system)
    rank = int((values > SURE).sum())
    return np.abs(across[rank:]).max(axis=0, initial=0.0) < SURE


def _narrowed(system: Numbers, right: Numbers, is_small: Sequence[bool], below: int) -> tuple[Numbers, Numbers]:
    """The least and the greatest that each hidden cell can be, when each sum is looked at in turn."""
    low = np.where(is_small, 1.0, float(below))
    high = np.where(is_small, below - 1.0, 1e13)
    for _ in range(len(is_small) + 2):
        before = (low.copy(), high.copy())
        for signs, total in zip(system, right, strict=True):
            at = np.flatnonzero(signs)
            least = np.where(signs[at] > 0, signs[at] * low[at], signs[at] * high[at])
            most = np.where(signs[at] > 0, signs[at] * high[at], signs[at] * low[at])
            upper, lower = total - (least.sum() - least), total - (most.sum() - most)
            positive = signs[at] > 0
            high[at] = np.minimum(high[at], np.where(positive, upper, -lower))
            low[at] = np.maximum(low[at], np.where(positive, lower, -upper))
        if np.array_equal(before[0], low) and np.array_equal(before[1], high):
            break
    return low, high
