"""Verifies a bundle of the trail, without Django or a database: `python -m audit.verify BUNDLE [--witness FILE]`.

A bundle is a folder: `entries.ndjson` (one sealed entry a line), `checkpoints.ndjson` (signed notes, each with the proof
that it continues the one before), `keys.txt`, `bundle.json`; of a whole log also `leaves` (32 bytes an entry, RFC 9162), of
a part of one `proofs.ndjson` (that each entry stands in the last checkpoint). An entry that was destroyed when its time was
over says so in its place, its leaf stands, and those at `destroyed` say how many. Exit 0: whole. 1: broken. 2: unreadable.
"""

import argparse
import base64
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial, reduce
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from audit.ed25519 import is_signed

LONGEST = 1 << 20
GONE = b',"destroyed":true}'
LOG, COSIGNATURE = 1, 4
Parsed = TypeVar("Parsed")
Key = tuple[str, bytes, int, bytes]
EMPTY = sha256(b"").digest()
decoded = partial(base64.b64decode, validate=True)


class Broken(Exception):  # noqa: N818 - the sentence that is printed
    """The trail is not what was sealed."""


class Unreadable(Exception):  # noqa: N818 - the sentence that is printed
    """The bundle cannot be read."""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of an entry's line."""
    return sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees."""
    return sha256(b"\1" + left + right).digest()


@dataclass
class Edge:
    """The right edge of a growing tree: appending and the root cost O(log n)."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def push(self, leaf: bytes) -> None:
        """Append one leaf."""
        number, peaks = self.size, self.peaks
        while number & 1:
            leaf = sha256(b"\1" + peaks.pop() + leaf).digest()
            number >>= 1
        peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Return the root of the tree."""
        return reduce(lambda right, left: node_hash(left, right), reversed(self.peaks)) if self.peaks else EMPTY


def _climb(number: int, last: int, old: bytes, new: bytes, proof: Sequence[bytes]) -> tuple[bytes, bytes, bool]:
    for one in proof:
        if last == 0:
            return old, new, False
        if number & 1 or number == last:
            old, new = node_hash(one, old), node_hash(one, new)
            while number and not number & 1:
                number, last = number >> 1, last >> 1
        else:
            new = node_hash(new, one)
        number, last = number >> 1, last >> 1
    return old, new, last == 0


def is_consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the tree of `new` leaves begins with the tree of `old` leaves (RFC 9162, 2.1.4.2)."""
    if old in {0, new}:
        return not proof and (old == 0 or old_root == new_root)
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if old > new or not path:
        return False
    number, last = old - 1, new - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    first, second, ended = _climb(number, last, path[0], path[0], path[1:])
    return ended and (first, second) == (old_root, new_root)


