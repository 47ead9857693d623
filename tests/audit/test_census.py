"""Complete by construction: every guarded table, every way to write, one entry each; without an entry nothing is shown."""

import json
import logging
import os
import shutil
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from django.core import mail
from django.core.management import call_command
from django.db import DatabaseError
from psycopg import sql

from audit.roles import KEEPER
from audit.verify import verify
from casework.actions.perform import perform
from permissions.services import NewPerson, install
from permissions.vocabulary import SYSTEM_ROLES, Action, Role
from tests.audit.bundle import act_as, exported, sealed
from tests.oracle.test_routes import CANARIES, plant
from tests.policy.test_pages import addresses
from tests.world import AGENCIES, PASSWORD, signed_in

NOBODY = "nobody is acting"
ROW = "jsonb_populate_record(NULL::{t}, {row})"
WAYS = {
    "plain": {
        "insert": "INSERT INTO {t} SELECT * FROM " + ROW,
        "update": "UPDATE {t} SET {change} WHERE {k}::text = {v}",
        "delete": "DELETE FROM {t} WHERE {k}::text = {v}",
    },
    "in a common table expression": {
        "insert": "WITH x AS (INSERT INTO {t} SELECT * FROM " + ROW + " RETURNING 1) SELECT * FROM x",
        "update": "WITH x AS (UPDATE {t} SET {change} WHERE {k}::text = {v} RETURNING 1) SELECT * FROM x",
        "delete": "WITH x AS (DELETE FROM {t} WHERE {k}::text = {v} RETURNING 1) SELECT * FROM x",
    },
    "by a merge": {
        "insert": "MERGE INTO {t} USING (SELECT 1) s ON false WHEN NOT MATCHED THEN INSERT VALUES ((" + ROW + ").*)",
        "update": "MERGE INTO {t} USING (SELECT 1) s ON {t}.{k}::text = {v} WHEN MATCHED THEN UPDATE SET {change}",
        "delete": "MERGE INTO {t} USING (SELECT 1) s ON {t}.{k}::text = {v} WHEN MATCHED THEN DELETE",
    },
    "in an anonymous block": {
        "insert": "DO $do$ BEGIN INSERT INTO {t} SELECT * FROM " + ROW + "; END $do$",
        "update": "DO $do$ BEGIN UPDATE {t} SET {change} WHERE {k}::text = {v}; END $do$",
        "delete": "DO $do$ BEGIN DELETE FROM {t} WHERE {k}::text = {v}; END $do$",
    },
    "prepared": {
        "insert": "PREPARE w AS INSERT INTO {t} SELECT * FROM " + ROW + "; EXECUTE w; DEALLOCATE w",
        "update": "PREPARE w AS UPDATE {t} SET {change} WHERE {k}::text = {v}; EXECUTE w; DEALLOCATE w",
        "delete": "PREPARE w AS DELETE FROM {t} WHERE {k}::text = {v}; EXECUTE w; DEALLOCATE w",
    },
    "at a cursor": {
        "update": "DECLARE c CURSOR FOR SELECT 1 FROM {t} WHERE {k}::text = {v} FOR UPDATE; MOVE c;"
        "UPDATE {t} SET {change} WHERE CURRENT OF c; CLOSE c",
        "delete": "DECLARE c CURSOR FOR SELECT 1 FROM {t} WHERE {k}::text = {v} FOR UPDATE; MOVE c;"
        "DELETE FROM {t} WHERE CURRENT OF c; CLOSE c",
    },
    "on conflict": {
        "update": "INSERT INTO {t} SELECT * FROM " + ROW + " ON CONFLICT ({k}) DO UPDATE SET {change}",
    },
    "as the keeper": {
        "insert": f"SET LOCAL ROLE {KEEPER}; INSERT INTO {{t}} SELECT * FROM {ROW}; RESET ROLE",
        "update": f"SET LOCAL ROLE {KEEPER}; UPDATE {{t}} SET {{change}} WHERE {{k}}::text = {{v}}; RESET ROLE",
        "delete": f"SET LOCAL ROLE {KEEPER}; DELETE FROM {{t}} WHERE {{k}}::text = {{v}}; RESET ROLE",
    },
}


