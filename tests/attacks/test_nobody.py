"""With nobody acting the application's database role is answered with nothing: every function, every table, by census."""

from datetime import UTC, datetime
from itertools import product
from typing import Any

from django.db import connection, transaction
from django.db.utils import DatabaseError

from casework.actions.perform import perform
from permissions.vocabulary import Action
from tests.world import World, signed_in

OPEN = {
    "lock.mode": "whether this is a demonstration: said on every page before anybody signs in",
    "lock.current_moment": "the clock",
    "lock.stop_acting": "ends what was begun; there is nothing to end",
    "trail.keys": "the public keys of the log: a witness reads them",
    "trail.kind_of": "the words of an entry, from the numbers that are given",
    "trail.line": "the line of an entry that is given",
    "trail.one_line": "a text that is given, on one line",
    "trail.slot": "arithmetic",
    "trail.tip_now": "how much of the log is sealed: numbers that a witness outside knows as well",
    "trail.utc": "a moment that is given, written in UTC",
}
"""Functions that answer with nobody acting, each with its reason; the list may only shrink."""
FUNCTIONS = """
SELECT n.nspname || '.' || p.proname, p.proretset, array(SELECT format_type(t, null) FROM unnest(p.proargtypes) t)
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND has_function_privilege('schakel_app', p.oid, 'EXECUTE')
  AND p.prorettype <> 'trigger'::regtype ORDER BY 1
"""
EMPTY: tuple[object, ...] = (None, False, "", [], 0)


def known(world: World) -> dict[str, list[Any]]:
    """Values of each type that an intruder may have learned: ids of everything that there is, names, days."""
    case, track = world.track("follow_up")
    handoff = world.delivered(case)
    perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Een zorg."}})
    signed_in("lies").get(f"/cases/{case}")
    reference = world.rows("SELECT reference FROM casework_participation LIMIT 1")[0][0]
    (deadline,) = world.rows("SELECT id FROM casework_deadline LIMIT 1")[0]
    (intent,) = world.rows("SELECT id FROM casework_outbox LIMIT 1")[0]
    return {
        "uuid": [case, track, handoff, deadline, intent],
        "uuid[]": [[case, track, handoff]],
        "text": [reference, "testpersoon", "police_liaison", "see_case"],
        "text[]": [["testpersoon", "proef"], [reference]],
        "integer": [world.lies.person_id, 1],
        "integer[]": [[world.agency("lies"), world.lies.person_id]],
        "bigint": [0, 1],
        "bigint[]": [[1, 2, 3]],
        "smallint[]": [[0, 1]],
        "boolean": [True, False],
        "bytea": [b"x"],
        "xid8": ["1"],
        "timestamp with time zone": [datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)],
        "timestamp with time zone[]": [[datetime(2100, 1, 1, tzinfo=UTC)]],
        "audit_entry": [None],
    }


def tried(values: dict[str, list[Any]], types: list[str]) -> list[tuple[Any, ...]]:
    """Every combination of what is known, of at most some hundred."""
    return list(product(*(values[kind] for kind in types)))[:200]


def test_no_function_answers_nobody(world: World) -> None:
    values = known(world)
    answered: dict[str, object] = {}
    functions = world.rows(FUNCTIONS)
    assert len(functions) > 50
    for name, _is_set, types in functions:
        for arguments in tried(values, types):
            places = ", ".join(f"%s::{kind}" for kind in types)
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(f"SELECT * FROM {name}({places})", arguments)
                    rows = cursor.fetchall()
            except DatabaseError:
                continue
            if any(value not in EMPTY for row in rows for value in row):
                answered[name] = rows[:2]
    assert set(answered) <= set(OPEN), {name: said for name, said in answered.items() if name not in OPEN}
    assert set(OPEN) <= {name for name, _, _ in functions}, "the list names only what there is"


def test_no_function_does_anything_for_nobody(world: World) -> None:
    values = known(world)
    tables = [
        row[0]
        for row in world.rows("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
    ]
    before = {table: world.count(table) for table in tables}
    for name, _is_set, types in world.rows(FUNCTIONS):
        for arguments in tried(values, types)[:20]:
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(f"SELECT {name}({', '.join(f'%s::{kind}' for kind in types)})", arguments)
            except DatabaseError:
                continue
    assert {table: world.count(table) for table in tables} == before
