"""Children who were found are reported, or another agrees why not; what came to nothing is sent again or given up."""

from datetime import UTC, datetime, timedelta

import pytest

from casework.input.read import Malformed
from casework.worker.carry_out import run_due
from permissions.acting import scenario_moment
from permissions.decision import Refused
from permissions.vocabulary import Action
from tests.world import PLAN, REPORT, World, checklist, perform
from workflows.clocks import CLOCKS
from workflows.table import NotNow

WHY = "De kinderen wonen bij hun moeder in een andere plaats."
MONDAY = datetime(2027, 1, 4, 9, tzinfo=UTC)
BACK = {"reason": {"code": "wrong_receiver", "text": "Dit hoort bij een andere organisatie."}}


@pytest.fixture
def clock():
    """Sets the scenario's clock; it stands at a Monday when the test begins."""
    token = scenario_moment.set(MONDAY)
    yield scenario_moment.set
    scenario_moment.reset(token)


TOLD = {"items": ["identity", "household", "child_check"]}
"""What a report on children that were found holds, beside whom the visit was paid to."""


def running(world: World, clock: str, who: str = "lies") -> list[bool]:
    query = "SELECT met_at IS NULL FROM casework_deadline WHERE clock = %s AND agency_id = %s ORDER BY started_at, id"
    return [row[0] for row in world.rows(query, clock, world.agency(who))]


def visited(world, answer, **more):
    """A visit at which the child check ended in this answer: its case and its track."""
    done = world.opened()
    case, track = done.made["case"], done.made["warning"]
    perform(world.lies, Action.SUBMIT, track)
    perform(world.dirk, Action.TAKE_UP, track)
    perform(world.dirk, Action.PLAN_VISIT, track, checklist())
    perform(world.lies, Action.SCHEDULE_VISIT, track, PLAN)
    perform(world.lies, Action.RECORD_VISIT, track, {**REPORT, "child_check": {"code": answer}, **more})
    return case, track


def acknowledged(world, case, **changes):
    handoff = world.delivered(case, **changes)
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
    return handoff


@pytest.mark.parametrize(
    ("answer", "found"), [("in_household", True), ("contact", True), ("none", False), ("unknown", False)]
)
def test_children_found_at_a_visit_start_a_clock_and_nothing_else_does(world, answer, found):
    visited(world, answer)
    assert running(world, "CHILDREN_FOUND") == ([True] if found else [])


def test_it_starts_whatever_act_stores_the_child_check(world):
    case, track = visited(world, "unknown")
    assert running(world, "CHILD_CHECK") == [True], "an unknown answer plans a task"
    perform(world.lies, Action.WRITE_RECORD, case, {"child_check": {"code": "contact"}})
    assert running(world, "CHILD_CHECK") == [False]
    assert running(world, "CHILDREN_FOUND") == [True]
    perform(world.lies, Action.WRITE_RECORD, track, {"child_check": {"code": "in_household"}})
    assert running(world, "CHILDREN_FOUND") == [True], "a running clock does not start again"


def test_an_unknown_answer_stays_a_task_until_it_is_known(world):
    case, _ = visited(world, "unknown")
    perform(world.lies, Action.WRITE_RECORD, case, {"child_check": {"code": "unknown"}})
    assert running(world, "CHILD_CHECK") == [True]
    perform(world.lies, Action.WRITE_RECORD, case, {"child_check": {"code": "none"}})
    assert running(world, "CHILD_CHECK") == [False]
    assert running(world, "CHILDREN_FOUND") == []


def test_a_delivered_report_stops_it_and_one_that_is_only_sent_does_not(world):
    case, _ = visited(world, "in_household")
    world.sent(case, **TOLD)
    assert running(world, "CHILDREN_FOUND") == [True]
    world.work()
    assert running(world, "CHILDREN_FOUND") == [False]
    perform(world.lies, Action.WRITE_RECORD, case, {"child_check": {"code": "in_household"}})
    assert running(world, "CHILDREN_FOUND") == [False], "the report on these children is delivered"


def test_a_report_that_tells_of_no_child_leaves_the_children_to_be_reported(world):
    """Only who was visited: his name says nothing of the children who were found."""
    case, _ = visited(world, "in_household")
    world.delivered(case)
    assert running(world, "CHILDREN_FOUND") == [True]
    child = {"person": {"role": "minor", "given_names": "Kim", "birth_date": "2018-02-03"}}
    perform(world.lies, Action.WRITE_RECORD, case, child)
    who = world.rows("SELECT id FROM casework_personincase WHERE role = 'minor'")[0][0]
    world.delivered(case, items=["household"])
    assert running(world, "CHILDREN_FOUND") == [True], "an address tells of nobody"
    world.delivered(case, items=[f"person:{who}"])
    assert running(world, "CHILDREN_FOUND") == [False]


