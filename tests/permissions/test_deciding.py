"""What surrounds `decide`: in which roles an act is tried, what a list shows, who approves, how people are named."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from permissions.decision import (
    Actor,
    Decision,
    Effect,
    Missing,
    Refused,
    Relation,
    cells_of,
    decide,
    for_lists,
    may_approve,
    roles_for,
    roles_with,
)
from permissions.grid import Cell, GridError, parse
from permissions.matrix import MATRIX
from permissions.reasons import Reason, Rule
from permissions.vocabulary import Action, AgencyKind, Role

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


def actor(*roles: Role) -> Actor:
    return Actor(7, 1, AgencyKind.POLICE, roles, uuid4(), "Lies Liaison", "Politie Proefstad")


def test_an_actor_is_named_with_the_agency_acted_for():
    assert str(actor()) == "Lies Liaison (Politie Proefstad)"


def test_hidden_and_absent_are_refusals():
    assert issubclass(Missing, Refused)
    assert Decision(Effect.ALLOW, Reason(Rule.CELL)).allowed
    assert not Decision(Effect.DENY, Reason(Rule.NEVER)).allowed


def test_every_no_is_a_no_with_its_rule_its_cell_and_its_words():
    for relation, role, rule, cell, said in (
        (Relation(walled=True), Role.SUPERVISOR, Rule.WALL, None, "a wall stands between this person and this case"),
        (Relation(), Role.AUDITOR, Rule.NEVER, Cell.NEVER, "read_record: never for auditor"),
        (Relation(), Role.SUPERVISOR, Rule.OUTSIDE_CELL, Cell.OWN, "read_record: supervisor only where own"),
    ):
        decision = decide(role, Action.READ_RECORD, relation, NOW)
        assert decision == Decision(Effect.DENY, Reason(rule, Action.READ_RECORD, role, cell))
        assert decision.why == said


def test_every_yes_is_a_yes_with_its_rule_and_its_cell():
    for relation, rule, said in (
        (Relation(named=True), Rule.CELL, "read_record: caseworker where named"),
        (Relation(emergency=True), Rule.EMERGENCY, "read_record: emergency access"),
    ):
        decision = decide(Role.CASEWORKER, Action.READ_RECORD, relation, NOW)
        assert decision == Decision(Effect.ALLOW, Reason(rule, Action.READ_RECORD, Role.CASEWORKER, Cell.NAMED))
        assert decision.why == said


def test_an_act_is_tried_in_the_order_of_the_columns_and_only_where_there_is_a_cell():
    roles = (Role.SUPERVISOR, Role.POLICE_LIAISON, Role.QUALITY_CHECKER)
    assert roles_for(actor(*roles), Action.READ_RECORD) == (Role.POLICE_LIAISON, Role.SUPERVISOR)
    assert roles_for(actor(Role.AUDITOR), Action.READ_RECORD) == ()


def test_a_list_is_what_the_widest_role_sees_or_the_chosen_one():
    several = actor(Role.POLICE_LIAISON, Role.QUALITY_CHECKER, Role.SUPERVISOR)
    assert for_lists(several, Action.SEE_CASE).roles == (Role.SUPERVISOR,)
    assert for_lists(several, Action.SEE_CASE, "police_liaison").roles == (Role.POLICE_LIAISON,)
    assert for_lists(several, Action.SEE_CASE, "auditor").roles == (Role.SUPERVISOR,)
    assert for_lists(actor(Role.POLICE_LIAISON, Role.QUALITY_CHECKER), Action.SEE_CASE).roles == (Role.QUALITY_CHECKER,)
    nobody = actor(Role.AUDITOR)
    assert for_lists(nobody, Action.SEE_CASE) is nobody


@pytest.mark.parametrize(
    ("person", "asker", "editor", "may"),
    [(1, 2, 3, True), (1, 2, None, True), (1, 1, 3, False), (1, 2, 1, False), (1, 1, None, False)],
)
def test_four_eyes(person, asker, editor, may):
    assert may_approve(person, asker, editor) is may


def test_roles_with_cells_are_those_of_the_matrix():
    assert roles_with(Action.SEE_CASE, Cell.OWN) == (Role.TRIAGE_DECIDER, Role.SUPERVISOR)
    assert set(roles_with(Action.SEE_CASE, Cell.OWN, Cell.END)) == {
        Role.TRIAGE_DECIDER,
        Role.SUPERVISOR,
        Role.QUALITY_CHECKER,
    }
    for action in Action:
        assert set(roles_with(action, *Cell)) == set(Role)
        assert not roles_with(action)


def test_everybody_fulfils_all():
    assert cells_of(Relation()) == {Cell.ALL}


def table(**changed: str) -> str:
    """The whole matrix as one panel, with some rows written otherwise."""
    rows = {str(a): f"{a} " + " ".join(MATRIX[a][role] for role in Role) for a in Action} | changed
    return "case actions " + " ".join(Role) + "\n" + "\n".join(row for row in rows.values() if row)


def test_a_matrix_is_read_as_it_is_written():
    assert parse(table()) == MATRIX
    assert parse(f"\n{table()}\n\n\n{table()}\n") == MATRIX, "panels may repeat what they agree on"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"see_case": ""}, "see_case has no row"),
        ({"see_case": "see_case own"}, r"line 3: see_case has 1 cells for 20 roles"),
        ({"see_case": "see_case" + " own" * 21}, r"line 3: see_case has 21 cells for 20 roles"),
        ({"see_case": "see_moon" + " own" * 20}, r"line 3: see_moon is no action"),
        ({"see_case": "see_case" + " moon" * 20}, r"line 3: moon is no cell"),
        ({"again": "read_record" + " all" * 20}, r"line \d+: read_record for intake_worker is answered twice"),
    ],
)
def test_a_matrix_with_a_fault_is_named(changed, said):
    with pytest.raises(GridError, match=f"^{said}$"):
        parse(table(**changed))


def test_what_no_panel_lists_is_never():
    one = parse("case actions auditor\n" + "\n".join(f"{action} own" for action in Action))
    assert one[Action.SEE_CASE] == {role: Cell.OWN if role is Role.AUDITOR else Cell.NEVER for role in Role}


def test_a_wrong_role_is_named():
    with pytest.raises(GridError, match=r"^line 1: moon is no role$"):
        parse("case actions moon\nsee_case own\n")
