"""After a warning somebody is called, or tried on two dates; one try ends nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from casework.actions.perform import perform
from casework.input.read import Malformed
from permissions.vocabulary import Action
from tests.world import PERSON, checklist
from workflows.table import Incomplete


def day(ahead):
    return (datetime.now(UTC) + timedelta(days=ahead)).date().isoformat()


def running(world):
    return world.rows("SELECT count(*) FROM casework_deadline WHERE clock = 'WELFARE_CALL' AND met_at IS NULL")[0][0]


def call(code, date="today", **more):
    return {"welfare_call": {"code": code, "date": date, **more}}


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (call("attempted_twice"), "again: required"),
        (call("attempted_twice", again=day(3)), "again"),
        (call("attempted_twice", again=day(-3)), "again: too_early"),
    ],
)
def test_a_second_try_has_a_date_that_fits(world, said, why):
    _, track = world.track("warned")
    with pytest.raises(Malformed, match=why):
        perform(world.lies, Action.START_FOLLOW_UP, track, said)
    assert running(world) == 1


def test_one_try_is_kept_and_ends_nothing(world):
    _, track = world.track("warned")
    with pytest.raises(Incomplete, match="welfare_call"):
        perform(world.lies, Action.START_FOLLOW_UP, track, call("attempted"))
    perform(world.lies, Action.WRITE_RECORD, track, call("attempted"))
    assert running(world) == 1
    with pytest.raises(Incomplete, match="welfare_call"):
        perform(world.lies, Action.START_FOLLOW_UP, track)
    perform(world.lies, Action.START_FOLLOW_UP, track, call("attempted_twice"))
    assert running(world) == 0, "the first try was stored before"


@pytest.mark.parametrize(
    "said",
    [
        call("made"),
        call("attempted_twice", again="today"),
        {"welfare_call": [{"code": "attempted_twice", "date": "today"}, {"code": "attempted_twice", "date": "today"}]},
    ],
)
def test_a_call_or_two_dated_tries_start_the_follow_up(world, said):
    _, track = world.track("warned")
    perform(world.lies, Action.START_FOLLOW_UP, track, said)
    assert running(world) == 0


def test_a_reporter_who_turns_out_to_be_protected_is_told_anew_through_the_protected_channel(world):
    done = world.opened("wim")
    case, track = done.made["case"], done.made["safety"]
    source = {"kind": "citizen", "name": "Buur Verzonnen", "protected": "no"}
    perform(world.wim, Action.WRITE_RECORD, case, {"source": source})
    told = {"reporter_informed": {"date": "today", "code": "direct"}}
    perform(world.wim, Action.WRITE_RECORD, track, told)
    open_terms = "SELECT count(*) FROM casework_deadline WHERE clock = 'INFORM_REPORTER' AND met_at IS NULL"
    assert world.rows(open_terms) == [(0,)]
    perform(world.wim, Action.WRITE_RECORD, case, {"source": {**source, "protected": "yes"}})
    assert world.rows(open_terms) == [(1,)], "how they were told does not fit who they are"
    with pytest.raises(Malformed, match="excluded"):
        perform(world.wim, Action.WRITE_RECORD, track, told)
    perform(world.wim, Action.WRITE_RECORD, track, {"reporter_informed": {"date": "today", "code": "protected_channel"}})
    assert world.rows(open_terms) == [(0,)]


def test_whether_the_reporter_was_told_is_judged_by_what_is_known_now(world):
    done = world.opened("wim")
    case, track = done.made["case"], done.made["safety"]
    source = {"kind": "citizen", "name": "Buur Verzonnen", "protected": "no"}
    perform(world.wim, Action.WRITE_RECORD, case, {"source": source})
    perform(world.wim, Action.WRITE_RECORD, track, {"reporter_informed": {"date": "today", "code": "direct"}})
    perform(world.vera, Action.START_ASSESSMENT, track, {"acute_checked": {"yes": "no"}})
    ended = {"assessment": {"code": "safe", "text": "Alles is in orde."}, "outcome_code": {"code": "no_abuse"}}
    perform(world.wim, Action.WRITE_RECORD, track, ended)
    perform(world.wim, Action.ASK_APPROVAL, track, {"approval": {"action": "assess", "text": "Graag meekijken met dit."}})
    perform(world.wim, Action.WRITE_RECORD, case, {"source": {**source, "protected": "yes"}})
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute("UPDATE casework_track SET state = 'assessed' WHERE id = %s", [track])
    world.superuser.execute("SET session_replication_role = origin")
    why = {"reason": {"code": "other", "text": "Er is niets gevonden wat zorgen geeft."}}
    with pytest.raises(Incomplete) as found:
        perform(world.vera, Action.CLOSE_SAFETY, track, why)
    assert "reporter_informed" in found.value.missing


def test_who_not_a_victim_is_not_made_a_victim_without_a_word(world):
    case = world.opened().made["case"]
    with pytest.raises(Malformed, match="not_a_victim"):
        perform(world.lies, Action.IDENTIFY_VICTIM, case, {"person": PERSON})
    assert world.rows("SELECT role FROM casework_personincase") == [("subject",)]
    perform(world.lies, Action.IDENTIFY_VICTIM, case, {"person": {**PERSON, "role": "possible_victim"}})
    assert world.rows("SELECT role FROM casework_personincase ORDER BY role") == [("possible_victim",), ("subject",)]


def test_an_earlier_warning_that_somebody_knows_of_waits_for_an_answer(world):
    _, track = world.track("triage")
    known = {**checklist(), "prior_warning_checked": {"yes": "yes", "date": "today"}}
    with pytest.raises(Incomplete, match="prior_warning_checked"):
        perform(world.dirk, Action.PLAN_VISIT, track, known)
    answer = {"code": "goes_to_investigation", "text": "Deze man is al eens gewaarschuwd, elders."}
    with pytest.raises(Incomplete, match="prior_warning_checked"):
        perform(world.dirk, Action.PLAN_VISIT, track, {**known, "prior_warning_answer": answer})
    other = {**answer, "code": "other_person_after_all"}
    perform(world.dirk, Action.PLAN_VISIT, track, {**known, "prior_warning_answer": other})
