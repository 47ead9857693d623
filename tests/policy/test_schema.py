"""Every table is guarded or listed with its reason; a planted foreign row is not there for anybody else."""

import json
from dataclasses import fields
from uuid import uuid4

import psycopg
import pytest
from django.apps import apps
from django.db import connection, models
from django.db.utils import DatabaseError, ProgrammingError
from psycopg.types.json import Jsonb

from audit import settle_sql
from audit.roles import APP, KEEPER, OWNER
from casework.actions.perform import perform
from casework.input.fields import PlainText
from casework.models import Case, Note
from permissions.acting import NobodyActing, acting_as
from permissions.signing import Identity
from permissions.unguarded import DERIVED, UNGUARDED
from permissions.vocabulary import Action, Role
from tests.world import identity_of, token_of

CASE_BEARING = (
    "casework_agencyrecord", "casework_approval", "casework_criterion", "casework_deadline", "casework_disclosure",
    "casework_handoff", "casework_household", "casework_note", "casework_notice", "casework_packageitem",
    "casework_personincase", "casework_premises", "casework_steptaken", "casework_storedfact", "casework_track",
    "casework_visit", "casework_wall", "casework_participation", "casework_assignment", "casework_case",
    "casework_correction", "casework_correctionnews",
)  # fmt: skip
MADE_OF_THE_TRAIL = {"casework.ExportPart.content"}
"""Where the worker keeps the file of an export: written in an act of exporting alone, from entries without content."""
ENCRYPTED = {"casework.Draft.sealed"}
"""Text that was screened before it was encrypted, and is screened again when it is sent (casework/input/drafts.py)."""
TEXT_CODES = {"reference", "reason", "kind", "state", "action", "fact", "code"}


def tables(superuser):
    rows = superuser.execute(
        "SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, pg_get_userbyid(c.relowner),"
        " (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid),"
        " (SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = 'trail')"
        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY 1",
    )
    return {row[0]: row[1:] for row in rows}


def test_every_table_is_guarded_or_listed(superuser):
    for name, (enabled, forced, owner, policies, triggers) in tables(superuser).items():
        assert owner == OWNER, name
        if name in UNGUARDED:
            assert len(UNGUARDED[name][1]) > 10, "a listed table needs its reason"
            continue
        assert enabled, f"{name} was born without its guard"
        assert forced, f"{name} was born without its guard"
        assert policies > 1, f"{name} was born without its guard"
        assert triggers == (name not in DERIVED), f"{name} was born without its guard"


def test_the_list_of_unguarded_tables_names_only_tables_that_exist(superuser):
    assert set(UNGUARDED) <= set(tables(superuser))


def test_the_app_role_is_nobody_special(superuser):
    row = superuser.execute(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = %s",
        [APP],
    ).fetchone()
    assert row == (False, False, False, False)
    owned = superuser.execute("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = %s", [APP]).fetchone()
    assert owned == (0,)
    members = superuser.execute("SELECT count(*) FROM pg_auth_members WHERE member = %s::regrole", [APP]).fetchone()
    assert members == (0,)


PLANS = {"enable_seqscan=off", "plan_cache_mode=force_generic_plan"}
"""What a function may set beside its path: so that hidden and absent are looked for in the same way."""


def test_every_definer_function_belongs_to_the_keeper_and_pins_its_path(superuser):
    rows = superuser.execute(
        "SELECT p.proname, pg_get_userbyid(p.proowner), p.proconfig FROM pg_proc p JOIN pg_namespace n"
        " ON n.oid = p.pronamespace WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema')",
    ).fetchall()
    assert len(rows) > 15
    for name, owner, config in rows:
        assert owner == KEEPER, name
        assert set(config) - PLANS == {"search_path=pg_catalog, pg_temp"}, name


WHOLE = {"trail.destroy_due", "trail.unlike_of_case"}
"""What does read the trail or a table from end to end: the work of a night, and one question of an auditor about a case."""


def test_what_a_request_asks_of_the_trail_is_found_by_an_index(superuser):
    # Statistics of a small or young trail make the planner read it whole and sort it: seen once in some thirty runs.
    rows = superuser.execute(
        "SELECT n.nspname || '.' || p.proname, p.proconfig FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE p.prosrc ~ 'public\\.audit_entry|trail\\.shown' AND p.prosecdef"
        " AND has_function_privilege(%s, p.oid, 'EXECUTE')",
        [APP],
    ).fetchall()
    assert len(rows) > 10
    assert {name for name, config in rows if "enable_seqscan=off" not in config} == WHOLE


