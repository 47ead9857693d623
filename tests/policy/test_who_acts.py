"""The database itself asks who acts: a membership that runs now, of this person, there, in this role, and one at a time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, transaction

from permissions.acting import (
    Busy,
    DrawnElsewhere,
    Once,
    Reused,
    act,
    acting,
    acting_as,
    acting_briefly,
    check_drawn,
    scenario_moment,
)
from permissions.decision import Refused
from permissions.installing import system_actor
from permissions.part_of_act import step_of_act
from permissions.vocabulary import Action, Role
from tests.policy.behind import past_triggers
from tests.world import World

ASKED = ("person", "agency", "role", "action", "current_moment")


def known() -> list[object]:
    """What the database knows of who acts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"lock.{name}()" for name in ASKED))
        return list(cursor.fetchone())


def acts(actor, role=Role.POLICE_LIAISON) -> bool:
    """Whether somebody may begin an act."""
    try:
        with acting_as(actor, role, Action.SEE_CASE):
            return bool(known()[0] == actor.person_id)
    except Refused:
        return False


@pytest.mark.parametrize(
    "query",
    [
        "UPDATE permissions_user SET is_active = false WHERE id = %(person)s",
        "UPDATE permissions_agency SET is_active = false WHERE group_id = %(agency)s",
        "UPDATE permissions_membership SET roles = '{supervisor}' WHERE user_id = %(person)s",
        "UPDATE permissions_membership SET starts_at = now() + interval '1 day' WHERE user_id = %(person)s",
    ],
)
def test_what_is_not_so_any_more_carries_no_act(world: World, query):
    assert acts(world.lies)
    assert acts(world.wanda)
    with past_triggers(world):
        world.superuser.execute(query, {"person": world.lies.person_id, "agency": world.lies.agency_id})
    assert not acts(world.lies)
    assert acts(world.wanda), "another person of another agency acts as before"


def test_a_membership_carries_its_own_person_at_its_own_agency_in_its_own_roles_alone(world: World):
    assert not acts(replace(world.lies, membership_id=world.leo.membership_id)), "a colleague's"
    assert not acts(replace(world.lies, membership_id=uuid4()))
    assert not acts(replace(world.wanda, agency_id=world.lies.agency_id)), "at another agency"
    assert not acts(world.lies, Role.TRIAGE_DECIDER)
    assert acts(world.wanda, Role.TRIAGE_DECIDER)


def test_a_membership_runs_from_its_first_instant_and_until_its_last(world: World):
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    instant = timedelta(microseconds=1)
    with past_triggers(world):
        world.superuser.execute(
            "UPDATE permissions_membership SET starts_at = %s, ends_at = %s WHERE user_id = %s",
            [start, start + timedelta(hours=1), world.lies.person_id],
        )
    found = []
    for moment in (start - instant, start, start + timedelta(hours=1) - instant, start + timedelta(hours=1)):
        token = scenario_moment.set(moment)
        try:
            found.append(acts(world.lies))
        finally:
            scenario_moment.reset(token)
    assert found == [False, True, True, False]


def test_nothing_is_known_of_who_acted_once_a_statement_of_the_service_is_done(world: World):
    assert world.people
    with transaction.atomic():
        with acting_briefly(system_actor(Role.VISITOR), Role.VISITOR, Action.RECORD_SIGN_IN):
            assert known()[2] == "visitor"
        assert known() == [None] * len(ASKED), "the transaction goes on, and nobody acts in it"
        with acting_briefly(system_actor(Role.SCHEDULER, world.lies.agency_id), Role.SCHEDULER, Action.FIND_DUE):
            assert known()[:2] == [2, world.lies.agency_id], "another may follow"
        assert known() == [None] * len(ASKED)


def test_a_real_installation_goes_by_the_clock_of_its_database(world: World):
    past = datetime.now(UTC) - timedelta(days=9)
    token = scenario_moment.set(past)
    try:
        with acting_as(world.lies, Role.POLICE_LIAISON, Action.SEE_CASE) as act:
            assert act.moment == past
        with past_triggers(world):
            world.superuser.execute("UPDATE lock.installation SET is_scenario = false")
        with acting_as(world.lies, Role.POLICE_LIAISON, Action.SEE_CASE) as act:
            assert act.moment > past + timedelta(days=8)
    finally:
        scenario_moment.reset(token)
        with past_triggers(world):
            world.superuser.execute("UPDATE lock.installation SET is_scenario = true")


