"""Every row of every track is walked once by name, and once with each of its facts left out."""

import pytest

from permissions.matrix import MATRIX
from permissions.vocabulary import Action, Role
from tests.walks.ground import HANDOFF, Walk
from tests.walks.lacking import lacking
from tests.walks.rows import ROLE_OF, WALKS
from workflows.fitting import serves
from workflows.table import Incomplete
from workflows.tracks import WORKFLOWS

ROWS = {(name, step.source, str(step.action)): step for name, workflow in WORKFLOWS.items() for step in workflow.steps}


def walk_of(world, row, without=""):
    track, source, action = row
    who, _ = WALKS[row]
    return Walk(world, track, source, Action(action), who, ROWS[row].needs, without=without)


def test_every_row_of_the_law_is_walked_and_no_other():
    assert set(WALKS) == set(ROWS)


@pytest.mark.parametrize("row", sorted(WALKS), ids="-".join)
def test_who_walks_a_row_may_do_so_by_the_matrix(row):
    who, may = WALKS[row]
    cell = MATRIX[Action(row[2])][Role(ROLE_OF[who])]
    assert cell == may if may != "system" else cell == "all"


@pytest.mark.parametrize("row", sorted(WALKS), ids="-".join)
def test_a_row_is_walked_and_with_a_fact_left_out_it_is_not(world, row):
    step, who = ROWS[row], WALKS[row][0]
    walk = walk_of(world, row).lay()
    walk.step()
    assert walk.state() == step.target
    taken = "SELECT action, source, target, role FROM casework_steptaken WHERE %s IN (track_id, handoff_id)"
    assert (row[2], step.source, step.target, ROLE_OF[who]) in world.rows(taken, walk.target)
    for fact in sorted(step.needs, key="prior_warning_checked".__eq__):
        walk = walk_of(world, row, without=fact).lay()
        with pytest.raises(Incomplete) as found:
            walk.step()
        assert found.value.missing == lacking(fact, step.needs), fact
        assert walk.state() == step.source, "nothing changed"
        if fact == "recipient_active":
            walk.sql("UPDATE permissions_agency SET is_desk_open = true")
        if fact == "agreement_valid":
            world.again_agreed()


OF_THE_STEP = sorted(
    row
    for row, step in ROWS.items()
    if row[0] != "handoff"
    and any(serves(fact, step.action) in {"act", "step"} or fact == "visit_date" for fact in step.needs)
)


@pytest.mark.parametrize("row", OF_THE_STEP, ids="-".join)
def test_a_step_taken_again_with_an_empty_form_is_incomplete(world, row):
    """The track is put back where it was; what the first step stored serves no second time."""
    step = ROWS[row]
    walk = walk_of(world, row).lay()
    walk.step()
    walk.place(step.source)
    with pytest.raises(Incomplete) as found:
        walk.step(empty=True)
    own = {fact for fact in step.needs if serves(fact, step.action) in {"act", "step"}}
    assert own <= set(found.value.missing)


def test_the_ends_of_a_handoff_walk_its_rows():
    sides = {WALKS[row][0] for row, step in ROWS.items() if row[0] == "handoff" and step.by == "receiver"}
    assert sides <= {"wim", "vera"}
    assert {"prepared", "checked", "sent"} == HANDOFF.OWN
