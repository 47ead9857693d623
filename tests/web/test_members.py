"""The page of people, and the link with which a joiner sets their password."""

import re
from datetime import UTC, datetime

import pytest

from permissions.services import NewPerson, install
from permissions.vocabulary import Action, Role
from tests.policy.behind import past_triggers
from tests.world import PASSWORD, FormClient, World, perform, signed_in

PEOPLE = Action.MANAGE_PEOPLE
JOINER = {"joiner-full_name": "Nora Nieuw", "joiner-username": "nora", "joiner-roles": ["caseworker"]}
LEAVING = {"leaving-code": "other_employer", "leaving-text": "Werkt vanaf nu elders."}
FIRST = "een-eigen-zin-als-wachtwoord"
TWICE = {"password": FIRST, "again": FIRST}


@pytest.fixture
def office(world: World) -> World:
    """The police with two administrators."""
    more = (NewPerson("bert", "Bert Beheerder", "Politie Voorbeeld Oost", (Role.AGENCY_ADMIN,), PASSWORD),)
    world.people |= install((), more, datetime(2026, 1, 5, tzinfo=UTC))
    return world


def link_of(office: World, **changed: object) -> str:
    """Add somebody, and return the address of the link that is shown."""
    done = signed_in("bea").post("/people/new", {**JOINER, **changed})
    assert done.status_code == 200
    found = re.search(r"<code>http://testserver(/invitation/[\w-]{43})</code>", done.content.decode())
    assert found, done.content.decode()
    return found[1]


def visitor() -> FormClient:
    return FormClient(raise_request_exception=False)


def said(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_a_joiner_sets_a_password_with_the_link_and_signs_in(office):
    address = link_of(office)
    shown = said(visitor().get(address))
    for part in ("Nora Nieuw", "Politie Voorbeeld Oost", "nora"):
        assert part in shown
    done = visitor().post(address, TWICE)
    assert (done.status_code, done["Location"]) == (302, "/account/sign-in")
    assert signed_in("nora", FIRST).get("/work").status_code == 200
    words = "SELECT word FROM audit_entry WHERE word = 'invitation_used'"
    assert office.rows(words) == [("invitation_used",)]


def test_the_database_holds_the_hash_of_the_link_alone(office):
    token = link_of(office).rpartition("/")[2]
    tables = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'trail', 'lock')"
    for schema, table in office.rows(tables):
        rows = office.rows(f"SELECT count(*) FROM {schema}.{table} t WHERE t::text LIKE %s", f"%{token}%")
        assert rows == [(0,)], table


def test_a_link_is_used_once_and_a_second_time_told_in_a_sentence(office):
    address = link_of(office)
    visitor().post(address, TWICE)
    for again in (visitor().get(address), visitor().post(address, {"password": "x" * 20, "again": "x" * 20})):
        assert again.status_code == 409
        assert "Deze link is al gebruikt." in said(again)
    assert signed_in("nora", FIRST).get("/work").status_code == 200
    failed = "SELECT count(*) FROM audit_entry WHERE word = 'invitation_failed'"
    assert office.rows(failed) == [(2,)]


def test_a_link_that_is_too_old_is_told_so_and_a_new_one_takes_its_place(office):
    address = link_of(office)
    with past_triggers(office):
        office.superuser.execute("UPDATE permissions_invitation SET expires_at = now() - interval '1 minute'")
    old = visitor().post(address, TWICE)
    assert (old.status_code, "Deze link is verlopen" in said(old)) == (409, True)
    bea = signed_in("bea")
    assert "link verlopen" in said(bea.get("/people"))
    member = office.rows("SELECT membership_id FROM permissions_invitation")[0][0]
    new = bea.post(f"/people/{member}/link", {})
    found = re.search(r"(/invitation/[\w-]{43})", new.content.decode())
    assert found
    assert "Deze link werkt niet meer" in said(visitor().get(address))
    assert visitor().post(found[1], TWICE).status_code == 302


def test_a_link_of_somebody_who_left_before_using_it_lets_nobody_in(office):
    address = link_of(office)
    member = office.rows("SELECT membership_id FROM permissions_invitation")[0][0]
    perform(office.bea, PEOPLE, member, {"leaving": {"code": "added_by_mistake", "text": "Toch niet gekomen."}})
    answer = visitor().post(address, TWICE)
    assert (answer.status_code, "Deze link werkt niet meer" in said(answer)) == (409, True)
    assert office.rows("SELECT password LIKE '!%%' FROM permissions_user WHERE username = 'nora'") == [(True,)]


def test_who_is_signed_in_as_another_is_told_to_sign_out_first(office):
    address = link_of(office)
    answer = signed_in("lies").post(address, TWICE)
    assert (answer.status_code, "voor iemand anders dan wie hier is aangemeld" in said(answer)) == (409, True)
    assert visitor().post(address, TWICE).status_code == 302, "the link still holds"


def test_a_link_that_nobody_made_is_not_found(office):
    assert visitor().get("/invitation/" + "a" * 43).status_code == 404


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"password": "kort", "again": "kort"}, "te kort"),
        ({"password": FIRST, "again": "iets anders dan dat"}, "Deze twee zijn niet gelijk"),
        ({"password": FIRST}, "verplicht"),
    ],
)
def test_a_password_that_will_not_do_is_told_why_and_the_link_still_holds(office, typed, told):
    address = link_of(office)
    answer = visitor().post(address, typed)
    assert answer.status_code == 422
    assert told in said(answer)
    assert visitor().post(address, TWICE).status_code == 302


