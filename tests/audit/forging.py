"""An owner of the database who tampers, in memory: what they would export, as a bundle."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from audit.signing import Signer
from audit.tree import consistency, grown, range_root
from audit.verify import leaf_hash

ORIGIN = "schakel.test/trail"
SIGNER = Signer.of_seed(ORIGIN, "07" * 32)
THIEF = Signer.of_seed(ORIGIN, "08" * 32)


def line(position: int, word: str = "read_record", day: int = 1) -> str:
    entry = {
        "at": f"2026-01-{day:02}T10:00:00Z",
        "word": word,
        "actor": position % 7,
        "case": f"{position:032x}",
        "said": None,
    }
    return f'{{"position":{position},"entry":{json.dumps(entry)}}}'


def renumbered(lines: Sequence[str]) -> list[str]:
    """The lines as an export gives them: the position is where an entry stands."""
    return [f'{{"position":{place},{one.split(",", 1)[1]}' for place, one in enumerate(lines)]


@dataclass
class Log:
    """Lines, what was sealed of them, and where it was signed."""

    lines: list[str]
    sizes: list[int]
    signer: Signer = SIGNER
    tiles: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tiles = grown(lambda *_: b"", 0, [leaf_hash(one.encode()) for one in self.lines])

    def tile(self, level: int, number: int) -> bytes:
        return self.tiles[level, number]

    def notes(self) -> list[str]:
        found, before = [], 0
        for size in self.sizes:
            proof = [base64.b64encode(one).decode() for one in consistency(self.tile, before, size)]
            note = self.signer.note(size, range_root(self.tile, 0, size))
            found.append(json.dumps({"note": note, "proof": proof}, ensure_ascii=False))
            before = size
        return found

    def seen(self, sizes: Sequence[int]) -> list[str]:
        """What a witness kept."""
        return [json.dumps({"note": self.signer.note(size, range_root(self.tile, 0, size))}) for size in sizes]

    def leaves(self) -> bytes:
        numbers = sorted(number for level, number in self.tiles if level == 0)
        return b"".join(self.tiles[0, number] for number in numbers)

    def write(self, folder: Path, lines: Sequence[str] | None = None, *, leaves: bool = True) -> Path:
        """Write the bundle; `lines` are what stands in the table by now."""
        folder.mkdir(exist_ok=True)
        (folder / "bundle.json").write_text('{"entries": "all"}\n')
        (folder / "keys.txt").write_text(self.signer.line + "\n")
        (folder / "checkpoints.ndjson").write_text("".join(note + "\n" for note in self.notes()))
        (folder / "leaves").unlink(missing_ok=True)
        if leaves:
            (folder / "leaves").write_bytes(self.leaves())
        put(folder, self.lines if lines is None else lines)
        return folder


def put(folder: Path, lines: Sequence[str]) -> None:
    """Write the lines alone."""
    (folder / "entries.ndjson").write_text("".join(one + "\n" for one in lines))
