"""No page shows a code: every page of five people is walked in Dutch, and read without its marks."""

import re
from html import unescape

import pytest
from django.utils import translation

from casework.columns import Kind
from casework.parts import PARTS
from casework.services import perform
from casework.wording import label, plain
from permissions.bases import BASES
from permissions.vocabulary import Action, AgencyKind, Role
from tests.policy.test_pages import addresses
from tests.world import signed_in
from workflows.clocks import CLOCKS
from workflows.facts import FACTS
from workflows.tracks import WORKFLOWS

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
