"""Whatever waits for a person stands on that person's list, with its own row: kind by kind."""

from functools import partial

from casework.selectors import worklist
from permissions.acting import act
from permissions.decision import for_lists, roles_for
from permissions.vocabulary import Action


def list_of(world, who, **asked):
    """Everything on the worklist of a person, page by page, in the role that sees most."""
    actor = for_lists(world.people[who], Action.SEE_CASE)
    action = Action.SEE_CASE if roles_for(actor, Action.SEE_CASE) else Action.REVIEW_EMERGENCY
    found, after = [], None
    while True:
        page = act(actor, action, partial(worklist, after=after, **asked))
        found += page.rows
        after = page.following
        if after is None:
            return found


def said(rows):
    return [(row.kind, str(row.step.way.verb), row.step.is_mine) for row in rows]


def test_the_next_step_of_a_track_stands_with_who_may_take_it(world):
    case, track = world.track("submitted")
    assert said(list_of(world, "dirk")) == [("term", "take_up", True)]
    mine = list_of(world, "lies")
    assert said(mine) == [("term", "take_up", False)], "who submitted sees whose turn it is, and may not take it up"
    assert mine[0].step.roles == ("triage_decider",)
    row = list_of(world, "dirk")[0]
    assert (row.case_id, row.step.way.path) == (case, f"/tracks/{track}/take_up")
    assert row.case.holders == ("Lies Liaison",)
