"""A draft is its writer's alone: of one person in one membership, while they see what it is about, for thirty days."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.db import ProgrammingError, connection, transaction

from casework.actions.drafts import DraftPlace, store_draft
from casework.entries.entry import Page
from casework.models import Draft
from casework.selectors.drafts import draft_for
from casework.worker.carry_out import clear_drafts
from casework.worker.tasks import sweep
from permissions.acting import acting_as
from permissions.decision import Actor
from permissions.vocabulary import Action, Role
from tests.policy.test_revoking import (
    agency_closed,
    behind_the_back,
    made_inactive,
    membership_ended,
    unnamed,
    walled,
)
from tests.world import World

TYPED = {"note-kind": ["concern"], "note-text": ["Een bedachte zorg die nog niet af is."]}
STORED = "SELECT count(*) FROM casework_draft"
OF_ONES_OWN = (
    "INSERT INTO casework_draft (id, person_id, membership_id, action, sealed, stored_at)"
    " VALUES (gen_random_uuid(), lock.person(), lock.membership(), 'add_note', 'x', now())"
)


def store(actor: Actor, case: UUID | None, action: Action = Action.ADD_NOTE) -> None:
    page = Page.CASE if case else Page.OWN
    assert store_draft(actor, DraftPlace(action, page, case), TYPED, uuid4()).at


def seen_by(actor: Actor, action: Action = Action.ADD_NOTE) -> int:
    """How many drafts a query without any condition finds for this person."""
    with acting_as(actor, actor.roles[0], action):
        return Draft.objects.count()


@pytest.fixture
def case(world: World) -> UUID:
    made, _ = world.track()
    store(world.lies, made)
    return made


def refused(query: str, *values: UUID) -> bool:
    """Whether the database refuses this to the application's own role for lack of a right."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(query, values)
    except ProgrammingError as error:
        return getattr(error.__cause__, "sqlstate", "") == "42501"
    return False


