"""Random but seeded people try everything: no state outside the tables, no step without its entry, no other failure."""

import os
import random
from collections import Counter
from contextlib import suppress
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.apps import apps

from casework.access import sees_case
from casework.actions.handlers import HANDLERS
from casework.actions.perform import perform
from casework.facts.first_steps import Stale
from casework.input.correction_parts import CORRECTING, EMPTIABLE
from casework.input.fields import PlainText
from casework.input.parts import columns_of, parts_for
from casework.input.read import Malformed
from casework.input.schema import Column, Kind
from casework.selectors import explained_terms
from permissions.acting import act
from permissions.decision import Missing, Refused
from permissions.vocabulary import SYSTEM_ROLES, Action
from tests.simulation.standing import check_nobody_out_of_sight
from tests.world import NECESSARY, World
from workflows.table import Incomplete, NotNow
from workflows.tracks import TRACKS, WORKFLOWS

STEPS = 350
PEOPLE = ("lies", "dirk", "karin", "saskia", "sjoerd", "wanda", "wim", "vera", "ilse", "joke", "jan", "arie", "anke", "bea")
ON_TRACKS = {step.action for workflow in TRACKS.values() for step in workflow.steps}
ON_HANDOFFS = {step.action for step in WORKFLOWS["handoff"].steps}
ON_OTHERS = {
    Action.END_EMERGENCY: "casework_emergency",
    Action.REVIEW_EMERGENCY: "casework_emergency",
    Action.CLOSE_FINDING: "casework_finding",
    Action.ANSWER_KNOWN_CHECK: "casework_knowncheck",
}
BY_TWO = ("sharing", "partnership")
TWO = {
    Action.MANAGE_AGREEMENTS: ("saskia", "sjoerd", "bea"),
    Action.WALL_PERSON: ("saskia", "sjoerd"),
    Action.LIFT_WALL: ("saskia", "sjoerd"),
    Action.ASK_EMERGENCY: ("leo", "wanda"),
    Action.REVIEW_EMERGENCY: ("saskia", "sjoerd", "arie"),
    Action.RAISE_FINDING: ("arie", "anke"),
    Action.CLOSE_FINDING: ("arie", "anke"),
    Action.ASK_APPROVAL: ("lies", "dirk", "saskia", "wim", "vera"),
    Action.APPROVE: ("karin", "saskia", "sjoerd", "vera", "jan"),
    Action.CHECK_KNOWN: ("wim", "dirk"),
}
"""What waits for another than who asked, and who may ask or answer it."""
PLACES = [
    (model._meta.db_table, field.column)
    for model in apps.get_app_config("casework").get_models()
    for field in model._meta.fields
    if isinstance(field, PlainText)
]
"""Every column in which words that people type can stand."""
NOT_KEPT = frozenset({Action.CHECK_KNOWN})
"""A question that finds nobody leaves no row: its entry says that it was asked."""
MET = ("Missing", "Refused", "Malformed", "NotNow")
LEAST_DONE, LEAST_TAKEN = 35, 15
"""How many acts of a walk succeed at least, and of how many kinds. A walk that has not met them by then goes on: which row
it takes hangs on ids that the server makes anew each time."""
MOST_STEPS = 3 * STEPS
LEAST_TERMS = 10
"""How many running terms a walk leaves at least."""
EXPECTED = (Refused, NotNow, Incomplete, Stale, Malformed)


