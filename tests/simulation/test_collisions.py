"""Every two acts that can meet on one handoff or case, at the same moment: one wins, the other is told, nothing fails."""

import os
import random
import threading
from itertools import combinations_with_replacement
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from casework.actions.perform import perform
from casework.facts.first_steps import Stale
from casework.input.read import Malformed
from permissions.acting import Busy
from permissions.decision import Refused
from permissions.vocabulary import Action
from tests.world import PLAN, checklist, signed_in
from workflows.table import Incomplete, NotNow

THREADS = int(os.environ.get("COLLIDING", "4"))
ROUNDS = int(os.environ.get("COLLISIONS", "1"))
TOLD = (Refused, NotNow, Incomplete, Stale, Malformed, Busy)
REASON = {"reason": {"code": "other", "text": "Een reden van genoeg tekens om te mogen."}}
NOTE = {"note": {"kind": "concern", "text": "Een verzonnen zorg."}}

ON_HANDOFF = {
    "withdraw": ("dirk", Action.WITHDRAW_HANDOFF, REASON),
    "acknowledge": ("wim", Action.ACKNOWLEDGE_HANDOFF, {}),
    "accept": ("wim", Action.ACCEPT_HANDOFF, {}),
    "refuse": ("vera", Action.REFUSE_HANDOFF, REASON),
    "return": ("wim", Action.RETURN_HANDOFF, {"question": {"code": "content", "text": "Welke kinderen wonen er nu?"}}),
}
ON_TRACK = {
    "take_up": ("dirk", Action.TAKE_UP, {}),
    "plan": ("dirk", Action.PLAN_VISIT, checklist()),
    "note": ("lies", Action.ADD_NOTE, NOTE),
    "record": ("lies", Action.WRITE_RECORD, NOTE),
    "assign": ("saskia", Action.ASSIGN, {}),
    "wall": ("saskia", Action.WALL_PERSON, {}),
}


def together(works):
    """Do these at the same moment, each on a connection of its own; answers how each ended."""
    start = threading.Barrier(len(works))
    ended: list[Any] = [None] * len(works)

    def run(place, work):
        start.wait()
        try:
            ended[place] = work()
        except Exception as error:  # noqa: BLE001 - what went wrong is what is looked at
            ended[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ended


def sound(world, ended, caplog):
    failed = [end for end in ended if isinstance(end, Exception) and not isinstance(end, TOLD)]
    assert not failed, failed
    assert "another one in the database" not in caplog.text, "locks are taken in one order: nothing had to be tried again"
    assert world.rows(
        "SELECT count(*) FROM casework_participation r WHERE r.ends_at IS NULL AND r.next_due_at <> coalesce(("
        "SELECT min(d.due_at) FROM casework_deadline d WHERE d.case_id = r.content_object_id AND d.agency_id = r.group_id"
        " AND d.met_at IS NULL), '9999-01-01Z')",
    ) == [(0,)]
    query = "SELECT count(*), count(DISTINCT (coalesce(track_id, handoff_id), source, action)) FROM casework_steptaken"
    return world.rows(query)


def won(ended):
    return [end for end in ended if not isinstance(end, Exception)]


@pytest.mark.parametrize("pair", list(combinations_with_replacement(sorted(ON_HANDOFF), 2)), ids="-".join)
def test_two_who_act_on_one_handoff_at_once(world, caplog, pair):
    seeded = random.Random(f"handoff {pair}")
    for _ in range(ROUNDS):
        case, _ = world.track()
        handoff = world.delivered(case)
        if set(pair) != {"acknowledge"}:
            perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
        (version,) = world.rows("SELECT version FROM casework_handoff WHERE id = %s", handoff)[0]

        def work(name, handoff=handoff, version=version):
            who, action, given = ON_HANDOFF[name]
            return perform(world.people[who], action, handoff, given, version=version)

        works = [lambda name=name: work(name) for name in pair for _ in range(THREADS // 2)]
        seeded.shuffle(works)
        ended = together(works)
        sound(world, ended, caplog)
        assert len(won(ended)) == 1, ended
        assert all(isinstance(end, Stale | Refused | NotNow) for end in ended if isinstance(end, Exception)), ended
        assert any(isinstance(end, Stale) for end in ended), "who comes second is told who was first"
        assert world.rows("SELECT version FROM casework_handoff WHERE id = %s", handoff) == [(version + 1,)]


@pytest.mark.parametrize("pair", list(combinations_with_replacement(sorted(ON_TRACK), 2)), ids="-".join)
def test_two_who_act_on_one_case_at_once(world, caplog, pair):
    seeded = random.Random(f"case {pair}")
    for _ in range(ROUNDS):
        case, track = world.track("submitted")
        contents = {
            "assign": {"assignment": {"person": world.leo.person_id}},
            "wall": {"wall": {"person": world.leo.person_id, "text": "Een familielid van hem woont daar."}},
        }

        def work(name, case=case, track=track, contents=contents):
            who, action, given = ON_TRACK[name]
            on = track if name in {"take_up", "plan"} else case
            return perform(world.people[who], action, on, contents.get(name, given), version=1 if on == track else None)

        works = [lambda name=name: work(name) for name in pair for _ in range(THREADS // 2)]
        seeded.shuffle(works)
        ended = together(works)
        sound(world, ended, caplog)
        moves = world.rows("SELECT count(*) FROM casework_steptaken WHERE track_id = %s", track)[0][0]
        assert moves == (2 if "take_up" in pair else 1), ended


@pytest.mark.parametrize("first", ["withdraw", "accept"])
def test_a_withdrawal_against_an_acceptance_on_the_pages_is_told_in_words(world, first):
    for _ in range(max(3, ROUNDS)):
        case, _ = world.track()
        handoff = world.delivered(case)
        perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
        (version,) = world.rows("SELECT version FROM casework_handoff WHERE id = %s", handoff)[0]
        text = "Een verzonnen reden om het pakket terug te nemen."
        forms = {
            "withdraw": ("dirk", f"/handoffs/{handoff}/withdraw_handoff", {"reason-code": "other", "reason-text": text}),
            "accept": ("wim", f"/handoffs/{handoff}/accept_handoff", {}),
        }
        order = [first, *(name for name in forms if name != first)]
        clients = {name: signed_in(forms[name][0]) for name in order}

        def send(name, clients=clients, forms=forms, version=version):
            form = {**forms[name][2], "version": str(version), "operation": str(uuid4())}
            return clients[name].post(forms[name][1], form)

        ended = together([lambda name=name: send(name) for name in order])
        said = sorted(answer.status_code for answer in ended)
        assert said == [302, 422], said
        second = next(answer for answer in ended if answer.status_code == 422).content.decode()
        assert "was eerder" in second
        if "reason-text" in second:
            assert text in second


def test_two_plans_that_meet_on_many_cases_never_wait_in_a_ring(world, caplog):
    from casework.actions.batches import Asked, perform_all

    tracks = [world.track("visit_planned")[1] for _ in range(4)]
    asked = [Asked(track, PLAN) for track in tracks]
    ended = together(
        [
            lambda one=one: perform_all(world.lies, Action.SCHEDULE_VISIT, one)
            for one in (asked, asked[::-1]) * (THREADS // 4)
        ]
    )
    assert all(end == [None] * 4 for end in ended), ended
    assert "another one in the database" not in caplog.text
