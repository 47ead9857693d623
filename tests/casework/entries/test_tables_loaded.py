"""The program starts with nothing lacking: what lacks something stops it, with a sentence that says what."""

import pytest

from casework.actions.handlers import HANDLERS, Handler, carries_out, check_handlers
from casework.actions.perform import CARRYING_OUT
from casework.entries.entry import ActionEntry, On, Page, entries_of
from casework.entries.table import ENTRIES, LISTED, STEPS
from casework.facts.handoff import WORKFLOW
from casework.facts.told import check_needs, tells_of_handoff, tells_of_track
from casework.input.parts import check_parts
from permissions.vocabulary import Action
from web.urls import check_pages
from workflows.table import LawError
from workflows.tracks import TRACKS

WITH_PAGE = {action for action, entry in ENTRIES.items() if entry.pages}
WITHOUT = {action: entry.without for action, entry in ENTRIES.items() if entry.without}


def without(action):
    return [entry for entry in LISTED if entry.action is not action]


def test_every_action_has_an_entry_and_a_handler_or_a_reason():
    check_handlers(HANDLERS, ENTRIES)
    assert list(ENTRIES) == list(Action)
    assert set(HANDLERS) | set(WITHOUT) == set(Action)
    assert all(len(reason) > 20 for reason in WITHOUT.values())


def test_an_action_without_an_entry_stops_the_program():
    with pytest.raises(LawError, match="no entry says what it needs: add_note"):
        entries_of(without(Action.ADD_NOTE), STEPS)


def test_a_step_of_a_track_has_its_entry_from_its_row():
    assert Action.SUBMIT not in {entry.action for entry in LISTED}
    assert ENTRIES[Action.SUBMIT] == ActionEntry(Action.SUBMIT, On.TRACK, (Page.TRACK,))
    assert not ENTRIES[Action.DELIVER_HANDOFF].pages, "no person delivers"


def test_an_action_with_two_entries_stops_the_program():
    with pytest.raises(LawError, match="add_note: two entries"):
        entries_of([*LISTED, ActionEntry(Action.ADD_NOTE, On.CASE)], STEPS)


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        (ActionEntry(Action.WARN, On.CASE, (Page.TRACK,)), "warn: its entry must say that it is done on a track"),
        (ActionEntry(Action.WARN, On.TRACK, (Page.CASE,)), "warn: its entry must say .* drawn on a track page"),
        (ActionEntry(Action.ADD_NOTE, On.CASE, parts=("note",)), "add_note: no page asks its parts note"),
        (ActionEntry(Action.ADD_NOTE, On.CASE, (Page.CASE,), ("note",), takes_parts=False), "add_note: it takes no parts"),
        (ActionEntry(Action.ADD_NOTE, On.CASE, (Page.CASE,), ("note",), ("note",)), "add_note: it has the part note twice"),
    ],
)
def test_an_entry_that_contradicts_itself_or_its_workflow_stops_the_program(entry, complaint):
    with pytest.raises(LawError, match=complaint):
        entries_of([*without(entry.action), entry], STEPS)


def test_a_part_without_columns_stops_the_program():
    with pytest.raises(LawError, match="add_note: nothing says what stands in its part remark"):
        check_parts([ActionEntry(Action.ADD_NOTE, On.CASE, (Page.CASE,), parts=("remark",))])


def test_an_entry_whose_page_is_nowhere_stops_the_program():
    check_pages(WITH_PAGE)
    with pytest.raises(LawError, match="no address leads to one: add_note"):
        check_pages(WITH_PAGE - {Action.ADD_NOTE})


def test_a_page_of_which_no_entry_knows_stops_the_program():
    with pytest.raises(LawError, match="their entries name none: migrate"):
        check_pages(WITH_PAGE | {Action.MIGRATE})


def test_an_action_without_either_stops_the_program():
    fewer: dict[Action, Handler] = {action: handler for action, handler in HANDLERS.items() if action is not Action.WARN}
    with pytest.raises(LawError, match="no handler and no reason: warn"):
        check_handlers(fewer, ENTRIES)


def test_an_action_with_both_stops_the_program():
    with pytest.raises(LawError, match="a reason why there is none: warn"):
        check_handlers(HANDLERS, {**ENTRIES, Action.WARN: ActionEntry(Action.WARN, On.TRACK, without="it is not built yet")})


def test_a_second_handler_of_an_action_stops_the_program():
    with pytest.raises(LawError, match=r"add_note: two handlers carry it out, casework.actions.cases.add_note and "):
        carries_out(Action.ADD_NOTE)(HANDLERS[Action.ASSIGN])


def test_every_module_of_handlers_has_one_and_every_handler_stands_in_one():
    assert {handler.__module__ for handler in HANDLERS.values()} == {module.__name__ for module in CARRYING_OUT}


def test_a_fact_that_nothing_tells_of_is_known_as_such():
    assert {"subject_data_removed", "reviews_done", "offer_form"} <= tells_of_track.facts
    assert "term_passed" not in tells_of_track.facts
    assert "term_passed" in tells_of_handoff.facts


def test_a_step_on_a_fact_of_which_nothing_tells_stops_the_program():
    check_needs(WORKFLOW, tells_of_handoff.facts)
    with pytest.raises(LawError, match="warning: nothing tells of reviews_done"):
        check_needs(TRACKS["warning"], tells_of_track.facts - {"reviews_done"})


@pytest.mark.parametrize(
    ("fact", "complaint"),
    [("reviews_done", "track: two methods tell of reviews_done"), ("rain", "tells of rain, which is no fact")],
)
def test_a_method_that_tells_of_no_fact_or_of_one_that_is_told_stops_the_program(fact, complaint):
    with pytest.raises(LawError, match=complaint):
        tells_of_track(fact)(lambda _: True)
