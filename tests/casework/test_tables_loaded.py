"""The program does not start with an action that nobody carries out, or a fact that nothing tells of."""

import pytest

from casework.actions.handoff_steps import HandoffFacts
from casework.actions.perform import HANDLERS, WITHOUT_HANDLER, Handler, check_tables, facts_told_by
from casework.facts.track import TrackFacts
from permissions.vocabulary import Action
from workflows.table import LawError


def test_every_action_has_a_handler_or_a_reason():
    check_tables(HANDLERS, WITHOUT_HANDLER)
    assert set(HANDLERS) | set(WITHOUT_HANDLER) == set(Action)
    assert all(len(reason) > 20 for reason in WITHOUT_HANDLER.values())


def test_an_action_without_either_stops_the_program():
    fewer: dict[Action, Handler] = {action: handler for action, handler in HANDLERS.items() if action is not Action.WARN}
    with pytest.raises(LawError, match="no handler and no reason: warn"):
        check_tables(fewer, WITHOUT_HANDLER)


def test_an_action_with_both_stops_the_program():
    with pytest.raises(LawError, match="a reason why there is none: warn"):
        check_tables(HANDLERS, {**WITHOUT_HANDLER, Action.WARN: "it is not built yet"})


def test_a_fact_that_nothing_tells_of_is_known_as_such():
    assert {"subject_data_removed", "reviews_done", "offer_form"} <= facts_told_by(TrackFacts)
    assert "term_passed" not in facts_told_by(TrackFacts)
    assert "term_passed" in facts_told_by(HandoffFacts)


def test_a_step_on_an_unknown_fact_stops_the_program(monkeypatch):
    monkeypatch.delattr(TrackFacts, "_reviews_done")
    with pytest.raises(LawError, match="warning: nothing tells of reviews_done"):
        check_tables(HANDLERS, WITHOUT_HANDLER)
