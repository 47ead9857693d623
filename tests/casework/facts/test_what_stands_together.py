"""What was decided stands until a later decision; what cannot stand together is refused, and no child is lost between."""

from datetime import UTC, datetime, timedelta

import pytest

from casework.actions.perform import perform
from casework.input.read import Malformed
from permissions.vocabulary import Action
from tests.casework.facts.test_children_found import running, visited
from tests.world import PLAN, REPORT, checklist
from workflows.calendars import AMSTERDAM
from workflows.table import Incomplete

WHY = "Een verzonnen toelichting van genoeg woorden."
MINOR = {"person": {"role": "minor", "given_names": "Testkind", "birth_date": "2018-05-01"}}


def decision(code: str, day: str) -> dict[str, dict[str, str]]:
    return {"youth_prosecutor_decision": {"name": "Jeugdofficier Voorbeeld", "code": code, "date": day}}


def minor_visited(world):
    """A minor who was visited, and of whom the youth prosecutor was asked; the record began ten days ago."""
    person = {"role": "subject", "family_name": "Proef", "given_names": "Testpersoon", "birth_date": "2010-05-01"}
    done = world.opened(person=person)
    case, track = done.made["case"], done.made["warning"]
    approval = {"prosecutor_approval": {"name": "Officier", "date": "today", "code": "youth_prosecutor"}}
    perform(world.lies, Action.SUBMIT, track)
    perform(world.dirk, Action.TAKE_UP, track)
    perform(world.dirk, Action.PLAN_VISIT, track, {**checklist(), **approval})
    perform(world.lies, Action.SCHEDULE_VISIT, track, PLAN)
    perform(world.lies, Action.RECORD_VISIT, track, REPORT)
    perform(world.lies, Action.ASK_YOUTH_PROSECUTOR, track, {"guardian_plan": {"text": WHY}})
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute("UPDATE casework_track SET made_at = made_at - interval '10 days' WHERE id = %s", (track,))
    world.superuser.execute("SET session_replication_role = origin")
    return case, track


def ago(days: int) -> str:
    return (datetime.now(UTC).astimezone(AMSTERDAM).date() - timedelta(days=days)).isoformat()


@pytest.mark.parametrize("day", [6, 3])
@pytest.mark.parametrize("chosen", ["halt", "prosecution", "no_action"])
def test_an_earlier_or_equal_day_overturns_no_decision(world, chosen, day):
    _, track = minor_visited(world)
    perform(world.lies, Action.WRITE_RECORD, track, decision(chosen, ago(3)))
    with pytest.raises(Malformed, match="stored_otherwise"):
        perform(world.lies, Action.WRITE_RECORD, track, decision("warning", ago(day)))
    with pytest.raises(Incomplete) as found:
        perform(world.lies, Action.WARN, track)
    assert found.value.missing == ("youth_prosecutor_decision",)


def test_the_act_that_warns_does_not_overturn_a_decision_and_an_act_of_its_own_does(world):
    _, track = minor_visited(world)
    perform(world.lies, Action.WRITE_RECORD, track, decision("halt", ago(3)))
    with pytest.raises(Malformed, match="stored_otherwise"):
        perform(world.lies, Action.WARN, track, decision("warning", ago(0)))
    perform(world.lies, Action.WRITE_RECORD, track, decision("warning", ago(0)))
    perform(world.lies, Action.WARN, track)
    assert world.rows("SELECT state FROM casework_track WHERE id = %s", track) == [("warned",)]


def test_a_decision_that_was_planted_with_an_earlier_day_does_not_count(world):
    _, track = minor_visited(world)
    perform(world.lies, Action.WRITE_RECORD, track, decision("halt", ago(6)))
    perform(world.lies, Action.WRITE_RECORD, track, decision("warning", ago(5)))
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute("UPDATE casework_storedfact SET on_date = %s WHERE code = 'warning'", (ago(7),))
    world.superuser.execute("SET session_replication_role = origin")
    with pytest.raises(Incomplete):
        perform(world.lies, Action.WARN, track)


@pytest.mark.parametrize("answer", ["none", "unknown"])
def test_a_minor_recorded_after_the_check_starts_what_it_would_have(world, answer):
    case, track = visited(world, answer)
    assert running(world, "CHILDREN_FOUND") == []
    perform(world.lies, Action.WRITE_RECORD, case, MINOR)
    assert running(world, "CHILDREN_FOUND") == [True]
    with pytest.raises(Incomplete) as found:
        perform(world.lies, Action.WARN, track)
    assert found.value.missing == ("child_check",), "the check said nothing of this child"
    with pytest.raises(Malformed, match="say_why"):
        perform(world.lies, Action.WRITE_RECORD, track, {"child_check": {"code": answer}})
    perform(world.lies, Action.WRITE_RECORD, track, {"child_check": {"code": "in_household"}})
    perform(world.lies, Action.WARN, track)


def test_a_check_that_says_why_stands_beside_a_minor(world):
    case, _ = world.track("visit_scheduled")
    track = world.rows("SELECT id FROM casework_track WHERE case_id = %s", case)[0][0]
    perform(world.lies, Action.WRITE_RECORD, case, MINOR)
    with pytest.raises(Malformed, match="say_why"):
        perform(world.lies, Action.RECORD_VISIT, track, REPORT)
    said = {"child_check": {"code": "none", "text": "Het kind woont bij de andere ouder."}}
    perform(world.lies, Action.RECORD_VISIT, track, {**REPORT, **said})
    assert running(world, "CHILDREN_FOUND") == []
    perform(world.lies, Action.WARN, track)