@pytest.fixture
def full(world):
    """A world in which most guarded tables hold a row."""
    case, _ = world.track("follow_up")
    plant(world, case)
    handoff = world.delivered(case)
    perform(world.ilse, Action.ACKNOWLEDGE_HANDOFF, handoff)
    person = world.rows("SELECT id FROM casework_personincase WHERE agency_id = %s LIMIT 1", world.agency("lies"))[0][0]
    corrected = {"why": "mistyped", "person": person, "family_name": "Verbeterd"}
    perform(world.lies, Action.WRITE_RECORD, case, {"person_correction": corrected})
    world.work()
    perform(world.sjoerd, Action.DECLARE_CONFLICT, case, {"wall": {"text": "Een familielid woont daar, daarom niet."}})
    entry = world.rows("SELECT max(id) FROM audit_entry WHERE agency_id = %s", world.agency("arie"))[0][0]
    perform(world.arie, Action.ANNOTATE_TRAIL, None, {"annotation": {"entry": entry, "text": "Bij de controle gezien."}})
    asked = {"format": "csv", "since": "gisteren", "until": "vandaag", "text": "Voor de jaarlijkse audit."}
    perform(world.arie, Action.EXPORT_TRAIL, None, {"export": asked})
    finding = {"person": world.leo.person_id, "text": "Bij de controle gezien en nagevraagd."}
    perform(world.arie, Action.RAISE_FINDING, None, {"finding": finding})
    joiner = {"full_name": "Nora Nieuw", "username": "nora", "roles": ["caseworker"]}
    perform(world.bea, Action.MANAGE_PEOPLE, None, {"joiner": joiner})
    called = world.rows("SELECT reference FROM casework_participation WHERE group_id = %s", world.agency("lies"))[0][0]
    asked = {"reference": called, "code": "child_at_risk_now", "text": "Een kind op dit adres loopt gevaar."}
    perform(world.leo, Action.ASK_EMERGENCY, None, {"emergency": asked})
    away = {"since": "vandaag", "until": "vandaag", "deputy": world.dirk.person_id}
    perform(world.saskia, Action.ASSIGN, world.lies.membership_id, {"absence": away})
    for holder, taker in ((world.lies, world.dirk), (world.dirk, world.lies)):
        given = {"person": taker.person_id, "code": "absence", "all": "yes"}
        perform(world.saskia, Action.ASSIGN, holder.membership_id, {"reassignment": given})
    return world


@contextmanager
def alone(db, table, acts):
    """A transaction in which of this table only the trail's trigger fires; it is taken back afterwards."""
    with db.transaction(force_rollback=True):
        db.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        db.execute(f"ALTER TABLE {table} ENABLE TRIGGER trail")
        if acts:
            act_as(db)
        yield


def written(db, kind, key):
    query = (
        "SELECT action, actor_id, word FROM audit_entry WHERE content_type_id = %s AND object_pk = %s"
        " AND xact = pg_current_xact_id()"
    )
    return db.execute(query, [kind, key]).fetchall()


def parts_of(world, table, key, columns):
    """A row of a table, and a change of one of its watched columns, as SQL; nothing where the table is empty."""
    found = world.rows(f"SELECT {key}::text, to_jsonb(t)::text FROM {table} t LIMIT 1")
    if not found:
        return None
    value, row = found[0]
    held = json.loads(row)
    column = next((name for name in columns if name != key and held[name]), None)
    change = f'"{column}" = (jsonb_populate_record(NULL::{table}, \'{{}}\'))."{column}"'
    given = {"t": table, "k": key, "v": literal(value), "row": literal(row) + "::jsonb", "change": change}
    return value, column, given


def tried_once(db, about, operation, statement, acts):
    """Do one statement with or without an actor, and compare what was written."""
    table, kind, value, column, given = about
    db.execute("DEALLOCATE ALL")
    with alone(db, table, acts):
        if operation == "insert":
            db.execute(f"ALTER TABLE {table} DISABLE TRIGGER trail")
            db.execute("DELETE FROM {t} WHERE {k}::text = {v}".format(**given))
            db.execute(f"ALTER TABLE {table} ENABLE TRIGGER trail")
        if operation == "update":
            db.execute(f'ALTER TABLE {table} ALTER COLUMN "{column}" DROP NOT NULL')
        if acts:
            db.execute(statement.format(**given))
            number = {"insert": 0, "update": 1, "delete": 2}[operation]
            assert written(db, kind, value) == [(number, 6, "migrate")], (table, operation, statement)
        else:
            with pytest.raises(psycopg.Error, match=NOBODY):
                db.execute(statement.format(**given))


