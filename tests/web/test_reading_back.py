"""What was stored is read back by whoever reads the record: on the page of the case, and whole in print."""

import re

import pytest
from django.utils import translation
from django.utils.translation import gettext

from casework.actions.perform import perform
from casework.input.codes import CRITERIA, EXCLUSIONS
from casework.input.wording import label
from permissions.vocabulary import Action
from tests.casework.selectors.test_worklist import children_found
from tests.web.test_as_used import main_of
from tests.web.test_intake import CHILD, HOME, REPORT, log
from tests.world import PLAN, checklist, signed_in
from workflows.retention import RETENTION

WHY = "Een verzonnen reden van genoeg tekens om te bewaren."


@pytest.fixture(autouse=True)
def dutch():
    """What a page is compared with is in Dutch, as the page is."""
    with translation.override("nl"):
        yield


def read(who, case):
    """The words of the page of a case, and of its print, each on one line."""
    client = signed_in(who)
    pages = client.get(f"/cases/{case}"), client.get(f"/cases/{case}/print_case")
    return [re.sub(r"\s+", " ", main_of(page)) for page in pages]


def test_a_note_says_when_it_happened_as_far_as_that_is_known_and_when_it_was_recorded(world):
    case, _ = world.track()
    perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Een zorg.", "date": "2026-01-05"}})
    perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "opinion", "text": "Een mening.", "date": "2026-03"}})
    perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "need", "text": "Een behoefte."}})
    for words in read("lies", case):
        assert re.search(r"Zorg, 5 januari 2026; vastgelegd \d+ \w+ \d{4}, \d\d:\d\d, Lies Liaison", words)
        assert re.search(r"Professioneel oordeel, maart 2026; vastgelegd", words)
        assert re.search(r"Hulpvraag; vastgelegd", words)


def test_a_note_that_was_received_says_from_whom_and_names_nobody_of_the_own_agency(world):
    case, _ = world.track()
    perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Een zorg.", "date": "2026-01-05"}})
    handoff = world.delivered(case, items=["identity", "concern"])
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
    perform(world.vera, Action.ACCEPT_HANDOFF, handoff)
    perform(world.wim, Action.ADD_NOTE, case, {"note": {"kind": "opinion", "text": "Van ons."}})
    for words in read("wim", case):
        assert re.search(
            r"Zorg, 5 januari 2026; ontvangen van Politie Voorbeeld Oost \d+ \w+ \d{4}, \d\d:\d\d Een zorg", words
        )
        assert re.search(r"Professioneel oordeel; vastgelegd [^;]+, Wim Werker", words)


def test_an_approval_says_who_asked_and_who_approved_with_the_reason_of_each(world):
    case, track = children_found(world)
    approval = {"action": "no_concern_report", "text": "Omdat het gevraagd is."}
    perform(world.lies, Action.WRITE_RECORD, track, {"no_concern_report": {"text": WHY}})
    perform(world.lies, Action.ASK_APPROVAL, track, {"approval": approval})
    asked = read("lies", case)
    assert all(re.search(r"gevraagd door Lies Liaison, \d+ \w+ \d{4}", words) for words in asked)
    perform(world.dirk, Action.APPROVE, track, {"approver_reason": {"text": "Dat is goed onderbouwd."}})
    assert not any("vervallen" in words for words in asked)
    for words in read("lies", case):
        assert re.search(r"goedgekeurd door Dirk Beslisser, \d+ \w+ \d{4}", words)
        assert "Omdat het gevraagd is." in words
        assert "Dat is goed onderbouwd." in words


def test_on_what_a_visit_was_decided_is_read_back_with_its_sources_in_the_order_of_the_checklist(world):
    case, track = world.track("triage")
    answers = checklist()
    answers["criteria"]["small_amount_source"] = "rapport 12"
    answers["exclusions"] |= {"grooming": "unknown", "grooming_reason": "Nog te onderzoeken."}
    perform(world.lies, Action.WRITE_RECORD, track, {name: answers[name] for name in ("criteria", "exclusions")})
    for words in read("lies", case):
        assert re.search(r"Vragenlijst voor het bezoek, \d+ \w+ \d{4}, \d\d:\d\d, Lies Liaison", words)
        assert "Ja , bron: rapport 12" in words
        assert re.search(r"Onbekend , bron: intake Nog te onderzoeken\.", words)
        places = [words.index(label(f"exclusions:{code}")) for code in (*CRITERIA, *EXCLUSIONS)]
        assert places == sorted(places)


