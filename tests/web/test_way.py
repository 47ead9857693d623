"""How far a reader goes from a click to the trail: no further than written here, and each figure may only shrink."""

import pytest

from tests.trace import way_of
from tests.web.test_statements import form_of
from tests.world import PLAN, signed_in


def scheduling(world):
    """Lies schedules a visit."""
    _, track = world.track("visit_planned")
    plan = {**PLAN["visit_plan"], "officers": "Agent Een, Agent Twee"}
    return "lies", f"/tracks/{track}/schedule_visit", form_of({"visit_plan": plan})


def sending(world):
    """Karin sends a concern report that she checked."""
    case, _ = world.track()
    handoff = world.package(case)
    signed_in("karin").post(f"/handoffs/{handoff}/check_handoff", {})
    return "karin", f"/handoffs/{handoff}/send_handoff", {}


@pytest.mark.parametrize(
    ("act", "files", "functions", "moves"),
    [
        pytest.param(scheduling, 64, 243, 169, id="schedule_visit"),
        pytest.param(sending, 41, 130, 91, id="send_handoff"),
    ],
)
def test_an_act_goes_through_no_more_files_and_functions_than_before(world, act, files, functions, moves):
    who, address, form = act(world)
    client = signed_in(who)
    client.get("/work")
    answers = []
    way = way_of(lambda: answers.append(client.post(address, form)))
    assert answers[0].status_code == 302, answers[0].content
    assert len(way.files) <= files
    assert len(way.functions) <= functions
    assert len(way.moves) <= moves
