"""What a page says before anything else: whose turn it is, how far the work is, what goes first, what happens then."""

import re
from html import unescape
from uuid import uuid4

import pytest

from casework.actions.perform import perform
from permissions.vocabulary import Action
from tests.web.test_as_used import main_of
from tests.web.test_frame import plant, terms
from tests.world import PERSON, PREMISES, another, signed_in
from workflows.tracks import MAIN_LINE, TRACKS, phase_of

SECRET = {**PREMISES, "street": "Verzwegenlaan", "is_secret": "yes"}


def words(answer):
    return re.sub(r"\s+", " ", main_of(answer)).strip()


def panels(client, address="/work"):
    """The panels of the worklist in their order, each with how many rows stand in it."""
    page = client.get(address).content.decode()
    found = re.findall(r'<section class="panel[^>]*aria-labelledby="panel-(\w+)">(.*?)</section>', page, re.DOTALL)
    return [(name, inside.count('<li class="row">')) for name, inside in found]


@pytest.mark.parametrize(
    ("state", "who", "turn"),
    [
        ("draft", "lies", "U"),
        ("submitted", "dirk", "U"),
        ("submitted", "lies", "triagebeslisser"),
        ("visit_done", "lies", "U"),
        ("visit_done", "dirk", "politieliaison"),
    ],
)
def test_a_case_page_says_whose_turn_it_is(world, state, who, turn):
    case, _ = world.track(state)
    said = words(signed_in(who).get(f"/cases/{case}"))
    assert f"Aan zet {turn} Eerstvolgende termijn" in said


def test_the_one_filled_button_of_a_case_is_the_step_that_its_state_expects(world):
    case, track = world.track("visit_done")
    page = signed_in("lies").get(f"/cases/{case}").content.decode()
    filled = re.findall(r'<a class="govuk-button" href="([^"]+)"', page)
    assert filled == [f"/tracks/{track}/warn"]
    assert "/escalate" in page, "other ways out are offered too"


def test_a_case_is_headed_by_whom_and_where_and_how_far_it_has_come(world):
    case, _ = world.track("visit_done")
    said = words(signed_in("lies").get(f"/cases/{case}"))
    assert re.match(r"Testpersoon Proef \(\d\d\) Proefstraat 1, Voorbeeldstad · zaak 2026-\w{6} ", said)
    way = re.findall(r'<li class="is-(\w+)"', signed_in("lies").get(f"/cases/{case}").content.decode())
    assert way == ["done", "done", "now", "later", "later"]
    assert "Bezoek sinds" in said


def test_an_age_that_is_not_known_to_the_day_is_not_made_up(world):
    case = world.opened(person={"role": "subject", "family_name": "Proef", "birth_date": "1984"}).id
    assert words(signed_in("lies").get(f"/cases/{case}")).startswith("Proef Proefstraat 1")
    case = world.opened(person={"role": "subject", "family_name": "Toets", "estimated_age": 30}).id
    assert words(signed_in("lies").get(f"/cases/{case}")).startswith("Toets (ongeveer 30) ")


def test_what_a_track_never_entered_is_skipped_and_not_done(world):
    case, track = world.track("triage")
    reason = {"reason": {"code": "other", "text": "Een verzonnen reden van genoeg tekens."}}
    perform(world.dirk, Action.DECLINE, track, {**reason, "sender_informed": {"date": "today"}})
    page = signed_in("dirk").get(f"/cases/{case}").content.decode()
    assert re.findall(r'<li class="is-(\w+)"', page) == ["done", "done", "skipped", "skipped", "now"]


def test_who_submitted_is_not_said_to_be_next(world):
    case, track = world.track()
    perform(world.dirk, Action.SUBMIT, track)
    assert "Aan zet triagebeslisser Eerstvolgende termijn" in words(signed_in("dirk").get(f"/cases/{case}"))


def test_who_has_no_step_in_a_handoff_is_not_said_to_be_next(world):
    handoff = world.delivered(world.track("visit_done")[0])
    for who in ("karin", "lies"):
        page = signed_in(who).get(f"/handoffs/{handoff}")
        assert "Aan zet een collega of de andere organisatie" in words(page), who
        assert not re.findall(r'<a class="govuk-button" href', page.content.decode())
    made = world.package(world.track("visit_done")[0])
    said = words(signed_in("lies").get(f"/handoffs/{made}"))
    assert "Aan zet een collega" in said, "who chose the items does not check them"


