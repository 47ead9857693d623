"""What is typed and not sent is stored for who typed it: it stands on its page again, until it is sent or thrown away."""

import json
from html import unescape
from uuid import uuid4

import pytest

from casework.actions.perform import perform
from permissions.vocabulary import Action
from tests.web.test_kept_text import TEXT, fields_of, found_in, two_hats
from tests.world import FormClient, checklist, signed_in

__all__ = ["two_hats"]
QUIETLY, BUTTON, DROP = {"do": "draft_quietly"}, {"do": "draft"}, {"do": "drop_draft"}
BACK = "teruggezet"
LONG = "Zij vertelt wat er gebeurde en wat zij nodig heeft. " * 180
"""Longer than most fields take, and no longer than the longest."""


def typed_on(client, address, **more):
    """The form of a page as a browser would send it, with something typed in it."""
    return {**fields_of(client.get(address).content.decode()), **more}


@pytest.fixture
def noted(world):
    """Lies typed a note on a case, and her browser stored it."""
    case, _ = world.track()
    client, address = signed_in("lies"), f"/cases/{case}/add_note"
    form = typed_on(client, address, **{"note-kind": "concern", "note-text": TEXT})
    answer = client.post(address, {**form, **QUIETLY})
    assert answer.status_code == 200, answer.content
    return case, client, address, form, answer


def test_what_was_typed_stands_on_its_page_again_and_is_sent_from_there(world, noted):
    _, client, address, _, answer = noted
    assert "Concept bewaard om" in json.loads(answer.content)["line"]
    page = client.get(address)
    assert page.status_code == 200
    text = page.content.decode()
    assert BACK in text
    assert "Er is een probleem" not in text, "a draft is not complained of before it is sent"
    again = fields_of(text)
    assert again["note-text"].replace("\r\n", "\n") == TEXT
    assert 'value="concern" selected' in text or found_in(r'value="concern"[^>]*(checked|selected)', text)
    assert world.count("casework_note") == 0
    assert client.post(address, {**again, "note-kind": "concern"}).status_code == 302
    assert world.rows("SELECT text FROM casework_note") == [(TEXT,)]
    assert world.count("casework_draft") == 0, "what is sent is no draft any more"
    assert BACK not in client.get(address).content.decode()


def test_a_draft_is_no_entry_on_the_trail_and_stands_nowhere_in_clear(world, noted):
    _, client, address, form, _ = noted
    before = world.count("audit_entry")
    for ending in ("een", "twee"):
        client.post(address, {**form, **QUIETLY, "note-text": f"{TEXT} {ending}"})
    assert world.count("audit_entry") == before
    ((sealed,),) = world.rows("SELECT sealed FROM casework_draft")
    assert "relaas" not in sealed
    assert world.count("casework_draft") == 1, "one for each place"


def test_a_draft_that_comes_after_its_form_was_sent_does_not_come_back(world, noted):
    _, client, address, form, _ = noted
    assert client.post(address, form).status_code == 302
    late = client.post(address, {**form, **QUIETLY})
    assert late.status_code == 200
    assert world.count("casework_draft") == 0


def test_a_refused_act_leaves_its_draft(world, noted):
    _, client, address, form, _ = noted
    refused = client.post(address, {**form, "note-kind": ""})
    assert refused.status_code == 422
    assert BACK in client.get(address).content.decode()


def test_without_a_script_a_button_stores_it_and_says_so(world):
    case, _ = world.track()
    client, address = signed_in("lies"), f"/cases/{case}/add_note"
    page = client.get(address).content.decode()
    assert "Bewaar als concept" in page
    done = client.post(address, {**fields_of(page), **BUTTON, "note-text": TEXT})
    assert (done.status_code, done["Location"]) == (302, address)
    text = client.get(address).content.decode()
    assert "Concept bewaard om" in text
    assert fields_of(text)["note-text"].replace("\r\n", "\n") == TEXT
    assert world.count("casework_note") == 0