def reported(world, outcome, **counts):
    case, track = world.track("visit_scheduled")
    report = {"outcome": outcome, "date": "today", "cautioned": "no", **counts}
    perform(world.lies, Action.RECORD_VISIT, track, {"visit_report": report, "child_check": {"code": "none"}})
    return case, track


def test_somebody_who_was_warned_does_not_end_as_if_nobody_was(world):
    _, track = world.track("visit_done")
    elsewhere = {"reason": {"code": "new_information", "text": WHY}, "person": {"role": "subject", "family_name": "Ander"}}
    with pytest.raises(Incomplete) as found:
        perform(world.dirk, Action.RETARGET, track, elsewhere)
    assert found.value.missing == ("visit_report",)
    perform(world.dirk, Action.ASK_APPROVAL, track, {"approval": {"action": "close_unwarned", "text": WHY}})
    perform(world.saskia, Action.APPROVE, track)
    with pytest.raises(Incomplete) as found:
        perform(world.dirk, Action.CLOSE_UNWARNED, track, {"reason": {"code": "other", "text": WHY}})
    assert found.value.missing == ("visit_report",)


@pytest.mark.parametrize(
    ("outcome", "counts", "reason", "fits"),
    [
        ("arrest", {"arrested": 1}, "nobody_home", False),
        ("arrest", {"arrested": 1}, "subject_deceased", False),
        ("arrest", {"arrested": 1}, "other", True),
        ("subject_deceased", {}, "wrong_address", False),
        ("subject_deceased", {}, "subject_deceased", True),
        ("refused_entry", {}, "nobody_home", False),
        ("nobody_home", {}, "nobody_home", True),
    ],
)
def test_the_reason_to_close_fits_what_the_visit_found(world, outcome, counts, reason, fits):
    _, track = reported(world, outcome, **counts)
    with pytest.raises(Incomplete if fits else Malformed, match=r"four_eyes" if fits else r"excluded"):
        perform(world.dirk, Action.CLOSE_UNWARNED, track, {"reason": {"code": reason, "text": WHY}})


def test_nobody_who_has_died_is_offered_help_or_consents(world):
    case, _ = world.track("warned")
    help_track = world.rows("SELECT id FROM casework_track WHERE kind = 'help' AND case_id = %s", case)[0][0]
    subject = world.rows("SELECT id FROM casework_personincase WHERE role = 'subject' AND case_id = %s", case)[0][0]
    gone = {"person_gone": {"person": subject, "code": "deceased", "text": WHY}}
    perform(world.lies, Action.WRITE_RECORD, case, gone)
    with pytest.raises(Malformed, match="excluded"):
        perform(world.lies, Action.OFFER_HELP, help_track, {"offer_form": {"code": "card", "date": "today"}})
    perform(world.lies, Action.END_HELP, help_track, {"reason": {"code": "not_applicable", "text": WHY}})


def test_a_case_is_no_new_signal_about_itself_and_an_old_package_is_none(world):
    case, track = world.track("triage")
    perform(world.dirk, Action.DECLINE, track, {"reason": {"code": "duplicate", "text": WHY}})
    again = {"reason": {"code": "new_report", "text": WHY}}
    with pytest.raises(Malformed, match="same_case"):
        perform(world.dirk, Action.REOPEN, track, {"new_signal": {"case": case, "text": WHY}, **again})
    other = world.opened().made["case"]
    perform(world.dirk, Action.REOPEN, track, {"new_signal": {"case": other, "text": WHY}, **again})


def test_what_began_a_case_is_no_new_signal_after_it_closed(world):
    case, _ = world.track()
    handoff = world.delivered(case)
    safety = world.rows("SELECT id FROM casework_track WHERE began_by_handoff_id = %s", handoff)[0][0]
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
    perform(world.vera, Action.REFUSE_HANDOFF, handoff, {"reason": {"code": "wrong_receiver", "text": WHY}})
    perform(world.vera, Action.DROP_REPORT, safety, {"reason": {"code": "wrong_receiver", "text": WHY}})
    again = {"reason": {"code": "new_report", "text": WHY}}
    with pytest.raises(Malformed, match="before_it_moved"):
        perform(world.vera, Action.REOPEN, safety, {"new_signal": {"case": handoff, "text": WHY}, **again})
    later = world.delivered(case)
    perform(world.vera, Action.REOPEN, safety, {"new_signal": {"case": later, "text": WHY}, **again})


@pytest.mark.parametrize(("fact", "day", "why"), [("start_date", -30, "too_late"), ("subject_informed", 30, "too_early")])
def test_what_happened_has_its_bounds_also_on_a_case_without_a_track(world, fact, day, why):
    case = world.opened("joke").made["case"]
    assert world.rows("SELECT count(*) FROM casework_track WHERE case_id = %s", case) == [(0,)]
    with pytest.raises(Malformed, match=why):
        perform(world.joke, Action.WRITE_RECORD, case, {fact: {"date": ago(day)}})
