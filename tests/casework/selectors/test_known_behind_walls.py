"""Whom an agency knows behind a wall, and who is told of a report of which a wall keeps them."""

from casework.actions.perform import perform
from permissions.vocabulary import Action, Role
from tests.casework.facts.test_leaving import joined
from tests.casework.selectors.test_radar import come_in, reference_of
from tests.world import World, signed_in

WALL = {"text": "Een vader van school van dit gezin."}
CHOICE = {"known_here-code": "joined_to_household", "known_here-text": "Hetzelfde kind."}


def before(world: World, who: str, case) -> None:
    """Put a wall before somebody of Veilig Thuis."""
    supervisor = world.people.get("sanne") or joined("sanne", "Veilig Thuis Proefstad", Role.SUPERVISOR)
    world.people["sanne"] = supervisor
    perform(supervisor, Action.WALL_PERSON, case, {"wall": {"person": world.people[who].person_id, **WALL}})


def test_a_household_behind_a_wall_is_told_as_there_without_its_case(world: World):
    earlier, _, handoff = come_in(world)
    called = reference_of(world, earlier)
    before(world, "vera", earlier)
    client = signed_in("vera")
    page = client.get(f"/handoffs/{handoff}/accept_handoff").content.decode()
    assert "known_here" in page, "that there is one is told"
    assert called not in page
    assert str(earlier) not in page
    assert "Wim Werker" not in page.split("known_here", 1)[1]
    refused = client.post(f"/handoffs/{handoff}/accept_handoff", {**CHOICE, "known_here-case": str(earlier)})
    assert refused.status_code != 302
    assert world.rows("SELECT count(*) FROM casework_storedfact WHERE fact = 'new_signal'") == [(0,)]


def test_who_holds_the_household_is_not_named_on_a_report_from_which_a_wall_keeps_them(world: World):
    earlier, case, handoff = come_in(world)
    before(world, "wim", case)
    answer = signed_in("vera").post(f"/handoffs/{handoff}/accept_handoff", {**CHOICE, "known_here-case": str(earlier)})
    assert answer.status_code == 302
    assert world.rows("SELECT count(*) FROM casework_storedfact WHERE fact = 'new_signal'") == [(1,)]
    named = "SELECT count(*) FROM casework_assignment WHERE content_object_id = %s AND user_id = %s AND ends_at IS NULL"
    assert world.rows(named, case, world.wim.person_id) == [(0,)]
