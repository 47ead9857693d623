"""What no other test looks at alone, each the notice of one planted fault; and that every fault still fits its file."""

from pathlib import Path

import pytest
from django.db import connection

from casework.actions.perform import perform
from permissions.acting import acting_as
from permissions.decision import Actor, Refused, for_lists
from permissions.vocabulary import Action, AgencyKind, Role
from tests.policy.test_emergencies import asked
from tests.sabotage.__main__ import Ended, run, verdict
from tests.sabotage.trail_faults import FAULTS
from tests.world import World

ROOT = Path(__file__).parents[2]


def test_every_fault_still_fits():
    for fault in FAULTS:
        text = (ROOT / fault.file).read_text()
        assert text.count(fault.stands) == 1, f"{fault.name}: {fault.file} has it {text.count(fault.stands)} times"
        assert fault.stands != fault.put
        assert (ROOT / fault.tests).exists()
    assert len(FAULTS) >= 30
    assert len({fault.kind for fault in FAULTS}) >= 10


GREEN = Ended(0, 3, 0, 0)


@pytest.mark.parametrize(
    ("control", "ended", "said"),
    [
        (GREEN, Ended(1, 2, 1, 0), "caught"),
        (GREEN, Ended(1, 2, 1, 1), "caught"),
        (GREEN, GREEN, "MISSED"),
        (GREEN, Ended(1, 1, 0, 1), "BROKEN"),
        (GREEN, Ended(2, 1, 0, 1), "BROKEN"),
        (GREEN, Ended(4, 0, 0, 0), "BROKEN"),
        (GREEN, Ended(5, 0, 0, 0), "BROKEN"),
        (Ended(1, 2, 1, 0), Ended(1, 2, 1, 0), "NO CONTROL"),
        (Ended(5, 0, 0, 0), Ended(1, 2, 1, 0), "NO CONTROL"),
    ],
)
def test_a_fault_is_caught_when_a_test_fails_that_passes_without_it(control, ended, said):
    assert verdict(control, ended) == said


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("def test_it(): pass", Ended(0, 1, 0, 0)),
        ("def test_it(): assert False", Ended(1, 1, 1, 0)),
        ("import nothing_of_this_name\ndef test_it(): pass", Ended(2, 1, 0, 1)),
        ("def it(): pass", Ended(5, 0, 0, 0)),
        ("def test_it(no_such_fixture): pass", Ended(1, 1, 0, 1)),
    ],
)
def test_a_run_tells_a_test_that_failed_from_one_that_never_looked(text, ended, tmp_path):
    (tmp_path / "test_one.py").write_text(text)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p no:django\n")
    assert run(tmp_path, "test_one.py") == ended


def test_an_emergency_is_not_reviewed_by_its_user_in_any_role(world: World):
    case, _ = world.track()
    done = asked(world, case)
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute("UPDATE permissions_membership SET roles = '{police_liaison,supervisor}' WHERE user_id = %s",
                            [world.leo.person_id])  # fmt: skip
    world.superuser.execute("SET session_replication_role = origin")
    leo = Actor(world.leo.person_id, world.leo.agency_id, AgencyKind.POLICE, (Role.SUPERVISOR,), world.leo.membership_id)
    verdict = {"verdict": {"code": "justified", "text": "Het was terecht, dat weet ik zelf."}}
    with pytest.raises(Refused):
        perform(leo, Action.REVIEW_EMERGENCY, done.id, verdict)
    with acting_as(leo, Role.SUPERVISOR, Action.REVIEW_EMERGENCY), connection.cursor() as cursor:
        cursor.execute("UPDATE casework_emergency SET verdict = 'justified'")
        assert cursor.rowcount == 0, "the lock holds by itself"


def test_a_list_is_in_the_role_that_sees_most(world: World):
    assert for_lists(world.wanda, Action.SEE_CASE).roles == (Role.TRIAGE_DECIDER,)
    assert for_lists(world.wanda, Action.SEE_CASE, "police_liaison").roles == (Role.POLICE_LIAISON,)
    assert for_lists(world.wanda, Action.SEE_CASE, "supervisor").roles == (Role.TRIAGE_DECIDER,)
    assert for_lists(world.arie, Action.SEE_CASE).roles == world.arie.roles


def test_a_source_is_not_there_for_any_other_act(world: World):
    case, _ = world.track()
    perform(world.lies, Action.WRITE_RECORD, case, {"source": {"kind": "citizen", "name": "Bron", "protected": "yes"}})
    for action in (Action.READ_RECORD, Action.REVEAL_BSN, Action.PREPARE_HANDOFF):
        with acting_as(world.dirk, Role.TRIAGE_DECIDER, action), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM casework_source")
            assert cursor.fetchone() == (0,)
    with acting_as(world.dirk, Role.TRIAGE_DECIDER, Action.REVEAL_SOURCE), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM casework_source")
        assert cursor.fetchone() == (1,)
