"""What no person does has an action of its own, so that the trail states what was done and not something else."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection

from casework.models import Case
from casework.worker.carry_out import destroy_entries, reconcile, reconcile_rows
from permissions.acting import NobodyActing, acting_as
from permissions.installing import system_actor
from permissions.matrix import MATRIX
from permissions.models import Agency, User
from permissions.services import NameTaken, NewAgency, install
from permissions.vocabulary import SYSTEM_ROLES, Action, AgencyKind, Role
from tests.world import AGENCIES, signed_in

OWN = {
    "SELECT * FROM lock.due_intents(now())": Action.FIND_DUE,
    "SELECT * FROM lock.passed_deadlines(now())": Action.FIND_DUE,
    "SELECT * FROM lock.reconcile()": Action.RECONCILE_ACCESS,
    "SELECT * FROM lock.note_differences(false)": Action.RECONCILE_ROWS,
    "SELECT trail.destroy_due(10)": Action.DESTROY_ENTRIES,
    "SELECT lock.remove_export(gen_random_uuid())": Action.REMOVE_EXPORT,
}
OF_THE_SCHEDULER = [action for action in Action if str(MATRIX[action][Role.SCHEDULER]) == "all"]


@pytest.mark.parametrize("query", OWN)
def test_a_function_of_the_scheduler_answers_its_own_action_and_no_other(world, query):
    tried = []
    for action in (*OF_THE_SCHEDULER, Action.OPERATE, Action.MIGRATE):
        try:
            with acting_as(system_actor(Role.SCHEDULER), Role.SCHEDULER, action), connection.cursor() as cursor:
                cursor.execute(query)
                tried.append(action)
        except ProgrammingError:
            continue
    assert tried == [OWN[query]]
    for role in SYSTEM_ROLES - {Role.SCHEDULER}:
        with (
            pytest.raises(ProgrammingError),
            acting_as(system_actor(role), role, OWN[query]),
            connection.cursor() as cursor,
        ):
            cursor.execute(query)


def test_the_scheduler_still_does_all_of_it(world):
    world.track("triage")
    world.work()
    assert reconcile() == []
    assert not [row for row in reconcile_rows(entirely=False) if row[0].startswith("casework")]
    assert destroy_entries() == 0


def test_what_a_session_does_beside_any_work_says_so(world):
    client = signed_in("lies")
    client.post("/language", {"language": "en"})
    client.post("/memberships", {"membership": str(world.lies.membership_id)})
    client.get("/no-such-page")
    rows = world.rows(
        "SELECT word, purpose, role, agency_id FROM audit_entry WHERE actor_id = %s AND word IN"
        " ('choose_language', 'switch_membership', 'unknown_address') ORDER BY id",
        world.lies.person_id,
    )
    agency = world.agency("lies")
    assert rows == [
        ("choose_language", "choose_language", "sign_in", agency),
        ("switch_membership", "switch_membership", "sign_in", agency),
        ("unknown_address", "record_unknown_request", "sign_in", agency),
    ]


@pytest.mark.parametrize(
    "permission", ["casework.view_case", "view_case", "casework.no_such_thing", "permissions.view_user"]
)
def test_a_permission_of_the_library_is_answered_with_no_and_never_with_an_error(world, permission):
    done = world.opened()
    user = User.signing_in(name="lies")
    assert user
    things = [None, Case(pk=done.case_id), user, Agency(pk=world.agency("lies"))]
    assert [user.has_perm(permission, thing) for thing in things] == [False] * 4
    with pytest.raises(NobodyActing, match="nobody is acting"):
        user.get_all_permissions(Case(pk=done.case_id))
    with acting_as(world.lies, Role.POLICE_LIAISON, Action.READ_RECORD):
        assert [user.has_perm(permission, thing) for thing in things] == [False] * 4
        assert "casework.see_case" in user.get_all_permissions(Case(pk=done.case_id)), "it is told what the law lets her do"
        assert user.has_module_perms("casework")
        assert not user.has_module_perms("permissions")


@pytest.mark.parametrize(
    "other",
    [
        NewAgency(AGENCIES[0].name, AgencyKind.VEILIG_THUIS, AGENCIES[0].controller),
        NewAgency(AGENCIES[0].name, AGENCIES[0].kind, "Politie Anders"),
        NewAgency(AGENCIES[0].name.upper() + " ", AGENCIES[0].kind, AGENCIES[0].controller),
    ],
)
def test_two_agencies_of_one_name_do_not_become_one(world, other):
    before = world.count("permissions_agency")
    with pytest.raises(NameTaken, match=AGENCIES[0].name):
        install([NewAgency("Nieuwe Voorbeeldorganisatie", AgencyKind.HALT), other], [], datetime.now(UTC))
    assert world.count("permissions_agency") == before


def test_two_agencies_of_one_name_in_one_file_are_refused_and_the_same_file_again_changes_nothing(world, tmp_path):
    twice = [NewAgency("Halt Voorbeeld", AgencyKind.HALT), NewAgency("Halt  voorbeeld", AgencyKind.HALT)]
    with pytest.raises(NameTaken):
        install(twice, [], datetime.now(UTC))
    before = world.count("permissions_agency")
    install(AGENCIES, [], datetime.now(UTC))
    assert world.count("permissions_agency") == before
    file = tmp_path / "people.yaml"
    file.write_text(
        "title: Mensen\nagencies:\n  oost: {name: Politie Voorbeeld Oost, kind: halt}\npeople:\n"
        "  new: {name: Nieuw Proef, agency: oost, roles: [caseworker]}\n"
    )
    with pytest.raises(CommandError, match="give Politie Voorbeeld Oost another name"):
        call_command("load_people", str(file))
    assert world.rows("SELECT 1 FROM permissions_user WHERE username = 'new'") == []
