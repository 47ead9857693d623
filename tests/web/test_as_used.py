"""What was seen while the product was used for a day: each thing once, as a test of its kind."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import translation

from casework.actions.perform import perform
from casework.input.parts import columns_of, parts_for
from casework.input.read import Malformed
from casework.input.schema import Kind
from permissions.vocabulary import Action, AgencyKind
from tests.web.test_kept_text import TEXT, fields_of
from tests.world import PASSWORD, PLAN, FormClient, signed_in
from web.forms import ActForm
from web.intake import intake_form, intake_of
from web.views.choices import of_agency
from web.views.track_acts import optional_parts
from web.words import complaint
from workflows.tracks import WORKFLOWS


def main_of(answer):
    """The words of a page, without its marks."""
    found = re.search(r'<main id="content">(.*?)</main>', answer.content.decode(), re.DOTALL)
    assert found
    inside = re.sub(r"<(?:textarea|option)[^>]*hidden[^>]*>.*?</(?:textarea|option)>", "", found[1], flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", inside))


def test_a_form_sent_after_every_cookie_is_gone_is_drawn_again_for_the_same_person(world):
    case, _ = world.track()
    form = fields_of(signed_in("lies").get(f"/cases/{case}/add_note").content.decode())
    visitor = FormClient(enforce_csrf_checks=True)
    answer = visitor.post(f"/cases/{case}/add_note", {**form, "note-kind": "concern", "note-text": TEXT})
    assert answer.status_code == 403
    assert TEXT not in answer.content.decode(), "whoever finds the sign-in page reads nothing"
    held = re.search(r'name="carried" value="([^"]+)"', answer.content.decode())
    assert held
    said = {"login": "lies", "password": PASSWORD, "carried": held[1], "next": "/"}
    page = FormClient().post("/account/sign-in", said).content.decode()
    assert TEXT in unescape(page).replace("\r\n", "\n")
    assert TEXT not in unescape(FormClient().post("/account/sign-in", {**said, "login": "dirk"}).content.decode())


def test_what_comes_from_another_site_is_carried_nowhere(world):
    case, _ = world.track()
    form = fields_of(signed_in("lies").get(f"/cases/{case}/add_note").content.decode())
    visitor = FormClient(enforce_csrf_checks=True)
    sent = {**form, "note-text": TEXT}
    answer = visitor.post(f"/cases/{case}/add_note", sent, HTTP_ORIGIN="https://elders.voorbeeld.test")
    assert 'name="carried"' not in answer.content.decode()


def test_a_record_on_which_no_work_began_is_not_closed(world):
    page = main_of(signed_in("joke").get(f"/cases/{world.opened('joke').id}"))
    assert "Vastgelegd, nog geen traject" in page
    assert "gesloten" not in page.lower()


@pytest.mark.parametrize("kind", [kind for kind in AgencyKind if intake_of(kind)])
def test_what_must_be_answered_is_never_called_optional_and_nothing_of_another_kind_of_agency_is_offered(kind):
    intake = intake_of(kind)
    assert intake
    with translation.override("nl"):
        form = intake_form(intake, None, of_agency(kind))
    assert all("Niet verplicht" not in form.fields[name].help_text for name in intake.required)
    offered = dict(form.fields["note-kind"].widget.choices)
    assert ("police_intelligence" in offered) == (kind is AgencyKind.POLICE)


def test_a_page_offers_the_bases_of_its_own_kind_of_agency_alone(world):
    case = world.opened("joke").id
    page = signed_in("joke").get(f"/cases/{case}/write_record").content.decode()
    assert "WPG_8" not in page
    assert "police_intelligence" not in page


def test_complaints_lead_to_the_field_and_name_part_and_field(world):
    _, track = world.track("triage")
    answer = signed_in("dirk").post(f"/tracks/{track}/plan_visit", {"known_children_checked-yes": "yes"})
    page = answer.content.decode()
    assert answer.status_code == 422
    links = dict(re.findall(r'<li><a href="#([^"]+)">([^<]+)</a></li>', page))
    assert "Bekende kinderen nagegaan, datum" in links["id_known_children_checked-date"]
    assert all(f'id="{place}"' in page for place in links), "every link leads to a field of the page"
    sent = {"known_children_checked-yes": "yes", "known_children_checked-date": "vandaag"}
    page = signed_in("dirk").post(f"/tracks/{track}/plan_visit", sent).content.decode()
    links = dict(re.findall(r'<li><a href="#([^"]+)">([^<]+)</a></li>', page))
    assert "id_known_children_checked-text" in links, "known children are to be named"
    assert {place.split("-")[0] for place in links} >= {"id_criteria", "id_exclusions", "id_prosecutor_approval"}
    assert all(f'id="{place}"' in page for place in links), "every link leads to a field of the page"


def test_the_page_of_a_case_has_a_door_to_the_report_on_children_that_were_found(world):
    case, track = world.track("visit_scheduled")
    report = {
        "visit_report": {"outcome": "warned", "date": "today", "warned": 1, "cautioned": "yes"},
        "child_check": {"code": "in_household"},
        "help_offer": {"code": "card", "date": "today"},
    }
    perform(world.lies, Action.RECORD_VISIT, track, report)
    page = signed_in("lies").get(f"/cases/{case}").content.decode()
    assert f"/cases/{case}/prepare_handoff?for=children" in page
    main = page.partition("<main")[2].partition("</main>")[0]
    assert main.count('class="govuk-button"') == 1, "one thing is the main thing"
    world.package(case)
    page = signed_in("lies").get(f"/cases/{case}").content.decode()
    assert "Termijnen" in page
    assert f"/cases/{case}/prepare_handoff?for=children" not in page, "it is being made"


def test_taking_back_is_never_the_main_button(world):
    case, _ = world.track("visit_done")
    for handoff in (world.package(case), world.delivered(case)):
        page = signed_in("lies").get(f"/handoffs/{handoff}").content.decode()
        buttons = re.findall(r'<a class="govuk-button( govuk-button--secondary small-button)?" href="[^"]*/(\w+)">', page)
        quiet = {step: bool(how) for how, step in buttons}
        assert quiet["withdraw_handoff"]
        assert quiet.get("rework_handoff", True)
        drawn = signed_in("lies").get(f"/handoffs/{handoff}/withdraw_handoff").content.decode()
        assert '<button class="govuk-button govuk-button--secondary">' in drawn
        assert '<button class="govuk-button">' not in drawn


def test_the_question_stands_where_it_is_answered(world):
    handoff = world.delivered(world.track("visit_done")[0])
    perform(world.vera, Action.ACKNOWLEDGE_HANDOFF, handoff)
    asked = {"question": {"code": "content", "text": "Hoe oud zijn de kinderen in dit gezin?"}}
    perform(world.vera, Action.RETURN_HANDOFF, handoff, asked)
    page = main_of(signed_in("lies").get(f"/handoffs/{handoff}/rework_handoff"))
    assert "Hoe oud zijn de kinderen" in page


def test_only_what_this_state_has_is_offered_for_approval(world):
    _, track = world.track("triage")
    page = signed_in("dirk").get(f"/tracks/{track}/ask_approval").content.decode()
    assert 'value="close_warning"' not in page
    assert 'value="escalate"' in page or 'value="no_concern_report"' in page


def test_a_code_is_never_shown_on_the_page_that_carries_what_was_typed(world):
    case, _ = world.track()
    client = signed_in("lies")
    form = fields_of(client.get(f"/cases/{case}/add_note").content.decode())
    strict = FormClient(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    sent = {**form, "note-kind": "observed_fact", "note-text": TEXT, "note-burdening": "yes"}
    page = main_of(strict.post(f"/cases/{case}/add_note", {**sent, "csrfmiddlewaretoken": "niet meer"}))
    assert "Waargenomen feit" in page
    assert "observed_fact" not in page
    assert "Een bedacht relaas" in page


def test_a_long_note_is_offered_by_its_beginning_and_whole_beside_it(world):
    case, _ = world.track()
    text = "Een lang relaas over het gezin. " * 20
    perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": text}})
    ends = f"package-receiver={world.agency('wim')}&package-basis=WPG_18_1"
    page = signed_in("lies").get(f"/cases/{case}/prepare_handoff?{ends}").content.decode()
    labels = re.findall(r'<label class="govuk-label govuk-checkboxes__label"[^>]*>(.*?)</label>', page, re.DOTALL)
    assert labels
    assert all(len(unescape(label)) <= 160 for label in labels)
    assert text.strip() in unescape(page)


def test_an_infix_is_part_of_a_name_wherever_somebody_is_chosen(world):
    person = {"role": "subject", "family_name": "Berg", "infix": "van den", "given_names": "Kim", "birth_date": "1984-05-01"}
    case = world.opened(person=person).id
    page = signed_in("lies").get(f"/cases/{case}/write_record").content.decode()
    assert "Kim van den Berg" in page
    assert "Kim Berg" not in page


def test_a_postcode_is_written_in_one_way(world):
    premises = {"street": "Proefstraat", "number": "9", "postcode": "1234ab", "town": "Voorbeeldstad"}
    case = world.opened(premises=premises).id
    assert "1234 AB Voorbeeldstad" in main_of(signed_in("lies").get(f"/cases/{case}"))


def test_the_language_by_address_changes_nothing_and_leads_home(world):
    assert signed_in("lies").get("/language")["Location"] == "/"
    assert Client().get("/language")["Location"] == "/account/sign-in"
    client = signed_in("lies")
    client.post("/language", {"language": "en"})
    assert not client.get("/language?language=nl").cookies
    assert client.get("/work").headers["Content-Language"] == "en"


def test_visits_are_counted_in_words_that_fit(world):
    _, track = world.track("visit_planned")
    client = signed_in("lies")
    form = fields_of(client.get("/visit-plan").content.decode())
    assert 'type="date"' not in client.get("/visit-plan").content.decode(), "one way to write a date"
    sent = {**form, "do": "grid", f"date-{track}": "morgen", f"officers-{track}": "Agent Een, Agent Twee"}
    sent |= {"subject": "Rustig.", "family": "Rustig.", "team": "Samen."}
    client.post("/visit-plan", sent)
    assert "1 bezoek is gepland" in main_of(client.get("/visit-plan"))


def test_nothing_that_was_typed_on_the_plan_is_dropped(world):
    (_, one), (_, two) = world.track("visit_planned"), world.track("visit_planned")
    client = signed_in("lies")
    words = {"subject": "Rustig.", "family": "Rustig.", "team": "Samen."}
    dated = {f"date-{one}": "morgen", f"officers-{one}": "Agent Een, Agent Twee"}

    def sent(**more):
        return {**fields_of(client.get("/visit-plan").content.decode()), "do": "grid", **words, **dated, **more}

    undated = client.post("/visit-plan", sent(**{f"officers-{two}": "Agent Drie, Agent Vier"}))
    assert undated.status_code == 422
    assert "Agent Drie, Agent Vier" in undated.content.decode()
    assert world.rows("SELECT DISTINCT state FROM casework_track WHERE kind = 'warning'") == [("visit_planned",)]
    beside = client.post("/visit-plan", sent(lines="2026-abcdef;morgen;Agent Vijf|Agent Zes;Rustig.;Rustig.;Samen."))
    assert "1 bezoek is gepland" in beside.content.decode()
    assert "Agent Vijf|Agent Zes" in beside.content.decode(), "lines beside the table are not planned, and still there"


def test_nothing_calls_two_people_the_same():
    with translation.override("nl"):
        for word in ("person", "person_partly", "address"):
            assert "zelfde" not in translation.gettext(f"code:alike:{word}")


def test_one_officer_is_told_at_the_officers_and_the_page_asks_nothing_more(world):
    _, track = world.track("visit_planned")
    plan = {**PLAN["visit_plan"], "officers": "Agent Een en Agent Twee"}
    form = {f"visit_plan-{name}": value for name, value in plan.items()}
    page = signed_in("lies").post(f"/tracks/{track}/schedule_visit", form).content.decode()
    assert "Noem er minstens twee" in page
    assert "Met dit antwoord kan deze stap niet" not in page
    assert "search_decided-code" not in page, "what is held already is not asked because something else is wrong"


STEPS = [(kind, step.action, step.source) for kind, workflow in WORKFLOWS.items() for step in workflow.steps if step.needs]
TYPED = {Kind.DATE: "2026-01-05", Kind.YES: "yes", Kind.NAMES: "Agent Een, Agent Twee", Kind.TEXT: TEXT, Kind.SHORT: "Naam"}
NO_ROW = "00000000-0000-0000-0000-000000000000"


def _with_all_that_is_required(action, parts):
    """What somebody sends who fills in every field that must be filled in, and no other."""
    columns = [(part, column) for part in parts for column in columns_of(part, action) if column.required]
    said = {f"{part}-{one.name}": one.choices[0] if one.choices else TYPED.get(one.kind, NO_ROW) for part, one in columns}
    return QueryDict(urlencode(said))


@pytest.mark.parametrize(("kind", "action", "source"), STEPS)
def test_nothing_that_a_step_of_the_law_needs_is_called_optional_on_its_page(kind, action, source):
    needs = WORKFLOWS[kind].row(source, action).needs
    parts = parts_for(action, needs)
    with translation.override("nl"):
        for need in needs:
            for data in (QueryDict("operation=x"), _with_all_that_is_required(action, parts)):
                form = ActForm(action, parts, data, optional=optional_parts(action, (need,)))
                before = set(form.errors)
                if form.ask_for((need,)):
                    continue
                told = set(form.errors) - before
                assert told, f"{need} has a field, and nothing is said there"
                assert not [name for name in told if "Niet verplicht" in form.fields[name].help_text], need
                owners = {form.fields[name].part for name in told}
                assert not [one.name for one in form.fieldsets() if one.name in owners and one.is_optional], need


def test_a_start_that_is_still_to_come_is_told_at_its_date(world):
    case, _ = world.track("visit_done")
    handoff = world.delivered(case)
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
    perform(world.wim, Action.ACCEPT_HANDOFF, handoff)
    page = signed_in("wim").post(f"/handoffs/{handoff}/start_work", {"start_date-date": "morgen"}).content.decode()
    links = dict(re.findall(r'<li><a href="#([^"]+)">([^<]+)</a></li>', page))
    assert list(links) == ["id_start_date-date"]
    assert "niet later is dan vandaag" in links["id_start_date-date"]


def test_a_handoff_that_ended_says_so_and_the_timeline_says_which_one_each_step_was_of(world):
    case, _ = world.track("visit_done")
    handoff = world.delivered(case)
    number = world.rows("SELECT number FROM casework_handoff WHERE id = %s", handoff)[0][0]
    client = signed_in("lies")
    assert "Er is geen volgende stap" not in main_of(client.get(f"/handoffs/{handoff}"))
    reason = {"reason": {"code": "sent_by_mistake", "text": "Een reden van genoeg tekens."}}
    perform(world.dirk, Action.WITHDRAW_HANDOFF, handoff, reason)
    shown = main_of(client.get(f"/handoffs/{handoff}"))
    assert "Deze overdracht is beëindigd. Er is geen volgende stap." in shown
    assert "andere kant is aan zet" not in shown
    page = client.get(f"/cases/{case}").content.decode()
    timeline = page[page.index('<ol class="timeline">') :]
    assert timeline.count(number) == 4, "checked, sent, delivered, withdrawn"


def test_with_whom_something_was_shared_is_said_once_and_each_time_is_counted(world):
    case, _ = world.track()
    for _ in range(2):
        world.delivered(case)
    page = re.sub(r"\s+", " ", main_of(signed_in("lies").get(f"/cases/{case}")))
    with_whom, _, rest = page.partition("Gedeeld met")[2].partition("Grondslag")
    assert with_whom.split() == ["Veilig", "Thuis", "Proefstad"]
    assert "Gedeeld met 2 keer" in rest


def test_what_may_not_go_with_a_kind_of_handoff_is_named(world):
    case, _ = world.track()
    perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "need", "text": "Een hulpvraag."}})
    with pytest.raises(Malformed) as refused:
        world.package(case, items=["identity", "need"])
    with translation.override("nl"):
        assert complaint(refused.value) == "Dit mag niet mee met dit soort overdracht: hulpvraag."


def test_a_wrong_password_is_told_in_the_words_of_the_page(world):
    assert world.lies
    page = unescape(FormClient().post("/account/sign-in", {"login": "lies", "password": "fout"}).content.decode())
    assert "De aanmeldnaam of het wachtwoord klopt niet." in page
    assert "Je gebruikersnaam" not in page


PART_OF = {"sign_off_review": "sign_off", "draw_sample": "sample", "export_trail": "export"}


@pytest.mark.parametrize("address", PART_OF)
def test_a_period_that_is_looked_back_on_ends_today_at_the_latest(world, address):
    assert world.arie
    client, part, path = signed_in("arie"), PART_OF[address], reverse(address)
    client.post(f"/account/again?next={path}", {"password": PASSWORD})
    page = unescape(client.get(path).content.decode())
    assert "+5w" not in page
    answer = client.post(path, {f"{part}-since": "gisteren", f"{part}-until": "morgen"})
    assert answer.status_code == 422
    links = dict(re.findall(r'<li><a href="#([^"]+)">([^<]+)</a></li>', answer.content.decode()))
    assert "niet later is dan vandaag" in links[f"id_{part}-until"]


def test_a_drawn_sample_is_led_to_by_what_its_link_does(world):
    sample = {"sample": {"since": "gisteren", "until": "vandaag", "size": 5, "seed": "1"}}
    perform(world.arie, Action.DRAW_SAMPLE, None, sample)
    page = main_of(signed_in("arie").get("/workbench"))
    assert "Steekproef bekijken" in page
    assert "Opnieuw trekken" not in page
