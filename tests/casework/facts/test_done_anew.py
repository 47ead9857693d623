"""What was done before does not count for what is done anew: handed over, consented, or reported a second time."""

from datetime import UTC, datetime, timedelta

import pytest

from casework.actions.perform import perform
from permissions.acting import scenario_moment
from permissions.vocabulary import Action
from tests.casework.selectors.test_worklist import list_of
from tests.world import NECESSARY
from workflows.schedules import SCHEDULE_CODES
from workflows.table import Incomplete

WHY = "Een verzonnen reden van genoeg tekens."
ADULT = {"role": "subject", "family_name": "Proef", "given_names": "Volwassen", "birth_date": "1984-05-01"}
STRANGER = {"role": "subject", "family_name": "Elders", "given_names": "Anders", "birth_date": "1971-02-03"}
TOLD = {"reporter_informed": {"date": "today", "code": "no_reporter"}, "subject_informed": {"date": "today"}}
DIRECTLY = TOLD | {"reporter_informed": {"date": "today", "code": "direct"}}
SCHEDULE = SCHEDULE_CODES[0]
BEGUN = {"start_date": {"date": "today"}}


def approved(world, track, action):
    perform(world.vera, Action.ASK_APPROVAL, track, {"approval": {"action": action, "text": WHY}})
    perform(world.wim, Action.APPROVE, track, {"approver_reason": {"text": WHY}})


def assessed(world, case, track):
    """Bring a safety track to a decision to hand over."""
    found = {"assessment": {"code": "unsafe", "text": "Onveilig."}, "outcome_code": {"code": "transfer"}}
    perform(world.vera, Action.WRITE_RECORD, case, found)
    approved(world, track, "assess")
    perform(world.vera, Action.ASSESS, track)


def sent(world, case, **more):
    content = {"receiver": world.agency("joke"), "items": ["identity"], "source_protected": "yes", **NECESSARY, **more}
    handoff = perform(world.wim, Action.PREPARE_HANDOFF, case, {"package": content}).id
    perform(world.vera, Action.CHECK_HANDOFF, handoff)
    perform(world.wim, Action.SEND_HANDOFF, handoff)
    world.work()
    return handoff


def state_of(world, track):
    return world.rows("SELECT state FROM casework_track WHERE id = %s", track)[0][0]


def lacks(world, who, action, track, given=None):
    with pytest.raises(Incomplete) as found:
        perform(world.people[who], action, track, given)
    return found.value.missing


def test_the_report_that_began_a_track_hands_nothing_over(world):
    case, _ = world.track()
    report = world.delivered(case)
    [(track,)] = world.rows("SELECT id FROM casework_track WHERE kind = 'safety'")
    perform(world.wim, Action.ACCEPT_HANDOFF, report)
    perform(world.vera, Action.START_ASSESSMENT, track, {"acute_checked": {"yes": "no"}})
    assessed(world, case, track)
    assert lacks(world, "vera", Action.HAND_OVER_SAFETY, track, DIRECTLY) == ("handoff_sent",)
    sent(world, case, kind="transfer", basis="WMO_4_1_1_2D")
    perform(world.vera, Action.HAND_OVER_SAFETY, track, DIRECTLY)
    perform(world.wim, Action.START_WORK, report, BEGUN)
    assert lacks(world, "vera", Action.CONFIRM_TRANSFER, track) == ("handoff_started",), "the report, not the transfer"


def test_help_is_not_handed_over_by_the_package_that_asked_for_it(world):
    case = world.opened("wim", person=ADULT).made["case"]
    joke = world.agency("joke")
    consent = {"code": "help_and_sharing", "given_by": "self", "date": "today", "receiver": joke}
    perform(world.wim, Action.WRITE_RECORD, case, {"consent": consent})
    asked = sent(world, case, kind="help", basis="WMO_5_3_3_CONSENT")
    track = perform(world.joke, Action.ACCEPT_HANDOFF, asked).made["help"]
    assert lacks(world, "joke", Action.HAND_OVER_HELP, track) == ("handoff_sent",)
    assert state_of(world, track) == "consented"


def test_a_transfer_of_an_earlier_round_is_not_that_of_a_new_one(world):
    done = world.opened("wim")
    case, track = done.made["case"], done.made["safety"]
    perform(world.vera, Action.START_ASSESSMENT, track, {"acute_checked": {"yes": "no"}})
    assessed(world, case, track)
    handoff = sent(world, case, kind="transfer", basis="WMO_4_1_1_2D")
    perform(world.vera, Action.HAND_OVER_SAFETY, track, TOLD)
    perform(world.joke, Action.ACCEPT_HANDOFF, handoff)
    perform(world.joke, Action.START_WORK, handoff, BEGUN)
    perform(world.vera, Action.CONFIRM_TRANSFER, track)
    perform(world.vera, Action.START_MONITORING, track, {"monitoring_schedule": {"code": SCHEDULE, "date": "today"}})
    signal = world.opened("wim").made["case"]
    perform(world.vera, Action.REASSESS, track, {"new_signal": {"case": signal, "text": WHY}})
    assessed(world, case, track)
    assert "handoff_sent" in lacks(world, "vera", Action.HAND_OVER_SAFETY, track, TOLD)
    sent(world, case, kind="transfer", basis="WMO_4_1_1_2D")
    perform(world.vera, Action.HAND_OVER_SAFETY, track, TOLD)
    assert state_of(world, track) == "transfer_pending"


