"""What becomes known late counts from when it is known; what waits is answered one by one; what is sent twice is one."""

from datetime import UTC, datetime, timedelta

import pytest

from casework.actions.perform import perform
from casework.input.read import Malformed
from permissions.vocabulary import Action
from tests.casework.facts.test_children_found import running, visited
from tests.casework.facts.test_leaving import limits_of, ordered, prepared, supervised
from tests.casework.selectors.test_worklist import list_of
from tests.world import PERSON, World, signed_in

WHY = "Een verzonnen reden van genoeg tekens om te bewaren."
HOUSEHOLD = {"role": "household_member", "family_name": "Proef", "given_names": "Kim"}


def known_later(world: World, code: str, **correction: str):
    """A household member without an age at a visit with this check, whose age becomes known afterwards."""
    case, track = visited(world, code)
    perform(world.lies, Action.WRITE_RECORD, case, {"person": HOUSEHOLD})
    perform(world.lies, Action.WRITE_RECORD, track, {"child_check": {"code": code, "text": WHY}})
    [(key,)] = world.rows("SELECT id FROM casework_personincase WHERE given_names = 'Kim'")
    before = running(world, "CHILDREN_FOUND")
    perform(
        world.lies,
        Action.WRITE_RECORD,
        case,
        {"person_correction": {"person": key, "why": "known_better", **correction}},
    )
    return before, running(world, "CHILDREN_FOUND")


@pytest.mark.parametrize("correction", [{"birth_date": "2018-01-05"}, {"estimated_age": "8"}])
def test_a_child_whose_age_becomes_known_later_is_owed_to_veilig_thuis(world: World, correction):
    before, after = known_later(world, "none", **correction)
    assert True not in before
    assert True in after, "the no that was said spoke of nobody who was known to be a child"


def test_who_turns_out_to_be_of_age_is_owed_to_nobody(world: World) -> None:
    _, after = known_later(world, "none", birth_date="1984-01-05")
    assert True not in after


def test_each_of_several_escalated_terms_of_one_clock_is_answered(world: World) -> None:
    case = world.opened("wim").made["case"]
    perform(world.wim, Action.WRITE_RECORD, case, {"person": {**PERSON, "role": "contact", "given_names": "Ander"}})
    late = "UPDATE casework_deadline SET due_at = now() - interval '9 days', escalated_at = now() WHERE case_id = %s"
    with world.superuser.transaction():
        world.superuser.execute("SET LOCAL session_replication_role = replica")
        world.superuser.execute(f"{late} AND clock = 'INFORM_SUBJECT'", [case])
    waiting = "SELECT count(*) FROM casework_deadline WHERE clock = 'INFORM_SUBJECT' AND acknowledged_at IS NULL"
    assert world.rows(waiting) == [(2,)]
    for left in (1, 0):
        said = {"acknowledgement": {"clock": "INFORM_SUBJECT", "text": WHY}}
        page = signed_in("vera").get(f"/cases/{case}/acknowledge_escalation").content.decode()
        assert "INFORM_SUBJECT" in page
        perform(world.vera, Action.ACKNOWLEDGE_ESCALATION, case, said)
        assert world.rows(waiting) == [(left,)]


def test_a_report_that_was_joined_at_accepting_stands_on_the_list_of_who_holds_the_household(world: World) -> None:
    child = {**PERSON, "role": "minor", "given_names": "Kim", "birth_date": "2018-01-05"}
    earlier = world.opened("wim", person=child, premises=[]).made["case"]
    case, _ = world.track("triage")
    perform(world.lies, Action.WRITE_RECORD, case, {"person": child})
    handoff = world.delivered(case)
    perform(world.vera, Action.ACKNOWLEDGE_HANDOFF, handoff)
    choice = {"code": "joined_to_household", "text": WHY, "case": str(earlier)}
    perform(world.vera, Action.ACCEPT_HANDOFF, handoff, {"known_here": choice})
    assert [row.case_id for row in list_of(world, "wim") if row.kind == "signal"] == [earlier]