def test_who_may_call_a_function_is_who_its_header_names(superuser):
    said: dict[str, set[str]] = {}
    for app in ("audit", "permissions", "casework"):
        for file in settle_sql.read(app):
            said |= {name: {KEEPER, *(settle_sql.ROLES[word] for word in words)} for name, words in file.callers.items()}
    rows = superuser.execute(
        "SELECT n.nspname || '.' || p.proname, array_agg(coalesce(pg_get_userbyid(nullif(x.grantee, 0)), 'PUBLIC')::text)"
        " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS x"
        " WHERE n.nspname IN ('lock', 'trail') GROUP BY p.oid, 1",
    ).fetchall()
    found = {name: set(roles) for name, roles in rows}
    assert len(said) > 50
    assert {name: found[name] for name in said} == said
    assert not [name for name, roles in found.items() if "PUBLIC" in roles], "and no function of ours is everybody's"


def as_person(actor, query, values=(), action=Action.READ_RECORD):
    with acting_as(actor, actor.roles[0], action), connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.rowcount if cursor.description is None else cursor.fetchone()[0]


@pytest.mark.parametrize("who", ["wanda", "joke", "leo", "arie", "bea", "otto"])
def test_a_planted_row_is_not_there_for_a_stranger(world, who):
    case, _ = world.track("follow_up")
    world.delivered(case)
    stranger = world.people[who]
    for table in CASE_BEARING:
        if (who, table) != ("arie", "casework_disclosure"):  # an auditor may see the ledger of the own agency
            assert as_person(stranger, f"SELECT count(*) FROM {table}") == 0, table
        for change in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            try:
                assert as_person(stranger, change) == 0, (table, change)
            except ProgrammingError as error:
                assert "permission denied" in str(error), (table, change)


def test_a_row_of_another_agency_cannot_be_written(world):
    case, _ = world.track()
    columns = "id, case_id, agency_id, made_by_id, made_at, kind, text, is_burdening"
    query = f"INSERT INTO casework_note ({columns}) VALUES (%s, %s, %s, 1, now(), 'concern', 'x', false)"
    with pytest.raises(DatabaseError, match="row-level security"):
        as_person(world.wanda, query, [uuid4(), case, world.agency("lies")])
    with pytest.raises(DatabaseError, match="row-level security"):
        as_person(world.wanda, query, [uuid4(), case, world.agency("wanda")])
    assert world.count("casework_note") == 0


def test_no_table_takes_a_row_of_a_case_from_a_stranger(world):
    """A copy of every kind of row, with a new id, as its own agency's and as the stranger's."""
    case, track = world.track("follow_up")
    world.delivered(case)
    person = world.rows("SELECT id FROM casework_personincase WHERE agency_id = %s LIMIT 1", world.agency("lies"))[0][0]
    corrected = {"why": "mistyped", "person": person, "family_name": "Verbeterd"}
    perform(world.lies, Action.WRITE_RECORD, case, {"person_correction": corrected})
    world.work()
    perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Een zorg."}})
    perform(
        world.dirk, Action.ASK_APPROVAL, track, {"approval": {"action": "close_warning", "text": "Klaar om te sluiten."}}
    )
    perform(world.saskia, Action.DECLARE_CONFLICT, case, {"wall": {"text": "Een familielid van mij woont daar."}})
    world.work()
    tried = 0
    for table in CASE_BEARING:
        for (row,) in world.rows(f"SELECT to_jsonb(t) FROM {table} t LIMIT 1"):
            tried += 1
            before = world.count(table)
            own = {name: world.agency("wanda") for name in ("agency_id", "group_id", "sender_id") if name in row}
            key = {"id": row["id"] + 1_000_000 if isinstance(row["id"], int) else str(uuid4())}
            for copy in (row | key, row | key | own):
                query = f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, %s)"
                with pytest.raises(
                    DatabaseError, match=r"row-level security|permission denied|does not begin|a wall stands"
                ):
                    as_person(world.wanda, query, [Jsonb(copy)])
            assert world.count(table) == before
    assert tried == len(CASE_BEARING), "every kind of row was there to copy"


