"""What an entry says is stamped by the database, committed column by column, and all of it is in the line that is sealed."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction
from psycopg.errors import InsufficientPrivilege

from audit.models import Entry
from audit.recording import record_act, record_read, record_refusal
from casework.actions.perform import perform
from casework.worker.carry_out import reconcile_rows
from permissions.acting import acting_as, scenario_moment
from permissions.circumstances import Circumstances, circumstances
from permissions.vocabulary import Action, Role
from tests.casework.actions.test_turned_into_advice import approved, reported, turn
from tests.policy.behind import past_triggers
from tests.world import World

LIE = {
    "actor_id": 1,
    "agency_id": 9_999,
    "role": "auditor",
    "purpose": "another purpose",
    "cid": "00000000-0000-4000-8000-000000000000",
    "timestamp": datetime(2001, 1, 1, tzinfo=UTC),
    "occurred_at": datetime(2001, 1, 1, tzinfo=UTC),
    "changes": {"state": [None, "a commitment of nobody"]},
    "on_behalf_of_id": 9_999,
    "auth_strength": "two_factor",
    "client_point": "203.0.113.9",
    "trace_id": uuid4(),
    "policy_version": "another law",
    "prev_seal": 9_999,
}
"""What an act would say of itself, were it asked."""


def newest(word: str) -> Entry:
    """The newest entry of a word, as the one sees it who may see all of the agency's."""
    found: Entry = Entry.objects.filter(word=word).order_by("-id")[0]
    return found


def test_what_an_act_says_of_itself_is_stamped_by_the_database(world: World):
    told = circumstances.set(Circumstances("password", "192.0.2.7", uuid4()))
    try:
        with acting_as(world.lies, Role.POLICE_LIAISON, Action.SEE_CASE) as act:
            record_act("consult", "honest", Entry, "x")
            Entry.objects.create(action=Entry.ACT, verb="consult", word="lying", content_type_id=1, object_pk="x", **LIE)
            honest, lying = newest("honest"), newest("lying")
            for name, said in LIE.items():
                assert getattr(lying, name) != said, name
                if name != "timestamp":
                    assert getattr(lying, name) == getattr(honest, name), name
            assert lying.actor_id == world.lies.person_id
            assert (lying.agency_id, lying.role) == (world.agency("lies"), "police_liaison")
            assert (lying.cid, lying.occurred_at) == (str(act.operation), act.moment)
            assert (lying.client_point, lying.auth_strength) == ("192.0.2.7", "password")
    finally:
        circumstances.reset(told)


@pytest.mark.parametrize("action", [0, 1, 2])
def test_no_act_writes_an_entry_of_a_change(world: World, action):
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        acting_as(world.lies, Role.POLICE_LIAISON, Action.SEE_CASE),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO audit_entry (content_type_id, object_pk, action, verb, word, outcome, role, purpose, basis)"
            " VALUES (1, 'x', %s, 'alter', 'see_case', 'done', '', '', '')",
            [action],
        )


def test_the_trail_is_not_emptied_as_a_whole(world: World):
    assert world.count("audit_entry")
    with pytest.raises(InsufficientPrivilege, match="only added to"):
        world.superuser.execute("TRUNCATE audit_entry")


def test_what_is_recorded_says_how_it_ended_why_by_what_and_on_which_basis(world: World):
    case, other = uuid4(), uuid4()
    with acting_as(world.lies, Role.POLICE_LIAISON, Action.SEE_CASE):
        record_read(
            "looked", Entry, "x", case=case, basis="WPG_19", shown=["identity", "concern"], cases=[other], by="emergency"
        )
        record_read("looked_plainly", Entry, "x", case=case)
        record_refusal("tried", "never for auditor", case)
        record_refusal("stopped", "came to nothing", None, outcome="failed")
        look, plain, refusal, failed = map(newest, ("looked", "looked_plainly", "tried", "stopped"))
    assert look.additional_data == {"shown": ["concern", "identity"], "by": "emergency", "cases": [str(other)]}
    assert (look.action, look.verb, look.outcome, look.basis, look.case_id) == (3, "consult", "done", "WPG_19", case)
    assert (plain.additional_data, plain.basis) == ({"shown": []}, "WPG_8"), "without another, the agency's own"
    assert (refusal.action, refusal.outcome, refusal.additional_data) == (5, "refused", {"why": "never for auditor"})
    assert refusal.object_pk == str(case)
    assert (failed.outcome, failed.object_pk) == ("failed", "")


