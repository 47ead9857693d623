"""How far a reader goes from a click to the trail: no further than written here (docs/decisions/0023)."""

import pytest

from tests.trace import followed, show
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
        pytest.param(scheduling, 66, 251, 162, id="schedule_visit"),
        pytest.param(sending, 41, 129, 88, id="send_handoff"),
    ],
)
def test_an_act_goes_through_no_more_files_and_functions_than_before(world, act, files, functions, moves):
    answers = []
    for _ in ("what is remembered is read", "and then it is counted"):
        who, address, form = act(world)
        client = signed_in(who)
        client.get("/work")
        with followed() as way:
            answers.append(client.post(address, form))
    show(way)
    assert [answer.status_code for answer in answers] == [302, 302], answers[-1].content
    assert len(way.files) <= files
    assert len(way.functions) <= functions
    assert len(way.moves) <= moves
