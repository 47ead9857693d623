"""Every two acts that can meet on one handoff at each stage, with the workers' own, and what meets across tracks."""

import random
from datetime import timedelta

import pytest

from casework.actions.perform import perform
from casework.facts.first_steps import Stale
from casework.worker.carry_out import carry_out
from permissions.acting import scenario_moment
from permissions.decision import Refused
from permissions.vocabulary import Action
from tests.simulation.test_collisions import REASON, ROUNDS, THREADS, sound, together, won
from tests.world import PLAN
from workflows.table import NotNow

QUESTION = {"question": {"code": "content", "text": "Welke kinderen wonen er nu?"}}
AGAIN = {"reason": {"code": "question_answered", "text": "De bewoners zijn nagevraagd."}}
WHY = "Graag meekijken naar deze zaak."
ACTS = {
    "check": ("karin", Action.CHECK_HANDOFF, {}),
    "send": ("karin", Action.SEND_HANDOFF, {}),
    "rework": ("lies", Action.REWORK_HANDOFF, AGAIN),
    "withdraw": ("dirk", Action.WITHDRAW_HANDOFF, REASON),
    "accept": ("wim", Action.ACCEPT_HANDOFF, {}),
    "return": ("wim", Action.RETURN_HANDOFF, QUESTION),
    "start": ("wim", Action.START_WORK, {"start_date": {"date": "today"}}),
}
BY_WORKERS = {"deliver": "deliver_handoff", "expire": "expire_handoff"}
STAGES = [
    ("prepared", "check", "check"),
    ("prepared", "check", "withdraw"),
    ("checked", "send", "send"),
    ("checked", "send", "rework"),
    ("checked", "rework", "rework"),
    ("sent", "deliver", "deliver"),
    ("sent", "deliver", "withdraw"),
    ("acknowledged", "expire", "accept"),
    ("acknowledged", "expire", "withdraw"),
    ("acknowledged", "expire", "expire"),
    ("returned", "rework", "withdraw"),
    ("accepted", "start", "start"),
    ("accepted", "start", "withdraw"),
    ("accepted", "start", "return"),
]


def brought_to(world, stage):
    """A handoff at a stage, as people and workers bring it there."""
    case, _ = world.track()
    expires = {"kind": "referral", "receiver": "wanda", "basis": "WPG_15"} if stage == "acknowledged" else {}
    if stage in {"prepared", "checked", "sent"}:
        handoff = world.package(case)
        for reached, action in (("checked", Action.CHECK_HANDOFF), ("sent", Action.SEND_HANDOFF)):
            if stage in {reached, "sent"}:
                perform(world.karin, action, handoff)
        return handoff
    handoff = world.delivered(case, **expires)
    at_desk = world.wanda if expires else world.wim
    perform(at_desk, Action.ACKNOWLEDGE_HANDOFF, handoff)
    if stage != "acknowledged":
        action, content = {"accepted": (Action.ACCEPT_HANDOFF, {}), "returned": (Action.RETURN_HANDOFF, QUESTION)}[stage]
        perform(world.wim, action, handoff, content)
    return handoff


def done_by(world, name, handoff, stage, version):
    """What somebody, or a worker, does on a handoff; a worker comes when it is due."""
    if name in BY_WORKERS:
        query = "SELECT id, due_at FROM casework_outbox WHERE task = %s AND about_id = %s AND done_at IS NULL"
        intent, due_at = world.rows(query, BY_WORKERS[name], handoff)[-1]
        moment = due_at + timedelta(days=1)
        return lambda: at(moment if name == "expire" else None, lambda: carry_out(intent))
    who, action, content = ACTS[name]
    actor = world.wanda if stage == "acknowledged" and name == "accept" else world.people[who]
    return lambda: perform(actor, action, handoff, content, version=version)


def at(moment, work):
    token = scenario_moment.set(moment) if moment else None
    try:
        return work()
    finally:
        if token:
            scenario_moment.reset(token)