def test_with_nobody_acting_no_draft_is_seen_or_written(world: World, case: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(STORED)
        assert cursor.fetchone() == (0,)
    assert refused("SELECT lock.store_draft(%s, %s, 'x')", case, uuid4())
    assert refused("SELECT lock.clear_drafts()")
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock.drop_draft(%s)", [case])
    assert world.count("casework_draft") == 1


@pytest.mark.parametrize(
    "query",
    [
        OF_ONES_OWN,
        "UPDATE casework_draft SET sealed = 'x'",
        "UPDATE casework_draft SET membership_id = gen_random_uuid()",
        "DELETE FROM casework_draft",
        "TRUNCATE casework_draft",
    ],
)
def test_even_its_writer_touches_a_draft_only_through_the_functions_for_it(world: World, case: UUID, query: str) -> None:
    with acting_as(world.lies, Role.POLICE_LIAISON, Action.ADD_NOTE):
        assert refused(query)
    assert world.count("casework_draft") == 1


def test_no_colleague_sees_a_draft_whatever_they_lead_or_watch_over(world: World, case: UUID) -> None:
    assert seen_by(world.lies) == 1
    for name, action in (("dirk", Action.ADD_NOTE), ("saskia", Action.ADD_NOTE), ("leo", Action.ADD_NOTE)):
        assert seen_by(world.people[name], action) == 0, name
    for name, action in (("arie", Action.SEE_ACCESS_LOG), ("bea", Action.MANAGE_AGREEMENTS), ("wim", Action.ADD_NOTE)):
        assert seen_by(world.people[name], action) == 0, name


def test_nobody_writes_over_or_throws_away_the_draft_of_a_colleague(world: World, case: UUID) -> None:
    ((sealed,),) = world.rows("SELECT sealed FROM casework_draft")
    store(world.dirk, case)
    with acting_as(world.dirk, Role.TRIAGE_DECIDER, Action.ADD_NOTE), connection.cursor() as cursor:
        cursor.execute("SELECT lock.drop_draft(%s)", [case])
    assert world.rows("SELECT sealed FROM casework_draft") == [(sealed,)]


def test_a_draft_is_seen_in_the_membership_in_which_it_was_typed_alone(world: World, case: UUID) -> None:
    behind_the_back(
        world,
        "INSERT INTO permissions_membership (id, user_id, agency_id, roles, starts_at)"
        " VALUES ('00000000-0000-4000-8000-00000000d5af', %s, %s, %s, now() - interval '1 day')",
        world.lies.person_id,
        world.agency("lies"),
        [str(Role.POLICE_LIAISON)],
    )
    again = world.lies.__class__(
        world.lies.person_id,
        world.lies.agency_id,
        world.lies.kind,
        world.lies.roles,
        UUID("00000000-0000-4000-8000-00000000d5af"),
        world.lies.name,
    )
    assert seen_by(world.lies) == 1
    assert seen_by(again) == 0


def test_what_was_encrypted_for_one_place_cannot_be_read_in_another(world: World, case: UUID) -> None:
    other, _ = world.track()
    behind_the_back(world, "UPDATE casework_draft SET about_id = %s, case_id = %s", other, other)
    with acting_as(world.lies, Role.POLICE_LIAISON, Action.ADD_NOTE):
        assert Draft.objects.count() == 1
        assert draft_for(other) is None
    behind_the_back(world, "UPDATE casework_draft SET about_id = %s, case_id = %s", case, case)
    with acting_as(world.lies, Role.POLICE_LIAISON, Action.ADD_NOTE):
        assert draft_for(case)


@pytest.mark.parametrize("lose", [unnamed, walled])
def test_who_loses_the_case_does_not_see_the_draft_and_the_sweep_throws_it_away(
    world: World, case: UUID, lose: Callable[[World, UUID], None]
) -> None:
    store(world.dirk, case)
    store(world.lies, None, Action.OPEN_CASE)
    lose(world, case)
    assert seen_by(world.lies) == 1, "only what is about no case"
    sweep()
    left = world.rows("SELECT person_id, action FROM casework_draft ORDER BY action")
    assert left == [(world.dirk.person_id, "add_note"), (world.lies.person_id, "open_case")]


@pytest.mark.parametrize("end", [membership_ended, made_inactive, agency_closed])
def test_the_drafts_of_who_works_there_no_more_are_thrown_away(
    world: World, case: UUID, end: Callable[[World, UUID], None]
) -> None:
    store(world.lies, None, Action.OPEN_CASE)
    end(world, case)
    assert clear_drafts() == 2
    assert world.count("casework_draft") == 0


def test_a_draft_is_thrown_away_after_thirty_days_and_not_before(world: World, case: UUID) -> None:
    store(world.lies, None, Action.OPEN_CASE)
    behind_the_back(
        world,
        "UPDATE casework_draft SET stored_at = now() - interval '30 days' + interval '5 minutes' WHERE case_id IS NULL",
    )
    behind_the_back(world, "UPDATE casework_draft SET stored_at = now() - interval '30 days' WHERE case_id IS NOT NULL")
    assert clear_drafts() == 1
    assert world.rows("SELECT action FROM casework_draft") == [("open_case",)]


def test_the_draft_about_a_package_on_the_desk_stays_for_who_is_named_on_nothing(world: World, case: UUID) -> None:
    handoff = world.delivered(case)
    place = DraftPlace(Action.ACCEPT_HANDOFF, Page.HANDOFF, handoff)
    typed = {"known_here-text": ["Een bedachte reden die nog niet af is."]}
    assert store_draft(world.wim, place, typed, uuid4()).at
    clear_drafts()
    assert seen_by(world.wim, Action.ACCEPT_HANDOFF) == 1


def test_nobody_but_the_scheduler_clears_drafts(world: World, case: UUID) -> None:
    with acting_as(world.lies, Role.POLICE_LIAISON, Action.ADD_NOTE):
        assert refused("SELECT lock.clear_drafts()")
