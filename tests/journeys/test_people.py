"""Somebody joins, gets another role, and leaves: in a real browser, every page seen by the accessibility checker."""

from datetime import UTC, datetime

import pytest

from permissions.services import NewPerson, install
from permissions.vocabulary import Role
from tests.world import PASSWORD, World

pytestmark = pytest.mark.xdist_group("journeys")
FIRST = "een-eigen-zin-als-wachtwoord"


def test_an_administrator_lets_somebody_join_change_and_leave(world: World, visitor):
    another = NewPerson("bert", "Bert Beheerder", "Politie Voorbeeld Oost", (Role.AGENCY_ADMIN,), PASSWORD)
    install((), [another], datetime(2026, 1, 5, tzinfo=UTC))
    bea = visitor("bea")
    bea.go("/people")
    bea.follow("Iemand toevoegen")
    bea.press("Iemand toevoegen")
    assert "Vul eerst nog 3 dingen in" in bea.text
    bea.page.fill("#id_joiner-full_name", "Nora Nieuw")
    bea.page.fill("#id_joiner-username", "n.nieuw")
    bea.choose("joiner-roles", "caseworker")
    bea.press("Iemand toevoegen")
    link = bea.page.inner_text("main code")

    nora = visitor("nobody")
    nora.go(link.removeprefix(nora.address))
    nora.page.fill("#id_password", FIRST)
    nora.page.fill("#id_again", "iets anders")
    nora.press("Stel uw wachtwoord in")
    assert "Deze twee zijn niet gelijk" in nora.text
    nora.page.fill("#id_password", FIRST)
    nora.page.fill("#id_again", FIRST)
    nora.press("Stel uw wachtwoord in")
    nora.page.fill("#id_login", "n.nieuw")
    nora.page.fill("#id_password", FIRST)
    nora.press("Aanmelden")
    assert "U werkt aan de zaken die op uw naam staan." in nora.text

    bea.go("/people")
    bea.follow("Rollen wijzigen")
    bea.choose("member_roles-roles", "records_manager")
    bea.press("Rollen wijzigen")
    assert "Wacht op een tweede beheerder" in bea.text
    bert = visitor("bert")
    bert.go("/people")
    bert.follow("Bevestigen")
    bert.press("Bevestigen")
    assert "Wacht op een tweede beheerder" not in bert.text

    bea.go("/people")
    bea.follow("Uit dienst")
    bea.choose("leaving-code", "other_employer")
    bea.page.fill("#id_leaving-text", "Werkt vanaf nu elders.")
    bea.press("Uit dienst")
    assert "uit dienst" in bea.text
    nora.go("/work")
    assert "U werkt voor geen enkele organisatie" in nora.text
