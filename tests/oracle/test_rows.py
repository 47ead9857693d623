"""What the app role sees and may write is what the law allows: the lock against the oracle, over random worlds."""

import os
from datetime import UTC, datetime
from functools import partial
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.utils import ProgrammingError

from casework.selectors import read_record, see_case, see_handoff, worklist, worklist_overview
from permissions.acting import act, acting_as
from permissions.decision import Actor, Refused, for_lists
from permissions.vocabulary import CASE_ROLES, Action, Role
from tests.oracle import law
from tests.oracle.worlds import CaseWorld, Hand, Worlds

WORLDS = int(os.environ.get("CASE_WORLDS", "1000"))
SEEDS = (11, *map(int, os.environ.get("SEEDS", "").split()))
FAR = datetime(9999, 1, 2, tzinfo=UTC)
RECEIVING = {role for (_, role), cell in law.CELLS.items() if cell in {"receiver", "named_end"}}


def ids(actor: Actor, role: Role, action: Action, query: str) -> set[object]:
    with acting_as(actor, role, action), connection.cursor() as cursor:
        cursor.execute(query)
        return {row if len(row) > 1 else row[0] for row in cursor.fetchall()}


def may_emergency(role: Role) -> bool:
    return law.CELLS.get(("ask_emergency", role.value)) == "controller"


def participations_of(worlds: Worlds, actor: Actor, role: Role) -> set[object]:
    found: set[object] = set()
    for case in worlds.cases:
        facts = case.facts(actor, worlds.now)
        mine = actor.agency_id or 0
        if (
            mine in case.participations
            and case.participations[mine].runs(worlds.now)
            and law.allowed(role.value, "see_case", facts)
        ):
            found.add((case.id, mine))
        if not facts.walled and may_emergency(role):
            opened = {
                agency for agency in case.opened_for(actor, worlds.now) if case.participations[agency].runs(worlds.now)
            }
            found |= {(case.id, agency) for agency in opened}
    return found


def notes_of(worlds: Worlds, actor: Actor, role: Role) -> set[object]:
    found: set[object] = set()
    for case in worlds.cases:
        facts = case.facts(actor, worlds.now)
        if actor.agency_id in case.notes and law.allowed(role.value, "read_record", facts):
            found.add(case.notes[actor.agency_id])
        if not facts.walled and may_emergency(role):
            found |= {case.notes[agency] for agency in case.opened_for(actor, worlds.now) if agency in case.notes}
    return found


def reads_package(case: CaseWorld, hand: Hand, actor: Actor, role: Role, worlds: Worlds) -> bool:
    """Section 4, Reading a package."""
    facts = case.facts(actor, worlds.now, hand)
    if not law.allowed(role.value, "see_handoff", facts):
        return False
    if facts.end == "sender":
        return True
    if not hand.delivered:
        return False
    if hand.state in law.DESK:
        return role.value in RECEIVING
    return hand.state in {"accepted", "started"} and (facts.named or law.CELLS["see_handoff", role.value] == "end")


def people(worlds: Worlds) -> list[tuple[Actor, Role]]:
    return [(person, role) for members in worlds.members.values() for person in members for role in person.roles]


def everybody(worlds: Worlds) -> list[Actor]:
    return [person for members in worlds.members.values() for person in members]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_the_app_role_sees_is_what_the_law_allows(world, seed):
    worlds = Worlds(world, seed, WORLDS)
    seen = 0
    for actor, role in people(worlds):
        shown = ids(actor, role, Action.SEE_CASE, "SELECT content_object_id, group_id FROM casework_participation")
        assert shown == participations_of(worlds, actor, role), (actor, role)
        cases = ids(actor, role, Action.SEE_CASE, "SELECT id FROM casework_case")
        assert cases == {row[0] for row in shown if isinstance(row, tuple)}, (actor, role)
        notes = ids(actor, role, Action.READ_RECORD, "SELECT id FROM casework_note")
        assert notes == notes_of(worlds, actor, role), (actor, role)
        hands = ids(actor, role, Action.SEE_HANDOFF, "SELECT id FROM casework_handoff")
        items = ids(actor, role, Action.SEE_HANDOFF, "SELECT id FROM casework_packageitem")
        for case in worlds.cases:
            for hand in case.hands:
                facts = case.facts(actor, worlds.now, hand)
                allowed = bool(facts.end) and law.allowed(role.value, "see_handoff", facts)
                assert (hand.id in hands) == allowed, (actor, role, hand, facts)
                readable = bool(facts.end) and reads_package(case, hand, actor, role, worlds)
                assert (hand.item in items) == readable, (actor, role, hand, facts)
        seen += len(shown) + len(notes) + len(hands) + len(items)
    assert seen > WORLDS, "the worlds were worth looking at"


