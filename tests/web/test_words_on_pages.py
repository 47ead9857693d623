"""No page shows a code: every page of five people is walked in Dutch, and read without its marks."""

import re
from html import unescape

import pytest
from django.template import defaultfilters
from django.utils import translation

from casework.actions.perform import perform
from casework.input.parts import PARTS
from casework.input.schema import Kind
from casework.input.wording import label, plain
from permissions.bases import BASES
from permissions.vocabulary import Action, AgencyKind, Role
from tests.policy.test_pages import addresses
from tests.world import signed_in
from web.templatetags import words
from workflows.clocks import CLOCKS
from workflows.tracks import FACTS, WORKFLOWS

CODE = re.compile(r"(?<![\w./-])[a-z]+(?:_[a-z0-9]+)+(?![\w/-])|\bcode:\w+|\b[A-Z]{2,}(?:_[A-Z0-9]+)+\b")


def words_of_page(answer):
    """What somebody reads of a page: no marks, no values of fields, nothing hidden."""
    text = answer.content.decode()
    main = re.search(r'<main id="content">(.*?)</main>', text, re.DOTALL)
    bare = re.sub(r"<(?:textarea|pre|code)\b.*?</(?:textarea|pre|code)>", " ", main[1] if main else text, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", bare))


@pytest.mark.parametrize("who", ["lies", "saskia", "arie", "wim", "joke"])
def test_no_page_shows_a_code(world, who):
    case, track = world.track("visit_done")
    handoff = world.delivered(case)
    perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Een zorg."}})
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
    theirs = world.rows("SELECT id FROM casework_track WHERE agency_id = %s", world.agency("wim"))
    tracks = (track, *(row[0] for row in theirs))
    client, found, seen = signed_in(who), {}, 0
    for address in dict.fromkeys(address for one in tracks for address in addresses(case, one, handoff)):
        answer = client.get(address)
        if answer.status_code == 200 and "text/html" in answer["Content-Type"]:
            seen += 1
            if codes := set(CODE.findall(words_of_page(answer))):
                found[address] = codes
    assert seen > 3
    assert not found


def _codes():
    coded = [(part, column) for part, columns in PARTS.items() for column in columns if column.kind is Kind.CODE]
    yield from (f"{part}:{code}" for part, column in coded for code in column.choices)
    yield from (f"{part}.{column.name}" for part, columns in PARTS.items() for column in columns)
    yield from map(str, PARTS)
    yield from (str(one) for vocabulary in (Action, AgencyKind, Role) for one in vocabulary)
    yield from (state for workflow in WORKFLOWS.values() for state in workflow.states)
    yield from (*WORKFLOWS, *FACTS, *BASES, *(str(clock) for clock in CLOCKS))


def has_a_word(code):
    return translation.gettext(f"code:{code}") != f"code:{code}"


def test_every_code_has_a_dutch_word_of_its_own():
    with translation.override("nl"):
        bare = {re.split(r"[:.]", code)[-1]: code for code in _codes()}
        lacking = [code for word, code in bare.items() if label(code) == plain(word) and not has_a_word(word)]
    assert not lacking, " ".join(lacking)


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("help_offer:letter", "Brief"),
        ("offer_form:letter", "Brief"),
        ("package.letter", "Letter van Bpg artikel 4:2"),
        ("person_correction:contact", "Contactpersoon"),
        ("child_check:contact", "Regelmatig contact"),
        ("person.contact", "Bereikbaar via"),
    ],
)
def test_a_code_has_the_word_of_its_own_part(code, word):
    with translation.override("nl"):
        assert label(code) == word


def test_a_contact_person_is_called_so_wherever_they_are_shown(world):
    case, _ = world.track()
    person = {"role": "contact", "given_names": "Tante", "family_name": "Proef"}
    perform(world.lies, Action.WRITE_RECORD, case, {"person": person})
    client = signed_in("lies")
    offered = client.get(f"/cases/{case}/write_record").content.decode()
    assert "Contactpersoon: Tante Proef" in offered
    assert '<option value="contact">Bereikbaar via' not in offered
    shown = words_of_page(client.get(f"/cases/{case}"))
    assert "Contactpersoon" in shown
    assert "Bereikbaar via" not in shown


def test_the_workbench_looks_back_in_the_words_of_its_periods(world):
    page = signed_in("arie").get("/workbench").content.decode()
    assert "Afgelopen week" in page
    assert "Komende week" not in page


def test_a_correction_offers_the_codes_of_the_facts_in_this_record_alone_by_fact(world):
    case, _ = world.track()
    address = f"/cases/{case}/write_record"
    client = signed_in("lies")
    none = re.search(r'<select name="fact_correction-code".*?</select>', client.get(address).content.decode(), re.DOTALL)
    assert none
    assert none[0].count("<option") == 1
    perform(world.lies, Action.WRITE_RECORD, case, {"consent": {"code": "help", "given_by": "self", "date": "today"}})
    page = client.get(address).content.decode()
    some = re.search(r'<select name="fact_correction-code".*?</select>', page, re.DOTALL)
    assert some
    assert re.findall(r'<optgroup label="([^"]+)">', some[0]) == ["Toestemming"]
    assert re.findall(r'<option value="(\w+)"', some[0]) == ["help", "sharing", "help_and_sharing"]
    givers = re.search(r'<select name="fact_correction-said_by".*?</select>', page, re.DOTALL)
    assert givers
    assert re.findall(r'<option value="(\w+)"', givers[0]) == ["self", "representative", "self_and_representative"]


def test_no_word_of_ours_takes_the_place_of_one_that_django_has():
    assert set(words.register.filters).isdisjoint(defaultfilters.register.filters)