class Walk:
    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.random = random.Random(seed)
        self.told = 0

    def value(self, column: Column) -> Any:
        pick = self.random.choice
        today = date.today()  # noqa: DTZ011 - any day will do
        made = {
            Kind.CODE: lambda: pick([choice for choice in column.choices if choice != "yes"] or column.choices),
            Kind.TEXT: self.story,
            Kind.SHORT: lambda: "Proef",
            Kind.DATE: lambda: date(today.year - 1, 1, 5) if column.name == "birth_date" else today,
            Kind.YES: lambda: pick(["yes", "no"]),
            Kind.NUMBER: lambda: self.random.randint(0, 40),
            Kind.NAMES: lambda: ["Agent Een", "Agent Twee"],
            Kind.PERSON: lambda: None,
            Kind.CASE: lambda: pick(self.ids("casework_case") or ["00000000-0000-4000-8000-000000000000"]),
            Kind.ROW: lambda: pick(self.rows_of(column.name) or ["00000000-0000-4000-8000-000000000000"]),
            Kind.AGENCIES: lambda: [self.world.agency(pick(PEOPLE))],
            Kind.AGENCY: lambda: self.world.agency(pick(PEOPLE)),
            Kind.ITEMS: lambda: [pick(["identity", "household", "concern"])],
            Kind.MEMBER: lambda: self.world.people[pick(PEOPLE)].person_id,
        }
        return made[column.kind]()

    def content(self, action: Action) -> dict[str, Any]:
        found = {}
        two = [self.random.choice(BY_TWO)]
        for part in two if action is Action.MANAGE_AGREEMENTS else parts_for(action):
            if (action is Action.WRITE_RECORD or part == "approving") and self.random.random() < 0.7:
                continue
            row = {column.name: self.value(column) for column in columns_of(part, action)}
            if part == "package":
                row |= {**NECESSARY, "source_protected": "yes"}
            if part == "emergency":
                row["reference"] = self.reference()
            if part in CORRECTING:
                row = self.correction(part, row)
            if part == "person":
                row["birth_date"] = self.random.choice([date(1980, 1, 1), date(2012, 1, 1)])
            found[part] = {name: value for name, value in row.items() if value is not None}
        return found

    def correction(self, part: str, row: dict[str, Any]) -> dict[str, Any]:
        """A correction that mostly can be: of a row that there is, by one or two of its columns, or emptied in one."""
        table = {"person_correction": "personincase", "fact_correction": "storedfact"}.get(part, "premises")
        which = part.removesuffix("_correction")
        found = self.ids(f"casework_{table}")
        names = [name for name in row if name not in {which, "why", "emptied", "explained"}]
        kept = self.random.sample(names, self.random.randint(1, 2))
        row = {name: value for name, value in row.items() if name in {"why", "explained", *kept}}
        if self.random.random() < 0.2:
            row["emptied"] = [self.random.choice(EMPTIABLE[part])]
        return {which: self.random.choice(found) if found else None, **row}

    def story(self) -> str:
        """A text that nobody typed before, so that it can be found again."""
        self.told += 1
        return f"Een verzonnen toelichting, nummer {self.told} van deze wandeling."

    def reference(self) -> str:
        """What an agency calls one of its cases."""
        found = self.world.rows("SELECT reference FROM casework_participation ORDER BY reference")
        return str(self.random.choice(found)[0])

    def lost(self, content: dict[str, Any]) -> list[str]:
        """The stories that were given with an act and stand nowhere in the records."""
        given = [value for row in content.values() for value in row.values() if str(value).startswith("Een verzonnen toel")]
        query = " UNION ".join(f"SELECT {column} FROM {table} WHERE {column} = ANY(%s)" for table, column in PLACES)
        stand = {row[0] for row in self.world.rows(query, *[given] * len(PLACES))} if given else set()
        return [words for words in given if words not in stand]

    def rows_of(self, name: str) -> list[Any]:
        """The rows that a column of this name can mean."""
        return self.ids({"fact": "casework_storedfact", "which": "casework_deadline"}.get(name, f"casework_{name}"))

    def ids(self, table: str) -> list[Any]:
        return [row[0] for row in self.world.rows(f"SELECT id FROM {table} ORDER BY id")]

    def target(self, action: Action) -> Any:
        if action is Action.OPEN_CASE:
            return None
        if action is Action.MANAGE_AGREEMENTS:
            asked = [row[0] for kind in ("sharingagreement", "partnershipdecision") for row in self.world.rows(
                f"SELECT id FROM permissions_{kind} WHERE confirmed_at IS NULL ORDER BY id")]  # fmt: skip
            return self.random.choice([None, *asked])
        if action in ON_HANDOFFS:
            table = "casework_handoff"
        elif action in ON_OTHERS:
            table = ON_OTHERS[action]
        elif action in ON_TRACKS or action in {Action.ASK_APPROVAL, Action.APPROVE}:
            table = "casework_track"
        else:
            table = "casework_case"
        found = self.ids(table)
        return self.random.choice(found) if found else None

    def likely(self) -> tuple[str, Action, Any]:
        """Choose mostly among what could work: a step from the state in which something is."""
        who = self.random.choice(PEOPLE)
        if self.random.random() < 0.15:
            action = self.random.choice(list(TWO))
            return self.random.choice(TWO[action]), action, self.target(action)
        rows = self.world.rows("SELECT id, kind, state, agency_id FROM casework_track ORDER BY id")
        if rows and self.random.random() < 0.55:
            track, kind, state, agency = self.random.choice(rows)
            actions = TRACKS[kind].actions_from(state)
            own = [name for name in PEOPLE if self.world.agency(name) == agency]
            if actions:
                return self.random.choice(own or PEOPLE), self.random.choice(actions), track
        hands = self.world.rows("SELECT id, state FROM casework_handoff ORDER BY id")
        if hands and self.random.random() < 0.6:
            handoff, state = self.random.choice(hands)
            actions = WORKFLOWS["handoff"].actions_from(state)
            if actions:
                return who, self.random.choice(actions), handoff
        action = self.random.choice([a for a in HANDLERS if a not in {Action.NOTIFY, Action.MARK_OVERDUE}])
        return who, action, self.target(action)