@pytest.mark.parametrize("seed", SEEDS)
def test_what_the_app_role_may_write_is_what_the_law_allows(world, seed):
    worlds = Worlds(world, seed, WORLDS // 10)
    columns = "id, case_id, agency_id, made_by_id, made_at, kind, text, is_burdening"
    done = refused = 0
    for actor, role in people(worlds):
        for case in worlds.random.sample(worlds.cases, k=min(6, len(worlds.cases))):
            facts = case.facts(actor, worlds.now)
            agency = worlds.random.choice([actor.agency_id, *case.keeps])
            query = f"INSERT INTO casework_note ({columns}) VALUES (%s, %s, %s, 1, now(), 'concern', 'x', false)"
            try:
                with acting_as(actor, role, Action.ADD_NOTE), connection.cursor() as cursor:
                    cursor.execute(query, [uuid4(), case.id, agency])
                    wrote = True
            except ProgrammingError as error:
                assert "row-level security" in str(error)
                wrote = False
            reach = law.Facts(keeps=True, named=facts.named, walled=facts.walled)
            assert wrote == (agency == actor.agency_id and law.allowed(role.value, "read_record", reach)), (
                actor,
                role,
                facts,
            )
            done, refused = done + wrote, refused + (not wrote)
    assert done > 10
    assert refused > 10


def all_rows(actor: Actor) -> list[tuple[object, ...]]:
    """Every page of a list: of which case, and what of it waits."""
    found: list[tuple[object, ...]] = []
    after = None
    while True:
        page = act(actor, Action.SEE_CASE, partial(worklist, after=after))
        found += [(row.case_id, row.kind, row.about_id) for row in page.rows]
        after = page.following
        if after is None:
            return found


def opens_package(actor: Actor, handoff_id: UUID) -> bool:
    """Whether a package opens for this person: what lies on the desk stands on the list before its case does."""
    try:
        act(actor, Action.SEE_HANDOFF, partial(see_handoff, handoff_id))
    except Refused:
        return False
    return True


def test_a_list_names_only_what_opens_one_by_one_and_its_count_is_its_length(world):
    worlds = Worlds(world, 12, WORLDS // 5)
    looked = 0
    everything: set[object] = set()
    something: set[object] = set()
    for actor in everybody(worlds):
        if not CASE_ROLES & set(actor.roles):
            continue
        listed: set[object] = set()
        for role in actor.roles:
            narrowed = for_lists(actor, Action.SEE_CASE, role)
            rows = all_rows(narrowed)
            assert len(rows) == len(set(rows))
            if rows and role in CASE_ROLES:
                assert act(narrowed, Action.SEE_CASE, lambda: worklist_overview([FAR])).counts[0] == len(rows)
            listed |= {row[0] for row in rows if row[0]}
        opened = set()
        for case in worlds.cases:
            try:
                shell = act(actor, Action.SEE_CASE, lambda case=case: see_case(case.id))  # type: ignore[misc]
            except Refused:
                continue
            if shell.agency_id == actor.agency_id:
                opened.add(case.id)
        glass = {case.id for case in worlds.cases if case.opened_for(actor, worlds.now)}
        desk = {case.id for case in worlds.cases if any(opens_package(actor, hand.id) for hand in case.hands)}
        assert listed - glass <= opened | desk, actor
        everything |= opened - glass
        something |= listed & opened
        looked += len(listed)
    assert len(something) > len(everything) / 2, "most cases have something that waits for somebody"
    assert looked > 50


def test_what_opens_as_a_record_is_what_the_law_lets_read(world):
    worlds = Worlds(world, 13, WORLDS // 10)
    opened = 0
    for actor in everybody(worlds):
        for case in worlds.random.sample(worlds.cases, k=min(25, len(worlds.cases))):
            facts = case.facts(actor, worlds.now)
            mine = actor.agency_id or 0
            runs = mine in case.participations and case.participations[mine].runs(worlds.now)
            may = runs and any(law.allowed(role.value, "read_record", facts) for role in actor.roles)
            glass = {agency for agency in case.opened_for(actor, worlds.now) if case.participations[agency].runs(worlds.now)}
            may = may or (bool(glass) and not facts.walled and any(map(may_emergency, actor.roles)))
            try:
                act(actor, Action.READ_RECORD, lambda case=case: read_record(case.id))  # type: ignore[misc]
                opens = True
            except Refused:
                opens = False
            assert opens == may, (actor, case.id, facts)
            opened += opens
    assert opened > 10
