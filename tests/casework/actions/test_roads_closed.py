"""Ways round a rule that were tried: each ends where the rule says, whatever other act somebody takes for it."""

from datetime import UTC, datetime, timedelta

import pytest

from casework.input.read import Malformed
from permissions.acting import scenario_moment
from permissions.decision import Refused
from permissions.vocabulary import Action
from tests.world import PERSON, PLAN, PREMISES, REPORT, checklist, perform
from workflows.table import Incomplete

WHY = "Een verzonnen toelichting van genoeg woorden."
MONDAY = datetime(2027, 1, 4, 9, tzinfo=UTC)
TOLD = {"items": ["identity", "household", "child_check"]}


@pytest.fixture
def clock():
    """Sets the scenario's clock; it stands at a Monday when the test begins."""
    token = scenario_moment.set(MONDAY)
    yield scenario_moment.set
    scenario_moment.reset(token)


def runs(world, clock, who="lies"):
    query = "SELECT count(*) FROM casework_deadline WHERE clock = %s AND agency_id = %s AND met_at IS NULL"
    return bool(world.rows(query, clock, world.agency(who))[0][0])


def state(world, track):
    return world.rows("SELECT state FROM casework_track WHERE id = %s", track)[0][0]


def approved(world, track, action, asker="dirk", by="saskia"):
    perform(world.people[asker], Action.ASK_APPROVAL, track, {"approval": {"action": action, "text": WHY}})
    perform(world.people[by], Action.APPROVE, track)


def planned(world, **content):
    """A visit that was planned and scheduled: its case and its track."""
    done = world.opened(**content)
    case, track = done.made["case"], done.made["warning"]
    perform(world.lies, Action.SUBMIT, track)
    perform(world.dirk, Action.TAKE_UP, track)
    perform(world.dirk, Action.PLAN_VISIT, track, checklist())
    return case, track


def visited(world, answer="none", **content):
    case, track = planned(world, **content)
    perform(world.lies, Action.SCHEDULE_VISIT, track, PLAN)
    perform(world.lies, Action.RECORD_VISIT, track, {**REPORT, "child_check": {"code": answer}})
    return case, track


def follow_up(world, answer):
    case, track = visited(world, answer)
    perform(world.lies, Action.WARN, track)
    perform(world.lies, Action.START_FOLLOW_UP, track, {"welfare_call": {"code": "made", "date": "today"}})
    return case, track


def lacks(world, who, action, track, given=None):
    with pytest.raises(Incomplete) as found:
        perform(world.people[who], action, track, given or {})
    return found.value.missing


def test_a_report_to_another_agency_than_veilig_thuis_reports_no_child(world):
    case, track = follow_up(world, "in_household")
    handoff = world.delivered(case, receiver="wanda", basis="WPG_15", **TOLD)
    assert runs(world, "CHILDREN_FOUND")
    perform(world.wanda, Action.ACCEPT_HANDOFF, handoff)
    perform(world.wanda, Action.START_WORK, handoff, {"start_date": {"date": "today"}})
    approved(world, track, "close_warning")
    assert "child_check_settled" in lacks(world, "dirk", Action.CLOSE_WARNING, track)


def test_a_visit_is_reported_and_planned_by_its_own_steps_alone(world):
    _, track = planned(world)
    perform(world.lies, Action.SCHEDULE_VISIT, track, PLAN)
    for part in ({"visit_report": REPORT["visit_report"]}, PLAN):
        with pytest.raises(Malformed):
            perform(world.lies, Action.WRITE_RECORD, track, part)
    perform(world.lies, Action.RECORD_VISIT, track, REPORT)
    for part in ({"visit_report": REPORT["visit_report"]}, PLAN):
        with pytest.raises(Malformed):
            perform(world.lies, Action.WRITE_RECORD, track, part)