@pytest.mark.parametrize("stage", STAGES, ids="-".join)
def test_of_two_who_act_on_a_handoff_at_a_stage_one_wins(world, caplog, stage):
    state, *pair = stage
    seeded = random.Random(f"stage {stage}")
    for _ in range(ROUNDS):
        handoff = brought_to(world, state)
        query = "SELECT state, version FROM casework_handoff WHERE id = %s"
        (stood, version) = world.rows(query, handoff)[0]
        assert stood == state
        works = [done_by(world, name, handoff, state, version) for name in pair for _ in range(THREADS // 2)]
        seeded.shuffle(works)
        ended = together(works)
        sound(world, ended, caplog)
        assert len([end for end in won(ended) if end]) == 1, ended
        assert all(isinstance(end, Stale | Refused | NotNow) for end in ended if isinstance(end, Exception)), ended
        assert world.rows("SELECT version FROM casework_handoff WHERE id = %s", handoff) == [(version + 1,)]


def test_consent_that_is_withdrawn_against_an_acceptance_leaves_nothing_with_the_receiver(world, caplog):
    for _ in range(ROUNDS):
        case, _ = world.track("visit_done")
        handoff = world.delivered(case)
        perform(world.wim, Action.ACKNOWLEDGE_HANDOFF, handoff)
        help_track, version = world.rows(
            "SELECT id, version FROM casework_track WHERE case_id = %s AND kind = 'help'", case
        )[0]
        with world.superuser.transaction():
            world.superuser.execute("SET LOCAL session_replication_role = replica")
            world.superuser.execute("UPDATE casework_track SET state = 'handoff_pending' WHERE id = %s", [help_track])
            world.superuser.execute("UPDATE casework_handoff SET track_id = %s WHERE id = %s", [help_track, handoff])
            world.superuser.execute("DELETE FROM casework_nametoken")  # so that the next round is no second warning
            world.superuser.execute("UPDATE casework_premises SET address_keys = '{}'")
        (seen,) = world.rows("SELECT version FROM casework_handoff WHERE id = %s", handoff)[0]
        reason = {"reason": {"code": "person_withdrew", "text": "Hij wil dit toch niet meer."}}

        def withdraw(track=help_track, version=version, reason=reason):
            return perform(world.lies, Action.WITHDRAW_CONSENT, track, reason, version=version)

        def accept(handoff=handoff, seen=seen):
            return perform(world.wim, Action.ACCEPT_HANDOFF, handoff, version=seen)

        ended = together([withdraw, accept] * (THREADS // 2))
        sound(world, ended, caplog)
        assert len(won(ended[::2])) == 1, "one withdraws"
        assert len(won(ended[1::2])) <= 1, "and at most one accepted before"
        assert world.rows("SELECT state FROM casework_track WHERE id = %s", help_track) == [("ended",)]
        assert world.rows("SELECT state FROM casework_handoff WHERE id = %s", handoff) == [("withdrawn",)]


@pytest.mark.parametrize("other", ["approve", "ask", "schedule"])
def test_who_approves_approves_once_and_only_what_was_seen(world, caplog, other):
    for _ in range(ROUNDS):
        _, track = world.track("visit_planned")
        asked = {"approval": {"action": "close_unwarned", "text": WHY}}
        first = perform(world.dirk, Action.ASK_APPROVAL, track, asked).made["approval"]
        (version,) = world.rows("SELECT version FROM casework_track WHERE id = %s", track)[0]
        seen = {"approving": {"approval": first}}

        def approve(track=track, seen=seen, version=version):
            return perform(world.saskia, Action.APPROVE, track, seen, version=version)

        works = {
            "approve": approve,
            "ask": lambda track=track, asked=asked: perform(world.dirk, Action.ASK_APPROVAL, track, asked),
            "schedule": lambda track=track, version=version: perform(
                world.lies, Action.SCHEDULE_VISIT, track, PLAN, version=version
            ),
        }
        ended = together([approve, works[other]] * (THREADS // 2))
        sound(world, ended, caplog)
        approved = world.rows("SELECT id FROM casework_approval WHERE track_id = %s AND approved_by_id IS NOT NULL", track)
        assert approved in ([], [(first,)])
        assert len(won(ended[::2])) + (len(won(ended[1::2])) if other == "approve" else 0) == len(approved)
        if other == "approve":
            assert approved == [(first,)]
