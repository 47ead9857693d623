"""What the keeper's functions answer to somebody who calls them by hand, past the service that would ask first."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import ProgrammingError, connection, transaction

from permissions.acting import acting_as
from permissions.installing import system_actor
from permissions.vocabulary import Action, Role
from tests.policy.behind import past_triggers
from tests.world import World


def called(query: str, *values: Any) -> list[tuple[object, ...]]:
    """Call as who acts now; a refusal undoes nothing else."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall()) if cursor.description else []


@pytest.mark.parametrize(("who", "is_raised"), [("leo", True), ("wim", False)])
def test_a_wall_is_raised_before_a_member_of_the_own_agency_alone(world: World, who: str, is_raised: bool) -> None:  # noqa: FBT001
    case, _ = world.track()
    query = (
        "INSERT INTO casework_wall (id, case_id, agency_id, user_id, starts_at, reason, lift_reason)"
        " VALUES (gen_random_uuid(), %s, %s, %s, lock.current_moment(), 'Een verzonnen reden van een conflict.', '')"
    )
    with acting_as(world.saskia, Role.SUPERVISOR, Action.WALL_PERSON):
        try:
            called(query, case, world.agency("lies"), world.people[who].person_id)
        except ProgrammingError as refused:
            assert "before a member" in str(refused)
    assert world.rows("SELECT count(*) FROM casework_wall") == [(int(is_raised),)]


@pytest.mark.parametrize(("end", "stands"), [("wim", True), ("joke", False)])
def test_a_courier_goes_to_the_sender_from_the_receiver_and_from_nowhere_else(world: World, end: str, stands: bool) -> None:  # noqa: FBT001
    handoff = world.sent(world.track()[0])
    courier = system_actor(Role.COURIER, world.agency(end))
    with acting_as(courier, Role.COURIER, Action.DELIVER_HANDOFF):
        if stands:
            assert called("SELECT lock.stand_at(%s, true)", handoff) == [(world.agency("lies"),)]
            return
        with pytest.raises(ProgrammingError, match="not at an end"):
            called("SELECT lock.stand_at(%s, true)", handoff)


def test_no_other_act_opens_a_case(world: World) -> None:
    told = pytest.raises(ProgrammingError, match="no case is being opened")
    with acting_as(world.lies, Role.POLICE_LIAISON, Action.ADD_NOTE), told:
        called("SELECT lock.open_case(%s)", uuid4())
    assert world.rows("SELECT count(*) FROM casework_case") == [(0,)]


def test_a_term_that_was_marked_as_passed_takes_no_place_among_those_that_are_to_be_marked(world: World) -> None:
    first, _ = world.track("submitted")
    second, _ = world.track("submitted")
    with past_triggers(world):
        world.superuser.execute("UPDATE casework_deadline SET due_at = '2020-01-01Z' WHERE met_at IS NULL")
        world.superuser.execute("UPDATE casework_deadline SET overdue_at = '2020-01-02Z' WHERE case_id = %s", [first])
    expected = world.rows("SELECT id FROM casework_deadline WHERE case_id = %s AND met_at IS NULL ORDER BY id", second)
    with acting_as(system_actor(Role.SCHEDULER), Role.SCHEDULER, Action.FIND_DUE):
        found = called("SELECT id FROM lock.passed_deadlines(%s) ORDER BY id", datetime.now(UTC))
    assert found == expected != []


def test_who_explains_access_is_told_who_is_named_in_the_own_organisation_alone(world: World) -> None:
    case, _ = world.track()
    world.delivered(case)
    query = "SELECT DISTINCT agency_id FROM casework_assignment WHERE content_object_id = %s ORDER BY 1"
    with past_triggers(world):
        world.superuser.execute(
            "INSERT INTO casework_assignment SELECT (jsonb_populate_record(NULL::casework_assignment, to_jsonb(n)"
            " || jsonb_build_object('id', n.id + 1000, 'user_id', %s::int, 'agency_id', %s::int))).*"
            " FROM casework_assignment n WHERE n.content_object_id = %s LIMIT 1",
            [world.wim.person_id, world.agency("wim"), case],
        )
    assert len(world.rows(query, case)) == 2
    with acting_as(world.bea, Role.AGENCY_ADMIN, Action.EXPLAIN_ACCESS):
        told = called("SELECT person, agency FROM lock.grants_of(%s) WHERE kind = 'assignment'", UUID(str(case)))
    assert {agency for _, agency in told} == {world.agency("lies")}
