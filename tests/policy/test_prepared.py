"""A query that is built once answers what it would answer if it were built for each request: to everybody, of everything."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import IntegerField, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast

from casework.access import find_case, find_handoff, find_track
from casework.actions.perform import perform
from casework.models import Track
from casework.selectors import read_record, see_case
from casework.selectors.waiting_kinds import _WAITING
from casework.selectors.worklists import worklist
from casework.worker.carry_out import database_now
from permissions.acting import acting, acting_as, scenario_moment
from permissions.decision import Refused
from permissions.prepared import Prepared, Slot, value_of
from permissions.vocabulary import Action, Role
from tests.world import World

PEOPLE = ("lies", "dirk", "saskia", "arie", "bea", "wanda", "wim", "ilse")
"""Somebody in each role, at each end, and one person in two roles."""
WHY = "Een reden van genoeg tekens om te onthouden."


@pytest.fixture
def busy(world: World) -> World:
    """Work of every kind, in several agencies, for several roles."""
    for state in ("draft", "submitted", "triage", "visit_planned", "visit_scheduled", "visit_done", "follow_up"):
        case, _ = world.track(state)
    world.delivered(case)
    world.package(case)
    perform(world.saskia, Action.WALL_PERSON, case, {"wall": {"person": world.leo.person_id, "text": WHY}})
    perform(world.saskia, Action.LIFT_WALL, case, {"lifting": {"person": world.leo.person_id, "text": WHY}})
    perform(world.arie, Action.RAISE_FINDING, None, {"finding": {"person": world.leo.person_id, "text": WHY}})
    return world


def asked(world: World, now: datetime) -> list[tuple[str, Callable[[], object]]]:
    """Everything that is asked by prepared queries, of some things of each kind."""
    cases = [case for (case,) in world.rows("SELECT case_id FROM casework_track ORDER BY made_at DESC LIMIT 3")]
    tracks = [track for (track,) in world.rows("SELECT id FROM casework_track ORDER BY made_at DESC LIMIT 3")]
    handoffs = [handoff for (handoff,) in world.rows("SELECT id FROM casework_handoff ORDER BY id")]
    return [
        ("worklist", worklist),
        ("waits for others", partial(worklist, waiting_for_others=True)),
        ("due", partial(worklist, due_from=now, due_until=now + timedelta(days=9))),
        ("late", partial(worklist, due_until=now - timedelta(days=1))),
        ("next page", partial(worklist, after=(2, now, cases[0]))),
        *((f"waits in {case}", partial(worklist, case_id=case)) for case in cases),
        *((f"case {case}", partial(find_case, case)) for case in cases),
        *((f"shell of {case}", partial(see_case, case)) for case in cases),
        *((f"record of {case}", partial(read_record, case)) for case in cases),
        *((f"print of {case}", partial(read_record, case, Action.PRINT_CASE)) for case in cases),
        *((f"track {track} {lock}", partial(find_track, track, lock=lock)) for track in tracks for lock in (True, False)),
        *((f"handoff {handoff}", partial(find_handoff, handoff, lock=False)) for handoff in handoffs),
    ]


def plain(answer: object) -> object:
    """What is answered, with every column of every row in it."""
    if isinstance(answer, Model):
        return {name: plain(value) for name, value in vars(answer).items() if not name.startswith("_")}
    if is_dataclass(answer):
        return [plain(getattr(answer, one.name)) for one in fields(answer)]
    if isinstance(answer, Mapping):
        return {key: plain(value) for key, value in answer.items()}
    return [plain(one) for one in answer] if isinstance(answer, list | tuple) else answer


def answers(world: World, now: datetime) -> dict[tuple[str, str], object]:
    """What each of these people is answered."""
    found: dict[tuple[str, str], object] = {}
    for person, role in ((world.people[who], role) for who in PEOPLE for role in world.people[who].roles):
        for name, question in asked(world, now):
            with acting_as(person, role, Action.READ_RECORD):
                try:
                    found[f"{person.name} as {role}", name] = plain(question())
                except Refused as refusal:
                    found[f"{person.name} as {role}", name] = str(refusal)
    return found


def test_it_answers_what_it_would_answer_if_it_were_built_anew(busy: World, monkeypatch: pytest.MonkeyPatch) -> None:
    now = database_now() + timedelta(seconds=1)
    token = scenario_moment.set(now)
    try:
        prepared = answers(busy, now)
        monkeypatch.setattr(Prepared, "rows", lambda self, *shape, **values: list(self.build(*shape, **values)))
        monkeypatch.setattr(Prepared, "first", lambda self, *shape, **values: self.build(*shape, **values).first())
        anew = answers(busy, now)
    finally:
        scenario_moment.reset(token)
    assert prepared == anew
    told = {name for (_, name), answer in anew.items() if isinstance(answer, list)}
    assert {name.split()[0] for name in told} == {name.split()[0] for name, _ in asked(busy, now)}, (
        "somebody is told of each kind"
    )


def of_states(*states: str, agency: Any) -> QuerySet[Track]:
    return Track.objects.filter(Q(state__in=states), agency_id=agency)


def test_one_text_serves_everybody_in_the_same_role_and_another_shape_is_another(world: World) -> None:
    world.track("draft")
    query: Prepared[Track] = Prepared(of_states)
    for person in (world.lies, world.leo):
        with acting_as(person, Role.POLICE_LIAISON, Action.READ_RECORD):
            query.rows("draft", agency=person.agency_id)
    assert len(query.built) == 1
    with acting_as(world.lies, Role.POLICE_LIAISON, Action.READ_RECORD):
        assert len(query.rows("draft", agency=world.lies.agency_id)) == 1
        assert query.rows("submitted", agency=world.lies.agency_id) == []
        assert query.rows("draft", agency=None) == []
        assert query.rows(agency=world.lies.agency_id) == [], "among no states at all is nothing"
    assert len(query.built) == 4
    with acting_as(world.dirk, Role.TRIAGE_DECIDER, Action.READ_RECORD):
        query.rows("draft", agency=world.dirk.agency_id)
    assert len(query.built) == 5


@pytest.mark.parametrize("name", ["operation", "moment"])
def test_what_every_act_has_otherwise_is_asked_of_the_act_that_runs(world: World, name: str) -> None:
    query: Prepared[dict[str, Any]] = Prepared(
        lambda: Track.objects.annotate(said=Cast(getattr(acting(), name), TextField())).values("said")
    )
    world.track("draft")
    said = set()
    for _ in range(2):
        with acting_as(world.lies, Role.POLICE_LIAISON, Action.READ_RECORD):
            said |= {row["said"] for row in query.rows()}
    assert len(said) == 2


def test_one_person_in_two_roles_is_asked_for_by_two_texts(world: World) -> None:
    query: Prepared[Track] = Prepared(lambda: Track.objects.filter(state=acting().role))
    for role in world.wanda.roles:
        with acting_as(world.wanda, role, Action.READ_RECORD):
            query.rows()
    assert len(query.built) == len(world.wanda.roles) == 2


def test_no_more_texts_of_a_query_are_kept_than_there_is_room_for_and_what_is_asked_often_stays(world: World) -> None:
    built = []

    def of_state(state: str, agency: Any) -> QuerySet[Track]:
        built.append(state)
        return of_states(state, agency=agency)

    query: Prepared[Track] = Prepared(of_state, most=3)
    with acting_as(world.lies, Role.POLICE_LIAISON, Action.READ_RECORD):
        for number in range(9):
            for state in ("often", f"once {number}"):
                assert query.rows(state, agency=world.lies.agency_id) == []
    assert len(query.built) == 3
    assert built.count("often") == 1


def test_an_address_does_not_choose_how_many_texts_of_the_worklist_there_are(world: World) -> None:
    now = database_now()
    with acting_as(world.lies, Role.POLICE_LIAISON, Action.READ_RECORD):
        assert worklist(after=(2, now, uuid4())).rows == ()
        before = len(_WAITING.built)
        assert all(worklist(after=(number, now, uuid4())).rows == () for number in range(3, 40))
    assert len(_WAITING.built) == before


def test_two_people_at_the_same_moment_are_answered_each_on_the_connection_on_which_they_act(world: World) -> None:
    world.track("draft")
    both, seen = threading.Barrier(2, timeout=30), {}

    def look(who: str) -> None:
        try:
            with acting_as(world.people[who], Role.POLICE_LIAISON, Action.READ_RECORD):
                both.wait()
                seen[who] = len(worklist().rows)
                both.wait()
        finally:
            connection.close()

    threads = [threading.Thread(target=look, args=(who,)) for who in ("lies", "wanda")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {"lies": 1, "wanda": 0}


def test_a_value_that_is_read_while_the_query_is_built_is_an_error() -> None:
    slot = Slot("agency")
    reads: list[Callable[[Any], object]] = [
        str,
        "{}".format,
        lambda value: f"{value}",
        lambda value: value < 1,
        lambda value: value == 1,
        lambda value: value != "nl",
        lambda value: value in ("nl", "en"),
    ]
    for read in reads:
        with pytest.raises(TypeError):
            read(slot)
    made = value_of(slot, IntegerField(), lambda number: number + 1)
    assert isinstance(made, Slot)
    assert slot == Slot("agency"), "parts of a query are compared"
    assert (made.value, made.then(6)) == ("agency", 7)
    assert value_of(6, IntegerField(), lambda number: number + 1).value == 7
