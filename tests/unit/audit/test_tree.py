"""The tree's roots and proofs: against RFC 6962's own values, against pymerkle, and against whoever forges one."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from ckanext.anshan.audit import offline, tree

LARGEST = 600

# Certificate Transparency's reference tree: eight entries, and the roots over the first 0, 1, … 8 of them.
ENTRIES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [bytes.fromhex(text) for text in (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)]  # fmt: skip


def event(number: int) -> bytes:
    return f"event {number}".encode()


LEAVES = [tree.leaf_hash(event(number)) for number in range(LARGEST)]


@pytest.fixture(scope="module")
def oracle() -> Any:
    """pymerkle's tree over the same events."""
    found: Any = InmemoryTree(algorithm="sha256")
    for number in range(LARGEST):
        found.append(event(number))
    return found


class Log:
    """What a server stores: leaf hashes, and whatever ``new_nodes`` told it to keep."""

    def __init__(self, leaves: list[bytes], batches: list[int] | None = None) -> None:
        self.levels: dict[int, list[bytes]] = {0: []}
        self.asked: list[tuple[int, int, int]] = []
        for size in batches or [len(leaves)]:
            start = len(self.levels[0])
            batch = leaves[start : start + size]
            kept = tree.new_nodes(start, batch, self.read)
            self.levels[0] += batch
            for level, index, node in kept:
                nodes = self.levels.setdefault(level, [])
                assert index == len(nodes)
                nodes.append(node)

    def read(self, level: int, first: int, count: int) -> list[bytes]:
        self.asked.append((level, first, count))
        return self.levels.get(level, [])[first : first + count]


LOG = Log(LEAVES)
BIG = Log([tree.leaf_hash(event(number)) for number in range(140_000)])


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_reference_tree(size: int) -> None:
    leaves = [tree.leaf_hash(entry) for entry in ENTRIES[:size]]
    assert tree.root(leaves) == ROOTS[size]


def test_the_root_over_nothing_is_the_hash_of_nothing() -> None:
    assert tree.root([]) == tree.Frontier().root() == hashlib.sha256(b"").digest()


@given(st.integers(0, LARGEST))
def test_root_is_pymerkles(oracle: Any, size: int) -> None:
    assert tree.root(LEAVES[:size]) == oracle.get_state(size)


@given(st.integers(0, LARGEST), st.integers(0, 9))
def test_a_frontier_takes_whole_subtrees_as_well_as_leaves(size: int, level: int) -> None:
    found, width = tree.Frontier(), 1 << level
    for start in range(0, size - width + 1, width):
        found.add(level, tree.root(LEAVES[start : start + width]))
    for leaf in LEAVES[found.size : size]:
        found.append(leaf)
    assert (found.size, found.root()) == (size, tree.root(LEAVES[:size]))


def test_a_frontier_refuses_a_subtree_that_cannot_stand_there() -> None:
    found = tree.Frontier()
    found.append(LEAVES[0])
    with pytest.raises(ValueError, match="level 1 can't stand at position 1"):
        found.add(1, LEAVES[1])


def test_a_frontier_refuses_a_wrong_number_of_subtrees() -> None:
    with pytest.raises(ValueError, match="5 leaves fall into 2 complete subtrees, not 1"):
        tree.Frontier(5, LEAVES[:1])


@given(st.data())
def test_inclusion_path_is_pymerkles(oracle: Any, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, LARGEST))
    index = data.draw(st.integers(0, size - 1))
    path = tree.inclusion_path(index, size, LOG.read)
    assert path == oracle.prove_inclusion(index + 1, size).path[1:]  # its path begins with the leaf itself
    assert tree.verify_inclusion(LEAVES[index], index, size, path, oracle.get_state(size))


@given(st.data())
def test_consistency_path_is_the_rfcs_and_proves_pymerkles_roots(oracle: Any, data: st.DataObject) -> None:
    new = data.draw(st.integers(1, LARGEST))
    old = data.draw(st.integers(1, new))
    path = tree.consistency_path(old, new, LOG.read)
    assert path == subproof(old, LEAVES[:new], True)
    assert tree.verify_consistency(old, oracle.get_state(old), new, oracle.get_state(new), path)


