"""What no other test looks at alone, each the notice of one planted fault; and that every fault still fits its file."""

import ast
import re
from pathlib import Path

import pytest
from django.db import connection

from casework.actions.perform import perform
from permissions.acting import acting_as
from permissions.decision import Actor, Refused, for_lists
from permissions.vocabulary import Action, AgencyKind, Role
from tests.casework.oversight.test_emergencies import asked
from tests.sabotage.__main__ import Ended, noticed, place, run, verdict
from tests.sabotage.faults import Fault
from tests.sabotage.likely import by_likeness
from tests.sabotage.templates import FIELDS, is_migrated_anew
from tests.sabotage.trail_faults import FAULTS
from tests.world import World

ROOT = Path(__file__).parents[2]


def test_every_fault_still_fits():
    for fault in FAULTS:
        text = (ROOT / fault.file).read_text()
        assert text.count(fault.stands) == 1, f"{fault.name}: {fault.file} has it {text.count(fault.stands)} times"
        assert fault.stands != fault.put
        if fault.file.endswith(".py"):
            ast.parse(text.replace(fault.stands, fault.put))  # what cannot be read is noticed by nothing that looks
        assert (ROOT / fault.tests).exists()
    assert len(FAULTS) >= 800
    assert len({fault.kind for fault in FAULTS}) >= 10
    assert len({fault.name for fault in FAULTS}) == len(FAULTS), "noticed.txt knows them by name"


def test_what_noticed_a_fault_before_is_a_test_of_that_fault():
    of = {fault.name: fault.tests for fault in FAULTS}
    for name, test in noticed().items():
        assert test.startswith(of[name]), name
        file, _, function = test.partition("::")
        assert f"def {function.split('[')[0]}(" in (ROOT / file).read_text(), name


def test_migrations_do_not_depend_on_what_is_settled_after_them():
    """A fault elsewhere gets its template from what unharmed migrations made (templates.py)."""
    ours = re.compile(r"^\s*(?:from|import) ((?:audit|permissions|casework|workflows|config|web)[\w.]*)", re.MULTILINE)
    migrations = [path for app in ("audit", "permissions", "casework") for path in (ROOT / app / "migrations").glob("*.py")]
    named = {name for path in migrations for name in ours.findall(path.read_text())}
    assert len(migrations) > 50
    assert {f"{name.replace('.', '/')}.py" for name in named} == {FIELDS}
    assert all(is_migrated_anew(str(path.relative_to(ROOT))) for path in migrations)
    assert not ours.findall((ROOT / FIELDS).read_text())


def test_the_place_of_a_fault_is_in_its_name():
    assert place(FAULTS[0]) == place(FAULTS[0]._replace(file="another", put="otherwise"))
    tenth = sum(place(fault) in range(10) for fault in FAULTS)
    assert 0.05 < tenth / len(FAULTS) < 0.2


def test_the_test_that_is_most_like_a_fault_is_tried_first_and_all_are_tried(tmp_path):
    tests = "def test_a_case_is_opened(): pass\ndef test_a_wall_is_lifted_by_two(): pass\ndef test_walls(): pass\n"
    (tmp_path / "test_one.py").write_text(tests)
    fault = Fault("wall", "a wall is lifted by one", "walls.py", "", "", "test_one.py")
    names = [name.removeprefix("test_one.py::test_") for name in by_likeness(fault, tmp_path)]
    assert names[0] == "a_wall_is_lifted_by_two"
    assert sorted(names) == ["a_case_is_opened", "a_wall_is_lifted_by_two", "walls"]
    assert by_likeness(fault._replace(tests="tests/walks"), tmp_path) == ["tests/walks"]


def test_the_test_that_failed_first_is_remembered(tmp_path):
    (tmp_path / "test_one.py").write_text("def test_right(): pass\ndef test_wrong(): assert False\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p no:django\n")
    assert run(tmp_path, "test_one.py").noticed_by == "test_one.py::test_wrong"


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
        (None, Ended(1, 1, 0, 1), "BROKEN"),
        (None, GREEN, "MISSED"),
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