def is_included(position: int, size: int, leaf: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a leaf stands at this position of the tree with this root (RFC 9162, 2.1.3.2)."""
    _, found, ended = _climb(position, size - 1, leaf, leaf, proof)
    return position < size and ended and found == root


@dataclass(frozen=True)
class Checkpoint:
    """A signed note (C2SP tlog-checkpoint): which log, how many entries, which root; name, key id and rest of signatures."""

    origin: str
    size: int
    root: bytes
    body: str
    signatures: tuple[tuple[str, bytes, bytes], ...]


def key_id(name: str, kind: int, key: bytes) -> bytes:
    """Return the four bytes by which a signature line names its key."""
    return sha256(name.encode() + b"\n" + bytes([kind]) + key).digest()[:4]


def read_key(text: str) -> Key:
    """Read `name+keyid+base64` as (name, key id, kind, public key)."""
    try:
        name, mark, rest = text.strip().split("+", 2)
        data = decoded(rest)
        kind, key = data[0], data[1:]
    except (ValueError, IndexError):
        raise Unreadable("a key is not written as name+id+base64") from None
    if kind not in {LOG, COSIGNATURE} or len(key) != 32:  # noqa: PLR2004 - bytes of a key
        raise Unreadable(f"the key of {name!a} has an unknown algorithm ({kind})")
    if key_id(name, kind, key).hex() != mark:
        raise Unreadable(f"the key of {name!a} does not fit its id")
    return name, bytes.fromhex(mark), kind, key


def read_note(text: str) -> Checkpoint:
    """Read a signed note; raises Unreadable."""
    body, _, tail = text.partition("\n\n")
    try:
        origin, size, root = body.split("\n")[:3]
        rows = [line.split(" ") for line in tail.splitlines()]
        signatures = tuple((name, decoded(text)[:4], decoded(text)[4:]) for _, name, text in rows)
        found = Checkpoint(origin, int(size), decoded(root), body + "\n", signatures)
    except ValueError:
        raise Unreadable("a checkpoint is not written as a signed note") from None
    if {row[0] for row in rows} != {"\u2014"} or size != str(found.size) or len(found.root) != 32:  # noqa: PLR2004
        raise Unreadable("a checkpoint is not written as a signed note")
    return found


def is_by_its_log(note: Checkpoint, keys: Mapping[bytes, Key]) -> bool:
    """Whether one of these keys signed the note as the log that it names."""
    rows = ((keys[mark], signature) for name, mark, signature in note.signatures if mark in keys and name == note.origin)
    return any(is_signed(key[3], note.body.encode(), one) for key, one in rows if (key[0], key[2]) == (note.origin, LOG))


def _lines(path: Path) -> Iterator[bytes]:
    rest = b""
    with path.open("rb") as file:
        while block := file.read(LONGEST):
            *lines, rest = (rest + block).split(b"\n")
            if len(rest) > LONGEST:
                raise Unreadable(f"{path.name} holds a line of more than {LONGEST} bytes")
            yield from lines
    if rest:
        raise Unreadable(f"{path.name} is cut short in the middle of a line")


def _entries(path: Path) -> Iterator[tuple[int, bytes]]:
    last = -1
    for number, line in enumerate(_lines(path), 1):
        digits = line[12 : line.find(b",", 12, 40)]
        if line[:12] != b'{"position":' or not digits.isdigit():
            raise Unreadable(f"line {number} of {path.name} does not begin with a position")
        if (position := int(digits)) <= last:
            raise Broken(f"position {last + 1}: position {position} stands here again or out of order")
        last = position
        yield position, line


def _parsed(row: bytes, wrong: str, take: Callable[[Any], Parsed]) -> Parsed:
    try:
        return take(json.loads(row))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Unreadable(wrong) from None


def _notes(path: Path) -> Iterator[tuple[Checkpoint, list[bytes]]]:
    for number, line in enumerate(_lines(path), 1):
        wrong = f"line {number} of {path.name} is no checkpoint"
        yield _parsed(line, wrong, lambda row: (read_note(row["note"]), list(map(decoded, row.get("proof", [])))))


class _Walk:
    """One pass over a bundle in constant memory: entries, leaves, checkpoints and what a witness saw, side by side."""

    def __init__(self, bundle: Path, witness: Path | None, keys: Sequence[Key], tell: set[int] | None) -> None:
        self.bundle, self.keys, self.is_all = bundle, {key[1]: key for key in keys}, tell is not None
        self.tell, self.told, self.gone = tell or set(), 0, 0
        self.edge, self.good, self.witnessed, stored = Edge(), 0, 0, bundle / "leaves"
        self.leaves: BinaryIO | None = stored.open("rb") if self.is_all and stored.exists() else None
        self.entries, self.notes = _entries(bundle / "entries.ndjson"), _notes(bundle / "checkpoints.ndjson")
        self.seen = iter(_notes(witness) if witness else ())
        self.view = next(self.seen, None)

    def run(self) -> str:
        last: Checkpoint | None = None
        for note, proof in self.notes:
            self._check(note, proof, last)
            self._grow(note.size if self.is_all else 0)
            self._witnessed(note.size, note.root)
            if self.is_all and note.root != self.edge.root():
                raise Broken(f"between {self.good} and {note.size}: not what was sealed")
            last, self.good = note, note.size
        if last is None:
            raise Unreadable("the bundle holds no checkpoint")
        return self._ended(last, last.size if self.is_all else self._included(last))

    def _check(self, note: Checkpoint, proof: list[bytes], before: Checkpoint | None) -> None:
        if not is_by_its_log(note, self.keys):
            raise Broken(f"the checkpoint at {note.size} is not signed by a known key of {note.origin!a}")
        if before and (before.size >= note.size or before.origin != note.origin):
            raise Broken(f"the checkpoint at {note.size} does not follow the one at {before.size}")
        if before and not is_consistent(before.size, before.root, note.size, note.root, proof):
            raise Broken(f"between {before.size} and {note.size}: the proof between the checkpoints does not hold")

    def _grow(self, size: int) -> None:
        read = self.leaves.read if self.leaves else None
        for position in range(self.edge.size, size):
            place, line = next(self.entries, (-1, b""))
            if place != position:
                raise Broken(f"position {position}: the entry is missing")
            leaf = sha256(b"\0" + line).digest()
            if read and (stored := read(32)) != leaf:
                if not (self.tell and line.endswith(GONE)):
                    raise Broken(f"position {position}: the entry is not what was sealed")
                leaf, self.gone = stored, self.gone + 1
            elif position in self.tell:
                wrong = f"position {position} does not tell how many were destroyed"
                self.told += _parsed(line, wrong, lambda row: int(row["entry"]["said"]["destroyed"]))
            self.edge.push(leaf)
            if self.view:
                self._witnessed(position + 1)

    def _witnessed(self, size: int, root: bytes = b"") -> None:
        while self.view and self.view[0].size <= size:
            if self.view[0].size == size:
                if self.view[0].root != (root or self.edge.root()):
                    raise Broken(f"between {self.witnessed} and {size}: not what the witness saw")
                self.witnessed = size
            self.view = next(self.seen, None)

    def _included(self, last: Checkpoint) -> int:
        shown = 0
        for shown, row in enumerate(_lines(self.bundle / "proofs.ndjson"), 1):
            proof = _parsed(row, f"line {shown} of proofs.ndjson is no proof", lambda row: list(map(decoded, row)))
            place, line = next(self.entries, (last.size, b""))
            if not is_included(place, last.size, leaf_hash(line), last.root, proof):
                raise Broken(f"position {place}: the entry is not what was sealed")
        return shown

    def _ended(self, last: Checkpoint, shown: int) -> str:
        if self.view:
            raise Broken(f"between {last.size} and {self.view[0].size}: the witness saw more: cut or rolled back")
        if (more := next(self.entries, None)) or (self.leaves and self.leaves.read(1)):
            raise Broken(f"position {more[0] if more else last.size}: nothing sealed stands behind this")
        if self.gone != self.told:
            raise Broken(f"below {last.size}: {self.gone} entries are gone, and {self.told} were destroyed by the rules")
        root = base64.b64encode(last.root).decode()
        return f"whole: {last.size} entries, {shown - self.gone} of them shown, root {root}"


def verify(bundle: Path, witness: Path | None = None, keys: Sequence[str] = ()) -> str:
    """Return one sentence on a whole bundle; raises Broken or Unreadable. `keys` are trusted instead of the bundle's own."""
    try:
        wrong, about = "bundle.json cannot be read", (bundle / "bundle.json").read_bytes()
        tell = _parsed(about, wrong, lambda row: set(row.get("destroyed", ())) if row["entries"] == "all" else None)
        given = keys or (bundle / "keys.txt").read_text(errors="replace").splitlines()
        return _Walk(bundle, witness, [read_key(key) for key in given], tell).run()
    except OSError as error:
        raise Unreadable(f"{Path(error.filename or bundle).name} cannot be read: {error.strerror}") from None


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one sentence; answer 0 for whole, 1 for broken, 2 for unreadable."""
    parser = argparse.ArgumentParser(prog="python -m audit.verify", description="Verify a bundle of the trail.")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--witness", type=Path, help="checkpoints that a witness or the auditor stored")
    parser.add_argument("--key", action="append", default=[], help="trust this key of the log alone: name+id+base64")
    asked = parser.parse_args(arguments)
    try:
        said = verify(asked.bundle, asked.witness, asked.key)
    except (Broken, Unreadable) as error:
        said = f"{type(error).__name__.lower()}: {error}"
    sys.stdout.write(said + "\n")
    return {"whole": 0, "broken": 1}.get(said.split(":")[0], 2)


if __name__ == "__main__":
    raise SystemExit(main())
