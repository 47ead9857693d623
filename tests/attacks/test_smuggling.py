"""What leads to material, in every disguise that is known here, is stored by no field of any form."""

import os
from datetime import date

import pytest

from casework.actions.perform import perform
from casework.input import read
from casework.input.parts import PARTS
from casework.input.read import Malformed, read_value
from casework.input.schema import Kind
from permissions.vocabulary import Action
from tests.corpora import smuggled
from tests.world import LETTER, NECESSARY

TYPED = {Kind.TEXT, Kind.SHORT, Kind.NAMES}
COLUMNS = [(part, column) for part, columns in PARTS.items() for column in columns]
EVERY = int(os.environ.get("SMUGGLED", "16"))
"""Each field gets one in so many of the tries, and the fields together all of them; `make prove` tries all in each."""


def why_refused(part, column, text):
    """The word by which a field refuses a text; nothing where it takes it."""
    try:
        read_value(part, column, [text] if column.kind is Kind.NAMES else text)
    except Malformed as refused:
        return refused.why
    return ""


@pytest.fixture(autouse=True)
def on_a_day(monkeypatch):
    monkeypatch.setattr(read, "local_today", lambda: date(2026, 3, 2))


def test_no_field_takes_what_leads_to_material():
    tries = smuggled()
    assert len(tries) >= 500
    written = [(part, column) for part, column in COLUMNS if column.kind not in {Kind.ITEMS, Kind.AGENCIES}]
    taken = [
        (part, column.name, kind, text)
        for place, (part, column) in enumerate(written)
        for kind, text in tries[place % EVERY :: EVERY]
        if not (kind == "mail" and column.takes_mail) and not why_refused(part, column, text)
    ]
    assert taken == []


def test_what_is_chosen_from_a_list_is_one_of_the_list(world):
    case = world.opened().made["case"]
    person = str(world.rows("SELECT id FROM casework_personincase")[0][0])
    text = "kijk op proefsite.com/a1"
    agreement = {"receiver": world.agency("wim"), "groups": [text], "since": "today"}
    package = {"kind": "concern_report", "receiver": world.agency("wim"), "basis": "WPG_18_1", "items": [text]}
    package |= {"source_protected": "yes", **LETTER, **NECESSARY}
    members = {"members": [world.agency("wim")], "groups": [text], "citation": "Besluit 1", "since": "today"}
    for who, action, on, given in (
        ("lies", Action.WRITE_RECORD, case, {"person_correction": {"person": person, "why": "mistyped", "emptied": [text]}}),
        ("lies", Action.PREPARE_HANDOFF, case, {"package": package}),
        ("saskia", Action.MANAGE_AGREEMENTS, None, {"sharing": agreement}),
        ("saskia", Action.MANAGE_AGREEMENTS, None, {"partnership": members}),
    ):
        with pytest.raises(Malformed) as found:
            perform(world.people[who], action, on, given)
        assert found.value.column in {"emptied", "items", "groups"}, given


def test_a_field_in_which_somebody_writes_says_what_it_found():
    typed = [(part, column) for part, column in COLUMNS if column.kind in TYPED]
    assert len(typed) >= 90
    words = {why_refused(part, column, "x.nl/a1") for part, column in typed}
    assert {word.partition("_")[0] for word in words} <= {"screened", "too"}
    assert any(word.startswith("screened") for word in words)
