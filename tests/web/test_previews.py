"""The preview says what goes, and what stays and why; frozen text is words of its reader's language."""

import json
import re

from casework.actions.perform import perform
from casework.packages.items import freeze, thaw
from permissions.vocabulary import Action
from tests.world import signed_in

NOTES = (
    ("concern", "Een zorg om het kind."),
    ("hearsay", "Een buur vertelde dit."),
    ("opinion", "Het gaat vast mis."),
    ("contact_moment", "Gebeld om tien uur."),
    ("police_intelligence", "Alleen voor de politie."),
)


def told(world, case):
    for kind, text in NOTES:
        perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": kind, "text": text, "date": "2026-01-05"}})
    content = {
        "source": {"kind": "citizen", "name": "Melder Voorbeeld", "protected": "yes"},
        "child_check": {"code": "in_household", "text": "Twee kinderen."},
        "seizure": {"code": "nothing_found", "date": "2026-01-05"},
        "person": {"role": "contact", "family_name": "Contact", "contact": "via de wijkagent"},
    }
    perform(world.lies, Action.WRITE_RECORD, case, content)


def stays(page):
    """What stays, as (what, why)."""
    part = page.split("Wat blijft hier")[-1].split("</section>")[0]
    rows = re.findall(r"<li><strong>(.*?)</strong>.*?<span class=\"govuk-hint\">(.*?)</span></li>", part, re.DOTALL)
    return {(re.sub(r"\s+", " ", what), re.sub(r"\s+", " ", why).strip()) for what, why in rows}


def test_everything_that_was_typed_goes_or_stays_with_its_reason(world):
    case, _ = world.track()
    told(world, case)
    handoff = world.package(case, items=["identity"])
    page = signed_in("lies").get(f"/handoffs/{handoff}").content.decode()
    reasons = {what.split(": ")[-1]: why for what, why in stays(page)}
    kind = "Dit soort notitie gaat niet mee in een overdracht."
    assert reasons["Gehoord van een ander"] == kind
    assert reasons["Professioneel oordeel"] == kind
    assert reasons["Contactmoment"] == kind
    assert reasons["Politie-inlichting (blijft bij de politie)"] == reasons["Bron"] == "Gaat nooit mee."
    assert reasons["Zorg"] == "Niet aangevinkt door Lies Liaison"
    assert reasons["Kindcheck"] == "Niet aangevinkt door Lies Liaison"
    assert reasons["Inbeslagneming"] == "Hoort niet bij de gegevens van een overdracht."
    assert "Past niet bij dit soort overdracht." in reasons.values(), "a contact is not carried by a concern report"
    assert "Een buur vertelde dit." in page
    assert "Melder Voorbeeld" not in page


def test_what_stays_is_shown_whole_however_long_it_is(world):
    case, _ = world.track()
    text = "Een lange zorg. " * 200 + "Het laatste woord."
    perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "hearsay", "text": text, "date": "2026-01-05"}})
    page = signed_in("lies").get(f"/handoffs/{world.package(case)}").content.decode()
    part = page.split("Wat blijft hier")[-1].split("</section>")[0]
    assert text in part


def test_who_checks_reads_no_words_of_what_is_not_ticked(world):
    case, _ = world.track()
    words = "Dochter slaapt deze week bij oma."
    perform(world.lies, Action.WRITE_RECORD, case, {"child_check": {"code": "unknown", "text": words}})
    handoff = world.package(case, items=["identity"])
    assert words in signed_in("lies").get(f"/handoffs/{handoff}").content.decode()
    page = signed_in("karin").get(f"/handoffs/{handoff}").content.decode()
    assert "Kindcheck" in page
    assert words not in page


def test_the_words_of_a_fact_that_stays_are_shown_like_those_of_a_note(world):
    case, _ = world.track()
    words = "De school kent drie kinderen op dit adres."
    looked = {"yes": "no", "text": words, "date": "vandaag"}
    perform(world.lies, Action.WRITE_RECORD, case, {"known_children_checked": looked})
    handoff = world.package(case)
    assert words in signed_in("lies").get(f"/handoffs/{handoff}").content.decode().split("Wat blijft hier")[-1]
    assert words not in signed_in("karin").get(f"/handoffs/{handoff}").content.decode(), "who does not read the record"


def test_answers_to_criteria_never_go_and_are_named(world):
    case, _ = world.track("visit_planned")
    page = signed_in("lies").get(f"/handoffs/{world.package(case)}").content.decode()
    assert ("Criteria", "Gaat nooit mee.") in stays(page)


