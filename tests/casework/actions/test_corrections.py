"""What was wrong in a record is corrected: what it was stays readable, and what rests on it follows."""

from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from casework.actions.request import ActionResult
from casework.facts.first_steps import Stale
from casework.input.correction_parts import CORRECTABLE
from casework.input.fact_parts import FACT_PARTS
from casework.input.read import Malformed
from casework.selectors import read_record, search_own
from casework.worker.carry_out import reconcile_rows
from permissions.acting import act, acting_as
from permissions.decision import Missing, Refused
from permissions.vocabulary import Action, Role
from tests.world import PERSON, REPORT, World
from tests.world import perform as do
from workflows.table import Incomplete

MISTYPED = {"why": "mistyped"}
WHY = "Een verzonnen reden van genoeg tekens om te bewaren."


def correct(
    world: World, case: UUID, who: str = "lies", version: int | None = None, **parts: dict[str, Any]
) -> ActionResult:
    given = {f"{part}_correction": {**MISTYPED, **values} for part, values in parts.items()}
    return do(world.people[who], Action.WRITE_RECORD, case, given, version=version)


def person_of(world: World, case: UUID, who: str = "lies") -> UUID:
    query = "SELECT id FROM casework_personincase WHERE case_id = %s AND agency_id = %s ORDER BY made_at"
    found: UUID = world.rows(query, case, world.agency(who))[0][0]
    return found


def place_of(world: World, case: UUID) -> UUID:
    found: UUID = world.rows("SELECT id FROM casework_premises WHERE case_id = %s ORDER BY made_at", case)[0][0]
    return found


def fact_of(world: World, case: UUID, fact: str) -> UUID:
    query = "SELECT id FROM casework_storedfact WHERE case_id = %s AND fact = %s AND replaced_by_id IS NULL ORDER BY made_at"
    found: UUID = world.rows(query, case, fact)[0][0]
    return found


def running(world: World, clock: str, who: str = "lies") -> list[bool]:
    query = "SELECT met_at IS NULL FROM casework_deadline WHERE clock = %s AND agency_id = %s ORDER BY started_at, id"
    return [row[0] for row in world.rows(query, clock, world.agency(who))]


def renamed(world: World, case: UUID, name: str = "Verbeterd", who: str = "lies") -> ActionResult:
    return correct(world, case, who, person={"person": person_of(world, case, who), "family_name": name})


def differing() -> list[tuple[str, str, str]]:
    """Rows of the records that differ from the trail."""
    return [row[:3] for row in reconcile_rows(entirely=True) if row.table.startswith("casework_")]


def visited(world: World, answer: str) -> tuple[UUID, UUID]:
    """A visit at which the child check ended in this answer: its case and its track."""
    case, track = world.track("visit_scheduled")
    do(world.lies, Action.RECORD_VISIT, track, {**REPORT, "child_check": {"code": answer, "text": WHY}})
    return case, track


def test_a_corrected_name_is_found_by_the_new_and_not_by_the_old(world: World) -> None:
    case = world.opened(person={**PERSON, "family_name": "Oudnaam"}).made["case"]
    correct(world, case, person={"person": person_of(world, case), "family_name": "Verbeterd", "birth_date": "1985-05-01"})
    tokens = {token for (token,) in world.rows("SELECT token FROM casework_nametoken WHERE case_id = %s", case)}
    assert {"verbeterd", "1985-05-01"} <= tokens
    assert not {"oudnaam", "1984-05-01"} & tokens
    look = {
        word: act(world.lies, Action.SEARCH_OWN, partial(search_own, word, "")).rows for word in ("Verbeterd", "Oudnaam")
    }
    assert [len(rows) for rows in look.values()] == [1, 0]


def test_what_it_was_who_corrected_it_when_and_why_stays_readable(world: World) -> None:
    case, _ = world.track()
    said = {"person": person_of(world, case), "family_name": "Verbeterd", "explained": "Verkeerd gehoord."}
    correct(world, case, person=said)
    page = act(world.lies, Action.READ_RECORD, lambda: read_record(case), about=case)
    [row] = page.sections.corrections
    assert (row.was, row.became) == ('{"family_name": "Proef"}', '{"family_name": "Verbeterd"}')
    assert (row.who, row.why, row.explained) == ("Lies Liaison", "mistyped", "Verkeerd gehoord.")
    assert world.rows("SELECT was ->> 'family_name' FROM audit_rowversion WHERE was ->> 'family_name' = 'Proef'")
    assert not differing()