def test_a_draft_can_be_thrown_away(world, noted):
    _, client, address, _, _ = noted
    done = client.post(address, {"drawn": fields_of(client.get(address).content.decode())["drawn"], **DROP})
    assert (done.status_code, done["Location"]) == (302, address)
    page = client.get(address).content.decode()
    assert "weggegooid" in page
    assert TEXT.split("\n")[0] not in page
    assert world.count("casework_draft") == 0


def test_an_empty_form_is_no_draft(world, noted):
    _, client, address, form, _ = noted
    client.post(address, {**form, **QUIETLY, "note-text": " ", "note-kind": "", "note-date": ""})
    assert world.count("casework_draft") == 0


def test_a_draft_stands_on_no_other_page(world, noted):
    case, client, _, _, _ = noted
    other, _ = world.track()
    for address in (f"/cases/{other}/add_note", f"/cases/{case}/write_record", "/referrals/new"):
        assert BACK not in client.get(address).content.decode(), address


def test_what_is_not_finished_is_stored_too(world):
    case, _ = world.track()
    client, address = signed_in("lies"), f"/cases/{case}/add_note"
    client.post(address, {**typed_on(client, address), **QUIETLY, "note-date": "27-", "note-text": LONG})
    again = client.get(address).content.decode()
    assert 'value="27-"' in again
    assert LONG in again


def test_an_intake_is_a_draft_with_what_is_to_be_shared(world):
    client = signed_in("joke")
    form = typed_on(client, "/referrals/new", **{"note-text": TEXT, "person-family_name": "Proef", "share": "yes"})
    form |= {"package-why_items": "Nodig om te oordelen, zegt Joke.", "note-kind": "concern", "note-date": ""}
    assert client.post("/referrals/new", {**form, **QUIETLY}).status_code == 200
    text = client.get("/referrals/new").content.decode()
    again = fields_of(text)
    assert BACK in text
    assert again["note-text"].replace("\r\n", "\n") == TEXT
    assert again["package-why_items"] == "Nodig om te oordelen, zegt Joke."
    assert 'name="share" value="yes" checked' in text
    assert "Opgezocht" not in text, "nobody was looked up"
    assert (
        client.post(
            "/referrals/new",
            {**again, "person-family_name": "Proef", "person-role": "minor", "note-kind": "concern", "do": "save"},
        ).status_code
        == 302
    )
    assert world.count("casework_draft") == 0


def test_the_draft_of_a_step_stands_on_its_track(world):
    _, track = world.track("triage")
    client, address = signed_in("dirk"), f"/tracks/{track}/decline"
    client.post(address, {**typed_on(client, address), **QUIETLY, "reason-text": "Een reden die nog niet af is."})
    assert "Een reden die nog niet af is." in client.get(address).content.decode()


def test_a_draft_whose_step_a_colleague_took_meanwhile_is_shown_to_be_copied(world):
    _, track = world.track("triage")
    client, address = signed_in("dirk"), f"/tracks/{track}/decline"
    client.post(address, {**typed_on(client, address), **QUIETLY, "reason-text": "Een reden die nog niet af is."})
    assert client.get(address).status_code == 200
    perform(world.dirk, Action.PLAN_VISIT, track, checklist())
    late = client.get(address)
    assert late.status_code == 409
    assert "Een reden die nog niet af is." in late.content.decode()


def test_the_draft_of_a_handoff_stands_at_its_receiver_before_anybody_is_named(world):
    case, _ = world.track()
    handoff = world.delivered(case)
    client, address = signed_in("vera"), f"/handoffs/{handoff}/refuse_handoff"
    perform(world.vera, Action.ACKNOWLEDGE_HANDOFF, handoff)
    client.post(address, {**typed_on(client, address), **QUIETLY, "reason-text": "Een reden die nog niet af is."})
    assert "Een reden die nog niet af is." in client.get(address).content.decode()


def test_what_the_address_fills_in_goes_before_a_draft_about_something_else(world, noted):
    _, client, address, _, _ = noted
    assert BACK in client.get(f"{address}?note-kind=concern").content.decode()
    other = client.get(f"{address}?note-kind=observed_fact").content.decode()
    assert BACK not in other
    assert world.count("casework_draft") == 1


