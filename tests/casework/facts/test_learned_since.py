"""What is learned after a visit was planned counts at the visit and at the warning; a reason says what the record holds."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from casework.input.read import Malformed
from permissions.acting import scenario_moment
from permissions.decision import Refused
from permissions.vocabulary import Action
from tests.casework.facts.test_children_found import running, visited
from tests.world import PERSON, PLAN, PREMISES, REPORT, checklist, perform, signed_in
from workflows.table import Incomplete

WHY = "Een verzonnen toelichting van genoeg woorden."
MONDAY = datetime(2027, 1, 4, 9, tzinfo=UTC)
ANSWER = {"prior_warning_answer": {"code": "other_person_after_all", "text": WHY}}
WITH_ORDER = {"search_decided": {"code": "warn_and_search", "authority": "order", "date": "today"}}
WITHOUT = {"search_decided": {"code": "visit_without_search", "date": "today", "text": WHY}}
SEARCHED = {
    **REPORT,
    "visit_report": {"outcome": "warned_and_search", "date": "today", "warned": 1, "searched": 1, "cautioned": "yes"},
    "search_authority": {"code": "order", "date": "today"},
}
NOBODY_HOME = {"visit_report": {"outcome": "nobody_home", "date": "today", "cautioned": "no"}}
CHILD = {"family_name": "Verzonnen", "given_names": "Kim", "birth_date": "2018-02-03"}


@pytest.fixture
def clock():
    """Sets the scenario's clock; it stands at a Monday when the test begins."""
    token = scenario_moment.set(MONDAY)
    yield scenario_moment.set
    scenario_moment.reset(token)


def planned(world, *, plan=True, decided=None, premises=PREMISES, **person):
    """A visit that is planned and, with `plan`, scheduled: its case and its track."""
    done = world.opened(person={**PERSON, **person}, premises=premises)
    track = done.made["warning"]
    perform(world.lies, Action.SUBMIT, track)
    perform(world.dirk, Action.TAKE_UP, track)
    perform(world.dirk, Action.PLAN_VISIT, track, {**checklist(), **(decided or {})})
    if plan:
        perform(world.lies, Action.SCHEDULE_VISIT, track, PLAN)
    return done.made["case"], track


def lacks(world, who, action, track, given=None):
    with pytest.raises(Incomplete) as found:
        perform(world.people[who], action, track, given or {})
    return found.value.missing


def refused(world, who, action, track, given):
    with pytest.raises(Malformed) as found:
        perform(world.people[who], action, track, given)
    return found.value.part, found.value.why


def subject_of(world, case, role="subject"):
    query = "SELECT id FROM casework_personincase WHERE case_id = %s AND role = %s"
    return str(world.rows(query, case, role)[0][0])


def born(world, case, date):
    correction = {"person": subject_of(world, case), "why": "known_better", "birth_date": date}
    perform(world.lies, Action.WRITE_RECORD, case, {"person_correction": correction})


def dies(world, case, who="lies", role="subject"):
    gone = {"person": subject_of(world, case, role), "code": "deceased", "text": WHY}
    perform(world.people[who], Action.WRITE_RECORD, case, {"person_gone": gone})


def test_who_was_warned_in_another_case_meanwhile_is_visited_once_who_decides_says_what_that_means(world):
    case, other = world.track("visit_planned")
    _, one = planned(world)
    perform(world.lies, Action.RECORD_VISIT, one, REPORT)
    perform(world.lies, Action.WARN, one)
    assert lacks(world, "lies", Action.SCHEDULE_VISIT, other, PLAN) == ("prior_warning_checked",)
    with pytest.raises(Refused):
        perform(world.lies, Action.WRITE_RECORD, case, ANSWER)
    perform(world.dirk, Action.WRITE_RECORD, case, ANSWER)
    perform(world.lies, Action.SCHEDULE_VISIT, other, PLAN)


