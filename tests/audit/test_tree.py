"""Roots and proofs over tiles against the definitions of RFC 9162, written here a second time."""

import hashlib
import random

import pytest

from audit.tree import consistency, edge_at, grown, inclusion, range_root
from audit.verify import EMPTY, Edge, is_consistent, is_included, leaf_hash

MOST = 700


def naive(leaves):
    """MTH of RFC 9162, 2.1.1."""
    if len(leaves) < 2:
        return leaves[0] if leaves else hashlib.sha256(b"").digest()
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\1" + naive(leaves[:half]) + naive(leaves[half:])).digest()


@pytest.fixture(scope="module")
def log():
    leaves = [leaf_hash(b"%d" % number) for number in range(MOST)]
    tiles: dict[tuple[int, int], bytes] = {}

    def tile(level: int, number: int) -> bytes:
        return tiles[level, number]

    pick, size = random.Random(3), 0
    while size < MOST:
        more = leaves[size : size + pick.randint(1, 90)]
        tiles |= grown(tile, size, more)
        size += len(more)
    return leaves, tile


def test_tiles_edge_and_definition_have_one_root(log):
    leaves, tile = log
    edge = Edge()
    assert edge.root() == EMPTY == naive([])
    for size, leaf in enumerate(leaves, 1):
        edge.push(leaf)
        if size < 20 or size % 37 == 0 or size in {255, 256, 257, 511, 512, 513, MOST}:
            assert edge.root() == naive(leaves[:size]) == range_root(tile, 0, size) == edge_at(tile, size).root()


def test_proofs_hold_for_what_is_and_for_nothing_else(log):
    leaves, tile = log
    pick = random.Random(4)
    for size in (1, 2, 3, 7, 8, 255, 256, 257, 600, MOST):
        root = range_root(tile, 0, size)
        for position in {0, size - 1, *(pick.randrange(size) for _ in range(8))}:
            proof = inclusion(tile, position, size)
            assert is_included(position, size, leaves[position], root, proof)
            assert not is_included(position, size, leaves[position - 1] if size > 1 else b"x" * 32, root, proof)
            assert not is_included(position, size, leaves[position], root, [*proof, root])
            assert not is_included(size, size, leaves[position], root, proof)
            if proof:
                assert not is_included(position, size, leaves[position], root, proof[:-1])
                assert not is_included(position ^ 1, size, leaves[position], root, proof)
        for old in {1, size, *(pick.randint(1, size) for _ in range(8))}:
            before, proof = range_root(tile, 0, old), consistency(tile, old, size)
            assert is_consistent(old, before, size, root, proof), (old, size)
            if old < size:
                assert not is_consistent(old, b"x" * 32, size, root, proof)
                assert not is_consistent(old, before, size, b"x" * 32, proof)
                assert not is_consistent(old, before, size, root, proof[:-1])
                assert not is_consistent(size, root, old, before, proof)
            else:
                assert not is_consistent(old, b"x" * 32, size, root, proof)
    assert consistency(tile, 0, 9) == []
    assert is_consistent(0, EMPTY, 9, range_root(tile, 0, 9), [])
