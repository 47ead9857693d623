"""Any edit of any row past the application is named by the next run: table, row and column, triggers on or off."""

import random

import pytest
from django.core.management import CommandError, call_command
from psycopg.errors import InsufficientPrivilege

from casework.actions.perform import perform
from casework.oversight.explaining import differs_from_trail
from casework.worker.carry_out import reconcile_rows
from permissions.acting import act
from permissions.vocabulary import Action

NEW = {
    "uuid": "gen_random_uuid()",
    "int": "{0} + 1",
    "bool": "NOT {0}",
    "text": "CASE {0} WHEN 'x' THEN 'y' ELSE 'x' END",
    "time": "{0} + interval '1 day'",
    "json": "jsonb_build_object('x', {0})",
    "bytes": "{0} || '\\x01'",
    "uuids": "{0} || gen_random_uuid()",
    "ints": "{0} || 1",
    "smalls": "{0} || 1::smallint",
    "texts": "{0} || '{{x}}'",
}


def found(*, entirely=False):
    """What differs; system actors are older than the trail of one test."""
    return {row[:3] for row in reconcile_rows(entirely=entirely) if row.table != "permissions_user"}


def behind(world, query, *values, triggers=False):
    if not triggers:
        world.superuser.execute("SET session_replication_role = replica")
    done = world.superuser.execute(query, values)
    rows = done.fetchall() if done.description else []
    world.superuser.execute("SET session_replication_role = origin")
    return rows


def story(world):
    case, track = world.track("follow_up")
    handoff = world.delivered(case)
    perform(world.ilse, Action.ACKNOWLEDGE_HANDOFF, handoff)
    perform(world.saskia, Action.ASSIGN, case, {"assignment": {"person": world.leo.person_id, "keep": "yes"}})
    perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Een zorg."}})
    return case, track


def test_after_honest_work_nothing_differs(world):
    assert found(entirely=True) == set()
    story(world)
    assert found() == set()
    story(world)
    assert found() == set()
    assert found(entirely=True) == set()


def columns_of(world):
    """Every watched column of every guarded table that holds a row, with an expression for another value."""
    kinds = {
        "uuid": "uuid", "integer": "int", "bigint": "int", "smallint": "int", "boolean": "bool", "text": "text",
        "character varying": "text", "timestamp with time zone": "time", "date": "time", "jsonb": "json", "bytea": "bytes",
        "uuid[]": "uuids", "integer[]": "ints", "smallint[]": "smalls", "text[]": "texts", "character varying[]": "texts",
    }  # fmt: skip
    for table, _kind, key, columns in world.rows("SELECT tab, kind, key, columns FROM trail.watched()"):
        for column, kind in world.rows(
            "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attname = ANY (%s)",
            table, columns,
        ):  # fmt: skip
            if column != key and world.count(table):
                yield table, key, column, NEW[kinds[kind]].format(f'"{column}"')


def test_every_column_changed_behind_the_application_is_named(world):
    story(world)
    assert found() == set()
    tried = set()
    for table, key, column, value in list(columns_of(world)):
        of_people = "AND NOT is_system" if table == "permissions_user" else ""
        world.superuser.execute("BEGIN")
        changed = behind(
            world,
            f'UPDATE {table} SET "{column}" = {value} WHERE {key} = ('
            f'SELECT {key} FROM {table} WHERE "{column}" IS NOT NULL {of_people} LIMIT 1)'
            f" RETURNING {key}::text",
        )
        world.superuser.execute("COMMIT")
        if changed:
            named = {row[:3] for row in reconcile_rows(entirely=False)}
            assert (table, changed[0][0], column) in named, (table, column)
            tried.add((table, column))
    assert len(tried) > 150
    assert {
        ("permissions_membership", "roles"),
        ("permissions_user", "username"),
        ("casework_handoff", "delivered"),
    } <= tried
    assert {row[0] for row in found(entirely=True)} > {"casework_note", "casework_track", "casework_participation"}


def test_a_grant_that_was_moved_to_somebody_else_is_named_by_every_look(world):
    case, _ = story(world)
    found()
    moved = behind(
        world,
        "UPDATE casework_assignment SET user_id = %s WHERE content_object_id = %s AND user_id = %s RETURNING id::text",
        world.sjoerd.person_id, case, world.lies.person_id,
    )[0][0]  # fmt: skip
    named = ("casework_assignment", moved, "user_id")
    assert named in found()
    assert named in found(entirely=True)
    said = act(world.bea, Action.EXPLAIN_ACCESS, lambda: differs_from_trail(case))
    assert "casework_assignment.user_id" in said


VERSIONS = (
    "audit_rowversion WHERE entry_id IN (SELECT e.id FROM audit_entry e JOIN django_content_type c"
    " ON c.id = e.content_type_id WHERE c.model = 'naming' AND e.object_pk = %s AND e.action = 1)"
)