def test_the_page_of_people_shows_who_is_here_who_left_and_what_waits_and_is_the_administrators_alone(office):
    perform(office.bea, PEOPLE, office.lies.membership_id, {"leaving": {"code": "other_employer", "text": "Elders."}})
    joiner = {"full_name": "Ada Auditor", "username": "ada", "roles": ["auditor"]}
    asked = perform(office.bea, PEOPLE, None, {"joiner": joiner})
    shown = said(signed_in("bert").get("/people"))
    for part in (
        "Bert Beheerder",
        "uit dienst",
        "Ada Auditor",
        "Gevraagd door Bea Beheerder",
        f"/people/{asked.id}/manage_people",
    ):
        assert part in shown
    assert "Wim Werker" not in shown, "of another organisation"
    assert "Uzelf; een collega wijzigt dit." in shown
    for who in ("saskia", "arie", "otto", "wim"):
        assert signed_in(who).get("/people").status_code == 403


def test_what_one_administrator_asked_another_confirms_on_a_page_and_gets_the_link(office):
    bea, bert = signed_in("bea"), signed_in("bert")
    done = bea.post("/people/new", {**JOINER, "joiner-roles": ["auditor"]})
    assert (done.status_code, done["Location"]) == (302, "/people")
    key = office.rows("SELECT id FROM permissions_memberchange")[0][0]
    refused = bea.post(f"/people/{key}/manage_people", {})
    assert refused.status_code == 403
    assert "nooit bevestigd door wie erom vroeg" in said(refused)
    given = bert.post(f"/people/{key}/manage_people", {})
    assert "/invitation/" in given.content.decode()


def test_an_ended_membership_ends_the_session_at_its_next_request(office):
    lies = signed_in("lies")
    assert lies.get("/work").status_code == 200
    ended = signed_in("bea").post(f"/people/{office.lies.membership_id}/end", LEAVING)
    assert ended.status_code == 302
    answer = lies.get("/work")
    assert answer.status_code == 403
    assert "U werkt voor geen enkele organisatie" in said(answer)


def test_other_roles_hold_at_the_next_request(office):
    lies = signed_in("lies")
    assert lies.get("/visit-plan").status_code == 200
    given = {"member_roles-roles": ["quality_checker"]}
    assert signed_in("bea").post(f"/people/{office.lies.membership_id}/roles", given).status_code == 302
    assert lies.get("/visit-plan").status_code == 403


def test_what_was_typed_stays_where_something_is_wrong(office):
    answer = signed_in("bea").post("/people/new", {**JOINER, "joiner-username": "lies", "joiner-roles": ["quality_checker"]})
    assert answer.status_code == 422
    shown = said(answer)
    assert "Iemand meldt zich al met deze naam aan" in shown
    assert 'value="Nora Nieuw"' in shown
    assert re.search(r'value="quality_checker"[^>]*checked', shown)


@pytest.mark.parametrize("page", ["roles", "end", "link"])
def test_a_person_elsewhere_answers_as_absent_on_every_page(office, page):
    bea = signed_in("bea")
    for key in (office.wim.membership_id, "00000000-0000-4000-8000-000000000001"):
        assert bea.get(f"/people/{key}/{page}").status_code == 404
        assert bea.get(f"/people/{key}/manage_people").status_code == 404


def test_the_list_goes_on_by_key(office):
    more = [NewPerson(f"n{n}", f"Naam {n}", "Politie Voorbeeld Oost", (Role.CASEWORKER,)) for n in range(60)]
    install((), more, datetime(2026, 1, 6, tzinfo=UTC))
    bea, address, found = signed_in("bea"), "/people", []
    while address:
        page = bea.get(address).content.decode()
        found += re.findall(r"<strong>(Naam \d+)</strong>", page)
        onwards = re.search(r'href="([^"]*after=[^"]*)"', page)
        address = f"/people{onwards[1].replace('&amp;', '&')}" if onwards else ""
    assert sorted(found) == sorted(f"Naam {n}" for n in range(60))


def test_an_address_that_begins_no_page_of_the_list_cannot_be_read(office):
    assert signed_in("bea").get("/people?after=x").status_code == 400


def test_who_does_not_agree_says_why_on_a_page_of_its_own_and_an_empty_reason_confirms_nothing(office):
    signed_in("bea").post("/people/new", {**JOINER, "joiner-roles": ["auditor"]})
    key = office.rows("SELECT id FROM permissions_memberchange")[0][0]
    bert = signed_in("bert")
    assert bert.post(f"/people/{key}/refuse", {"refusal-text": ""}).status_code == 422
    waits = "SELECT done_at, withdrawn_by_id FROM permissions_memberchange"
    assert office.rows(waits) == [(None, None)]
    assert bert.post(f"/people/{key}/refuse", {"refusal-text": "Niet afgesproken."}).status_code == 302
    assert office.rows(waits) == [(None, office.bert.person_id)]
