"""Emergency access: for hours, for reading, told, on the trail, reviewed by another, and never through a wall."""

from datetime import UTC, datetime, timedelta

import pytest

from casework.actions.perform import perform
from casework.input.read import Malformed
from casework.oversight.findings import emergencies
from casework.selectors import read_record, see_case
from permissions.acting import act, scenario_moment
from permissions.decision import Missing, Refused
from permissions.vocabulary import Action
from tests.world import signed_in, stepped_up
from workflows.table import NotNow

WHY = "Een kind op dit adres loopt vanavond gevaar."
NOON = datetime(2027, 1, 4, 11, tzinfo=UTC)


@pytest.fixture
def clock():
    """Sets the scenario's clock; it stands at noon when the test begins."""
    token = scenario_moment.set(NOON)
    yield scenario_moment.set
    scenario_moment.reset(token)


def asked(world, case, who="leo", at="lies"):
    called = world.rows(
        "SELECT reference FROM casework_participation WHERE content_object_id = %s AND group_id = %s", case, world.agency(at)
    )[0][0]
    given = {"emergency": {"reference": called, "code": "child_at_risk_now", "text": WHY}}
    return perform(world.people[who], Action.ASK_EMERGENCY, None, given)


def reads(world, who, case):
    person = world.people[who]
    try:
        page = act(person, Action.READ_RECORD, lambda: read_record(case))
    except Refused:
        return None
    return page.sections


