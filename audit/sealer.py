"""Seals what has been written: the one process that gives positions, grows the tree and signs where it ends."""

import base64
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from audit.signing import Signer
from audit.tree import WIDTH, edge_at, grown
from audit.verify import leaf_hash

log = logging.getLogger(__name__)
BATCH = 20_000
"""The most entries that one checkpoint adds."""
LOCK = 7_301_995
OLDEST = timedelta(seconds=10)
"""The age at which an entry that is not sealed raises an alarm."""


@dataclass(frozen=True)
class Tip:
    """How far the log is sealed, and the age of the first entry that is not sealed yet."""

    size: int
    xact: str
    entry_id: int
    age: timedelta


def tip() -> Tip:
    """Return how far the log is sealed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT size, xact::text, entry_id, age FROM trail.tip_now()")
        return Tip(*cursor.fetchone())


@dataclass(frozen=True)
class Signed:
    """The newest checkpoint, and up to which size a witness has signed one."""

    size: int
    note: str
    made_at: datetime
    witnessed: int | None


def last_checkpoint() -> Signed | None:
    """Return the newest checkpoint."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT size, note, made_at, witnessed FROM trail.last_note()")
        size, *rest = cursor.fetchone()
    return Signed(size, *rest) if size else None


def known_keys() -> list[str]:
    """Return the public keys that ever signed a checkpoint of this log, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT line FROM trail.keys()")
        return [line for (line,) in cursor.fetchall()]


def tile(level: int, number: int) -> bytes:
    """Return the hashes of a tile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT trail.tile_at(%s, %s)", [level, number])
        found = cursor.fetchone()[0]
    return bytes(found or b"")


def only_sealer() -> bool:
    """Take the lock that a sealer holds until its connection ends; return False when another sealer has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def seal(signer: Signer) -> int:
    """Seal the entries of transactions older than any that still writes, and return how many; in an act of the sealer."""
    at = tip()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT entry_id, xact::text, line FROM trail.stretch(%s::text::xid8, %s, %s, %s)",
            [at.xact, at.entry_id, at.size, BATCH],
        )
        rows = cursor.fetchall()
    if not rows:
        return 0
    leaves = [leaf_hash(line.encode()) for _, _, line in rows]
    edge = edge_at(tile, at.size)
    for leaf in leaves:
        edge.push(leaf)
    changed = grown(tile, at.size, leaves)
    keys = sorted(changed)
    firsts = [_first(key, at.size, rows) for key in keys]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT trail.know_key(%s), trail.seal(%s, %s, %s::text::xid8, %s, %s, %s::int[], %s::bigint[], %s::text[],"
            " %s::text[], %s::bigint[])",
            [
                signer.line, at.size, edge.size, rows[-1][1], rows[-1][0], signer.note(edge.size, edge.root()),
                [level for level, _ in keys], [number for _, number in keys],
                [base64.b64encode(changed[key]).decode() for key in keys],
                [xact for xact, _ in firsts], [entry for _, entry in firsts],
            ],
        )  # fmt: skip
    return len(rows)


def _first(key: tuple[int, int], size: int, rows: list[tuple[int, str, str]]) -> tuple[str | None, int | None]:
    """Return the transaction and id of the first entry of a tile of leaves, if the tile begins among these entries."""
    level, number = key
    place = number * WIDTH - size
    if level or place < 0:
        return None, None
    return rows[place][1], rows[place][0]
