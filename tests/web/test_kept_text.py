"""What somebody typed is never lost: another membership, another language, a session that ended, a form that expired."""

import re
import time
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings

from casework.input.fields import LONGEST
from permissions.cipher import box_for
from permissions.vocabulary import Role
from tests.world import PASSWORD, FormClient, signed_in, with_factor
from web.carrying import LONGEST_CARRY

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
TEXT = "Een bedacht relaas: regel één.\nEn een tweede regel met <haakjes> & tekens."


def found_in(pattern, page):
    """What the one group of a pattern matches on a page."""
    match = re.search(pattern, page)
    assert match, pattern
    return match[1]


def fields_of(page, form="act"):
    """Every field of a form as a browser would send it."""
    inside = re.search(rf'<form[^>]*id="{form}".*?</form>', page, re.DOTALL)
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', inside[0] if inside else page)
    found += re.findall(r'<textarea[^>]*? name="([^"]+)"[^>]*>\n?(.*?)</textarea>', inside[0] if inside else page, re.DOTALL)
    return {name: unescape(value) for name, value in found}


@pytest.fixture
def two_hats(world):
    """Lies also works for Veilig Thuis, where she could open a case as well."""
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute(
        "INSERT INTO permissions_membership (id, user_id, agency_id, roles, starts_at)"
        " SELECT gen_random_uuid(), %s, %s, %s, now() - interval '1 day'",
        [world.lies.person_id, world.agency("wim"), [str(Role.CASEWORKER)]],
    )
    world.superuser.execute("SET session_replication_role = origin")
    (other,) = world.rows(
        "SELECT id FROM permissions_membership WHERE user_id = %s AND agency_id = %s",
        world.lies.person_id,
        world.agency("wim"),
    )
    return other[0]


def test_a_form_of_another_membership_is_refused_and_its_text_kept(world, two_hats):
    case, _ = world.track()
    client = signed_in("lies")
    police = str(world.lies.membership_id)
    client.post("/memberships", {"membership": police})
    form = fields_of(client.get(f"/cases/{case}/add_note").content.decode())
    assert form["drawn"].startswith(police)
    client.post("/memberships", {"membership": str(two_hats)})
    answer = client.post(f"/cases/{case}/add_note", {**form, "note-kind": "concern", "note-text": TEXT})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "ander lidmaatschap" in page
    kept = fields_of(page, "carried")
    assert kept["note-text"].replace("\r\n", "\n") == TEXT
    assert world.count("casework_note") == 0
    back = client.post("/memberships", kept)
    assert (back.status_code, back["Location"]) == (307, f"/cases/{case}/add_note")
    again = client.post(back["Location"], kept)
    assert again.status_code == 422
    assert fields_of(again.content.decode())["note-text"] == TEXT
    assert world.count("casework_note") == 0, "drawn again, and nothing done"
    done = client.post(back["Location"], {**fields_of(again.content.decode()), "note-kind": "concern"})
    assert done.status_code == 302
    assert world.rows("SELECT text FROM casework_note") == [(TEXT,)]


@pytest.mark.parametrize("address", ["/referrals/new", "/search", "/known-checks/new", "/emergency", "/visit-plan"])
def test_every_page_with_a_form_compares_how_it_was_drawn(world, two_hats, address):
    client = signed_in("lies")
    for chosen in (str(world.lies.membership_id),):
        client.post("/memberships", {"membership": chosen})
    page = client.get(address if address != "/emergency" else "/search").content.decode()  # that page asks a password first
    drawn = found_in(r'name="drawn" value="([^"]+)"', page)
    client.post("/memberships", {"membership": str(two_hats)})
    before = world.count("casework_operation"), world.count("casework_case")
    answer = client.post(address, {"drawn": drawn, "search-words": "Proef", "known-text": TEXT, "lines": "x"})
    assert answer.status_code == 409
    assert "ander lidmaatschap" in answer.content.decode()
    assert before == (world.count("casework_operation"), world.count("casework_case"))


def test_switching_the_language_returns_to_the_page_with_what_was_typed(world):
    case, _ = world.track()
    client = signed_in("lies")
    page = client.get(f"/cases/{case}/add_note").content.decode()
    address = found_in(r'formaction="([^"]+)" name="language"', page)
    form = {**fields_of(page), "note-kind": "concern", "note-text": TEXT, "language": "en"}
    answer = client.post(unescape(address), form)
    assert answer.status_code == 307
    english = client.post(answer["Location"], form)
    assert 'lang="en"' in english.content.decode()
    assert fields_of(english.content.decode())["note-text"] == TEXT
    assert world.count("casework_note") == 0
    assert (
        client.post(answer["Location"], {**fields_of(english.content.decode()), "note-kind": "concern"}).status_code == 302
    )


