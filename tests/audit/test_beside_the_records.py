"""What an owner of the database changes beside the records: second factors, and what the worker still has to do."""

import threading

import psycopg
import pytest
from allauth.mfa.models import Authenticator
from django.db import connection

from casework.worker.carry_out import reconcile_rows
from tests.policy.behind import past_triggers
from tests.world import World, signing_in, with_factor

SECRET = "JBSWY3DPEHPK3PXP"
ADDED = "INSERT INTO mfa_authenticator (user_id, type, data, created_at) VALUES (%s, 'totp', '{}', now())"


def found(world: World, column: str, *, entirely: bool = False) -> list[str]:
    """The rows of which a run says that this column differs."""
    return [row.row for row in reconcile_rows(entirely=entirely) if row.column == column and row.is_there]


@pytest.mark.parametrize(
    ("query", "whose"),
    [
        (ADDED, "dirk"),
        (ADDED.replace("totp", "recovery_codes"), "lies"),
        ("UPDATE mfa_authenticator SET data = '{}' WHERE user_id = %s", "lies"),
        ("UPDATE mfa_authenticator SET type = 'webauthn' WHERE user_id = %s", "lies"),
        ("DELETE FROM mfa_authenticator WHERE user_id = %s", "lies"),
    ],
)
def test_a_second_factor_that_is_changed_behind_the_application_is_a_difference(
    world: World, query: str, whose: str
) -> None:
    with_factor("lies", SECRET)
    with signing_in("wim"):
        mine = Authenticator.objects.create(user_id=world.wim.person_id, type="totp", data={"secret": "a"})
        Authenticator.objects.filter(pk=mine.pk).update(data={"secret": "b"})
        mine.delete()
    assert not found(world, "second_factors"), "what the sign-in itself changes is none"
    with past_triggers(world):
        world.superuser.execute(query, [world.people[whose].person_id])
    assert found(world, "second_factors") == [str(world.people[whose].person_id)]


def test_the_entry_of_a_second_factor_stays_as_long_as_the_factor(world: World) -> None:
    with_factor("lies", SECRET)
    with past_triggers(world):
        world.superuser.execute("UPDATE audit_entry SET timestamp = timestamp - interval '6 years'")
    due = "SELECT trail.is_due(e) FROM audit_entry e WHERE word = 'second_factor_added'"
    assert world.rows(due) == [(False,)]
    with past_triggers(world):
        world.superuser.execute("DELETE FROM mfa_authenticator")
    assert world.rows(due) == [(True,)]


@pytest.mark.parametrize(
    "query",
    [
        "UPDATE casework_outbox SET done_at = now() WHERE task = 'deliver_handoff' AND about_id = %s",
        "DELETE FROM casework_outbox WHERE task = 'deliver_handoff' AND about_id = %s",
        "UPDATE casework_outbox SET about_id = gen_random_uuid() WHERE task = 'deliver_handoff' AND about_id = %s",
    ],
)
def test_a_delivery_that_is_stopped_behind_the_application_is_a_difference(world: World, query: str) -> None:
    case, _ = world.track("triage")
    delivered, waiting = world.delivered(case), world.sent(world.track()[0])
    assert not found(world, "delivered"), "what still waits, and what arrived, is none"
    with past_triggers(world):
        world.superuser.execute(query, [delivered])
        world.superuser.execute(query, [waiting])
    world.work()
    assert found(world, "delivered") == [str(waiting)]


