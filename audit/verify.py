"""Verifies a bundle of the trail, without Django or a database: `python -m audit.verify BUNDLE [--witness FILE]`.

A bundle is a folder: `entries.ndjson` (one sealed entry a line), `checkpoints.ndjson` (signed notes, each with the proof
that it continues the one before), `keys.txt`, `bundle.json`; of a whole log also `leaves` (32 bytes an entry, RFC 9162), of
a part of one `proofs.ndjson` (that each entry stands in the last checkpoint). Exit 0: whole. 1: broken. 2: unreadable.
"""

import argparse
import base64
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from audit.ed25519 import is_signed

LONGEST = 1 << 20
LOG, COSIGNATURE = 1, 4
Key = tuple[str, bytes, int, bytes]
EMPTY = sha256(b"").digest()


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


class Edge:
    """The right edge of a growing tree: appending and the root cost O(log n)."""

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        """Start empty, or from the peaks of a tree of this size."""
        self.size, self.peaks = size, list(peaks)

    def push(self, leaf: bytes) -> None:
        """Append one leaf."""
        number, peaks = self.size, self.peaks
        while number & 1:
            leaf = sha256(b"\1" + peaks.pop() + leaf).digest()
            number >>= 1
        peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Return the root of the tree as it is."""
        found = self.peaks[-1] if self.peaks else EMPTY
        for peak in reversed(self.peaks[:-1]):
            found = node_hash(peak, found)
        return found


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
    """What a signed note says: which log, how many entries, which root (C2SP tlog-checkpoint)."""

    origin: str
    size: int
    root: bytes
    body: str
    signatures: tuple[tuple[str, bytes, bytes], ...]
    """Name, key id and what follows it, of every signature line."""


def key_id(name: str, kind: int, key: bytes) -> bytes:
    """Return the four bytes by which a signature line names its key."""
    return sha256(name.encode() + b"\n" + bytes([kind]) + key).digest()[:4]


def read_key(text: str) -> Key:
    """Read `name+keyid+base64` as (name, key id, kind, public key)."""
    try:
        name, mark, rest = text.strip().split("+", 2)
        data = base64.b64decode(rest, validate=True)
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
        data = [(name, base64.b64decode(text, validate=True)) for _, name, text in rows]
        signatures = tuple((name, raw[:4], raw[4:]) for name, raw in data)
        found = Checkpoint(origin, int(size), base64.b64decode(root, validate=True), body + "\n", signatures)
    except ValueError:
        raise Unreadable("a checkpoint is not written as a signed note") from None
    if {row[0] for row in rows} != {"\u2014"} or size != str(found.size) or len(found.root) != 32:  # noqa: PLR2004
        raise Unreadable("a checkpoint is not written as a signed note")
    return found


def is_by_its_log(note: Checkpoint, keys: Mapping[bytes, Key]) -> bool:
    """Whether one of these keys signed the note as the log that it names."""
    for name, mark, signature in note.signatures:
        known = keys.get(mark)
        if known and (known[0], known[2]) == (name, LOG) and name == note.origin:
            return is_signed(known[3], note.body.encode(), signature)
    return False


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


def _notes(path: Path) -> Iterator[tuple[Checkpoint, list[bytes]]]:
    for number, line in enumerate(_lines(path), 1):
        try:
            row = json.loads(line)
            note, proof = read_note(row["note"]), [base64.b64decode(one, validate=True) for one in row.get("proof", [])]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise Unreadable(f"line {number} of {path.name} is no checkpoint") from None
        yield note, proof


class _Walk:
    """One pass over a bundle in constant memory: entries, leaves, checkpoints and what a witness saw, side by side."""

    def __init__(self, bundle: Path, witness: Path | None, keys: Sequence[Key], *, is_all: bool) -> None:
        self.bundle, self.keys, self.is_all = bundle, {key[1]: key for key in keys}, is_all
        self.edge, self.good, self.witnessed, stored = Edge(), 0, 0, bundle / "leaves"
        self.leaves: BinaryIO | None = stored.open("rb") if is_all and stored.exists() else None
        self.entries, self.notes = _entries(bundle / "entries.ndjson"), _notes(bundle / "checkpoints.ndjson")
        self.seen = iter(_notes(witness) if witness else ())
        self.view = next(self.seen, None)

    def run(self) -> str:
        last: Checkpoint | None = None
        for note, proof in self.notes:
            self._check(note, proof, last)
            if self.is_all:
                self._grow(note.size)
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
            if read and read(32) != leaf:
                raise Broken(f"position {position}: the entry is not what was sealed")
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
        for row in _lines(self.bundle / "proofs.ndjson"):
            try:
                proof = [base64.b64decode(one, validate=True) for one in json.loads(row)]
            except (ValueError, TypeError, RecursionError):
                raise Unreadable(f"line {shown + 1} of proofs.ndjson is no proof") from None
            place, line = next(self.entries, (last.size, b""))
            if not is_included(place, last.size, leaf_hash(line), last.root, proof):
                raise Broken(f"position {place}: the entry is not what was sealed")
            shown += 1
        return shown

    def _ended(self, last: Checkpoint, shown: int) -> str:
        if self.view:
            raise Broken(f"between {last.size} and {self.view[0].size}: the witness saw more: cut or rolled back")
        if (more := next(self.entries, None)) or (self.leaves and self.leaves.read(1)):
            raise Broken(f"position {more[0] if more else last.size}: nothing sealed stands behind this")
        return f"whole: {last.size} entries, {shown} of them shown, root {base64.b64encode(last.root).decode()}"


def verify(bundle: Path, witness: Path | None = None, keys: Sequence[str] = ()) -> str:
    """Return one sentence on a whole bundle; raises Broken or Unreadable. `keys` are trusted instead of the bundle's own."""
    try:
        scope = json.loads((bundle / "bundle.json").read_bytes())["entries"]
        given = keys or (bundle / "keys.txt").read_text().splitlines()
        return _Walk(bundle, witness, [read_key(key) for key in given], is_all=scope == "all").run()
    except OSError as error:
        raise Unreadable(f"{Path(error.filename or bundle).name} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise Unreadable("bundle.json cannot be read") from None


def main(arguments: Sequence[str] | None = None) -> int:
    """Print one sentence; answer 0 for whole, 1 for broken, 2 for unreadable."""
    parser = argparse.ArgumentParser(prog="python -m audit.verify", description="Verify a bundle of the trail.")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--witness", type=Path, help="checkpoints that a witness or the auditor kept")
    parser.add_argument("--key", action="append", default=[], help="trust this key of the log alone: name+id+base64")
    asked = parser.parse_args(arguments)
    try:
        said, code = verify(asked.bundle, asked.witness, asked.key), 0
    except Broken as error:
        said, code = f"broken: {error}", 1
    except Unreadable as error:
        said, code = f"unreadable: {error}", 2
    sys.stdout.write(said + "\n")
    return code


if __name__ == "__main__":
    raise SystemExit(main())
