from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.world import signed_in

FILE = """
agencies:
  p: {kind: police, name: Politie Voorbeeld}
  v: {kind: veilig_thuis, name: Veilig Thuis Voorbeeld}
people:
  nieuw: {name: Nieuwe Medewerker, agency: p, roles: [police_liaison]}
agreements:
  - {from: p, to: v, groups: [identity, concern]}
"""


def test_a_new_installation_gets_its_people_from_a_file(committed, tmp_path):
    path = tmp_path / "people.yaml"
    path.write_text(FILE)
    said = StringIO()
    call_command("load_people", path, stdout=said)
    name, password = said.getvalue().split()
    assert signed_in(name, password).get("/work").status_code == 200
    assert committed.execute("SELECT groups FROM permissions_sharingagreement").fetchall() == [(["identity", "concern"],)]
    again = StringIO()
    call_command("load_people", path, stdout=again)
    assert again.getvalue() == "", "who is there already stays as they are"
    assert committed.execute("SELECT count(*) FROM permissions_sharingagreement").fetchone() == (1,)


@pytest.mark.parametrize(
    "otherwise",
    [
        FILE.replace("[police_liaison]", "[police_liaison, supervisor]"),
        FILE.replace("agency: p, roles", "agency: v, roles"),
        FILE.replace("agreements:", "  nog: {person: nieuw, agency: v, roles: [caseworker]}\nagreements:"),
    ],
)
def test_a_file_that_says_otherwise_of_somebody_who_is_there_is_refused_whole(committed, tmp_path, otherwise):
    path = tmp_path / "people.yaml"
    path.write_text(FILE)
    call_command("load_people", path, stdout=StringIO())
    path.write_text(otherwise.replace("people:", "people:\n  ander: {name: Iemand Anders, agency: p, roles: [auditor]}"))
    with pytest.raises(CommandError, match="nieuw is there already, and not as the file says"):
        call_command("load_people", path)
    assert committed.execute("SELECT count(*) FROM permissions_membership").fetchone() == (1,)


def test_roles_that_may_not_meet_are_refused(committed, tmp_path):
    path = tmp_path / "people.yaml"
    path.write_text(FILE.replace("[police_liaison]", "[police_liaison, auditor]"))
    with pytest.raises(CommandError, match="may not meet"):
        call_command("load_people", path)
    assert committed.execute("SELECT count(*) FROM permissions_membership").fetchone() == (0,)
