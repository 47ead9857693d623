"""Cases of one person, or of nobody, go to a colleague in one act: all or none, each on the trail, and never past a wall."""

from datetime import timedelta
from uuid import uuid4

import pytest

from casework.input.read import Malformed
from casework.worker.carry_out import database_now
from permissions.decision import Missing, Refused
from permissions.vocabulary import Action, Role
from tests.casework.facts.test_leaving import joined
from tests.world import perform
from workflows.calendars import day_of


def on(world, who):
    """The membership by which the page of somebody is found."""
    return world.people[who].membership_id


def handed(world, whose, taker, *cases, by="saskia", **more):
    """Hand over these cases, or all of somebody's where none is named."""
    chosen = {"cases": [str(case) for case in cases]} if cases else {"all": "yes"}
    given = {"person": world.people[taker].person_id, "code": "absence", **chosen}
    return perform(world.people[by], Action.ASSIGN, on(world, whose) if whose else None, {"reassignment": given}, **more)


def named(world, case):
    """Who is named on a case now."""
    rows = world.rows(
        "SELECT u.username FROM casework_assignment n JOIN permissions_user u ON u.id = n.user_id"
        " WHERE n.content_object_id = %s AND n.ends_at IS NULL ORDER BY 1",
        case,
    )
    return [name for (name,) in rows]


def walled(world, case, who):
    given = {"wall": {"person": world.people[who].person_id, "text": "Zijn zus woont op dit adres, zei hij."}}
    perform(world.sjoerd, Action.WALL_PERSON, case, given)


def test_all_cases_of_a_colleague_go_to_another_in_one_act_each_with_its_entries(world):
    cases = [world.track()[0] for _ in range(3)]
    done = handed(world, "lies", "leo")
    assert [named(world, case) for case in cases] == [["leo"]] * 3
    assert sorted(done.made.values()) == sorted(cases)
    acts = world.rows(
        "SELECT case_id, count(*) FROM audit_entry WHERE word = 'assign' AND outcome = 'done' AND verb = 'govern'"
        " AND action = 4 GROUP BY case_id ORDER BY case_id"
    )
    assert {case for case, _ in acts if case} == set(cases), "an entry of the act for each case"
    rows = world.rows("SELECT code, cases, holder_id, taker_id FROM casework_reassignment")
    assert rows == [("absence", 3, world.lies.person_id, world.leo.person_id)]


def test_only_those_that_were_chosen_go(world):
    first, second = world.track()[0], world.track()[0]
    handed(world, "lies", "leo", first)
    assert (named(world, first), named(world, second)) == (["leo"], ["lies"])


def test_who_was_assigned_has_the_case_no_more_and_who_else_works_on_it_stays(world):
    case, _ = world.track()
    for who in ("leo", "dirk"):
        perform(world.saskia, Action.ASSIGN, case, {"assignment": {"person": world.people[who].person_id}})
    handed(world, "leo", "lies")
    assert named(world, case) == ["dirk", "lies"]


def test_a_repeat_answers_the_same_and_gives_nothing_twice(world):
    world.track()
    operation = uuid4()
    once = handed(world, "lies", "leo", operation=operation)
    assert handed(world, "lies", "leo", operation=operation).made == once.made
    assert world.count("casework_reassignment") == 1


def test_where_one_that_was_chosen_is_with_another_by_now_nothing_is_done(world):
    first, second = world.track()[0], world.track()[0]
    handed(world, "lies", "leo", first)
    with pytest.raises(Malformed, match="held_otherwise_now"):
        handed(world, "lies", "dirk", first, second)
    assert (named(world, first), named(world, second)) == (["leo"], ["lies"])
    assert world.rows("SELECT word FROM audit_entry WHERE outcome = 'malformed'") == [("assign",)]


@pytest.mark.parametrize("by", ["saskia", "dirk"])
def test_a_case_behind_a_wall_stays_and_is_named_and_the_others_go(world, by):
    free, kept = world.track()[0], world.track()[0]
    walled(world, kept, "leo")
    done = handed(world, "lies", "leo", by=by)
    assert {name.split("-")[0]: case for name, case in done.made.items()} == {"moved": free, "left": kept}
    assert (named(world, free), named(world, kept)) == (["leo"], ["lies"])
    assert world.rows("SELECT cases FROM casework_reassignment") == [(1,)]
    tries = world.rows("SELECT word, object_pk FROM audit_entry WHERE outcome = 'refused' AND word = 'assign'")
    assert tries == [("assign", str(kept))]


def test_where_no_case_can_be_given_it_says_so_and_nothing_is_done(world):
    case, _ = world.track()
    walled(world, case, "leo")
    with pytest.raises(Malformed, match="none_can_be_given"):
        handed(world, "lies", "leo")
    assert named(world, case) == ["lies"]
    assert world.count("casework_reassignment") == 0


def test_a_case_behind_a_wall_before_the_acting_person_is_not_handed_over(world):
    seen, hidden = world.track()[0], world.track()[0]
    walled(world, hidden, "saskia")
    handed(world, "lies", "leo")
    assert (named(world, seen), named(world, hidden)) == (["leo"], ["lies"])
    with pytest.raises(Malformed, match="held_otherwise_now"):
        handed(world, "lies", "leo", hidden)