@pytest.mark.parametrize("how", [f"DELETE FROM {VERSIONS}", VERSIONS.replace(" WHERE", " SET salt = 'x' WHERE", 1)])
def test_a_grant_that_ended_and_runs_again_is_named_whatever_became_of_the_salt_of_its_end(world, how):
    case, _ = story(world)
    perform(world.saskia, Action.ASSIGN, case, {"assignment": {"person": world.dirk.person_id}})
    found()
    query = "SELECT id::text FROM casework_assignment WHERE content_object_id = %s AND ends_at IS NOT NULL"
    (ended,) = world.rows(query, case)[0]
    behind(world, how if how.startswith("DELETE") else f"UPDATE {how}", ended)
    behind(world, "UPDATE casework_assignment SET ends_at = NULL WHERE id::text = %s", ended)
    named = ("casework_assignment", ended, "ends_at")
    assert named in found()
    assert named in found(entirely=True)
    assert "casework_assignment.ends_at" in act(world.bea, Action.EXPLAIN_ACCESS, lambda: differs_from_trail(case))


def test_an_entry_that_says_nothing_readable_stops_no_run(world):
    case, _ = story(world)
    found()
    last = "(SELECT max(id) FROM audit_entry WHERE action <= 1)"
    behind(world, f"UPDATE audit_entry SET changes = '[]' WHERE id = {last}")
    note = behind(world, "UPDATE casework_note SET text = 'Anders.' WHERE case_id = %s RETURNING id::text", case)[0][0]
    assert {row[0] for row in found(entirely=True)} >= {"casework_note"}, note


def test_a_grant_that_was_removed_is_named_where_access_is_explained(world):
    case, _ = story(world)

    def said():
        return set(act(world.bea, Action.EXPLAIN_ACCESS, lambda: differs_from_trail(case)))

    assert said() == set(), "a grant that ended by an honest act is no difference"
    assignment = "content_object_id = %s AND user_id = %s"
    behind(world, f"DELETE FROM casework_assignment WHERE {assignment}", case, world.leo.person_id)
    assert said() == {"casework_assignment.gone"}


@pytest.mark.parametrize("triggers", [True, False])
def test_an_edit_with_and_without_triggers_is_named_or_impossible(world, triggers):
    case, _ = story(world)
    found()
    query = "UPDATE casework_note SET text = 'Iets anders.' WHERE case_id = %s RETURNING id::text"
    if triggers:
        with pytest.raises(InsufficientPrivilege, match="nobody is acting"):
            behind(world, query, case, triggers=True)
        assert found() == set()
    else:
        note = behind(world, query, case)[0][0]
        assert found() == {("casework_note", note, "text")}


def test_a_row_that_went_or_came_behind_the_application_is_named(world):
    case, _ = story(world)
    assert found() == set()
    gone = behind(world, "DELETE FROM casework_note WHERE case_id = %s RETURNING id::text", case)[0][0]
    assert ("casework_note", gone, "") in found()
    assert ("casework_note", gone, "") in found(entirely=True)
    columns = "case_id, agency_id, made_by_id, made_at, kind, text, happened_on, is_burdening, corrects_id, from_item_id"
    story(world)
    found()
    came = behind(
        world,
        f"INSERT INTO casework_note (id, {columns}) SELECT gen_random_uuid(), {columns} FROM casework_note LIMIT 1"
        " RETURNING id::text",
    )[0][0]
    assert {row[:2] for row in found()} >= {("casework_note", came)}


def test_an_edit_that_is_put_right_by_a_later_honest_act_stays_named(world):
    _, track = world.track("draft")
    found()
    behind(world, "UPDATE casework_track SET round = 7 WHERE id = %s", track)
    perform(world.lies, Action.SUBMIT, track)
    assert ("casework_track", str(track), "round") in found()


def test_the_command_names_it_and_fails(world, capsys):
    case, _ = story(world)
    behind(world, "UPDATE casework_note SET text = 'Anders.' WHERE case_id = %s", case)
    with pytest.raises(CommandError, match="differences"):
        call_command("audit_reconcile", "--full")
    assert "casework_note" in capsys.readouterr().out


def test_the_order_of_many_edits_does_not_matter(world):
    story(world)
    found()
    pick = random.Random(5)
    rows = world.rows("SELECT id::text FROM casework_personincase")
    for (key,) in pick.sample(rows, len(rows)):
        behind(world, "UPDATE casework_personincase SET family_name = 'Iemand' WHERE id = %s", key)
    assert {row for row in found() if row[2] == "family_name"} == {
        ("casework_personincase", key, "family_name") for (key,) in rows
    }
