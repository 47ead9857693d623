"""Grants rest on facts, a child never hangs on another's row, and nobody approves or grants alone."""

from importlib import import_module

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.utils import DatabaseError, IntegrityError
from psycopg.errors import ForeignKeyViolation

from casework.actions.perform import perform
from casework.worker.carry_out import reconcile
from permissions.acting import acting_as
from permissions.decision import Refused
from permissions.vocabulary import Action, Role

KEYS = import_module("casework.migrations.0006_keys").CHILDREN


def behind_the_back(world, query, *values):
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute(query, values)
    world.superuser.execute("SET session_replication_role = origin")


def test_after_a_story_every_grant_rests_on_the_facts(world):
    case, _ = world.track("follow_up")
    handoff = world.delivered(case)
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
    refused = world.delivered(case, kind="referral", receiver="wanda", basis="WPG_15")
    perform(world.wanda, Action.ACKNOWLEDGE_HANDOFF, refused)
    perform(
        world.wanda, Action.REFUSE_HANDOFF, refused, {"reason": {"code": "no_capacity", "text": "Deze week lukt niet meer."}}
    )
    assert reconcile() == []
    call_command("reconcile_access")


def test_a_grant_says_on_which_legal_basis_it_was_given(world):
    case, _ = world.track()
    handoff = world.delivered(case)
    perform(world.ilse, Action.ACKNOWLEDGE_HANDOFF, handoff)
    found = {
        (table, row[0]): row[1:]
        for table, agency in (("participation", "group_id"), ("assignment", "agency_id"))
        for row in world.rows(f"SELECT {agency}, basis, reason, giver_id IS NOT NULL, ends_at FROM casework_{table}")
    }
    given = world.rows("SELECT basis FROM casework_handoff")[0][0]
    police, home = world.agency("lies"), world.agency("ilse")
    assert found["participation", police] == ("WPG_8", "open_case", True, None)
    assert found["assignment", police] == ("WPG_8", "open_case", True, None)
    assert found["participation", home] == (given, "deliver_handoff", True, None)
    assert found["assignment", home] == (given, "acknowledge_handoff", True, None)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("UPDATE casework_participation SET keeps = false", "a part that says wrongly what is kept"),
        ("UPDATE casework_participation SET ends_at = now()", "a record without a part"),
        ("UPDATE casework_participation SET next_due_at = now()", "a term that the list does not know"),
        ("DELETE FROM casework_track; DELETE FROM casework_agencyrecord", "a part that rests on nothing"),
        ("UPDATE permissions_membership SET ends_at = now()", "a person named who is no member"),
        ("INSERT INTO casework_participation SELECT * FROM casework_participation", "two parts at once"),
    ],
)
def test_a_grant_without_its_facts_is_reported(world, query, said):
    world.track()
    if said == "two parts at once":
        columns = (
            "permission_id, group_id, content_object_id, reference, reason, starts_at, is_open, next_due_at, moved_at, keeps"
        )
        query = f"INSERT INTO casework_participation ({columns}) SELECT {columns} FROM casework_participation"
    for one in query.split("; "):
        behind_the_back(world, one)
    assert said in {row[0] for row in reconcile()}
    with pytest.raises(CommandError):
        call_command("reconcile_access")


def test_a_row_never_hangs_on_another_case_or_agency(world):
    """Each key of the migration, tried as the owner of the database, past every policy."""
    case, track = world.track("visit_done")
    world.delivered(case)
    perform(
        world.dirk,
        Action.ASK_APPROVAL,
        track,
        {"approval": {"action": "close_unwarned", "text": "Niemand woont er nog, sluiten."}},
    )
    perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Een zorg."}})
    other = world.opened().made["case"]
    tried = 0
    for child, column, agency, _parent in KEYS:
        if not world.rows(f"SELECT 1 FROM casework_{child} WHERE {column} IS NOT NULL"):
            continue
        for wrong, value in (("case_id", other), (agency, world.agency("wanda"))):
            query = f"UPDATE casework_{child} SET {wrong} = %s WHERE {column} IS NOT NULL"
            with pytest.raises(ForeignKeyViolation, match="foreign key"), world.superuser.transaction():
                world.superuser.execute(f"ALTER TABLE casework_{child} DISABLE TRIGGER USER")
                world.superuser.execute(query, [value])
                world.superuser.execute("SET CONSTRAINTS ALL IMMEDIATE")
            tried += 1
    assert tried >= 20


def test_nobody_grants_to_themselves(world):
    case, _ = world.track()
    for who in ("saskia", "dirk"):
        person = world.people[who]
        with pytest.raises(Refused, match="themselves"):
            perform(person, Action.ASSIGN, case, {"assignment": {"person": person.person_id}})
        with (
            pytest.raises(DatabaseError, match="cannot be named"),
            acting_as(person, person.roles[0], Action.ASSIGN),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT lock.name_person(%s, %s)", [case, person.person_id])


def test_the_database_itself_wants_four_eyes(world):
    _, track = world.track("visit_planned")
    ask = {"approval": {"action": "close_unwarned", "text": "Niemand woont er nog, sluiten."}}
    perform(world.dirk, Action.ASK_APPROVAL, track, ask)
    query = "UPDATE casework_approval SET approved_by_id = %s, approved_at = now()"
    for who, as_whom in (("dirk", "dirk"), ("saskia", "sjoerd"), ("saskia", "dirk")):
        person = world.people[who]
        with (
            pytest.raises((DatabaseError, IntegrityError)),
            acting_as(person, person.roles[0], Action.APPROVE),
            connection.cursor() as cursor,
        ):
            cursor.execute(query, [world.people[as_whom].person_id])
    behind_the_back(world, "UPDATE casework_track SET version = version + 1")
    with (
        pytest.raises(DatabaseError, match="four eyes"),
        acting_as(world.saskia, Role.SUPERVISOR, Action.APPROVE),
        connection.cursor() as cursor,
    ):
        cursor.execute(query, [world.saskia.person_id])
    assert world.rows("SELECT approved_by_id FROM casework_approval") == [(None,)]