@pytest.mark.parametrize("at", ["planned", "done"])
def test_another_subject_is_warned_after_a_retarget_and_not_before(world, at):
    case, track = planned(world)
    subject = world.rows("SELECT subject_id FROM casework_track WHERE id = %s", track)
    if at == "done":
        perform(world.lies, Action.SCHEDULE_VISIT, track, PLAN)
        report = {"outcome": "subject_lives_elsewhere", "date": "today", "cautioned": "no"}
        perform(world.lies, Action.RECORD_VISIT, track, {**REPORT, "visit_report": report})
    other = {**PERSON, "given_names": "Bram", "family_name": "Verzonnen"}
    perform(world.lies, Action.WRITE_RECORD, case, {"person": other})
    perform(world.lies, Action.WRITE_RECORD, track, {"person": {**other, "given_names": "Cor"}})
    assert world.rows("SELECT subject_id FROM casework_track WHERE id = %s", track) == subject
    why = {"reason": {"code": "other_person", "text": WHY}}
    perform(world.dirk, Action.RETARGET, track, why)
    query = "SELECT p.given_names FROM casework_track t JOIN casework_personincase p ON p.id = t.subject_id WHERE t.id = %s"
    assert world.rows(query, track) == [("Cor",)]
    assert state(world, track) == "triage"


def test_what_was_known_before_the_visit_was_planned_is_no_change_of_whom_it_is_about(world):
    done = world.opened()
    track = done.made["warning"]
    perform(world.lies, Action.SUBMIT, track)
    perform(world.dirk, Action.TAKE_UP, track)
    perform(world.lies, Action.WRITE_RECORD, track, {"premises": {**PREMISES, "number": "2"}})
    perform(world.dirk, Action.PLAN_VISIT, track, checklist())
    why = {"reason": {"code": "other_person", "text": WHY}}
    assert lacks(world, "dirk", Action.RETARGET, track, why) == ("subject_changed",)


def test_a_warning_that_was_given_since_the_visit_was_planned_is_answered_before_the_visit(world):
    _, first = planned(world)
    _, second = planned(world)
    perform(world.lies, Action.SCHEDULE_VISIT, first, PLAN)
    perform(world.lies, Action.RECORD_VISIT, first, REPORT)
    perform(world.lies, Action.WARN, first)
    assert lacks(world, "lies", Action.SCHEDULE_VISIT, second, PLAN) == ("prior_warning_checked",)
    answer = {"prior_warning_answer": {"code": "other_person_after_all", "text": WHY}}
    with pytest.raises(Refused):
        perform(world.lies, Action.SCHEDULE_VISIT, second, {**PLAN, **answer})
    perform(world.dirk, Action.SCHEDULE_VISIT, second, {**PLAN, **answer})
    perform(world.lies, Action.SCHEDULE_VISIT, second, PLAN)


@pytest.mark.parametrize("at", ["schedule", "warn"])
def test_an_exclusion_that_is_found_after_the_plan_stops_the_visit_and_the_warning(world, at):
    found = {**checklist()["exclusions"], "contact_abuse_indication": "yes"}
    _, track = planned(world) if at == "schedule" else visited(world)
    perform(world.dirk, Action.WRITE_RECORD, track, {"exclusions": found})
    step = (Action.SCHEDULE_VISIT, PLAN) if at == "schedule" else (Action.WARN, {})
    assert lacks(world, "lies", step[0], track, step[1]) == ("no_exclusion",)


def test_known_children_are_not_denied_while_one_is_in_the_record(world):
    done = world.opened()
    case, track = done.made["case"], done.made["warning"]
    child = {"role": "minor", "given_names": "Kim", "birth_date": "2018-02-03"}
    perform(world.lies, Action.WRITE_RECORD, case, {"person": child})
    perform(world.lies, Action.SUBMIT, track)
    perform(world.dirk, Action.TAKE_UP, track)
    assert lacks(world, "dirk", Action.PLAN_VISIT, track, checklist()) == ("known_children_checked",)
    said = {"known_children_checked": {"yes": "yes", "date": "today", "text": "Veilig Thuis is gebeld en weet ervan."}}
    perform(world.dirk, Action.PLAN_VISIT, track, {**checklist(), **said})