@pytest.mark.parametrize(
    "query",
    [
        "UPDATE casework_nametoken SET token = 'iemand' WHERE person_id = %s",
        "UPDATE casework_nametoken SET agency_id = (SELECT max(group_id) FROM permissions_agency) WHERE person_id = %s",
        "DELETE FROM casework_nametoken WHERE person_id = %s",
        (
            "INSERT INTO casework_nametoken (id, case_id, agency_id, made_by_id, made_at, kind, token, person_id)"
            " SELECT gen_random_uuid(), case_id, agency_id, made_by_id, made_at, 'own', 'iemand', id"
            " FROM casework_personincase WHERE id = %s"
        ),
    ],
)
def test_words_by_which_somebody_is_found_are_those_of_their_row(world: World, query: str) -> None:
    world.track()
    world.track()
    person = world.rows("SELECT id FROM casework_personincase ORDER BY id LIMIT 1")[0][0]
    assert not found(world, "tokens", entirely=True)
    with past_triggers(world):
        world.superuser.execute(query, [person])
    assert found(world, "tokens", entirely=True) == [str(person)]
    assert found(world, "tokens") == [str(person)], "the next run still sees it"


OTHERWISE = [
    ("casework_participation", "keeps", "NOT keeps"),
    ("casework_participation", "is_open", "NOT is_open"),
    ("casework_participation", "lacks_term", "NOT lacks_term"),
    ("casework_participation", "next_due_at", "'9999-01-02Z'"),
    ("casework_assignment", "is_open", "NOT is_open"),
    ("casework_assignment", "lacks_term", "NOT lacks_term"),
    ("casework_assignment", "next_due_at", "'9999-01-02Z'"),
]
"""What no entry says of a part in a case and of a person named: what it is made of says it."""
SAID_BY_NOTHING = {"moved_at", "last_login", "last_seen_at", "times_seen"}
"""When a list moved, when somebody signed in last, and which run saw a difference last: nothing is shown by them."""


@pytest.mark.parametrize(("table", "column", "other"), OTHERWISE)
def test_what_lists_and_reach_go_by_is_what_it_is_made_of(world: World, table: str, column: str, other: str) -> None:
    case, _ = world.track("visit_done")
    world.delivered(case)
    world.package(world.track()[0])
    assert not [row for row in reconcile_rows(entirely=True) if row.table == table], "honest work"
    row = world.rows(f"SELECT id, {column} FROM {table} WHERE content_object_id = %s ORDER BY id", case)[0]
    with past_triggers(world):
        world.superuser.execute(f"UPDATE {table} SET {column} = {other} WHERE id = %s", [row[0]])
    assert found(world, column) == [str(row[0])]
    assert found(world, column) == [str(row[0])], "the next run still sees it"
    with past_triggers(world):
        world.superuser.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [row[1], row[0]])
    assert [(one.row, one.is_there) for one in reconcile_rows(entirely=False) if one.column == column] == [
        (str(row[0]), False)
    ], "what was put back stays a finding"


def test_every_column_that_no_entry_says_is_held_against_something(world: World) -> None:
    compared = {column for _, column, _ in OTHERWISE}
    source = world.rows("SELECT pg_get_functiondef('trail.watched'::regproc)")[0][0]
    assert set(source.split("'{")[1].split("}'")[0].split(",")) == compared | SAID_BY_NOTHING


def test_what_is_changed_while_a_run_goes_on_is_seen_by_it_or_by_the_next(world: World) -> None:
    world.track()
    reconcile_rows(entirely=False)
    (part,) = world.rows("SELECT id FROM casework_participation ORDER BY id LIMIT 1")[0]
    seen: list[list[str]] = []

    def run() -> None:
        try:
            seen.append(found(world, "keeps"))
        finally:
            connection.close()

    where = world.superuser.info
    address = psycopg.conninfo.make_conninfo(where.dsn, password=where.password, dbname=where.dbname)
    with psycopg.connect(address) as intruder:
        intruder.execute("SET session_replication_role = replica")
        intruder.execute("LOCK TABLE casework_agencyrecord IN ACCESS EXCLUSIVE MODE")
        running = threading.Thread(target=run)
        running.start()
        waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'casework_agencyrecord'::regclass"
        while not world.rows(waits)[0][0]:
            running.join(0.05)
            assert running.is_alive(), "the run waits for the table"
        intruder.execute("UPDATE casework_participation SET keeps = NOT keeps WHERE id = %s", [part])
        intruder.commit()
        running.join()
    assert [str(part)] in (seen[0], found(world, "keeps"))
