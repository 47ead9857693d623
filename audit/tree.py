"""Roots and proofs over a tree that is stored in tiles of 256 hashes (RFC 9162; tiles as in C2SP tlog-tiles)."""

from collections.abc import Callable, Sequence

from audit.verify import Edge, node_hash

HEIGHT = 8
WIDTH = 1 << HEIGHT
Tile = Callable[[int, int], bytes]
"""Gives the hashes of a tile by its level and number, 32 bytes each."""


def node_at(tile: Tile, level: int, index: int) -> bytes:
    """Return the hash of a complete subtree of 2**level leaves, the index-th of its level."""
    rise = level % HEIGHT
    first = index << rise
    data = tile(level // HEIGHT, first // WIDTH)
    start = (first % WIDTH) * 32
    return _root_of(data[start : start + (32 << rise)])


def _root_of(hashes: bytes) -> bytes:
    row = [hashes[at : at + 32] for at in range(0, len(hashes), 32)]
    while len(row) > 1:
        row = [node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=True)]
    return row[0]


def _half(size: int) -> int:
    """Return the largest power of two below a size."""
    return 1 << ((size - 1).bit_length() - 1)


def range_root(tile: Tile, start: int, end: int) -> bytes:
    """Return the root over the leaves from start to end, as a subtree of the log holds them."""
    size = end - start
    if size & (size - 1) == 0 and start % size == 0:
        return node_at(tile, size.bit_length() - 1, start // size)
    middle = start + _half(size)
    return node_hash(range_root(tile, start, middle), range_root(tile, middle, end))


def inclusion(tile: Tile, position: int, size: int) -> list[bytes]:
    """Return the proof that the leaf at a position stands in the tree of this size, nearest first (RFC 9162, 2.1.3.1)."""
    found: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _half(end - start)
        if position < middle:
            found.append(range_root(tile, middle, end))
            end = middle
        else:
            found.append(range_root(tile, start, middle))
            start = middle
    return found[::-1]


def consistency(tile: Tile, old: int, new: int) -> list[bytes]:
    """Return the proof that the tree of the new size begins with that of the old (RFC 9162, 2.1.4.1)."""
    if old in {0, new}:
        return []
    found: list[bytes] = []
    start, end, is_whole = 0, new, True
    while end != old:
        middle = start + _half(end - start)
        if old <= middle:
            found.append(range_root(tile, middle, end))
            end = middle
        else:
            found.append(range_root(tile, start, middle))
            start, is_whole = middle, False
    return ([] if is_whole else [range_root(tile, start, end)]) + found[::-1]


def edge_at(tile: Tile, size: int) -> Edge:
    """Return the right edge of the tree of a size, to go on from."""
    peaks, start = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            peaks.append(node_at(tile, level, start >> level))
            start += 1 << level
    return Edge(size, peaks)


def grown(tile: Tile, size: int, leaves: Sequence[bytes]) -> dict[tuple[int, int], bytes]:
    """Return every tile that changes when these leaves are appended to a tree of this size, whole."""
    changed: dict[tuple[int, int], bytearray] = {}
    level, at, row = 0, size, list(leaves)
    while row:
        above: list[bytes] = []
        for offset, one in enumerate(row):
            number, place = divmod(at + offset, WIDTH)
            if (level, number) not in changed:
                changed[level, number] = bytearray(tile(level, number)[: place * 32] if place else b"")
            changed[level, number] += one
            if place == WIDTH - 1:
                above.append(_root_of(bytes(changed[level, number])))
        level, at, row = level + 1, at // WIDTH, above
    return {key: bytes(value) for key, value in changed.items()}
