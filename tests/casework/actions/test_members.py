"""Administrators arrange who belongs to their organisation; what takes two people waits for the second."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connection

from casework.actions.lost_races import DoneBefore
from casework.actions.perform import perform
from casework.input.read import Malformed
from permissions.acting import acting_as
from permissions.decision import Missing, Refused
from permissions.services import NewPerson, install
from permissions.vocabulary import GIVEN_BY_TWO, Action, Role
from tests.world import World

PEOPLE = Action.MANAGE_PEOPLE
JOINER = {"full_name": "Nora Nieuw", "username": "nora", "roles": ["caseworker"]}
LEAVING = {"code": "other_employer", "text": "Werkt vanaf nu elders."}


@pytest.fixture
def office(world: World) -> World:
    """The police with two administrators, and Veilig Thuis with one."""
    more = (
        NewPerson("bert", "Bert Beheerder", "Politie Voorbeeld Oost", (Role.AGENCY_ADMIN,)),
        NewPerson("bram", "Bram Beheerder", "Veilig Thuis Proefstad", (Role.AGENCY_ADMIN,)),
    )
    world.people |= install((), more, datetime(2026, 1, 5, tzinfo=UTC))
    return world


def roles_of(world: World, who: str) -> list[list[str]]:
    query = "SELECT m.roles FROM permissions_membership m JOIN permissions_user u ON u.id = m.user_id"
    return [row[0] for row in world.rows(f"{query} WHERE u.username = %s AND m.ends_at IS NULL", who)]


def test_a_joiner_is_a_member_at_once_and_cannot_sign_in_before_the_link_is_used(office):
    done = perform(office.bea, PEOPLE, None, {"joiner": JOINER})
    assert roles_of(office, "nora") == [["caseworker"]]
    assert office.rows("SELECT password LIKE '!%%' FROM permissions_user WHERE username = 'nora'") == [(True,)]
    assert set(done.made) == {"membership", "invitation"}


@pytest.mark.parametrize("role", sorted(GIVEN_BY_TWO - {Role.PLATFORM_OPERATOR}))
def test_a_role_that_reads_over_the_whole_or_arranges_people_waits_for_a_second_administrator(office, role):
    asked = perform(office.bea, PEOPLE, None, {"joiner": {**JOINER, "roles": [role]}})
    assert roles_of(office, "nora") == []
    with pytest.raises(Refused, match="never confirmed by the person who asked"):
        perform(office.bea, PEOPLE, asked.id)
    given = perform(office.bert, PEOPLE, asked.id)
    assert roles_of(office, "nora") == [[role]]
    assert "invitation" in given.made
    with pytest.raises(DoneBefore):
        perform(office.bert, PEOPLE, asked.id)


def test_other_roles_hold_from_the_next_act_on(office):
    member = office.lies.membership_id
    perform(office.bea, PEOPLE, member, {"member_roles": {"roles": ["quality_checker", "police_liaison"]}})
    assert roles_of(office, "lies") == [["police_liaison", "quality_checker"]]
    with pytest.raises(Malformed, match="has_these_roles"):
        perform(office.bea, PEOPLE, member, {"member_roles": {"roles": ["police_liaison", "quality_checker"]}})


def test_a_reading_role_beside_the_present_ones_waits_and_nothing_else_is_asked_meanwhile(office):
    member = office.lies.membership_id
    asked = perform(office.bea, PEOPLE, member, {"member_roles": {"roles": ["police_liaison", "records_manager"]}})
    assert roles_of(office, "lies") == [["police_liaison"]]
    with pytest.raises(Malformed, match="waits_already"):
        perform(office.bert, PEOPLE, member, {"member_roles": {"roles": ["quality_checker"]}})
    perform(office.bert, PEOPLE, asked.id)
    assert roles_of(office, "lies") == [["police_liaison", "records_manager"]]
    perform(office.bea, PEOPLE, member, {"member_roles": {"roles": ["records_manager"]}})
    assert roles_of(office, "lies") == [["records_manager"]], "what somebody has already takes no second person"


def test_a_second_administrator_who_does_not_agree_says_why_and_then_it_is_settled(office):
    asked = perform(office.bea, PEOPLE, None, {"joiner": {**JOINER, "roles": ["auditor"]}})
    perform(office.bert, PEOPLE, asked.id, {"refusal": {"text": "Niet afgesproken."}})
    stored = "SELECT withdrawn_by_id, text, done_at FROM permissions_memberchange WHERE id = %s"
    assert office.rows(stored, asked.id) == [(office.bert.person_id, "Niet afgesproken.", None)]
    with pytest.raises(DoneBefore):
        perform(office.bert, PEOPLE, asked.id)
    with pytest.raises(DoneBefore):
        perform(office.bea, PEOPLE, asked.id, {"refusal": {"text": "Toch niet."}})


def test_who_asked_can_take_it_back_and_who_it_is_about_confirms_nothing(office):
    member = office.bert.membership_id
    asked = perform(office.bea, PEOPLE, member, {"member_roles": {"roles": ["agency_admin", "auditor"]}})
    with pytest.raises(Refused, match="nobody changes what they are themselves"):
        perform(office.bert, PEOPLE, asked.id)
    perform(office.bea, PEOPLE, asked.id, {"refusal": {"text": "Vergissing van mij."}})
    assert roles_of(office, "bert") == [["agency_admin"]]


@pytest.mark.parametrize("given", [{"leaving": LEAVING}, {"member_roles": {"roles": ["caseworker"]}}, {}])
def test_no_administrator_ends_or_changes_themselves_so_the_last_one_stays(office, given):
    with pytest.raises(Refused, match="nobody changes what they are themselves"):
        perform(office.bram, PEOPLE, office.bram.membership_id, given)
    assert roles_of(office, "bram") == [["agency_admin"]]


@pytest.mark.parametrize("given", [{"leaving": LEAVING}, {"member_roles": {"roles": ["caseworker"]}}, {}])
def test_people_of_another_organisation_are_as_absent(office, given):
    with pytest.raises(Missing):
        perform(office.bram, PEOPLE, office.lies.membership_id, given)
    asked = perform(office.bea, PEOPLE, None, {"joiner": {**JOINER, "roles": ["auditor"]}})
    with pytest.raises(Missing):
        perform(office.bram, PEOPLE, asked.id)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"roles": ["caseworker", "auditor"]}, "roles_may_not_meet"),
        ({"roles": ["agency_admin", "quality_checker"]}, "roles_may_not_meet"),
        ({"roles": ["platform_operator"]}, "no_such_code"),
        ({"roles": ["courier"]}, "no_such_code"),
        ({"roles": []}, "no_such_code"),
        ({"username": "Nora Nieuw"}, "no_sign_in_name"),
        ({"username": "lies"}, "name_taken"),
        ({"username": "wim"}, "name_taken"),
        ({"full_name": "http://nora.nl"}, "screened_link"),
    ],
)
def test_a_joiner_who_cannot_be_is_refused_with_a_reason_and_nothing_is_stored(office, changed, why):
    before = office.count("permissions_user"), office.count("permissions_memberchange")
    with pytest.raises(Malformed, match=why):
        perform(office.bea, PEOPLE, None, {"joiner": {**JOINER, **changed}})
    assert (office.count("permissions_user"), office.count("permissions_memberchange")) == before


def test_a_sign_in_name_as_people_write_them_is_taken(office):
    for name in ("j.jansen", "nora", "n-de-vries", "p123", "j.van.den.berg"):
        perform(office.bea, PEOPLE, None, {"joiner": {**JOINER, "username": name}})
    with pytest.raises(Malformed, match="name_taken"):
        perform(office.bram, PEOPLE, None, {"joiner": {**JOINER, "username": "nora"}})


def test_who_leaves_is_named_on_no_case_and_the_case_waits_on_the_list_of_who_assigns(office):
    case, _ = office.track("draft")
    perform(office.bea, PEOPLE, office.lies.membership_id, {"leaving": LEAVING})
    named = "SELECT count(*) FROM casework_assignment WHERE content_object_id = %s AND ends_at IS NULL"
    assert office.rows(named, case) == [(0,)]
    with acting_as(office.saskia, Role.SUPERVISOR, Action.SEE_CASE), connection.cursor() as cursor:
        cursor.execute("SELECT lock.unheld_cases()")
        assert case in cursor.fetchone()[0]
    stored = "SELECT kind, code, text, asked_by_id FROM permissions_memberchange"
    assert office.rows(stored) == [("end", "other_employer", "Werkt vanaf nu elders.", office.bea.person_id)]
    with pytest.raises(Refused):
        office.opened("lies")
    with pytest.raises(Malformed, match="left_already"):
        perform(office.bea, PEOPLE, office.lies.membership_id, {"leaving": LEAVING})


def test_somebody_who_left_comes_back_under_the_same_name_with_a_membership_of_its_own(office):
    old = office.lies.membership_id
    perform(office.bea, PEOPLE, old, {"leaving": LEAVING})
    done = perform(office.bea, PEOPLE, old, {"member_roles": {"roles": ["quality_checker"]}})
    assert roles_of(office, "lies") == [["quality_checker"]]
    assert set(done.made) == {"membership"}, "they have a password"
    assert done.id != old
    with pytest.raises(Malformed, match="waits_already"):
        perform(office.bea, PEOPLE, old, {"member_roles": {"roles": ["quality_checker"]}})


def test_an_end_settles_what_still_waited_for_that_person(office):
    asked = perform(office.bea, PEOPLE, office.lies.membership_id, {"member_roles": {"roles": ["auditor"]}})
    perform(office.bert, PEOPLE, office.lies.membership_id, {"leaving": LEAVING})
    with pytest.raises(DoneBefore):
        perform(office.bert, PEOPLE, asked.id)
    assert roles_of(office, "lies") == []


def test_a_new_link_is_made_for_who_never_signed_in_and_for_nobody_else(office):
    done = perform(office.bea, PEOPLE, None, {"joiner": JOINER})
    perform(office.bert, PEOPLE, done.made["membership"])
    links = "SELECT count(*) FILTER (WHERE withdrawn_at IS NULL), count(*) FROM permissions_invitation"
    assert office.rows(links) == [(1, 2)]
    with pytest.raises(Malformed, match="signs_in_already"):
        perform(office.bea, PEOPLE, office.lies.membership_id)


def test_a_request_that_is_sent_twice_makes_one_person_and_the_same_link(office):
    same = uuid4()
    done = [perform(office.bea, PEOPLE, None, {"joiner": JOINER}, operation=same) for _ in range(2)]
    assert done[0].made == done[1].made
    assert office.rows("SELECT count(*) FROM permissions_user WHERE username = 'nora'") == [(1,)]


def test_every_change_and_every_refused_try_stands_on_the_trail(office):
    perform(office.bea, PEOPLE, office.lies.membership_id, {"leaving": LEAVING})
    with pytest.raises(Refused):
        perform(office.bea, PEOPLE, office.bea.membership_id, {"leaving": LEAVING})
    said = "SELECT outcome FROM audit_entry WHERE actor_id = %s AND word = 'manage_people' ORDER BY id"
    found = [row[0] for row in office.rows(said, office.bea.person_id)]
    assert "done" in found
    assert found[-1] == "refused"