def test_who_decides_says_beside_the_record_what_an_earlier_warning_means_and_nobody_else_is_asked(world):
    case, other = world.track("visit_planned")
    _, one = planned(world)
    perform(world.lies, Action.RECORD_VISIT, one, REPORT)
    perform(world.lies, Action.WARN, one)
    address = f"/cases/{case}/write_record"
    assert "prior_warning_answer-" not in signed_in("lies").get(address).content.decode(), "who visits decides nothing of it"
    dirk = signed_in("dirk")
    assert "prior_warning_answer-code" in dirk.get(address).content.decode()
    answer = {f"prior_warning_answer-{name}": value for name, value in ANSWER["prior_warning_answer"].items()}
    assert dirk.post(address, answer).status_code == 302
    [(called,)] = world.rows("SELECT DISTINCT name FROM casework_storedfact WHERE fact = 'prior_warning_hit'")
    offers = re.findall(r'name="prior_warning_answer-case".*?</select>', dirk.get(address).content.decode(), re.DOTALL)
    assert [called in one for one in offers] == [True], "what was found is offered by its reference"
    perform(world.lies, Action.SCHEDULE_VISIT, other, PLAN)


def test_visits_that_were_scheduled_in_one_week_are_each_recorded_and_warned(world):
    tracks = [planned(world)[1] for _ in range(2)]
    for track in tracks:
        perform(world.lies, Action.RECORD_VISIT, track, REPORT)
    for track in tracks:
        perform(world.lies, Action.WARN, track)


def test_a_visit_that_found_nobody_is_reported_whatever_was_learned(world):
    (_, one), (case, other) = planned(world), planned(world)
    perform(world.lies, Action.RECORD_VISIT, one, REPORT)
    perform(world.lies, Action.WARN, one)
    born(world, case, "2012-05-06")
    perform(world.lies, Action.RECORD_VISIT, other, NOBODY_HOME)


def test_a_large_scale_that_is_learned_after_the_plan_makes_a_search_visit(world):
    case, track = planned(world)
    larger = {**checklist()["exclusions"], "large_scale_or_repeat_reports": "yes"}
    perform(world.dirk, Action.WRITE_RECORD, case, {"exclusions": larger})
    assert lacks(world, "lies", Action.RECORD_VISIT, track, REPORT) == ("search_decided",)
    perform(world.lies, Action.WRITE_RECORD, case, WITHOUT)
    assert lacks(world, "lies", Action.RECORD_VISIT, track, REPORT) == ("search_decided",), "said by who visits"
    perform(world.dirk, Action.WRITE_RECORD, case, WITHOUT)
    perform(world.lies, Action.RECORD_VISIT, track, REPORT)
    perform(world.lies, Action.WARN, track)


def test_a_large_scale_that_is_learned_after_the_visit_is_decided_on_before_the_warning(world):
    case, track = planned(world)
    perform(world.lies, Action.RECORD_VISIT, track, REPORT)
    larger = {**checklist()["exclusions"], "large_scale_or_repeat_reports": "unknown"}
    perform(world.dirk, Action.WRITE_RECORD, case, {"exclusions": larger})
    assert lacks(world, "lies", Action.WARN, track) == ("search_decided",)
    assert refused(world, "dirk", Action.WRITE_RECORD, case, WITH_ORDER) == ("search_decided", "excluded")
    perform(world.dirk, Action.WRITE_RECORD, case, WITHOUT)
    perform(world.lies, Action.WARN, track)


def test_a_search_that_was_decided_is_not_left_out_in_silence(world):
    case, track = planned(world, decided=WITH_ORDER)
    assert refused(world, "lies", Action.RECORD_VISIT, track, REPORT) == ("visit_report", "excluded")
    perform(world.dirk, Action.WRITE_RECORD, case, WITHOUT)
    perform(world.lies, Action.RECORD_VISIT, track, REPORT)


def test_a_search_is_not_made_where_a_visit_without_search_was_decided(world):
    case, track = planned(world, decided=WITHOUT)
    assert refused(world, "lies", Action.RECORD_VISIT, track, SEARCHED) == ("visit_report", "excluded")
    perform(world.lies, Action.WRITE_RECORD, case, WITH_ORDER)
    perform(world.lies, Action.RECORD_VISIT, track, SEARCHED)
    assert refused(world, "dirk", Action.WRITE_RECORD, case, WITHOUT) == ("search_decided", "excluded")


def test_the_approval_of_a_minor_who_is_found_after_the_plan_is_that_of_the_youth_prosecutor(world):
    case, track = planned(world, plan=False)
    born(world, case, "2012-05-06")
    assert lacks(world, "lies", Action.SCHEDULE_VISIT, track, PLAN) == ("prosecutor_approval",)
    approval = {"name": "Officier", "date": "today", "code": "youth_prosecutor"}
    perform(world.lies, Action.WRITE_RECORD, case, {"prosecutor_approval": approval})
    perform(world.lies, Action.SCHEDULE_VISIT, track, PLAN)
    perform(world.lies, Action.RECORD_VISIT, track, REPORT)