def test_every_way_to_write_every_guarded_table_leaves_one_entry_or_fails(full):
    tried, empty = 0, []
    for table, kind, key, columns in full.rows("SELECT tab, kind, key, columns FROM trail.watched()"):
        found = parts_of(full, table, key, columns)
        if found is None:
            empty.append(table)
            continue
        value, column, given = found
        for operations in WAYS.values():
            for operation, statement in operations.items():
                if operation == "update" and column is None:
                    continue  # its key is all it has
                for acts in (True, False):
                    tried_once(full.superuser, (table, kind, value, column, given), operation, statement, acts)
                    tried += 1
    assert tried > 800
    assert len(empty) <= 5, empty


@contextmanager
def no_room(world):
    """No entry can be written."""
    world.superuser.execute(
        "CREATE FUNCTION public.no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room'; END $$;"
        "CREATE TRIGGER no_room BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION public.no_room()",
    )
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        world.superuser.execute("DROP TRIGGER no_room ON audit_entry; DROP FUNCTION public.no_room()")
        logging.disable(logging.NOTSET)


def literal(text):
    return sql.Literal(text).as_string(None)


def test_when_no_entry_can_be_written_no_page_holds_a_byte_of_a_record(full):
    case = full.rows("SELECT case_id FROM casework_note LIMIT 1")[0][0]
    track = full.rows("SELECT id FROM casework_track LIMIT 1")[0][0]
    handoff = full.rows("SELECT id FROM casework_handoff LIMIT 1")[0][0]
    held = {role for person in full.people.values() for role in person.roles}
    others = [role for role in Role if role not in held | SYSTEM_ROLES]
    more = [NewPerson(role, f"Proef {role}", AGENCIES[0].name, (role,), PASSWORD) for role in others]
    install(AGENCIES, more, datetime.now(UTC) - timedelta(days=1))
    step = int(os.environ.get("CRAWL", "8"))  # three people look at every page, the others each at one of eight
    clients = [(signed_in(who), 1 if who in {"lies", "wim", "arie"} else step) for who in (*full.people, *others)]
    statuses = set()
    with no_room(full):
        for number, (client, each) in enumerate(clients):
            for address in list(addresses(case, track, handoff))[number % each :: each]:
                answer = client.get(address)
                statuses.add(answer.status_code)
                body = answer.content.decode()
                assert not [name for name, canary in CANARIES.items() if canary in body], address
    assert 500 in statuses


SILENT = {
    "audit_reconcile", "audit_seal", "handbook", "law", "load_demo", "load_people", "prepare", "reconcile_access", "replay",
    "witness", "workflows",
}  # fmt: skip
"""Commands that show nobody's entries, grants or records: ids of what differs, tables, or people that they made."""


def test_no_command_shows_anything_before_its_entry_is_written(full, tmp_path, capsys):
    called = full.rows("SELECT reference FROM casework_participation WHERE group_id = %s", full.agency("lies"))[0][0]
    telling = {
        "audit_who": (["audit_who", called, "--month", "this"], "see_access_log"),
        "audit_export": (["audit_export", "--out", str(tmp_path / "out")], "export_trail"),
        "explain_access": (["explain_access", "lies", called], "explain_access"),
    }
    ours = {path.stem for path in Path("config/management/commands").glob("[a-z]*.py")}
    assert ours == SILENT | set(telling), "a new command stands in one of the two"
    sealed()
    for command, word in telling.values():
        with no_room(full), pytest.raises(DatabaseError, match="no room"):
            call_command(*command)
        assert capsys.readouterr().out == ""
        assert list(tmp_path.iterdir()) == []
        before = full.rows("SELECT count(*) FROM audit_entry WHERE word = %s", word)[0][0]
        call_command(*command)
        assert capsys.readouterr().out
        assert full.rows("SELECT count(*) FROM audit_entry WHERE word = %s", word)[0][0] > before, command
        for path in tmp_path.glob("*"):
            shutil.rmtree(path)


