"""What a team holds, who is away, and what is told of it: bounded, paged, and of the own agency alone."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from casework.models import Absence
from casework.selectors import holder_in, holding_of, takers, team, told_of_team
from casework.selectors.team import PEOPLE
from casework.selectors.worklists import MOST_COUNTED, PAGE
from permissions.acting import act
from permissions.services import NewPerson, install
from permissions.vocabulary import Action, Role
from tests.casework.actions.test_handing_over import away, handed, walled
from tests.policy.test_grants import behind_the_back
from tests.web.test_statements import plant
from tests.world import AGENCIES, PASSWORD, perform


def seen(world, work, by="saskia", action=Action.ASSIGN):
    return act(world.people[by], action, work)


def load(world, who, by="saskia"):
    people = seen(world, team, by).people
    return next(one for one in people if one.membership_id == world.people[who].membership_id)


def test_the_team_says_of_each_how_much_they_hold_and_what_is_late(world):
    world.track()
    case, _ = world.track()
    behind_the_back(
        world, "UPDATE casework_assignment SET next_due_at = now() - interval '1 day' WHERE content_object_id = %s", case
    )
    lies, leo = load(world, "lies"), load(world, "leo")
    assert (lies.cases, lies.late, leo.cases, leo.late) == (2, 1, 0, 0)
    assert lies.week == 0, "the other is a draft, which may lie longer"


def test_who_only_watches_or_is_of_another_agency_is_not_in_the_team(world):
    ours = {one.name for one in seen(world, team).people}
    assert ours == {world.people[who].name for who in ("lies", "leo", "dirk", "saskia", "sjoerd")}


def test_what_nobody_holds_is_counted_and_listed(world):
    case, _ = world.track()
    assert seen(world, team).unheld == 0
    perform(world.saskia, Action.ASSIGN, case, {"assignment": {"person": world.lies.person_id, "remove": "yes"}})
    assert seen(world, team).unheld == 1
    assert [row.case_id for row in seen(world, lambda: holding_of(None)).rows] == [case]


def test_numbers_stop_at_their_bound_and_the_list_goes_on(world):
    plant(world, MOST_COUNTED + 30)
    assert load(world, "lies").cases == MOST_COUNTED + 1
    found, after, pages = set(), None, 0
    while pages == 0 or after:
        page = seen(world, partial(holding_of, world.lies.person_id, after))
        found |= {row.case_id for row in page.rows}
        after, pages = page.following, pages + 1
    assert len(found) == MOST_COUNTED + 30
    assert pages == -(-len(found) // PAGE)


def test_a_team_of_many_goes_on_and_names_everybody_once(world):
    more = [
        NewPerson(f"p{n}", f"Proef {n % 7} Persoon", AGENCIES[0].name, (Role.POLICE_LIAISON,), PASSWORD)
        for n in range(PEOPLE)
    ]
    world.people |= install(AGENCIES, more, datetime.now(UTC) - timedelta(days=1))
    away(world, "p3")
    first = seen(world, team)
    assert first.people[0].membership_id == world.people["p3"].membership_id, "who is away stands first"
    assert first.following
    second = seen(world, lambda: team(first.following))
    ids = [one.membership_id for one in (*first.people, *second.people)]
    assert len(ids) == len(set(ids)) == PEOPLE + 5
    assert second.following is None


def test_who_is_away_is_said_with_who_stands_in_and_whether_they_are_there(world):
    away(world, "lies", until=5, deputy="leo")
    found = load(world, "lies").away
    assert (found.deputy, found.is_covered) == (world.leo.name, True)
    away(world, "leo", until=2)
    assert not load(world, "lies").away.is_covered
    assert seen(world, lambda: holder_in(world.lies.membership_id)).away.deputy_until is not None


def test_an_absence_still_to_come_or_over_is_none(world):
    away(world, "lies", since=1, until=4)
    assert load(world, "lies").away is None


def test_of_another_agency_there_is_no_holder(world):
    assert seen(world, lambda: holder_in(world.wim.membership_id)) is None


def test_a_case_behind_a_wall_before_the_reader_is_neither_counted_nor_listed(world):
    case, _ = world.track()
    walled(world, case, "saskia")
    assert load(world, "lies").cases == 0
    assert seen(world, lambda: holding_of(world.lies.person_id)).rows == ()


def test_cases_are_given_to_who_works_on_cases_and_neither_to_oneself_nor_to_who_holds_them(world):
    names = {one.name for one in seen(world, lambda: takers(world.lies.person_id))}
    assert names == {world.people[who].name for who in ("leo", "dirk", "sjoerd")}


def test_both_are_told_what_came_and_what_went_and_the_deputy_that_they_stand_in(world):
    world.track()
    away(world, "lies", deputy="leo")
    handed(world, "lies", "leo")
    came = seen(world, told_of_team, "leo", Action.SEE_CASE)
    assert [(row.kind, row.name, row.cases) for row in came] == [
        ("came", world.lies.name, 1),
        ("stands_in", world.lies.name, 0),
    ]
    went = seen(world, told_of_team, "lies", Action.SEE_CASE)
    assert [(row.kind, row.name, row.cases, row.code) for row in went] == [("went", world.leo.name, 1, "absence")]
    assert seen(world, told_of_team, "dirk", Action.SEE_CASE) == []


@pytest.mark.parametrize("reader", ["leo", "wim", "wanda"])
def test_who_is_away_is_shown_to_nobody_whom_it_does_not_concern(world, reader):
    away(world, "lies", deputy="dirk")
    assert seen(world, Absence.objects.count, reader, Action.SEE_CASE) == 0