def test_a_report_without_its_text_says_so_on_preview_and_check(world):
    case, _ = world.track()
    told(world, case)
    said = "Er gaat geen tekst mee"
    bare = world.package(case, items=["identity"])
    whole = world.package(case, items=["identity", "concern"])
    for address, expected in ((bare, True), (whole, False)):
        assert (said in signed_in("lies").get(f"/handoffs/{address}").content.decode()) is expected
        assert (said in signed_in("karin").get(f"/handoffs/{address}/check_handoff").content.decode()) is expected


def test_a_checker_reads_what_stays_by_name_and_reason_and_not_the_record(world):
    case, _ = world.track()
    told(world, case)
    handoff = world.package(case, items=["identity"])
    page = signed_in("karin").get(f"/handoffs/{handoff}/check_handoff").content.decode()
    assert "Notitie: Gehoord van een ander" in {what for what, _why in stays(page)}
    assert "Een buur vertelde dit." not in page


def test_the_receiver_never_sees_what_stayed(world):
    case, _ = world.track()
    told(world, case)
    handoff = world.delivered(case, items=["identity"])
    page = signed_in("wim").get(f"/handoffs/{handoff}").content.decode()
    assert "Wat blijft hier" not in page
    assert "Gehoord van een ander" not in page


def test_what_no_agreement_lets_go_is_said_so(world):
    case, _ = world.track()
    told(world, case)
    world.superuser.execute("SET session_replication_role = replica")
    world.superuser.execute("UPDATE permissions_sharingagreement SET groups = '{identity,household}'")
    world.superuser.execute("SET session_replication_role = origin")
    page = signed_in("lies").get(f"/handoffs/{world.package(case)}").content.decode()
    assert "Mag niet mee volgens de afspraak met deze ontvanger." in {why for _what, why in stays(page)}


def test_frozen_values_are_data_and_old_ones_stay_readable():
    values = {"text": "Regel een.\nRegel: twee", "date": "2026-11-26", "code": "in_household"}
    assert json.loads(freeze({**values, "nothing": ""})) == values
    assert thaw(freeze(values)) == values
    assert thaw("text: een: twee\ndate: 2026-11-26") == {"text": "een: twee", "date": "2026-11-26"}


def test_a_package_reads_as_words_and_days_of_the_readers_language(world):
    case, _ = world.track()
    told(world, case)
    handoff = world.delivered(case, items=["identity", "concern", "child_check"])
    page = signed_in("wim").get(f"/handoffs/{handoff}").content.decode()
    assert "In het gezin" in page
    assert "5 januari 2026" in page
    assert "1 mei 1984" in page
    client = signed_in("wim")
    client.cookies["django_language"] = "en"
    english = client.get(f"/handoffs/{handoff}", headers={"accept-language": "en"}).content.decode()
    for page_of in (page, english):
        package = page_of.split('class="package"')[1].split("</section>")[0]
        for raw in ("in_household", "2026-01-05", "text:", "1984-05-01", "{"):
            assert raw not in package


def test_what_is_taken_over_becomes_a_note_of_words_with_its_day(world):
    case, _ = world.track()
    told(world, case)
    world.delivered(case, items=["identity", "concern", "child_check"])
    notes = world.rows(
        "SELECT kind, text, happened_on::text FROM casework_note WHERE agency_id = %s ORDER BY kind", world.agency("wim")
    )
    assert notes == [
        ("child_check", "In het gezin. Twee kinderen.", None),
        ("concern", "Een zorg om het kind.", "2026-01-05"),
    ]


def test_who_checks_sees_what_is_withheld_by_rule_and_why(world):
    """The checker cannot read the record: the address to be kept secret is no choice of whoever ticked."""
    secret = {"street": "Schuilhof", "number": "7", "town": "Voorbeeldstad"}
    someone = {"role": "subject", "family_name": "Proef", "given_names": "Sem", "contact": "06 12345678"}
    case = world.opened(premises=secret, person=someone).made["case"]
    again = {
        "premises": {**secret, "street": "SCHUILHOF", "is_secret": "yes"},
        "person": {**someone, "contact_is_secret": "yes"},
    }
    perform(world.lies, Action.WRITE_RECORD, case, again)
    handoff = world.package(case, items=["identity"])
    pages = [signed_in(who).get(f"/handoffs/{handoff}").content.decode() for who in ("lies", "karin")]
    reasons = [sorted(why for _, why in stays(page)) for page in pages]
    assert reasons[0] == reasons[1]
    assert not [why for why in reasons[1] if why.startswith("Niet aangevinkt")]
    assert "Schuilhof" not in pages[1]


def test_the_day_of_a_note_that_stays_is_written_as_far_as_it_is_known(world):
    case, _ = world.track()
    perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "opinion", "text": "Een oordeel.", "date": "maart 2026"}})
    handoff = world.package(case, items=["identity"])
    for who in ("lies", "karin"):
        page = signed_in(who).get(f"/handoffs/{handoff}").content.decode()
        assert "maart 2026" in page
        assert "31 maart 2026" not in page
