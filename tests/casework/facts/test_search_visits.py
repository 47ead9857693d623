"""A large scale or several reports make of a visit a search visit; they keep nobody from being visited."""

import pytest

from casework.actions.perform import perform
from permissions.vocabulary import Action
from tests.world import PLAN, checklist
from workflows.table import Incomplete

WITH_ORDER = {"code": "warn_and_search", "authority": "order", "date": "today"}
WHY = "De officier ziet geen grond om te doorzoeken."


def planned(world, answer, **decided):
    _, track = world.track("triage")
    content = checklist()
    content["exclusions"]["large_scale_or_repeat_reports"] = answer
    perform(world.dirk, Action.PLAN_VISIT, track, content | decided)
    return track


@pytest.mark.parametrize("answer", ["yes", "unknown"])
def test_a_large_scale_is_no_exclusion_and_the_visit_waits_for_the_decision_to_search(world, answer):
    track = planned(world, answer)
    with pytest.raises(Incomplete) as found:
        perform(world.lies, Action.SCHEDULE_VISIT, track, PLAN)
    assert found.value.missing == ("search_decided",)
    perform(world.lies, Action.SCHEDULE_VISIT, track, PLAN | {"search_decided": WITH_ORDER})


def test_a_search_is_decided_with_the_decision_to_visit(world):
    track = planned(world, "yes", search_decided=WITH_ORDER)
    perform(world.lies, Action.SCHEDULE_VISIT, track, PLAN)


@pytest.mark.parametrize(
    "decided",
    [
        {"code": "warn_and_search", "date": "today"},
        {"code": "visit_without_search", "date": "today"},
        {"code": "visit_without_search", "date": "today", "text": "te kort"},
        {"code": "visit_without_search", "date": "today", "text": WHY},
    ],
)
def test_no_authority_no_reason_or_no_decider_decides_no_search(world, decided):
    """The last of these has its reason, but is said by who visits and not by who decides."""
    track = planned(world, "yes")
    with pytest.raises(Incomplete) as found:
        perform(world.lies, Action.SCHEDULE_VISIT, track, PLAN | {"search_decided": decided})
    assert found.value.missing == ("search_decided",)


def test_who_decides_says_why_a_visit_is_made_without_a_search(world):
    without = {"code": "visit_without_search", "date": "today", "text": WHY}
    perform(world.lies, Action.SCHEDULE_VISIT, planned(world, "yes", search_decided=without), PLAN)
    perform(world.dirk, Action.SCHEDULE_VISIT, planned(world, "unknown"), PLAN | {"search_decided": without})


def test_where_there_is_no_large_scale_nothing_needs_to_be_decided(world):
    perform(world.lies, Action.SCHEDULE_VISIT, planned(world, "no"), PLAN)
