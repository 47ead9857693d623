"""Who has died, moved or was merged: each clock stops or runs on as the table says, and every open track keeps one."""

import re
from pathlib import Path
from uuid import uuid4

import pytest

from casework.actions.perform import perform
from casework.input.read import Malformed
from permissions.vocabulary import Action
from tests.casework.actions.test_corrections import correct, fact_of
from tests.casework.selectors.test_worklist import list_of
from tests.world import PERSON, PLAN
from workflows.clocks import TERMS, started_by
from workflows.gone import ENDING, OF_A_PERSON, STOPS, TABLE, ends_of, rows_of
from workflows.table import Incomplete
from workflows.tracks import TRACKS

WHY = "Dit bleek uit de basisregistratie personen."
STATES = [(kind, state) for kind in sorted(OF_A_PERSON) for state in sorted(TRACKS[kind].open_states)]


def plant(world, query, *values):
    """What no act makes in one step: as the superuser, without triggers."""
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute(query, values)
    world.superuser.execute("SET session_replication_role = origin")


def clocks_in(kind, state):
    """The clocks that start in a state, or before it and run on through it."""
    return {clock.code for clock in started_by(kind, state)} or {
        clock.code
        for earlier in TRACKS[kind].states
        for clock in started_by(kind, earlier)
        if state not in clock.stops and not clock.code.startswith("HANDOFF")
    }


def placed(world, case, track, kind, state, *more):
    """Let a track stand in a state with its clocks, and these terms beside it."""
    plant(world, "DELETE FROM casework_deadline WHERE case_id = %s", case)
    plant(world, "UPDATE casework_track SET kind = %s, state = %s WHERE id = %s", kind, state, track)
    for clock in clocks_in(kind, state) | set(more):
        plant(
            world,
            "INSERT INTO casework_deadline (id, case_id, agency_id, track_id, clock, moment, rule_version, started_at,"
            " due_at) SELECT %s, t.case_id, t.agency_id, t.id, %s, 0, 'x', now(), now() + interval '1 day'"
            " FROM casework_track t WHERE t.id = %s",
            uuid4(),
            clock,
            track,
        )


def terms(world, track):
    """What runs on a track, and what stopped with its reason."""
    rows = world.rows("SELECT clock, met_at IS NULL, stop_reason FROM casework_deadline WHERE track_id = %s", track)
    return {clock for clock, runs, _ in rows if runs}, {clock: why for clock, runs, why in rows if not runs}


def subject_of(world, case):
    return world.rows("SELECT id FROM casework_personincase WHERE case_id = %s AND role = 'subject'", case)[0][0]


@pytest.mark.parametrize("way", ["deceased", "moved_unknown", "merged"])
def test_in_every_state_the_clocks_stop_that_the_table_says_and_no_open_track_is_without_one(world, way):
    other = {**PERSON, "role": "household_member", "given_names": "Ander"}
    done = world.opened(person=[PERSON, other])
    case, track = done.made["case"], done.made["warning"]
    subject = subject_of(world, case)
    plant(world, "UPDATE casework_track SET subject_id = %s WHERE id = %s", subject, track)
    perform(world.lies, Action.WRITE_RECORD, case, {"child_check": {"code": "in_household", "text": WHY}})
    into = world.rows("SELECT id FROM casework_personincase WHERE given_names = 'Ander'")[0][0]
    said = {"person": subject, "code": way, "text": WHY} | ({"into": into} if way == "merged" else {})
    for kind, state in STATES:
        placed(world, case, track, kind, state, "CHILDREN_FOUND", "WELFARE_CALL")
        before = clocks_in(kind, state) | {"CHILDREN_FOUND", "WELFARE_CALL"}
        perform(world.lies, Action.WRITE_RECORD, case, {"person_gone": said})
        running, stopped = terms(world, track)
        meant = before & set(STOPS[way])
        assert stopped == dict.fromkeys(meant, way), (kind, state)
        assert running == before - meant | ({ENDING} if way == "deceased" else set()), (kind, state)
        assert running - {"CHILDREN_FOUND"}, f"{kind} {state} is open and no clock runs"
        plant(world, "DELETE FROM casework_storedfact WHERE fact = 'person_gone'")


def test_the_terms_of_everybody_else_run_on(world):
    done = world.opened(person=[PERSON, {**PERSON, "role": "minor", "given_names": "Kind", "birth_date": "2020-01-05"}])
    case, track = done.made["case"], done.made["warning"]
    child = world.rows("SELECT id FROM casework_personincase WHERE role = 'minor'")[0][0]
    plant(world, "UPDATE casework_track SET subject_id = %s WHERE id = %s", child, track)
    placed(world, case, track, "victim", "identified", "CHILDREN_FOUND")
    dead = {"person": subject_of(world, case), "code": "deceased", "text": WHY}
    perform(world.lies, Action.WRITE_RECORD, case, {"person_gone": dead})
    assert terms(world, track) == ({"VICTIM_NEEDS", "CHILDREN_FOUND"}, {}), "the child is helped all the same"


def test_a_safety_track_runs_on_whoever_of_the_household_has_died(world):
    done = world.opened("wim", person=[PERSON])
    case, track = done.made["case"], done.made["safety"]
    plant(world, "UPDATE casework_track SET subject_id = %s WHERE id = %s", subject_of(world, case), track)
    before, _ = terms(world, track)
    dead = {"person": subject_of(world, case), "code": "deceased", "text": WHY}
    perform(world.wim, Action.WRITE_RECORD, case, {"person_gone": dead})
    assert terms(world, track) == (before, {})


