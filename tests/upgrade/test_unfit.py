"""A database that this version cannot bring up to date is refused in one sentence, before anything in it is changed."""

from uuid import uuid4

import psycopg
import pytest
from django.conf import settings

from config import scratch
from tests.upgrade.restored import DUMPS, dropped_afterwards, restore, run

NEWER = "CommandError: This database was prepared by a newer version of Schakel: this one does not know {}.\n"
HALF = "CommandError: This database is half migrated, restore a whole backup: {}.\n"
SAY = "INSERT INTO django_migrations (app, name, applied) VALUES ('{}', '{}', now())"
UNSAY = "DELETE FROM django_migrations WHERE (app, name) = ('{}', '{}')"
OF_ANOTHER_MODE = [
    "SET session_replication_role = replica",  # the mode is settled: a trigger refuses to change it
    "UPDATE lock.installation SET mode = 'production'",
]
MADE_IN_PRODUCTION = "CommandError: This database was made in production mode; it cannot run in demo mode.\n"
DAMAGE = {
    "a newer migration": ([SAY.format("casework", "9999_later")], NEWER.format("casework.9999_later")),
    "several newer ones": (
        [SAY.format("audit", "9998_later"), SAY.format("audit", "9999_latest")],
        NEWER.format("audit.9998_later (and 1 more)"),
    ),
    "a newer library": ([SAY.format("later_library", "0001_initial")], NEWER.format("later_library.0001_initial")),
    "another mode": (
        OF_ANOTHER_MODE,
        MADE_IN_PRODUCTION,
    ),
    "a gap": (
        [UNSAY.format("casework", "0004_indexes")],
        HALF.format("Migration casework.0005_access is applied before its dependency casework.0004_indexes"),
    ),
    "a table that is gone": (
        ["ALTER TABLE casework_advice RENAME TO elsewhere"],
        HALF.format("casework_advice.advice (and 8 more) is missing"),
    ),
    "a column that is gone": (
        ["ALTER TABLE casework_note RENAME happened_on TO elsewhere"],
        HALF.format("casework_note.happened_on is missing"),
    ),
    "a table that nobody said to have made": (
        ["DELETE FROM django_migrations WHERE app = 'axes'"],
        HALF.format("no migration says that it made axes_accessattempt.attempt_time (and 28 more)"),
    ),
}


@pytest.fixture(scope="module")
def prepared(admin, django_db_setup):
    with scratch.scratch(admin, settings.ACTING_KEY.hex(), scenario=True) as name:
        yield name


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_database_of_another_schema_is_refused(kind, admin, prepared, tmp_path):
    statements, sentence = DAMAGE[kind]
    name = f"{prepared}_{list(DAMAGE).index(kind)}"
    admin.execute(f"CREATE DATABASE {name} TEMPLATE {prepared}")
    try:
        with psycopg.connect(admin.info.dsn, dbname=name, autocommit=True) as inside:
            for statement in statements:
                inside.execute(statement)
            before = state(inside)
            done = run(admin, name, tmp_path, "prepare")
            assert (done.returncode, done.stdout, done.stderr) == (2, "", sentence)
            assert state(inside) == before
    finally:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("path", DUMPS, ids=lambda path: path.name.removesuffix(".sql.xz"))
def test_a_release_of_before_is_not_migrated_in_another_mode(path, admin, tmp_path):
    with dropped_afterwards(admin, f"schakel_unfit_{uuid4().hex[:12]}") as name:
        restore(admin, path, name)
        with psycopg.connect(admin.info.dsn, dbname=name, autocommit=True) as inside:
            for statement in OF_ANOTHER_MODE:
                inside.execute(statement)
            before = state(inside)
            done = run(admin, name, tmp_path, "prepare")
            assert (done.returncode, done.stdout, done.stderr) == (2, "", MADE_IN_PRODUCTION)
            assert state(inside) == before


def state(inside):
    """What `prepare` would change first."""
    return inside.execute(
        "SELECT (SELECT array_agg((app, name)::text ORDER BY id) FROM django_migrations), (SELECT max(id) FROM audit_entry),"
        " (SELECT array_agg(oid || ctid::text ORDER BY oid) FROM pg_proc), (SELECT encode(ipad, 'hex') FROM lock.key)"
    ).fetchall()