def test_a_minor_who_is_found_after_the_visit_was_scheduled_waits_for_the_youth_prosecutor(world):
    case, track = planned(world)
    born(world, case, "2012-05-06")
    assert lacks(world, "lies", Action.RECORD_VISIT, track, REPORT) == ("prosecutor_approval",)


def test_nobody_under_twelve_is_reported_as_warned(world):
    case, track = planned(world)
    born(world, case, "2018-05-06")
    approval = {"name": "Officier", "date": "today", "code": "youth_prosecutor"}
    perform(world.lies, Action.WRITE_RECORD, case, {"prosecutor_approval": approval})
    assert refused(world, "lies", Action.RECORD_VISIT, track, REPORT) == ("visit_report", "excluded")
    perform(world.lies, Action.RECORD_VISIT, track, NOBODY_HOME)


@pytest.mark.parametrize("role", ["contact", "guardian", "household_member", "minor"])
def test_no_child_is_overlooked_that_the_record_holds_whatever_their_role(world, role):
    case, track = planned(world)
    perform(world.lies, Action.WRITE_RECORD, case, {"person": {"role": role, **CHILD}})
    assert refused(world, "lies", Action.RECORD_VISIT, track, REPORT) == ("child_check", "say_why")
    said = {"child_check": {"code": "none", "text": "Het kind woont bij de andere ouder."}}
    perform(world.lies, Action.RECORD_VISIT, track, {**REPORT, **said})


@pytest.mark.parametrize(("role", "known"), [("contact", True), ("guardian", True), ("possible_victim", False)])
def test_known_children_are_looked_up_among_everybody_around_the_subject(world, role, known):
    done = world.opened(person=[PERSON, {"role": role, **CHILD}])
    track = done.made["warning"]
    perform(world.lies, Action.SUBMIT, track)
    perform(world.dirk, Action.TAKE_UP, track)
    if known:
        assert lacks(world, "dirk", Action.PLAN_VISIT, track, checklist()) == ("known_children_checked",)
    else:
        perform(world.dirk, Action.PLAN_VISIT, track, checklist())


def corrected(world, case, code="none"):
    query = "SELECT id FROM casework_storedfact WHERE fact = 'child_check' AND case_id = %s AND replaced_by_id IS NULL"
    old = str(world.rows(query, case)[0][0])
    change = {"fact": old, "why": "mistyped", "code": code, "text": "Er zijn daar helemaal geen kinderen."}
    perform(world.lies, Action.WRITE_RECORD, case, {"fact_correction": change})


def found_with_child(world):
    """Children are found at a visit, one of whom was in the record before."""
    case, track = planned(world)
    perform(world.lies, Action.WRITE_RECORD, case, {"person": {"role": "minor", **CHILD}})
    perform(world.lies, Action.RECORD_VISIT, track, {**REPORT, "child_check": {"code": "in_household"}})
    return case, track


@pytest.mark.parametrize("relabelled", ["", "before", "after"])
def test_one_person_does_not_correct_found_children_away(world, relabelled):
    case, track = found_with_child(world)
    change = {"person": subject_of(world, case, "minor"), "why": "known_better", "role": "possible_victim"}
    if relabelled == "before":
        perform(world.lies, Action.WRITE_RECORD, case, {"person_correction": change})
    corrected(world, case)
    if relabelled == "after":
        perform(world.lies, Action.WRITE_RECORD, case, {"person_correction": change})
    assert running(world, "CHILDREN_FOUND") == [True]
    perform(world.lies, Action.WRITE_RECORD, case, {"no_concern_report": {"text": WHY}})
    assert running(world, "CHILDREN_FOUND") == [True]
    ask = {"approval": {"action": "no_concern_report", "text": "Graag meekijken naar deze reden."}}
    perform(world.lies, Action.ASK_APPROVAL, track, ask)
    perform(world.dirk, Action.APPROVE, track)
    assert running(world, "CHILDREN_FOUND") == [False]


def test_found_children_of_whom_nobody_was_ever_recorded_are_corrected_away(world):
    case, _ = visited(world, "in_household")
    corrected(world, case)
    assert running(world, "CHILDREN_FOUND") == [False]


