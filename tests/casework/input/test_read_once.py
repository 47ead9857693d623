"""A value is read once, and a text screened once, in one act; whatever was not is read and screened all the same."""

import pytest

from casework.input.fields import PlainText
from casework.input.read import Malformed, ReadPart, read_inputs
from casework.input.screening import Screened, ScreenedText, screen
from permissions.vocabulary import Action

LINK = "zie https://voorbeeld.test/x"


def of_note(text, action=Action.ADD_NOTE, part="note"):
    return {"note": ReadPart(action, part, {"kind": "concern", "text": text})}


def test_what_a_form_has_read_is_stored_as_it_was_read():
    text = screen("Een zorg.")
    (note,) = read_inputs(Action.ADD_NOTE, of_note(text))["note"]
    assert note["text"] is text


@pytest.mark.parametrize("given", [of_note(LINK, Action.OPEN_CASE), of_note(LINK, part="correction")])
def test_what_was_read_for_another_act_or_part_is_read_again(given):
    with pytest.raises(Malformed, match="screened_link"):
        read_inputs(Action.ADD_NOTE, given)


def test_what_a_form_did_not_ask_is_missed_all_the_same():
    with pytest.raises(Malformed, match=r"note\.kind: required"):
        read_inputs(Action.ADD_NOTE, {"note": ReadPart(Action.ADD_NOTE, "note", {"text": screen("Een zorg.")})})


def test_texts_that_a_form_has_read_one_by_one_are_still_judged_together():
    cut = {"family_name": "Kx9f Qm2a", "given_names": "Zt7b Lw4c", "contact": "Vp8d Rk3e"}
    person = {"role": "household_member"} | {name: screen(text) for name, text in cut.items()}
    with pytest.raises(Malformed, match="screened_blob"):
        read_inputs(Action.WRITE_RECORD, {"person": ReadPart(Action.WRITE_RECORD, "person", person)})


def test_what_a_part_may_not_hold_is_refused_whoever_has_read_it():
    with pytest.raises(Malformed, match="unknown_column"):
        read_inputs(Action.ADD_NOTE, {"note": ReadPart(Action.ADD_NOTE, "note", {"more": screen("Een zorg.")})})


def test_a_column_screens_what_nobody_has_screened():
    assert isinstance(screen("Een zorg."), ScreenedText)
    assert PlainText(max_length=80).get_prep_value("Een zorg.") == "Een zorg."
    with pytest.raises(Screened):
        PlainText(max_length=80).get_prep_value(LINK)


@pytest.mark.parametrize("change", ["{} {}".format, str.__add__, lambda text, more: text.replace(".", more)])
def test_a_text_that_was_changed_since_it_was_screened_is_screened_again(change):
    with pytest.raises(Screened):
        PlainText(max_length=80).get_prep_value(change(screen("Een zorg."), LINK))


def test_what_was_screened_with_an_address_of_mail_is_screened_again_where_none_belongs():
    reached = screen("jan@school.nl", takes_mail=True)
    assert PlainText(max_length=80, takes_mail=True).get_prep_value(reached) == "jan@school.nl"
    with pytest.raises(Screened):
        PlainText(max_length=80).get_prep_value(reached)
