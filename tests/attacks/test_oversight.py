"""Oversight keeps to its own organisation: nobody is named, and no number is known to exist, that is not theirs."""

import pytest

from casework.inputs import Malformed
from casework.services import perform
from permissions.vocabulary import Action
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