def test_a_child_who_turns_out_to_be_grown_up_was_one_in_the_record(world):
    case, _ = visited(world, "in_household")
    perform(world.lies, Action.WRITE_RECORD, case, {"person": {"role": "household_member", **CHILD}})
    change = {"person": subject_of(world, case, "household_member"), "why": "mistyped", "birth_date": "1991-02-03"}
    perform(world.lies, Action.WRITE_RECORD, case, {"person_correction": change})
    corrected(world, case)
    assert running(world, "CHILDREN_FOUND") == [True]


def test_a_check_that_was_corrected_is_corrected_again_and_counts_once(world):
    case, _ = found_with_child(world)
    corrected(world, case)
    corrected(world, case, "contact")
    assert running(world, "CHILDREN_FOUND") == [True]
    world.delivered(case, items=["identity", "household", "child_check"])
    assert running(world, "CHILDREN_FOUND") == [False]


def test_nobody_who_has_died_is_visited(world):
    case, track = planned(world, plan=False)
    dies(world, case)
    assert refused(world, "lies", Action.SCHEDULE_VISIT, track, PLAN) == ("visit_plan", "excluded")


def test_no_visit_is_planned_to_somebody_who_has_died(world):
    done = world.opened()
    track = done.made["warning"]
    perform(world.lies, Action.SUBMIT, track)
    perform(world.dirk, Action.TAKE_UP, track)
    dies(world, done.made["case"])
    assert refused(world, "dirk", Action.PLAN_VISIT, track, checklist()) == ("prosecutor_approval", "excluded")


def test_who_died_before_the_visit_was_not_warned_and_no_help_begins(world, clock):
    case, track = planned(world)
    dies(world, case)
    clock(MONDAY + timedelta(days=3))
    assert refused(world, "lies", Action.RECORD_VISIT, track, REPORT) == ("visit_report", "excluded")
    perform(world.lies, Action.RECORD_VISIT, track, NOBODY_HOME)
    assert world.rows("SELECT 1 FROM casework_track WHERE kind = 'help' AND case_id = %s", case) == []
    assert True not in running(world, "HELP_OFFER")


def test_a_visit_of_before_the_death_is_still_reported(world, clock):
    case, track = planned(world)
    clock(MONDAY + timedelta(days=2))
    dies(world, case)
    before = {"outcome": "warned", "date": MONDAY.date().isoformat(), "warned": 1, "cautioned": "yes"}
    perform(world.lies, Action.RECORD_VISIT, track, {"visit_report": before, "child_check": {"code": "none"}})
    assert True not in running(world, "HELP_OFFER")


def test_nobody_who_has_died_is_reviewed_or_planned_again(world):
    case, track = world.track("follow_up")
    dies(world, case)
    assert True not in running(world, "FOLLOW_UP")
    review = {"review_outcome": {"code": "stable", "date": "today"}}
    assert refused(world, "lies", Action.RECORD_REVIEW, track, review) == ("review_outcome", "excluded")
    later = {"review_schedule": {"code": "three_and_twelve_months", "date": "today"}}
    assert refused(world, "lies", Action.WRITE_RECORD, track, later) == ("review_schedule", "excluded")
    assert True not in running(world, "FOLLOW_UP")


def test_a_victim_who_has_died_wishes_nothing_and_their_track_is_ended(world):
    case = world.opened("joke").made["case"]
    victim = {"role": "possible_victim", "given_names": "Kim", "birth_date": "2000-02-03"}
    track = perform(world.joke, Action.IDENTIFY_VICTIM, case, {"person": victim}).id
    dies(world, case, "joke", "possible_victim")
    needs = {"needs": {"code": "none", "text": WHY}, "notification_wish": {"code": "not_asked_yet"}}
    wish = {**needs, "notification_wish": {"code": "wants_to_know"}}
    assert refused(world, "joke", Action.ASSESS_NEEDS, track, wish) == ("notification_wish", "excluded")
    talks = {**needs, "needs": {"code": "psychological", "text": WHY}}
    assert refused(world, "joke", Action.ASSESS_NEEDS, track, talks) == ("needs", "excluded")
    perform(world.joke, Action.ASSESS_NEEDS, track, needs)
    reached = {"reason": {"code": "goal_reached", "text": WHY}}
    assert refused(world, "joke", Action.END_HELP, track, reached) == ("reason", "excluded"), "no help was offered"


