"""A conflict of interest is declared as soon as one can know of it, and closes everything at once."""

import pytest

from casework.actions.perform import perform
from permissions.decision import Missing, Refused
from permissions.vocabulary import Action
from tests.world import signed_in

WHY = {"wall": {"text": "De betrokkene is een familielid van mij."}}


@pytest.mark.parametrize(("who", "colleague"), [("wim", "ilse"), ("ilse", "wim"), ("vera", "wim")])
def test_who_reads_a_package_at_the_desk_declares_a_conflict_before_acknowledging_it(world, who, colleague):
    case, _ = world.track()
    handoff = world.delivered(case)
    client = signed_in(who)
    page = client.get(f"/handoffs/{handoff}").content.decode()
    assert "Testpersoon" in page
    assert f"/handoffs/{handoff}/declare_conflict" in page
    answer = client.post(f"/handoffs/{handoff}/declare_conflict", {"wall-text": WHY["wall"]["text"]}, follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[0] == ("/", 302)
    assert world.rows("SELECT case_id, user_id FROM casework_wall") == [(case, world.people[who].person_id)]
    assert client.get(f"/handoffs/{handoff}").status_code == 404
    assert str(handoff) not in client.get("/desk").content.decode()
    with pytest.raises(Missing):
        perform(world.people[who], Action.ACKNOWLEDGE_HANDOFF, handoff)
    perform(world.people[colleague], Action.ACKNOWLEDGE_HANDOFF, handoff)


def test_nobody_declares_a_conflict_in_what_they_cannot_read(world):
    case, _ = world.track()
    prepared = world.package(case)
    for who, what in (("wim", prepared), ("wim", case), ("joke", prepared), ("leo", prepared)):
        with pytest.raises(Refused):
            perform(world.people[who], Action.DECLARE_CONFLICT, what, WHY)
    assert world.count("casework_wall") == 0


def test_declaring_a_conflict_leaves_no_refused_entry_of_the_page_that_it_closed(world):
    case, _ = world.track()
    client = signed_in("lies")
    answer = client.post(f"/cases/{case}/declare_conflict", {"wall-text": WHY["wall"]["text"]}, follow=True)
    assert answer.status_code == 200
    assert world.rows("SELECT word FROM audit_entry WHERE outcome = 'refused'") == []
