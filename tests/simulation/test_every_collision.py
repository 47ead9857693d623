"""Every two steps that meet in a state, taken at the same moment: one is taken, and who comes second is told so."""

import os
import random
from itertools import product

import pytest

from casework.facts.first_steps import Stale
from casework.input.read import Malformed
from permissions.decision import Refused
from permissions.vocabulary import Action
from tests.simulation.test_collisions import THREADS, sound, together, won
from tests.walks.ground import Walk
from tests.walks.rows import WALKS
from tests.walks.test_every_row import ROWS, walk_of
from workflows.table import Incomplete, NotNow

MEETINGS = int(os.environ.get("MEETINGS", "1"))
"""How many pairs are tried of each state; 0 is all of them."""
SEED = os.environ.get("MEETINGS_SEED", "1")
STATES = sorted({row[:2] for row in WALKS})
TOLD = (Stale, Refused, NotNow, Incomplete, Malformed)
"""How who comes second can be answered; where the ground is not theirs, also what they lack."""


WORKERS = frozenset({"courier", "scheduler"})
"""Who is told nothing: the intent is tried again or given up."""


def meetings(state):
    """The pairs of steps of a state that are tried: each both ways round, as the ground is laid for the first."""
    rows = [row for row in sorted(WALKS) if row[:2] == state]
    pairs = list(product(rows, repeat=2))
    if not MEETINGS:
        return pairs
    seeded, different = random.Random(f"{SEED} {state}"), [pair for pair in pairs if pair[0] != pair[1]] or pairs
    return seeded.sample(different, min(MEETINGS, len(different)))


@pytest.mark.parametrize("state", STATES, ids="-".join)
def test_of_two_steps_that_meet_in_a_state_one_is_taken(world, caplog, state):
    for first, second in meetings(state):
        walk = walk_of(world, first).lay()
        track, source, action = second
        other = Walk(
            world, track, source, Action(action), WALKS[second][0], ROWS[second].needs, case=walk.case, target=walk.target
        )
        table = "casework_handoff" if track == "handoff" else "casework_track"
        (version,) = world.rows(f"SELECT version FROM {table} WHERE id = %s", walk.target)[0]
        taken = "SELECT count(*) FROM casework_steptaken WHERE %s IN (track_id, handoff_id) AND source = %s"
        before = world.rows(taken, walk.target, source)[0][0]
        newest = world.rows("SELECT max(id) FROM audit_entry")[0][0]
        takers = [one for one in (walk, other) for _ in range(THREADS // 2)]
        random.Random(f"{first} {second}").shuffle(takers)
        ended = together([take(one, version) for one in takers])
        met = f"{first} and {second}: {ended}"
        sound(world, ended, caplog)
        assert len(won(ended)) == 1, met
        assert all(isinstance(end, TOLD) for end in ended if isinstance(end, Exception)), met
        by_people = [end for one, end in zip(takers, ended, strict=True) if one.who not in WORKERS]
        assert len(by_people) < 2 or any(isinstance(end, Stale) for end in by_people), f"nobody is told who was first: {met}"
        assert world.rows(taken, walk.target, source) == [(before + 1,)], met
        assert world.rows(f"SELECT version FROM {table} WHERE id = %s", walk.target) == [(version + 1,)], met
        entries = "SELECT outcome, count(*) FROM audit_entry WHERE id > %s AND (outcome <> 'done' OR object_pk = %s"
        said = dict(world.rows(f"{entries} AND changes ? 'version') GROUP BY 1", newest, str(walk.target)))
        assert said.pop("done") == 1, f"the trail says once that the state changed: {said}, {met}"
        assert sum(said.values()) >= len(takers) - 1, f"and of everybody else that it came to nothing: {said}, {met}"
        assert walk.state() in {ROWS[first].target, ROWS[second].target}, met
        walk.sql("DELETE FROM casework_nametoken")  # so that the next pair is about nobody who was warned before
        walk.sql("UPDATE casework_premises SET address_keys = '{}'")


def take(walk, version):
    """The step as somebody sends it who saw this version; what comes along is made before they meet."""
    content = walk.content()
    return lambda: walk.act(walk.who, walk.action, walk.target, content, version)
