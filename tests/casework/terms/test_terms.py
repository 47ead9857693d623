"""Terms move by the law's measure and with a reason; a term left too long asks for an answer; two people lift a wall."""

from datetime import UTC, date, datetime, timedelta

import pytest

from casework.actions.lost_races import DoneBefore
from casework.actions.perform import perform
from casework.input.read import Malformed
from casework.worker.carry_out import run_due
from permissions.acting import scenario_moment
from permissions.decision import Missing, Refused
from permissions.services import NewPerson, install
from permissions.vocabulary import Action, Role
from tests.world import NECESSARY, PERSON, signed_in
from workflows.calendars import AMSTERDAM, local_midnight_after
from workflows.table import Incomplete, NotNow

WHY = "Het wachten is op het antwoord van de officier."
MONDAY = datetime(2027, 1, 4, 9, tzinfo=UTC)


@pytest.fixture
def clock():
    """Sets the scenario's clock; it stands at a Monday when the test begins."""
    token = scenario_moment.set(MONDAY)
    yield scenario_moment.set
    scenario_moment.reset(token)


def due_of(world, clock):
    return world.rows("SELECT due_at, paused_until FROM casework_deadline WHERE clock = %s AND met_at IS NULL", clock)[0]


def term(clock, until, text=WHY):
    return {"term": {"clock": clock, "until": until, "text": text}}


def test_a_term_of_our_own_grows_by_at_most_its_own_length_and_keeps_the_reason(world, clock):
    case, _ = world.track("triage")
    assert due_of(world, "TRIAGE")[0] == local_midnight_after(date(2027, 1, 18))
    with pytest.raises(Malformed, match="not_later"):
        perform(world.dirk, Action.EXTEND_DEADLINE, case, term("TRIAGE", "2027-01-18"))
    with pytest.raises(Malformed, match="too_long_a_move 2027-02-01"):
        perform(world.dirk, Action.EXTEND_DEADLINE, case, term("TRIAGE", "2027-02-02"))
    perform(world.dirk, Action.EXTEND_DEADLINE, case, term("TRIAGE", "2027-02-01"))
    assert due_of(world, "TRIAGE")[0] == local_midnight_after(date(2027, 2, 1))
    kept = world.rows("SELECT code, text, on_date FROM casework_storedfact WHERE fact = 'extend_deadline'")
    assert kept == [("TRIAGE", WHY, date(2027, 2, 1))]
    assert world.rows("SELECT next_due_at FROM casework_participation") == [(local_midnight_after(date(2027, 2, 1)),)]


@pytest.mark.parametrize("action", [Action.EXTEND_DEADLINE, Action.PAUSE_DEADLINE])
def test_who_moves_a_term_that_a_colleague_moved_as_far_before_is_told_who_did(world, clock, action):
    day = {Action.EXTEND_DEADLINE: "2027-01-20", Action.PAUSE_DEADLINE: "2027-01-16"}[action]
    case, _ = world.track("triage")
    perform(world.dirk, action, case, term("TRIAGE", day))
    stands = due_of(world, "TRIAGE")
    with pytest.raises(DoneBefore) as found:
        perform(world.saskia, action, case, term("TRIAGE", day, "Toch nog een reden van genoeg tekens."))
    assert (found.value.first.who, found.value.first.words) == ("Dirk Beslisser", ((str(action), WHY),))
    with pytest.raises(Malformed, match="not_later"):
        perform(world.dirk, action, case, term("TRIAGE", day))
    assert due_of(world, "TRIAGE") == stands
    if action is Action.EXTEND_DEADLINE:
        perform(world.saskia, action, case, term("TRIAGE", "2027-01-21"))


def test_a_pause_moves_the_end_by_the_days_it_lasts_and_never_to_a_free_day(world, clock):
    case, _ = world.track("triage")
    perform(world.dirk, Action.PAUSE_DEADLINE, case, term("TRIAGE", "2027-01-16"))
    due_at, paused_until = due_of(world, "TRIAGE")
    assert paused_until == local_midnight_after(date(2027, 1, 16))
    assert due_at == local_midnight_after(date(2027, 2, 1)), "14 days on is a Saturday: the Monday after it"


def test_a_pause_lasts_no_longer_than_the_term_itself_from_today(world, clock):
    case, _ = world.track("triage")
    with pytest.raises(Malformed, match="too_long_a_move 2027-01-18"):
        perform(world.dirk, Action.PAUSE_DEADLINE, case, term("TRIAGE", "2027-01-19"))
    perform(world.dirk, Action.PAUSE_DEADLINE, case, term("TRIAGE", "2027-01-18"))