def test_what_nobody_holds_is_given_to_somebody(world):
    case, _ = world.track()
    perform(world.saskia, Action.ASSIGN, case, {"assignment": {"person": world.lies.person_id, "remove": "yes"}})
    handed(world, None, "leo")
    assert named(world, case) == ["leo"]
    assert world.rows("SELECT holder_id FROM casework_reassignment") == [(None,)]


@pytest.mark.parametrize(
    ("taker", "error", "why"),
    [
        ("wim", Malformed, "no_such_member"),
        ("bea", Malformed, "has_no_work_here"),
        ("lies", Malformed, "holds_them_already"),
        ("saskia", Refused, "nobody grants to themselves"),
    ],
)
def test_who_cannot_take_over_is_refused_and_nothing_is_done(world, taker, error, why):
    case, _ = world.track()
    with pytest.raises(error, match=why):
        handed(world, "lies", taker)
    assert named(world, case) == ["lies"]


def test_who_only_watches_over_cases_takes_none_over_and_stands_in_for_nobody(world):
    world.track()
    world.people["eva"] = joined("eva", "Politie Voorbeeld Oost", Role.EXTERNAL_AUDITOR)
    eva = world.people["eva"].person_id
    away = {"since": "vandaag", "until": "vandaag", "deputy": eva}
    for given in ({"reassignment": {"person": eva, "code": "absence", "all": "yes"}}, {"absence": away}):
        with pytest.raises(Malformed, match="has_no_work_here"):
            perform(world.saskia, Action.ASSIGN, world.lies.membership_id, given)
    assert world.count("casework_reassignment") == world.count("casework_absence") == 0


def test_nothing_chosen_is_said(world):
    world.track()
    given = {"reassignment": {"person": world.leo.person_id, "code": "workload"}}
    with pytest.raises(Malformed, match=r"reassignment\.cases: required"):
        perform(world.saskia, Action.ASSIGN, on(world, "lies"), given)


def test_who_may_not_assign_hands_nothing_over_and_of_another_agency_there_is_nobody(world):
    case, _ = world.track()
    with pytest.raises(Refused):
        handed(world, "lies", "leo", by="leo")
    with pytest.raises(Missing):
        handed(world, "lies", "wim", by="vera")
    with pytest.raises(Missing):
        handed(world, "wim", "leo")
    assert named(world, case) == ["lies"]


def away(world, who, *, since=0, until=3, deputy=None, by="saskia"):  # noqa: PLR0913 - the parts of an absence
    """Store that somebody is away from so many days from today until so many."""
    today = day_of(database_now())
    given = {"since": today + timedelta(since), "until": today + timedelta(until)}
    given |= {"deputy": world.people[deputy].person_id} if deputy else {}
    return perform(world.people[by], Action.ASSIGN, on(world, who), {"absence": given})


def test_an_absence_is_stored_with_who_stands_in_and_a_later_one_stands_in_its_place(world):
    away(world, "lies", deputy="leo")
    away(world, "lies", since=2, until=9)
    rows = world.rows("SELECT deputy_id, replaced_at IS NOT NULL FROM casework_absence ORDER BY made_at")
    assert rows == [(world.leo.person_id, True), (None, False)]
    noted = world.rows(
        "SELECT e.word, count(*) FROM audit_entry e JOIN django_content_type c ON c.id = e.content_type_id"
        " WHERE c.model = 'absence' GROUP BY e.word"
    )
    assert noted == [("assign", 3)], "two were stored and one was replaced"


def test_an_absence_of_another_time_stays(world):
    away(world, "lies")
    away(world, "lies", since=10, until=12)
    assert world.rows("SELECT count(*) FROM casework_absence WHERE replaced_at IS NULL") == [(2,)]


@pytest.mark.parametrize(
    ("deputy", "since", "until", "why"),
    [
        ("leo", 3, 2, r"absence\.until: before_since"),
        ("lies", 0, 3, "stands_in_for_oneself"),
        ("dirk", 3, 9, "deputy_is_away"),
        ("wim", 0, 3, "no_such_member"),
        ("bea", 0, 3, "has_no_work_here"),
    ],
)
def test_what_is_no_absence_or_no_deputy_is_refused_in_one_word(world, deputy, since, until, why):
    away(world, "dirk", since=1, until=3)
    with pytest.raises(Malformed, match=why):
        away(world, "lies", since=since, until=until, deputy=deputy)
    assert world.count("casework_absence") == 1


def test_somebody_who_comes_back_before_can_stand_in(world):
    away(world, "dirk", since=1, until=3)
    away(world, "lies", since=4, until=9, deputy="dirk")
    assert world.count("casework_absence") == 2


def test_standing_in_opens_no_case(world):
    case, _ = world.track()
    away(world, "lies", deputy="leo")
    with pytest.raises(Refused):
        perform(world.leo, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Gezien vandaag."}})


def test_only_who_may_assign_stores_an_absence_and_only_of_their_own_agency(world):
    with pytest.raises(Refused):
        away(world, "lies", by="lies")
    with pytest.raises(Missing):
        away(world, "wim")
    assert world.count("casework_absence") == 0


def test_two_kinds_of_acts_at_once_are_refused_and_nothing_is_dropped(world):
    case, _ = world.track()
    both = {"assignment": {"person": world.leo.person_id}, "absence": {"since": "today", "until": "today"}}
    with pytest.raises(Malformed, match="not_taken_here"):
        perform(world.saskia, Action.ASSIGN, case, both)
    assert named(world, case) == ["lies"]
