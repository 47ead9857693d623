"""Attacks on the lock with the application's own role, at least two of a kind: no row of another agency comes out."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from casework.actions.perform import perform
from permissions.acting import acting_as
from permissions.decision import Refused
from permissions.vocabulary import Action, Role
from tests.world import World, identity_of, token_of

CANARY = "Kanarie Voorbeeldzorg"
Attack = Callable[[Any, World, Any], object]


def rows(cursor: Any, query: str, values: object = ()) -> object:
    cursor.execute(query, values)
    return cursor.fetchall() if cursor.description else None


def in_turn(*queries: str) -> Attack:
    """Run these one after the other; what the last one answers is the loot."""

    def attack(cursor: Any, _world: World, _case: Any) -> object:
        found = None
        for query in queries:
            found = rows(cursor, query)
        return found

    return attack


def on_case(query: str) -> Attack:
    return lambda cursor, _world, case: rows(cursor, query, [case])


def copied(query: str) -> Attack:
    def attack(cursor: Any, _world: World, _case: Any) -> object:
        with cursor.cursor.copy(query) as copy:
            return b"".join(bytes(part) for part in copy).decode()

    return attack


def written(query: str) -> Attack:
    def attack(cursor: Any, _world: World, _case: Any) -> object:
        with cursor.cursor.copy(query) as copy:
            copy.write_row([str(uuid4())])
        return CANARY

    return attack


def other_note(world: World) -> object:
    return world.rows("SELECT id FROM casework_note LIMIT 1")[0][0]


LEAK = (
    "CREATE FUNCTION pg_temp.leak(t text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS"
    " $$ BEGIN RAISE NOTICE '%', t; PERFORM set_config('leak.found', t, true); RETURN true; END $$"
)
NOTE = "id, case_id, agency_id, made_by_id, made_at, kind, text, is_burdening"
ATTACKS: tuple[tuple[str, str, Attack], ...] = (
    ("variables", "row security off", in_turn("SET LOCAL row_security = off", "SELECT text FROM casework_note")),
    ("variables", "replica role", in_turn("SET LOCAL session_replication_role = replica", "SELECT text FROM casework_note")),
    ("variables", "a setting of our own", in_turn("SELECT set_config('lock.person', '1', false)", "SELECT text FROM casework_note")),
    ("roles", "the keeper", in_turn("SET ROLE schakel_keeper", "SELECT text FROM casework_note")),
    ("roles", "the owner", in_turn("SET SESSION AUTHORIZATION schakel_owner", "SELECT text FROM casework_note")),
    ("roles", "the backup", in_turn("SET ROLE schakel_backup", "SELECT text FROM casework_note")),
    ("definer functions", "naming oneself", on_case("SELECT lock.name_person(%s, lock.person()), text FROM casework_note")),
    ("definer functions", "grants of a case", on_case("SELECT lock.grants_of(%s)")),
    ("definer functions", "a case by its reference", in_turn("SELECT lock.case_of_reference(reference) FROM casework_participation")),
    ("definer functions", "breaking glass by another act", in_turn(
        "SELECT lock.break_glass(gen_random_uuid(), 'x', 'x', 'x', now(), gen_random_uuid(), now(), 'x')")),
    ("definer functions", "whether a case is within reach", on_case("SELECT lock.reach_case(%s)")),
    ("definer functions", "whether a track is within reach", in_turn("SELECT lock.reach_track(id) FROM casework_track")),
    ("definer functions", "cases of a person", in_turn("SELECT lock.cases_of_identity('proef|testpersoon|1984-05-01')")),
    ("definer functions", "reconciling", in_turn("SELECT * FROM lock.reconcile()")),
    ("definer functions", "differences with the trail", in_turn("SELECT * FROM lock.note_differences(true)")),
    ("definer functions", "open differences of a case", on_case(
        "SELECT * FROM lock.open_differences(%s, ARRAY['casework_assignment'])")),
    ("views", "a view", in_turn("CREATE TEMP VIEW mine AS SELECT text FROM casework_note", "SELECT * FROM mine")),
    ("views", "a copy of the table", in_turn("CREATE TEMP TABLE mine AS SELECT text FROM casework_note", "SELECT * FROM mine")),
    ("views", "what others run", in_turn("SELECT query FROM pg_stat_activity")),
    ("cursors", "a cursor", in_turn("DECLARE c CURSOR FOR SELECT text FROM casework_note", "FETCH ALL FROM c")),
    ("cursors", "a scrolling cursor", in_turn("DECLARE c SCROLL CURSOR FOR SELECT text FROM casework_note", "FETCH LAST FROM c")),
    ("copy", "out of the table", copied("COPY casework_note (text) TO STDOUT")),
    ("copy", "out of a query", copied("COPY (SELECT text FROM casework_note) TO STDOUT")),
    ("copy", "into the table", written("COPY casework_case (id) FROM STDIN")),
    ("copy", "to a program", in_turn("COPY casework_note TO PROGRAM 'cat'")),
    ("foreign keys", "a correction of another's note", lambda cursor, world, case: rows(
        cursor, f"INSERT INTO casework_note ({NOTE}, corrects_id) VALUES (%s, %s, %s, 1, now(), 'x', 'x', false, %s) RETURNING text",
        [uuid4(), case, world.agency("wanda"), other_note(world)])),
    ("foreign keys", "a child of another's track", lambda cursor, world, case: rows(
        cursor, "INSERT INTO casework_criterion (id, case_id, agency_id, made_by_id, made_at, track_id, round, code,"
        " is_exclusion, answer, source, reason) SELECT gen_random_uuid(), %s, %s, 1, now(), %s, 1, 'x', false, 'yes', 'x', 'x'"
        " RETURNING source", [case, world.agency("wanda"), world.rows("SELECT id FROM casework_track")[0][0]])),
    ("unique errors", "the id of another's note", lambda cursor, world, case: rows(
        cursor, f"INSERT INTO casework_note ({NOTE}) VALUES (%s, %s, %s, 1, now(), 'x', 'x', false) RETURNING text",
        [other_note(world), case, world.agency("wanda")])),
    ("unique errors", "on conflict, tell", lambda cursor, world, case: rows(
        cursor, f"INSERT INTO casework_note ({NOTE}) VALUES (%s, %s, %s, 1, now(), 'x', 'x', false) ON CONFLICT (id)"
        " DO UPDATE SET text = casework_note.text RETURNING text", [other_note(world), case, world.agency("wanda")])),
    ("sequences", "how many entries", in_turn("SELECT last_value FROM audit_entry_id_seq")),
    ("sequences", "resetting one", in_turn("SELECT setval('audit_entry_id_seq', 1)")),
    ("catalogue", "statistics", in_turn("SELECT most_common_vals::text, histogram_bounds::text FROM pg_stats")),
    ("catalogue", "raw statistics", in_turn("SELECT stavalues1::text FROM pg_statistic")),
    ("catalogue", "the key", in_turn("SELECT ipad, opad FROM lock.key")),
    ("explain", "a function that talks", in_turn(
        LEAK, "EXPLAIN (ANALYZE) SELECT 1 FROM casework_note WHERE pg_temp.leak(text)", "SELECT current_setting('leak.found', true)")),
    ("explain", "an error that quotes", in_turn("SELECT text::int FROM casework_note")),
    ("explain", "a division that tells", in_turn("SELECT 1 / (length(text) - length(text)) FROM casework_note")),
    ("savepoints", "acting again after a failure", in_turn(
        "SAVEPOINT a", "SELECT lock.stop_acting()", "ROLLBACK TO a", "SELECT text FROM casework_note")),
    ("savepoints", "nobody acting", in_turn("SAVEPOINT a", "SELECT lock.stop_acting()", "SELECT text FROM casework_note")),
    ("other tables", "earlier versions", in_turn("SELECT was::text FROM audit_rowversion")),
    ("other tables", "the trail", in_turn("SELECT changes::text, additional_data::text FROM audit_entry")),
    ("large objects", "importing a file", in_turn("SELECT lo_import('/etc/passwd')")),
    ("large objects", "reading a file", in_turn("SELECT pg_read_file('/etc/passwd')")),
)  # fmt: skip


@pytest.fixture
def target(world: World) -> Any:
    case, _ = world.track()
    perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": CANARY}})
    world.superuser.execute("ANALYZE casework_note")
    return case


@pytest.mark.parametrize(("kind", "name", "attack"), ATTACKS, ids=lambda value: value if isinstance(value, str) else "")
def test_no_foreign_row_comes_out(world, target, kind, name, attack):
    before = world.count("casework_note"), world.count("casework_case")
    notices: list[str] = []
    try:
        with acting_as(world.wanda, Role.POLICE_LIAISON, Action.READ_RECORD), connection.cursor() as cursor:
            connection.connection.add_notice_handler(lambda said: notices.append(str(said.message_primary)))
            loot = attack(cursor, world, target)
    except (DatabaseError, psycopg.Error) as error:
        loot = str(error)
    connection.close()
    assert CANARY not in f"{loot} {notices}", (kind, name)
    assert str(target) not in str(loot), (kind, name)
    assert (world.count("casework_note"), world.count("casework_case")) == before


def test_there_are_at_least_two_attacks_of_each_kind():
    kinds = [kind for kind, _, _ in ATTACKS]
    assert all(kinds.count(kind) >= 2 for kind in kinds)
    assert len(set(kinds)) >= 12


def test_a_statement_prepared_by_one_shows_another_nothing(world, target):
    with acting_as(world.lies, Role.POLICE_LIAISON, Action.READ_RECORD), connection.cursor() as cursor:
        cursor.execute("PREPARE spying AS SELECT text FROM casework_note")
        for _ in range(7):
            assert rows(cursor, "EXECUTE spying") == [(CANARY,)], "past the point where a plan is kept"
    with acting_as(world.wanda, Role.POLICE_LIAISON, Action.READ_RECORD), connection.cursor() as cursor:
        assert rows(cursor, "EXECUTE spying") == []
    with connection.cursor() as cursor:
        assert rows(cursor, "EXECUTE spying") == []


def test_a_cursor_that_outlives_its_act_bars_the_next_person(world, target):
    with acting_as(world.lies, Role.POLICE_LIAISON, Action.READ_RECORD), connection.cursor() as cursor:
        cursor.execute("DECLARE kept CURSOR WITH HOLD FOR SELECT text FROM casework_note")
    with (
        pytest.raises(Refused, match="left a cursor"),
        acting_as(world.wanda, Role.POLICE_LIAISON, Action.READ_RECORD),
        connection.cursor() as cursor,
    ):
        rows(cursor, "FETCH ALL FROM kept")


def signed(world, who, *, pid=None, key=None):
    """An identity as the application would sign it, for a connection and with a key of one's choice."""
    mine = connection.connection.info.backend_pid
    token, mac = token_of(identity_of(world.people[who], Action.READ_RECORD, pid or mine))
    return token, hmac.digest(key, token.encode(), hashlib.sha256) if key else mac


