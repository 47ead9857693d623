"""What was done under an operation id is answered again to whoever repeats it, and nothing else passes for it."""

import json
import threading
from uuid import uuid4

import pytest
from django.db import connection

from casework.actions.perform import perform
from casework.actions.request import ActionResult
from casework.input.read import Malformed
from permissions.selectors import actor_at
from permissions.vocabulary import Action, Role
from tests.world import PERSON, PREMISES, REPORT, signed_in

NOTE = {"note": {"kind": "concern", "text": "Een verzonnen zorg over de slaapplaats."}}
OTHER = {"note": {"kind": "concern", "text": "Een heel ander verzonnen verhaal."}}
OPENING = {"basis": {"code": "WPG_8", "article": "8"}, "person": PERSON, "premises": PREMISES}


def reused(world, operation, action, on, given):
    with pytest.raises(Malformed) as found:
        perform(world.lies, action, on, given, operation=operation)
    assert (found.value.part, found.value.why) == ("operation", "operation_reused")
    assert world.rows("SELECT word, outcome FROM audit_entry ORDER BY id DESC LIMIT 1") == [(str(action), "malformed")]


def test_the_same_again_answers_the_same_in_every_part(world):
    case, track = world.track("visit_scheduled")
    handoff = world.package(case)
    for who, action, on, given in (
        ("lies", Action.OPEN_CASE, None, OPENING),
        ("lies", Action.ADD_NOTE, case, NOTE),
        ("lies", Action.RECORD_VISIT, track, REPORT),
        ("karin", Action.CHECK_HANDOFF, handoff, {}),
    ):
        operation = uuid4()
        first = perform(world.people[who], action, on, given, operation=operation)
        rows = world.count("casework_operation"), world.count("casework_note"), world.count("casework_steptaken")
        again = perform(world.people[who], action, on, given, operation=operation)
        assert again == first, action
        assert first.case_id, action
        assert rows == (world.count("casework_operation"), world.count("casework_note"), world.count("casework_steptaken"))


def test_a_repeat_after_the_record_moved_on_still_answers_the_same(world):
    _, track = world.track()
    operation = uuid4()
    first = perform(world.lies, Action.SUBMIT, track, version=0, operation=operation)
    perform(world.dirk, Action.TAKE_UP, track)
    assert perform(world.lies, Action.SUBMIT, track, version=0, operation=operation) == first
    assert world.rows("SELECT state FROM casework_track WHERE kind = 'warning'") == [("triage",)]


def test_other_content_another_target_and_another_action_are_another_operation(world):
    (case, track), (other, _) = world.track(), world.track()
    operation = uuid4()
    perform(world.lies, Action.ADD_NOTE, case, NOTE, operation=operation)
    reused(world, operation, Action.ADD_NOTE, case, OTHER)
    reused(world, operation, Action.ADD_NOTE, other, NOTE)
    reused(world, operation, Action.WRITE_RECORD, case, NOTE)
    reused(world, operation, Action.SUBMIT, track, {})
    assert world.count("casework_note") == 1
    assert world.rows("SELECT state FROM casework_track WHERE id = %s", track) == [("draft",)]
    perform(world.leo, Action.OPEN_CASE, None, OPENING, operation=operation)  # somebody else's id is another one


def test_an_operation_in_one_membership_is_another_in_the_next(world):
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute(
        "INSERT INTO permissions_membership (id, user_id, agency_id, roles, starts_at)"
        " VALUES (gen_random_uuid(), %s, %s, %s, now() - interval '1 day')",
        [world.lies.person_id, world.agency("joke"), [str(Role.CASEWORKER)]],
    )
    world.superuser.execute("SET session_replication_role = origin")
    there = actor_at(world.lies.person_id, world.agency("joke"))
    operation = uuid4()
    here = perform(world.lies, Action.OPEN_CASE, None, OPENING, operation=operation)
    other = perform(there, Action.OPEN_CASE, None, {"person": PERSON}, operation=operation)
    assert world.rows("SELECT DISTINCT agency_id FROM casework_agencyrecord WHERE case_id = %s", other.id) == [
        (world.agency("joke"),)
    ]
    assert here.id != other.id


@pytest.mark.parametrize(("first", "then"), [("1984", "31-12-1984"), ("maart 1984", "31-3-1984"), ("1984", "december 1984")])
def test_a_date_that_is_partly_known_is_another_than_its_last_day(world, first, then):
    case, _ = world.track()
    operation = uuid4()
    perform(world.lies, Action.WRITE_RECORD, case, {"person": {**PERSON, "birth_date": first}}, operation=operation)
    reused(world, operation, Action.WRITE_RECORD, case, {"person": {**PERSON, "birth_date": then}})


def test_an_operation_that_came_to_nothing_is_free_again(world):
    case, _ = world.track()
    operation = uuid4()
    with pytest.raises(Malformed):
        perform(world.lies, Action.ADD_NOTE, case, {}, operation=operation)
    assert perform(world.lies, Action.ADD_NOTE, case, NOTE, operation=operation).made
    assert world.count("casework_note") == 1


def test_what_is_stored_of_an_operation_says_nothing_of_its_content(world):
    case, _ = world.track()
    marks = []
    for _ in range(2):
        perform(world.lies, Action.ADD_NOTE, case, NOTE)
        marks += world.rows("SELECT fingerprint FROM casework_operation ORDER BY made_at DESC LIMIT 1")
    assert len(set(marks)) == 2, "the same content twice does not look the same"
    assert all(len(mark) == 64 for (mark,) in marks)
    kept = json.dumps(world.rows("SELECT * FROM casework_operation"), default=str)
    assert not any(word in kept for word in ("verzonnen", "slaapplaats", "concern", "Proef"))


def test_two_identical_forms_at_once_have_one_effect_and_one_answer(world):
    case, _ = world.track()
    for _ in range(4):
        operation, start = uuid4(), threading.Barrier(4)
        answers: list[ActionResult] = []
        before = world.count("casework_note")

        def send(operation=operation, answers=answers, start=start):
            start.wait()
            try:
                answers.append(perform(world.lies, Action.ADD_NOTE, case, NOTE, operation=operation))
            finally:
                connection.close()

        threads = [threading.Thread(target=send) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(answers) == 4
        assert all(answer == answers[0] for answer in answers)
        assert world.count("casework_note") == before + 1


def test_the_page_answers_a_repeat_with_the_same_address_and_a_reuse_with_the_text(world):
    case, _ = world.track()
    client = signed_in("lies")
    package = {
        "package-kind": "concern_report", "package-receiver": world.agency("wim"), "package-basis": "WPG_18_1",
        "package-items": ["identity"], "package-source_protected": "yes", "package-why_items": "Nodig om te oordelen.",
        "package-why_receiver": "Zij oordelen.", "package-why_now": "Het is nu.", "operation": str(uuid4()),
    }  # fmt: skip
    first, again = (client.post(f"/cases/{case}/prepare_handoff", package) for _ in range(2))
    assert (first.status_code, again.status_code) == (302, 302)
    assert first["Location"] == again["Location"]
    assert world.count("casework_handoff") == 1
    note = {"note-kind": "concern", "note-text": "De eerste verzonnen tekst.", "operation": str(uuid4())}
    assert client.post(f"/cases/{case}/add_note", note)["Location"] == f"/cases/{case}"
    answer = client.post(f"/cases/{case}/add_note", {**note, "note-text": "De tweede verzonnen tekst."})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "De tweede verzonnen tekst." in page
    assert note["operation"] not in page, "it can be sent as a new form"
    assert world.count("casework_note") == 1
