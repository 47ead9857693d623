"""A second person approves what they saw: what was asked between the page and the click is not approved instead."""

import re

import pytest

from casework.actions.lost_races import DoneBefore
from casework.actions.perform import perform
from casework.facts.first_steps import Stale
from casework.selectors import read_record
from permissions.acting import act
from permissions.vocabulary import Action
from tests.casework.selectors.test_worklist import list_of
from tests.world import AUTHORITY, signed_in

FIRST = "Niemand woont er nog, sluiten maar."
SECOND = "Toch liever anders, kijk hier eens naar."


def on_track(world):
    """A track on which an approval can be asked: where it is, the words of both askings, who asks and who approves."""
    _, track = world.track("visit_planned")
    return f"/tracks/{track}", track, ("close_unwarned", "close_unwarned"), "dirk", "saskia"


def on_package(world):
    """The same for a package."""
    case, _ = world.track()
    handoff = world.package(case, basis="WPG_19", **AUTHORITY)
    return f"/handoffs/{handoff}", handoff, ("check_handoff", "check_handoff"), "lies", "dirk"


def ask(world, who, target, word, text):
    return perform(world.people[who], Action.ASK_APPROVAL, target, {"approval": {"action": word, "text": text}}).made[
        "approval"
    ]


def approved(world):
    return [key for (key,) in world.rows("SELECT id FROM casework_approval WHERE approved_by_id IS NOT NULL")]


@pytest.mark.parametrize("place", [on_track, on_package])
def test_what_was_asked_after_the_page_was_drawn_is_told_and_not_approved(world, place):
    address, target, words, asker, approver = place(world)
    ask(world, asker, target, words[0], FIRST)
    client = signed_in(approver)
    page = client.get(f"{address}/approve").content.decode()
    seen = re.findall(r'name="approving-approval" value="([^"]+)"', page)
    assert len(seen) == 1
    later = ask(world, asker, target, words[1], SECOND)
    answer = client.post(f"{address}/approve", {"approving-approval": seen[0]})
    said = answer.content.decode()
    assert (answer.status_code, approved(world)) == (422, [])
    assert SECOND in said
    assert {"dirk": "Dirk Beslisser", "lies": "Lies Liaison"}[asker] in said
    shown = re.findall(r'name="approving-approval" value="([^"]+)"', said)
    assert shown == [str(later)], "the page now shows what was asked last"
    assert client.post(f"{address}/approve", {"approving-approval": shown[0]}).status_code == 302
    assert approved(world) == [later]


@pytest.mark.parametrize("place", [on_track, on_package])
def test_of_two_who_approve_the_second_is_told_who_did(world, place):
    address, target, words, asker, approver = place(world)
    ask(world, asker, target, words[0], FIRST)
    client = signed_in(approver)
    perform(world.people[approver], Action.APPROVE, target, {"approver_reason": {"text": SECOND}})
    with pytest.raises(DoneBefore) as found:
        perform(world.people[approver], Action.APPROVE, target)
    assert (found.value.first.state, found.value.first.words) == ("approved", (("approver_reason", SECOND),))
    said = client.post(f"{address}/approve", {}).content.decode()
    assert "was eerder" in said
    assert SECOND in said


@pytest.mark.parametrize("place", [on_track, on_package])
def test_the_page_shows_only_what_it_approves(world, place):
    address, target, words, asker, approver = place(world)
    ask(world, asker, target, words[0], FIRST)
    ask(world, asker, target, words[1], SECOND)
    page = signed_in(approver).get(f"{address}/approve").content.decode()
    assert (FIRST in page, SECOND in page) == (False, True)


@pytest.mark.parametrize("place", [on_track, on_package])
def test_an_id_of_something_else_approves_nothing_and_without_one_the_last_is_approved(world, place):
    _, target, words, asker, approver = place(world)
    first, last = (ask(world, asker, target, word, text) for word, text in zip(words, (FIRST, SECOND), strict=True))
    for other in (first, target):
        with pytest.raises(Stale) as found:
            perform(world.people[approver], Action.APPROVE, target, {"approving": {"approval": other}})
        assert found.value.first is not None
        assert (found.value.first.action, found.value.first.words) == ("ask_approval", ((words[1], SECOND),))
    perform(world.people[approver], Action.APPROVE, target)
    assert approved(world) == [last]
    perform(world.people[approver], Action.APPROVE, target, {"approving": {"approval": first}})
    assert sorted(approved(world)) == sorted([first, last])


@pytest.mark.parametrize("place", [on_track, on_package])
def test_what_was_asked_stands_with_the_asker_as_waiting_for_another_until_it_is_answered(world, place):
    _, target, words, asker, approver = place(world)
    ask(world, asker, target, words[0], FIRST)

    def waits(who):
        rows = list_of(world, who, waiting_for_others=True)
        return [(row.about_id, row.step.is_mine) for row in rows if row.kind == "approval"]

    assert waits(asker) == [(target, False)]
    assert waits(approver) == [], "nobody waits for oneself"
    assert "Gevraagd om akkoord" in signed_in(asker).get("/work?tab=waiting").content.decode()
    perform(world.people[approver], Action.APPROVE, target)
    assert waits(asker) == []


def test_the_record_says_of_which_package_an_approval_was_asked_once_there_is_a_later_one(world):
    case, _ = world.track()
    handoff = world.package(case, basis="WPG_19", **AUTHORITY)
    ask(world, "lies", handoff, "check_handoff", FIRST)

    def is_void():
        page = act(world.lies, Action.READ_RECORD, lambda: read_record(case), about=case)
        return [row.version != row.stands_at for row in page.sections.approvals]

    assert is_void() == [False]
    perform(world.dirk, Action.APPROVE, handoff)
    perform(world.karin, Action.CHECK_HANDOFF, handoff)
    assert is_void() == [False], "a step of the handoff leaves the package as it was"
    why = {"reason": {"code": "content_changed", "text": FIRST}}
    perform(world.karin, Action.REWORK_HANDOFF, handoff, why)
    assert is_void() == [True]
    assert "vervallen" in signed_in("lies").get(f"/cases/{case}").content.decode()