def test_who_declined_what_was_offered_consents_anew(world):
    case = world.opened("joke", person=ADULT).made["case"]
    track = perform(world.joke, Action.OPEN_HELP, case, {}).made["help"]
    offer = {"offer_form": {"code": "conversation", "date": "today"}}
    consent = {"consent": {"code": "help", "given_by": "self", "date": "today"}}
    perform(world.joke, Action.OFFER_HELP, track, offer)
    perform(world.joke, Action.WRITE_RECORD, case, consent)
    perform(world.joke, Action.RECORD_DECLINE, track)
    perform(world.joke, Action.OFFER_HELP, track, offer)
    assert lacks(world, "joke", Action.RECORD_CONSENT, track) == ("consent",)
    perform(world.joke, Action.RECORD_CONSENT, track, consent)
    assert state_of(world, track) == "consented"


def again(world, handoff, sender, checker):
    """Rework a handoff that came back, and deliver it once more."""
    perform(sender, Action.REWORK_HANDOFF, handoff, {"reason": {"code": "question_answered", "text": WHY}})
    perform(checker, Action.CHECK_HANDOFF, handoff)
    perform(checker, Action.SEND_HANDOFF, handoff)
    world.work()


def test_a_report_that_comes_again_after_its_track_ended_begins_one_whose_clocks_run(world):
    case, _ = world.track()
    report = world.delivered(case)
    [(first,)] = world.rows("SELECT id FROM casework_track WHERE kind = 'safety'")
    perform(world.wim, Action.ACCEPT_HANDOFF, report)
    outside = {"outside_domain": {"text": WHY, "date": "today"}, "sender_informed": {"date": "today"}}
    refused = {"reason": {"code": "outside_domain", "text": WHY}, "acute_checked": {"yes": "no"}}
    perform(world.vera, Action.DECLINE_REPORT, first, outside | refused)
    perform(world.wim, Action.RETURN_HANDOFF, report, {"question": {"code": "content", "text": WHY}})
    people = world.count("casework_personincase")
    again(world, report, world.lies, world.karin)
    second = "SELECT id, subject_id IS NOT NULL FROM casework_track WHERE kind = 'safety' AND state = 'received'"
    [(track, _)] = world.rows(second)
    assert track != first
    clocks = "SELECT clock FROM casework_deadline WHERE track_id = %s AND met_at IS NULL"
    assert {clock for (clock,) in world.rows(clocks, track)} >= {"ACUTE_CHECK", "SAFETY_ASSESSMENT"}
    assert world.count("casework_personincase") == people, "whom the record names already is named once"
    perform(world.wim, Action.ACCEPT_HANDOFF, report)
    perform(world.wim, Action.START_WORK, report, BEGUN)
    assert "ACUTE_CHECK" in {row.clock for row in list_of(world, "wim")}


def test_a_referral_that_comes_again_after_it_was_declined_begins_anew(world):
    case, _ = world.track("triage")
    handoff = world.delivered(case, kind="referral", receiver="wanda", basis="WPG_15")
    first = perform(world.wanda, Action.ACCEPT_HANDOFF, handoff).made["warning"]
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute("UPDATE casework_track SET state = 'not_accepted' WHERE id = %s", [first])
    world.superuser.execute("SET session_replication_role = origin")
    perform(world.wanda, Action.RETURN_HANDOFF, handoff, {"question": {"code": "content", "text": WHY}})
    again(world, handoff, world.lies, world.karin)
    track = perform(world.wanda, Action.ACCEPT_HANDOFF, handoff).made["warning"]
    assert (track != first, state_of(world, track)) == (True, "submitted")


def test_what_nobody_holds_is_marked_for_who_leads_after_a_day(world):
    case, _ = world.track()
    world.delivered(case)
    assert {row.is_left for row in list_of(world, "vera")} == {False}
    token = scenario_moment.set(datetime.now(UTC) + timedelta(days=2))
    try:
        marked = {who: {row.is_left for row in list_of(world, who)} for who in ("vera", "wim")}
    finally:
        scenario_moment.reset(token)
    assert True in marked["vera"], "who assigns"
    assert marked["wim"] == {False}