def test_a_decision_that_comes_with_the_step_was_approved_by_nobody(world):
    track = world.opened("wim", person=PERSON).made["safety"]
    perform(world.wim, Action.START_ASSESSMENT, track, {"acute_checked": {"yes": "no"}})
    approved(world, track, "assess", "wim", "vera")
    said = {"assessment": {"code": "safe", "text": WHY}, "outcome_code": {"code": "no_abuse"}}
    assert lacks(world, "vera", Action.ASSESS, track, said) == ("four_eyes",)
    perform(world.wim, Action.WRITE_RECORD, track, said)
    assert lacks(world, "vera", Action.ASSESS, track) == ("four_eyes",)
    approved(world, track, "assess", "wim", "vera")
    perform(world.vera, Action.ASSESS, track)


@pytest.mark.parametrize(
    ("more", "voids"),
    [
        ({"person": {"role": "minor", "given_names": "Kim", "birth_date": "2018-02-03"}}, True),
        ({"premises": {"street": "Andere Proefstraat", "number": "2", "town": "Voorbeeldstad"}}, True),
        ({"note": {"kind": "concern", "text": "Er is een zorg bijgekomen."}}, True),
        ({"note": {"kind": "contact_moment", "text": "Gebeld met de meldkamer."}}, False),
    ],
    ids=str,
)
def test_what_is_written_after_an_approval_was_not_approved(world, more, voids):
    case, track = planned(world)
    approved(world, track, "close_unwarned")
    perform(world.lies, Action.WRITE_RECORD, case, more)
    close = {"reason": {"code": "not_enough_grounds", "text": WHY}}
    if voids:
        assert lacks(world, "dirk", Action.CLOSE_UNWARNED, track, close) == ("four_eyes",)
    else:
        perform(world.dirk, Action.CLOSE_UNWARNED, track, close)


@pytest.mark.parametrize(
    ("fact", "given", "into"),
    [
        ("youth_prosecutor_decision", {"name": "Jeugdofficier", "code": "halt", "date": "today"}, "warning"),
        ("outcome_code", {"code": "investigation"}, "no_abuse"),
        ("assessment", {"code": "unsafe", "text": WHY}, "safe"),
    ],
)
def test_a_decision_is_replaced_by_a_decision_and_by_no_correction(world, fact, given, into):
    who = "lies" if fact == "youth_prosecutor_decision" else "wim"
    young = {**PERSON, "birth_date": "2012-05-06"}
    case = world.opened(who, person=young).made["case"]
    perform(world.people[who], Action.WRITE_RECORD, case, {fact: given})
    row = str(world.rows("SELECT id FROM casework_storedfact WHERE fact = %s", fact)[0][0])
    with pytest.raises(Malformed):
        correct = {"fact_correction": {"fact": row, "why": "mistyped", "code": into}}
        perform(world.people[who], Action.WRITE_RECORD, case, correct)
    assert world.rows("SELECT code FROM casework_storedfact WHERE fact = %s", fact) == [(given["code"],)]


def test_a_pause_that_runs_is_not_counted_twice(world, clock):
    case, _ = visited(world, "in_household")

    def paused(until):
        term = {"clock": "CHILDREN_FOUND", "until": until, "text": WHY}
        perform(world.dirk, Action.PAUSE_DEADLINE, case, {"term": term})
        return world.rows("SELECT due_at FROM casework_deadline WHERE clock = 'CHILDREN_FOUND'")[0][0]

    first = paused("2027-01-05")
    with pytest.raises(Malformed, match="not_later"):
        paused("2027-01-05")
    clock(MONDAY + timedelta(days=1))
    assert paused("2027-01-06") - first == timedelta(days=1)


def test_a_package_that_comes_again_begins_nothing_twice(world):
    case, _ = visited(world)
    handoff = world.delivered(case, kind="referral", receiver="wanda", basis="WPG_15")
    perform(world.wanda, Action.ACCEPT_HANDOFF, handoff)
    back = {"question": {"code": "content", "text": WHY}}
    perform(world.wanda, Action.RETURN_HANDOFF, handoff, back)
    perform(world.lies, Action.REWORK_HANDOFF, handoff, {"reason": {"code": "question_answered", "text": WHY}})
    perform(world.karin, Action.CHECK_HANDOFF, handoff)
    perform(world.karin, Action.SEND_HANDOFF, handoff)
    world.work()
    perform(world.wanda, Action.ACCEPT_HANDOFF, handoff)
    query = "SELECT count(*) FROM casework_track WHERE began_by_handoff_id = %s"
    assert world.rows(query, handoff) == [(1,)]