def begin(world: World) -> None:
    """Make what the people of a walk find: cases at several states, and packages on either side of their delivery."""
    for _ in range(3):
        world.opened()
        world.opened("wim")
    for state in ("triage", "visit_planned", "visit_done", "follow_up"):
        world.track(state)
    world.package(world.track("visit_done")[0])
    world.delivered(world.track("warned")[0])


@pytest.mark.parametrize("seed", range(1, 1 + int(os.environ.get("WALKS", "3"))))
def test_people_who_try_everything_meet_only_clear_answers(world, seed, caplog):
    walk = Walk(world, seed)
    outcomes = Counter[str]()
    taken: set[Action] = set()
    begin(world)
    for number in range(MOST_STEPS):
        if number >= STEPS and outcomes["done"] >= LEAST_DONE and len(taken) >= LEAST_TAKEN:
            break
        who, action, target = walk.likely()
        before, content = world.count("audit_entry"), walk.content(action)
        case = None
        try:
            case = perform(world.people[who], action, target, content).case_id
            outcome = "done"
            taken.add(action)
            lost = [] if action in NOT_KEPT else walk.lost(content)
            assert not lost, f"{number}: {action} by {who} was answered as done, and this stands nowhere: {lost}"
        except EXPECTED as error:
            outcome = type(error).__name__
        outcomes[outcome] += 1
        assert world.count("audit_entry") > before, f"{number}: {action} by {who} ended in {outcome} without an entry"
        if case:
            check_nobody_out_of_sight(world, case)
        check_open_states(world, f"{number}: after {action} by {who}, which ended in {outcome}")
        if number % 25 == 0:
            world.work()
            check_nobody_out_of_sight(world)
    assert set(outcomes) >= {"done", *MET}, outcomes
    assert outcomes["done"] >= LEAST_DONE, outcomes
    assert len(taken) >= LEAST_TAKEN, taken
    assert "the lock refused" not in caplog.text, f"law and lock differ: {caplog.text[-4000:]}"
    check_nobody_out_of_sight(world)
    check_invariants(world)


