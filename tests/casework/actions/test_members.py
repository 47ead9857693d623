"""Administrators arrange who belongs to their organisation; what takes two people waits for the second."""

from datetime import UTC, datetime

import pytest

from casework.actions.lost_races import DoneBefore
from casework.actions.perform import perform
from permissions.decision import Refused
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