def test_a_correction_that_changes_nothing_is_refused_in_one_sentence(world: World) -> None:
    case, _ = world.track()
    with pytest.raises(Malformed, match="changes_nothing"):
        correct(world, case, person={"person": person_of(world, case), "family_name": "Proef"})
    with pytest.raises(Malformed, match="required"):
        do(world.lies, Action.WRITE_RECORD, case, {"person_correction": {"person": person_of(world, case), "role": "minor"}})


def test_a_corrected_address_is_found_by_the_new_and_not_by_the_old(world: World) -> None:
    case, _ = world.track()
    before = world.rows("SELECT address_keys FROM casework_premises WHERE case_id = %s", case)[0][0]
    correct(world, case, premises={"premises": place_of(world, case), "number": "99"})
    [(keys, number)] = world.rows("SELECT address_keys, number FROM casework_premises WHERE case_id = %s", case)
    assert number == "99"
    assert not set(keys) & set(before)
    assert world.rows("SELECT label FROM casework_household WHERE case_id = %s", case) == [("Proefstraat 99",)]


def test_it_is_refused_to_who_may_not_write_and_that_stands_on_the_trail(world: World) -> None:
    case, _ = world.track()
    person, last = person_of(world, case), "SELECT word, outcome FROM audit_entry WHERE action = 5 ORDER BY id DESC LIMIT 1"
    with pytest.raises(Refused):
        correct(world, case, "saskia", person={"person": person, "family_name": "Anders"})
    assert world.rows(last) == [("write_record", "refused")]
    for stranger in ("wim", "leo", "wanda"):
        with pytest.raises((Missing, Refused)):
            correct(world, case, stranger, person={"person": person, "family_name": "Anders"})
    assert world.count("casework_correction") == 0


def test_only_a_row_of_the_own_record_of_this_case_can_be_corrected(world: World) -> None:
    case, _ = world.track()
    other, _ = world.track()
    for part, row, why in (
        ("person", person_of(world, other), "no_such_person"),
        ("premises", place_of(world, other), "no_such_premises"),
        ("fact", person_of(world, case), "no_such_fact"),
    ):
        with pytest.raises(Malformed, match=why):
            name = {"person": "family_name", "premises": "town", "fact": "name"}[part]
            do(world.lies, Action.WRITE_RECORD, case, {f"{part}_correction": {**MISTYPED, part: row, name: "Anders"}})


def test_the_app_role_corrects_in_no_other_act(world: World) -> None:
    case, _ = visited(world, "none")
    fact, place = fact_of(world, case, "child_check"), place_of(world, case)
    for sql, key in (
        ("UPDATE casework_storedfact SET replaced_by_id = id WHERE id = %s", fact),
        ("UPDATE casework_premises SET town = 'Elders' WHERE id = %s", place),
    ):
        with acting_as(world.lies, Role.POLICE_LIAISON, Action.ADD_NOTE), connection.cursor() as cursor:
            cursor.execute(sql, [key])
            assert cursor.rowcount == 0


def test_who_comes_second_is_told_who_corrected_first_and_what_it_became(world: World) -> None:
    case, _ = world.track()
    do(world.dirk, Action.ASSIGN, case, {"assignment": {"person": world.leo.person_id, "keep": "yes"}})
    renamed(world, case, "Eerste")
    with pytest.raises(Stale) as found:
        correct(world, case, "leo", 0, person={"person": person_of(world, case), "family_name": "Tweede"})
    first = found.value.first
    assert first is not None
    assert (first.who, first.words) == ("Lies Liaison", (("subject", "Eerste"),))
    correct(world, case, "leo", 1, person={"person": person_of(world, case), "family_name": "Tweede"})
    assert world.rows("SELECT family_name FROM casework_personincase") == [("Tweede",)]


def test_a_corrected_fact_is_another_row_and_the_old_one_counts_no_more(world: World) -> None:
    case, _ = visited(world, "none")
    old = fact_of(world, case, "child_check")
    new = correct(world, case, fact={"fact": old, "code": "in_household"}).made["fact"]
    rows = world.rows("SELECT id, code, made_at, replaced_by_id FROM casework_storedfact WHERE fact = 'child_check'")
    assert {row[:2] for row in rows} == {(old, "none"), (new, "in_household")}
    assert len({row[2] for row in rows}) == 1, "it stands where the old one stood"
    assert {row[0]: row[3] for row in rows} == {old: new, new: None}
    page = act(world.lies, Action.READ_RECORD, lambda: read_record(case), about=case)
    assert [row.code for row in page.sections.facts if row.fact == "child_check"] == ["in_household"]
    with pytest.raises(Malformed, match="no_such_fact"):
        correct(world, case, fact={"fact": old, "code": "contact"})
    assert not differing()


