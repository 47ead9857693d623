"""Oversight keeps to its own organisation: nobody is named, and no number is known to exist, that is not theirs."""

import pytest
from django.db import connection

from casework.actions.perform import perform
from casework.input.read import Malformed
from permissions.acting import acting_as
from permissions.vocabulary import Action, Role
from tests.world import World, signed_in

WHY = "Een bevinding van genoeg tekens om te bewaren."


def strangers(world: World) -> list[int]:
    """People of another organisation, a system actor, and numbers that nobody has."""
    return [world.wim.person_id, world.anke.person_id, 1, 99_999, 2**31 - 1]


@pytest.mark.parametrize("place", range(5))
def test_a_finding_and_a_sign_off_are_about_people_of_the_own_organisation_alone(world: World, place: int) -> None:
    person = strangers(world)[place]
    with pytest.raises(Malformed, match="no_such_member"):
        perform(world.arie, Action.RAISE_FINDING, None, {"finding": {"person": person, "text": WHY}})
    given = {"since": "2026-01-01", "until": "2026-01-31", "person": person, "text": WHY}
    with pytest.raises(Malformed, match="no_such_member"):
        perform(world.arie, Action.SIGN_OFF_REVIEW, None, {"sign_off": given})
    assert (world.count("casework_finding"), world.count("casework_review")) == (0, 0)


def test_who_is_there_and_who_is_not_are_answered_alike_and_by_no_name(world: World) -> None:
    client = signed_in("arie")
    answers = []
    for person in strangers(world):
        answer = client.post("/findings/new", {"finding-person": str(person), "finding-text": WHY})
        page = answer.content.decode().replace(str(person), "")
        answers.append((answer.status_code, "Wim Werker" in page, "Anke Auditor" in page))
    assert set(answers) == {(answers[0][0], False, False)}
    assert answers[0][0] in {404, 422}
    done = perform(world.arie, Action.RAISE_FINDING, None, {"finding": {"person": world.leo.person_id, "text": WHY}})
    assert done.id


@pytest.mark.parametrize("who", ["wim", "wanda", "leo"])
def test_every_refused_look_at_something_that_exists_reaches_those_who_watch_over_it(world: World, who: str) -> None:
    case, track = world.track("triage")
    handoff = world.package(case)
    client = signed_in(who)
    paths = {
        "see_case": f"/cases/{case}",
        "print_case": f"/cases/{case}/print_case",
        "add_note": f"/cases/{case}/add_note",
        "submit": f"/tracks/{track}/submit",
        "see_handoff": f"/handoffs/{handoff}",
    }
    for path in paths.values():
        assert client.get(path).status_code == 404
    tried = "SELECT word, record_agency_id FROM audit_entry WHERE outcome = 'refused' AND actor_id = %s AND case_id = %s"
    found = dict(world.rows(tried, world.people[who].person_id, case))
    assert found == dict.fromkeys(paths, world.agency("lies"))
    name = world.people[who].name
    assert name in signed_in("saskia").get(f"/cases/{case}/see_case_log").content.decode()
    mine = "SELECT count(*) FROM audit_entry WHERE outcome = 'refused' AND actor_id = %s"
    with acting_as(world.arie, Role.AUDITOR, Action.SEE_ACCESS_LOG), connection.cursor() as cursor:
        cursor.execute(mine, [world.people[who].person_id])
        assert cursor.fetchone() == (len(paths),), "row security shows them to the owner's auditor"