def test_a_term_that_was_moved_is_late_no_more_and_can_be_late_again(world, clock):
    case, _ = world.track("triage")
    marked = "overdue_at, escalated_at, acknowledged_at, acknowledged_by_id"
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute(
        "UPDATE casework_deadline SET overdue_at = now(), escalated_at = now(), acknowledged_at = now(),"
        " acknowledged_by_id = %s WHERE clock = 'TRIAGE'",
        [world.dirk.person_id],
    )
    world.superuser.execute("SET session_replication_role = origin")
    perform(world.dirk, Action.EXTEND_DEADLINE, case, term("TRIAGE", "2027-02-01"))
    assert world.rows(f"SELECT {marked} FROM casework_deadline WHERE clock = 'TRIAGE'") == [(None, None, None, None)]
    passed = datetime(2027, 2, 2, 9, tzinfo=UTC)
    clock(passed)
    run_due(passed, on_scenario_clock=True)
    assert world.rows("SELECT overdue_at IS NOT NULL FROM casework_deadline WHERE clock = 'TRIAGE'") == [(True,)]


def test_what_is_acute_is_checked_sent_and_read_within_the_hour(world, clock):
    case, _ = world.track()
    for acute, hours in (("yes", {1}), ("no", set())):
        handoff = world.sent(case, acute=acute)
        run_due(scenario_moment.get() or MONDAY, on_scenario_clock=True)
        asked = "SELECT clock, due_at - started_at FROM casework_deadline WHERE handoff_id = %s AND clock = ANY (%s)"
        terms = dict(world.rows(asked, handoff, ["HANDOFF_CHECK", "HANDOFF_SEND", "HANDOFF_ACK"]))
        assert len(terms) == 3
        assert {span.total_seconds() / 3600 for span in terms.values()} & {1} == hours
        assert not hours or set(terms.values()) == {timedelta(hours=1)}


def test_the_law_s_own_terms_stand_but_where_the_law_lets_them_move(world, clock):
    case = world.track()[0]
    world.sent(case)
    run_due(scenario_moment.get() or MONDAY, on_scenario_clock=True)
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, world.rows("SELECT id FROM casework_handoff")[0][0])
    with pytest.raises(Malformed, match="no_such_code"):
        perform(world.wim, Action.EXTEND_DEADLINE, case, term("SAFETY_ASSESSMENT", "2027-01-20"))
    with pytest.raises(NotNow):
        perform(world.wim, Action.PAUSE_DEADLINE, case, term("INFORM_SUBJECT", "2027-01-20"))
    first = due_of(world, "INFORM_SUBJECT")[0]
    two_weeks = (first + timedelta(days=14) - timedelta(hours=1)).astimezone(AMSTERDAM).date()
    with pytest.raises(Malformed, match="needed_for_task: required"):
        perform(world.wim, Action.EXTEND_DEADLINE, case, term("INFORM_SUBJECT", two_weeks))
    both = {
        "needed_for_task": "Zonder uitstel is geen gesprek met het kind mogelijk.",
        "needed_against_abuse": "Het gezin zou het onderzoek naar geweld tegenhouden.",
    }
    for missing in both:
        said = {name: text for name, text in both.items() if name != missing}
        with pytest.raises(Malformed, match=f"{missing}: required"):
            perform(world.wim, Action.EXTEND_DEADLINE, case, {"term": term("INFORM_SUBJECT", two_weeks)["term"] | said})
    perform(world.wim, Action.EXTEND_DEADLINE, case, {"term": term("INFORM_SUBJECT", two_weeks)["term"] | both})
    kept = dict(world.rows("SELECT fact, text FROM casework_storedfact WHERE fact LIKE 'needed%%'"))
    assert kept == both
    again = term("INFORM_SUBJECT", two_weeks + timedelta(days=14))["term"] | both
    perform(world.wim, Action.EXTEND_DEADLINE, case, {"term": again})
    with pytest.raises(Malformed, match="too_long_a_move"):
        late = term("INFORM_SUBJECT", two_weeks + timedelta(days=40))["term"] | both
        perform(world.wim, Action.EXTEND_DEADLINE, case, {"term": late})