OTHERWISE = {
    "id": -1, "changes": {"a": 1}, "additional_data": {"b": 2}, "object_pk": "other", "action": 2, "cid": "other",
    "timestamp": "2001-01-01T00:00:00Z", "occurred_at": "2001-01-01T00:00:00Z", "xact": "17", "verb": "other",
    "word": "other", "outcome": "other", "agency_id": -2, "record_agency_id": -3, "role": "other", "purpose": "other",
    "basis": "other", "case_id": "00000000-0000-4000-8000-000000000001", "on_behalf_of_id": -4, "recipient_agency_id": -5,
    "auth_strength": "other", "client_point": "other", "trace_id": "00000000-0000-4000-8000-000000000002",
    "policy_version": "other", "prev_seal": -6, "actor_id": -7,
}  # fmt: skip
LINE = "SELECT trail.line(jsonb_populate_record(e, %s::jsonb), 0, %s) FROM audit_entry e WHERE e.id = %s"


def test_every_column_of_an_entry_is_in_its_sealed_line(world: World):
    from psycopg.types.json import Jsonb

    columns = {str(field.column) for field in Entry._meta.concrete_fields} - {"content_type_id"}
    assert set(OTHERWISE) == columns, "a column that is added is sealed"
    ((key,),) = world.rows("SELECT max(id) FROM audit_entry")
    ((stands,),) = world.rows(LINE, Jsonb({}), "a table", key)
    for name, value in OTHERWISE.items():
        ((line,),) = world.rows(LINE, Jsonb({name: value}), "a table", key)
        assert line != stands, name
    assert world.rows(LINE, Jsonb({}), "another table", key) != [(stands,)]


def test_a_commitment_is_of_one_column_one_value_and_one_salt(world: World):
    said = [
        ("00", "state", "open"), ("01", "state", "open"), ("00", "stat", "eopen"), ("00", "basis", "open"),
        ("00", "state", "close"), ("00", "state", ""), ("00", "state", None), ("00", "state", "~"), ("00", "state", "=0:"),
        ("00", "state=4:open", None), ("00", "state", "=4:open"),
    ]  # fmt: skip
    found = {world.rows("SELECT trail.commitment(%s, %s, %s)", *one)[0][0] for one in said}
    assert len(found) == len(said)


def test_a_change_keeps_what_stood_before_and_the_moment_at_which_it_counts(world: World):
    _, track = world.track()
    moment = datetime.now(UTC) + timedelta(days=3)
    token = scenario_moment.set(moment)
    try:
        perform(world.lies, Action.SUBMIT, track)
    finally:
        scenario_moment.reset(token)
    changed = world.rows(
        "SELECT v.was ->> 'state', e.occurred_at, e.timestamp < now() + interval '1 day', length(v.salt) FROM audit_entry e"
        " JOIN audit_rowversion v ON v.entry_id = e.id WHERE e.object_pk = %s AND e.action = 1 AND e.changes ? 'state'",
        str(track),
    )
    assert changed == [("draft", moment, True, 32)]
    first = "SELECT v.was FROM audit_rowversion v JOIN audit_entry e ON e.id = v.entry_id WHERE e.action = 0"
    assert {was for (was,) in world.rows(first)} == {None}


