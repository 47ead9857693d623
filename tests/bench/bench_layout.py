"""Does the trail stay flat as it grows? Cost of an entry, who saw a case last month, an agency's log, bytes; partitions.

`LAYOUT=1000000,10000000,100000000` chooses the sizes; about 600 bytes of disk an entry are needed.
"""

import logging
import os
import random
import statistics
import time
from datetime import timedelta

import pytest
from django.db import connection

from audit.models import Entry
from audit.recording import record_read
from casework.oversight.access_log import case_log
from permissions.acting import acting_as
from permissions.vocabulary import Action, Role

SIZES = [int(size) for size in os.environ.get("LAYOUT", "100000,1000000").split(",")]
A_CASE = 1_000
"""Entries of one case, as `perf.md` section 3 measured them."""
AGENCIES = 20
"""Each has as many cases; one of them is the auditor's."""
WRITES = 2_000
LOOKS = 100
ROUNDS = 5
"""How often everything is measured; the least of the medians counts, since noise only adds."""
BULK = 2_000_000
MONTH = timedelta(days=30)
NAMES = (
    "content_type_id, object_pk, action, changes, actor_id, cid, timestamp, additional_data, occurred_at, verb, word,"
    " outcome, agency_id, record_agency_id, role, purpose, basis, case_id, auth_strength, client_point, trace_id,"
    " policy_version, prev_seal"
)
MADE = f"""
INSERT INTO audit_entry ({NAMES})
SELECT 20, c.id::text, 3, NULL, 100 + g %% 1500, gen_random_uuid()::text, c.at,
  '{{"shown": ["identity", "narrative"]}}', c.at, 'consult', 'read_record', 'done', c.agency, c.agency,
  'police_liaison', 'read_record', 'WPG_8', c.id, 'two_factor', '192.0.2.' || g %% 250, gen_random_uuid(), '0123456789ab', g
FROM (SELECT g, %(now)s - (1 - g::float / %(size)s) * interval '4 years' AS at,
    md5(%(size)s || ':' || g * 8 / %(size)s || ':' || nth)::uuid AS id,
    CASE nth::int %% {AGENCIES} WHEN 0 THEN %(agency)s ELSE 1000000 + nth::int %% {AGENCIES} END AS agency
  FROM (SELECT g, floor(random() * ceil(%(size)s / 8.0 / {A_CASE})) AS nth
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) g) AS n) AS c
"""
"""Four years; a case is looked at for half a year, among as many others as there are entries for."""


def said(capsys, text):
    with capsys.disabled():
        print(f"\n{text}")  # noqa: T201 - the figures are the point


def fill(db, first, size, actor):
    """Grow the table to this size; the indexes are made anew where that is faster."""
    found = db.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'audit_entry'").fetchall()
    plain = [(name, definition) for name, definition in found if not name.endswith("_pkey")]
    db.execute("SET session_replication_role = replica; SET maintenance_work_mem = '1GB'; SELECT setseed(0.5)")
    if not first:
        db.execute("TRUNCATE audit_entry")
    if size - first > BULK:
        for name, _ in plain:
            db.execute(f"DROP INDEX {name}")
    now = db.execute("SELECT date_trunc('day', now())").fetchone()[0]
    for start in range(first, size, BULK):
        last = min(start + BULK, size) - 1
        db.execute(MADE, {"agency": actor.agency_id, "now": now, "size": SIZES[-1], "first": start, "last": last})
    if size - first > BULK:
        for _, definition in plain:
            db.execute(definition)
    db.execute("SET session_replication_role = origin")
    db.execute("VACUUM ANALYZE audit_entry")
    db.execute("CHECKPOINT")


def medians(world, cases, newest):
    """Return the median time in milliseconds of writing one entry, and of who saw a case in the last month."""
    writes, looks = [], []
    with acting_as(world.lies, Role.POLICE_LIAISON, Action.READ_RECORD):
        for number in range(WRITES):
            case = cases[number % len(cases)]
            began = time.perf_counter()
            record_read("read_record", Entry, case, case=case, record_agency=world.lies.agency_id, shown=["identity"])
            writes.append(time.perf_counter() - began)
    with acting_as(world.arie, Role.AUDITOR, Action.SEE_ACCESS_LOG):
        case_log([cases[0]], newest - MONTH, newest)
        for case in cases[:LOOKS]:
            began = time.perf_counter()
            assert case_log([case], newest - MONTH, newest).lines
            looks.append(time.perf_counter() - began)
    return statistics.median(writes) * 1000, statistics.median(looks) * 1000


def log_of(world, newest):
    """Return the time in milliseconds of the log of the auditor's agency, its newest thousand of the month before."""
    with acting_as(world.arie, Role.AUDITOR, Action.SEE_ACCESS_LOG):
        began = time.perf_counter()
        assert case_log((), newest - MONTH, newest).lines
        return (time.perf_counter() - began) * 1000


