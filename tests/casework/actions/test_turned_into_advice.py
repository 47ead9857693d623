"""A report that becomes advice leaves nothing on the people concerned: not in the record, nor in its earlier versions."""

import pytest
from django.db import ProgrammingError, connection

from casework.actions.perform import perform
from casework.input.fields import PlainText
from casework.input.read import Malformed
from casework.models import Handoff
from casework.worker.carry_out import reconcile_rows
from permissions.acting import act
from permissions.decision import Refused
from permissions.vocabulary import Action
from tests.world import NECESSARY, World
from workflows.table import Incomplete

WHY = "De beller vroeg om raad en wil geen melding doen."
RECORD = {
    "person": [
        {"role": "subject", "family_name": "Zonderling", "given_names": "Abraham", "birth_date": "1980-02-03"},
        {"role": "minor", "family_name": "Zonderling", "given_names": "Belia", "birth_date": "2016-02-03"},
    ],
    "premises": {"street": "Verzonnenlaan", "number": "7", "town": "Proefdorp"},
    "note": {"kind": "concern", "text": "Abraham Zonderling woont met Belia aan de Verzonnenlaan."},
    "source": {"kind": "citizen", "name": "Buurvrouw Zonderling", "contact": "06 12345678", "protected": "yes"},
}
EVERYWHERE = """
SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'case_id'
"""


def reported(world: World):
    done = world.opened("wim", **RECORD)
    track, case = done.made["safety"], done.made["case"]
    told = {"acute_checked": {"yes": "no", "text": "Belia Zonderling is veilig bij oma."}}
    perform(world.wim, Action.WRITE_RECORD, track, told)
    note = world.rows("SELECT id FROM casework_note")[0][0]
    correction = {"correction": {"note": note, "text": "Abraham Zonderling woont nu alleen."}}
    perform(world.wim, Action.CORRECT_NOTE, case, correction)
    return case, track


def approved(world: World, track, words=WHY):
    perform(world.wim, Action.ASK_APPROVAL, track, {"approval": {"action": "turn_into_advice", "text": words}})
    perform(world.vera, Action.APPROVE, track)


def turn(world: World, track, words=WHY):
    return perform(world.vera, Action.TURN_INTO_ADVICE, track, {"reason": {"code": "practical", "text": words}})


def left(world: World, word: str) -> list[str]:
    """Where a word still stands, in any row of any table that carries a case."""
    tables = sorted({row[0] for row in world.rows(EVERYWHERE)} | {"casework_packageitem", "casework_nametoken"})
    return [
        name
        for name in tables
        if world.rows(f"SELECT 1 FROM {name} x WHERE to_jsonb(x)::text ILIKE %s LIMIT 1", f"%{word}%")
    ]


def test_nothing_of_the_people_concerned_is_left_anywhere(world):
    _, track = reported(world)
    before = world.count("audit_entry")
    for word in ("Zonderling", "Abraham", "Belia", "Verzonnenlaan", "12345678"):
        assert left(world, word), "there is something to remove"
    approved(world, track)
    turn(world, track)
    for word in ("Zonderling", "zonderling|", "Abraham", "Belia", "Verzonnenlaan", "1980-02-03", "12345678"):
        assert left(world, word) == [], word
    assert world.rows("SELECT state, subject_id FROM casework_track") == [("advice_given", None)]
    assert world.count("audit_entry") > before, "the trail stays, and says what was destroyed"
    destroyed = world.rows("SELECT count(*) FROM audit_entry WHERE verb = 'destroy' AND word = 'turn_into_advice'")[0][0]
    assert destroyed >= len(RECORD["person"]) + 3
    assert world.rows("SELECT count(*) FROM casework_deadline WHERE met_at IS NULL") == [(0,)]


WALL = """
INSERT INTO casework_wall (id, case_id, agency_id, user_id, reason, lift_reason, lifted_reason, starts_at)
  VALUES (gen_random_uuid(), %(case)s, %(agency)s, %(who)s, 'Belia is een nichtje.', 'Belia is verhuisd.', '', now())
"""
FINDING = """
INSERT INTO casework_finding (id, case_id, agency_id, about_id, kind, text, opened_by_id, opened_at, closing, people,
    in_table, of_row, columns, is_there, times_seen)
  VALUES (gen_random_uuid(), %(case)s, %(agency)s, %(who)s, 'raised', 'Keek bij Belia.', %(who)s, now(),
    'Het was de tante van Belia.', '{}', '', '', '{}', false, 0)
"""


def test_what_was_said_beside_the_record_names_nobody_either(world):
    case, track = reported(world)
    world.superuser.execute("SET session_replication_role = replica")
    for row in (WALL, FINDING):
        world.superuser.execute(row, {"case": case, "agency": world.agency("wim"), "who": world.anke.person_id})
    world.superuser.execute("SET session_replication_role = origin")
    assert set(left(world, "Belia")) >= {"casework_wall", "casework_finding"}
    approved(world, track)
    turn(world, track)
    assert left(world, "Belia") == []
    assert world.count("casework_wall") == world.count("casework_finding") == 1, "that there was one stays"