def test_a_role_that_was_taken_meanwhile_draws_the_form_again(world):
    case, _ = world.track()
    client = signed_in("lies")
    form = fields_of(client.get(f"/cases/{case}/add_note").content.decode())
    form["drawn"] = form["drawn"].replace("police_liaison", "police_liaison+supervisor")
    answer = client.post(f"/cases/{case}/add_note", {**form, "note-kind": "concern", "note-text": TEXT})
    assert answer.status_code == 422
    assert fields_of(answer.content.decode())["note-text"] == TEXT
    assert world.count("casework_note") == 0


def ended(client):
    client.cookies.pop(settings.SESSION_COOKIE_NAME)


def test_what_was_typed_before_the_session_ended_is_there_after_signing_in(world):
    case, _ = world.track()
    client = signed_in("lies")
    form = {**fields_of(client.get(f"/cases/{case}/add_note").content.decode()), "note-kind": "concern", "note-text": TEXT}
    ended(client)
    answer = client.post(f"/cases/{case}/add_note", form)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "bedacht relaas" not in page, "whoever finds the sign-in page reads nothing"
    sent = {"carried": found_in(r'name="carried" value="([^"]+)"', page), "next": f"/cases/{case}/add_note"}
    wrong = client.post("/account/sign-in", {**sent, "login": "lies", "password": "niet goed"}).content.decode()
    assert sent["carried"] in wrong, "a wrong password loses nothing"
    back = client.post("/account/sign-in", {**sent, "login": "lies", "password": PASSWORD})
    kept = fields_of(back.content.decode(), "carried")
    assert back.status_code == 200
    again = client.post(f"/cases/{case}/add_note", kept)
    assert fields_of(again.content.decode())["note-text"] == TEXT
    assert world.count("casework_note") == 0
    assert world.rows("SELECT count(*) FROM django_session WHERE session_data LIKE %s", "%bedacht%") == [(0,)]


def test_what_was_typed_outlives_a_second_factor_that_is_asked_in_between(world):
    case, _ = world.track()
    client = signed_in("lies")
    form = {**fields_of(client.get(f"/cases/{case}/add_note").content.decode()), "note-kind": "concern", "note-text": TEXT}
    with_factor("lies", SECRET)
    ended(client)
    page = client.post(f"/cases/{case}/add_note", form).content.decode()
    sent = {"carried": found_in(r'name="carried" value="([^"]+)"', page), "next": f"/cases/{case}/add_note"}
    asks = client.post("/account/sign-in", {**sent, "login": "lies", "password": PASSWORD})
    assert (asks.status_code, client.get(f"/cases/{case}").status_code) == (200, 302), "nobody is signed in yet"
    assert "bedacht relaas" not in asks.content.decode()
    kept = {"carried": found_in(r'name="carried" value="([^"]+)"', asks.content.decode())}
    wrong = client.post("/account/second-factor/authenticate/", {**kept, "code": "geen"}).content.decode()
    assert kept["carried"] in wrong, "a wrong code loses nothing"
    code = format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))
    back = client.post("/account/second-factor/authenticate/", {**kept, "code": code})
    again = client.post(f"/cases/{case}/add_note", fields_of(back.content.decode(), "carried"))
    assert fields_of(again.content.decode())["note-text"] == TEXT
    assert world.count("casework_note") == 0
    assert world.rows("SELECT count(*) FROM django_session WHERE session_data LIKE %s", "%bedacht%") == [(0,)]


def test_somebody_else_who_signs_in_there_gets_nothing_of_it(world):
    case, _ = world.track()
    client = signed_in("lies")
    form = {**fields_of(client.get(f"/cases/{case}/add_note").content.decode()), "note-kind": "concern", "note-text": TEXT}
    ended(client)
    page = client.post(f"/cases/{case}/add_note", form).content.decode()
    sent = {"carried": found_in(r'name="carried" value="([^"]+)"', page), "next": f"/cases/{case}/add_note"}
    answer = client.post("/account/sign-in", {**sent, "login": "leo", "password": PASSWORD})
    assert answer.status_code == 302
    assert not parse_qsl(urlsplit(answer["Location"]).query)
    assert "bedacht relaas" not in client.get("/work").content.decode()