def plan_of(actor, case, newest):
    """Return the database's own time in milliseconds for the look, and whether it used the index of the case."""
    query = (
        "SELECT * FROM audit_entry WHERE case_id = %s AND occurred_at >= %s AND occurred_at < %s"
        " ORDER BY occurred_at DESC, id DESC LIMIT 1000"
    )
    with acting_as(actor, Role.AUDITOR, Action.SEE_ACCESS_LOG), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}", [case, newest - MONTH, newest])
        plan = cursor.fetchone()[0][0]
    return plan["Execution Time"], "entry_case_time" in str(plan)


def test_the_trail_stays_flat(world, capsys):
    db, actor = world.superuser, world.arie
    figures, first = [], 0
    for size in SIZES:
        fill(db, first, size, actor)
        first = size
        newest = db.execute("SELECT max(occurred_at) FROM audit_entry WHERE agency_id = %s", [actor.agency_id]).fetchone()[0]
        found = db.execute(
            "SELECT DISTINCT case_id FROM audit_entry WHERE agency_id = %s AND occurred_at BETWEEN %s AND %s",
            [actor.agency_id, newest - MONTH / 2, newest - MONTH / 4],
        ).fetchall()
        cases = sorted(case for (case,) in found)
        random.Random(3).shuffle(cases)
        first_time = statistics.median(plan_of(actor, case, newest)[0] for case in cases[:20])
        assert plan_of(actor, cases[0], newest)[1], "by the index of the case"
        rounds = [(*medians(world, cases, newest), log_of(world, newest)) for _ in range(ROUNDS)]
        write, look, log = (min(column) for column in zip(*rounds, strict=True))
        inside = min(statistics.median(plan_of(actor, case, newest)[0] for case in cases[:20]) for _ in range(ROUNDS))
        size_of, count = db.execute("SELECT pg_total_relation_size('audit_entry'), count(*) FROM audit_entry").fetchone()
        figures.append((write, inside, log))
        said(
            capsys,
            f"{count} entries: {size_of / count:.0f} bytes each; an entry {write:.3f} ms; who saw a case last month "
            f"{inside:.2f} ms in the database ({first_time:.2f} ms the first time), {look:.2f} ms in all; the log of an "
            f"agency {log:.1f} ms",
        )
    grown = [late / early for early, late in zip(figures[0], figures[-1], strict=True)]
    said(
        capsys,
        f"{SIZES[-1] // SIZES[0]} times as many: an entry {grown[0]:.2f} times, the look {grown[1]:.2f} times, "
        f"the log {grown[2]:.2f} times",
    )


def test_one_table_against_partitions(world, capsys):
    """The same entries in ten parts by range of id: what inserting and looking up cost in each."""
    db, size = world.superuser, min(SIZES[-1], 10_000_000)
    fill(db, 0, size, world.arie)
    low, high = db.execute("SELECT min(id), max(id) FROM audit_entry").fetchone()
    db.execute("CREATE TABLE parted (LIKE audit_entry INCLUDING DEFAULTS INCLUDING INDEXES) PARTITION BY RANGE (id)")
    for number in range(11):
        step = (high - low) // 10 + 1
        db.execute(
            f"CREATE TABLE parted_{number} PARTITION OF parted FOR VALUES FROM ({low + number * step}) TO"
            f" ({low + (number + 1) * step})",
        )
    db.execute("INSERT INTO parted SELECT * FROM audit_entry")
    db.execute("VACUUM ANALYZE parted")
    row = db.execute("SELECT * FROM audit_entry ORDER BY id DESC LIMIT 1")
    names = [column.name for column in row.description or ()]
    cases = [case for (case,) in db.execute("SELECT DISTINCT case_id FROM audit_entry TABLESAMPLE SYSTEM (1) LIMIT 200")]
    rest = ", ".join(name for name in names if name not in {"id", "case_id"})
    times: dict[tuple[str, str], list[float]] = {}
    db.execute("SET session_replication_role = replica")
    for turn in range(10):
        for table in ("audit_entry", "parted"):
            added = (
                f"INSERT INTO {table} (id, case_id, {rest}) SELECT id + %s, %s, {rest} FROM audit_entry WHERE id = {high}"
            )
            for number in range(WRITES // 10):
                began = time.perf_counter()
                db.execute(added, [turn * WRITES + number + 1, cases[number % len(cases)]])
                times.setdefault((table, "insert"), []).append(time.perf_counter() - began)
            for case in cases:
                began = time.perf_counter()
                db.execute(f"SELECT id FROM {table} WHERE case_id = %s ORDER BY id DESC LIMIT 1000", [case]).fetchall()
                times.setdefault((table, "look"), []).append(time.perf_counter() - began)
    db.execute("SET session_replication_role = origin")
    for what in ("insert", "look"):
        ratio = statistics.median(times["parted", what]) / statistics.median(times["audit_entry", what])
        said(capsys, f"{size} entries in ten partitions: {what} {ratio:.2f} times one table")
    db.execute("DROP TABLE parted")


@pytest.fixture(autouse=True)
def _quiet():
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)
