"""A database that holds work is brought up to date by `manage.py prepare`; a second time changes nothing."""

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from audit import settle_sql
from casework.actions.perform import perform
from casework.selectors import search_own
from casework.worker.carry_out import reconcile_rows
from config import scratch
from permissions.acting import act
from permissions.vocabulary import Action
from tests.policy.behind import past_triggers

ROOT = Path(__file__).parents[2]


def prepare(admin):
    name = connection.settings_dict["NAME"]
    environment = {
        **os.environ,
        "DATABASE_URL": scratch.address(admin, "schakel_app", name),
        "DATABASE_OWNER_URL": scratch.address(admin, "schakel_owner", name),
        "ACTING_KEY": settings.ACTING_KEY.hex(),
        "SCHAKEL_MODE": "demo",
        "SCHAKEL_SCENARIO": "1",
    }
    command = [sys.executable, "manage.py", "prepare"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def lock_of(world):
    """Everything that says who may: policies, functions and privileges."""
    policies = world.rows("SELECT tablename, policyname, qual, with_check FROM pg_policies ORDER BY 1, 2")
    functions = world.rows(
        "SELECT p.proname, md5(pg_get_functiondef(p.oid)), p.proacl::text FROM pg_proc p JOIN pg_namespace n"
        " ON n.oid = p.pronamespace WHERE n.nspname = 'lock' ORDER BY 1, 2",
    )
    rights = world.rows(
        "SELECT table_name, privilege_type FROM information_schema.role_table_grants"
        " WHERE grantee = 'schakel_app' ORDER BY 1, 2",
    )
    columns = world.rows(
        "SELECT table_name, column_name, privilege_type FROM information_schema.role_column_grants"
        " WHERE grantee = 'schakel_app' ORDER BY 1, 2, 3",
    )
    return policies, functions, rights, columns


def test_a_database_with_work_in_it_is_brought_up_to_date_and_then_stays(world, admin):
    case, _ = world.track()
    whole = lock_of(world)
    before = world.rows("SELECT max(id) FROM audit_entry")[0][0]
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute("UPDATE casework_personincase SET tokens = '{}'")
    world.superuser.execute("DELETE FROM casework_nametoken")
    world.superuser.execute("UPDATE casework_premises SET address_keys = '{}'")
    world.superuser.execute("SET session_replication_role = origin")
    world.superuser.execute("DROP POLICY app_see ON casework_note")
    world.superuser.execute("CREATE POLICY app_see ON casework_note FOR SELECT TO schakel_app USING (true)")
    world.superuser.execute("GRANT UPDATE, DELETE ON casework_note TO schakel_app")
    assert lock_of(world) != whole
    prepare(admin)
    assert lock_of(world) == whole, "a policy or privilege that was changed by hand is put right"
    query = "SELECT additional_data -> 'things' FROM audit_entry WHERE word = 'rules_changed' AND id > %s ORDER BY id"
    told = world.rows(query, before)
    changed = ["policy public.casework_note.app_see", "table public.casework_note"]
    assert told == [(changed,), (changed,)], "as it was found, and as it was put right"
    found = act(world.lies, Action.SEARCH_OWN, lambda: search_own("proef"))
    assert [row.case_id for row in found.rows if row.person] == [case], (
        "who was recorded before there was a search is found too"
    )
    keys = world.rows("SELECT address_keys FROM casework_premises")
    assert keys == [(["road:proefstraat 1 voorbeeldstad"],)], "and an address that was recorded before there were keys"
    entries = world.count("audit_entry")
    prepare(admin)
    assert lock_of(world) == whole
    assert world.count("audit_entry") <= entries + 10


def test_who_was_recorded_before_their_name_was_folded_so_is_found_however_it_is_written(world, admin):
    case = world.opened(person={"role": "subject", "family_name": "Proefmueller-Dijk", "given_names": "Kim"}).made["case"]
    world.superuser.execute("SET session_replication_role = replica")
    old = ["name:proefmueller", "name:dijk", "name:kim", "alike:dijk proefmueller|kim|"]
    world.superuser.execute("UPDATE casework_personincase SET tokens = %s", [old])
    world.superuser.execute("DELETE FROM casework_nametoken")
    keys = "{road:konigskade 1 voorbeeldstad}"
    world.superuser.execute("UPDATE casework_premises SET street = 'Königskade', address_keys = %s", [keys])
    world.superuser.execute("SET session_replication_role = origin")
    prepare(admin)
    for typed in ("Proefmüller", "proefmuller dyk", "Dijk", "Koenigskade 1", "königskade 1"):
        found = act(world.lies, Action.SEARCH_OWN, partial(search_own, typed))
        assert [row.case_id for row in found.rows] == [case], typed
    query = "SELECT p.tokens, m.address_keys FROM casework_personincase p JOIN casework_premises m USING (case_id)"
    laid = world.rows(query)
    prepare(admin)
    assert world.rows(query) == laid != []


def test_children_found_before_their_clock_existed_get_their_term_once(world, admin):
    """One case each: children found, not known, none, and a minor beside none; a closed one owes nothing."""
    cases = [world.opened().made["case"] for _ in range(5)]
    for case, code in zip(cases, ("in_household", "unknown", "none", "none", "contact"), strict=True):
        perform(world.lies, Action.WRITE_RECORD, case, {"child_check": {"code": code}})
    perform(world.lies, Action.WRITE_RECORD, cases[3], {"person": {"role": "minor", "given_names": "Testkind"}})
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute("DELETE FROM casework_deadline WHERE clock IN ('CHILDREN_FOUND', 'CHILD_CHECK')")
    world.superuser.execute("UPDATE casework_track SET state = 'closed' WHERE case_id = %s", (cases[4],))
    world.superuser.execute("SET session_replication_role = origin")
    for _ in range(2):
        prepare(admin)
        query = "SELECT clock, case_id FROM casework_deadline WHERE clock IN ('CHILDREN_FOUND', 'CHILD_CHECK')"
        owed = {("CHILDREN_FOUND", cases[0]), ("CHILD_CHECK", cases[1]), ("CHILDREN_FOUND", cases[3])}
        assert sorted(world.rows(query)) == sorted(owed)
    soonest = "SELECT next_due_at IS NOT NULL FROM casework_participation WHERE content_object_id = %s AND group_id = %s"
    assert world.rows(soonest, cases[0], world.agency("lies")) == [(True,)]


EARLIER = """
SET ROLE schakel_keeper;
DROP FUNCTION trail.keys();
CREATE FUNCTION trail.keys() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION trail.notes(after bigint) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE OR REPLACE FUNCTION lock.person() RETURNS int LANGUAGE sql AS 'SELECT 100';
GRANT EXECUTE ON FUNCTION trail.reconcile(boolean, jsonb), lock.basis() TO schakel_app;
REVOKE ALL ON FUNCTION lock.role() FROM schakel_app;
CREATE FUNCTION lock.alike(words text[], born text) RETURNS int LANGUAGE sql AS 'SELECT 1';
DROP FUNCTION lock.grants_of(uuid);
CREATE FUNCTION lock.grants_of(of_case uuid) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE OR REPLACE FUNCTION lock.overseers() RETURNS text[] LANGUAGE sql AS 'SELECT ARRAY[''visitor'']';
GRANT EXECUTE ON FUNCTION lock.refresh(uuid, int), lock.overseers() TO schakel_app;
REVOKE ALL ON FUNCTION lock.reach_case(uuid) FROM schakel_app;
CREATE FUNCTION lock.gone(mac bytea) RETURNS bool LANGUAGE sql AS 'SELECT true';
CREATE FUNCTION lock.first() RETURNS int LANGUAGE sql RETURN 1;
CREATE FUNCTION lock.second() RETURNS int LANGUAGE sql RETURN lock.first();
CREATE PROCEDURE lock.agency(of int) LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION lock.role(of int) RETURNS int LANGUAGE sql AS 'SELECT 1';
GRANT EXECUTE ON FUNCTION lock.role(int) TO schakel_owner;
CREATE FUNCTION trail.door() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN RETURN NEW; END';
RESET ROLE;
CREATE POLICY door ON casework_note USING (lock.role(1) = 1);
CREATE TRIGGER door BEFORE INSERT ON casework_note FOR EACH ROW EXECUTE FUNCTION trail.door();
ALTER TABLE audit_entry DISABLE TRIGGER append_only;
DROP TRIGGER place_shown ON audit_entry;
ALTER TABLE casework_track DISABLE TRIGGER only_by_law;
DROP TRIGGER give_number ON casework_handoff;
"""


def made_by_files(world):
    """Functions of the keeper's schemas with all that is said of them, and the triggers of entries and records."""
    functions = world.rows(
        "SELECT p.oid::regprocedure::text, pg_get_functiondef(p.oid), pg_get_userbyid(p.proowner),"
        " (SELECT array_agg(x::text ORDER BY x::text) FROM unnest(p.proacl) AS x) FROM pg_proc p"
        " WHERE p.pronamespace IN ('lock'::regnamespace, 'trail'::regnamespace) ORDER BY 1"
    )
    triggers = world.rows(
        "SELECT tgrelid::regclass::text, tgname, tgenabled::text, pg_get_triggerdef(oid) FROM pg_trigger"
        " WHERE NOT tgisinternal ORDER BY 1, 2"
    )
    return functions, triggers


def test_what_an_earlier_version_or_a_hand_left_gives_way_to_the_files(world, admin):
    whole = made_by_files(world)
    world.superuser.execute(EARLIER)
    assert made_by_files(world) != whole
    prepare(admin)
    assert made_by_files(world) == whole


def test_what_somebody_changed_in_a_list_is_not_put_right_in_silence(world, admin):
    case, _ = world.track()
    with past_triggers(world):
        world.superuser.execute("UPDATE casework_participation SET lacks_term = NOT lacks_term, keeps = NOT keeps")
    prepare(admin)
    assert {row.column for row in reconcile_rows(entirely=False)} >= {"lacks_term", "keeps"}
    assert world.rows("SELECT keeps FROM casework_participation WHERE content_object_id = %s", case) == [(False,)]


def test_lists_follow_the_rules_of_a_new_version(world, admin):
    world.track()
    with past_triggers(world):
        world.superuser.execute("UPDATE casework_participation SET lacks_term = NOT lacks_term")
        world.superuser.execute("DELETE FROM lock.law_final WHERE kind = 'handoff'")
    prepare(admin)
    assert not [row for row in reconcile_rows(entirely=True) if row.column == "lacks_term"]


def test_a_column_that_rests_on_a_function_of_nobody_is_not_dropped_in_silence(world):
    raised = pytest.raises(settle_sql.SqlError, match=r"casework_case\.extra rests on it")
    with raised, world.superuser.transaction(force_rollback=True):
        world.superuser.execute("CREATE FUNCTION lock.gone() RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 1'")
        world.superuser.execute("ALTER TABLE casework_case ADD extra int GENERATED ALWAYS AS (lock.gone()) STORED")
        with world.superuser.cursor() as inside:
            made = world.rows(
                "SELECT n.nspname || '.' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
                " WHERE n.nspname IN ('lock', 'trail') AND p.proname <> 'gone'"
            )
            settle_sql.drop_others(inside, {name for (name,) in made})
