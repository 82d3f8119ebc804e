"""A mark that says by which grant a table was handed out: in which order its rows stand.

The file's rows are parted into blocks; within a block the rows stand in an order that a key of the grant gives, and no
value is changed. A copy that comes to light is laid beside the file: under the grant's key the order within the blocks
is the expected one, under any other key half of the pairs agree, as by throwing coins.

All of it is plain arithmetic on BLAKE2b, so that it gives the same on every machine and in every version.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

BLOCK = 16  # rows of a block, where all rows of the file are in scope
WORDS = 16  # of 32 bits, in one BLAKE2b
PERSON = b"anshan-mark-1"
ENOUGH = 50_000  # matched rows that are looked at; more don't make it surer
DEEPEST = 64  # rows of one block that are compared with each other
SURE = 1e-6
EXACT_PAIRS = 4_000

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Mark:
    """What orders the rows of one grant in one file."""

    key: bytes
    width: int = BLOCK  # rows of the file in a block
    columns: frozenset[str] = frozenset()  # that the grant has; none: unknown
    rows: Rows | None = None  # that the grant has; none: all


def width(rows: int, in_scope: int) -> int:
    """Rows of the file in a block, so that it holds about ``BLOCK`` rows that are in scope."""
    return BLOCK << max(0, round(math.log2(rows / in_scope))) if in_scope else BLOCK


def words(key: bytes, rows: Rows) -> NDArray[np.uint32]:
    """A number for each row of the file, which nobody can tell without the key."""
    groups, at = np.unique(rows // WORDS, return_inverse=True)
    table = b"".join(_group(key, int(group)) for group in groups)
    return np.frombuffer(table, "<u4").reshape(-1, WORDS)[at, rows % WORDS]


def _group(key: bytes, group: int) -> bytes:
    return hashlib.blake2b(group.to_bytes(8, "little"), digest_size=4 * WORDS, key=key, person=PERSON).digest()


def ordered(mark: Mark, rows: Rows) -> Rows:
    """Some rows of the file, given in its order, as they are handed out."""
    return rows[np.lexsort((rows, words(mark.key, rows), rows // mark.width))]


def page(mark: Mark, rows: Rows, offset: int, limit: int) -> Rows:
    """A page of ``ordered``, for which only the blocks that it touches are ordered."""
    taken = rows[offset : offset + limit]
    if not len(taken):
        return taken
    first = np.searchsorted(rows, taken[0] // mark.width * mark.width)
    last = np.searchsorted(rows, (taken[-1] // mark.width + 1) * mark.width)
    return ordered(mark, rows[first:last])[offset - first : offset - first + len(taken)]


# whose copy it is


@dataclass(frozen=True)
class Agreement:
    """How far the order of a copy is the one of a grant."""

    grant: str
    agreeing: int  # pairs of rows of one block
    pairs: int
    chance: float  # that another key agrees so well
    least: float  # what that would be if every pair agreed: how sure so many rows can make it
    could_have: bool  # all matched columns and rows are in its scope, as far as that is known

    @property
    def share(self) -> float:
        return self.agreeing / self.pairs if self.pairs else 0.5


@dataclass(frozen=True)
class Traced:
    """What a copy says about its source.

    ``says``: found (one grant, beyond doubt), several (rows of several grants), sorted (the order was lost: it is the
    file's own or another one; columns and rows still tell which grants could have had it), too_few (rows), no_match
    """

    says: str
    ranked: tuple[Agreement, ...]  # the most likely first
    columns: tuple[str, ...]  # of the file, that the copy has
    rows: int  # of the copy
    matched: int  # of them, each found once in the file
    in_file_order: float  # share of neighbours that stand as in the file; 1: sorted as the file is

    @property
    def grants(self) -> tuple[str, ...]:
        """Those beyond doubt."""
        return tuple(one.grant for one in self.ranked if is_sure(one, len(self.ranked)))

    @property
    def possible(self) -> tuple[str, ...]:
        """Those that could have had these columns and rows."""
        return tuple(one.grant for one in self.ranked if one.could_have)


def is_sure(found: Agreement, candidates: int) -> bool:
    return found.chance * candidates < SURE


def find(
    header: Sequence[str],
    leaked: Iterable[Sequence[Any]],
    source: Callable[[Sequence[str]], Iterable[tuple[int, Sequence[Any]]]],
    names: Collection[str],
    candidates: Mapping[str, Mark],
) -> Traced:
    """By which of these grants a copy was handed out.

    :param header: of the copy · :param leaked: its rows, in its order
    :param source: gives the file's rows with their numbers, with these columns · :param names: all columns of the file
    """
    columns = tuple(dict.fromkeys(name for name in header if name in names))
    at = [list(header).index(name) for name in columns]
    known = _known(source(columns)) if columns else {}
    kept = [tuple(row[one] if one < len(row) else None for one in at) for row in leaked] if columns else []
    found = dict.fromkeys(one for row in kept if (one := known.get(_alike(row), -1)) >= 0)
    rows = np.fromiter(found, np.int64, len(found))
    ranked = sorted((_agreement(id, mark, rows, columns) for id, mark in candidates.items()), key=_by_chance)
    ascending = float((np.diff(rows) > 0).mean()) if len(rows) > 1 else 1.0
    return Traced(_says(ranked, rows), tuple(ranked), columns, len(kept), len(rows), ascending)


def _by_chance(one: Agreement) -> tuple[float, float, str]:
    return one.chance, -one.share, one.grant


def _says(ranked: Sequence[Agreement], rows: Rows) -> str:
    sure = sum(is_sure(one, len(ranked)) for one in ranked)
    if sure:
        return "found" if sure == 1 else "several"
    if not len(rows):
        return "no_match"
    is_enough = any(one.least * len(ranked) < SURE for one in ranked)
    return "sorted" if is_enough else "too_few"


def _known(source: Iterable[tuple[int, Sequence[Any]]]) -> dict[int, int]:
    """Each row of the file by its values; -1 where several rows have the same."""
    found: dict[int, int] = {}
    for number, values in source:
        values = _alike(values)
        found[values] = -1 if values in found else number
    return found


def _alike(values: Sequence[Any]) -> int:
    """The same for the same values, however a spreadsheet has rewritten them meanwhile."""
    return hash(tuple(map(plain, values)))


DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M")


def plain(value: Any) -> str:
    """A value without what a change of format does to it: spaces, zeros of a number, the spelling of a day."""
    text = "" if value is None else str(value).strip().lstrip("'")
    if not text or not (text[0].isdigit() or text[0] in "+-."):
        return text
    try:
        number = Decimal(text)
        return f"{number.normalize():f}" if number.is_finite() and abs(number.adjusted()) < 40 else text
    except InvalidOperation:
        return _day(text)


def _day(text: str) -> str:
    if len(text) > 8 or "/" in text or "年" in text:
        for form in DAYS:
            try:
                return datetime.strptime(text[:19], form).isoformat().removesuffix("T00:00:00")
            except ValueError:
                continue
    return text


def _agreement(grant: str, mark: Mark, rows: Rows, columns: Sequence[str]) -> Agreement:
    agreeing, pairs, sizes = _compared(mark, rows)
    could = not mark.columns or set(columns) <= mark.columns
    could = could and (mark.rows is None or bool(np.isin(rows, mark.rows).all()))
    least = math.exp(-sum(math.lgamma(size + 1) for size in sizes))
    return Agreement(grant, agreeing, pairs, _chance(agreeing, pairs, sizes), least, could)


def _compared(mark: Mark, rows: Rows) -> tuple[int, int, tuple[int, ...]]:
    """Agreeing pairs, all pairs, and how many rows of each block are compared, of rows as they stand in the copy."""
    blocks = rows // mark.width
    order = np.argsort(blocks, kind="stable")  # block by block, within each as in the copy
    blocks, rows = blocks[order], rows[order]
    starts = np.flatnonzero(np.diff(blocks, prepend=-1))
    within = np.arange(len(rows)) - np.repeat(starts, np.diff(np.append(starts, len(rows))))
    kept = np.flatnonzero(within < DEEPEST)[:ENOUGH]
    blocks, numbers = blocks[kept], words(mark.key, rows[kept]).astype(np.int64)
    agreeing = pairs = 0
    for apart in range(1, min(DEEPEST, len(kept))):
        same = blocks[apart:] == blocks[:-apart]
        if not same.any():
            break
        pairs += int(same.sum())
        agreeing += int((same & (numbers[apart:] > numbers[:-apart])).sum())
    sizes = np.unique(blocks, return_counts=True)[1]
    return agreeing, pairs, tuple(sorted(int(size) for size in sizes if size > 1))


def _chance(agreeing: int, pairs: int, sizes: Sequence[int]) -> float:
    """How likely a key that has nothing to do with the order agrees so well.

    Such a key gives each block any order with the same probability, so the agreeing pairs of a block are distributed
    as the inversions of a random permutation. Exactly, where there are few; else as a normal distribution, whose tail
    is the heavier one.
    """
    if not pairs:
        return 1.0
    if pairs <= EXACT_PAIRS:
        return float(min(_spread(sizes)[agreeing:].sum(), 1.0))
    variance = sum(size * (size - 1) * (2 * size + 5) / 72 for size in sizes)
    return 0.5 * math.erfc((agreeing - 0.5 - pairs / 2) / math.sqrt(2 * variance))


@lru_cache(maxsize=64)
def _spread(sizes: Sequence[int]) -> NDArray[Any]:
    """The probability of each number of agreeing pairs in blocks of these sizes."""
    spread: NDArray[Any] = np.ones(1)
    for size in sizes:
        for more in range(2, size + 1):
            spread = np.convolve(spread, np.full(more, 1 / more))
    return spread
