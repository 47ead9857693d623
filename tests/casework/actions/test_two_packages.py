"""Two packages of one case at the same receiver: what becomes of the one leaves the other as it is."""

from casework.actions.perform import perform
from permissions.vocabulary import Action
from tests.world import World, signed_in

REFUSAL = {"reason": {"code": "outside_region", "text": "Dit adres ligt in een andere regio."}}


def test_who_refuses_one_of_two_packages_still_has_the_other(world: World) -> None:
    case, _ = world.track()
    first, second = (world.delivered(case, kind="referral", receiver="wanda", basis="WPG_15") for _ in range(2))
    parts = "SELECT count(*) FROM casework_participation WHERE content_object_id = %s AND group_id = %s AND ends_at IS NULL"
    for handoff, left in ((first, 1), (second, 0)):
        perform(world.wanda, Action.ACKNOWLEDGE_HANDOFF, handoff)
        perform(world.wanda, Action.REFUSE_HANDOFF, handoff, REFUSAL)
        assert world.rows(parts, case, world.agency("wanda")) == [(left,)]
    assert signed_in("wanda").get(f"/cases/{case}").status_code == 404