def test_an_intake_that_is_sent_twice_is_one_also_where_somebody_is_known_by_then(world: World) -> None:
    form = {
        "source-capacity": "teacher_or_school",
        "person-family_name": "Proef",
        "person-given_names": "Kim",
        "person-birth_date": "2018-01-05",
        "person-role": "minor",
        "premises-street": "Hoeve de Linde",
        "premises-town": "Ede",
        "note-kind": "concern",
        "note-text": "Een verzonnen zorg.",
        "report-code": "neglect",
        "acuteness-code": "no",
        "do": "save",
        "operation": "3b0e8a4e-9d0f-4c57-8a4e-0d8f3f1f9a11",
    }
    client = signed_in("wim")
    first, second = client.post("/referrals/new", form), client.post("/referrals/new", form)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    assert world.count("casework_case") == 1
    again = client.post("/referrals/new", {**form, "operation": "3b0e8a4e-9d0f-4c57-8a4e-0d8f3f1f9a12"})
    page = again.content.decode()
    assert again.status_code == 422
    assert "known_here-code" in page, "a farm without a number is known too, and the page asks what becomes of the report"
    assert "Geef aan wat er met deze melding gebeurt" in page


@pytest.mark.parametrize("who", ["arie", "bea"])
def test_a_case_is_assigned_to_nobody_who_can_do_nothing_in_it(world: World, who: str) -> None:
    case, _ = world.track()
    with pytest.raises(Malformed, match="has_no_work_here"):
        perform(world.saskia, Action.ASSIGN, case, {"assignment": {"person": world.people[who].person_id}})
    assert world.rows("SELECT count(*) FROM casework_assignment WHERE content_object_id = %s AND ends_at IS NULL", case)[0][
        0
    ]


def test_the_contact_of_a_child_without_an_order_does_not_leave_with_another_childs_order(world: World) -> None:
    kim = {"role": "minor", "family_name": "Proef", "given_names": "Kim", "birth_date": "2015-06-01"}
    bo = {
        "role": "minor",
        "family_name": "Anders",
        "given_names": "Bo",
        "birth_date": "2013-06-01",
        "contact": "bo@school.nl",
    }
    case, whole, people = supervised(world, kim, bo)
    until = (datetime.now(UTC) + timedelta(days=90)).date().isoformat()
    ordered(world, case, people["Kim"], until)
    (to,) = world.rows("SELECT receiver_id FROM casework_handoff WHERE id = %s", whole)[0]
    items = [f"person:{people['Kim']}", f"contact:{people['Bo']}"]
    said = {"receiver": to, "kind": "help", "basis": "JW_7_3_11_4", "asked_or_not": "asked"}
    handoff = prepared(world, case, items=items, **said)
    assert limits_of(world, "joke", handoff) == ("supervised",)
    alone = prepared(world, case, items=items[:1], **said)
    assert limits_of(world, "joke", alone) == ()


def test_the_contact_of_a_guardian_goes_on_their_own_consent_alone(world: World) -> None:
    child = {"role": "subject", "family_name": "Proef", "given_names": "Kim", "birth_date": "2018-06-01"}
    parent = {"role": "guardian", "family_name": "Proef", "given_names": "Ouder", "birth_date": "1980-01-01"}
    people = {"person": [child, {**parent, "contact": "ouder@school.nl"}]}
    case = perform(world.joke, Action.OPEN_CASE, None, people).made["case"]
    keys = dict(world.rows("SELECT given_names, id FROM casework_personincase"))
    given = {"code": "sharing", "date": "2026-01-05", "receiver": world.agency("wim"), "person": keys["Kim"]}
    perform(world.joke, Action.WRITE_RECORD, case, {"consent": {**given, "given_by": "representative"}})
    named = prepared(world, case, kind="help", items=["identity"])
    reached = prepared(world, case, kind="help", items=["identity", "contact"])
    assert (limits_of(world, "joke", named), limits_of(world, "joke", reached)) == ((), ("consent",))