def test_a_list_is_found_by_each_case_at_the_moment_of_its_entry(world: World):
    cases, moment = [uuid4(), uuid4()], datetime.now(UTC) + timedelta(days=3)
    token = scenario_moment.set(moment)
    try:
        with acting_as(world.lies, Role.POLICE_LIAISON, Action.SEARCH_OWN):
            record_read("search_own", Entry, "", cases=[*cases, cases[0]])
            record_act("consult", "search_own", Entry, "", said={"cases": [str(uuid4())]})
    finally:
        scenario_moment.reset(token)
    found = world.rows(
        "SELECT s.case_id, s.occurred_at, e.occurred_at FROM trail.shown s JOIN audit_entry e ON e.id = s.entry_id"
    )
    assert sorted(found) == sorted((case, moment, moment) for case in cases)


def test_no_two_entries_have_one_salt(world: World):
    _, track = reported(world)
    approved(world, track)
    turn(world, track)
    anew = "SELECT count(*) FROM audit_entry WHERE word = 'turn_into_advice' AND action = 1"
    assert world.rows(anew)[0][0] > 1, "what stays is said anew"
    assert world.rows("SELECT count(*) - count(DISTINCT salt), min(length(salt)) FROM audit_rowversion") == [(0, 32)]


def test_a_column_that_came_later_is_empty_until_an_entry_says_otherwise(world: World):
    world.track()
    assignment = str(world.rows("SELECT id FROM casework_assignment LIMIT 1")[0][0])

    def differing() -> set[tuple[str, ...]]:
        return {tuple(row[:3]) for row in reconcile_rows(entirely=True)}

    with past_triggers(world):
        forget = "UPDATE audit_entry SET changes = changes - %s WHERE object_pk = %s"
        world.superuser.execute(forget, ["ends_at", assignment])
    assert not {row for row in differing() if row[:2] == ("casework_assignment", assignment)}, "nothing stands there"
    with past_triggers(world):
        world.superuser.execute(
            "UPDATE casework_assignment SET ends_at = now() + interval '1 year' WHERE id = %s", [assignment]
        )
    assert ("casework_assignment", assignment, "ends_at") in differing()


@pytest.mark.parametrize("column", ["agency_id", "case_id"])
def test_a_changed_row_is_whose_it_was_by_the_trail(world: World, column):
    case, _ = world.track()
    other, _ = world.track()
    note = {"note": {"kind": "concern", "text": "Een bedacht relaas."}}
    perform(world.lies, Action.ADD_NOTE, case, note)
    ((key,),) = world.rows("SELECT id::text FROM casework_note")
    whose = "SELECT of_case, of_agency FROM trail.whose('casework_note', %s)"
    assert world.rows(whose, key) == [(case, world.agency("lies"))]
    with past_triggers(world):
        said = {"agency_id": world.agency("wim"), "case_id": other}[column]
        world.superuser.execute(f"UPDATE casework_note SET {column} = %s", [said])
    assert world.rows(whose, key) == [(case, world.agency("lies"))]


def test_the_library_s_own_way_of_writing_is_refused(world: World):
    before = world.count("audit_entry")
    with acting_as(world.lies, Role.POLICE_LIAISON, Action.SEE_CASE), pytest.raises(NotImplementedError):
        Entry.objects.log_create(Entry(), force_log=True)
    assert world.count("audit_entry") == before


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM trail.tile_lines(0, 1, 1000)",
        "SELECT * FROM trail.stretch('0', 0, 0, 1000)",
        "SELECT trail.know_key('x')",
        "SELECT trail.cosign(0, 'x', 'x')",
        "SELECT * FROM trail.note_shape(true)",
        "SELECT trail.destroy_versions(gen_random_uuid(), 1)",
        "SELECT * FROM trail.reconcile(true, '{}')",
        "SELECT trail.destroy_due(1)",
    ],
)
def test_the_whole_trail_and_what_it_does_is_for_no_person(world: World, query):
    for who in ("lies", "arie", "otto", "bea", "saskia"):
        person = world.people[who]
        for action in (Action.VERIFY_TRAIL, Action.SEAL_TRAIL, Action.RECONCILE_ROWS, Action.DESTROY_ENTRIES):
            with (
                pytest.raises((ProgrammingError, IntegrityError), match=r"sealer|nobody|permission denied"),
                acting_as(person, person.roles[0], action),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(query)
