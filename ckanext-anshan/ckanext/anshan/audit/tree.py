"""What the log's writer needs of the tree: which nodes to keep, and proofs from few of them.

The log keeps every leaf hash, and the hash of every complete run of 256 nodes below: level 0 holds the leaves, level 1
a node for 256 leaves, level 2 one for 65,536 (the tiles of https://c2sp.org/tlog-tiles). All between is computed again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .offline import HASH, Frontier, fold, leaf_hash, node_hash, root, rows, verify_consistency, verify_inclusion

__all__ = [
    "WIDTH",
    "Frontier",
    "Read",
    "consistency_path",
    "frontier",
    "inclusion_path",
    "leaf_hash",
    "new_nodes",
    "node_hash",
    "root",
    "verify_consistency",
    "verify_inclusion",
]

HEIGHT = 8  # doublings from a level to the next
WIDTH = 1 << HEIGHT  # nodes under one of the level above

Read = Callable[[int, int, int], list[bytes]]
"""``read(level, first, count)`` gives so many stored nodes of that level in order; it is asked for 256 at the most."""


class Tree:
    """The first ``size`` leaves of a log. Each tile is read and hashed once, however often it is asked."""

    def __init__(self, size: int, read: Read) -> None:
        self.size = size
        self.read = read
        self.tiles: dict[tuple[int, int], list[bytes]] = {}

    def tile(self, level: int, index: int) -> list[bytes]:
        """The rows over the 256 nodes of a tile, or over as many as the tree has."""
        if (level, index) not in self.tiles:
            first = index * WIDTH
            count = min(WIDTH, (self.size >> HEIGHT * level) - first)
            nodes = self.read(level, first, count)
            if len(nodes) != count:
                raise LookupError(f"level {level} of the log should hold {count} nodes from {first} on: {len(nodes)}")
            self.tiles[level, index] = rows(b"".join(nodes))
        return self.tiles[level, index]

    def node(self, height: int, index: int) -> bytes:
        """The root over the leaves ``[index << height, index + 1 << height)``, all of which the tree has."""
        level, row = divmod(height, HEIGHT)
        tile, first = divmod(index << row, WIDTH)
        at = (first >> row) * HASH
        return self.tile(level, tile)[row][at : at + HASH]

    def peaks(self, first: int, end: int) -> list[bytes]:
        """The complete subtrees over the leaves ``[first, end)``, largest first; the largest may stand at ``first``."""
        found = []
        for height in reversed(range((end - first).bit_length())):
            if (end - first) >> height & 1:
                found.append(self.node(height, first >> height))
                first += 1 << height
        return found


def frontier(size: int, read: Read) -> Frontier:
    """The frontier of a log that already has so many leaves, to append to."""
    return Frontier(size, Tree(size, read).peaks(0, size))


def inclusion_path(index: int, size: int, read: Read) -> list[bytes]:
    """What proves that a leaf stands at ``index`` of the tree of ``size`` leaves (RFC 9162, section 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    first, end, beside = 0, size, []
    while end - first > 1:
        middle = _middle(first, end)
        if index < middle:
            beside.append((middle, end))
            end = middle
        else:
            beside.append((first, middle))
            first = middle
    return _roots(beside, size, read)


def consistency_path(old: int, new: int, read: Read) -> list[bytes]:
    """What proves that the tree of ``new`` leaves begins with the one of ``old`` (RFC 9162, section 2.1.4.1)."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} leaves can't begin with {old}")
    if old in (0, new):
        return []
    first, end, beside = 0, new, []
    while end != old:
        middle = _middle(first, end)
        if old <= middle:
            beside.append((middle, end))
            end = middle
        else:
            beside.append((first, middle))
            first = middle
    if first:  # else it is the whole old tree, whose root the asker has
        beside.append((first, end))
    return _roots(beside, new, read)


def new_nodes(start: int, leaves: Sequence[bytes], read: Read) -> list[tuple[int, int, bytes]]:
    """What to keep beside these leaves once they were appended: ``(level, index, hash)`` for level 1 and up.

    :param start: leaves before
    :param read: knows what was kept before; it isn't asked for the new leaves
    """
    found: list[tuple[int, int, bytes]] = []
    level, first, row = 0, start, list(leaves)
    while (before := first % WIDTH) + len(row) >= WIDTH:
        row = (read(level, first - before, before) if before else []) + row
        level, first = level + 1, first // WIDTH
        row = [root(row[at : at + WIDTH]) for at in range(0, len(row) - WIDTH + 1, WIDTH)]
        found += [(level, index, node) for index, node in enumerate(row, first)]
    return found


def _middle(first: int, end: int) -> int:
    """Where RFC 6962 splits these leaves: after the largest power of two that leaves something to the right."""
    return first + (1 << (end - first - 1).bit_length() - 1)


def _roots(ranges: Sequence[tuple[int, int]], size: int, read: Read) -> list[bytes]:
    """The roots over these ranges of leaves, from the one split off last to the first: the order of a path."""
    tree = Tree(size, read)
    return [fold(tree.peaks(first, end)) for first, end in reversed(ranges)]
