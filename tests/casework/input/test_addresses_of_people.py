"""An address is written as far as it is known; one to be kept secret goes to nobody, and its sender sees why."""

import pytest

from casework.actions.perform import perform
from casework.input.read import Malformed
from permissions.vocabulary import Action
from tests.world import PREMISES, signed_in


@pytest.mark.parametrize(
    "known",
    [
        {"town": "Voorbeeldstad"},
        {"street": "Proefhof", "town": "Voorbeeldstad"},
        {"street": "Rue de l'Exemple", "number": "12 bis", "postcode": "B-1000", "town": "Bruxelles", "country": "België"},
        {"street": "Example Road", "number": "Flat 2b", "postcode": "EX4 MP1E", "town": "Exampleton", "country": "Engeland"},
        {"town": "Proefhausen", "postcode": "12345", "country": "Duitsland"},
    ],
)
def test_an_address_is_kept_as_far_as_it_is_known(world, known):
    case = world.opened(premises=known).made["case"]
    columns = ", ".join(known)
    assert world.rows(f"SELECT {columns} FROM casework_premises") == [tuple(known.values())]
    page = signed_in("lies").get(f"/cases/{case}").content.decode()
    assert known["town"] in page
    world.delivered(case)
    assert world.rows(f"SELECT {columns} FROM casework_premises WHERE agency_id = %s", world.agency("wim")) == [
        tuple(known.values())
    ]


def test_an_address_without_a_town_is_asked_for_it(world):
    with pytest.raises(Malformed, match=r"premises\.town: required"):
        world.opened(premises={"street": "Proefstraat"})


def test_what_is_to_be_kept_secret_is_in_no_package_whoever_asks(world):
    person = {"role": "subject", "family_name": "Proef", "given_names": "Kim", "contact": "06-00000001"}
    secret = {**PREMISES, "street": "Schuilhof", "is_secret": "yes"}
    case = world.opened(premises=secret, person={**person, "contact_is_secret": "yes"}).made["case"]
    handoff = world.package(case)
    kept = world.rows("SELECT id FROM casework_premises")[0][0]
    with pytest.raises(Malformed, match="no_such_item"):
        world.package(case, items=["identity", f"premises:{kept}"])
    world.package(case, kind="help", receiver="joke", items=["identity", "contact"])
    client = signed_in("lies")
    page = client.get(f"/handoffs/{handoff}").content.decode()
    assert "blijft hier: geheim" in page
    assert "Schuilhof" not in page
    assert "Schuilhof" not in client.get(f"/cases/{case}/prepare_handoff").content.decode()
    assert "Schuilhof" not in client.get(f"/handoffs/{handoff}/prepare_handoff").content.decode()
    perform(world.karin, Action.CHECK_HANDOFF, handoff)
    perform(world.karin, Action.SEND_HANDOFF, handoff)
    world.work()
    assert not world.rows("SELECT 1 FROM casework_packageitem WHERE value LIKE '%%Schuilhof%%' OR value LIKE '%%06-0000%%'")
    assert not world.rows("SELECT 1 FROM casework_premises WHERE agency_id = %s", world.agency("wim"))
    assert "Schuilhof" not in signed_in("vera").get(f"/handoffs/{handoff}").content.decode()