def test_children_who_turn_out_to_be_there_are_to_be_reported_and_no_more_when_they_are_not(world: World) -> None:
    case, _ = visited(world, "none")
    assert running(world, "CHILDREN_FOUND") == []
    correct(world, case, fact={"fact": fact_of(world, case, "child_check"), "code": "in_household"})
    assert running(world, "CHILDREN_FOUND") == [True]
    correct(world, case, fact={"fact": fact_of(world, case, "child_check"), "code": "unknown"})
    assert (running(world, "CHILDREN_FOUND"), running(world, "CHILD_CHECK")) == ([False], [True])
    correct(world, case, fact={"fact": fact_of(world, case, "child_check"), "code": "none"})
    assert (running(world, "CHILDREN_FOUND"), running(world, "CHILD_CHECK")) == ([False], [False])


def test_somebody_who_turns_out_to_be_a_minor_is_to_be_reported_and_no_more_when_they_are_not(world: World) -> None:
    case, _ = visited(world, "none")
    kim = {**PERSON, "role": "household_member", "given_names": "Kim"}
    do(world.lies, Action.WRITE_RECORD, case, {"person": kim})
    [(key,)] = world.rows("SELECT id FROM casework_personincase WHERE given_names = 'Kim'")
    correct(world, case, person={"person": key, "role": "minor", "birth_date": "2018-01-05"})
    assert running(world, "CHILDREN_FOUND") == [True]
    correct(world, case, person={"person": key, "role": "household_member"})
    assert running(world, "CHILDREN_FOUND") == [True], "a child of the household is one, whatever their role is called"
    correct(world, case, person={"person": key, "birth_date": "1984-01-05"})
    assert running(world, "CHILDREN_FOUND") == [False]


def test_a_birth_date_that_was_wrong_closes_the_step_that_it_opened(world: World) -> None:
    case, track = visited(world, "none")
    correct(world, case, person={"person": person_of(world, case), "birth_date": "2012-01-05"})
    with pytest.raises(Incomplete) as found:
        do(world.lies, Action.WARN, track)
    assert "subject_adult" in found.value.missing or "youth_prosecutor_decision" in found.value.missing
    correct(world, case, person={"person": person_of(world, case), "birth_date": "1984-05-01"})
    do(world.lies, Action.WARN, track)


def test_a_fact_of_an_earlier_step_serves_no_second_time_because_it_was_corrected(world: World) -> None:
    case, track = world.track("follow_up")
    review = {"review_outcome": {"code": "stable", "date": "today"}}
    do(world.lies, Action.RECORD_REVIEW, track, review)
    correct(world, case, fact={"fact": fact_of(world, case, "review_outcome"), "code": "worries"})
    with pytest.raises(Incomplete):
        do(world.lies, Action.RECORD_REVIEW, track)


def test_a_fact_is_read_by_its_own_reader_and_fits_what_is_stored(world: World) -> None:
    case, _ = visited(world, "none")
    check, offer = (fact_of(world, case, fact) for fact in ("child_check", "help_offer"))
    for values, why in (
        ({"fact": check, "code": "card"}, "no_such_code"),
        ({"fact": check, "date": "2026-01-05"}, "not_of_this_fact"),
        ({"fact": offer, "date": "2020-01-05"}, "too_early"),
        ({"fact": offer, "emptied": ["date"]}, "required"),
        ({"fact": check, "code": "none"}, "changes_nothing"),
    ):
        with pytest.raises(Malformed, match=why):
            correct(world, case, fact=values)


def test_what_a_step_decided_is_corrected_by_who_may_decide_and_never_by_another(world: World) -> None:
    case, _ = world.track("visit_planned")
    approval = fact_of(world, case, "prosecutor_approval")
    with pytest.raises(Refused):
        correct(world, case, "lies", fact={"fact": approval, "name": "Officier Anders"})
    correct(world, case, "dirk", fact={"fact": approval, "name": "Officier Anders"})
    assert world.rows("SELECT name FROM casework_storedfact WHERE id = %s", fact_of(world, case, "prosecutor_approval")) == [
        ("Officier Anders",)
    ]


@pytest.mark.parametrize("fact", ["youth_prosecutor_decision", "assessment", "outcome_code"])
def test_a_decision_on_which_steps_rest_is_never_corrected_into_another(fact: str) -> None:
    assert "code" in {column.name for column in FACT_PARTS[fact]}
    assert "code" not in {column.name for column in CORRECTABLE[fact]}, "another takes its place, with its own day and yes"


