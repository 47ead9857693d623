"""A person chooses by reference and words what is meant: no page asks for an id, and what is chosen lies within reach."""

import re

import pytest

from casework.actions.perform import perform
from casework.input.parts import columns_of, parts_for
from casework.input.read import Malformed
from casework.input.schema import Kind
from permissions.vocabulary import Action
from tests.world import PERSON, PREMISES, signed_in
from web.fields import OfferedInput
from web.forms import ActForm
from web.urls import CASE_PAGES, ON_HANDOFFS, ON_TRACKS

CHOSEN = {Kind.PERSON, Kind.MEMBER, Kind.AGENCY, Kind.ROW}
WHY = "Er is nieuws dat de zaak raakt."


def test_no_part_of_any_act_draws_a_field_for_an_id(world):
    """Whatever is about a person, a colleague, an agency or a row is chosen from what the page offers."""
    case, track = world.track("follow_up")
    handoff = world.package(case)
    pages = {f"/cases/{case}": CASE_PAGES, f"/tracks/{track}": ON_TRACKS, f"/handoffs/{handoff}": ON_HANDOFFS}
    for base, actions in pages.items():
        for who in ("lies", "dirk", "saskia", "karin"):
            client = signed_in(who)
            for action in actions:
                page = client.get(f"{base}/{action}").content.decode()
                for part in parts_for(action):
                    for column in columns_of(part, action):
                        drawn = re.search(rf'<(\w+)[^>]* name="{part}-{column.name}"', page)
                        if drawn and column.kind in CHOSEN:
                            assert drawn[1] == "select", (action, part, column.name)
                        if drawn and column.kind is Kind.CASE:
                            assert f'<datalist id="offers_{part}-{column.name}"' in page, (action, part)


def test_what_most_likely_is_meant_is_offered_by_reference_and_in_words(world):
    first = world.opened().made["case"]
    case, _ = world.track("follow_up")
    reference = world.rows("SELECT reference FROM casework_participation WHERE content_object_id = %s", first)[0][0]
    page = signed_in("lies").get(f"/cases/{case}/write_record").content.decode()
    assert f'<option value="{reference}">' in page
    assert str(first) not in page
    told = {"new_signal": {"case": reference.upper(), "text": WHY}}
    perform(world.lies, Action.WRITE_RECORD, case, told)
    assert world.rows("SELECT ref_id FROM casework_storedfact WHERE fact = 'new_signal'") == [(first,)]


@pytest.mark.parametrize("named", ["2026-zzzzzz", "2024-000000", "00000000"])
def test_a_reference_beyond_reach_names_nothing(world, named):
    case, _ = world.track("follow_up")
    with pytest.raises(Malformed, match=r"no_such_case|not_a_case"):
        perform(world.lies, Action.WRITE_RECORD, case, {"new_signal": {"case": named, "text": WHY}})


def test_a_fact_names_somebody_of_this_record_alone(world):
    case, _ = world.track("follow_up")
    world.opened()
    people = dict(world.rows("SELECT case_id, id FROM casework_personincase"))
    elsewhere = next(person for of_case, person in people.items() if of_case != case)
    with pytest.raises(Malformed, match="no_such_person"):
        perform(world.lies, Action.WRITE_RECORD, case, {"subject_informed": {"date": "vandaag", "person": elsewhere}})
    perform(world.lies, Action.WRITE_RECORD, case, {"subject_informed": {"date": "vandaag", "person": people[case]}})


def test_a_partly_known_birth_date_is_stored_shown_and_found_as_such(world):
    case = world.opened(person={**PERSON, "birth_date": "maart 1984"}).made["case"]
    rows = world.rows("SELECT birth_date::text, birth_precision FROM casework_personincase")
    assert rows == [("1984-03-31", "month")]
    client = signed_in("lies")
    page = client.get(f"/cases/{case}").content.decode()
    assert "maart 1984" in page
    assert "31 maart 1984" not in page
    for typed in ("1984", "maart 1984", "proef 27-3-1984", "27 maart 1984 proef"):
        assert f"/cases/{case}" in client.post("/search", {"search-words": typed}).content.decode(), typed
    for typed in ("1985", "april 1984", "2-4-1984"):
        assert f"/cases/{case}" not in client.post("/search", {"search-words": typed}).content.decode(), typed
    world.delivered(case)
    received = "SELECT birth_date::text, birth_precision FROM casework_personincase WHERE agency_id = %s"
    assert world.rows(received, world.agency("wim")) == rows


def test_names_and_addresses_to_choose_from_are_looks_of_the_trail(world):
    case, _ = world.track()
    page = signed_in("lies").get(f"/cases/{case}/write_record").content.decode()
    assert f"{PERSON['given_names']} {PERSON['family_name']}" in page
    assert PREMISES["street"] in page
    shown = {
        one
        for (found,) in world.rows("SELECT additional_data->'shown' FROM audit_entry WHERE verb = 'consult'")
        for one in found
    }
    assert {"people", "premises"} <= shown


def test_hints_fit_what_a_date_means(world):
    case, _ = world.track()
    page = signed_in("lies").get(f"/cases/{case}/write_record").content.decode()
    hint = re.search(r'id="id_person-birth_date_helptext"[^>]*>([^<]+)<', page)
    assert hint
    assert "geboort" in hint[1] or "een jaar" in hint[1]
    assert "+5w" not in hint[1]
    answer = signed_in("lies").post(f"/cases/{case}/write_record", {"person-role": "subject", "person-birth_date": "1-12"})
    assert answer.status_code == 422
    assert "Schrijf ook het jaar" in answer.content.decode()
    assert 'value="1-12"' in answer.content.decode()


def test_the_field_offers_what_it_was_given_and_nothing_is_markup():
    form = ActForm(Action.WRITE_RECORD, ("new_signal",), choices={"new_signal-case": [("2026-abcdef", "Zaak <b>")]})
    widget = form.fields["new_signal-case"].widget
    assert isinstance(widget, OfferedInput)
    assert '<option value="2026-abcdef">Zaak &lt;b&gt;</option>' in str(form["new_signal-case"])
