"""A step that a stored code closes is not offered: the page says why instead."""

import pytest

from casework.selectors import read_record
from casework.services import perform
from permissions.acting import act
from permissions.vocabulary import Action
from tests.casework.test_what_stands_together import decision, minor_visited
from tests.world import REPORT, signed_in


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