def test_what_a_visit_found_stops_the_help_as_well_and_a_later_step_starts_nothing_of_it_anew(world):
    case, track = world.track("visit_scheduled")
    found = {"visit_report": {"outcome": "subject_deceased", "date": "today", "cautioned": "no"}}
    perform(world.lies, Action.RECORD_ATTEMPT, track, found)
    running, stopped = terms(world, track)
    assert (running, stopped["VISIT"]) == ({ENDING}, "subject_deceased"), "nobody is visited again"
    with pytest.raises(Malformed, match="excluded"):
        perform(world.lies, Action.SCHEDULE_VISIT, track, PLAN)
    assert terms(world, track)[0] == {ENDING}
    case, track = world.track("visit_scheduled")
    perform(world.lies, Action.RECORD_VISIT, track, {**found, "child_check": {"code": "in_household"}})
    assert terms(world, track)[0] == {ENDING, "VISIT_OUTCOME", "CHILDREN_FOUND"}
    help_track = world.rows("SELECT id FROM casework_track WHERE kind = 'help' AND case_id = %s", case)[0][0]
    assert terms(world, help_track) == ({ENDING}, {"HELP_OFFER": "subject_deceased"})
    rows = [row for row in list_of(world, "lies") if row.clock == ENDING and row.about_id == help_track]
    assert [str(row.step.way.verb) for row in rows] == ["end_help"], "the next step is to end it"
    perform(world.lies, Action.END_HELP, help_track, {"reason": {"code": "not_applicable", "text": WHY}})
    assert terms(world, help_track)[0] == set()


def test_a_death_that_was_a_mistake_brings_back_what_belongs_to_where_the_track_is_now(world):

    ander = {**PERSON, "role": "contact", "given_names": "Ander"}
    case, track = world.track("warned")
    perform(world.lies, Action.WRITE_RECORD, case, {"person": ander})
    other = world.rows("SELECT id FROM casework_personincase WHERE given_names = 'Ander'")[0][0]
    help_track = world.rows("SELECT id FROM casework_track WHERE kind = 'help' AND case_id = %s", case)[0][0]
    dead = {"person": subject_of(world, case), "code": "deceased", "text": WHY}
    perform(world.lies, Action.WRITE_RECORD, case, {"person_gone": dead})
    assert terms(world, help_track)[0] == {ENDING}
    perform(world.lies, Action.START_FOLLOW_UP, track, {})
    assert terms(world, track)[0] == {ENDING}, "nobody is reviewed, and nobody is called"
    correct(world, case, fact={"fact": fact_of(world, case, "person_gone"), "about": other})
    assert terms(world, help_track)[0] == {"HELP_OFFER"}
    assert terms(world, track)[0] == {"FOLLOW_UP", "WELFARE_CALL"}, "who lives is called and reviewed"


def test_another_subject_ends_the_asking_to_end(world):
    _, track = world.track("visit_scheduled")
    found = {"visit_report": {"outcome": "subject_deceased", "date": "today", "cautioned": "no"}}
    perform(world.lies, Action.RECORD_VISIT, track, {**found, "child_check": {"code": "none"}})
    assert ENDING in terms(world, track)[0]
    again = {"reason": {"code": "other_person", "text": WHY}, "person": {**PERSON, "given_names": "Nieuw"}}
    perform(world.dirk, Action.RETARGET, track, again)
    assert terms(world, track)[0] == {"TRIAGE"}


def test_who_lives_elsewhere_is_reviewed_no_more_and_somebody_says_what_happens_now(world):
    _, track = world.track("follow_up")
    assert len(world.rows("SELECT 1 FROM casework_deadline WHERE clock = 'FOLLOW_UP' AND met_at IS NULL")) == 2
    perform(world.lies, Action.RECORD_REVIEW, track, {"review_outcome": {"code": "moved", "date": "today"}})
    running, stopped = terms(world, track)
    assert (running, stopped["FOLLOW_UP"]) == ({"SCHEDULE_DONE"}, "moved")
    perform(world.dirk, Action.ASK_APPROVAL, track, {"approval": {"action": "close_warning", "text": WHY}})
    perform(world.saskia, Action.APPROVE, track)

    with pytest.raises(Incomplete) as found:
        perform(world.dirk, Action.CLOSE_WARNING, track)
    assert "reviews_done" in found.value.missing, "what was never held is not held: the approver says why it ends"


@pytest.mark.parametrize(("kind", "state"), STATES)
def test_from_every_state_a_track_about_the_dead_can_come_to_its_end(kind, state):
    seen: set[str] = set()
    reached = {state}
    while reached - seen:
        here = (reached - seen).pop()
        seen.add(here)
        asked = {"offer_form", "information_form", "consent", "start_date", "help_offer"}
        steps = [step for step in TRACKS[kind].steps if step.source == here and not asked & set(step.needs)]
        reached |= {step.target for step in steps}
        assert set(ends_of(TRACKS[kind], here)) <= {step.action for step in steps}
    assert reached & TRACKS[kind].final


def test_every_clock_has_its_row_and_every_row_is_printed_in_the_law():

    page = (Path(__file__).parents[3] / "docs" / "law.md").read_text()
    block = next(b for b in re.findall(r"```\n(.*?)```", page, re.DOTALL) if b.startswith("clock "))
    assert rows_of(block) == rows_of(TABLE)
    assert {row[0] for row in rows_of(TABLE)} == set(TERMS)
    assert not {"CHILDREN_FOUND", "CHILD_CHECK", "INFORM_REPORTER"} & {clock for way in STOPS.values() for clock in way}