def test_the_report_of_a_visit_says_whether_the_caution_was_given(world):
    case, _ = world.track("visit_done")
    assert all(f"{label('visit_report.cautioned')}: Ja" in words for words in read("lies", case))


def test_that_nobody_knows_yet_whether_a_report_is_acute_stands_on_its_case_until_somebody_says(world):
    answer = log("ilse", CHILD, HOME, REPORT)
    case, track = world.rows("SELECT case_id, id FROM casework_track")[0]
    assert answer.status_code == 302
    open_one = f"{label('acuteness.code')} Dat is nog niet bekend."
    assert all(open_one in words for words in read("vera", case))
    perform(world.vera, Action.WRITE_RECORD, track, {"acute_checked": {"yes": "yes"}})
    assert not any(open_one in words for words in read("vera", case))


def test_yes_and_no_stand_behind_the_question_that_they_answer_and_nowhere_else(world):
    case, track = world.track("submitted")
    perform(world.dirk, Action.TAKE_UP, track)
    known = {"known_children_checked": {"yes": "yes", "date": "today", "text": "Dochter Eva, zeven jaar."}}
    perform(world.lies, Action.WRITE_RECORD, track, known)
    for words in read("lies", case):
        assert "Vergeleken: naam en geboortedatum, adres." in words
        assert "person, address" not in words
        told = words[words.index("Dochter Eva, zeven jaar.") :][:60]
        assert "Bekende kinderen gevonden: Ja." in told
        assert not re.search(r"Vergeleken: naam en geboortedatum, adres\.\s+(Ja|Nee)", words)


def test_by_whom_consent_was_given_is_read_in_words(world):
    case, _ = world.track()
    given = {"code": "help", "given_by": "self_and_representative", "date": "today"}
    perform(world.lies, Action.WRITE_RECORD, case, {"consent": given})
    for words in read("lies", case):
        assert label("consent:self_and_representative") in words


@pytest.mark.parametrize("code", RETENTION)
def test_on_which_rule_something_is_kept_is_said_in_dutch(code):
    source = RETENTION[code].source
    assert not source or gettext(source) != source


def joined(world):
    """A case, a report that was joined to it, and what each is called."""
    log("wim", CHILD, HOME, REPORT)
    case = world.rows("SELECT case_id FROM casework_track")[0][0]
    choice = {"known_here-code": "joined_to_household", "known_here-text": "Zelfde adres.", "known_here-case": str(case)}
    fresh = log("ilse", {**CHILD, "person-given_names": "Broer"}, HOME, REPORT, choice)["Location"].split("/")[2]
    return case, fresh, dict(world.rows("SELECT content_object_id::text, reference FROM casework_participation"))


def test_a_report_that_was_joined_and_the_case_that_it_joined_name_each_other(world):
    case, fresh, called = joined(world)
    for here, there in ((str(case), fresh), (fresh, str(case))):
        page = signed_in("vera").get(f"/cases/{here}").content.decode()
        assert f'<a class="govuk-link" href="/cases/{there}">Zaak {called[there]}</a>' in page
    assert all(f"Zaak {called[fresh]}" in words for words in read("vera", case))


def test_a_joined_case_that_a_reader_may_not_see_is_not_named(world):
    case, fresh, called = joined(world)
    page = signed_in("ilse").get(f"/cases/{fresh}").content.decode()
    assert called[str(case)] not in page
    assert "Een zaak die u niet mag zien" in page


def test_an_approval_that_was_asked_of_what_changed_since_says_that_it_is_void(world):
    case, track = world.track("visit_planned")
    perform(
        world.dirk,
        Action.ASK_APPROVAL,
        track,
        {"approval": {"action": "close_unwarned", "text": "Graag meekijken of dit kan."}},
    )
    assert not any("vervallen" in words for words in read("lies", case))
    perform(world.lies, Action.SCHEDULE_VISIT, track, PLAN)
    assert all("vervallen: wat ter goedkeuring lag" in words for words in read("lies", case))