def test_where_several_terms_of_a_clock_run_it_is_said_which_moves(world, clock):
    case = world.track()[0]
    tracks = []
    for name in ("Een", "Twee"):
        person = {"role": "possible_victim", "given_names": name, "family_name": "Proef"}
        tracks.append(perform(world.lies, Action.IDENTIFY_VICTIM, case, {"person": person}).made["victim"])
    rows = world.rows("SELECT clock, track_id, id, due_at FROM casework_deadline WHERE track_id = ANY (%s)", tracks)
    first, second = (next(row for row in rows if row[1] == track) for track in tracks)
    until = (second[3] + timedelta(days=1)).astimezone(AMSTERDAM).date()
    moved = term(second[0], until)
    with pytest.raises(Malformed, match="which_of_several"):
        perform(world.lies, Action.EXTEND_DEADLINE, case, moved)
    page = signed_in("lies").get(f"/cases/{case}/extend_deadline").content.decode()
    assert str(first[2]) in page
    assert str(second[2]) in page
    perform(world.lies, Action.EXTEND_DEADLINE, case, {"term": {**moved["term"], "which": str(second[2])}})
    due = dict(world.rows("SELECT id, due_at FROM casework_deadline WHERE track_id = ANY (%s)", tracks))
    assert due[first[2]] == first[3]
    assert due[second[2]] > second[3]
    perform(world.lies, Action.EXTEND_DEADLINE, tracks[0], moved)
    assert world.rows("SELECT due_at FROM casework_deadline WHERE id = %s", first[2])[0][0] > first[3]


def test_a_stranger_moves_no_term(world, clock):
    case, _ = world.track("triage")
    for who in ("leo", "wanda", "joke"):
        with pytest.raises(Missing):
            perform(world.people[who], Action.EXTEND_DEADLINE, case, term("TRIAGE", "2027-01-20"))


def test_a_term_left_too_long_asks_once_for_an_answer(world, clock):
    case, _ = world.track("submitted")
    run_due(MONDAY + timedelta(days=4), on_scenario_clock=True)
    clock(MONDAY + timedelta(days=4))
    assert world.rows("SELECT count(*) FROM casework_notice WHERE word = 'escalate_deadline'") == [(1,)]
    answer = {"acknowledgement": {"clock": "TAKE_UP", "text": "Vandaag neemt een beslisser dit op."}}
    perform(world.saskia, Action.ACKNOWLEDGE_ESCALATION, case, answer)
    with pytest.raises(NotNow):
        perform(world.saskia, Action.ACKNOWLEDGE_ESCALATION, case, answer)
    who = world.rows("SELECT acknowledged_by_id, met_at FROM casework_deadline WHERE clock = 'TAKE_UP'")
    assert who == [(world.saskia.person_id, None)], "answered is not met"
    run_due(MONDAY + timedelta(days=9), on_scenario_clock=True)
    assert world.rows("SELECT count(*) FROM casework_notice WHERE word = 'escalate_deadline'") == [(1,)]


def test_a_term_met_in_time_is_never_escalated(world, clock):
    _, track = world.track("submitted")
    run_due(MONDAY + timedelta(days=2, hours=20), on_scenario_clock=True)
    assert world.rows("SELECT overdue_at IS NOT NULL FROM casework_deadline WHERE clock = 'TAKE_UP'") == [(True,)]
    clock(MONDAY + timedelta(days=2, hours=20))
    perform(world.dirk, Action.TAKE_UP, track)
    run_due(MONDAY + timedelta(days=4), on_scenario_clock=True)
    assert world.rows("SELECT count(*) FROM casework_notice WHERE word = 'escalate_deadline'") == [(0,)]


def test_a_wall_is_lifted_by_two_and_never_by_who_stands_behind_it(world):
    case, _ = world.track()
    behind = world.lies.person_id
    perform(world.saskia, Action.WALL_PERSON, case, {"wall": {"person": behind, "text": "Een familielid van haar."}})
    with pytest.raises(Missing):
        perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Een zorg."}})
    lifting = {"lifting": {"person": behind, "text": "De vergissing is rechtgezet."}}
    with pytest.raises(Missing):
        perform(world.lies, Action.LIFT_WALL, case, lifting)
    perform(world.saskia, Action.LIFT_WALL, case, lifting)
    with pytest.raises(Refused, match="another"):
        perform(world.saskia, Action.LIFT_WALL, case, lifting)
    assert world.rows("SELECT ends_at FROM casework_wall") == [(None,)]
    perform(world.sjoerd, Action.LIFT_WALL, case, lifting)
    perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Een zorg."}})
    with pytest.raises(NotNow):
        perform(world.saskia, Action.LIFT_WALL, case, lifting)