@pytest.mark.parametrize("who", ["leo", "wanda"])
def test_a_colleague_or_one_of_the_same_controller_reads_and_changes_nothing(world, clock, who):
    case, track = world.track()
    assert reads(world, who, case) is None
    done = asked(world, case, who)
    assert reads(world, who, case).people[0].family_name == "Proef"
    person = world.people[who]
    shell = act(person, Action.SEE_CASE, lambda: see_case(case))
    assert [view.track.kind for view in shell.tracks] == ["warning"]
    assert not shell.actions
    assert not shell.beside
    assert not any(view.actions for view in shell.tracks)
    for action, on, given in (
        (Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Een zorg."}}),
        (Action.WRITE_RECORD, case, {"person": {"role": "subject"}}),
        (Action.SUBMIT, track, {}),
        (Action.PRINT_CASE, case, {}),
        (Action.DECLARE_CONFLICT, case, {"wall": {"text": WHY}}),
    ):
        with pytest.raises((Refused, NotNow)):
            perform(person, action, on, given)
    views = world.rows(
        "SELECT word, additional_data ->> 'by', record_agency_id FROM audit_entry"
        " WHERE word IN ('read_record', 'see_case') AND outcome = 'done' ORDER BY id"
    )
    by = (f"emergency:{done.id}", world.agency("lies"))
    assert views == [("read_record", *by), ("see_case", *by)]


def test_it_ends_at_its_instant_and_when_it_is_ended(world, clock):
    case, _ = world.track()
    clock(NOON)
    done = asked(world, case)
    clock(NOON + timedelta(hours=4) - timedelta(microseconds=1))
    assert reads(world, "leo", case)
    clock(NOON + timedelta(hours=4))
    assert reads(world, "leo", case) is None
    with pytest.raises(NotNow):
        perform(world.leo, Action.END_EMERGENCY, done.id)
    again = asked(world, case)
    for who in ("lies", "wanda", "wim"):
        with pytest.raises(Missing):
            perform(world.people[who], Action.END_EMERGENCY, again.id)
    perform(world.leo, Action.END_EMERGENCY, again.id)
    assert reads(world, "leo", case) is None
    third = asked(world, case)
    perform(world.saskia, Action.END_EMERGENCY, third.id)
    assert reads(world, "leo", case) is None


@pytest.mark.parametrize(
    "content",
    [
        {"note": {"kind": "police_intelligence", "text": "Een inlichting."}},
        {"source": {"kind": "citizen", "name": "Buurvrouw Bron", "contact": "06-00000000", "protected": "yes"}},
    ],
)
def test_it_lapses_when_the_record_becomes_more_confidential(world, clock, content):
    case, _ = world.track()
    asked(world, case)
    perform(world.lies, Action.WRITE_RECORD, case, {"note": {"kind": "concern", "text": "Een zorg."}})
    assert reads(world, "leo", case)
    perform(world.lies, Action.WRITE_RECORD, case, content)
    assert not reads(world, "leo", case)
    assert world.rows("SELECT ended_at IS NOT NULL, ended_by_id FROM casework_emergency") == [(True, world.lies.person_id)]
    assert world.rows("SELECT count(*) FROM casework_deadline WHERE clock = 'EMERGENCY_REVIEW' AND met_at IS NULL") == [(1,)]


def test_the_people_named_are_told_at_once_without_content(world, clock):
    case, _ = world.track()
    asked(world, case)
    rows = world.rows("SELECT person_id, agency_id, word FROM casework_notice")
    assert rows == [(world.lies.person_id, world.agency("lies"), "ask_emergency")]
    page = signed_in("lies").get("/work").content.decode()
    assert "iemand heeft met noodtoegang een zaak ingezien" in page
    assert WHY not in page
    assert "iemand heeft met noodtoegang een zaak ingezien" not in signed_in("leo").get("/work").content.decode()


def test_a_wall_is_never_passed_and_says_nothing(world, clock):
    case, _ = world.track()
    done = asked(world, case)
    perform(world.saskia, Action.WALL_PERSON, case, {"wall": {"person": world.leo.person_id, "text": WHY}})
    assert reads(world, "leo", case) is None, "a running one lapses when a wall is put up"
    with pytest.raises(Malformed, match="no_such_case") as walled:
        asked(world, case)
    with pytest.raises(Malformed, match="no_such_case") as absent:
        given = {"emergency": {"reference": "2026-zzzzzz", "code": "child_at_risk_now", "text": WHY}}
        perform(world.leo, Action.ASK_EMERGENCY, None, given)
    assert str(walled.value) == str(absent.value)
    with pytest.raises(Missing):
        perform(world.leo, Action.END_EMERGENCY, done.id)


def test_another_controller_and_other_roles_ask_in_vain(world, clock):
    case, _ = world.track()
    for who in ("wim", "joke"):
        with pytest.raises(Malformed, match="no_such_case"):
            asked(world, case, who)
    for who in ("dirk", "saskia", "arie", "bea", "otto", "karin", "ilse"):
        with pytest.raises(Refused):
            asked(world, case, who)
    with pytest.raises(NotNow):
        asked(world, case, "lies")
    assert world.count("casework_emergency") == 0


def test_it_is_reviewed_by_another_and_what_was_not_justified_is_a_finding(world, clock):
    case, _ = world.track()
    done = asked(world, case)
    due = world.rows("SELECT due_at, agency_id FROM casework_deadline WHERE clock = 'EMERGENCY_REVIEW'")
    assert due == [(datetime(2027, 1, 11, 23, tzinfo=UTC), world.agency("lies"))]
    verdict = {"verdict": {"code": "not_justified", "text": "Er was geen gevaar op dat moment."}}
    for who in ("leo", "lies", "dirk", "bea", "anke", "wanda"):
        with pytest.raises(Refused):
            perform(world.people[who], Action.REVIEW_EMERGENCY, done.id, verdict)
    perform(world.saskia, Action.REVIEW_EMERGENCY, done.id, verdict)
    with pytest.raises(NotNow):
        perform(world.arie, Action.REVIEW_EMERGENCY, done.id, verdict)
    assert world.rows("SELECT met_at IS NOT NULL FROM casework_deadline WHERE clock = 'EMERGENCY_REVIEW'") == [(True,)]
    finding = world.rows("SELECT id, about_id FROM casework_finding")
    assert [row[1] for row in finding] == [world.leo.person_id]
    closing = {"closing": {"text": "Besproken met de medewerker en vastgelegd."}}
    for who in ("leo", "saskia", "bea", "otto", "anke"):
        with pytest.raises(Refused):
            perform(world.people[who], Action.CLOSE_FINDING, finding[0][0], closing)
    perform(world.arie, Action.CLOSE_FINDING, finding[0][0], closing)
    assert world.rows("SELECT closed_by_id FROM casework_finding") == [(world.arie.person_id,)]


def test_the_pages_of_an_emergency(world):
    case, _ = world.track()
    called = world.rows("SELECT reference FROM casework_participation")[0][0]
    leo = stepped_up("leo")
    form = {"emergency-reference": called, "emergency-code": "child_at_risk_now", "emergency-text": "Te kort."}
    assert leo.post("/emergency", form).status_code == 422
    answer = leo.post("/emergency", {**form, "emergency-text": WHY})
    assert (answer.status_code, answer["Location"]) == (302, f"/cases/{case}")
    page = leo.get(f"/cases/{case}").content.decode()
    assert "U leest deze zaak met noodtoegang" in page
    assert "Proefstraat" in page
    made = world.rows("SELECT id FROM casework_emergency")[0][0]
    assert leo.post(f"/emergencies/{made}/end_emergency", {}).status_code == 302
    assert leo.get(f"/cases/{case}").status_code == 404
    saskia = signed_in("saskia")
    assert WHY in saskia.get("/oversight").content.decode()
    assert WHY in saskia.get(f"/emergencies/{made}/review_emergency").content.decode()
    verdict = {"verdict-code": "not_justified", "verdict-text": "Er was geen gevaar op dat moment."}
    assert saskia.post(f"/emergencies/{made}/review_emergency", verdict).status_code == 302
    arie = signed_in("arie")
    page = arie.get("/oversight").content.decode()
    assert "Er was geen gevaar" in page
    finding = world.rows("SELECT id FROM casework_finding")[0][0]
    closing = {"closing-text": "Besproken met de medewerker en vastgelegd."}
    assert arie.post(f"/findings/{finding}/close_finding", closing).status_code == 302
    raised = {"finding-person": str(world.lies.person_id), "finding-text": "Veel inzage zonder taak deze week."}
    assert arie.post("/findings/new", raised).status_code == 302
    assert world.count("casework_finding") == 2


def test_an_emergency_asks_for_the_password_again_when_the_sign_in_is_old(world):
    assert signed_in("leo").get("/emergency")["Location"] == "/account/again?next=/emergency"
    client = stepped_up("leo")
    assert client.get("/emergency").status_code == 200
    session = client.session
    for method in session["account_authentication_methods"]:
        method["at"] -= 3600
    session.save()
    assert client.get("/emergency").status_code == 302
    world.track()
    called = world.rows("SELECT reference FROM casework_participation")[0][0]
    form = {"emergency-reference": called, "emergency-code": "child_at_risk_now", "emergency-text": WHY}
    answer = client.post("/emergency", form)
    assert answer.status_code == 422
    assert WHY in answer.content.decode(), "what was typed is kept, on the page alone"
    assert world.count("casework_emergency") == 0


def test_those_to_review_stand_before_those_reviewed_however_new_these_are(world, clock):
    made = []
    for hours in range(3):
        clock(NOON + timedelta(hours=hours))
        made.append(asked(world, world.track()[0]).id)
    verdict = {"verdict": {"code": "justified", "text": "Er was gevaar op dat moment."}}
    perform(world.saskia, Action.REVIEW_EMERGENCY, made[2], verdict)
    listed = act(world.saskia, Action.REVIEW_EMERGENCY, emergencies).rows
    assert [row.pk for row in listed] == [made[1], made[0], made[2]]
