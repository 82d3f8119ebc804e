"""Whether a table can be joined with what is already published: sketches of key columns, and their overlap.

A sketch keeps the smallest hashes of a column's distinct values. The same values are kept of every column in which they
stand, so that two sketches tell how many values two columns share without either column at hand. The hashes are keyed:
without the portal's key nobody can find out from a stored sketch whether some value is in it.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

KEPT = 256
"""Hashes of a sketch: shares are right within about 0.06 (two standard errors of a half), in 2 KiB."""
AT_ONCE = 1 << 16
FORMAT = b"AS1"
_HEAD = struct.Struct("<3sBIQ")

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Sketch:
    """The smallest hashes of the distinct values of a column, in order; all of them where there are few."""

    hashes: Hashes
    values: int  # cells that were not empty
    key: int = 0  # tells sketches of different keys apart, without telling the key

    @classmethod
    def of(cls, values: Iterable[bytes], key: bytes) -> Sketch:
        """Of the cells of a column as normalised bytes; empty ones aren't values. In any number, in little memory."""
        kept, count = np.zeros(0, np.uint64), 0
        cells = (value for value in values if value)
        while hashed := [_hash(value, key) for value in islice(cells, AT_ONCE)]:
            count += len(hashed)
            kept = _smallest(np.concatenate((kept, np.array(hashed, np.uint64))))
        return cls(kept, count, _name_of(key))

    @classmethod
    def of_codes(cls, codes: NDArray[np.uint64], key: bytes) -> Sketch:
        """Of cells as numbers that depend on nothing but the cell (hashes of its bytes), 0 for an empty one."""
        codes = codes[codes != 0]
        different = np.unique(codes).astype("<u8").tobytes()
        hashed = (_hash(different[at : at + 8], key) for at in range(0, len(different), 8))
        return cls(_smallest(np.fromiter(hashed, np.uint64, len(different) // 8)), len(codes), _name_of(key))

    def merged(self, other: Sketch) -> Sketch:
        """The sketch of both columns' values together."""
        self._must_fit(other)
        return Sketch(_smallest(np.concatenate((self.hashes, other.hashes))), self.values + other.values, self.key)

    def distinct(self) -> int:
        """About how many different values the column has; exact below ``KEPT``."""
        if len(self.hashes) < KEPT:
            return len(self.hashes)
        return round((KEPT - 1) / (float(self.hashes[-1]) / 2**64))

    def share_in(self, other: Sketch) -> float:
        """About what share of this column's different values stand in the other column, too."""
        self._must_fit(other)
        # Below the smaller of both ends, each sketch has every hash of its column: there they can be compared.
        end = min((sketch.hashes[-1] for sketch in (self, other) if len(sketch.hashes) >= KEPT), default=None)
        mine = self.hashes if end is None else self.hashes[self.hashes <= end]
        if len(mine):
            return float(np.isin(mine, other.hashes, assume_unique=True).mean())
        return 0.0

    def to_bytes(self) -> bytes:
        head = _HEAD.pack(FORMAT, self.key, len(self.hashes), self.values)
        return head + self.hashes.astype("<u8").tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Sketch:
        """:raises ValueError: what isn't whole, or of another version"""
        if len(data) < _HEAD.size:
            raise ValueError("not a sketch")
        format_, key, count, values = _HEAD.unpack_from(data)
        hashes = np.frombuffer(data, "<u8", offset=_HEAD.size) if len(data) == _HEAD.size + 8 * count else None
        if format_ != FORMAT or hashes is None or count > KEPT or (hashes[1:] <= hashes[:-1]).any():
            raise ValueError("not a sketch")
        return cls(hashes.astype(np.uint64), values, key)

    def _must_fit(self, other: Sketch) -> None:
        if self.key != other.key:
            raise ValueError("sketches of different keys have no hash in common")


@dataclass(frozen=True)
class Published:
    """A key column of what is already open."""

    title: str  # of the dataset, and of the file where it has several
    column: str
    sketch: Sketch


@dataclass(frozen=True)
class JoinRisk:
    """A column of the scanned file by which its rows can be joined with a published table."""

    column: str
    title: str
    published_column: str
    share: float  # of the column's different values, that stand in the published column
    distinct: int  # different values of the column


def risks(columns: Mapping[str, Sketch], published: Sequence[Published], share: float, keys: int) -> list[JoinRisk]:
    """Each column's joins with the published columns that hold at least ``share`` of its values, best joins first.

    A column is a key from ``keys`` different values on and where values seldom repeat, on both sides: two columns of
    sexes or of districts share every value and join nothing.
    """
    found = []
    for name, sketch in columns.items():
        if not _is_key(sketch, keys):
            continue
        for one in published:
            if _is_key(one.sketch, keys) and (shared := sketch.share_in(one.sketch)) >= share:
                found.append(JoinRisk(name, one.title, one.column, shared, sketch.distinct()))
    return sorted(found, key=lambda risk: (-risk.share, risk.column, risk.title, risk.published_column))


REPEATED = 4
"""A key stands in so many rows on average at most; a person or a company may have some rows, a district has many."""


def _is_key(sketch: Sketch, keys: int) -> bool:
    distinct = sketch.distinct()
    return distinct >= keys and sketch.values <= REPEATED * distinct


def _hash(value: bytes, key: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(value, digest_size=8, key=key[:64]).digest(), "little")


def _name_of(key: bytes) -> int:
    return hashlib.blake2b(b"name of the key", digest_size=1, key=key[:64]).digest()[0]


def _smallest(hashes: Hashes) -> Hashes:
    return np.unique(hashes)[:KEPT]
