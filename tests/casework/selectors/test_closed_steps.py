"""A step that a stored code closes is not offered: the page says why instead."""

import pytest

from casework.actions.perform import perform
from casework.selectors import read_record
from permissions.acting import act
from permissions.vocabulary import Action
from tests.casework.facts.test_what_stands_together import decision, minor_visited
from tests.casework.selectors.test_worklist import list_of
from tests.world import REPORT, signed_in
from workflows.tracks import RECORDED_CLOCKS


def offered(world, who, case):
    page = act(world.people[who], Action.READ_RECORD, lambda: read_record(case))
    view = next(view for view in page.tracks if view.track.kind == "warning")
    return set(view.actions), {action: (fact, code) for action, fact, code in view.closed}


@pytest.mark.parametrize(("code", "is_open"), [("warning", True), ("halt", False), ("no_action", False)])
def test_who_reads_that_the_youth_prosecutor_chose_otherwise_is_offered_no_warning(world, code, is_open):
    case, track = minor_visited(world)
    assert Action.WARN in offered(world, "lies", case)[0], "nothing was decided yet"
    perform(world.lies, Action.WRITE_RECORD, track, decision(code, "today"))
    steps, closed = offered(world, "lies", case)
    assert (Action.WARN in steps) is is_open
    assert closed.get(Action.WARN) == (None if is_open else ("youth_prosecutor_decision", code))
    assert Action.ESCALATE in steps, "what is wrong can always be told"
    link = f"/tracks/{track}/warn"
    assert (link in signed_in("lies").get(f"/cases/{case}").content.decode()) is is_open


def test_after_a_visit_at_which_nobody_was_home_no_warning_is_offered(world):
    case, track = world.track("visit_scheduled")
    report = {**REPORT, "visit_report": {"outcome": "nobody_home", "date": "today", "cautioned": "no"}}
    perform(world.lies, Action.RECORD_VISIT, track, report)
    steps, closed = offered(world, "lies", case)
    assert Action.WARN not in steps
    assert closed[Action.WARN] == ("visit_report", "nobody_home")


def next_of(world, who, track):
    """The step that a worklist names for a track, by term or without one."""
    return {row.step.way.verb for row in list_of(world, who) if row.about_id == track and row.clock not in RECORDED_CLOCKS}


def test_a_worklist_names_no_step_that_a_decision_closes_but_what_it_opens(world):
    _, track = minor_visited(world)
    perform(world.lies, Action.WRITE_RECORD, track, decision("halt", "today"))
    assert next_of(world, "lies", track) == next_of(world, "dirk", track) == {Action.CLOSE_UNWARNED}


def test_a_worklist_names_the_warning_where_nothing_closes_it(world):
    _, track = minor_visited(world)
    perform(world.lies, Action.WRITE_RECORD, track, decision("warning", "today"))
    assert next_of(world, "lies", track) == {Action.WARN}


@pytest.mark.parametrize("who", ["lies", "dirk"])
def test_after_an_outcome_without_a_warning_the_worklist_says_what_is_left(world, who):
    _, track = world.track("visit_scheduled")
    report = {**REPORT, "visit_report": {"outcome": "nobody_home", "date": "today", "cautioned": "no"}}
    perform(world.lies, Action.RECORD_VISIT, track, report)
    assert next_of(world, who, track) == {Action.RETARGET}
