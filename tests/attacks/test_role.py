"""What an intruder can do with the application's own database role: no more than a page needs."""

from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from casework.worker.carry_out import reconcile_rows
from config import database
from permissions.installing import require_unprivileged_role
from tests.world import World

LOCKABLE = {
    "axes_accessattempt": "the library takes counted tries away once somebody is in",
    "axes_accessattemptexpiration": "the same",
    "mfa_authenticator": "the library takes away a second factor that its person gives up",
}
"""Tables in which the app role may remove rows, and so lock them all; the list may only shrink (docs/threat-model.md)."""
MAKING = (
    "CREATE TEMP TABLE casework_note (text text)",
    "CREATE TEMP VIEW casework_note AS SELECT 1",
    "CREATE TEMP SEQUENCE mine",
    "CREATE FUNCTION pg_temp.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE TYPE pg_temp.mine AS (a int)",
    "SELECT 1 AS a INTO TEMP mine",
    "CREATE TABLE public.mine (a int)",
    "CREATE VIEW public.mine AS SELECT 1",
    "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE SCHEMA mine",
    "CREATE FUNCTION lock.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE EXTENSION pg_trgm",
    "SELECT lo_create(0)",
    "SELECT lo_from_bytea(0, 'abc')",
    "SELECT lo_creat(-1)",
    "SELECT pg_notify('mine', 'said')",
    "ALTER TABLE casework_note DISABLE TRIGGER ALL",
    "ALTER ROLE schakel_app BYPASSRLS",
    "CREATE ROLE mine",
    "GRANT schakel_keeper TO schakel_app",
    "COMMENT ON TABLE casework_note IS 'mine'",
)


@pytest.mark.parametrize("query", MAKING)
def test_nothing_can_be_made_or_left_behind(world: World, query: str) -> None:
    with (
        pytest.raises(DatabaseError, match=r"permission denied|must be"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(query)


def test_nobody_is_kept_waiting_by_a_lock_on_a_whole_table(world: World) -> None:
    query = "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    tables = world.rows(f"{query} WHERE c.relkind IN ('r', 'p') AND n.nspname IN ('public', 'lock', 'trail') ORDER BY 1")
    assert len(tables) > 60
    locked = set()
    for (table,) in tables:
        for mode in ("SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"):
            with suppress(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {table} IN {mode} MODE NOWAIT")
                locked.add(table.removeprefix("public."))
    assert locked == set(LOCKABLE)


def test_a_new_connection_has_its_limits_and_finds_our_tables_first(world: World) -> None:
    settings = connection.get_connection_params()
    params = {name: settings[name] for name in ("dbname", "user", "host", "port", "password") if settings.get(name)}
    with psycopg.connect(**params) as fresh:
        most = {"statement_timeout": 300_000, "lock_timeout": 30_000, "idle_in_transaction_session_timeout": 60_000}
        for name, milliseconds in most.items():
            (said,) = fresh.execute("SELECT setting::int FROM pg_settings WHERE name = %s", [name]).fetchone() or (0,)
            assert 0 < said <= milliseconds, name
        (path,) = fresh.execute("SHOW search_path").fetchone() or ("",)
        assert path == "public, pg_temp"


def test_what_somebody_left_lying_does_not_keep_a_worker_from_starting(world: World) -> None:
    name = connection.settings_dict["NAME"]
    world.superuser.execute(f'GRANT TEMPORARY ON DATABASE "{name}" TO schakel_app')
    try:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE lying (a int)")
        require_unprivileged_role()
    finally:
        connection.close()
        world.superuser.execute(f'REVOKE TEMPORARY ON DATABASE "{name}" FROM schakel_app')


def test_what_the_role_sets_for_itself_in_this_database_is_named_and_the_next_start_sets_it_right(world: World) -> None:
    name = connection.settings_dict["NAME"]
    reconcile_rows(entirely=False)
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER ROLE schakel_app IN DATABASE "{name}" SET statement_timeout = 1234')
    try:
        assert "role schakel_app" in {row.table for row in reconcile_rows(entirely=False)}
    finally:
        database.settle_database(world.superuser)
    with psycopg.connect(world.superuser.info.dsn, dbname=name, user="schakel_app") as fresh:
        assert fresh.execute("SHOW statement_timeout").fetchone() != ("1234ms",)
    assert not [row.table for row in reconcile_rows(entirely=False) if row.is_there and " " in row.table], "and nothing else"


def test_an_administrator_of_a_production_server_takes_away_the_same() -> None:
    said = (Path(database.__file__).parents[1] / "deploy" / "roles.sql").read_text()
    assert database.NOT_NEEDED.strip() in said
    for line in database.ROLES.replace("{APP}", "schakel_app").splitlines():
        if "ALTER ROLE schakel_app SET" in line:
            assert line.strip() in said
    assert "REVOKE CONNECT, TEMPORARY ON DATABASE" in said
