"""A moment of the past is said in a scenario and while the story of a demo is told, and nowhere else."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from permissions.acting import acting_as, scenario_moment
from permissions.story import begin_story, end_story, story_began
from permissions.vocabulary import Action, Role
from tests.policy.behind import past_triggers
from tests.world import World

PAST, FUTURE = -timedelta(days=9), timedelta(days=9)


@contextmanager
def installation(world: World, mode: str, *, told: str | None = None, open_story: bool = False):
    """This database as an installation of its own; afterwards the scenario that it is."""
    with past_triggers(world):
        world.superuser.execute("UPDATE lock.installation SET is_scenario = false, mode = %s", [mode])
        if told or open_story:
            world.superuser.execute("INSERT INTO lock.demo_story (began_at, told_at) VALUES (now(), %s)", [told])
    try:
        yield
    finally:
        with past_triggers(world):
            world.superuser.execute("UPDATE lock.installation SET is_scenario = true, mode = 'demo'")
            world.superuser.execute("DELETE FROM lock.demo_story")


def counted_at(world: World, offset: timedelta) -> timedelta:
    """How far from now an act counts for which a moment is said."""
    token = scenario_moment.set(datetime.now(UTC) + offset)
    try:
        with acting_as(world.lies, Role.POLICE_LIAISON, Action.SEE_CASE) as act:
            return act.moment - datetime.now(UTC)
    finally:
        scenario_moment.reset(token)


def is_now(offset: timedelta) -> bool:
    return abs(offset) < timedelta(hours=1)


@pytest.mark.parametrize("mode", ["demo", "desk", "production"])
def test_no_installation_takes_a_moment_without_a_story(world: World, mode):
    with installation(world, mode):
        assert is_now(counted_at(world, PAST))


@pytest.mark.parametrize("mode", ["desk", "production"])
def test_no_other_mode_takes_one_even_with_the_row_of_a_story(world: World, mode):
    with installation(world, mode, open_story=True):
        assert is_now(counted_at(world, PAST))


def test_a_demo_takes_the_past_while_its_story_is_told_and_never_the_future(world: World):
    with installation(world, "demo", open_story=True):
        assert counted_at(world, PAST) < PAST + timedelta(hours=1)
        assert is_now(counted_at(world, FUTURE))


def test_a_story_that_is_told_is_told(world: World):
    with installation(world, "demo"):
        assert begin_story()
        assert counted_at(world, PAST) < PAST + timedelta(hours=1)
        assert not begin_story(), "it began already"
        end_story()
        assert is_now(counted_at(world, PAST))
        assert story_began() is None
        assert not begin_story()
        for change in ("UPDATE lock.demo_story SET told_at = NULL", "DELETE FROM lock.demo_story"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="told once"):
                world.superuser.execute(change)


@pytest.mark.parametrize("mode", ["desk", "production"])
def test_no_story_begins_in_another_mode(world: World, mode):
    with installation(world, mode):
        assert not begin_story()
        assert story_began() is None


def test_no_story_begins_where_something_was_recorded(world: World):
    world.opened()
    with installation(world, "demo"):
        assert not begin_story()
        assert is_now(counted_at(world, PAST))


def test_no_story_begins_in_a_scenario(world: World):
    assert world.people
    assert not begin_story()
