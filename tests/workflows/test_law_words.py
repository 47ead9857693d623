"""What docs/law.md says of roles that may not meet, and that every version of the matrix has a name of its own."""

import re
import runpy
from pathlib import Path

import pytest

from permissions import matrix
from permissions.services import RolesMayNotMeet, check_roles
from permissions.vocabulary import CASE_ROLES, Role
from tests.oracle.law import TEXT

SAID = re.search(r"\*\*Roles that may not meet in one person\*\*: (.*) with any case role", TEXT)
APART = SAID[1].split(", ") if SAID else []
PANELS = next(b for b in re.findall(r"```\n(.*?)```", TEXT, re.DOTALL) if b.startswith("case actions")).split("\n\n")
OF_CASES, _, OF_THE_SYSTEM = (panel.strip().split("\n")[0].split()[2:] for panel in PANELS)


def test_the_case_roles_are_those_of_the_first_panel():
    assert {str(role) for role in CASE_ROLES} == set(OF_CASES)


@pytest.mark.parametrize("role", OF_CASES)
@pytest.mark.parametrize("apart", APART)
def test_roles_that_may_not_meet_in_one_person_do_not(apart, role):
    for roles in ((Role(apart), Role(role)), (Role(role), Role.RECORDS_MANAGER, Role(apart))):
        with pytest.raises(RolesMayNotMeet):
            check_roles(roles)


@pytest.mark.parametrize("role", OF_THE_SYSTEM)
def test_nobody_is_a_member_in_a_role_of_the_system(role):
    for roles in ((Role(role),), (Role.CASEWORKER, Role(role))):
        with pytest.raises(RolesMayNotMeet):
            check_roles(roles)


def test_a_membership_has_a_role_and_roles_that_may_meet_do():
    with pytest.raises(RolesMayNotMeet):
        check_roles(())
    check_roles([Role(role) for role in OF_CASES])
    check_roles([Role(role) for role in APART])


def test_another_cell_is_another_version_of_the_law(tmp_path):
    source = Path(matrix.__file__).read_text()
    last = "migrate                 .          .          .          .          .          all"
    assert source.count(last) == 1
    assert runpy.run_path(matrix.__file__)["POLICY_VERSION"] == matrix.POLICY_VERSION
    (tmp_path / "matrix.py").write_text(source.replace(last, last[:-3] + ".  "))
    assert runpy.run_path(str(tmp_path / "matrix.py"))["POLICY_VERSION"] != matrix.POLICY_VERSION
