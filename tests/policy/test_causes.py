"""Why an act is not possible now: its cause stands beside the true state, and the page says it in a sentence."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import translation

from casework.actions.handlers import HANDLERS
from casework.actions.perform import perform as do
from casework.actions.request import ActionRequest
from casework.input.wording import cause_in_words
from casework.oversight.exports import file_of_export
from casework.worker.carry_out import run_due
from permissions.acting import act, acting, scenario_moment
from permissions.installing import system_actor
from permissions.vocabulary import Action, Role
from tests.policy.test_reasons import MONDAY, WHY, changed, delivered, emergency, one, page_of
from tests.world import World, perform, signed_in
from workflows.causes import Cause
from workflows.table import NotNow

ADVICE = {"date": "2026-01-05", "asker": "professional", "subject": "child_abuse", "advice": "what_to_do"}


@pytest.fixture
def clock():
    """A scenario's clock that stands at a Monday when the test begins."""
    token = scenario_moment.set(MONDAY)
    yield scenario_moment.set
    scenario_moment.reset(token)


def scheduler(world: World, action: Action, on: UUID, role: Role = Role.SCHEDULER, who: str = "lies") -> None:
    """An act of the program itself."""
    act(system_actor(role, world.agency(who)), action, lambda: HANDLERS[action](ActionRequest(acting(), on, {}, None)))


def no_step(world: World) -> None:
    _, track = world.track("submitted")
    perform(world.lies, Action.SUBMIT, track)


def other_end(world: World) -> None:
    handoff = delivered(world)
    perform(world.ilse, Action.ACKNOWLEDGE_HANDOFF, handoff)
    perform(world.lies, Action.RETURN_HANDOFF, handoff, {"question": {"code": "content", "text": WHY}})


def done_before(world: World) -> None:
    asked = emergency(world, world.track()[0], world.leo)
    for who in (world.saskia, world.sjoerd):
        perform(who, Action.REVIEW_EMERGENCY, asked, {"verdict": {"code": "justified", "text": WHY}})


def nothing_owed(world: World) -> None:
    scheduler(world, Action.DELIVER_CORRECTION, delivered(world), Role.COURIER, "wim")


def nothing_asked(world: World) -> None:
    perform(world.saskia, Action.APPROVE, world.track("visit_planned")[1])


def named_already(world: World) -> None:
    emergency(world, world.track()[0], world.lies)


def ended(world: World) -> None:
    asked = emergency(world, world.track()[0], world.leo)
    scenario_moment.set(MONDAY + timedelta(days=1))
    perform(world.leo, Action.END_EMERGENCY, asked)


def no_wall(world: World) -> None:
    perform(world.saskia, Action.LIFT_WALL, world.track()[0], {"lifting": {"person": world.lies.person_id, "text": WHY}})


def term(clock: str) -> dict[str, Any]:
    return {"term": {"clock": clock, "until": "2027-01-20", "text": WHY}}


def no_such_term(world: World) -> None:
    perform(world.lies, Action.EXTEND_DEADLINE, world.track()[0], term("TRIAGE"))


def not_escalated(world: World) -> None:
    said = {"acknowledgement": {"clock": "TAKE_UP", "text": WHY}}
    perform(world.saskia, Action.ACKNOWLEDGE_ESCALATION, world.track("submitted")[0], said)


def fixed_term(world: World) -> None:
    case, _ = world.track()
    handoff = world.sent(case)
    run_due(scenario_moment.get() or MONDAY, on_scenario_clock=True)
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
    perform(world.wim, Action.PAUSE_DEADLINE, case, term("INFORM_SUBJECT"))


def not_overdue(world: World) -> None:
    world.track("submitted")
    scheduler(world, Action.ESCALATE_DEADLINE, one(world, "SELECT id FROM casework_deadline WHERE clock = 'TAKE_UP'"))


def visit(world: World) -> None:
    perform(world.lies, Action.OPEN_HELP, world.track()[0])


def no_advice_here(world: World) -> None:
    perform(world.joke, Action.RECORD_ADVICE, None, {"advice": ADVICE})


def building(world: World) -> None:
    given = {"export": {"format": "csv", "since": "gisteren", "until": "vandaag", "text": WHY}}
    export = perform(world.arie, Action.EXPORT_TRAIL, None, given).id
    assert export
    act(world.arie, Action.EXPORT_TRAIL, lambda: file_of_export(export))


def not_here(world: World) -> None:
    do(world.saskia, Action.SEE_STATISTICS)


NOT_NOW: dict[Cause, Callable[[World], None]] = {
    Cause.NO_STEP: no_step,
    Cause.OTHER_END: other_end,
    Cause.DONE_BEFORE: done_before,
    Cause.NOTHING_OWED: nothing_owed,
    Cause.NOTHING_ASKED: nothing_asked,
    Cause.CHANGED: changed,
    Cause.NAMED_ALREADY: named_already,
    Cause.ENDED: ended,
    Cause.NO_WALL: no_wall,
    Cause.NO_SUCH_TERM: no_such_term,
    Cause.NOT_ESCALATED: not_escalated,
    Cause.FIXED_TERM: fixed_term,
    Cause.NOT_OVERDUE: not_overdue,
    Cause.VISIT: visit,
    Cause.NO_ADVICE_HERE: no_advice_here,
    Cause.BUILDING: building,
    Cause.NOT_HERE: not_here,
}
"""An act for every cause that keeps somebody from what they may do."""


STATES = {
    Cause.NO_STEP: "submitted",
    Cause.OTHER_END: "acknowledged",
    Cause.DONE_BEFORE: "justified",
    Cause.NOTHING_OWED: "delivered",
    Cause.NOTHING_ASKED: "visit_planned",
    Cause.CHANGED: "visit_done",
}
"""The true state that goes with each; the others are about none."""


def test_there_is_an_act_for_every_cause():
    assert {*NOT_NOW} == {*Cause}


@pytest.mark.parametrize("cause", NOT_NOW)
def test_what_is_not_possible_now_carries_its_cause_beside_the_true_state(world, clock, cause):
    with pytest.raises(NotNow) as found:
        NOT_NOW[cause](world)
    assert (found.value.cause, found.value.state) == (cause, STATES.get(cause))
    assert found.value.action in Action


@pytest.mark.parametrize(
    ("cause", "path"), [(Cause.VISIT, "/cases/{case}/open_help"), (Cause.NOTHING_ASKED, "/tracks/{track}/approve")]
)
def test_the_page_says_in_a_sentence_why_it_is_not_possible_now(world, cause, path):
    case, track = world.track("visit_planned")
    who = {Cause.VISIT: "lies", Cause.NOTHING_ASKED: "saskia"}[cause]
    page = page_of(signed_in(who).post(path.format(case=case, track=track), {}))
    with translation.override("nl"):
        assert cause_in_words(cause) in page