@pytest.mark.parametrize("query", ["UPDATE lock.installation SET mode = 'desk'", "DELETE FROM lock.installation"])
def test_the_mode_of_an_installation_is_settled_at_its_first_start(world: World, query):
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="settled at its first start"):
        world.superuser.execute(query)


def test_an_operation_is_the_same_where_action_target_and_content_are(world: World):
    operation, target = uuid4(), uuid4()

    def again(action: Action, once: Once) -> bool:
        with acting_as(world.lies, Role.POLICE_LIAISON, action, operation=operation, once=once) as act:
            return act.is_first

    assert again(Action.ADD_NOTE, Once(target, "said"))
    assert not again(Action.ADD_NOTE, Once(target, "said"))
    for action, once in (
        (Action.WRITE_RECORD, Once(target, "said")),
        (Action.ADD_NOTE, Once(uuid4(), "said")),
        (Action.ADD_NOTE, Once(None, "said")),
        (Action.ADD_NOTE, Once(target, "said otherwise")),
    ):
        with pytest.raises(Reused):
            again(action, once)


def test_what_an_operation_answered_stays_its_answer(world: World):
    operation, first, second = uuid4(), uuid4(), uuid4()
    once = Once(None, "the same")
    keep = "SELECT lock.store_answer(%s, %s, %s)"
    with (
        acting_as(world.lies, Role.POLICE_LIAISON, Action.OPEN_CASE, operation=operation, once=once) as act,
        connection.cursor() as cursor,
    ):
        assert act.is_first
        cursor.execute(keep, [first, first, ["case"]])
        cursor.execute(keep, [second, second, ["case"]])
    with acting_as(world.lies, Role.POLICE_LIAISON, Action.OPEN_CASE, operation=operation, once=once) as act:
        assert not act.is_first
        assert act.answer == {"case": str(first), "id": str(first), "made": ["case"]}


def test_each_step_of_an_act_makes_ids_of_its_own_and_a_repeat_makes_them_again(world: World):
    operation = uuid4()

    def made() -> list[object]:
        with acting_as(world.lies, Role.POLICE_LIAISON, Action.SEE_CASE, operation=operation) as act:
            found: list[object] = [act.made_id("note")]
            for name in (1, 2):
                with step_of_act(name) as step:
                    found.append(step.made_id("note"))
            return found

    assert made() == made()
    assert len(set(made())) == 3


def test_a_form_that_was_drawn_in_another_membership_is_refused_and_the_try_is_kept(world: World):
    tried = "SELECT word, outcome, actor_id, agency_id FROM audit_entry WHERE word = 'other_membership'"
    for drawn in ("", str(world.lies.membership_id)):
        check_drawn(world.lies, drawn)
    assert world.rows(tried) == []
    with pytest.raises(DrawnElsewhere):
        check_drawn(world.lies, str(world.leo.membership_id))
    assert world.rows(tried) == [("other_membership", "refused", world.lies.person_id, world.agency("lies"))]


@pytest.mark.parametrize("is_freed", [True, False])
def test_an_act_that_meets_another_is_tried_once_more_and_then_says_so(world: World, is_freed):
    tries = []
    with psycopg.connect(world.superuser.info.dsn) as other:
        other.execute("SELECT pg_advisory_xact_lock(7301)")

        def work() -> str:
            tries.append(acting().moment)
            if is_freed and len(tries) > 1:
                other.rollback()
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '100ms'")
                cursor.execute("SELECT pg_advisory_xact_lock(7301)")
            return "done"

        if is_freed:
            assert act(world.lies, Action.OPEN_CASE, work) == "done"
        else:
            with pytest.raises(Busy):
                act(world.lies, Action.OPEN_CASE, work)
    assert len(tries) == 2


def test_an_act_leaves_no_listener_on_the_connection(world: World):
    listening = []
    for _ in range(3):
        with acting_as(world.lies, Role.POLICE_LIAISON, Action.SEE_CASE):
            pass
        listening.append(len(connection.connection._notice_handlers))
    assert len(set(listening)) == 1
