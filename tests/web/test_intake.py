"""Each kind of agency logs what is reported to it on a page of its own; sharing is a second step that is never forced."""

import re

import pytest

from casework.actions.perform import perform
from casework.input.read import Malformed
from permissions.decision import Refused
from permissions.vocabulary import Action, AgencyKind
from tests.world import NECESSARY, signed_in
from web.intake import intake_of
from workflows.table import Incomplete

CHILD = {
    "person-family_name": "Proef",
    "person-given_names": "Kind",
    "person-birth_date": "1-12-2018",
    "person-role": "minor",
}
HOME = {"premises-street": "Proefstraat", "premises-number": "1", "premises-town": "Voorbeeldstad"}
REPORT = {
    "source-capacity": "teacher_or_school",
    "source-name": "Meester Voorbeeld",
    "source-protected": "yes",
    "report-code": "neglect",
    "note-kind": "concern",
    "note-text": "Het kind komt zonder jas op school.",
    "acuteness-code": "not_known_yet",
}
SHARED = {"share": "yes", "package-kind": "concern_report", "package-source_protected": "yes", "package-acute": "no"}


def sharing(world):
    basis = {"package-basis": "WMO_5_2_6", "package-receiver": str(world.agency("wim"))}
    return SHARED | basis | {f"package-{name}": text for name, text in NECESSARY.items()}


def log(who, *answers, **more):
    form = {name: value for given in answers for name, value in given.items()} | more
    return signed_in(who).post("/referrals/new", form)


def facts(world):
    return set(world.rows("SELECT fact, code, is_so FROM casework_storedfact"))


@pytest.mark.parametrize(
    ("who", "asks", "never"),
    [
        ("lies", ["source-kind", "report-name", "premises-street", "note-text"], ["acuteness-code", "source-capacity"]),
        ("ilse", ["source-capacity", "report-code", "acuteness-code", "note-date"], ["share", "report-name"]),
        ("wim", ["source-capacity", "share"], ["source-kind"]),
        ("joke", ["person-family_name", "note-text", "share"], ["source-capacity", "acuteness-code"]),
    ],
)
def test_each_kind_of_agency_has_its_own_questions(world, who, asks, never):
    page = signed_in(who).get("/referrals/new").content.decode()
    found = set(re.findall(r'name="([\w-]+)"', page))
    assert found >= set(asks)
    assert not found & set(never)


@pytest.mark.parametrize("kind", [AgencyKind.FORENSIC_CARE, AgencyKind.VICTIM_SUPPORT, AgencyKind.SEXUAL_VIOLENCE_CENTRE])
def test_a_help_organisation_logs_a_client_with_what_they_ask_and_how_to_reach_them(kind):
    asked = intake_of(kind)
    assert asked is not None
    assert {"person-family_name", "person-contact", "person-contact_is_secret", "note-text"} <= set(asked.fields)
    assert not {"source-capacity", "premises-street", "acuteness-code"} & set(asked.fields)
    assert dict(asked.values)["person-role"] == "subject"


def test_an_intake_worker_logs_a_report_in_one_act_and_reads_it(world):
    answer = log("ilse", CHILD, HOME, REPORT)
    assert answer.status_code == 302, answer.content.decode()
    assert world.rows("SELECT kind, state FROM casework_track") == [("safety", "received")]
    assert world.rows("SELECT kind, capacity, name, is_protected FROM casework_source") == [
        ("professional", "teacher_or_school", "Meester Voorbeeld", True),
    ]
    page = signed_in("ilse").get(answer["Location"]).content.decode()
    assert "zonder jas" in page
    assert "Meester Voorbeeld" not in page
    assert world.rows("SELECT outcome, count(*) FROM audit_entry WHERE outcome <> 'done' GROUP BY 1") == []


def test_who_may_not_share_leaves_no_half_case_and_keeps_what_was_typed(world):
    answer = log("ilse", CHILD, HOME, REPORT, sharing(world))
    assert answer.status_code == 302, "sharing is not offered, and what was made up is not read"
    assert world.count("casework_handoff") == 0
    given = {"person": {"role": "minor", "family_name": "Ander"}, "package": _package(world)}
    with pytest.raises(Refused):
        perform(world.ilse, Action.OPEN_CASE, given=given)
    assert world.count("casework_case") == 1


