"""Schedules, pauses, day and week: what the tables and the calendar say of terms, without a record."""

import ast
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.actions.removing import ADVICE
from casework.input.codes import CORRECTED
from config.management.commands.handbook import pages
from config.management.commands.law import law
from workflows.calendars import (
    AMSTERDAM,
    PAUSE_RULE,
    Calendar,
    ends_of_day_and_week,
    is_working_day,
    local_midnight_after,
    resumed,
)
from workflows.clocks import CLOCKS, TASKS, TERMS, stopped_by
from workflows.fact_words import CHILDREN_FOUND_CODES, words_of
from workflows.outcomes import DUTIES, DUTY_AFTER, OUTCOMES, duty_rows, known_reason, outcomes_of, parse
from workflows.schedules import moments
from workflows.table import LawError

START = datetime(2027, 1, 11, 10, tzinfo=UTC)


def days_of(found):
    return [(moment - timedelta(seconds=1)).astimezone(AMSTERDAM).date().isoformat() for moment in found]


def test_without_a_stored_schedule_a_clock_keeps_the_moments_of_its_row():
    for code in ("MONITORING", "FOLLOW_UP", "HELP_REVIEW"):
        assert days_of(moments(CLOCKS[code], [], START, ())) == ["2027-04-11", "2028-01-11"]


def test_a_stored_schedule_gives_the_moments():
    monitoring, day = CLOCKS["MONITORING"], date(2027, 1, 11)
    assert days_of(moments(monitoring, [("three_and_twelve_months", day)], START, ())) == ["2027-04-11", "2028-01-11"]
    monthly = days_of(moments(monitoring, [("monthly", day)], START, ()))
    assert len(monthly) == 12
    assert (monthly[0], monthly[1], monthly[-1]) == ("2027-02-11", "2027-03-11", "2028-01-11")
    own = [("other", date(2027, 6, 1)), ("other", date(2027, 2, 1)), ("other", date(2027, 6, 1))]
    assert days_of(moments(monitoring, own, START, ())) == ["2027-02-01", "2027-06-01"], "own days, in order, each once"


@pytest.mark.parametrize(
    ("paused_on", "until", "last", "calendar", "expected"),
    [
        ("2027-01-08", "2027-01-11", "2027-01-13", Calendar.WORKING_DAYS_NL, "2027-01-18"),  # three days become five
        ("2027-01-04", "2027-01-07", "2027-01-11", Calendar.WORKING_DAYS_NL, "2027-01-14"),
        ("2027-01-08", "2027-01-11", "2027-01-13", Calendar.CALENDAR, "2027-01-16"),
        ("2027-01-04", "2027-01-05", "2027-05-04", Calendar.WORKING_DAYS_NL, "2027-05-07"),  # 5 and 6 May are free
        ("2027-01-08", "2027-01-10", "2027-01-04", Calendar.WORKING_DAYS_NL, "2027-01-11"),  # it had passed already
    ],
)
def test_a_pause_moves_the_end_by_its_days_and_then_to_a_working_day(paused_on, until, last, calendar, expected):
    end, stopped, goes_on = (date.fromisoformat(day) for day in (last, paused_on, until))
    assert resumed(end, stopped, goes_on, calendar) == date.fromisoformat(expected)


@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(1, 20), st.integers(0, 60))
def test_a_paused_term_never_loses_a_day_nor_ends_on_a_free_one(paused_on, length, left):
    until, last = paused_on + timedelta(days=length), paused_on + timedelta(days=left)
    end = resumed(last, paused_on, until, Calendar.WORKING_DAYS_NL)
    assert end >= last + timedelta(days=length)
    assert is_working_day(end)


def test_law_handbook_and_page_say_one_rule_of_a_pause():
    assert PAUSE_RULE in (Path(__file__).parents[2] / "docs" / "law.md").read_text()
    assert PAUSE_RULE in pages()["terms.md"]
    assert "three days over a weekend can so move it by five" in PAUSE_RULE


