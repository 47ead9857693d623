"""Writes bundles that `python -m audit.verify` reads: the whole log, or some entries with their proofs."""

import base64
import json
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from pathlib import Path

from django.db import connection

from audit.sealer import Tip, known_keys, last_checkpoint, tile, tip
from audit.tree import WIDTH, consistency, inclusion

TILES = 20
NOTES = 1_000
KEPT_TILES = 4_096


class NotYet(Exception):  # noqa: N818 - the sentence that is shown
    """The trail cannot be exported at this moment."""


def _sealed(at: Tip) -> Iterator[str]:
    """Yield the line of every sealed entry in order; for a destroyed entry, a line that says so."""
    for first in range(0, (at.size + WIDTH - 1) // WIDTH, TILES):
        with connection.cursor() as cursor:
            cursor.execute("SELECT line FROM trail.tile_lines(%s, %s, %s)", [first, TILES, at.size])
            yield from (line for (line,) in cursor.fetchall())


def _destructions() -> list[int]:
    """Return the positions of the entries that say which entries were destroyed; raises NotYet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT places, untold FROM trail.destructions()")
        places, untold = cursor.fetchone()
    if untold:
        raise NotYet("Entries were destroyed, and that is not sealed yet: try again in a minute.")
    return list(places)


def _notes(size: int) -> Iterator[str]:
    """Yield every checkpoint up to a size, each with the proof from the one before."""
    before, held = 0, lru_cache(KEPT_TILES)(tile)
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT size, note FROM trail.notes(%s, %s)", [before, NOTES])
            rows = cursor.fetchall()
        for at, note in rows:
            if at > size:
                return
            proof = [base64.b64encode(one).decode() for one in consistency(held, before, at)]
            yield json.dumps({"note": note, "proof": proof}, ensure_ascii=False)
            before = at
        if len(rows) < NOTES:
            return


def _write(path: Path, lines: Iterable[str]) -> int:
    count = 0
    with path.open("w", newline="\n") as file:
        for line in lines:
            file.write(line + "\n")
            count += 1
    return count


def _begin(out: Path, about: dict[str, object], notes: Iterable[str]) -> None:
    out.mkdir(parents=True)
    _write(out / "keys.txt", known_keys())
    (out / "bundle.json").write_text(json.dumps({"format": "schakel-trail-1", **about}) + "\n")
    _write(out / "checkpoints.ndjson", notes)


def export_all(out: Path) -> int:
    """Write the whole sealed log, and return the number of entries. Raises FileExistsError, NotYet."""
    at = tip()
    _begin(out, {"entries": "all", "size": at.size, "destroyed": _destructions()}, _notes(at.size))
    with (out / "leaves").open("wb") as file:
        for number in range((at.size + WIDTH - 1) // WIDTH):
            file.write(tile(0, number)[: min(WIDTH, at.size - number * WIDTH) * 32])
    return _write(out / "entries.ndjson", _sealed(at))


def export_some(out: Path, ids: list[int]) -> int:
    """Write those of these entries that are sealed and that the acting person may see, each with its proof.

    They are proven against the newest checkpoint alone; raises NotYet where there is none.
    """
    at = last_checkpoint()
    if at is None:
        raise NotYet("Nothing is sealed yet: try again in a minute.")
    held = cache(tile)
    _begin(out, {"entries": "some", "size": at.size}, [json.dumps({"note": at.note}, ensure_ascii=False)])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.place, trail.line(e, p.place, trail.kind_of(e.content_type_id)) FROM trail.positions(%s::bigint[]) p"
            " JOIN audit_entry e ON e.id = p.entry_id WHERE p.place < %s ORDER BY 1",
            [ids, at.size],
        )
        rows = cursor.fetchall()
    _write(out / "entries.ndjson", [line for _, line in rows])
    proofs = ([base64.b64encode(one).decode() for one in inclusion(held, place, at.size)] for place, _ in rows)
    return _write(out / "proofs.ndjson", map(json.dumps, proofs))