def test_one_person_alone_removes_nothing(world):
    _, track = reported(world)
    with pytest.raises(Incomplete) as found:
        turn(world, track)
    assert found.value.missing == ("four_eyes",)
    assert left(world, "Zonderling")


@pytest.mark.parametrize("words", ["Abraham vroeg zelf om raad en meldt niets.", "De vraag ging over de Verzonnenlaan 7."])
def test_what_stays_names_nobody(world, words):
    _, track = reported(world)
    approved(world, track)
    with pytest.raises(Malformed, match="names_somebody"):
        turn(world, track, words)
    assert left(world, "Zonderling")


@pytest.mark.parametrize("words", ["Abraham Zonderling vroeg zelf om raad.", "De vraag ging over de Verzonnenlaan 7."])
def test_an_approval_that_named_somebody_is_no_dead_end_its_words_are_removed_too(world, words):
    _, track = reported(world)
    perform(world.wim, Action.ASK_APPROVAL, track, {"approval": {"action": "turn_into_advice", "text": words}})
    perform(world.vera, Action.APPROVE, track, {"approver_reason": {"text": f"Akkoord: {words}"}})
    turn(world, track)
    for word in ("Zonderling", "Abraham", "Verzonnenlaan"):
        assert left(world, word) == [], word
    kept = world.rows("SELECT reason, approver_reason, asked_by_id, approved_by_id FROM casework_approval")
    assert kept == [("", "", world.wim.person_id, world.vera.person_id)], "that two agreed stays, and who they were"


@pytest.mark.parametrize("words", ["reason = 'Anders'", "approver_reason = 'Anders'", "approved_at = now()"])
def test_an_approval_is_never_rewritten(world, words):
    _, track = reported(world)
    approved(world, track)

    def rewrite():
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE casework_approval SET {words}")

    with pytest.raises((Refused, ProgrammingError)):
        act(world.vera, Action.TURN_INTO_ADVICE, rewrite, about=track)


def test_what_was_put_in_a_package_stays_a_report(world):
    case, track = reported(world)
    package = {"kind": "transfer", "receiver": world.agency("joke"), "basis": "WMO_4_1_1_2D", "items": ["identity"]}
    content = {"package": {**package, "source_protected": "yes", **NECESSARY}}
    handoff = perform(world.wim, Action.PREPARE_HANDOFF, case, content).id
    approved(world, track)
    with pytest.raises(Incomplete) as found:
        turn(world, track)
    assert found.value.missing == ("subject_data_removed",)
    perform(world.wim, Action.WITHDRAW_HANDOFF, handoff)
    turn(world, track)
    assert left(world, "Zonderling") == []


def test_nothing_that_was_typed_of_a_package_is_left(world):
    case, track = reported(world)
    package = {"kind": "transfer", "receiver": world.agency("joke"), "basis": "WMO_4_1_1_2D", "items": ["identity"]}
    handoff = perform(
        world.wim, Action.PREPARE_HANDOFF, case, {"package": {**package, "source_protected": "yes", **NECESSARY}}
    ).id
    typed = [str(field.column) for field in Handoff._meta.concrete_fields if isinstance(field, PlainText)]
    assert {"why_now", "letter", "task", "authority_name", "functionary_name", "request"} <= set(typed)
    world.superuser.execute("SET session_replication_role = replica")
    said = ", ".join(f"{name} = 'Z'" for name in typed)
    world.superuser.execute(f"UPDATE casework_handoff SET {said}")
    world.superuser.execute("SET session_replication_role = origin")
    approved(world, track)
    perform(world.wim, Action.WITHDRAW_HANDOFF, handoff)
    turn(world, track)
    assert world.rows(f"SELECT {', '.join(typed)} FROM casework_handoff") == [("",) * len(typed)]


def test_a_report_that_another_agency_sent_is_no_advice(world):
    case, _ = world.track()
    world.delivered(case)
    track = world.rows("SELECT id FROM casework_track WHERE kind = 'safety'")[0][0]
    perform(world.vera, Action.ASK_APPROVAL, track, {"approval": {"action": "turn_into_advice", "text": WHY}})
    with pytest.raises(Incomplete) as found:
        turn(world, track)
    assert set(found.value.missing) == {"subject_data_removed", "four_eyes"}


def test_the_database_removes_nobody_outside_the_act(world):
    _, track = reported(world)

    def remove():
        with connection.cursor() as cursor:
            cursor.execute("SELECT lock.remove_people(%s)", [track])

    with pytest.raises(Refused, match="the lock says no"):
        act(world.vera, Action.WRITE_RECORD, remove, about=track)
    assert left(world, "Zonderling")


def test_what_stays_goes_on_standing_as_the_trail_says_and_what_differed_goes_on_differing(world):
    def differing():
        return {row[:3] for row in reconcile_rows(entirely=True) if row.table.startswith("casework_")}

    _, track = reported(world)
    approved(world, track)
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute("UPDATE casework_agencyrecord SET basis = 'x'")
    world.superuser.execute("SET session_replication_role = origin")
    record = str(world.rows("SELECT id FROM casework_agencyrecord")[0][0])
    turn(world, track)
    assert {row[:2] for row in differing()} == {("casework_agencyrecord", record)}
    assert [left(world, word) for word in ("Zonderling", "Verzonnenlaan")] == [[], []]