@pytest.mark.parametrize("left", ["a page", "a form"])
def test_who_signs_in_where_somebody_else_was_begins_at_home_and_is_accused_of_nothing(world, left):
    case, _ = world.track()
    client = FormClient()
    sign_in = {"password": PASSWORD, "next": f"/cases/{case}"}
    assert client.post("/account/sign-in", {**sign_in, "login": "lies"})["Location"] == f"/cases/{case}"
    form = {**fields_of(client.get(f"/cases/{case}/add_note").content.decode()), "note-kind": "concern", "note-text": TEXT}
    ended(client)
    if left == "a form":
        page = client.post(f"/cases/{case}/add_note", form).content.decode()
        sign_in["carried"] = found_in(r'name="carried" value="([^"]+)"', page)
    assert client.post("/account/sign-in", {**sign_in, "login": "leo"})["Location"] == "/", "leo does not work on this case"
    client.get("/")
    assert world.rows("SELECT word FROM audit_entry WHERE outcome <> 'done'") == []
    ended(client)
    sign_in.pop("carried", None)
    assert client.post("/account/sign-in", {**sign_in, "login": "lies"})["Location"] == "/", "nor the first one after that"
    ended(client)
    back = client.post("/account/sign-in", {"login": "lies", "password": PASSWORD, "next": f"/cases/{case}"})
    assert back["Location"] == f"/cases/{case}", "who was here last goes on where they left"


def test_an_expired_form_keeps_its_text_and_one_of_another_site_is_not_shown(world):
    case, _ = world.track()
    client = signed_in("lies")
    form = {"note-kind": "concern", "note-text": TEXT, "csrfmiddlewaretoken": "x" * 64}
    client.handler.enforce_csrf_checks = True
    answer = client.post(f"/cases/{case}/add_note", form)
    assert answer.status_code == 403
    assert fields_of(answer.content.decode(), "carried")["note-text"].replace("\r\n", "\n") == TEXT
    foreign = client.post(f"/cases/{case}/add_note", form, HTTP_ORIGIN="https://elders.example")
    assert foreign.status_code == 403
    assert "bedacht relaas" not in foreign.content.decode()
    assert world.count("casework_note") == 0


def test_a_text_of_ten_thousand_characters_is_stored_whole_and_a_longer_one_kept_and_told(world):
    case, _ = world.track()
    client = signed_in("lies")
    whole = ("Een zin. " * 1200)[: LONGEST - 1] + "!"
    page = client.get(f"/cases/{case}/add_note").content.decode()
    assert "maxlength" not in page
    assert "10.000" in page
    assert client.post(f"/cases/{case}/add_note", {"note-kind": "concern", "note-text": whole}).status_code == 302
    assert world.rows("SELECT length(text), right(text, 1) FROM casework_note") == [(LONGEST, "!")]
    answer = client.post(f"/cases/{case}/add_note", {"note-kind": "concern", "note-text": whole + " en nog 17 tekens"})
    assert answer.status_code == 422
    assert "Dit is 17 tekens te lang" in answer.content.decode()
    assert fields_of(answer.content.decode())["note-text"] == whole + " en nog 17 tekens"
    handoff = world.delivered(case, items=["identity", "concern"])
    assert len(world.rows("SELECT value FROM casework_packageitem WHERE \"group\" = 'concern'")[0][0]) > LONGEST
    assert whole[-200:].strip() in signed_in("wim").get(f"/handoffs/{handoff}").content.decode()


def test_a_refusal_shows_what_was_typed(world):
    case, _ = world.track()
    client = signed_in("joke")
    for address in (f"/cases/{case}/add_note", f"/handoffs/{world.package(case)}/refuse_handoff"):
        answer = client.post(
            address, {"note-kind": "concern", "note-text": TEXT, "reason-text": TEXT, "reason-code": "other"}
        )
        assert answer.status_code in {403, 404}
        assert "tweede regel met &lt;haakjes&gt;" in answer.content.decode()


@pytest.mark.parametrize(("age", "is_there"), [(LONGEST_CARRY - 60, True), (LONGEST_CARRY + 60, False)])
def test_what_was_typed_waits_in_a_sign_in_page_for_half_a_day_and_no_longer(world, age, is_there):
    case, _ = world.track()
    client = signed_in("lies")
    form = fields_of(client.get(f"/cases/{case}/add_note").content.decode())
    ended(client)
    page = client.post(f"/cases/{case}/add_note", {**form, "note-kind": "concern", "note-text": TEXT}).content.decode()
    box = box_for("carried")
    said = box.decrypt(found_in(r'name="carried" value="([^"]+)"', page).encode())
    older = box.encrypt_at_time(said, int(time.time()) - age).decode()
    sign_in = {"login": "lies", "password": PASSWORD, "carried": older}
    answer = FormClient().post("/account/sign-in", sign_in).content.decode()
    assert ("tweede regel met" in answer) is is_there