def test_a_report_with_a_check_that_found_nobody_is_none_on_the_children_found_later(world):
    case, _ = visited(world, "unknown")
    handoff = world.package(case, **TOLD)
    perform(world.lies, Action.WRITE_RECORD, case, {"child_check": {"code": "contact"}})
    perform(world.karin, Action.CHECK_HANDOFF, handoff)
    perform(world.karin, Action.SEND_HANDOFF, handoff)
    world.work()
    assert running(world, "CHILDREN_FOUND") == [True]


@pytest.mark.parametrize("end", ["refused", "withdrawn", "expired"])
def test_a_report_that_comes_to_nothing_starts_it_anew_and_asks_to_send_again(world, clock, end):
    case, _ = visited(world, "contact")
    handoff = world.sent(case, **TOLD)
    run_due(scenario_moment.get() or MONDAY, on_scenario_clock=True)
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
    if end == "refused":
        perform(world.vera, Action.REFUSE_HANDOFF, handoff, BACK)
    elif end == "withdrawn":
        why = {"reason": {"code": "situation_changed", "text": "Er is iets veranderd in het gezin."}}
        perform(world.lies, Action.WITHDRAW_HANDOFF, handoff, why)
    else:
        run_due(MONDAY + timedelta(days=30), on_scenario_clock=True)
        clock(MONDAY + timedelta(days=30))
    assert world.rows("SELECT state FROM casework_handoff") == [(end,)]
    assert running(world, "CHILDREN_FOUND") == [False, True]
    assert running(world, "HANDOFF_AGAIN") == [True]
    assert running(world, "HANDOFF_AGAIN", "wim") == []
    again = world.sent(case, **TOLD)
    run_due(scenario_moment.get() or MONDAY, on_scenario_clock=True)
    assert running(world, "CHILDREN_FOUND") == [False, False], again
    assert running(world, "HANDOFF_AGAIN") == [False]


def test_a_report_without_children_found_asks_to_send_again_and_no_more(world):
    case, _ = visited(world, "none")
    perform(world.vera, Action.REFUSE_HANDOFF, acknowledged(world, case), BACK)
    assert running(world, "CHILDREN_FOUND") == []
    assert running(world, "HANDOFF_AGAIN") == [True]


def test_an_earlier_report_that_fails_while_a_later_one_lies_at_the_receiver_starts_nothing(world):
    case, _ = visited(world, "in_household")
    first = acknowledged(world, case, **TOLD)
    world.delivered(case, **TOLD)
    perform(world.vera, Action.REFUSE_HANDOFF, first, BACK)
    assert running(world, "CHILDREN_FOUND") == [False]


def test_a_package_that_was_never_sent_is_taken_back_without_a_question(world):
    case, _ = visited(world, "in_household")
    perform(world.lies, Action.WITHDRAW_HANDOFF, world.package(case))
    assert running(world, "HANDOFF_AGAIN") == []
    assert running(world, "CHILDREN_FOUND") == [True], "the children are still to be reported"


def test_a_reasoned_no_counts_when_another_has_approved_it(world):
    case, track = visited(world, "in_household")
    ask = {"approval": {"action": "no_concern_report", "text": "Graag meekijken naar deze reden."}}
    with pytest.raises(Malformed, match="no_reason_stored"):
        perform(world.lies, Action.ASK_APPROVAL, track, ask)
    perform(world.lies, Action.WRITE_RECORD, case, {"no_concern_report": {"text": WHY}})
    assert running(world, "CHILDREN_FOUND") == [True]
    perform(world.lies, Action.ASK_APPROVAL, track, ask)
    with pytest.raises(Refused):
        perform(world.lies, Action.APPROVE, track)
    assert running(world, "CHILDREN_FOUND") == [True]
    perform(world.dirk, Action.APPROVE, track)
    assert running(world, "CHILDREN_FOUND") == [False]


def test_a_reason_that_changed_after_it_was_asked_is_not_approved(world):
    case, track = visited(world, "in_household")
    perform(world.lies, Action.WRITE_RECORD, case, {"no_concern_report": {"text": WHY}})
    ask = {"approval": {"action": "no_concern_report", "text": "Graag meekijken naar deze reden."}}
    perform(world.lies, Action.ASK_APPROVAL, track, ask)
    perform(world.lies, Action.WRITE_RECORD, case, {"no_concern_report": {"text": f"{WHY} En nog iets."}})
    with pytest.raises(NotNow):
        perform(world.dirk, Action.APPROVE, track)
    assert running(world, "CHILDREN_FOUND") == [True]