def test_starting_work_is_not_said_to_end_it(world):
    handoff = world.delivered(world.track("visit_done")[0])
    perform(world.wim, Action.ACCEPT_HANDOFF, handoff)
    said = words(signed_in("wim").get(f"/handoffs/{handoff}/start_work"))
    assert "De status wordt: gestart." in said
    assert "Daarmee is dit traject afgerond" not in said


def test_a_secret_address_that_heads_a_case_is_marked(world):
    case = world.opened(premises=SECRET, person=[]).id
    assert words(signed_in("lies").get(f"/cases/{case}")).startswith("Verzwegenlaan 1, Voorbeeldstad geheim")


def test_the_head_the_line_and_the_list_name_the_same_person(world):
    case = world.opened(person=[{**PERSON, "given_names": name} for name in ("Eerste", "Tweede", "Derde")]).id
    client = signed_in("lies")
    named = re.search(r"(Eerste|Tweede|Derde) Proef", words(client.get(f"/cases/{case}")))
    assert named
    for address in (f"/cases/{case}/add_note", "/work"):
        assert re.findall(r"(?:Eerste|Tweede|Derde) Proef", words(client.get(address)))[0] == named[0], address


def test_a_later_page_of_people_heads_nobody(world):
    people = [PERSON, *({"role": "household_member", "given_names": f"Proef {another(n)}"} for n in range(60))]
    case = world.opened(person=people).id
    client = signed_in("lies")
    page = client.get(f"/cases/{case}").content.decode()
    onward = re.search(r'href="(\?people=[^"]+)"', page)
    assert onward
    heads = {words(client.get(f"/cases/{case}{more}"))[:11] for more in ("", unescape(onward[1]))}
    assert heads <= {"Testpersoon", "Proefstraat"}, "the subject, or nobody: never whoever stands on this page"


def test_the_bar_searches_for_who_has_several_roles_too(world):
    client = signed_in("wanda")
    bar = re.search(r'<form class="bar__search".*?</form>', client.get("/work").content.decode(), re.DOTALL)
    assert bar
    drawn = re.search(r'name="drawn" value="([^"]+)"', bar[0])
    assert drawn
    answer = client.post("/search", {"search-words": "Proef", "drawn": unescape(drawn[1])})
    assert "Gevonden in uw zaken" in words(answer) or "Geen treffer in uw zaken" in words(answer)
    assert "Uw functies" not in words(answer)


@pytest.mark.parametrize("kind", TRACKS)
def test_the_main_line_of_a_track_is_walked_by_its_states(kind):
    walked = {phase_of(kind, state) for state in TRACKS[kind].states}
    assert set(MAIN_LINE[kind]) <= walked
    assert MAIN_LINE[kind][0] == phase_of(kind, TRACKS[kind].start)
    assert MAIN_LINE[kind][-1] == "closed"


def test_the_worklist_stands_in_panels_and_its_first_button_alone_is_filled(world):
    terms(world, -3, 100, 200)
    client = signed_in("dirk")
    assert panels(client) == [("late", 1), ("later", 2)]
    page = client.get("/work").content.decode()
    assert len(re.findall(r'<a class="govuk-button small-button"', page)) == 1
    assert page.index('class="govuk-button small-button"') < page.index('id="panel-later"')


def test_what_came_in_and_what_needs_a_decision_stand_apart_and_acute_before_everything(world):
    case, track = world.track("visit_done")
    world.delivered(world.track("visit_done")[0])
    acute = world.delivered(case, acute="yes")
    found = panels(signed_in("vera"))
    assert [name for name, _ in found][:2] == ["first", "came_in"]
    assert f"/handoffs/{acute}" in signed_in("vera").get("/work").content.decode()
    reason = {"approval": {"action": "close_unwarned", "text": "Een verzonnen reden van genoeg tekens."}}
    perform(world.lies, Action.ASK_APPROVAL, track, reason)
    assert ("to_decide", 1) in panels(signed_in("dirk"))
    assert panels(signed_in("lies"), "/work?tab=waiting")[0][0] == "waiting"


def test_a_page_of_an_act_names_its_case_and_never_a_secret_address(world):
    case, track = world.track("triage")
    for address in (f"/cases/{case}/add_note", f"/tracks/{track}/plan_visit", f"/cases/{case}/reveal_source"):
        said = words(signed_in("dirk").get(address))
        assert re.search(r"Zaak 2026-\w{6} Testpersoon Proef Proefstraat 1, Voorbeeldstad Triage: over ", said), said[:200]
    hidden = world.opened(premises=SECRET).id
    said = words(signed_in("lies").get(f"/cases/{hidden}/add_note"))
    assert "geheim adres" in said
    assert "Verzwegenlaan" not in said