def subproof(old: int, leaves: list[bytes], known: bool) -> list[bytes]:
    """SUBPROOF of RFC 6962, section 2.1.2, word for word. pymerkle's own proofs of consistency have another form."""
    new = len(leaves)
    if old == new:
        return [] if known else [tree.root(leaves)]
    middle = 1
    while middle * 2 < new:
        middle *= 2
    if old <= middle:
        return [*subproof(old, leaves[:middle], known), tree.root(leaves[middle:])]
    return [*subproof(old - middle, leaves[middle:], False), tree.root(leaves[:middle])]


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [(3, 7, [(2, 3), (3, 4), (0, 2), (4, 7)]), (4, 7, [(4, 7)]), (6, 7, [(4, 6), (6, 7), (0, 4)])],
)
def test_consistency_path_is_the_one_of_the_rfc(old: int, new: int, parts: list[tuple[int, int]]) -> None:
    """RFC 6962, section 2.1.3: PROOF(3, D[7]) = [c, d, g, l], PROOF(4, D[7]) = [l], PROOF(6, D[7]) = [i, j, k]."""
    assert tree.consistency_path(old, new, LOG.read) == [tree.root(LEAVES[first:end]) for first, end in parts]


Forge = Callable[[list[bytes]], list[bytes]]
FORGERIES: dict[str, Forge] = {
    "a node changed": lambda path: [bytes(32), *path[1:]],
    "the last node changed": lambda path: [*path[:-1], bytes(32)],
    "a node short": lambda path: path[:-1],
    "a node too many": lambda path: [*path, bytes(32)],
    "a node of another length": lambda path: [*path[:-1], path[-1] + b"\0"],
    "no path": lambda path: [],
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
@given(data=st.data())
def test_no_forged_path_proves_inclusion(forge: Forge, data: st.DataObject) -> None:
    size = data.draw(st.integers(2, LARGEST))
    index = data.draw(st.integers(0, size - 1))
    path = tree.inclusion_path(index, size, LOG.read)
    assert not tree.verify_inclusion(LEAVES[index], index, size, forge(path), tree.root(LEAVES[:size]))


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
@given(data=st.data())
def test_no_forged_path_proves_consistency(forge: Forge, data: st.DataObject) -> None:
    new = data.draw(st.integers(2, LARGEST))
    old = data.draw(st.integers(1, new - 1))
    path = tree.consistency_path(old, new, LOG.read)
    roots = tree.root(LEAVES[:old]), tree.root(LEAVES[:new])
    assert not tree.verify_consistency(old, roots[0], new, roots[1], forge(path))


@given(st.data())
def test_inclusion_holds_for_no_other_leaf_position_size_or_root(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, LARGEST - 1))
    index, other = data.draw(st.lists(st.integers(0, size - 1), min_size=2, max_size=2, unique=True))
    path, root = tree.inclusion_path(index, size, LOG.read), tree.root(LEAVES[:size])
    assert not tree.verify_inclusion(LEAVES[other], index, size, path, root)
    assert not tree.verify_inclusion(LEAVES[index], other, size, path, root)
    assert not tree.verify_inclusion(LEAVES[index], index, size, path, tree.root(LEAVES[: size + 1]))
    assert not tree.verify_inclusion(LEAVES[index], size, size, path, root)
    assert not tree.verify_inclusion(LEAVES[index], -1, size, path, root)


@given(st.data())
def test_consistency_holds_for_no_other_root(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, LARGEST))
    old = data.draw(st.integers(0, new))
    path = tree.consistency_path(old, new, LOG.read)
    roots = tree.root(LEAVES[:old]), tree.root(LEAVES[:new])
    assert not tree.verify_consistency(old, bytes(32), new, roots[1], path)
    assert not tree.verify_consistency(new, roots[1], old, roots[0], path) or old == new
    if old:  # every tree begins with nothing, whatever its root
        assert not tree.verify_consistency(old, roots[0], new, bytes(32), path)