def _package(world):
    return {
        "kind": "concern_report",
        "receiver": world.agency("wim"),
        "basis": "WMO_5_2_6",
        "source_protected": "yes",
        **NECESSARY,
    }


def test_a_concern_and_what_is_shared_of_it_are_one_act(world):
    answer = log("joke", CHILD, {"note-kind": "concern", "note-text": "Een zorg."}, sharing(world))
    assert answer["Location"].startswith("/handoffs/"), answer.content.decode()
    groups = {group for (group,) in world.rows('SELECT "group" FROM casework_packageitem')}
    assert groups == {"identity", "concern"}
    assert world.rows("SELECT count(DISTINCT purpose) FROM audit_entry WHERE word = 'prepare_handoff'") == [(0,)]


def test_what_is_missing_in_what_is_shared_stands_at_the_top(world):
    answer = log("joke", CHILD, {"note-kind": "concern", "note-text": "Een zorg."}, sharing(world) | {"package-basis": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("govuk-error-summary__title") == 1
    assert 'href="#id_package-basis"' in page


def test_a_concern_is_kept_without_sharing_it(world):
    answer = log("joke", CHILD, {"note-kind": "concern", "note-text": "Een zorg."})
    assert answer["Location"].startswith("/cases/")
    assert world.count("casework_handoff") == 0
    assert "Een zorg." in signed_in("joke").get(answer["Location"]).content.decode()


def test_a_police_lead_keeps_source_narrative_and_number(world):
    lead = {
        "source-kind": "foreign_partner",
        "source-name": "Meldpunt",
        "report-name": "PL0700-2026",
        "note-kind": "hearsay",
    }
    answer = log("lies", HOME, lead, {"note-text": "Een melding uit het buitenland."})
    assert answer.status_code == 302, answer.content.decode()
    assert world.rows("SELECT kind, is_protected FROM casework_source") == [("foreign_partner", False)]
    assert world.rows("SELECT name, track_id IS NOT NULL FROM casework_storedfact WHERE fact = 'report'") == [
        ("PL0700-2026", True)
    ]
    assert world.rows("SELECT kind, text FROM casework_note") == [("hearsay", "Een melding uit het buitenland.")]


@pytest.mark.parametrize(
    ("said", "stored", "checked"),
    [
        ("yes", {("acute", "as_reported", None)}, False),
        ("no", {("acute_checked", "", False)}, True),
        ("not_known_yet", set(), False),
    ],
)
def test_whether_it_is_acute_is_answered_at_intake_and_not_to_know_is_an_answer(world, said, stored, checked):
    assert log("ilse", CHILD, HOME, REPORT, {"acuteness-code": said}).status_code == 302
    assert {row for row in facts(world) if row[0].startswith("acute")} == stored
    met = world.rows("SELECT met_at IS NOT NULL FROM casework_deadline WHERE clock = 'ACUTE_CHECK'")
    assert met == [(checked,)]
    track = world.rows("SELECT id FROM casework_track")[0][0]
    if said == "yes":
        with pytest.raises((Malformed, Incomplete)):
            perform(world.vera, Action.START_ASSESSMENT, track, {"acute_checked": {"yes": "no"}})
        page = signed_in("vera").get(f"/tracks/{track}/act_acutely").content.decode()
        assert re.search(r"<details[^>]* open>.*Acuut, zoals het gemeld is.*zonder jas", page, re.DOTALL), "read back, whole"
        assert perform(world.vera, Action.ACT_ACUTELY, track).id == track
        assert world.rows("SELECT met_at IS NULL FROM casework_deadline WHERE clock = 'ACUTE_CHECK'") == [(False,)]


def test_what_was_typed_is_kept_where_an_answer_is_missing(world):
    answer = log("ilse", CHILD, {**REPORT, "report-code": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "zonder jas" in page
    assert "Meester Voorbeeld" in page
    assert world.count("casework_case") == 0


def test_whom_the_agency_knows_is_listed_by_button_and_at_saving_without_content(world):
    first = log("ilse", CHILD, HOME, REPORT)
    called = world.rows("SELECT reference FROM casework_participation")[0][0]
    looked = log("ilse", {**CHILD, "person-family_name": "PROEF"}, {"do": "look"})
    page = looked.content.decode()
    assert looked.status_code == 200
    assert called in page
    assert "Ilse Intake" in page
    assert "zonder jas" not in page
    assert world.count("casework_case") == 1
    saved = log("ilse", CHILD, REPORT, {"note-text": "Nog een melding."})
    assert saved.status_code == 422
    assert "Nog een melding." in saved.content.decode()
    said = world.rows("SELECT additional_data FROM audit_entry WHERE word = 'look_up_known' ORDER BY id DESC LIMIT 1")
    case = first["Location"].split("/")[2]
    assert said == [({"by": "compared:person", "shown": [case], "cases": [case]},)]


def test_a_report_joined_to_a_household_is_a_new_signal_and_its_holder_reads_it(world):
    log("wim", CHILD, HOME, REPORT)
    case, track = world.rows("SELECT case_id, id FROM casework_track")[0]
    choice = {"known_here-code": "joined_to_household", "known_here-text": "Hetzelfde gezin.", "known_here-case": str(case)}
    answer = log("ilse", {**CHILD, "person-given_names": "Broer"}, HOME, REPORT, choice)
    assert answer.status_code == 302, answer.content.decode()
    fresh = answer["Location"].split("/")[2]
    signal = world.rows("SELECT track_id, ref_id::text, text FROM casework_storedfact WHERE fact = 'new_signal'")
    assert signal == [(track, fresh, "Hetzelfde gezin.")]
    assert "zonder jas" in signed_in("wim").get(f"/cases/{fresh}").content.decode()
    told = world.rows("SELECT person_id FROM casework_notice WHERE word = 'new_signal'")
    assert told == [(world.wim.person_id,)]


def test_a_report_kept_apart_passes_nothing_on(world):
    log("wim", CHILD, HOME, REPORT)
    choice = {"known_here-code": "kept_apart", "known_here-text": "Een ander kind met deze naam."}
    assert log("ilse", CHILD, REPORT, choice).status_code == 302
    assert world.rows("SELECT count(*) FROM casework_storedfact WHERE fact = 'new_signal'") == [(0,)]
    kept = world.rows("SELECT code, text FROM casework_storedfact WHERE fact = 'known_here'")
    assert kept == [("kept_apart", "Een ander kind met deze naam.")]


def test_nobody_joins_a_report_to_a_case_that_was_not_found(world):
    other = perform(
        world.wim, Action.OPEN_CASE, given={"person": {"role": "minor", "family_name": "Vreemd", "given_names": "Kind"}}
    )
    log("wim", CHILD, HOME, REPORT)
    choice = {
        "known_here-code": "joined_to_household",
        "known_here-text": "Hetzelfde gezin.",
        "known_here-case": str(other.id),
    }
    assert log("ilse", CHILD, REPORT, choice).status_code == 422
    assert world.count("casework_case") == 2


def test_a_case_of_another_agency_is_not_looked_through(world):
    log("joke", CHILD, HOME, {"note-kind": "concern", "note-text": "Een zorg."})
    assert log("ilse", CHILD, HOME, REPORT).status_code == 302


def complained(page):
    """The links of the summary on top, each to a field that is on the page."""
    top = re.findall(r'class="govuk-error-summary".*?</div>', page, re.DOTALL)
    assert len(top) == 1, "one summary, with everything"
    links = re.findall(r'<a href="#([^"]+)">', top[0])
    assert all(f'id="{link}"' in page for link in links)
    return set(links), top[0]


def test_every_complaint_is_told_at_once_also_of_what_is_to_be_shared(world):
    shared = {**sharing(world), "package-why_now": "", "package-why_items": "x" * 5000}
    found, top = complained(log("wim", CHILD, HOME, REPORT | {"note-text": "", "report-code": ""}, shared).content.decode())
    assert found == {"id_report-code", "id_note-text", "id_package-why_now", "id_package-why_items"}
    assert "Er is een probleem" in top
    shared["package-why_items"] = NECESSARY["why_items"]
    _, top = complained(log("wim", CHILD, HOME, REPORT | {"note-text": ""}, shared).content.decode())
    assert "Vul eerst nog 2 dingen in" in top
    found, _ = complained(log("wim", CHILD, HOME, REPORT, shared).content.decode())
    assert found == {"id_package-why_now"}
    assert log("wim", CHILD, HOME, {"note-text": ""}).status_code == 422
    assert world.count("casework_case") == 0


@pytest.mark.parametrize(
    ("born", "age", "complaint"),
    [
        ("27-3-1984", "12", "Een geschatte leeftijd is alleen voor wie geen hele geboortedatum heeft."),
        ("1984", "12", "Deze leeftijd past niet bij de geboortedatum."),
        ("2018", "8", ""),
        ("", "12", ""),
    ],
)
def test_an_estimated_age_that_a_birth_date_contradicts_is_told_at_its_field(world, born, age, complaint):
    assert world.ilse
    answer = log("ilse", {**CHILD, "person-birth_date": born, "person-estimated_age": age}, HOME, REPORT)
    if not complaint:
        assert answer.status_code == 302, answer.content.decode()
        return
    links = dict(re.findall(r'<li><a href="#([^"]+)">([^<]+)</a></li>', answer.content.decode()))
    assert answer.status_code == 422
    assert links["id_person-estimated_age"].startswith(f"Geschatte leeftijd: {complaint}")


@pytest.mark.parametrize("who", ["ilse", "joke", "vera"])
def test_a_report_about_nobody_and_nowhere_is_none_whatever_is_filled_in_already(world, who):
    answer = log(
        who, REPORT if who != "joke" else {"note-kind": "concern", "note-text": "Een zorg."}, {"person-role": "minor"}
    )
    assert answer.status_code == 422
    assert "Vul minstens een adres of een persoon in." in answer.content.decode()
    assert world.count("casework_case") == 0


def test_an_address_abroad_that_is_to_be_kept_secret_is_said_at_intake_and_does_not_go_along(world):
    home = HOME | {"premises-country": "België", "premises-postcode": "B-1234", "premises-is_secret": "yes"}
    answer = log("joke", CHILD, home, {"note-kind": "concern", "note-text": "Een zorg."}, sharing(world))
    assert answer["Location"].startswith("/handoffs/"), answer.content.decode()
    assert world.rows("SELECT country, is_secret FROM casework_premises") == [("België", True)]
    assert world.rows("""SELECT count(*) FROM casework_packageitem WHERE "group" = 'household'""") == [(0,)]


def test_an_attempt_is_asked_when_and_how_it_ended(world):
    _, track = world.track("visit_scheduled")
    page = signed_in("lies").post(f"/tracks/{track}/record_attempt", {})
    assert page.status_code == 422
    assert "Vul dit in" in page.content.decode()
    assert world.rows("SELECT state FROM casework_track WHERE id = %s", track) == [("visit_planned",)]
    said = {"visit_report-outcome": "nobody_home", "visit_report-date": "vandaag", "visit_report-cautioned": "no"}
    assert signed_in("lies").post(f"/tracks/{track}/record_attempt", said).status_code == 302


@pytest.mark.parametrize(
    ("who", "answers"),
    [
        ("lies", {"person-role": "subject"}),
        ("joke", {"person-role": "minor", "person-contact_is_secret": "no"}),
        ("lies", {"premises-is_secret": "no"}),
    ],
)
def test_what_says_nothing_of_anybody_is_nobody_and_stays_on_the_page(world, who, answers):
    answer = log(who, {"note-kind": "concern", "note-text": "Een zorg."}, answers)
    assert answer.status_code == 422
    assert "Vul minstens een adres of een persoon in." in answer.content.decode()
    assert world.count("casework_case") == 0


def test_an_address_that_is_not_given_is_no_secret_and_asks_for_no_town(world):
    said = CHILD | {"premises-is_secret": "no", "note-kind": "concern", "note-text": "Een zorg."}
    assert log("joke", said)["Location"].startswith("/cases/")
    assert world.count("casework_premises") == 0


@pytest.mark.parametrize("number", ["12-14", "104-106"])
def test_a_long_street_with_a_range_of_numbers_is_an_address(world, number):
    home = HOME | {"premises-street": "Burgemeester van Tuyll van Serooskerkenweg", "premises-number": number}
    assert log("lies", home, {"note-kind": "concern", "note-text": "Een zorg."}).status_code == 302


def test_a_look_up_keeps_what_was_filled_in_already(world):
    page = log("ilse", CHILD, {"do": "look", "note-kind": "concern", "note-date": "27-11-2026"}).content.decode()
    assert "27-11-2026" in page
    assert re.search(r'value="concern"[^>]*(checked|selected)', page)