def test_nobody_who_has_died_is_informed(world):
    done = world.opened("wim")
    dies(world, done.made["case"], "vera")
    told = {"subject_informed": {"date": "today", "person": subject_of(world, done.made["case"])}}
    assert refused(world, "vera", Action.WRITE_RECORD, done.made["case"], told) == ("subject_informed", "excluded")
    nameless = {"subject_informed": {"date": "today"}}
    assert refused(world, "vera", Action.WRITE_RECORD, done.made["case"], nameless) == ("subject_informed", "excluded")


def test_nobody_was_home_only_where_somebody_went(world):
    _, track = planned(world)
    gone = {"reason": {"code": "nobody_home", "text": WHY}}
    assert refused(world, "dirk", Action.CLOSE_UNWARNED, track, gone) == ("reason", "excluded")
    perform(world.lies, Action.RECORD_ATTEMPT, track, {})
    assert lacks(world, "dirk", Action.CLOSE_UNWARNED, track, gone) == ("four_eyes",)


def test_help_reaches_no_goal_before_it_is_offered(world):
    case, _ = world.track("visit_done")
    (track,) = world.rows("SELECT id FROM casework_track WHERE case_id = %s AND kind = 'help'", case)[0]
    reached = {"reason": {"code": "goal_reached", "text": WHY}}
    assert refused(world, "lies", Action.END_HELP, track, reached) == ("reason", "excluded")
    perform(world.lies, Action.END_HELP, track, {"reason": {"code": "not_applicable", "text": WHY}})


def test_a_report_that_its_receiver_refused_was_not_withdrawn_by_its_sender(world):
    case, _ = world.track()
    handoff = world.delivered(case)
    safety = world.rows("SELECT id FROM casework_track WHERE began_by_handoff_id = %s", handoff)[0][0]
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
    perform(world.vera, Action.REFUSE_HANDOFF, handoff, {"reason": {"code": "outside_region", "text": WHY}})
    taken_back = {"reason": {"code": "withdrawn_by_sender", "text": WHY}}
    assert refused(world, "vera", Action.DROP_REPORT, safety, taken_back) == ("reason", "excluded")
    perform(world.vera, Action.DROP_REPORT, safety, {"reason": {"code": "wrong_receiver", "text": WHY}})


def test_a_handoff_that_nobody_sent_was_not_left_unacknowledged(world):
    case, track = world.track("warned")
    why = {"reason": {"code": "other", "text": WHY}, "trigger": {"code": "handoff_not_acknowledged", "text": WHY}}
    assert refused(world, "dirk", Action.ESCALATE, track, why) == ("trigger", "excluded")
    world.delivered(case)
    perform(world.dirk, Action.ESCALATE, track, why)


def test_no_report_came_after_a_warning_that_was_not_given(world):
    _, track = planned(world)
    again = {"reason": {"code": "new_report_after_warning", "text": WHY}}
    assert refused(world, "dirk", Action.ESCALATE, track, again) == ("reason", "excluded")
    perform(world.lies, Action.RECORD_VISIT, track, REPORT)
    perform(world.dirk, Action.ESCALATE, track, again)


def test_the_youth_prosecutor_decides_about_no_adult(world):
    case, track = world.track("visit_done")
    decision = {"name": "Jeugdofficier", "date": "today", "code": "halt"}
    halt = {"youth_prosecutor_decision": decision}
    assert refused(world, "lies", Action.WRITE_RECORD, track, halt) == ("youth_prosecutor_decision", "excluded")
    born(world, case, "2012-05-06")
    perform(world.lies, Action.WRITE_RECORD, track, halt)
    born(world, case, "1984-05-01")
    perform(world.lies, Action.WARN, track)


def test_who_turns_out_to_be_under_twelve_after_the_visit_is_not_warned_whatever_the_youth_prosecutor_decides(world):
    case, track = world.track("visit_done")
    born(world, case, "2012-05-06")
    perform(world.lies, Action.ASK_YOUTH_PROSECUTOR, track, {"guardian_plan": {"text": WHY}})
    decision = {"youth_prosecutor_decision": {"name": "Jeugdofficier", "date": "today", "code": "warning"}}
    born(world, case, "2018-05-06")
    assert lacks(world, "lies", Action.WARN, track, decision) == ("youth_prosecutor_decision",)
    born(world, case, "2012-05-06")
    perform(world.lies, Action.WARN, track, decision)
