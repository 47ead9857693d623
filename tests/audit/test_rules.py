"""A policy, trigger, function, privilege, constraint or role that somebody changes by hand is named, and on the trail."""

import pytest
from django.core.management import CommandError, call_command

from audit.models import Entry
from casework.worker.carry_out import reconcile_rows
from permissions.acting import acting_as
from permissions.vocabulary import Action, Role
from tests.audit.bundle import act_as
from tests.world import signed_in

CHANGES = {
    "policy public.casework_note.app_see": "ALTER POLICY app_see ON casework_note USING (true)",
    "policy public.casework_note.more": "CREATE POLICY more ON casework_note FOR SELECT TO schakel_app USING (true)",
    "policy public.casework_wall.app_see": "DROP POLICY app_see ON casework_wall",
    "policy public.casework_note.app_add": "ALTER POLICY app_add ON casework_note WITH CHECK (true)",
    "table public.casework_track": "ALTER TABLE casework_track NO FORCE ROW LEVEL SECURITY",
    "table public.casework_note": "GRANT DELETE ON casework_note TO schakel_app",
    "table public.casework_assignment": "GRANT UPDATE (reason) ON casework_assignment TO schakel_app",
    "table trail.tip": "GRANT SELECT ON trail.tip TO schakel_app",
    "table public.casework_case": "ALTER TABLE casework_case ADD COLUMN extra text",
    "table public.casework_participation": "ALTER TABLE casework_participation OWNER TO schakel_app",
    "trigger public.casework_note.trail": "ALTER TABLE casework_note DISABLE TRIGGER trail",
    "trigger public.audit_entry.append_only": "DROP TRIGGER append_only ON audit_entry",
    "constraint public.permissions_user.no_superuser": "ALTER TABLE permissions_user DROP CONSTRAINT no_superuser",
    "constraint lock.key.only_key": "ALTER TABLE lock.key DROP CONSTRAINT only_key",
    "constraint trail.cosignature.cosignature_size_fkey": (
        "ALTER TABLE trail.cosignature DROP CONSTRAINT cosignature_size_fkey"
    ),
    "function lock.hold(what uuid)": "GRANT EXECUTE ON FUNCTION lock.hold(uuid) TO schakel_backup",
    "function lock.person()": "CREATE OR REPLACE FUNCTION lock.person() RETURNS int LANGUAGE sql AS 'SELECT 100'",
    "function lock.stop_acting()": "ALTER FUNCTION lock.stop_acting() SECURITY INVOKER",
    "function public.door()": "CREATE FUNCTION door() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
    "function trail.note()": "ALTER FUNCTION trail.note() SET search_path = public",
    "role schakel_app": "ALTER ROLE schakel_app BYPASSRLS",
    "role schakel_backup": "GRANT schakel_keeper TO schakel_backup",
}
ENTRY = "SELECT actor_id, verb, additional_data FROM audit_entry WHERE word = 'rules_changed' ORDER BY id DESC LIMIT 1"


def differing(db):
    return {thing for (thing,) in db.execute("SELECT thing FROM trail.note_shape(false)").fetchall()}


@pytest.mark.parametrize("thing", CHANGES)
def test_a_change_by_hand_is_named_and_stands_on_the_trail(world, thing):
    db = world.superuser
    with db.transaction(force_rollback=True):
        act_as(db)
        assert differing(db) == set()
        db.execute(CHANGES[thing])
        assert thing in differing(db)
        actor, verb, said = db.execute(ENTRY).fetchone()
        assert (actor, verb, thing in said["things"]) == (6, "govern", True)
        assert said["count"] == len(said["things"]) <= 4
        before = db.execute("SELECT count(*) FROM audit_entry").fetchone()
        assert thing in differing(db), "it is named until somebody runs prepare"
        assert db.execute("SELECT count(*) FROM audit_entry").fetchone() == before, "and told once"
        assert db.execute("SELECT count(*) FROM trail.note_shape(true)").fetchone() == (0,)


def test_the_run_that_the_scheduler_makes_names_it_too(world, capsys):
    reconcile_rows(entirely=True)
    before = world.rows("SELECT max(id) FROM audit_entry")[0][0]
    world.superuser.execute("ALTER TABLE casework_note DISABLE TRIGGER trail")
    try:
        with pytest.raises(CommandError):
            call_command("audit_reconcile")
    finally:
        world.superuser.execute("ALTER TABLE casework_note ENABLE TRIGGER trail")
    assert "trigger public.casework_note.trail: changed" in capsys.readouterr().out
    reconcile_rows(entirely=False)
    query = "SELECT actor_id, additional_data ->> 'count' FROM audit_entry WHERE word = 'rules_changed' AND id > %s"
    told = world.rows(query, before)
    assert told == [(2, "1"), (2, "1")], "that it was changed, and that it was put back"
    page = signed_in("arie").get("/verify-trail").content.decode()
    assert page.count("trigger public.casework_note.trail") == 2, "an auditor sees what an administrator did"
    with acting_as(world.lies, Role.POLICE_LIAISON, Action.READ_RECORD):
        assert not Entry.objects.filter(word="rules_changed").exists(), "and nobody else"