def test_a_draft_of_another_membership_is_not_stored_in_this_one(world, two_hats, noted):
    _, client, address, form, _ = noted
    client.post("/memberships", {"membership": str(two_hats)})
    answer = client.post(address, {**form, **QUIETLY, "note-text": "Iets heel anders."})
    assert answer.status_code == 409
    assert world.count("casework_draft") == 1


def test_where_nobody_is_signed_in_any_more_nothing_is_stored(world, noted):
    _, client, address, form, _ = noted
    client.post("/account/sign-out")
    answer = client.post(address, {**form, **QUIETLY, "note-text": "Iets heel anders."})
    assert answer.status_code == 403
    assert "Idle-Left" not in answer.headers
    assert BACK in signed_in("lies").get(address).content.decode()


def test_nobody_stores_a_draft_of_what_they_may_not_do_or_see(world):
    case, track = world.track("triage")
    drawn = typed_on(signed_in("leo"), "/search")["drawn"]
    form = {"drawn": drawn, "operation": str(uuid4()), **QUIETLY, "note-text": TEXT, "reason-text": TEXT}
    leo = signed_in("leo")
    assert leo.post(f"/cases/{case}/add_note", form).status_code == 404, "a case on which he is not named"
    assert leo.post(f"/cases/{uuid4()}/add_note", form).status_code == 404
    assert signed_in("lies").post(f"/tracks/{track}/decline_report", {**form, "drawn": ""}).status_code == 403
    assert world.count("casework_draft") == 0


def test_how_long_somebody_is_still_signed_in_is_told_with_each_draft_and_by_the_question_of_a_script(world, noted):
    _, client, _, _, answer = noted
    assert 0 < int(answer.headers["Idle-Left"]) <= 900
    assert 0 < int(client.get("/health").headers["Idle-Left"]) <= 900
    client.post("/account/sign-out")
    assert "Idle-Left" not in client.get("/health").headers


def test_every_page_offers_to_lock_the_screen_and_says_when_it_locks(world):
    client = signed_in("lies")
    page = client.get("/work").content.decode()
    assert 0 < int(found_in(r'id="lock"[^>]*data-left="(\d+)"', page)) <= 900
    assert 'role="alertdialog"' in page
    assert 'id="lock"' not in FormClient().get("/account/sign-in").content.decode()


def test_the_list_of_work_names_where_drafts_were_left_and_no_word_of_them(world):
    client = signed_in("lies")
    assert "Uw concepten" not in client.get("/work").content.decode()
    addresses = ["/referrals/new"]
    for _ in range(6):
        case, _ = world.track()
        addresses.append(f"/cases/{case}/add_note")
    for address in addresses:
        client.post(address, {**typed_on(client, address), **QUIETLY, "note-text": TEXT})
    first = client.get("/work").content.decode()
    assert "Uw concepten" in first
    assert "relaas" not in first
    following = unescape(found_in(r'href="(\?[^"]*drafts=[^"]+)"', first))
    second = client.get(f"/work{following}").content.decode()
    panels = [found_in(r'(?s)aria-labelledby="drafts"(.*?)</section>', page) for page in (first, second)]
    listed = [[address for address in addresses if f'href="{address}"' in panel] for panel in panels]
    assert [len(one) for one in listed] == [5, 2]
    assert set(listed[0]) | set(listed[1]) == set(addresses)
    assert "Uw concepten" not in signed_in("dirk").get("/work").content.decode()


def test_the_draft_of_a_case_that_is_taken_away_is_listed_no_more(world, noted):
    case, client, _, _, _ = noted
    assert "Uw concepten" in client.get("/work").content.decode()
    perform(world.saskia, Action.ASSIGN, case, {"assignment": {"person": world.lies.person_id, "remove": "yes"}})
    assert "Uw concepten" not in client.get("/work").content.decode()