def test_nothing_is_there_while_nobody_acts(world):
    world.track()
    for ask in (lambda: Case.objects.exists(), lambda: Note.objects.all(), lambda: list(Case.objects.raw("SELECT 1"))):
        with pytest.raises(NobodyActing):
            ask()
    with connection.cursor() as cursor:
        for table in CASE_BEARING:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,), table
        cursor.execute("SELECT lock.person(), lock.agency(), lock.role(), lock.action(), lock.current_moment()")
        assert cursor.fetchone() == (None,) * 5, "and whoever acted before is nobody"


@pytest.mark.parametrize(
    "attack",
    [
        """SELECT lock.act_as('{"kind":"identity","pid":1,"nonce":1,"person":1,"role":"role","action":"see_case"}', 'x')""",
        "SET ROLE schakel_keeper",
        "SET ROLE schakel_owner",
        "SELECT * FROM lock.key",
        "SELECT * FROM lock.acting",
        "INSERT INTO lock.acting (pid, xact, nonce) VALUES (1, '1', 1)",
        "SET session_replication_role = replica",
        "SELECT lock.refresh(gen_random_uuid(), 1)",
        "SELECT lock.take_part(gen_random_uuid(), 1, 'x')",
        "SELECT trail.note()",
        "ALTER TABLE casework_note DISABLE ROW LEVEL SECURITY",
        "TRUNCATE casework_note",
        "UPDATE audit_entry SET verb = 'x'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "SELECT * FROM audit_rowversion",
        "CREATE FUNCTION public.x() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ],
)
def test_an_attack_on_the_lock_as_the_app_role_is_refused(world, attack):
    world.track()
    with pytest.raises(DatabaseError):
        as_person(world.wanda, attack)


def test_an_identity_is_declared_once_and_the_database_has_a_column_for_each_of_its_fields(world):
    query = "SELECT attname FROM pg_attribute WHERE attrelid = 'lock.acting'::regclass AND attnum > 0 AND NOT attisdropped"
    assert {name for (name,) in world.rows(query)} == {field.name for field in fields(Identity)} | {"xact"}
    signed, _ = token_of(identity_of(world.lies, Action.SEE_CASE, 1))
    assert set(json.loads(signed)) == {field.name for field in fields(Identity)} | {"kind"}


def test_an_identity_is_used_once_and_belongs_to_its_connection(world):
    with (
        pytest.raises(DatabaseError, match="used before, or somebody acts already"),
        acting_as(
            world.lies,
            Role.POLICE_LIAISON,
            Action.SEE_CASE,
        ),
    ):
        another = identity_of(world.dirk, Action.SEE_CASE, connection.connection.info.backend_pid)
        with connection.cursor() as cursor:
            cursor.execute("SELECT lock.act_as(%s, %s)", token_of(another))


def test_the_trail_is_only_added_to_even_by_its_owner(world, superuser):
    world.track()
    before = world.count("audit_entry")
    with psycopg.connect(superuser.info.dsn, user=OWNER, autocommit=True) as owner:
        assert owner.execute("UPDATE audit_entry SET verb = 'x'").rowcount == 0
        assert owner.execute("DELETE FROM audit_entry").rowcount == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="only added to"):
        superuser.execute("DELETE FROM audit_entry")
    assert world.count("audit_entry") == before


def test_a_write_without_an_actor_fails_for_a_superuser_too(world, superuser):
    world.track()
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="nobody is acting"):
        superuser.execute("UPDATE casework_track SET basis = 'x'")


def test_every_change_is_an_entry_that_holds_no_content(world):
    case, track = world.track("follow_up")
    dump = str(world.rows("SELECT to_jsonb(e) FROM audit_entry e"))
    for secret in ("Proef", "Testpersoon", "Proefstraat", "Officier", "Rustig", "1984-05-01"):
        assert secret not in dump
    moves = world.rows(
        "SELECT word FROM audit_entry WHERE object_pk = %s AND verb = 'alter' AND changes ? 'state' ORDER BY id",
        str(track),
    )
    assert [word for (word,) in moves] == [
        "submit",
        "take_up",
        "plan_visit",
        "record_visit",
        "warn",
        "start_follow_up",
    ], "scheduling leaves the state as it was"
    assert world.rows("SELECT count(*) FROM audit_entry WHERE actor_id IS NULL") == [(0,)]
    assert world.rows("SELECT count(*) FROM audit_rowversion") != [(0,)]
    assert case