def test_an_identity_is_signed_for_this_connection_and_used_once(world, target):
    connection.ensure_connection()
    forged = (
        (signed(world, "lies", key=b"another key of thirty-two bytes!"), "not signed"),
        (signed(world, "lies", pid=connection.connection.info.backend_pid + 1), "another connection"),
        ((signed(world, "wanda")[0].replace(str(world.wanda.person_id), str(world.lies.person_id)), b"x"), "not signed"),
    )
    for (token, mac), said in forged:
        with pytest.raises(DatabaseError, match=said), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT lock.act_as(%s, %s)", [token, mac])
    token, mac = signed(world, "lies")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT lock.act_as(%s, %s)", [token, mac])
        assert rows(cursor, "SELECT text FROM casework_note") == [(CANARY,)], "a true one opens"
    with pytest.raises(DatabaseError, match="used before"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT lock.act_as(%s, %s)", [token, mac])


def test_a_pooled_connection_keeps_nothing_of_who_used_it(world, target):
    for _ in range(3):
        with acting_as(world.lies, Role.POLICE_LIAISON, Action.READ_RECORD), connection.cursor() as cursor:
            assert rows(cursor, "SELECT text FROM casework_note") == [(CANARY,)]
        with transaction.atomic(), connection.cursor() as cursor:
            assert rows(cursor, "SELECT text FROM casework_note") == []
            assert rows(cursor, "SELECT lock.person(), lock.agency(), lock.role()") == [(None, None, None)]
