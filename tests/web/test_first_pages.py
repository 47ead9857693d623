"""Nobody begins on a page that refuses them or that tells them nothing, whatever their role."""

import html
import re
from datetime import UTC, datetime

import pytest

from casework.actions.perform import perform
from permissions.services import NewPerson, install
from permissions.vocabulary import SYSTEM_ROLES, Action, Role, roles_in
from tests.attacks.test_oversight import one_of_each
from tests.world import AGENCIES, PASSWORD, signed_in
from web.first_page import DOES

OF_PEOPLE = sorted(set(Role) - SYSTEM_ROLES)
PLACES = [(role, at) for role in OF_PEOPLE for at in (0, 2, 3, 4) if role in roles_in(AGENCIES[at].kind)]
FEWEST_WORDS = 12
SINCE = datetime(2026, 1, 5, tzinfo=UTC)


def test_each_role_of_a_person_has_a_sentence_of_its_own():
    assert set(DOES) == set(OF_PEOPLE)
    assert len(set(map(str, DOES.values()))) == len(OF_PEOPLE)


@pytest.mark.parametrize(("role", "at"), PLACES)
def test_the_first_page_of_each_role_opens_and_says_something_and_so_does_every_page_that_it_offers(world, role, at):
    install((), [NewPerson("nieuw", "Proef Persoon", AGENCIES[at].name, (role,), PASSWORD)], SINCE)
    client = signed_in("nieuw")
    first = client.get("/", follow=True)
    assert first.status_code == 200
    text = first.content.decode()
    words = re.sub(r"<[^>]+>", " ", text.partition("<main")[2].partition("</main")[0]).split()
    assert len(words) >= FEWEST_WORDS, words
    offered = set(re.findall(r'href="(/[^"#?]*)"', text)) - {"/account/sign-out"}
    assert offered, "somewhere to go on"
    for address in sorted(offered):
        if not address.startswith("/static/"):
            assert client.get(address, follow=True).status_code == 200, address


LEADS = re.compile(r'href="(/[^"#]*)"')


@pytest.mark.parametrize("role", [Role.PRIVACY_OFFICER, Role.AUDITOR, Role.SUPERVISOR, Role.AGENCY_ADMIN])
def test_no_page_of_who_watches_over_the_work_links_to_what_they_may_not_do(world, role):
    one_of_each(world)
    perform(
        world.arie, Action.DRAW_SAMPLE, None, {"sample": {"since": "gisteren", "until": "vandaag", "size": 5, "seed": "x"}}
    )
    install((), [NewPerson("nieuw", "Proef Persoon", AGENCIES[0].name, (role,), PASSWORD)], SINCE)
    client = signed_in("nieuw")
    met: set[str] = set()
    for address in ("/oversight", "/workbench", "/work", "/team", "/agreements", "/people"):
        page = client.get(address)
        found = set(LEADS.findall(page.content.decode())) if page.status_code == 200 else set()
        for link in sorted(html.unescape(one) for one in found - met):
            if not link.startswith(("/static/", "/account/")):
                assert client.get(link).status_code in {200, 302}, f"{link} on {address}"
        met |= found
    assert len(met) > 3


@pytest.mark.parametrize(("role", "told"), [("records_manager", "vernietigd"), ("report_viewer", "zonder personen")])
def test_a_role_whose_pages_come_later_is_told_so_kindly(world, role, told):
    install((), [NewPerson("nieuw", "Proef Persoon", AGENCIES[0].name, (Role(role),), PASSWORD)], SINCE)
    shown = signed_in("nieuw").get("/").content.decode()
    assert "Welkom, Proef Persoon" in shown
    assert told in shown
    assert "in een latere versie" in shown


def test_a_list_on_which_nothing_waits_says_what_one_does_here(world):
    assert "U toetst wat wordt overgedragen" in signed_in("karin").get("/work").content.decode()