def test_what_the_line_above_a_form_shows_stands_on_the_trail(world):
    case, _ = world.track()
    query = (
        "SELECT additional_data -> 'shown' FROM audit_entry WHERE word = 'add_note' AND verb = 'consult' AND case_id = %s"
        " ORDER BY id DESC LIMIT 1"
    )
    signed_in("lies").get(f"/cases/{case}/add_note")
    assert world.rows(query, case)[0][0] == ["people", "premises", "tracks"]
    hidden = world.opened(premises=SECRET).id
    signed_in("lies").get(f"/cases/{hidden}/add_note")
    assert world.rows(query, hidden)[0][0] == ["people", "tracks"]


def test_a_step_says_before_its_button_what_happens_then(world):
    _, track = world.track("submitted")
    assert "De status wordt: triage. Aan zet: triagebeslisser." in words(signed_in("dirk").get(f"/tracks/{track}/take_up"))
    case, _ = world.track("visit_done")
    handoff = world.package(case)
    said = words(signed_in("lies").get(f"/handoffs/{handoff}/withdraw_handoff"))
    assert "De status wordt: ingetrokken." in said
    assert "Daarmee is dit traject afgerond." not in said, "a handoff ends, and no track"
    perform(world.karin, Action.CHECK_HANDOFF, handoff)
    said = words(signed_in("lies").get(f"/handoffs/{handoff}/send_handoff"))
    assert "Veilig Thuis Proefstad kan dan lezen wat hierboven staat." in said


def test_what_was_done_is_said_once(world):
    case, _ = world.track()
    client = signed_in("lies")
    form = {"note-kind": "concern", "note-text": "Een zorg."}
    answer = client.post(
        f"/cases/{case}/add_note", {**form, "operation": "5d3b1a6e-2f0c-4a35-9d0b-0d3b5a1c7e11"}, follow=False
    )
    assert answer.status_code == 302
    assert "Vastgelegd: notitie toevoegen." in words(client.get(f"/cases/{case}"))
    assert "Vastgelegd" not in words(client.get(f"/cases/{case}"))


def test_a_term_with_a_time_of_day_is_told_by_the_clock(world):
    _, track = world.track("submitted")
    told = {"-18 hours -10 minutes": "18 uur te laat", "-25 minutes -10 seconds": "25 minuten te laat"}
    told |= {"40 minutes 30 seconds": "Nog 40 minuten", "7 hours 5 minutes": "Nog 7 uur"}
    for away, said in told.items():
        plant(
            world,
            "UPDATE casework_deadline SET due_at = now() + %s::interval WHERE track_id = %s AND clock = 'TAKE_UP'",
            away,
            track,
        )
        assert said.lower() in words(signed_in("dirk").get("/work")).lower(), said


def test_what_arrived_is_decided_on_with_accepting_first(world):
    case, _ = world.track("visit_done")
    handoff = world.delivered(case)
    vera = signed_in("vera")
    assert f'href="/handoffs/{handoff}">Besluiten' in vera.get("/work").content.decode()
    page = vera.get(f"/handoffs/{handoff}").content.decode()
    assert re.findall(r'<a class="govuk-button" href="([^"]+)"', page) == [f"/handoffs/{handoff}/accept_handoff"]
    vera.post(f"/handoffs/{handoff}/accept_handoff", {"operation": str(uuid4())})
    taken = world.rows("SELECT target FROM casework_steptaken WHERE handoff_id = %s ORDER BY made_at, id", handoff)
    assert {"acknowledged", "accepted"} <= {target for (target,) in taken}, "one act says both"


def test_the_bar_searches_and_the_page_it_leads_to_answers(world):
    world.track()
    client = signed_in("lies")
    page = client.get("/work").content.decode()
    bar = re.search(r'<form class="bar__search".*?</form>', page, re.DOTALL)
    assert bar
    drawn = re.search(r'name="drawn" value="([^"]+)"', bar[0])
    assert drawn
    answer = client.post("/search", {"search-words": "Proef", "drawn": unescape(drawn[1])})
    assert answer.status_code == 200
    assert "Testpersoon Proef" in words(answer)
    assert "bar__search" not in signed_in("arie").get("/workbench").content.decode(), "who may not search is offered nothing"
