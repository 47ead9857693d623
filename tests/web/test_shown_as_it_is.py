"""What was typed is shown as it was typed, where it belongs and nowhere else; and a page leads to no other site."""

import re
from datetime import date
from html import unescape
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.utils import translation

from casework.selectors.said_rows import Place
from permissions.vocabulary import Action
from tests.web.test_kept_text import fields_of
from tests.world import FormClient, signed_in
from web.forms import ActForm
from web.templatetags.words import address, day
from workflows.calendars import local_midnight_after

MARKED = "Een zorg met <haakjes> & tekens."
SECRET = {"street": "Verzwegenlaan", "number": "9", "town": "Voorbeeldstad", "is_secret": "yes"}
ELSEWHERE = ("https://elders.voorbeeld.test/", "//elders.voorbeeld.test/", "/\\elders.voorbeeld.test", "javascript:x")


@pytest.mark.parametrize("there", ELSEWHERE)
def test_no_button_leads_to_another_site(world, there):
    lies = signed_in("lies")
    said = {"membership": str(world.lies.membership_id), "carried_to": there}
    for client, path, form in (
        (FormClient(), f"/language?next={quote(there, safe='')}", {"language": "en"}),
        (lies, f"/language?next={quote(there, safe='')}", {"language": "en"}),
        (lies, "/memberships", said),
    ):
        answer = client.post(path, form)
        assert answer.status_code in {302, 307}
        assert "elders" not in answer["Location"]
        assert answer["Location"].startswith("/")
    back = lies.post("/language?next=%2Fwork%3Ftab%3Dlate", {"language": "nl"})
    assert back["Location"] == "/work?tab=late", "a page of ours goes on where it was"


def test_a_note_and_a_package_are_words_and_no_markup(world):
    case = world.opened(note={"kind": "concern", "text": MARKED}).id
    handoff = world.delivered(case, items=["identity", "concern"])
    for who, path in (("lies", f"/cases/{case}"), ("lies", f"/handoffs/{handoff}"), ("wim", f"/handoffs/{handoff}")):
        page = signed_in(who).get(path).content.decode()
        assert "<haakjes>" not in page, path
        assert "&lt;haakjes&gt; &amp; tekens" in page, path


def test_what_is_offered_while_one_types_is_words_and_no_markup():
    offers = [("2026-1a2b3c", '"><script>x</script>')]
    form = ActForm(Action.REOPEN, ("new_signal",), choices={"new_signal-case": offers})
    drawn = str(form["new_signal-case"])
    assert "<script>" not in drawn
    assert "&lt;script&gt;" in drawn


def test_a_secret_address_is_marked_so_on_its_record_and_offered_to_nobody(world):
    case = world.opened(premises=SECRET).id
    client = signed_in("lies")
    page = client.get(f"/cases/{case}").content.decode()
    assert re.search(r'<li>Verzwegenlaan 9[^<]*<strong class="govuk-tag govuk-tag--red">', page)
    chosen = f"package-receiver={world.agency('wim')}&package-basis=WPG_18_1"
    form = client.get(f"/cases/{case}/prepare_handoff?{chosen}").content.decode()
    assert 'name="package-items"' in form
    assert "Verzwegenlaan" not in form


def test_a_password_goes_on_in_no_form(world):
    case, _ = world.track()
    client = signed_in("lies")
    client.handler.enforce_csrf_checks = True
    sent = {"note-kind": "concern", "note-text": MARKED, "password": "een-geheim-woord", "csrfmiddlewaretoken": "x" * 64}
    page = client.post(f"/cases/{case}/add_note", sent).content.decode()
    assert "&lt;haakjes&gt;" in page
    assert "een-geheim-woord" not in page


def test_a_form_that_was_sent_before_with_other_words_can_be_sent_as_another(world):
    case, _ = world.track()
    client = signed_in("lies")
    form = {"operation": str(uuid4()), "note-kind": "concern", "note-text": "Een eerste zorg."}
    assert client.post(f"/cases/{case}/add_note", form).status_code == 302
    answer = client.post(f"/cases/{case}/add_note", {**form, "note-text": "Een tweede zorg."})
    assert answer.status_code == 422
    again = fields_of(answer.content.decode())
    assert again["operation"] != form["operation"]
    assert client.post(f"/cases/{case}/add_note", {**form, **again}).status_code == 302
    assert world.count("casework_note") == 2


def test_a_list_is_shown_in_the_role_that_was_chosen(world):
    client = signed_in("wanda")
    assert world.people
    for role, other in (("police_liaison", "triage_decider"), ("triage_decider", "police_liaison")):
        page = client.get(f"/work?role={role}").content.decode()
        assert f'href="?role={other}">' in page
        assert f'href="?role={role}">' not in page


def test_the_next_page_of_a_log_is_of_the_same_case_and_period(world, monkeypatch):
    monkeypatch.setattr("casework.oversight.access_log.PAGE", 2)
    world.track("triage")
    called = world.rows("SELECT reference FROM casework_participation")[0][0]
    page = signed_in("arie").get(f"/access-review?case={called}&period=all").content.decode()
    (further,) = re.findall(r'href="(\?[^"]*after=[^"]*)"', page)
    assert f"case={called}" in unescape(further)
    assert "period=all" in unescape(further)


def test_a_report_about_nobody_and_nowhere_is_told_so_and_keeps_what_was_chosen(world):
    answer = signed_in("joke").post("/referrals/new", {"note-kind": "concern", "note-text": "Een zorg."})
    assert answer.status_code == 422
    assert "Vul minstens een adres of een persoon in" in answer.content.decode()
    chosen = signed_in("joke").post("/referrals/new", {"note-kind": "need", "note-text": ""})
    assert chosen.status_code == 422
    assert re.search(r'value="need"[^>]*(?:checked|selected)', chosen.content.decode())
    assert world.count("casework_case") == 0


def test_who_reports_is_protected_unless_somebody_says_otherwise(world):
    assert world.people
    page = signed_in("joke").get("/referrals/new").content.decode()
    (drawn,) = re.findall(r'<input[^>]*name="package-source_protected"[^>]*value="yes"[^>]*>', page)
    assert "checked" in drawn


def test_a_term_is_said_by_its_last_day_and_an_address_by_its_country():
    with translation.override("nl"):
        assert day(local_midnight_after(date(2027, 1, 18))) == "18 januari 2027"
    abroad = Place("Rue Exemple", "3", "1000", "Brussel", "Belgie", is_secret=False)
    assert address(abroad) == "Rue Exemple 3, 1000 Brussel, Belgie"


def test_who_reported_is_shown_once_a_reason_is_given_and_not_before(world):
    source = {"kind": "citizen", "name": "Buurvrouw Bron", "contact": "06-00000000", "protected": "yes"}
    case = world.opened("wim", source=source).id
    client = signed_in("wim")
    for answer in (client.get(f"/cases/{case}/reveal_source"), client.post(f"/cases/{case}/reveal_source", {})):
        assert "Buurvrouw Bron" not in answer.content.decode()
    page = client.post(f"/cases/{case}/reveal_source", {"reveal-code": "safety"}).content.decode()
    assert "Buurvrouw Bron" in page
