"""One story for each of the three users, in a real browser, every page seen by the accessibility checker."""

import pytest

from casework.actions.perform import perform
from permissions.vocabulary import Action
from tests.world import World

pytestmark = pytest.mark.xdist_group("journeys")
CALLED = "SELECT reference FROM casework_participation WHERE content_object_id = %s AND group_id = %s ORDER BY starts_at"


def test_a_caseworker_of_youth_care_logs_a_concern_report_and_sends_it(world: World, visitor):
    joke = visitor("joke")
    joke.go("/referrals/new")
    joke.press("Vastleggen")
    assert "Vul eerst nog 1 ding in" in joke.text, "an empty form is refused and says what is missing"
    joke.page.fill("#id_person-family_name", "Proef")
    joke.page.fill("#id_person-given_names", "Kim")
    joke.page.fill("#id_person-estimated_age", "9")
    joke.page.fill("#id_note-text", "Kim is bang om naar huis te gaan, zie https://voorbeeld.test/x")
    joke.press("Vastleggen")
    assert "https://voorbeeld.test/x" in joke.text
    assert joke.page.input_value("#id_person-given_names") == "Kim", "what was typed is kept"
    joke.page.fill("#id_note-text", "Kim is bang om naar huis te gaan.")
    joke.page.click("summary:has-text('Ook delen')")
    joke.page.check("#id_share")
    joke.press("Vastleggen")
    assert "Wat de ontvanger ziet" in joke.text
    assert "bang om naar huis" in joke.text
    jan = visitor("jan")
    jan.go(joke.page.url.removeprefix(joke.address))
    jan.follow("Overdracht controleren")
    jan.press("Overdracht controleren")
    joke.page.reload()
    joke.follow("Overdracht versturen")
    joke.press("Overdracht versturen")
    assert "Verstuurd" in joke.text
    world.work()
    wim = visitor("wim")
    wim.go("/desk")
    wim.follow("Zorgmelding")
    assert "bang om naar huis" in wim.text
    wim.follow("Ontvangst bevestigen")
    wim.press("Ontvangst bevestigen")
    wim.follow("Overdracht accepteren")
    wim.press("Overdracht accepteren")
    assert "Geaccepteerd" in wim.text
    wim.go("/work")
    assert "Zorgmelding, Jeugdhulp Proefstad: geaccepteerd" in wim.text
    assert world.rows("SELECT count(*) FROM casework_track WHERE kind = 'safety'") == [(1,)]


def test_a_liaison_officer_plans_a_week_of_visits(world: World, visitor):
    case, _ = world.track("visit_planned")
    lies = visitor("lies")
    reference = world.rows(CALLED, case, world.agency("lies"))[0][0]
    lies.go("/visit-plan")
    lies.page.fill("#id_lines", f"{reference};2026-13-40;Een|Twee;a;b;c\n2026-zzzzzz;2026-12-01;Een|Twee;a;b;c")
    lies.press("Eerst controleren")
    assert "2 regels kunnen niet worden gepland" in lies.text
    assert world.count("casework_visit") == 0, "a dry run plans nothing"
    lies.page.fill("#id_lines", f"{reference};2026-12-01;Agent Een|Agent Twee;Rustig;Bij gezin;Samen")
    lies.press("Eerst controleren")
    assert "1 regel is goed" in lies.text
    lies.press("Deze bezoeken plannen")
    assert world.count("casework_visit") == 1
    lies.page.fill("input[name^='date-']", "2026-12-02")
    lies.page.fill("input[name^='officers-']", "Agent Een")
    for name in ("subject", "family", "team"):
        lies.page.fill(f"#id_{name}", "Rustig en samen.")
    lies.press("De bezoeken in deze tabel plannen")
    assert "visit_team" not in lies.text
    assert "Team van het bezoek" in lies.text, "one officer is no team"
    lies.page.fill("input[name^='officers-']", "Agent Een, Agent Drie")
    lies.press("De bezoeken in deze tabel plannen")
    assert world.rows("SELECT officers FROM casework_visit") == [(["Agent Een", "Agent Drie"],)]


