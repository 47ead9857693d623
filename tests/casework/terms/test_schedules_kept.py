"""Clocks on stored rows: the decision to investigate, a round anew, the chosen schedule, and what a death ends."""

from datetime import UTC, datetime, timedelta

import pytest

from casework.input.read import Malformed
from permissions.acting import scenario_moment
from permissions.vocabulary import Action
from tests.world import PERSON, PLAN, checklist, perform
from workflows.calendars import AMSTERDAM
from workflows.table import Incomplete

MONDAY = datetime(2027, 1, 4, 9, tzinfo=UTC)
SCHEDULE = {"code": "three_and_twelve_months", "date": "2027-01-04"}


@pytest.fixture
def clock():
    """Sets the scenario's clock; it stands at a Monday when the test begins."""
    token = scenario_moment.set(MONDAY)
    yield scenario_moment.set
    scenario_moment.reset(token)


def due_days(world, clock):
    """The last days of the running terms of this clock."""
    rows = world.rows("SELECT due_at FROM casework_deadline WHERE clock = %s AND met_at IS NULL ORDER BY due_at", clock)
    return [(row[0] - timedelta(seconds=1)).astimezone(AMSTERDAM).date().isoformat() for row in rows]


def assessed(world, outcome):
    """A report to Veilig Thuis that was assessed with this outcome: its case and its track."""
    done = world.opened("wim", person=PERSON)
    case, track = done.made["case"], done.made["safety"]
    perform(world.wim, Action.START_ASSESSMENT, track, {"acute_checked": {"yes": "no"}})
    facts = {
        "assessment": {"code": "partly_safe", "text": "Het kind is deels veilig."},
        "outcome_code": {"code": outcome},
        "reporter_informed": {"date": "2027-01-04", "code": "direct"},
    }
    assess(world, track, facts)
    return case, track


def assess(world, track, facts):
    perform(world.wim, Action.WRITE_RECORD, track, facts)
    ask = {"approval": {"action": "assess", "text": "De beoordeling is klaar om mee te kijken."}}
    perform(world.wim, Action.ASK_APPROVAL, track, ask)
    perform(world.vera, Action.APPROVE, track)
    perform(world.vera, Action.ASSESS, track)


def monitored(world, schedule):
    case, track = assessed(world, "conditions")
    conditions = {"safety_conditions": {"text": "Geen contact zonder toezicht.", "date": "2027-01-04"}}
    perform(world.vera, Action.SET_CONDITIONS, track, conditions)
    perform(world.wim, Action.START_MONITORING, track, {"monitoring_schedule": schedule})
    return case, track


def test_the_term_of_an_investigation_runs_from_the_decision_that_it_is_needed(world, clock):
    _, track = assessed(world, "investigation")
    assert due_days(world, "INVESTIGATION") == ["2027-03-15"]
    clock(MONDAY + timedelta(days=3))
    plan = {"investigation_plan": {"text": "Gesprekken met het gezin.", "date": "2027-01-07"}}
    perform(world.vera, Action.START_INVESTIGATION, track, plan)
    assert due_days(world, "INVESTIGATION") == ["2027-03-15"], "its real start does not begin it anew"


def test_another_outcome_starts_no_investigation_and_a_new_round_starts_the_assessment_anew(world, clock):
    _, track = assessed(world, "conditions")
    conditions = {"safety_conditions": {"text": "Geen contact zonder toezicht.", "date": "2027-01-04"}}
    perform(world.vera, Action.SET_CONDITIONS, track, conditions)
    clock(MONDAY + timedelta(days=7))
    assert due_days(world, "SAFETY_ASSESSMENT") == []
    signal = {"new_signal": {"case": world.opened("wim").made["case"], "text": "Een nieuwe melding van de school."}}
    assert due_days(world, "SAFETY_ASSESSMENT") == ["2027-01-18"], "that of the new report"
    perform(world.wim, Action.REASSESS, track, signal)
    assert due_days(world, "SAFETY_ASSESSMENT") == ["2027-01-18"] * 2, "a new round starts the assessment anew"
    again = {"assessment": {"code": "safe", "text": "Het kind is veilig."}, "outcome_code": {"code": "conditions"}}
    assess(world, track, again)
    assert due_days(world, "INVESTIGATION") == []


@pytest.mark.parametrize(
    ("schedule", "days"),
    [
        (SCHEDULE, ["2027-04-04", "2028-01-04"]),
        ({**SCHEDULE, "code": "monthly"}, [f"2027-{month:02}-04" for month in range(2, 13)] + ["2028-01-04"]),
        ([{"code": "other", "date": "2027-05-11"}, {"code": "other", "date": "2027-02-02"}], ["2027-02-02", "2027-05-11"]),
    ],
)
def test_the_chosen_schedule_gives_the_moments_of_monitoring(world, clock, schedule, days):
    monitored(world, schedule)
    assert due_days(world, "MONITORING") == days


