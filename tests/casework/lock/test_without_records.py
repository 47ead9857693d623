"""An agency of a kind that no row of the bases names keeps nothing of anybody, and works in everything else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from casework.actions.perform import perform as do
from casework.input.read import Malformed
from permissions.decision import Refused, roles_for
from permissions.services import NewAgency, NewPerson, install
from permissions.vocabulary import Action, AgencyKind, Role
from tests.world import PASSWORD, PERSON, PREMISES, signed_in

ADVICE = {"advice": {"date": "today", "asker": "professional", "subject": "minor", "advice": "report"}}
KNOWN = {
    "known": {
        "family_name": "Proef",
        "given_names": "Testpersoon",
        "birth_date": "1984-05-01",
        "text": "Wie kent deze persoon bij u?",
    }
}
TRIES: tuple[tuple[Action, dict[str, Any]], ...] = (
    (Action.OPEN_CASE, {"person": {**PERSON, "contact": "0612345678"}, "premises": PREMISES}),
    (Action.OPEN_CASE, {"note": {"kind": "concern", "text": "Een verzonnen zorg."}, "premises": PREMISES}),
    (Action.RECORD_ADVICE, {}),
    (Action.CHECK_KNOWN, KNOWN),
    (Action.SEARCH_OWN, {"search": {"words": "Proef"}}),
)
OVERSEEING = (Role.AUDITOR, Role.REPORT_VIEWER, Role.AGENCY_ADMIN, Role.PRIVACY_OFFICER)


def house(kind):
    since = datetime.now(UTC) - timedelta(days=1)
    agency = NewAgency(f"Voorbeeld {kind}", kind)
    people = [
        NewPerson("inge", "Inge Intake", agency.name, (Role.INTAKE_WORKER, Role.CASEWORKER), PASSWORD),
        *(NewPerson(f"o{role}", f"O {role}", agency.name, (role,), PASSWORD) for role in OVERSEEING),
    ]
    return install([agency], people, since)


@pytest.mark.parametrize("kind", ["helpline_anonymous", "national_rapporteur", "inspectorate", "platform_operator"])
def test_a_kind_that_no_row_names_opens_records_and_asks_nothing_and_the_try_is_told(world, kind):
    people = house(AgencyKind(kind))
    inge = people["inge"]
    rows = "SELECT (SELECT count(*) FROM casework_case) + (SELECT count(*) FROM casework_personincase)"
    before = world.rows(rows)
    for action, given in TRIES:
        entries = world.count("audit_entry")
        with pytest.raises(Refused, match=f"{action}: this kind of agency keeps no records of people"):
            do(inge, action, given=given)
        assert world.count("audit_entry") == entries + 1
    client = signed_in("inge")
    page = client.get("/work")
    assert page.status_code == 200
    assert "/referrals/new" not in page.content.decode()
    for path in ("/referrals/new", "/advice/new"):
        for answer in (client.get(path), client.post(path, {"person-family_name": "Proef", "note-text": "Een zorg."})):
            assert answer.status_code == 403
    assert world.rows(
        "SELECT outcome, count(*) FROM audit_entry WHERE agency_id = %s AND word = 'open_case' GROUP BY 1", inge.agency_id
    ) == [("refused", 4)]
    assert world.rows(rows) == before


@pytest.mark.parametrize("kind", ["national_rapporteur", "inspectorate"])
def test_oversight_figures_and_people_are_there_in_every_kind_of_agency(world, kind):
    people = house(AgencyKind(kind))
    assert roles_for(people["oreport_viewer"], Action.SEE_STATISTICS)
    for who, path in (("oauditor", "/workbench"), ("oagency_admin", "/agreements"), ("oprivacy_officer", "/explain-access")):
        assert signed_in(who).get(path).status_code == 200, path


@pytest.mark.parametrize(("kind", "fits"), [("halt", True), ("helpline_anonymous", False)])
def test_the_page_refuses_an_agreement_for_which_no_basis_carries_anything(world, kind, fits):
    """A house for care and safety may send to Veilig Thuis and a certified institution: to Halt nothing ever goes."""
    other = house(AgencyKind(kind))["inge"].agency_id
    sharing = {"sharing": {"receiver": other, "groups": ["identity"], "since": "2026-01-01"}}
    since = datetime.now(UTC) - timedelta(days=1)
    safe = NewAgency("Veiligheidshuis Voorbeeld", AgencyKind.CARE_SAFETY_HOUSE)
    sanne = install([safe], [NewPerson("sanne", "Sanne Leider", safe.name, (Role.SUPERVISOR,), PASSWORD)], since)["sanne"]
    with pytest.raises(Malformed, match="nothing_carries" if fits else "no_such_receiver"):
        do(sanne, Action.MANAGE_AGREEMENTS, given=sharing)
    if fits:
        assert do(world.saskia, Action.MANAGE_AGREEMENTS, given=sharing).id, "the police may share with it"
    else:
        with pytest.raises(Malformed, match="no_such_receiver"):
            do(world.saskia, Action.MANAGE_AGREEMENTS, given=sharing)