def test_a_state_outside_the_table_is_refused_by_the_database(world):
    _, track = world.track()
    with pytest.raises(DatabaseError, match="does not go from draft to closed on submit"):
        as_person(
            world.lies,
            "UPDATE casework_track SET state = 'closed', version = version + 1 WHERE id = %s",
            [track],
            Action.SUBMIT,
        )
    with pytest.raises(DatabaseError, match="changes with its version"):
        as_person(world.lies, "UPDATE casework_track SET state = 'closed' WHERE id = %s", [track], Action.SUBMIT)
    with pytest.raises(DatabaseError, match="does not go from draft to submitted"):
        as_person(
            world.lies,
            "UPDATE casework_track SET state = 'submitted', version = version + 2 WHERE id = %s",
            [track],
            Action.SUBMIT,
        )


def test_a_part_of_an_export_is_written_by_whose_export_it_is_and_only_while_exporting(world):
    given = {"export": {"format": "csv", "since": "gisteren", "until": "vandaag", "text": "Voor de jaarlijkse audit."}}
    export = perform(world.arie, Action.EXPORT_TRAIL, None, given).id
    query = "INSERT INTO casework_exportpart (export_id, number, content) VALUES (%s, 0, 'x')"
    for who, action in (("arie", Action.SEE_ACCESS_LOG), ("anke", Action.EXPORT_TRAIL), ("lies", Action.EXPORT_TRAIL)):
        with pytest.raises(DatabaseError, match="row-level security"):
            as_person(world.people[who], query, [export], action)
    assert as_person(world.arie, query, [export], Action.EXPORT_TRAIL) == 1
    for table in ("casework_export", "casework_exportpart"):
        assert as_person(world.arie, f"SELECT count(*) FROM {table}", action=Action.EXPORT_TRAIL) == 1
        for who in ("anke", "lies"):
            assert as_person(world.people[who], f"SELECT count(*) FROM {table}") == 0
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,)


def test_there_is_no_place_for_a_file_or_an_unscreened_text():
    for model in apps.get_app_config("casework").get_models():
        for field in model._meta.get_fields():
            if str(field) in MADE_OF_THE_TRAIL | ENCRYPTED:
                continue
            assert not isinstance(field, models.FileField | models.BinaryField | models.URLField | models.JSONField), field
            if isinstance(field, models.TextField):
                raise AssertionError(f"{field} is unbounded")
            if isinstance(field, models.CharField) and not isinstance(field, PlainText):
                assert (field.max_length or 0) <= 120, field
                assert field.name in TEXT_CODES | {
                    "role",
                    "source",
                    "target",
                    "answer",
                    "outcome",
                    "wpg_article",
                    "basis",
                    "clock",
                    "stop_reason",
                    "help_kind",
                    "rule_version",
                    "task",
                    "key",
                    "word",
                    "group",
                    "in_table",
                    "of_row",
                    "label",
                    "youth_task",
                    "authority",
                    "purpose",
                    "asked_or_not",
                    "asker",
                    "capacity",
                    "birth_precision",
                    "happened_precision",
                    "subject",
                    "advice",
                    "verdict",
                    "fingerprint",
                    "number",
                    "why",
                    "withheld",
                }, f"{field} holds words that nobody screens"


def test_no_manager_of_a_record_answers_outside_an_act():
    for model in apps.get_app_config("casework").get_models():
        if model.__name__ in {"Outbox", "Operation", "DecreedDay"}:
            continue
        with pytest.raises(NobodyActing):
            model._default_manager.get_queryset()


def test_a_membership_that_ended_cannot_act(world, superuser):
    superuser.execute("SET session_replication_role = replica")
    superuser.execute("UPDATE permissions_membership SET ends_at = now() WHERE user_id = %s", [world.lies.person_id])
    superuser.execute("SET session_replication_role = origin")
    from permissions.decision import Refused

    with pytest.raises(Refused, match="membership does not run"):
        perform(world.lies, Action.OPEN_CASE, given={"premises": {"street": "S", "number": "1", "town": "T"}})
    assert world.rows("SELECT word, outcome FROM audit_entry ORDER BY id DESC LIMIT 1") == [("open_case", "refused")]
