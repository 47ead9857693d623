"""What a case is called is drawn by the keeper, anew for each agency: it follows from nothing that somebody else knows."""

from uuid import UUID

from permissions.vocabulary import Action
from tests.world import perform

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Of what a reference is drawn: no letter that is taken for a figure or another letter when it is said."""


def references(world, case: UUID) -> dict[int, str]:
    rows = world.rows("SELECT group_id, reference FROM casework_participation WHERE content_object_id = %s", case)
    return {agency: str(called) for agency, called in rows}


def test_each_agency_has_a_reference_of_its_own_for_a_case(world):
    case, _ = world.track()
    world.delivered(case)
    called = references(world, case)
    assert set(called) == {world.agency("lies"), world.agency("wim")}
    assert len(set(called.values())) == 2


def test_an_agency_that_takes_part_again_calls_the_case_as_before(world):
    case, _ = world.track()
    first = world.delivered(case)
    before = references(world, case)
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, first)
    why = {"reason": {"code": "wrong_receiver", "text": "Dit hoort bij een andere organisatie."}}
    perform(world.vera, Action.REFUSE_HANDOFF, first, why)
    world.delivered(case)
    assert references(world, case) == before


def test_an_agency_that_left_and_takes_part_once_more_calls_the_case_as_before(world):
    case, _ = world.track()
    why = {"reason": {"code": "sent_by_mistake", "text": "Dit was voor een andere zaak bedoeld."}}
    for _ in range(2):
        handoff = world.delivered(case, kind="referral", receiver="wanda", basis="WPG_15")
        perform(world.dirk, Action.WITHDRAW_HANDOFF, handoff, why)
    query = (
        "SELECT reference, ends_at IS NOT NULL FROM casework_participation WHERE content_object_id = %s AND group_id = %s"
    )
    (first, second) = world.rows(f"{query} ORDER BY starts_at", case, world.agency("wanda"))
    assert first == second
    assert first[1], "they had left in between"


def test_a_reference_follows_from_no_id(world):
    """Of cases that are opened one after the other each letter differs, and none is what was once made of the ids."""
    cases = [world.track()[0] for _ in range(24)]
    called = [references(world, case)[world.agency("lies")] for case in cases]
    assert len(set(called)) == len(called)
    for place in range(-6, 0):
        assert len({reference[place] for reference in called}) > 8
    mixed = [(case.int ^ (world.agency("lies") * 0x9E3779B97F4A7C15)) % 32**6 for case in cases]
    made = ["".join(ALPHABET[(number >> (5 * place)) & 31] for place in range(6)) for number in mixed]
    assert not {reference[-6:] for reference in called} & set(made)


def test_a_reference_is_of_letters_that_can_be_said(world):
    case, _ = world.track()
    (called,) = references(world, case).values()
    year, _, letters = called.partition("-")
    assert year.isdecimal()
    assert len(letters) == 6
    assert set(letters) <= set(ALPHABET)