def test_a_liaison_officer_works_a_visit_and_its_follow_up(world: World, visitor):
    world.track("visit_scheduled")
    lies = visitor("lies")
    lies.go("/work")
    lies.follow("Testpersoon Proef")
    assert "Aan zet\nU" in lies.text, "the page says whose turn it is"
    lies.follow("Bezoek vastleggen")
    lies.choose("visit_report-cautioned", "yes")
    lies.page.select_option("#id_visit_report-outcome", "warned")
    lies.page.fill("#id_visit_report-date", "vandaag")
    lies.page.fill("#id_visit_report-warned", "1")
    lies.choose("child_check-code", "none")
    lies.choose("help_offer-code", "card")
    lies.page.fill("#id_help_offer-date", "vandaag")
    lies.press("Bezoek vastleggen")
    lies.follow("Waarschuwing vastleggen")
    lies.press("Waarschuwing vastleggen")
    assert "Gewaarschuwd" in lies.text
    lies.follow("Hulp aanbieden")
    lies.choose("offer_form-code", "card")
    lies.page.fill("#id_offer_form-date", "vandaag")
    lies.press("Hulp aanbieden")
    lies.follow("Informatie geven")
    lies.choose("information_form-code", "card")
    lies.page.fill("#id_information_form-date", "vandaag")
    lies.press("Informatie geven")
    lies.go("/follow-ups")
    lies.follow("Opvolging starten")
    lies.press("Opvolging starten")
    assert "Vul eerst nog 1 ding in" in lies.text, "the welfare call is missing, and the page says so"
    lies.choose("welfare_call-code", "made")
    lies.page.fill("#id_welfare_call-date", "vandaag")
    lies.press("Opvolging starten")
    states = dict(world.rows("SELECT kind, state FROM casework_track"))
    assert states == {"warning": "follow_up", "help": "information_given"}
    lies.go("/follow-ups")
    assert "Evaluatie" in lies.text


def test_the_auditor_answers_who_saw_a_case(world: World, visitor):
    case, _ = world.track("follow_up")
    reference = world.rows("SELECT reference FROM casework_participation WHERE group_id = %s", world.agency("lies"))[0][0]
    lies = visitor("lies")
    lies.go(f"/cases/{case}")
    arie = visitor("arie")
    assert arie.page.url.endswith("/access-review"), "the answer begins where the auditor lands"
    arie.page.fill("#id_case", reference)
    arie.press("Tonen")
    assert "Lies Liaison" in arie.text
    assert "Dossier lezen" in arie.text
    assert "Proefstraat" not in arie.page.content()
    assert "Testpersoon" not in arie.page.content()
    arie.page.goto(f"{arie.address}/cases/{case}")
    assert "Niet gevonden" in arie.text
    arie.go("/access-review?case=2026-zzzzzz")
    assert "geen zaak met dit zaaknummer" in arie.text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_readable_in_light_and_dark(world: World, visitor, scheme):
    case, track = world.track("visit_done")
    handoff = world.delivered(case)
    perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Een zorg."}})
    lies = visitor("lies", scheme)
    for path in (
        "/work", "/work?tab=week", "/follow-ups", "/desk", "/visit-plan", "/referrals/new", f"/cases/{case}",
        f"/handoffs/{handoff}", f"/tracks/{track}/warn", f"/tracks/{track}/escalate", f"/cases/{case}/add_note",
        f"/cases/{case}/write_record", f"/cases/{case}/prepare_handoff", "/memberships", "/account/sign-out",
        "/search", "/known-checks/new", "/account/again", f"/cases/{case}/extend_deadline", f"/cases/{case}/print_case",
        f"/cases/{case}/correct_note",
    ):  # fmt: skip
        lies.go(path)
    lies.go(f"/tracks/{track}/escalate")
    lies.press("Opschalen")
    saskia = visitor("saskia", scheme)
    saskia.go(f"/cases/{case}/see_case_log")
    saskia.go(f"/cases/{case}/assign")
    called = world.rows("SELECT reference FROM casework_participation WHERE group_id = %s", world.agency("lies"))[0][0]
    asked = {"emergency": {"reference": called, "code": "child_at_risk_now", "text": "Een kind loopt vanavond gevaar."}}
    perform(world.leo, Action.ASK_EMERGENCY, None, asked)
    for path in ("/oversight", f"/explain-access?case={called}", f"/cases/{case}/lift_wall", f"/cases/{case}"):
        saskia.go(path)
    visitor("leo", scheme).go(f"/cases/{case}")
    visitor("dirk", scheme).go(f"/cases/{case}/reveal_source")
    visitor("wim", scheme).go("/advice/new")


def test_a_page_works_on_a_narrow_screen_and_without_script(world: World, browser, address):
    world.track()
    context = browser.new_context(viewport={"width": 320, "height": 700}, java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "/account/sign-in")
    page.fill("#id_login", "lies")
    page.fill("#id_password", "proef-wachtwoord-1")
    page.click("main button")
    page.click(".row__who")
    width = page.locator("main").bounding_box()["width"]
    assert width <= 320
    assert "Waarschuwing" in page.inner_text("main")


def test_a_text_says_what_is_left_of_it_and_what_is_too_much_and_keeps_it_all(world: World, visitor):
    case, _ = world.track()
    lies = visitor("lies")
    lies.go(f"/cases/{case}/add_note")
    field = lies.page.locator("textarea").first
    hint = lies.page.locator("textarea + p").first
    field.fill("woord," * 1_500)
    assert hint.inner_text() == "nog 1.000 tekens"
    field.fill("woord," * 2_000)
    assert hint.inner_text() == "2.000 tekens te veel"
    assert len(field.input_value()) == 12_000, "nothing is cut"
