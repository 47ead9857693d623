"""What an intruder leaves on a connection of the pool is gone before somebody else works on it."""

from collections.abc import Iterator

import pytest
from django.db import connection
from psycopg import Connection
from psycopg.errors import InvalidSqlStatementName
from psycopg.pq import TransactionStatus
from psycopg_pool import ConnectionPool

from audit.roles import APP
from config.pooling import POOL
from permissions.signing import signed_now
from tests.world import World

ASKED = "SELECT * FROM lock.memberships(%s, %s)"
LEFT = {
    "a word": "SET mine.said = 'a narrative'",
    "a commit that is not waited for": "SET synchronous_commit = off",
    "another day": "SET DateStyle = 'German'",
    "another clock": "SET TIME ZONE 'Pacific/Kiritimati'",
    "no limit of time": "SET statement_timeout = 0",
    "another order of schemas": "SET search_path = pg_temp",
    "a cursor": "DECLARE mine CURSOR WITH HOLD FOR SELECT 1",
    "a lock": "SELECT pg_advisory_lock(7)",
    "an ear": "LISTEN mine",
}
SEEN = """
SELECT current_setting('mine.said', true), current_setting('synchronous_commit'), current_setting('DateStyle'),
  current_setting('TimeZone'), current_setting('statement_timeout'), current_setting('search_path'),
  (SELECT count(*) FROM pg_cursors), (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()),
  (SELECT count(*) FROM pg_listening_channels())
"""


@pytest.fixture
def pool(world: World) -> Iterator[ConnectionPool]:
    """The pool of a web process, of one connection."""
    params = connection.get_connection_params()
    named = {name: params[name] for name in ("dbname", "host", "port", "password", "cursor_factory") if params.get(name)}
    with ConnectionPool(kwargs={**named, "user": APP, "autocommit": True}, **{**POOL, "max_size": 1}) as made:
        yield made


def seen(pool: ConnectionPool) -> tuple[object, ...]:
    """What somebody finds on the connection that they are lent; no word that is empty is one."""
    with pool.connection() as lent:
        row = lent.execute(SEEN).fetchone() or ()
        return tuple(word or None for word in row)


@pytest.mark.parametrize("what", LEFT)
def test_nothing_that_was_left_is_there_for_who_comes_next(pool: ConnectionPool, what: str) -> None:
    with pool.connection() as fresh:
        fresh.execute("SET TIME ZONE 'UTC'")
    before = seen(pool)
    with pool.connection() as intruder:
        intruder.execute(LEFT[what])
        assert tuple(word or None for word in intruder.execute(SEEN).fetchone() or ()) != before
    assert seen(pool) == before


def prepared(lent: Connection) -> list[tuple[str, str]]:
    return lent.execute("SELECT name, statement FROM pg_prepared_statements", prepare=False).fetchall()


def test_a_statement_in_the_place_of_ours_hears_nothing_of_the_next_person(pool: ConnectionPool, world: World) -> None:
    token, mac = signed_now("memberships", person=world.lies.person_id)
    for _ in range(6):
        with pool.connection() as lent:
            assert len(lent.execute(ASKED, [token, mac]).fetchall()) == 1
    with pool.connection() as intruder:
        (name,) = [name for name, said in prepared(intruder) if "lock.memberships" in said]
        intruder.execute(f"DEALLOCATE {name}")
        hears = "set_config('mine.token', $1 || encode($2, 'hex'), false) IS NOT NULL"
        intruder.execute(f"PREPARE {name}(text, bytea) AS SELECT m.* FROM lock.memberships($1, $2) m WHERE {hears}")
    with pool.connection() as lent:
        assert len(lent.execute(ASKED, [token, mac]).fetchall()) == 1
        assert lent.execute("SELECT current_setting('mine.token', true)").fetchone() == (None,)


def test_what_our_driver_prepared_is_not_made_again_at_each_request(pool: ConnectionPool, world: World) -> None:
    for _ in range(8):
        with pool.connection() as lent:
            lent.execute(ASKED, list(signed_now("memberships", person=world.lies.person_id)))
    with pool.connection() as lent:
        assert [said for _, said in prepared(lent) if "lock.memberships" in said]


def test_what_the_driver_prepared_outlives_a_refusal_and_nothing_that_is_gone_is_asked_for_again(
    pool: ConnectionPool, world: World
) -> None:
    token, mac = signed_now("memberships", person=world.lies.person_id)

    def asked(lent: Connection) -> int:
        return len(lent.execute(ASKED, [token, mac]).fetchall())

    def is_prepared(lent: Connection) -> bool:
        return any("lock.memberships" in said for _, said in prepared(lent))

    for _ in range(6):
        with pool.connection() as lent:
            assert asked(lent) == 1
    with pool.connection() as lent:
        lent.autocommit = False
        assert asked(lent) == 1
        lent.execute("SELECT set_config('mine.said', 'a narrative', true)")
        lent.rollback()
        assert lent.info.transaction_status == TransactionStatus.IDLE
        assert lent.execute("SELECT coalesce(current_setting('mine.said', true), '')").fetchone() == ("",), "it is over"
        assert is_prepared(lent)
        lent.rollback()
        assert asked(lent) == 1
        lent.rollback()
        (name,) = [name for name, said in prepared(lent) if "lock.memberships" in said]
        lent.execute(f"DEALLOCATE {name}")
        with pytest.raises(InvalidSqlStatementName):
            asked(lent)
        lent.rollback()
        assert asked(lent) == 1, "somebody took it away; it is prepared again"
        lent.rollback()
