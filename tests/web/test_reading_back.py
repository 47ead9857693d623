"""What was stored is read back by whoever reads the record: on the page of the case, and whole in print."""

import re

from casework.services import perform
from permissions.vocabulary import Action
from tests.web.test_as_used import main_of
from tests.world import signed_in

WHY = "Een verzonnen reden van genoeg tekens om te bewaren."


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
    case, track = world.track("visit_done")
    approval = {"action": "no_concern_report", "text": "Omdat het gevraagd is."}
    perform(world.lies, Action.WRITE_RECORD, track, {"no_concern_report": {"text": WHY}})
    perform(world.lies, Action.ASK_APPROVAL, track, {"approval": approval})
    asked = read("lies", case)
    assert all(re.search(r"gevraagd door Lies Liaison, \d+ \w+ \d{4}", words) for words in asked)
    perform(world.dirk, Action.APPROVE, track, {"approver_reason": {"text": "Dat is goed onderbouwd."}})
    for words in read("lies", case):
        assert re.search(r"goedgekeurd door Dirk Beslisser, \d+ \w+ \d{4}", words)
        assert "Omdat het gevraagd is." in words
        assert "Dat is goed onderbouwd." in words