def test_a_schedule_that_is_used_up_asks_to_close_or_plan_and_a_new_one_plans(world, clock):
    case, track = monitored(world, SCHEDULE)
    clock(datetime(2027, 4, 1, 9, tzinfo=UTC))
    perform(world.wim, Action.RECORD_MONITORING, track, {"monitoring_outcome": {"code": "safe", "date": "2027-04-01"}})
    assert due_days(world, "MONITORING") == ["2028-01-04"]
    assert due_days(world, "SCHEDULE_DONE") == []
    clock(datetime(2028, 1, 3, 9, tzinfo=UTC))
    perform(world.wim, Action.RECORD_MONITORING, track, {"monitoring_outcome": {"code": "safe", "date": "2028-01-03"}})
    assert due_days(world, "MONITORING") == []
    assert due_days(world, "SCHEDULE_DONE") == ["2028-01-17"]
    own = {"code": "other", "date": "2028-09-01"}
    with pytest.raises(Malformed, match="not_later"):
        perform(world.wim, Action.WRITE_RECORD, case, {"monitoring_schedule": {**own, "date": "2026-12-31"}})
    perform(world.wim, Action.WRITE_RECORD, case, {"monitoring_schedule": own})
    assert due_days(world, "MONITORING") == ["2028-09-01"]
    assert due_days(world, "SCHEDULE_DONE") == []
    perform(world.wim, Action.WRITE_RECORD, case, {"monitoring_schedule": {**SCHEDULE, "date": "2028-01-03"}})
    assert due_days(world, "MONITORING") == ["2028-04-03", "2029-01-03"]
    stopped = "SELECT stop_reason FROM casework_deadline WHERE stop_reason <> '' ORDER BY 1"
    assert world.rows(stopped) == [("planned_anew",)]


def test_a_declined_report_still_owes_the_reporter_an_answer(world, clock):
    done = world.opened("wim", person=PERSON)
    track = done.made["safety"]
    why = {
        "acute_checked": {"yes": "no"},
        "outside_domain": {"text": "Dit gaat niet over geweld of misbruik.", "date": "2027-01-04"},
        "sender_informed": {"date": "2027-01-04"},
        "reason": {"code": "outside_domain", "text": "Dit gaat niet over geweld of misbruik."},
    }
    perform(world.vera, Action.DECLINE_REPORT, track, why)
    assert due_days(world, "INFORM_REPORTER") == ["2027-01-11"]
    told = {"reporter_informed": {"date": "2027-01-04", "code": "protected_channel"}}
    perform(world.wim, Action.WRITE_RECORD, track, told)
    assert due_days(world, "INFORM_REPORTER") == []


def test_a_death_ends_the_help_that_was_begun_and_says_so(world, clock):
    done = world.opened()
    track = done.made["warning"]
    perform(world.lies, Action.SUBMIT, track)
    perform(world.dirk, Action.TAKE_UP, track)
    perform(world.dirk, Action.PLAN_VISIT, track, checklist())
    perform(world.lies, Action.SCHEDULE_VISIT, track, PLAN)
    clock(datetime(2027, 1, 12, 9, tzinfo=UTC))
    report = {"visit_report": {"outcome": "subject_deceased", "date": "2027-01-12", "cautioned": "no"}}
    perform(world.lies, Action.RECORD_VISIT, track, {**report, "child_check": {"code": "in_household"}})
    assert due_days(world, "HELP_OFFER") == [], "nobody is left to be offered help"
    assert due_days(world, "SUBJECT_GONE") == ["2027-01-19", "2027-01-19"], "the warning and the help are ended"
    why = {"reason": {"code": "subject_deceased", "text": "Hij is vorige week overleden."}}
    ask = {"approval": {"action": "close_unwarned", "text": "Graag meekijken naar deze afsluiting."}}
    perform(world.lies, Action.ASK_APPROVAL, track, ask)
    perform(world.saskia, Action.APPROVE, track)
    perform(world.dirk, Action.CLOSE_UNWARNED, track, why)
    assert dict(world.rows("SELECT kind, state FROM casework_track")) == {"warning": "closed", "help": "ended"}
    stopped = "SELECT DISTINCT clock, stop_reason FROM casework_deadline WHERE stop_reason <> '' ORDER BY 1"
    ends = ["HELP_OFFER", "SUBJECT_GONE", "VISIT"]
    assert world.rows(stopped) == [(clock, "subject_deceased") for clock in ends]
    assert due_days(world, "SUBJECT_GONE") == []
    assert due_days(world, "CHILDREN_FOUND") == ["2027-01-13"], "the children are still there"


def days_of(*days):
    return {"review_schedule": [{"code": "other", "date": day} for day in days]}


@pytest.mark.parametrize(
    ("planned", "held", "done"),
    [
        ([], ["2027-04-02", "2028-01-03"], True),
        (["2027-01-05"], [], False),
        (["2027-01-06"], ["2027-01-06"], False),
        (["2027-04-05", "2027-09-01"], ["2027-04-05", "2027-09-01"], True),
    ],
    ids=["as planned", "anew, none held", "anew, fewer", "anew, as many"],
)
def test_planning_reviews_anew_holds_none(world, clock, planned, held, done):
    case, track = world.track("follow_up")
    if planned:
        perform(world.lies, Action.WRITE_RECORD, case, days_of(*planned))
    for day in held:
        clock(datetime.fromisoformat(f"{day}T12:00:00+00:00"))
        perform(world.lies, Action.RECORD_REVIEW, track, {"review_outcome": {"code": "stable", "date": day}})
    clock(datetime(2028, 2, 1, 9, tzinfo=UTC))
    with pytest.raises(Incomplete) as found:
        perform(world.dirk, Action.CLOSE_WARNING, track, {})
    assert ("reviews_done" not in found.value.missing) == done


def test_the_approver_says_why_reviews_end_earlier(world, clock):
    case, track = world.track("follow_up")
    perform(world.lies, Action.WRITE_RECORD, case, days_of("2027-01-06"))
    ask = {"approval": {"action": "close_warning", "text": "Graag meekijken naar het eerdere einde."}}
    perform(world.lies, Action.ASK_APPROVAL, track, ask)
    perform(world.dirk, Action.APPROVE, track, {"approver_reason": {"text": "Hij verhuisde naar het buitenland."}})
    perform(world.dirk, Action.CLOSE_WARNING, track, {})
    assert world.rows("SELECT state FROM casework_track WHERE id = %s", track) == [("closed",)]