@pytest.mark.parametrize(("answer", "waits"), [("in_household", True), ("none", False)])
def test_giving_up_a_report_needs_approval_where_children_were_found(world, answer, waits):
    case, _ = visited(world, answer)
    handoff = acknowledged(world, case)
    given_up = {"handoff_given_up": {"handoff": handoff, "code": "no_longer_needed", "text": WHY}}
    with pytest.raises(Malformed, match="no_such_handoff"):
        perform(world.lies, Action.WRITE_RECORD, case, given_up)
    perform(world.vera, Action.REFUSE_HANDOFF, handoff, BACK)
    perform(world.lies, Action.WRITE_RECORD, case, given_up)
    assert running(world, "HANDOFF_AGAIN") == [waits]
    if waits:
        ask = {"approval": {"action": "handoff_given_up", "text": "Graag meekijken naar deze reden."}}
        perform(world.lies, Action.ASK_APPROVAL, handoff, ask)
        perform(world.dirk, Action.APPROVE, handoff)
        assert running(world, "HANDOFF_AGAIN") == [False]


def test_these_clocks_stand_on_the_list_of_the_agency(world):
    case, _ = visited(world, "contact")
    due = "SELECT min(due_at) FROM casework_deadline WHERE case_id = %s AND agency_id = %s AND met_at IS NULL"
    ruled = "SELECT next_due_at FROM casework_participation WHERE content_object_id = %s AND group_id = %s"
    assert world.rows(due, case, world.agency("lies")) == world.rows(ruled, case, world.agency("lies"))
    assert CLOCKS["CHILDREN_FOUND"].numbers == (1,)


CHECK_KEPT = {"child_check": {"code": "none", "text": "Het kind woont elders en komt hier nooit, aldus de moeder."}}


def child(world, case, name="Kim", **values):
    """Write a child into the record of the police: its id."""
    person = {"role": "minor", "given_names": name, "birth_date": "2018-02-03", **values}
    perform(world.lies, Action.WRITE_RECORD, case, {"person": person})
    return world.rows("SELECT id FROM casework_personincase WHERE given_names = %s", name)[0][0]


def young(world, **born):
    """A case of the police about somebody who is under twelve, or may be: its case and its track."""
    born = born or {"birth_date": "2018-02-03"}
    done = world.opened(person={"role": "subject", "given_names": "Pim", "family_name": "Verzonnen", **born})
    return done.made["case"], done.made["warning"]


def test_a_report_that_names_one_child_leaves_the_other_to_be_reported(world):
    case, _ = visited(world, "in_household")
    one, other = child(world, case), child(world, case, "Sam")
    world.delivered(case, items=[f"person:{one}"])
    assert running(world, "CHILDREN_FOUND") == [True]
    world.delivered(case, items=[f"person:{other}"])
    assert running(world, "CHILDREN_FOUND") == [True], "no report tells of the check, nor names all who were found"
    world.delivered(case, items=[f"person:{one}", f"person:{other}"])
    assert running(world, "CHILDREN_FOUND") == [False]


@pytest.mark.parametrize(
    ("who", "owed"),
    [
        ({}, True),
        ({"birth_date": "2018"}, True),
        ({"birth_date": None, "estimated_age": 9}, True),
        ({"birth_date": None}, True),
        ({"role": "household_member"}, True),
        ({"role": "household_member", "birth_date": None, "estimated_age": 9}, True),
        ({"role": "household_member", "birth_date": None}, False),
        ({"role": "household_member", "birth_date": "1984-03-27"}, False),
        ({"role": "guardian"}, True),
        ({"role": "contact"}, True),
        ({"role": "possible_victim"}, False),
    ],
    ids=str,
)
def test_a_child_who_is_recorded_after_a_delivered_report_is_reported_too(world, who, owed):
    case, _ = visited(world, "in_household")
    world.delivered(case, **TOLD)
    assert running(world, "CHILDREN_FOUND") == [False]
    found = child(
        world,
        case,
        **{key: value for key, value in who.items() if value is not None}
        | ({"birth_date": ""} if "birth_date" in who and who["birth_date"] is None else {}),
    )
    assert running(world, "CHILDREN_FOUND") == [False, *([True] if owed else [])]
    world.delivered(case, items=["household"])
    assert running(world, "CHILDREN_FOUND")[1:] == ([True] if owed else [])
    world.delivered(case, items=[f"person:{found}"])
    assert running(world, "CHILDREN_FOUND")[1:] == ([False] if owed else [])