def test_an_empty_tree_is_the_beginning_of_itself_alone_with_its_own_root() -> None:
    assert tree.verify_consistency(0, offline.EMPTY_ROOT, 0, offline.EMPTY_ROOT, [])
    assert not tree.verify_consistency(0, offline.EMPTY_ROOT, 0, LEAVES[0], [])
    assert not tree.verify_consistency(0, offline.EMPTY_ROOT, 5, tree.root(LEAVES[:5]), [LEAVES[0]])


@settings(max_examples=40)
@given(st.lists(st.integers(1, 900), min_size=1, max_size=30))
def test_whatever_the_batches_the_same_nodes_are_kept(batches: list[int]) -> None:
    leaves = BIG.levels[0][: sum(batches)]
    found = Log(leaves, batches)
    assert found.levels[0] == leaves
    assert found.levels.get(1, []) == BIG.levels[1][: len(leaves) // tree.WIDTH]


def test_each_kept_node_is_the_root_over_the_leaves_below() -> None:
    leaves = BIG.levels[0]
    assert {level: len(nodes) for level, nodes in BIG.levels.items()} == {0: 140_000, 1: 546, 2: 2}
    assert BIG.levels[1][545] == tree.root(leaves[545 * 256 : 546 * 256])
    assert BIG.levels[2][1] == tree.root(leaves[65_536:131_072])


def test_a_last_leaf_completes_nodes_of_two_levels() -> None:
    found = tree.new_nodes(65_535, BIG.levels[0][65_535:65_536], BIG.read)
    assert found == [(1, 255, BIG.levels[1][255]), (2, 0, BIG.levels[2][0])]


def test_leaves_that_complete_nothing_need_nothing_read() -> None:
    asked = len(BIG.asked)
    assert tree.new_nodes(131_072, BIG.levels[0][131_072 : 131_072 + 255], BIG.read) == []
    assert len(BIG.asked) == asked


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_proofs_from_a_large_log_hold_and_read_at_most_two_tiles_of_a_level(data: st.DataObject) -> None:
    edges = st.sampled_from([1, 255, 256, 257, 65_535, 65_536, 65_537, 131_071, 131_072, 139_999, 140_000])
    size = data.draw(edges | st.integers(1, 140_000))
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    root, before = (tree.frontier(one, BIG.read).root() for one in (size, old))
    BIG.asked.clear()
    path = tree.inclusion_path(index, size, BIG.read)
    _assert_frugal(BIG.asked)
    assert tree.verify_inclusion(BIG.levels[0][index], index, size, path, root)
    BIG.asked.clear()
    path = tree.consistency_path(old, size, BIG.read)
    _assert_frugal(BIG.asked)
    assert tree.verify_consistency(old, before, size, root, path)


def _assert_frugal(asked: list[tuple[int, int, int]]) -> None:
    assert all(1 <= count <= 256 for _, _, count in asked)
    assert len(asked) == len(set(asked))
    assert max([sum(1 for one in asked if one[0] == level) for level in range(3)]) <= 2


def test_a_frontier_read_from_the_log_goes_on_where_the_log_ends() -> None:
    found = tree.frontier(300, LOG.read)
    for leaf in LEAVES[300:]:
        found.append(leaf)
    assert found.root() == tree.root(LEAVES)


def test_a_log_that_lacks_nodes_makes_no_proof() -> None:
    gone = Log(LEAVES[:100])
    with pytest.raises(LookupError, match="level 0 of the log should hold 200 nodes from 0 on: 100"):
        tree.inclusion_path(5, 200, gone.read)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 5)])
def test_there_is_no_path_to_a_leaf_outside(index: int, size: int) -> None:
    with pytest.raises(ValueError, match=f"no leaf {index} in a tree of {size}"):
        tree.inclusion_path(index, size, LOG.read)


@pytest.mark.parametrize(("old", "new"), [(6, 5), (-1, 5)])
def test_a_tree_does_not_begin_with_a_larger_one(old: int, new: int) -> None:
    with pytest.raises(ValueError, match=f"a tree of {new} leaves can't begin with {old}"):
        tree.consistency_path(old, new, LOG.read)
