"""What the trail costs: verifying, entries beside acts and pages, bytes an entry, comparing rows; ratios in one run."""

import hashlib
import logging
import os
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from audit.recording import record_read
from audit.tree import grown
from audit.verify import leaf_hash
from casework.worker.carry_out import reconcile_rows
from tests.audit.forging import SIGNER, Log, line
from tests.world import signed_in

ROOT = Path(__file__).parents[2]
ENTRIES = int(os.environ.get("ENTRIES", "1000000"))
PART = 100_000
ROWS = int(os.environ.get("ROWS", "100000"))
ROUNDS = int(os.environ.get("ROUNDS", "60"))
NOTE = {"note-kind": "concern", "note-text": "Een zorg."}
COLUMNS = "case_id, agency_id, made_by_id, made_at, kind, text, happened_on, is_burdening, corrects_id, from_item_id"
CHILD = (
    "import sys; from audit.verify import main; code = main(sys.argv[1:]);"
    "print(next(row for row in open('/proc/self/status') if row.startswith('VmHWM')).strip()); sys.exit(code)"
)


def said(capsys, text):
    with capsys.disabled():
        print(f"\n{text}")  # noqa: T201 - the figures are the point


def written(folder, pad):
    """Write a whole bundle line by line, as large as one likes; returns how long it takes to hash its rows alone."""
    folder.mkdir()
    leaves: list[bytes] = []
    hashing = 0.0
    with (folder / "entries.ndjson").open("wb") as file:
        for start in range(0, ENTRIES, PART):
            rows = [line(place, pad).encode() for place in range(start, min(start + PART, ENTRIES))]
            file.writelines(row + b"\n" for row in rows)
            began = time.perf_counter()
            for row in rows:
                hashlib.sha256(row).digest()
            hashing += time.perf_counter() - began
            leaves += map(leaf_hash, rows)
    tiles = grown(lambda *_: b"", 0, leaves)
    log = Log([], [ENTRIES // 3, ENTRIES // 2, ENTRIES], SIGNER)
    log.tiles = tiles
    (folder / "bundle.json").write_text('{"entries": "all"}\n')
    (folder / "keys.txt").write_text(SIGNER.line + "\n")
    (folder / "checkpoints.ndjson").write_text("".join(note + "\n" for note in log.notes()))
    (folder / "leaves").write_bytes(b"".join(leaves))
    return hashing


def test_verifying_a_large_log(tmp_path, capsys):
    folder = tmp_path / "bundle"
    hashing = written(folder, "x" * 500)  # a sealed entry is a line of about 700 bytes
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", CHILD, str(folder)], cwd=ROOT, capture_output=True, text=True, check=True)
    verifying = time.perf_counter() - began
    said(
        capsys,
        f"verify: {ENTRIES} entries in {verifying:.1f} s, {hashing / verifying:.2f} of the SHA-256 row rate "
        f"({ENTRIES / hashing:.0f} rows/s), {done.stdout.splitlines()[-1]} at most",
    )
    assert done.stdout.startswith("whole")


@contextmanager
def without_entries(world, monkeypatch):
    """Row triggers off and looks unrecorded: what the same work costs without a trail."""
    tables = [row[0] for row in world.rows("SELECT tab FROM trail.watched()")]
    for table in tables:
        world.superuser.execute(f"ALTER TABLE {table} DISABLE TRIGGER trail")
    monkeypatch.setattr("casework.selectors.cases.record_read", lambda *_, **__: None)
    yield
    monkeypatch.setattr("casework.selectors.cases.record_read", record_read)
    for table in tables:
        world.superuser.execute(f"ALTER TABLE {table} ENABLE TRIGGER trail")


def timed(work):
    began = time.perf_counter()
    assert work().status_code in {200, 302}
    return time.perf_counter() - began


def test_an_act_and_a_page_with_and_without_their_entries(world, capsys, monkeypatch):
    case, _ = world.track("triage")
    pages = world.opened().made["case"]  # one whose record does not grow while it is measured
    client = signed_in("lies")
    times: dict[tuple[str, str], list[float]] = {(what, how): [] for what in ("act", "page") for how in ("with", "without")}
    work = {
        "act": lambda: client.post(f"/cases/{case}/add_note", NOTE),
        "page": lambda: client.get(f"/cases/{pages}"),
    }
    for _ in range(6):
        for how in ("with", "without"):
            with without_entries(world, monkeypatch) if how == "without" else nullcontext():
                for number in range(ROUNDS // 6 + 5):
                    for what, one in work.items():
                        took = timed(one)
                        if number >= 5:  # the first ones plan anew
                            times[what, how].append(took)
    for what, most in (("act", 1.15), ("page", 1.10)):
        ratio = statistics.median(times[what, "with"]) / statistics.median(times[what, "without"])
        said(capsys, f"audited {what}: {ratio:.3f} times the unaudited one (goal {most})")


def test_bytes_an_entry_and_comparing_rows(world, capsys):
    case, _ = world.track("triage")
    db = world.superuser
    for _ in range(2):
        assert signed_in("lies").post(f"/cases/{case}/add_note", NOTE).status_code == 302
    db.execute("SET session_replication_role = replica")
    db.execute(
        f"INSERT INTO casework_note (id, {COLUMNS}) SELECT gen_random_uuid(), {COLUMNS} FROM (SELECT * FROM casework_note"
        " LIMIT 1) n, generate_series(1, %s)",
        [ROWS],
    )
    db.execute("CREATE TEMP TABLE first AS SELECT * FROM audit_entry WHERE changes ? 'text' ORDER BY id LIMIT 1")
    db.execute(
        "INSERT INTO audit_entry (content_type_id, object_pk, action, verb, word, outcome, agency_id, record_agency_id,"
        " role, purpose, basis,"
        " case_id, actor_id, cid, changes) SELECT f.content_type_id, n.id, 0, f.verb, f.word, f.outcome,"
        " f.agency_id, f.record_agency_id, f.role, f.purpose, f.basis, f.case_id, f.actor_id, f.cid, f.changes"
        " FROM casework_note n, first f WHERE n.id::text <> f.object_pk",
    )
    db.execute(
        "INSERT INTO audit_rowversion (entry_id, agency_id, case_id, salt) SELECT e.id, v.agency_id, v.case_id, v.salt"
        " FROM audit_entry e, first f JOIN audit_rowversion v ON v.entry_id = f.id WHERE e.id > f.id"
        " ON CONFLICT DO NOTHING",
    )
    db.execute("SET session_replication_role = origin; ANALYZE audit_entry, audit_rowversion, casework_note")
    size, count = world.rows("SELECT pg_total_relation_size('audit_entry'), count(*) FROM audit_entry")[0]
    said(capsys, f"entries: {size / count:.0f} bytes each, indexes included ({count} entries)")
    for what, entirely in (("all rows", True), ("new rows", False)):
        began = time.perf_counter()
        found = len(reconcile_rows(entirely=entirely))
        took = time.perf_counter() - began
        said(capsys, f"reconcile {what}: {ROWS} rows in {took:.1f} s, {found} differences named")


@pytest.fixture(autouse=True)
def _quiet():
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)