def test_advice_holds_codes_alone_and_stays_in_its_agency(world):
    given = {"date": "2026-01-05", "asker": "professional", "subject": "child_abuse", "advice": "what_to_do"}
    with pytest.raises(Malformed, match="needs_consent"):
        perform(world.wim, Action.RECORD_ADVICE, None, {"advice": {**given, "name": "Juf Proef"}})
    perform(world.wim, Action.RECORD_ADVICE, None, {"advice": {**given, "name": "Juf Proef", "consent": "yes"}})
    perform(world.ilse, Action.RECORD_ADVICE, None, {"advice": given})
    assert world.rows("SELECT agency_id, count(*) FROM casework_advice GROUP BY 1") == [(world.agency("wim"), 2)]
    with pytest.raises(NotNow):
        perform(world.joke, Action.RECORD_ADVICE, None, {"advice": given})
    with pytest.raises(Refused):
        perform(world.lies, Action.RECORD_ADVICE, None, {"advice": given})


def test_an_approval_of_a_package_lasts_until_the_package_changes(world):
    people = [NewPerson("jos", "Jos Leiding", "Jeugdhulp Proefstad", (Role.SUPERVISOR,))]
    leader = install([], people, datetime.now(UTC) - timedelta(days=1))["jos"]
    case = perform(world.joke, Action.OPEN_CASE, None, {"person": PERSON}).made["case"]
    content = {
        "kind": "concern_report",
        "receiver": world.agency("wim"),
        "basis": "SR_40_CONFLICT_OF_DUTIES",
        "items": ["identity"],
        "source_protected": "yes",
        "acute": "yes",
        "interest": "Een kind loopt vanavond gevaar.",
        **NECESSARY,
    }
    handoff = perform(world.joke, Action.PREPARE_HANDOFF, case, {"package": content}).id
    ask = {"approval": {"action": "check_handoff", "text": "Verstrekking bij uitzondering."}}
    perform(world.joke, Action.ASK_APPROVAL, handoff, ask)
    with pytest.raises(Refused):
        perform(world.joke, Action.APPROVE, handoff)
    perform(leader, Action.APPROVE, handoff)
    perform(world.joke, Action.PREPARE_HANDOFF, handoff, {"package": content})
    with pytest.raises(Incomplete) as found:
        perform(world.jan, Action.CHECK_HANDOFF, handoff)
    assert found.value.missing == ("legal_basis",)
    perform(world.joke, Action.ASK_APPROVAL, handoff, ask)
    perform(world.jan, Action.APPROVE, handoff)
    with pytest.raises(Incomplete):
        perform(world.jan, Action.CHECK_HANDOFF, handoff)
    perform(world.joke, Action.ASK_APPROVAL, handoff, ask)
    perform(leader, Action.APPROVE, handoff)
    perform(world.jan, Action.CHECK_HANDOFF, handoff)
    perform(world.jan, Action.SEND_HANDOFF, handoff)
    approvals = "SELECT approved_roles FROM casework_approval WHERE approved_by_id IS NOT NULL ORDER BY approved_at"
    assert world.rows(approvals) == [(["supervisor"],), (["quality_checker"],), (["supervisor"],)]
    warning, _ = world.track()
    for changed in ({"receiver": world.agency("joke")}, {"kind": "referral"}):
        other = world.package(warning)
        with pytest.raises(Malformed, match="receiver_stays"):
            perform(world.lies, Action.PREPARE_HANDOFF, other, {"package": {**content, "basis": "WPG_18_1", **changed}})


def test_a_reworked_package_keeps_each_chosen_item_once(world):
    case, _ = world.track()
    person = {"role": "household_member", "given_names": "Proef", "contact": "06-00000000"}
    perform(world.lies, Action.WRITE_RECORD, case, {"person": person})
    handoff = world.package(case)
    groups = 'SELECT "group", label FROM casework_packageitem WHERE package = %s ORDER BY position'
    before = world.rows(groups, 1)
    perform(world.karin, Action.CHECK_HANDOFF, handoff)
    why = {"reason": {"code": "content_changed", "text": "Er is een item bijgekomen."}}
    perform(world.karin, Action.REWORK_HANDOFF, handoff, why)
    assert world.rows(groups, 2) == before


@pytest.mark.parametrize(("step", "until"), [("extend_deadline", "2027-01-20"), ("pause_deadline", "2027-01-12")])
def test_no_empty_form_moves_a_term_also_after_a_full_one(world, clock, step, until):
    case, _ = world.track("triage")
    perform(world.dirk, Action(step), case, term("TRIAGE", until))
    moved = due_of(world, "TRIAGE")
    assert signed_in("dirk").post(f"/cases/{case}/{step}", {}).status_code == 422
    assert due_of(world, "TRIAGE") == moved
