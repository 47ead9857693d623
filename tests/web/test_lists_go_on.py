"""What an address asks for is done as it says or refused in a sentence: no list begins anew behind somebody's back."""

from datetime import UTC, datetime, timedelta

import pytest

from permissions.services import NewPerson, install
from permissions.vocabulary import Role
from tests.world import AGENCIES, PASSWORD, signed_in

NOW = datetime.now(UTC)

LISTS = [
    ("lies", "/work", "after"),
    ("wim", "/desk", "after"),
    ("lies", "/follow-ups", "after"),
    ("lies", "/visit-plan", "after"),
    ("arie", "/access-review", "after"),
    ("arie", "/workbench", "reviews"),
    ("arie", "/workbench", "exports"),
    ("arie", "/workbench", "differences"),
    ("arie", "/verify-trail", "after"),
    ("vera", "/known-checks", "after"),
    ("saskia", "/oversight", "emergencies"),
    ("arie", "/oversight", "findings"),
    ("saskia", "/cases/{case}/see_case_log", "after"),
    ("lies", "/cases/{case}", "notes"),
    ("lies", "/cases/{case}", "steps"),
    ("lies", "/cases/{case}", "people"),
]


@pytest.mark.parametrize(("who", "address", "name"), LISTS)
@pytest.mark.parametrize("key", ["broken", "1_2026-13-01T00:00:00Z_7", "\u0000"])
def test_a_page_of_a_list_that_cannot_be_read_is_refused_and_said(world, who, address, name, key):
    case, _ = world.track()
    client = signed_in(who)
    address = address.format(case=case)
    assert client.get(address).status_code == 200, "the list itself is there"
    answer = client.get(address, {name: key})
    assert answer.status_code == 400
    assert "Dit adres is niet te lezen" in answer.content.decode()
    assert world.rows("SELECT word, outcome FROM audit_entry ORDER BY id DESC LIMIT 1")[0][0] == "unreadable_address"


@pytest.mark.parametrize(
    ("who", "address"), [("arie", "/access-review"), ("bea", "/explain-access"), ("petra", "/person-report")]
)
def test_a_reference_that_is_too_long_is_told_how_much_and_kept(world, who, address):
    petra = NewPerson("petra", "Petra Privacy", AGENCIES[0].name, (Role.PRIVACY_OFFICER,), PASSWORD)
    world.people |= install(AGENCIES, [petra], NOW - timedelta(days=9))
    typed = "2026-1a2b3c " + "en nog iets " * 10 + "einde"
    answer = signed_in(who).get(address, {"case": typed})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"Dit is {len(typed) - 60} tekens te lang" in page
    assert f'value="{typed}"' in page
