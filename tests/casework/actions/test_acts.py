"""An act is done once, by one person, on facts that are stored; anything else changes nothing."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.actions.perform import perform
from casework.facts.first_steps import Stale
from casework.input.fields import PlainText
from casework.input.read import Malformed, read_inputs
from casework.input.screening import Screened, screen
from permissions.decision import Missing, Refused
from permissions.vocabulary import Action
from tests.world import PLAN, REPORT, checklist, signed_in
from web.urls import CASE_PAGES
from workflows.table import Incomplete, NotNow


def test_a_refusal_changes_nothing_and_leaves_a_trace(world):
    _, track = world.track("submitted")
    with pytest.raises(Refused) as refused:
        perform(world.lies, Action.TAKE_UP, track)
    assert not isinstance(refused.value, Missing), "she may see the case"
    assert world.rows("SELECT state FROM casework_track WHERE kind = 'warning'") == [("submitted",)]
    assert world.rows("SELECT word, outcome FROM audit_entry ORDER BY id DESC LIMIT 1") == [("take_up", "refused")]


def test_a_repeated_operation_has_one_effect_and_the_same_answer(world):
    operation = uuid4()
    content = {"basis": {"code": "WPG_8", "article": "8"}, "premises": {"street": "S", "number": "1", "town": "T"}}
    first, second = (perform(world.lies, Action.OPEN_CASE, given=content, operation=operation) for _ in range(2))
    assert first.id == second.id
    assert world.count("casework_case") == 1
    track, operation = first.made["warning"], uuid4()
    for _ in range(3):
        perform(world.lies, Action.SUBMIT, track, operation=operation)
    assert world.count("casework_steptaken") == 1


def test_two_who_decide_at_once_one_is_told_so(world):
    _, track = world.track("submitted")
    perform(world.dirk, Action.TAKE_UP, track, version=1)
    with pytest.raises(Stale) as stale:
        perform(world.dirk, Action.PLAN_VISIT, track, checklist(), version=1)
    assert stale.value.version == 2
    assert world.count("casework_criterion") == 0, "nothing was half done"


def test_who_submitted_does_not_take_up(world):
    done = perform(world.wanda, Action.OPEN_CASE, given={"premises": {"street": "S", "number": "1", "town": "T"}})
    perform(world.wanda, Action.SUBMIT, done.made["warning"])
    with pytest.raises(Refused, match="not by the person who submitted"):
        perform(world.wanda, Action.TAKE_UP, done.made["warning"])


def test_an_exclusion_stops_the_visit_and_an_unknown_one_needs_its_reason(world):
    _, track = world.track("triage")
    content = checklist()
    content["exclusions"]["grooming"] = "yes"
    with pytest.raises(Incomplete) as found:
        perform(world.dirk, Action.PLAN_VISIT, track, content)
    assert found.value.missing == ("no_exclusion",)
    content["exclusions"]["grooming"] = "unknown"
    with pytest.raises(Incomplete):
        perform(world.dirk, Action.PLAN_VISIT, track, content)
    content["exclusions"]["grooming_reason"] = "Wordt bij het bezoek nagegaan."
    assert perform(world.dirk, Action.PLAN_VISIT, track, content).id == track


def test_one_officer_is_no_team(world):
    _, track = world.track("visit_planned")
    plan = {"visit_plan": {**PLAN["visit_plan"], "officers": ["Agent Een"]}}
    with pytest.raises(Incomplete) as found:
        perform(world.lies, Action.SCHEDULE_VISIT, track, plan)
    assert found.value.missing == ("visit_team",)
    assert world.count("casework_visit") == 0


def test_a_search_needs_its_authority_before_the_warning(world):
    _, track = world.track("visit_scheduled")
    searched = {"outcome": "warned_and_search", "date": "today", "warned": 1, "searched": 1, "cautioned": "yes"}
    report = {**REPORT, "visit_report": searched}
    perform(world.lies, Action.RECORD_VISIT, track, report)
    with pytest.raises(Incomplete) as found:
        perform(world.lies, Action.WARN, track)
    assert found.value.missing == ("search_settled",)
    perform(world.lies, Action.WARN, track, {"search_authority": {"code": "order", "date": "today"}})


def test_a_visit_begins_one_help_track_for_its_subject(world):
    world.track("visit_done")
    rows = world.rows("SELECT state, subject_id IS NOT NULL FROM casework_track WHERE kind = 'help'")
    assert rows == [("not_offered", True)]


def test_an_approval_is_of_another_person_and_falls_with_a_change(world):
    _, track = world.track("visit_planned")
    ask = {"approval": {"action": "close_unwarned", "text": "Niemand woont er nog, sluiten."}}
    reason = {"reason": {"code": "wrong_address", "text": "Er woont niemand op dit adres."}}
    perform(world.dirk, Action.ASK_APPROVAL, track, ask)
    with pytest.raises(Refused):
        perform(world.dirk, Action.APPROVE, track)
    perform(world.saskia, Action.APPROVE, track)
    perform(world.lies, Action.SCHEDULE_VISIT, track, PLAN)
    with pytest.raises(Incomplete) as found:
        perform(world.dirk, Action.CLOSE_UNWARNED, track, reason)
    assert found.value.missing == ("four_eyes",)
    perform(world.dirk, Action.ASK_APPROVAL, track, ask)
    perform(world.saskia, Action.APPROVE, track)
    perform(world.dirk, Action.CLOSE_UNWARNED, track, reason)


def test_an_approval_falls_with_a_step_that_stores_nothing_but_itself(world):
    _, track = world.track("visit_scheduled")
    perform(
        world.dirk,
        Action.ASK_APPROVAL,
        track,
        {"approval": {"action": "close_unwarned", "text": "Graag sluiten, niemand woont hier nog."}},
    )
    perform(world.saskia, Action.APPROVE, track)
    perform(world.lies, Action.RECORD_ATTEMPT, track, {})
    with pytest.raises(Incomplete) as found:
        perform(
            world.dirk,
            Action.CLOSE_UNWARNED,
            track,
            {"reason": {"code": "wrong_address", "text": "Er woont niemand op dit adres."}},
        )
    assert found.value.missing == ("four_eyes",)


def test_a_part_without_a_row_stores_nothing_and_breaks_nothing(world):
    _, track = world.track()
    none: dict[str, list[object]] = {part: [] for part in ("basis", "note", "person", "premises", "source", "criteria")}
    perform(world.lies, Action.WRITE_RECORD, track, none)


def test_a_note_is_corrected_by_a_new_one(world):
    case, _ = world.track()
    note = perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Er wonen drie kinderen."}})
    perform(world.lies, Action.CORRECT_NOTE, case, {"correction": {"note": note.id, "text": "Er wonen twee kinderen."}})
    assert world.rows("SELECT count(*), count(corrects_id) FROM casework_note") == [(2, 1)]


def test_an_act_that_a_later_release_builds_says_not_now(world):
    with pytest.raises(NotNow):
        perform(world.saskia, Action.SEE_STATISTICS)


@pytest.mark.parametrize(
    "text",
    [
        "zie https://voorbeeld.test/a",
        "zie www.voorbeeld.test",
        "voorbeeld.nl/pad",
        "data:image/png;base64,iVBORw0KGgo",
        "magnet:?xt=urn:btih:x",
        "abcdefghij234567.onion",
        "bestand foto.jpg erbij",
        "d41d8cd98f00b204e9800998ecf8427e",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "QmFzZTY0" * 9,
        "192.168.10.20",
    ],
)
def test_what_never_enters_a_record_is_refused_with_its_span(text):
    with pytest.raises(Screened) as found:
        screen(text)
    assert found.value.span


@pytest.mark.parametrize(
    "text",
    [
        "Moeder belde op 12-03 om 14.30 uur; bereikbaar op 06-12345678.",
        "Kenteken XX-123-Y, postcode 1234 AB, dossier 2024/0012.",
        "Arbeidsongeschiktheidsverzekeringsmaatschappij is een lang woord.",
        "Zoë Özdemir-van 't Hof zei: «ik wil hulp»…",
        "BSN-proef 111222333 en IBAN NL91 ABNA 0417 1643 00.",
    ],
)
def test_ordinary_words_pass(text):
    assert screen(text) == text


@given(st.text(alphabet=st.characters(whitelist_categories=("Ll", "Lu", "Nd", "Zs", "Po")), max_size=300))
def test_screening_never_changes_a_text(text):
    try:
        assert screen(text) == text
    except Screened as found:
        assert found.kind


def test_every_way_into_a_text_column_is_screened(world):
    case, _ = world.track()
    bad = "zie https://voorbeeld.test/a voor meer uitleg hierover"
    for action, on, content in (
        (Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": bad}}),
        (Action.WRITE_RECORD, case, {"person": {"role": "minor", "family_name": bad}}),
        (Action.WRITE_RECORD, case, {"investigation_reference": {"name": "www.voorbeeld.test"}}),
    ):
        with pytest.raises(Malformed, match="screened_link"):
            perform(world.lies, action, on, content)
    with pytest.raises(Screened):
        PlainText(max_length=100).get_prep_value(bad)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ({"nonsense": {}}, "unknown_part"),
        ({"note": {"kind": "concern", "text": "x", "extra": 1}}, "unknown_column"),
        ({"note": {"kind": "poem", "text": "x"}}, "no_such_code"),
        ({"note": {"kind": "concern"}}, "required"),
        ({"note": {"kind": "concern", "text": "ja " * 3400}}, "too_long 10000:199"),
        ({"note": {"kind": "concern", "text": "x", "date": "eens"}}, "not_a_happened_date"),
        ({"note": "x"}, "not_a_mapping"),
    ],
)
def test_bad_input_is_named(content, why):
    with pytest.raises(Malformed, match=why):
        read_inputs(Action.ADD_NOTE, content)


def test_a_look_is_an_act_like_any_other(world):
    case, _ = world.track()
    handoff = world.delivered(case)
    allowed = (
        ("lies", Action.SEE_CASE, case),
        ("lies", Action.READ_RECORD, case),
        ("lies", Action.PRINT_CASE, case),
        ("lies", Action.SEE_HANDOFF, handoff),
        ("wim", Action.SEE_HANDOFF, handoff),
        ("saskia", Action.SEE_CASE_LOG, case),
        ("arie", Action.SEE_ACCESS_LOG, case),
        ("arie", Action.SEE_LEDGER, case),
        ("saskia", Action.SEE_LEDGER, case),
        ("bea", Action.EXPLAIN_ACCESS, case),
    )
    for who, action, on in allowed:
        before = world.rows("SELECT count(*) FROM audit_entry WHERE word = %s AND verb = 'consult'", str(action))[0][0]
        perform(world.people[who], action, on)
        after = world.rows("SELECT count(*) FROM audit_entry WHERE word = %s AND verb = 'consult'", str(action))[0][0]
        assert after > before, (who, action)
    for who, action, on in (
        ("leo", Action.READ_RECORD, case),
        ("arie", Action.READ_RECORD, case),
        ("wanda", Action.SEE_HANDOFF, handoff),
        ("saskia", Action.PRINT_CASE, case),
        ("lies", Action.SEE_LEDGER, case),
        ("lies", Action.EXPLAIN_ACCESS, case),
        ("otto", Action.SEE_ACCESS_LOG, case),
    ):
        with pytest.raises(Refused):
            perform(world.people[who], action, on)


OPENED_AT_ONCE = {Action.OPEN_HELP}
"""Acts on a case that ask for nothing: to send them is all there is to say."""


def test_no_act_on_a_case_is_done_when_nothing_was_said(world):
    case, _ = world.track("submitted")
    for action in sorted({*CASE_PAGES} - OPENED_AT_ONCE):
        for who in (world.lies, world.dirk, world.saskia):
            with pytest.raises((Malformed, Incomplete, NotNow, Refused)):
                pytest.fail(f"{action} was done: {perform(who, action, case, {})}")
    assert not world.rows("SELECT word FROM audit_entry WHERE word = 'assign' AND outcome = 'done'")


def test_an_empty_form_says_what_is_lacking(world):
    case, _ = world.track("submitted")
    for who, action in (("lies", "write_record"), ("saskia", "assign")):
        answer = signed_in(who).post(f"/cases/{case}/{action}", {})
        assert answer.status_code == 422, action
        assert "govuk-error-summary" in answer.content.decode(), action


def test_who_is_not_assigned_is_not_taken_off_a_case(world):
    case, _ = world.track("submitted")
    off = {"assignment": {"person": world.leo.person_id, "remove": "yes"}}
    with pytest.raises(Malformed, match="not_assigned"):
        perform(world.saskia, Action.ASSIGN, case, off)
    perform(world.saskia, Action.ASSIGN, case, {"assignment": {"person": world.leo.person_id, "keep": "yes"}})
    perform(world.saskia, Action.ASSIGN, case, off)
    with pytest.raises(Malformed, match="taken_off_already"):
        perform(world.saskia, Action.ASSIGN, case, off)