@pytest.mark.parametrize("text", ["", "x"])
def test_a_check_that_says_none_after_one_that_found_children_takes_none_away(world, text):
    case, track = follow_up(world, "in_household")
    perform(world.lies, Action.WRITE_RECORD, case, {"child_check": {"code": "none", "text": text}})
    approved(world, track, "close_warning")
    assert "child_check_settled" in lacks(world, "dirk", Action.CLOSE_WARNING, track)
    assert runs(world, "CHILDREN_FOUND")


def test_a_child_whose_role_is_corrected_stays_a_child(world):
    case, _ = visited(world, "none")
    child = {"role": "minor", "given_names": "Kim", "birth_date": "2018-02-03"}
    perform(world.lies, Action.WRITE_RECORD, case, {"person": child})
    who = str(world.rows("SELECT id FROM casework_personincase WHERE role = 'minor'")[0][0])
    perform(
        world.lies, Action.WRITE_RECORD, case, {"person_correction": {"person": who, "why": "mistyped", "role": "contact"}}
    )
    assert runs(world, "CHILDREN_FOUND")


def test_a_name_that_was_corrected_away_names_somebody_too(world):
    done = world.opened("wim", person={**PERSON, "family_name": "Oudenaam"})
    case, track = done.made["case"], done.made["safety"]
    who = str(world.rows("SELECT id FROM casework_personincase WHERE case_id = %s", case)[0][0])
    given = {"person": who, "why": "mistyped", "family_name": "Nieuwnaam"}
    perform(world.wim, Action.WRITE_RECORD, case, {"person_correction": given})
    approved(world, track, "turn_into_advice", "wim", "vera")
    why = {"reason": {"code": "practical", "text": "Het was een vraag over meneer Oudenaam."}}
    with pytest.raises(Malformed, match="names_somebody"):
        perform(world.vera, Action.TURN_INTO_ADVICE, track, why)


def test_giving_up_a_report_is_approved_also_where_only_the_record_knows_a_child(world):
    case, _ = visited(world, "none")
    perform(world.lies, Action.WRITE_RECORD, case, {"person": {"role": "minor", "given_names": "Kim", "birth_date": "2018"}})
    handoff = world.delivered(case)
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
    perform(world.vera, Action.REFUSE_HANDOFF, handoff, {"reason": {"code": "wrong_receiver", "text": WHY}})
    given_up = {"handoff_given_up": {"handoff": handoff, "code": "no_longer_needed", "text": WHY}}
    perform(world.lies, Action.WRITE_RECORD, case, given_up)
    assert runs(world, "HANDOFF_AGAIN")


def test_a_seizure_of_another_round_is_settled_too(world):
    _, track = planned(world)
    perform(world.lies, Action.SCHEDULE_VISIT, track, PLAN)
    report = {"outcome": "search_only", "date": "today", "searched": 1, "carriers": 2, "cautioned": "no"}
    search = {"search_authority": {"code": "order", "date": "today"}}
    perform(world.lies, Action.RECORD_VISIT, track, {**REPORT, "visit_report": report, **search})
    other = {"person": {**PERSON, "given_names": "Bram"}, "reason": {"code": "other_person", "text": WHY}}
    perform(world.dirk, Action.RETARGET, track, other)
    perform(world.dirk, Action.PLAN_VISIT, track, checklist())
    perform(world.lies, Action.SCHEDULE_VISIT, track, PLAN)
    perform(
        world.lies,
        Action.RECORD_VISIT,
        track,
        {**REPORT, "visit_report": {"outcome": "refused_entry", "date": "today", "cautioned": "no"}},
    )
    approved(world, track, "close_unwarned")
    close = {"reason": {"code": "other", "text": WHY}}
    assert "seizure_settled" in lacks(world, "dirk", Action.CLOSE_UNWARNED, track, close)
