"""Nobody types an id: whatever a form asks for that stands in the records is chosen by what a person can see."""

import re

from casework.actions.perform import perform
from casework.input.parts import PARTS
from casework.input.schema import Kind
from permissions.vocabulary import Action
from tests.policy.test_pages import addresses
from tests.world import REPORT, World, signed_in

CHOSEN = frozenset({Kind.ROW, Kind.PERSON, Kind.MEMBER, Kind.AGENCY, Kind.AGENCIES, Kind.ITEMS})
"""Kinds of columns that name something in the records; a case is named by its reference."""
WHO = ("lies", "dirk", "karin", "saskia", "wim", "vera", "ilse", "joke", "arie", "bea")
TAG = re.compile(r"<(input|select|textarea)\b([^>]*)>")
MARK = re.compile(r'([\w-]+)="([^"]*)"')


def fields_of(page: str) -> list[tuple[str, str, str]]:
    """The fields of a page that somebody fills in by typing or choosing: tag, type and name."""
    found = []
    for tag, rest in TAG.findall(page):
        marks = dict(MARK.findall(rest))
        found.append((tag, marks.get("type", "text"), marks.get("name", "")))
    return found


def typed_ids(page: str) -> list[str]:
    """The names of fields in which one would have to type what only the records know."""
    wrong = []
    for tag, kind, name in fields_of(page):
        part, _, column = name.partition("-")
        columns = {one.name: one.kind for one in PARTS.get(part, ())}
        is_typed = tag == "textarea" or (tag == "input" and kind not in {"hidden", "radio", "checkbox"})
        if is_typed and columns.get(column) in CHOSEN:
            wrong.append(name)
    return wrong


def test_no_form_of_the_product_asks_for_an_id(world: World) -> None:
    case, track = world.track("visit_scheduled")
    perform(world.lies, Action.RECORD_VISIT, track, {**REPORT, "child_check": {"code": "in_household"}})
    handoff = world.delivered(case)
    perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
    asked = set()
    for who in WHO:
        client = signed_in(who)
        for address in addresses(case, track, handoff):
            answer = client.get(address)
            if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
                continue
            page = answer.content.decode()
            assert not typed_ids(page), f"{address} as {who}"
            asked |= {name for _, _, name in fields_of(page)}
    assert {"person_correction-person", "premises_correction-premises", "fact_correction-fact"} <= asked


def test_the_form_of_a_correction_offers_what_is_chosen_in_words_and_keeps_what_was_typed(world: World) -> None:
    case, track = world.track("visit_scheduled")
    perform(world.lies, Action.RECORD_VISIT, track, REPORT)
    client = signed_in("lies")
    page = client.get(f"/cases/{case}").content.decode()
    ways = re.findall(r"/write_record\?open=(\w+)&amp;([\w-]+)=", page)
    assert {("person_correction", "person_correction-person"), ("premises_correction", "premises_correction-premises")} <= {
        *ways
    }
    assert ("fact_correction", "fact_correction-fact") in ways
    form = client.get(f"/cases/{case}/write_record?open=person_correction").content.decode()
    assert "Betrokkene: Testpersoon Proef, 1 mei 1984" in form or "Testpersoon Proef, 1 mei 1984" in form
    key = world.rows("SELECT id FROM casework_personincase")[0][0]
    answer = client.post(
        f"/cases/{case}/write_record",
        {"person_correction-person": str(key), "person_correction-family_name": "Verbeterd", "version": "0"},
    )
    assert answer.status_code == 422
    assert 'value="Verbeterd"' in answer.content.decode(), "a reason is asked, and what was typed stays"
    sent = {"person_correction-person": str(key), "person_correction-family_name": "Verbeterd", "version": "0"}
    assert client.post(f"/cases/{case}/write_record", {**sent, "person_correction-why": "mistyped"}).status_code == 302
    again = client.post(
        f"/cases/{case}/write_record",
        {**sent, "person_correction-family_name": "Later", "person_correction-why": "mistyped"},
    )
    assert again.status_code == 422
    text = again.content.decode()
    assert "Lies Liaison" in text
    assert 'value="Later"' in text


def test_page_and_print_show_what_it_was_and_the_author_of_a_note(world: World) -> None:
    case, _ = world.track()
    perform(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Een verzonnen zorg."}})
    handoff = world.delivered(case)
    key = world.rows("SELECT id FROM casework_personincase WHERE agency_id = %s", world.agency("lies"))[0][0]
    values = {"person": key, "why": "heard_wrong", "family_name": "Verbeterd"}
    perform(world.lies, Action.WRITE_RECORD, case, {"person_correction": values})
    world.work()
    client = signed_in("lies")
    for address in (f"/cases/{case}", f"/cases/{case}/print_case"):
        page = client.get(address).content.decode()
        assert re.search(r"Zorg; vastgelegd \d+ \w+ \d+, \d\d:\d\d, Lies Liaison", page), address
        for words in ("Verkeerd gehoord", "Het was", "Achternaam: Proef", "Achternaam: Verbeterd"):
            assert words in page, (address, words)
    for who, address in (("wim", f"/handoffs/{handoff}"), ("lies", f"/handoffs/{handoff}")):
        page = signed_in(who).get(address).content.decode()
        assert "De afzender heeft dit verbeterd" in page
        assert "Verbeterd" in page