def test_children_found_in_another_round_are_others_until_a_report_tells_of_them(world):
    elsewhere = {"outcome": "subject_lives_elsewhere", "date": "today", "cautioned": "no"}
    case, track = visited(world, "in_household", visit_report=elsewhere)
    world.delivered(case, **TOLD)
    perform(world.lies, Action.WRITE_RECORD, track, {"child_check": {"code": "in_household"}})
    assert running(world, "CHILDREN_FOUND") == [False], "said again of the same visit"
    new = {"person": {"role": "subject", "given_names": "Ans", "family_name": "Verzonnen", "birth_date": "1980-01-02"}}
    why = {"reason": {"code": "subject_lives_elsewhere", "text": "Hij is hier vorig jaar al vertrokken."}}
    perform(world.dirk, Action.RETARGET, track, {**why, **new})
    perform(world.lies, Action.WRITE_RECORD, track, {"child_check": {"code": "in_household"}})
    assert running(world, "CHILDREN_FOUND") == [False, True], "said in another round"


def test_other_children_than_those_reported_are_reported_too(world):
    case, _ = visited(world, "in_household")
    world.delivered(case, **TOLD)
    perform(world.lies, Action.WRITE_RECORD, case, {"child_check": {"code": "contact"}})
    assert running(world, "CHILDREN_FOUND") == [False, True]
    world.delivered(case, **TOLD)
    assert running(world, "CHILDREN_FOUND") == [False, False]


def test_a_report_on_one_of_two_children_that_is_refused_starts_the_clock_anew(world):
    case, _ = visited(world, "in_household")
    world.delivered(case, **TOLD)
    late = child(world, case)
    handoff = acknowledged(world, case, items=[f"person:{late}"])
    assert running(world, "CHILDREN_FOUND") == [False, False]
    perform(world.vera, Action.REFUSE_HANDOFF, handoff, BACK)
    assert running(world, "CHILDREN_FOUND") == [False, False, True]


def test_an_approved_no_speaks_of_the_children_known_then(world):
    case, track = visited(world, "in_household")
    perform(world.lies, Action.WRITE_RECORD, case, {"no_concern_report": {"text": WHY}})
    ask = {"approval": {"action": "no_concern_report", "text": "Graag meekijken naar deze reden."}}
    perform(world.lies, Action.ASK_APPROVAL, track, ask)
    perform(world.dirk, Action.APPROVE, track)
    assert running(world, "CHILDREN_FOUND") == [False]
    child(world, case)
    assert running(world, "CHILDREN_FOUND") == [False, True]


def test_a_child_of_whom_the_check_says_why_not_is_not_reported(world):
    case, track = visited(world, "none")
    child(world, case)
    assert running(world, "CHILDREN_FOUND") == [True]
    perform(world.lies, Action.WRITE_RECORD, track, CHECK_KEPT)
    world.delivered(case)
    assert running(world, "CHILDREN_FOUND") == [False], "nobody is left to be reported"


@pytest.mark.parametrize("born", [{"birth_date": "2018-02-03"}, {"birth_date": "2018"}, {"estimated_age": 8}], ids=str)
@pytest.mark.parametrize("end", ["discard", "decline"])
def test_a_subject_under_twelve_is_reported_however_the_case_ends(world, born, end):
    case, track = young(world, **born)
    assert running(world, "CHILDREN_FOUND") == [True]
    why = {"reason": {"code": "other", "text": "Dit kind is te jong om te waarschuwen."}}
    if end == "discard":
        perform(world.lies, Action.DISCARD, track, why)
    else:
        perform(world.lies, Action.SUBMIT, track)
        perform(world.dirk, Action.TAKE_UP, track)
        perform(world.dirk, Action.DECLINE, track, why)
    assert running(world, "CHILDREN_FOUND") == [True]
    world.package(case)
    assert running(world, "CHILDREN_FOUND") == [True], "what is prepared tells nobody"
    world.delivered(case, items=["household"])
    assert running(world, "CHILDREN_FOUND") == [True]
    world.delivered(case)
    assert running(world, "CHILDREN_FOUND") == [False]


def test_twelve_years_old_is_no_child_of_this_kind(world):
    young(world, birth_date="2012-05-06")
    assert running(world, "CHILDREN_FOUND") == []


def test_a_corrected_birth_date_starts_and_stops_it(world):
    case, _ = young(world, birth_date="2012-05-06")
    who = world.rows("SELECT id FROM casework_personincase WHERE given_names = 'Pim'")[0][0]

    def born(date):
        why = {"why": "mistyped", "person": str(who), "birth_date": date}
        perform(world.lies, Action.WRITE_RECORD, case, {"person_correction": why})

    born("2019-05-06")
    assert running(world, "CHILDREN_FOUND") == [True]
    born("1999-05-06")
    assert running(world, "CHILDREN_FOUND") == [False]


def test_veilig_thuis_owes_itself_no_report(world):
    case = world.opened("wim").made["case"]
    perform(world.wim, Action.WRITE_RECORD, case, {"child_check": {"code": "in_household"}})
    assert running(world, "CHILDREN_FOUND", "wim") == []