def check_invariants(world):
    for kind, state in world.rows("SELECT DISTINCT kind, state FROM casework_track"):
        assert state in TRACKS[kind].states
    for (state,) in world.rows("SELECT DISTINCT state FROM casework_handoff"):
        assert state in WORKFLOWS["handoff"].states
    moves = world.rows("SELECT count(track_id), count(handoff_id) FROM casework_steptaken")[0]
    assert moves == tuple(world.rows(ENTRIES_OF_MOVES, model)[0][0] for model in ("track", "handoff"))
    assert all(moves), "nobody took a step"
    assert world.rows("SELECT count(*) FROM audit_entry WHERE actor_id IS NULL OR word = ''") == [(0,)]
    check_open_states(world, "at the end")
    check_terms(world)
    lines = world.rows("SELECT count(*) FROM casework_disclosure WHERE NOT is_correction")[0][0]
    assert lines == world.rows("SELECT sum(cardinality(delivered)) FROM casework_handoff")[0][0] > 0
    final = [f"{kind} {state}" for kind, workflow in TRACKS.items() for state in workflow.final]
    assert world.rows(WRONGLY_LISTED, final, list(WORKFLOWS["handoff"].final)) == []
    roles = {role for (role,) in world.rows("SELECT DISTINCT unnest(roles) FROM permissions_membership")}
    assert roles
    assert not roles & {str(role) for role in SYSTEM_ROLES}


ENTRIES_OF_MOVES = (
    "SELECT count(*) FROM audit_entry e JOIN django_content_type c ON c.id = e.content_type_id"
    " WHERE e.verb = 'alter' AND e.changes ? 'version' AND (c.app_label, c.model) = ('casework', %s)"
)
WRONGLY_LISTED = (
    "SELECT r.content_object_id, r.group_id, r.is_open, x.* FROM casework_participation r CROSS JOIN LATERAL (SELECT"
    " EXISTS (SELECT 1 FROM casework_deadline d WHERE d.case_id = r.content_object_id AND d.agency_id = r.group_id"
    "   AND d.met_at IS NULL) AS runs,"
    " EXISTS (SELECT 1 FROM casework_track t WHERE t.case_id = r.content_object_id AND t.agency_id = r.group_id"
    "   AND t.kind || ' ' || t.state <> ALL (%s)) OR EXISTS (SELECT 1 FROM casework_handoff h"
    "   WHERE h.case_id = r.content_object_id AND r.group_id IN (h.sender_id, h.receiver_id)"
    "   AND h.state <> ALL (%s)) AS works,"
    " NOT EXISTS (SELECT 1 FROM casework_track t WHERE t.case_id = r.content_object_id AND t.agency_id = r.group_id)"
    "   AND NOT EXISTS (SELECT 1 FROM casework_handoff h WHERE h.case_id = r.content_object_id"
    "   AND r.group_id IN (h.sender_id, h.receiver_id) AND NOT (h.state = 'withdrawn' AND h.delivered = '{}')) AS is_idle) x"
    " WHERE r.ends_at IS NULL AND r.is_open <> (runs OR works OR is_idle)"
)
"""The parts in a case that stand on a worklist and should not, or the other way round."""


def check_terms(world):
    """Every running term comes to the day that is stored when it is counted again, whatever moved it."""
    told = 0
    for who in ("dirk", "vera", "joke"):
        for case in [row[0] for row in world.rows("SELECT id FROM casework_case ORDER BY id")]:
            with suppress(Missing, Refused):
                found = partial(explained_terms, case)
                rows = act(world.people[who], Action.SEE_CASE, found, about=case, sees=sees_case(case)).rows
                told += len(rows)
                assert [row for row in rows if row.counted and not row.is_explained] == []
    assert told > LEAST_TERMS


CLOCKLESS = (
    "SELECT t.kind, t.state FROM casework_track t WHERE NOT EXISTS (SELECT 1 FROM casework_deadline d"
    " WHERE d.track_id = t.id AND d.agency_id = t.agency_id AND d.met_at IS NULL)"
    " UNION ALL SELECT 'handoff', h.state FROM casework_handoff h WHERE NOT EXISTS (SELECT 1 FROM casework_deadline d"
    " WHERE d.handoff_id = h.id AND d.agency_id IN (h.sender_id, h.receiver_id) AND d.met_at IS NULL)"
)


def check_open_states(world, when):
    """Every open state has a running clock, at the agency whose turn it is."""
    for kind, state in world.rows(CLOCKLESS):
        assert state in WORKFLOWS[kind].final, f"{when}: {kind} {state} is open and no clock runs"
