"""`decide` against the oracle of docs/law.md: every cell, the whole space of facts, and a million random decisions."""

import os
import random
from datetime import UTC, datetime

import pytest

from permissions.decision import Relation, decide
from permissions.matrix import MATRIX
from permissions.vocabulary import Action, Role
from tests.oracle import law

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
SPACE = law.every_fact()
SEEDS = (1, 2, 20260105, *map(int, os.environ.get("SEEDS", "").split()))
"""Every seed that ever found a difference stays here."""
DECISIONS = int(os.environ.get("DECISIONS", "100000"))


def relation(facts: law.Facts) -> Relation:
    return Relation(
        in_case=facts.keeps,
        named=facts.named,
        owner=facts.owner,
        end=facts.end,
        state=facts.state,
        walled=facts.walled,
        emergency=facts.emergency,
        same_agency=facts.same_agency,
        same_controller=facts.same_controller,
        ends_of=frozenset(facts.ends),
    )


def differs(role: Role, action: Action, facts: law.Facts) -> bool:
    return decide(role, action, relation(facts), NOW).allowed != law.allowed(role.value, action.value, facts)


def test_the_oracle_and_the_product_speak_of_the_same_words():
    assert {role.value for role in Role} == set(law.ROLES)
    assert {action.value for action in Action} == set(law.ACTIONS)
    assert len(law.STATES) == 11
    assert len(SPACE) == 2 * 2 * 3 * 23 * 16 * 4


def test_every_cell_of_the_matrix_decides_as_the_law_says():
    """Each of all cells, on a covering set of facts that is drawn anew for each."""
    pick = random.Random(4)
    for action in Action:
        for role in Role:
            for facts in pick.sample(SPACE, 24):
                assert not differs(role, action, facts), (role, action, facts)


def test_the_whole_space_of_facts_decides_as_the_law_says():
    """Every fact, once for each kind of cell, with and without the two actions that an emergency turns into yes."""
    kinds: dict[object, tuple[Role, Action]] = {}
    for action in Action:
        for role in Role:
            kinds.setdefault((MATRIX[action][role], action.value in law.EMERGENCY_TURNS), (role, action))
    assert len(kinds) > 12
    for role, action in kinds.values():
        for facts in SPACE:
            assert not differs(role, action, facts), (role, action, facts)


@pytest.mark.parametrize("seed", SEEDS)
def test_random_decisions_are_the_law_s(seed):
    pick = random.Random(seed)
    actions, roles = list(Action), list(Role)
    for _ in range(DECISIONS // len(SEEDS)):
        role, action, facts = pick.choice(roles), pick.choice(actions), pick.choice(SPACE)
        assert not differs(role, action, facts), (seed, role, action, facts)


def test_a_decision_says_the_row_it_rests_on():
    for action in Action:
        for role in Role:
            why = decide(role, action, Relation(in_case=True, named=True), NOW).why
            assert action.value in why
            assert role.value in why
    assert "wall" in decide(Role.SUPERVISOR, Action.SEE_CASE, Relation(walled=True), NOW).why