def texts_of(world, tables=None):
    """Every row of these tables as text."""
    names = tables or [
        row[0] for row in world.rows("SELECT tablename FROM pg_tables WHERE schemaname IN ('public', 'trail')")
    ]
    schemas = dict(world.rows("SELECT tablename, schemaname FROM pg_tables WHERE schemaname IN ('public', 'trail')"))
    for name in names:
        for (row,) in world.rows(f"SELECT t::text FROM {schemas[name]}.{name} t"):
            yield name, row


def test_what_was_planted_stands_in_no_entry_log_message_or_mail(full, caplog):
    caplog.set_level(logging.DEBUG)
    client = signed_in("lies")
    case = full.rows("SELECT case_id FROM casework_note LIMIT 1")[0][0]
    client.get(f"/cases/{case}")
    client.post(f"/cases/{case}/add_note", {"note-kind": "concern", "note-text": f"http://{CANARIES['narrative']}.nl/x"})
    told = {"note-kind": "concern", "note-text": f"Een zorg over {CANARIES['narrative']}, die bewaard wordt."}
    assert client.post(f"/cases/{case}/add_note", told).status_code == 302
    client.get(f"/search?words={CANARIES['identity']}")
    client.post("/account/sign-in", {"login": CANARIES["contact"], "password": CANARIES["source"]})
    full.work()
    kept = ["audit_entry", "casework_outbox", "casework_operation", "casework_notice", "django_session", "checkpoint"]
    for name, row in texts_of(full, kept):
        assert not [canary for canary in CANARIES.values() if canary.lower() in row.lower()], name
    for text in (caplog.text, *(f"{message.subject} {message.body}" for message in mail.outbox)):
        assert not [canary for canary in CANARIES.values() if canary in text]


def test_after_destruction_no_row_holds_the_text_and_old_checkpoints_still_verify(full, tmp_path):
    sealed()
    before = verify(exported(tmp_path / "before"))
    case = full.rows("SELECT case_id FROM casework_note LIMIT 1")[0][0]
    db = full.superuser
    tables = [row[0] for row in full.rows(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'case_id'"
        " AND table_name LIKE 'casework%%'")]  # fmt: skip
    with db.transaction():
        db.execute("SET LOCAL session_replication_role = replica")
        for table in tables:
            db.execute(f"DELETE FROM {table} WHERE case_id = %s", [case])
        db.execute("DELETE FROM audit_rowversion WHERE case_id = %s", [case])
    for name, row in texts_of(full):
        assert not [canary for canary in CANARIES.values() if canary in row], name
    after = verify(exported(tmp_path / "after"))
    assert [said.split(",")[0] for said in (before, after)] == [before.split(",")[0]] * 2, (
        "the same entries, as whole as before"
    )
    sealed()
    assert verify(exported(tmp_path / "later")).startswith("whole")
    old = (tmp_path / "before" / "checkpoints.ndjson").read_text().splitlines()
    assert (tmp_path / "later" / "checkpoints.ndjson").read_text().splitlines()[: len(old)] == old


def test_consulting_and_providing_always_say_why_and_on_what_basis(full):
    case = full.rows("SELECT case_id FROM casework_note LIMIT 1")[0][0]
    handoff, basis = full.rows("SELECT id, basis FROM casework_handoff LIMIT 1")[0]
    for who, address in (
        ("lies", f"/cases/{case}"),
        ("ilse", f"/handoffs/{handoff}"),
        ("arie", "/workbench"),
        ("lies", "/work"),
    ):
        assert signed_in(who).get(address).status_code == 200
    assert full.rows("SELECT DISTINCT basis FROM audit_entry WHERE verb = 'provide'") == [(basis,)]
    query = "SELECT word, verb, purpose, basis, actor_id FROM audit_entry WHERE outcome = 'done' AND verb IN"
    rows = full.rows(f"{query} ('consult', 'provide')")
    assert len(rows) > 3
    assert not [row for row in rows if not (row[2] and row[3] and row[4])]
    assert not full.rows("SELECT 1 FROM audit_entry WHERE actor_id IS NULL OR occurred_at IS NULL OR timestamp IS NULL")
