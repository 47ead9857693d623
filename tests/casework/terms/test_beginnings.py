"""Days added to the holidays by decree count wherever a case, a track, a handoff or an emergency begins."""

import ast
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from casework.models import DecreedDay
from casework.worker.carry_out import run_due
from permissions.acting import acting_as, scenario_moment
from permissions.installing import system_actor
from permissions.vocabulary import Action, Role
from tests.world import World, perform
from workflows.calendars import AMSTERDAM, due
from workflows.clocks import ACUTE_CLOCKS, CLOCKS
from workflows.tracks import BEGINNINGS

ROOT = Path(__file__).parents[3]
MONDAY = datetime(2027, 1, 4, 9, tzinfo=UTC)
FREE = frozenset({date(2027, 1, 5), date(2027, 1, 6), date(2027, 1, 8), date(2027, 1, 18), date(2027, 2, 1)})


@pytest.fixture
def decreed(world):
    """A Monday before days that a decree makes free."""
    token = scenario_moment.set(MONDAY)
    with acting_as(system_actor(Role.MIGRATION), Role.MIGRATION, Action.MIGRATE):
        DecreedDay.objects.bulk_create([DecreedDay(day=day, name="Vrije dag") for day in sorted(FREE)])
    yield world
    scenario_moment.reset(token)


def as_the_calendar_says(world: World, *clocks: str) -> None:
    """Every running term of these clocks, or of all, ends where the calendar with the decreed days says."""
    rows = world.rows("SELECT clock, started_at, due_at FROM casework_deadline WHERE met_at IS NULL AND moment = 0")
    assert set(clocks) <= {row[0] for row in rows}
    for code, started_at, due_at in rows:
        clock = CLOCKS[code]
        plain = due(started_at, clock.numbers[0], clock.unit, clock.calendar)
        assert due_at == due(started_at, clock.numbers[0], clock.unit, clock.calendar, FREE), code
        if clock.unit == "working_days" and code not in ACUTE_CLOCKS:
            assert due_at > plain, f"{code}: no free day lies in the term, so that it proves nothing"


def begin_warning(world):
    world.opened()
    return "DRAFT"


def begin_safety(world):
    world.opened("wim")
    return "SAFETY_ASSESSMENT ASSESSMENT_DECREE INFORM_REPORTER INFORM_SUBJECT"


def begin_at_delivery(world):
    world.sent(world.opened().made["case"])
    run_due(scenario_moment.get() or MONDAY, on_scenario_clock=True)
    return "SAFETY_ASSESSMENT INFORM_SUBJECT HANDOFF_ACK HANDOFF_EXPIRY"


def begin_help(world):
    perform(world.joke, Action.OPEN_HELP, world.opened("joke").made["case"])
    return "HELP_OFFER"


def begin_victim(world):
    person = {"person": {"role": "possible_victim", "given_names": "Proef"}}
    perform(world.wim, Action.IDENTIFY_VICTIM, world.opened("wim").made["case"], person)
    return "VICTIM_NEEDS"


def begin_handoff(world):
    world.package(world.opened().made["case"])
    return "HANDOFF_CHECK"


def begin_at_visit(world):
    world.track("visit_done")
    return "HELP_OFFER VISIT_OUTCOME"


def begin_referral(world):
    handoff = world.sent(world.opened().made["case"], kind="referral", receiver="wanda", basis="WPG_15")
    run_due(scenario_moment.get() or MONDAY, on_scenario_clock=True)
    perform(world.wanda, Action.ACKNOWLEDGE_HANDOFF, handoff)
    perform(world.wanda, Action.ACCEPT_HANDOFF, handoff)
    return "TAKE_UP HANDOFF_START"


BEGIN = {
    ("warning", "open_case"): begin_warning,
    ("warning", "accept_handoff"): begin_referral,
    ("safety", "open_case"): begin_safety,
    ("safety", "deliver_handoff"): begin_at_delivery,
    ("help", "record_visit"): begin_at_visit,
    ("help", "open_help"): begin_help,
    ("victim", "identify_victim"): begin_victim,
    ("handoff", "prepare_handoff"): begin_handoff,
}


def counts_terms(text):
    """Whether a module can reach the function that says when a term ends, however it imports it."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module == "workflows.calendars":
            if {"due", "*"} & {one.name for one in node.names}:
                return True
        elif isinstance(node, ast.ImportFrom) and node.module == "workflows":
            if "calendars" in {one.name for one in node.names}:
                return True
        elif isinstance(node, ast.Import) and "workflows.calendars" in {one.name for one in node.names}:
            return True
    return False


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("from workflows.calendars import (\n    add_months,\n    due,\n)", True),
        ("from workflows.calendars import due as ends", True),
        ("from workflows import calendars", True),
        ("import workflows.calendars", True),
        ("from workflows.calendars import add_months", False),
        ("due = 1", False),
    ],
)
def test_who_counts_a_term_is_found_however_it_is_imported(text, counts):
    assert counts_terms(text) is counts


def test_every_term_of_the_records_is_counted_in_one_place():
    files = [*(ROOT / "casework").rglob("*.py"), *(ROOT / "web").rglob("*.py")]
    found = {path.name for path in files if counts_terms(path.read_text())}
    assert found == {"deadlines.py", "owed.py"}, "owed terms begin outside an act, when a database is brought up to date"


def test_every_way_to_begin_is_tried_here():
    taken_over = {("help", "accept_handoff"), ("victim", "accept_handoff")}  # the same door as a referral: begin_track
    assert {(row.track, str(row.action)) for row in BEGINNINGS} == set(BEGIN) | taken_over


@pytest.mark.parametrize("begin", BEGIN.values(), ids=["_".join(key) for key in BEGIN])
def test_a_decreed_day_counts_where_work_begins(decreed, begin):
    as_the_calendar_says(decreed, *begin(decreed).split())


def test_a_decreed_day_counts_in_the_review_of_an_emergency(decreed):
    case = decreed.opened("lies").made["case"]
    reference = decreed.rows("SELECT reference FROM casework_participation WHERE content_object_id = %s", case)[0][0]
    given = {"reference": reference, "code": "child_at_risk_now", "text": "Een kind is nu in gevaar op dit adres."}
    perform(decreed.wanda, Action.ASK_EMERGENCY, None, {"emergency": given})
    as_the_calendar_says(decreed, "EMERGENCY_REVIEW")


def test_a_decreed_day_counts_when_a_handoff_that_came_to_nothing_is_to_be_sent_again(decreed):
    handoff = decreed.sent(decreed.opened().made["case"])
    run_due(scenario_moment.get() or MONDAY, on_scenario_clock=True)
    why = {"reason": {"code": "sent_by_mistake", "text": "Dit pakket was niet af."}}
    perform(decreed.lies, Action.WITHDRAW_HANDOFF, handoff, why)
    as_the_calendar_says(decreed, "HANDOFF_AGAIN")
    due_at = decreed.rows("SELECT due_at FROM casework_deadline WHERE clock = 'HANDOFF_AGAIN'")[0][0]
    assert (due_at - timedelta(seconds=1)).astimezone(AMSTERDAM).date() == date(2027, 1, 11)
