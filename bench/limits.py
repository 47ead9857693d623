"""What this machine can do at most of the same kind: yardsticks by which the other figures are read."""

import hashlib
import time
from pathlib import Path
from uuid import uuid4

from bench.installation import Installation
from bench.requests import works
from bench.timing import Spread, Steady, arithmetic, processor_ms, spread

ROWS = 200_000
ROW_BYTES = 300
TRANSITIONS = 200
SAMPLES = 5
STATEMENTS = Path(__file__).with_name("take_up.sql")


def hashed_rows() -> float:
    """Return how many rows of 300 bytes one process hashes with SHA-256 in a second of processor time."""
    row = b"x" * ROW_BYTES
    began = time.process_time()
    for _ in range(ROWS):
        hashlib.sha256(row).digest()
    return ROWS / (time.process_time() - began)


def raw_transition(found: Installation) -> float:
    """Return the processor milliseconds of the server for the writes of taking one report up, in plain SQL."""
    superuser = found.world.superuser
    rows = superuser.execute(
        "SELECT id, case_id, agency_id, made_by_id FROM casework_track WHERE state <> 'triage' LIMIT %s", [TRANSITIONS]
    ).fetchall()
    statements = STATEMENTS.read_text().split(";\n")
    before = processor_ms(superuser.info.backend_pid)
    for track, case, agency, person in rows:
        values = {"track": track, "case": case, "agency": agency, "person": person, "operation": uuid4()}
        with superuser.transaction():
            for statement in statements:
                superuser.execute(statement, values)
    return (processor_ms(superuser.info.backend_pid) - before) / len(rows)


def limits_of(found: Installation) -> dict[str, Spread]:
    """Measure each yardstick some times in turn."""
    step = next(work for work in works(found) if work.name == "take_up")
    step.send(step.ready())
    superuser, steady = found.world.superuser, Steady()
    superuser.execute("CREATE TEMP TABLE taken_up AS SELECT * FROM audit_entry WHERE word = 'take_up'")
    superuser.execute("SET session_replication_role = replica")
    taken: dict[str, list[float]] = {"loop": [], "hashed": [], "raw": []}
    for _ in range(SAMPLES):
        taken["loop"].append(arithmetic() * 1000)
        taken["hashed"].append(steady.sample(hashed_rows))
        taken["raw"].append(steady.sample(lambda: raw_transition(found)))
    superuser.execute("SET session_replication_role = origin")
    return {name: spread(samples) for name, samples in taken.items()}
