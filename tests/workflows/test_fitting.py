"""What fits what is the law's: the product's tables equal those of docs/law.md, and say what the law's words say."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from casework.input.codes import VISIT_OUTCOMES
from casework.input.fact_parts import FACT_PARTS
from config.management.commands.law import law
from permissions.vocabulary import Action
from workflows import fitting
from workflows.fitting import (
    COUNTS,
    DAY_OF,
    OPENINGS,
    OUTCOME_OF,
    closed_by,
    count_misfit,
    day_misfit,
    deciding,
    meets_review,
    serves,
)
from workflows.table import LawError
from workflows.tracks import TRACKS

LAW = (Path(__file__).parents[2] / "docs" / "law.md").read_text()
TABLES = re.findall(r"```\n(.*?)```", LAW.split("### Which facts exclude which")[1].split("\n## 3.")[0], re.DOTALL)


@pytest.mark.parametrize(("place", "name"), list(enumerate(["OUTCOMES", "DAYS", "OPENS", "SERVES", "PAIRS", "DECIDES"])))
def test_every_row_is_the_law(place, name):
    ours = [line.split() for line in getattr(fitting, name).strip().splitlines()]
    assert ours == [line.split() for line in TABLES[place].strip().splitlines()]


def test_the_printed_law_holds_every_table_of_what_fits_what():
    printed = list(law()["fitting"].values())
    assert printed == [[line.split() for line in table.strip().splitlines()] for table in TABLES]


def test_every_outcome_and_every_code_that_decides_has_its_row():
    assert tuple(OUTCOME_OF) == VISIT_OUTCOMES
    for fact in {row.fact for row in OPENINGS} - {"visit_report"}:
        column = next((one for one in FACT_PARTS[fact] if one.name == "code"), None)
        choices = set(column.choices) if column else {"yes", "no"}
        assert {row.code for row in OPENINGS if row.fact == fact} == choices


def test_every_fact_with_a_day_has_its_bounds():
    dated = {fact for fact, columns in FACT_PARTS.items() if any(one.name == "date" for one in columns)}
    assert dated == set(DAY_OF) - {"visit_date", "visit_report"}


def test_every_step_that_a_code_opens_is_a_step_of_that_state():
    for row in OPENINGS:
        for state in row.states:
            here = {a for workflow in TRACKS.values() if state in workflow.states for a in workflow.actions_from(state)}
            assert row.opens & here, (row, state)


def test_somebody_who_died_was_not_warned():
    assert count_misfit("subject_deceased", {"warned": 1}, cautioned=False) == "warned"
    assert count_misfit("subject_deceased", {}, cautioned=True) == "cautioned"
    assert not count_misfit("subject_deceased", {}, cautioned=False)


@pytest.mark.parametrize(
    ("outcome", "counts", "misfit"),
    [
        ("warned", {}, "warned"),
        ("warned", {"warned": 1}, ""),
        ("warned", {"warned": 1, "searched": 1}, "searched"),
        ("warned", {"warned": 1, "carriers": 2}, "carriers"),
        ("warned", {"warned": 1, "arrested": 1}, "arrested"),
        ("warned_and_search", {"warned": 1}, "searched"),
        ("warned_and_search", {"warned": 1, "searched": 1, "carriers": 9}, ""),
        ("search_only", {"searched": 1, "warned": 1}, "warned"),
        ("arrest", {}, "arrested"),
        ("arrest", {"arrested": 1, "carriers": 1}, "carriers"),
        ("arrest", {"arrested": 1, "searched": 1, "carriers": 1}, ""),
        ("nobody_home", {"searched": 1}, "searched"),
    ],
)
def test_a_count_fits_its_outcome(outcome, counts, misfit):
    assert count_misfit(outcome, counts, cautioned=False) == misfit


def test_the_cells_of_counts_are_independent_of_each_other():
    """More carriers than homes, and more homes than people warned, are nothing strange."""
    assert not count_misfit("warned_and_search", {"warned": 1, "searched": 3, "carriers": 400}, cautioned=True)
    assert COUNTS["any"](5, 0)
    assert not COUNTS["searched"](1, 0)


def test_a_day_lies_between_what_it_follows_and_today():
    days = {"case": date(2026, 1, 5), "planned": date(2026, 1, 7), "visited": date(2026, 1, 9), "today": date(2026, 1, 12)}
    for day, why in ((6, "too_early"), (7, ""), (12, ""), (13, "too_late")):
        assert day_misfit("visit_report", date(2026, 1, day), days.get) == why
    assert day_misfit("search_authority", date(2026, 1, 10), days.get) == "too_late"
    assert day_misfit("seizure", date(2026, 1, 8), days.get) == "too_early"
    assert not day_misfit("guardian_plan", date(2027, 1, 1), days.get), "a plan lies ahead"


@pytest.mark.parametrize("code", ["halt", "prosecution", "no_action"])
def test_a_youth_prosecutor_who_chose_otherwise_closes_the_warning(code):
    assert closed_by("youth_prosecutor_decision", code, "youth_decision", Action.WARN)
    assert not closed_by("youth_prosecutor_decision", code, "youth_decision", Action.CLOSE_UNWARNED)
    assert not closed_by("youth_prosecutor_decision", code, "youth_decision", Action.ESCALATE)
    assert closed_by("youth_prosecutor_decision", "warning", "youth_decision", Action.CLOSE_UNWARNED)


def test_an_outcome_opens_its_own_steps_alone():
    steps = {Action.SET_CONDITIONS, Action.START_INVESTIGATION, Action.HAND_OVER_SAFETY, Action.CLOSE_SAFETY}
    opened = {
        code: {step for step in steps if not closed_by("outcome_code", code, "assessed", step)}
        for code in ("investigation", "conditions", "transfer", "no_abuse", "ended", "confirmed")
    }
    assert opened == {
        "investigation": {Action.START_INVESTIGATION},
        "conditions": {Action.SET_CONDITIONS},
        "transfer": {Action.HAND_OVER_SAFETY},
        "no_abuse": {Action.CLOSE_SAFETY},
        "ended": {Action.CLOSE_SAFETY},
        "confirmed": set(),
    }
    assert closed_by("outcome_code", "confirmed", "assessing", Action.ASSESS)
    assert closed_by("outcome_code", "conditions", "investigating", Action.CONCLUDE)


def test_worries_are_always_told_and_looked_at_again():
    for action in (Action.ESCALATE, Action.RECORD_REVIEW):
        assert not closed_by("review_outcome", "stable", "follow_up", action)
        assert "review_outcome" not in deciding("follow_up", action)
    assert closed_by("review_outcome", "worries", "follow_up", Action.CLOSE_WARNING)


def test_a_fact_serves_as_long_as_the_law_says():
    assert serves("review_outcome", Action.RECORD_REVIEW) == "act"
    assert serves("prosecutor_approval", Action.RESUME_WARNING) == "step"
    assert serves("prosecutor_approval", Action.PLAN_VISIT) == "round"
    assert serves("consent", Action.RECORD_CONSENT) == "case"


def test_a_review_long_before_its_term_is_not_that_review():
    start, due = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
    assert not meets_review(start, due, start)
    assert not meets_review(start, due, start + timedelta(days=44))
    assert meets_review(start, due, start + timedelta(days=45))
    assert meets_review(start, due, due + timedelta(days=30))


@pytest.mark.parametrize(
    ("reader", "table", "complaint"),
    [
        (
            "_outcomes",
            "outcome warned searched carriers arrested cautioned by\nx many none none none no warn",
            "is no count",
        ),
        ("_outcomes", "outcome warned\nx none", "the header"),
        ("_days", "fact not_before not_after\nx ever today", "is no day"),
        ("_days", "fact not_before not_after\nx", "a row needs"),
        ("_opens", "fact code in opens\nnonsense a draft warn", "a row needs"),
        ("_opens", "fact code in opens\nacute a received nothing", "a row needs"),
        ("_serves", "fact serves\nx ever", "no way to serve"),
        ("_decides", "fact decides\nacute loudest", "no way to decide"),
    ],
)
def test_a_table_with_a_fault_does_not_load(reader, table, complaint):
    with pytest.raises(LawError, match=complaint):
        getattr(fitting, reader)(table)
