"""The sentences of the handbook hold in the whole space, and a sentence that does not hold is found."""

from collections import Counter

import pytest

from permissions.questions import QUESTIONS, Question, every_relation, own_approvals
from permissions.vocabulary import Action, Role
from tests.oracle import law


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.sentence)
def test_the_sentence_holds_in_every_case(question):
    assert question.cases > 300
    assert question.counterexamples() == []


def test_nobody_approves_their_own():
    assert own_approvals() == []


def test_a_sentence_that_is_false_is_found_out():
    assert Question("A supervisor never reads.", (Role.SUPERVISOR,), (Action.READ_RECORD,)).counterexamples()


def test_the_space_is_as_large_as_the_law_s():
    states = {relation.state for relation in every_relation()} - {""}
    assert states <= set(law.STATES)
    kinds = [
        {law.holds(cell, law.Facts(end="receiver", state=state)) for cell in ("receiver", "named_end")} for state in states
    ]
    assert {True} in kinds
    assert {False} in kinds
    assert {True, False} in kinds


def test_the_space_is_every_combination_once():
    states = ("prepared", "acknowledged", "accepted", "expired")
    handoffs = {("", ""), *((end, state) for end in ("sender", "receiver") for state in states)}
    seen = Counter(every_relation())
    assert set(seen.values()) == {1}
    both = {True, False}
    for name in ("in_case", "named", "walled", "emergency", "same_agency", "same_controller"):
        assert {getattr(relation, name) for relation in seen} == both, name
    assert {relation.owner for relation in seen} == {None, *both}
    assert {(relation.end, relation.state) for relation in seen} == handoffs
    assert {relation.ends_of for relation in seen} == {frozenset(), frozenset({("sender", "prepared")})}
    assert len(seen) == 2**7 * 3 * len(handoffs)