@pytest.mark.parametrize("day", ["2027-03-26", "2027-03-28", "2027-10-29", "2027-10-31", "2027-06-01"])
@pytest.mark.parametrize("hour", [0, 1, 2, 3, 12, 23])
def test_a_day_and_a_week_end_at_local_midnights_also_when_the_clock_changes(day, hour):
    now = datetime.fromisoformat(f"{day}T{hour:02}:30").replace(tzinfo=AMSTERDAM).astimezone(UTC)
    today = date.fromisoformat(day)
    end_of_day, end_of_week = ends_of_day_and_week(now)
    assert end_of_day > local_midnight_after(today), "a term of today is of today"
    assert end_of_week > local_midnight_after(today + timedelta(days=7))
    for end, last in ((end_of_day, today), (end_of_week, today + timedelta(days=7))):
        local = end.astimezone(AMSTERDAM)
        assert (local.date() - last, local.hour, local.minute) == (timedelta(days=1), 0, 0)


def test_a_stored_fact_says_what_its_code_means():
    assert set(CHILDREN_FOUND_CODES) == {"in_household", "contact"}
    for code in CHILDREN_FOUND_CODES:
        assert words_of("child_check", code) == ("child_check", "children_found", "child_check_known")
    assert words_of("child_check", "unknown") == ("child_check", "child_check_unknown")
    assert words_of("reporter_informed", "direct") == ("reporter_informed",)


def test_only_its_fact_stops_the_clock_of_the_reporter():
    for state in ("not_accepted", "advice_given", "closed", "assessed"):
        assert "INFORM_REPORTER" not in stopped_by("safety", state)
    assert "INFORM_REPORTER" in stopped_by("safety", "reporter_informed")


def test_the_law_prints_every_clock_task_and_outcome():
    printed = law()
    assert [row["code"] for row in printed["clocks"]] == list(CLOCKS)
    assert [row["code"] for row in printed["tasks"]] == list(TASKS)
    assert len(printed["outcomes"]) == len(OUTCOMES)
    assert printed["duties"] == DUTY_AFTER
    assert not set(CLOCKS) & set(TASKS)
    assert set(TERMS) == set(CLOCKS) | set(TASKS)


def test_an_outcome_stops_terms_and_never_the_one_about_children():
    assert {row.because for row in outcomes_of("person_gone", "deceased")}
    assert outcomes_of("person_gone", "alive") == ()
    assert not any({"CHILDREN_FOUND", "CHILD_CHECK", "INFORM_REPORTER"} & set(row.stops) for row in OUTCOMES)


def test_every_reason_why_a_term_stops_says_what_becomes_of_the_duty_to_inform():
    said = {row.reason for row in OUTCOMES} | {ADVICE, CORRECTED, "planned_anew"}
    assert said == set(DUTY_AFTER), "a reason without a row, or a row of a reason that nobody gives"
    with pytest.raises(LawError, match="no reason why a term stops"):
        known_reason("because_i_say_so")
    assert known_reason("") == ""


def test_the_law_says_what_each_reason_says_of_the_duty():
    law_page = (Path(__file__).parents[2] / "docs" / "law.md").read_text()
    block = next(b for b in re.findall(r"```\n(.*?)```", law_page, re.DOTALL) if b.startswith("reason "))
    assert duty_rows(block) == duty_rows(DUTIES)


def test_terms_are_stopped_at_one_place_that_knows_every_reason():
    writers = set()
    for path in Path("casework").rglob("*.py"):
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.keyword)):
            if call.arg == "stop_reason" and not (isinstance(call.value, ast.Constant) or path.parts[1] == "migrations"):
                writers.add((path.name, ast.unparse(call.value)))
    assert ("deadlines.py", "known_reason(reason)") in writers
    assert writers - {("deadlines.py", "known_reason(reason)")} == {("deadlines.py", "reason")}, "the other finds, to reopen"


@pytest.mark.parametrize("row", ["closed  stands", "closed  sleeps  why", "closed  ends  why\nclosed  rests  why"])
def test_a_table_of_duties_with_a_fault_does_not_load(row):
    with pytest.raises(LawError):
        duty_rows(f"reason  duty  because\n{row}")


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("closed  *  NO_SUCH  track  why", "NO_SUCH is no clock"),
        ("closed  *  INVESTIGATION  street  why", "street is no reach"),
        ("closed  *  INVESTIGATION  track", "needs fact"),
    ],
)
def test_a_table_of_outcomes_with_a_fault_does_not_load(row, complaint):
    with pytest.raises(LawError, match=complaint):
        parse(f"fact  code  stops  of  because\n{row}")