def test_an_approval_of_what_read_otherwise_counts_no_more(world: World) -> None:
    case, track = world.track("draft")
    done = do(world.lies, Action.SUBMIT, track)
    assert done.case_id == case
    do(world.dirk, Action.TAKE_UP, track)
    case, _ = visited(world, "in_household")
    do(world.lies, Action.WRITE_RECORD, case, {"no_concern_report": {"text": WHY}})
    ask = {"approval": {"action": "no_concern_report", "text": WHY}}
    [(own,)] = world.rows("SELECT id FROM casework_track WHERE case_id = %s AND kind = 'warning'", case)
    do(world.lies, Action.ASK_APPROVAL, own, ask)
    do(world.saskia, Action.APPROVE, own)
    assert running(world, "CHILDREN_FOUND") == [False]
    text = {"text": "De kinderen wonen toch hier, maar zijn er nooit bij."}
    correct(world, case, fact={"fact": fact_of(world, case, "no_concern_report"), **text})
    assert running(world, "CHILDREN_FOUND") == [True], "another approves it anew"


def test_who_corrects_a_record_wrote_in_it_last_and_approves_nothing_of_it(world: World) -> None:
    case, track = world.track("visit_done")
    ask = {"approval": {"action": "close_unwarned", "text": "Niemand woont er nog, sluiten."}}
    do(world.lies, Action.ASK_APPROVAL, track, ask)
    correct(world, case, "dirk", person={"person": person_of(world, case), "family_name": "Anders"})
    with pytest.raises(Refused, match="nor by the last editor"):
        do(world.dirk, Action.APPROVE, track)
    do(world.saskia, Action.APPROVE, track)


def test_a_warning_is_about_nobody_once_who_it_was_about_turns_out_to_be_no_subject(world: World) -> None:
    case, track = world.track("draft")
    whose = "SELECT subject_id FROM casework_track WHERE id = %s"
    assert world.rows(whose, track) == [(person_of(world, case),)]
    correct(world, case, person={"person": person_of(world, case), "role": "household_member"})
    assert world.rows(whose, track) == [(None,)]


def test_who_turns_out_not_to_have_been_informed_is_still_owed_it(world: World) -> None:
    kim = {**PERSON, "role": "household_member", "given_names": "Kim"}
    case = world.opened("wim", person=[PERSON, kim]).made["case"]
    first, second = (row[0] for row in world.rows("SELECT id FROM casework_personincase ORDER BY role DESC"))
    do(world.wim, Action.WRITE_RECORD, case, {"subject_informed": {"date": "today", "person": first}})
    correct(world, case, "wim", fact={"fact": fact_of(world, case, "subject_informed"), "about": second})
    query = "SELECT person_id, met_at IS NULL FROM casework_deadline WHERE clock = 'INFORM_SUBJECT'"
    assert dict(world.rows(query)) == {first: True, second: False}


def test_who_turns_out_to_live_gets_back_the_terms_that_a_death_stopped(world: World) -> None:
    case = world.opened("wim", person=PERSON).made["case"]
    person = person_of(world, case, "wim")
    do(world.wim, Action.WRITE_RECORD, case, {"person_gone": {"person": person, "code": "deceased", "text": WHY}})
    assert running(world, "INFORM_SUBJECT", "wim") == [False]
    kim = do(world.wim, Action.WRITE_RECORD, case, {"person": {**PERSON, "given_names": "Kim", "role": "contact"}})
    assert kim.case_id == case
    [(other,)] = world.rows("SELECT id FROM casework_personincase WHERE given_names = 'Kim'")
    correct(world, case, "wim", fact={"fact": fact_of(world, case, "person_gone"), "about": other})
    query = "SELECT person_id, met_at IS NULL FROM casework_deadline WHERE clock = 'INFORM_SUBJECT'"
    assert dict(world.rows(query)) == {person: True, other: False}


def test_nothing_is_corrected_so_that_it_ends_before_it_begins(world: World) -> None:
    case, _ = world.track()
    do(
        world.lies,
        Action.WRITE_RECORD,
        case,
        {"person": {"role": "minor", "given_names": "Kim", "birth_date": "2018-02-03"}},
    )
    child = world.rows("SELECT id FROM casework_personincase WHERE role = 'minor'")[0][0]
    order = {"court": "Rechtbank Voorbeeld", "date": "2026-01-05", "until": "2031-03-05", "person": str(child)}
    do(world.lies, Action.WRITE_RECORD, case, {"supervision_order": order})
    fact = fact_of(world, case, "supervision_order")
    with pytest.raises(Malformed, match="ends_before_it_begins"):
        correct(world, case, fact={"fact": fact, "until": "2026-01-04"})
    assert fact_of(world, case, "supervision_order") == fact, "it stands as it was"
    correct(world, case, fact={"fact": fact, "until": "2026-01-05"})
    assert fact_of(world, case, "supervision_order") != fact