def test_help_does_not_begin_again_on_a_consent_that_was_taken_back(world):
    case = world.opened("wim", person=ADULT).made["case"]
    consent = {"code": "help_and_sharing", "given_by": "self", "date": "today", "receiver": world.agency("joke")}
    perform(world.wim, Action.WRITE_RECORD, case, {"consent": consent})
    asked = sent(world, case, kind="help", basis="WMO_5_3_3_CONSENT")
    track = perform(world.joke, Action.ACCEPT_HANDOFF, asked).made["help"]
    perform(world.joke, Action.WITHDRAW_CONSENT, track, {"reason": {"code": "person_withdrew", "text": WHY}})
    perform(world.joke, Action.RETURN_HANDOFF, asked, {"question": {"code": "content", "text": WHY}})
    again(world, asked, world.wim, world.vera)
    assert "help" not in perform(world.joke, Action.ACCEPT_HANDOFF, asked).made
    assert state_of(world, track) == "ended"


def test_who_declined_help_is_not_handed_on_as_consenting(world):
    case = world.opened("wim", person=ADULT).made["case"]
    track = perform(world.wim, Action.OPEN_HELP, case, {}).made["help"]
    perform(world.wim, Action.OFFER_HELP, track, {"offer_form": {"code": "conversation", "date": "today"}})
    consent = {"code": "help_and_sharing", "given_by": "self", "date": "today", "receiver": world.agency("joke")}
    perform(world.wim, Action.WRITE_RECORD, case, {"consent": consent})
    perform(world.wim, Action.RECORD_DECLINE, track)
    with pytest.raises(Incomplete) as found:
        sent(world, case, kind="help", basis="WMO_5_3_3_CONSENT")
    assert "legal_basis" in found.value.missing


def test_a_reopened_track_is_not_dropped_for_what_an_earlier_round_refused(world):
    case, _ = world.track()
    report = world.delivered(case)
    [(track,)] = world.rows("SELECT id FROM casework_track WHERE kind = 'safety'")
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, report)
    perform(world.vera, Action.REFUSE_HANDOFF, report, {"reason": {"code": "wrong_receiver", "text": WHY}})
    dropped = {"reason": {"code": "other", "text": WHY}}
    perform(world.vera, Action.DROP_REPORT, track, dropped)
    signal = world.opened("wim", person=STRANGER, premises=[]).made["case"]
    anew = {"reason": {"code": "new_report", "text": WHY}, "new_signal": {"case": signal, "text": WHY}}
    perform(world.vera, Action.REOPEN, track, anew)
    assert lacks(world, "vera", Action.DROP_REPORT, track, dropped) == ("handoff_failed",)


def test_a_transfer_that_was_only_prepared_stands_in_nobodys_way(world):
    done = world.opened("wim")
    case, track = done.made["case"], done.made["safety"]
    perform(world.vera, Action.START_ASSESSMENT, track, {"acute_checked": {"yes": "no"}})
    assessed(world, case, track)
    handoff = sent(world, case, kind="transfer", basis="WMO_4_1_1_2D")
    perform(world.vera, Action.HAND_OVER_SAFETY, track, TOLD)
    perform(world.joke, Action.ACCEPT_HANDOFF, handoff)
    perform(world.joke, Action.START_WORK, handoff, BEGUN)
    package = {"receiver": world.agency("joke"), "items": ["identity"], "source_protected": "yes", **NECESSARY}
    package |= {"kind": "transfer", "basis": "WMO_4_1_1_2D"}
    mistaken = perform(world.wim, Action.PREPARE_HANDOFF, case, {"package": package}).id
    perform(world.wim, Action.WITHDRAW_HANDOFF, mistaken)
    perform(world.vera, Action.CONFIRM_TRANSFER, track)
    assert state_of(world, track) == "transferred"


def test_a_package_that_is_still_prepared_keeps_its_track_open(world):
    case, track = world.track("triage")
    world.package(case)
    perform(world.dirk, Action.ESCALATE, track, {"reason": {"code": "other", "text": WHY}})
    given = {"investigation_reference": {"name": "ONDERZOEK-1"}}
    assert "handoffs_settled" in lacks(world, "dirk", Action.CLOSE_ESCALATED, track, given)
    [(handoff,)] = world.rows("SELECT id FROM casework_handoff")
    perform(world.lies, Action.WITHDRAW_HANDOFF, handoff)
    assert "handoffs_settled" not in lacks(world, "dirk", Action.CLOSE_ESCALATED, track, given)


def test_a_decline_of_help_brings_no_earlier_consent_back(world):
    case = world.opened("wim", person=ADULT).made["case"]
    track = perform(world.wim, Action.OPEN_HELP, case, {}).made["help"]
    perform(world.wim, Action.OFFER_HELP, track, {"offer_form": {"code": "conversation", "date": "today"}})
    consent = {"given_by": "self", "date": "today", "receiver": world.agency("joke")}
    for code in ("sharing", "help_and_sharing"):
        perform(world.wim, Action.WRITE_RECORD, case, {"consent": {**consent, "code": code}})
    perform(world.wim, Action.RECORD_DECLINE, track)
    with pytest.raises(Incomplete) as found:
        sent(world, case, kind="help", basis="WMO_5_3_3_CONSENT")
    assert "legal_basis" in found.value.missing
