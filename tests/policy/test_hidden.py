"""Hidden and absent touch as many buffers of the database, on every address, for whoever may not see what is there."""

import logging
import os
import random
import re
import statistics
from uuid import UUID

import pytest
from django.db import connection

from casework.actions.perform import perform
from permissions.vocabulary import Action
from tests.policy.test_pages import addresses
from tests.world import PERSON, signed_in

ROUTES = int(os.environ.get("HIDDEN_ROUTES", "6"))
"""How many addresses for each person, drawn with a seed; 0 for every one."""
MANY = 12
"""Rows of a kind, so that something lies on either side of an id that is not there."""
WARM = 12
"""How often a statement runs before server and driver have settled on how they run it."""
ROUNDS = 5
AGAIN = 4
"""How often a difference must be found again: what differs for a reason differs each time."""
WHY = "Een reden van genoeg tekens om te onthouden."


class Counter:
    """How many buffers the connection of the requests touches."""

    def __init__(self, world, client):
        self.world = world
        self.client = client
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.pid = cursor.fetchone()[0]

    def total(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_force_next_flush()")
            cursor.execute("SELECT 1")
        query = "SELECT sum(hits) + sum(reads) FROM pg_stat_get_backend_io(%s)"
        return int(self.world.rows(query, self.pid)[0][0])

    def of(self, method: str, address: str) -> int:
        before = self.total()
        assert getattr(self.client, method)(address).status_code == 404, address
        return self.total() - before

    def where(self, method: str, address: str) -> dict[str, int]:
        """How many buffers of each table and index, to find what differs."""
        query = (
            "SELECT indexrelname, idx_blks_hit + idx_blks_read FROM pg_statio_all_indexes UNION ALL"
            " SELECT relname, heap_blks_hit + heap_blks_read FROM pg_statio_all_tables"
        )
        self.total()
        before = dict(self.world.rows(query))
        self.of(method, address)
        return {name: count - before[name] for name, count in self.world.rows(query) if count != before[name]}

    def compared(self, method: str, hidden: str, absent: str) -> tuple[tuple[int, int], tuple[int, int]]:
        """The median and the least of each, measured in turns.

        What comes by chance only adds (an entry splits a page of an index, the server reads its catalogue anew), so a
        difference for a reason shows in both; where either is the same, nothing tells the two apart.
        """
        found: dict[str, list[int]] = {hidden: [], absent: []}
        for turn in range(ROUNDS):
            for address in (hidden, absent) if turn % 2 else (absent, hidden):
                found[address].append(self.of(method, address))
        medians = statistics.median_low(found[hidden]), statistics.median_low(found[absent])
        return medians, (min(found[hidden]), min(found[absent]))


def span(world, *tables: str) -> tuple[int, int]:
    """Where the ids of these tables overlap: what lies between has rows of each on either side."""
    ends = [world.rows(f"SELECT min(id::text)::uuid, max(id::text)::uuid FROM {table}")[0] for table in tables]
    return max(first.int for first, _ in ends), min(last.int for _, last in ends)


def inside(world, table: str) -> UUID:
    """An id of this table with rows of every kind on either side of it."""
    low, high = span(world, table, *RECORDS)
    found: list[UUID] = sorted(row[0] for row in world.rows(f"SELECT id FROM {table}") if low < row[0].int < high)
    return found[len(found) // 2]


def beside(key: UUID) -> UUID:
    """An id that is nowhere, next to this one: of every other kind the same rows lie around both."""
    return UUID(int=key.int ^ 1)


RECORDS = ("casework_case", "casework_track", "casework_handoff")


def settle(world) -> None:
    """Leave no trace of the tests before: what they deleted left empty pages in between, over which a look would step."""
    ours = "SELECT tablename FROM pg_tables WHERE tablename ~ '^(casework|permissions)_' OR tablename = 'audit_entry'"
    for (table,) in world.rows(ours):
        world.superuser.execute(f"REINDEX TABLE {table}")
    world.superuser.execute("VACUUM ANALYZE")


@pytest.fixture
def hidden(world):
    """A world with many cases of one agency, and one of each kind of thing that somebody there may not see."""
    for _ in range(MANY):
        case, _ = world.track()
        world.package(case)
    ids = {"case_id": inside(world, "casework_case"), "track_id": inside(world, "casework_track")}
    ids["handoff_id"] = inside(world, "casework_handoff")
    return ids


def about(world, ids) -> list[UUID]:
    """The cases that these ids lie in."""
    query = (
        "SELECT %s::uuid UNION SELECT case_id FROM casework_track WHERE id = %s UNION SELECT case_id FROM casework_handoff"
        " WHERE id = %s"
    )
    return [row[0] for row in world.rows(query, ids["case_id"], ids["track_id"], ids["handoff_id"])]


def as_stranger(world, who, cases):
    """Nothing is done: another agency, another role, or a colleague who was never named."""


def as_former(world, who, cases):
    for case in cases:
        given = {"assignment": {"person": str(world.leo.person_id), "keep": "no"}}
        perform(world.saskia, Action.ASSIGN, case, given)
        ended = (
            "SELECT count(*) FROM casework_assignment WHERE content_object_id = %s AND user_id = %s AND ends_at IS NOT NULL"
        )
        assert world.rows(ended, case, world.people[who].person_id) == [(1,)]


def as_walled(world, who, cases):
    for case in cases:
        wall = {"person": world.people[who].person_id, "text": WHY}
        perform(world.saskia, Action.WALL_PERSON, case, {"wall": wall})


def drawn(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """All addresses with an id, or some that a seed draws."""
    found = [pair for pair in found if pair[0] != pair[1]]
    return random.Random(len(found)).sample(found, ROUTES) if ROUTES else found


@pytest.mark.parametrize(
    ("who", "how"),
    [
        ("leo", as_stranger),
        ("wanda", as_stranger),
        ("wim", as_stranger),
        ("arie", as_stranger),
        ("bea", as_stranger),
        ("lies", as_former),
        ("dirk", as_walled),
    ],
)
def test_what_is_hidden_costs_as_much_as_what_is_not_there(world, hidden, who, how):
    logging.disable(logging.WARNING)
    how(world, who, about(world, hidden))
    settle(world)
    counter = Counter(world, signed_in(who))
    there = [hidden["case_id"], hidden["track_id"], hidden["handoff_id"]]
    pairs = list(zip(addresses(*there), addresses(*map(beside, there)), strict=True))
    known = [pair for pair in pairs if re.match("/(cases|tracks|handoffs)/", pair[0])]
    differ = compare(counter, drawn(known))
    assert not differ, differ


def are_apart(medians: tuple[int, int], leasts: tuple[int, int]) -> bool:
    """Whether what was measured tells the hidden thing from the absent one."""
    return medians[0] != medians[1] and leasts[0] != leasts[1]


def compare(counter: Counter, pairs: list[tuple[str, str]]) -> list[object]:
    """The addresses at which hidden and absent differ, by either method, and in which table or index."""
    differ: list[object] = []
    for method in ("get", "post"):
        for turn in range(WARM * 3):
            for address in pairs[turn % len(pairs)]:
                getattr(counter.client, method)(address)
        for pair in pairs:
            found = [counter.compared(method, *pair)]
            while are_apart(*found[-1]) and len(found) < AGAIN:
                found.append(counter.compared(method, *pair))
            if are_apart(*found[-1]):
                there, nowhere = (set(counter.where(method, address).items()) for address in pair)
                differ.append((method, pair[0], found, there ^ nowhere))
    return differ


def test_other_things_cost_as_much_hidden_as_when_they_are_not_there(world, hidden):
    logging.disable(logging.WARNING)
    called = [
        row[0]
        for row in world.rows("SELECT reference FROM casework_participation WHERE group_id = %s", world.agency("lies"))
    ]
    for reference in called:
        asked = {"reference": reference, "code": "child_at_risk_now", "text": WHY}
        perform(world.leo, Action.ASK_EMERGENCY, None, {"emergency": asked})
        perform(world.arie, Action.RAISE_FINDING, None, {"finding": {"person": world.leo.person_id, "text": WHY}})
        sample = {"since": "gisteren", "until": "vandaag", "size": "5", "seed": "x"}
        perform(world.arie, Action.DRAW_SAMPLE, None, {"sample": sample})
        export = {"format": "csv", "since": "gisteren", "until": "vandaag", "text": WHY}
        perform(world.arie, Action.EXPORT_TRAIL, None, {"export": export})
        known = {name: PERSON[name] for name in ("family_name", "given_names", "birth_date")}
        perform(world.vera, Action.CHECK_KNOWN, None, {"known": {**known, "text": WHY, "why": "contact_needed"}})
    settle(world)
    for who, address, table in (
        ("wim", "/emergencies/{}/end_emergency", "casework_emergency"),
        ("anke", "/emergencies/{}/review_emergency", "casework_emergency"),
        ("anke", "/findings/{}/close_finding", "casework_finding"),
        ("anke", "/workbench/samples/{}", "casework_review"),
        ("anke", "/workbench/exports/{}", "casework_export"),
        ("anke", "/workbench/exports/{}/file", "casework_export"),
        ("vera", "/known-checks/{}/answer_known_check", "casework_knowncheck"),
    ):
        key = inside(world, table)
        differ = compare(Counter(world, signed_in(who)), [(address.format(key), address.format(beside(key)))])
        assert not differ, differ


def test_the_count_tells_a_look_that_finds_something_from_one_that_does_not(world, hidden):
    """The measure itself: by who may see them, the two differ; it is no count that is always the same."""
    logging.disable(logging.WARNING)
    nowhere = beside(hidden["case_id"])
    counter = Counter(world, signed_in("lies"))
    before = counter.total()
    assert counter.client.get(f"/cases/{hidden['case_id']}").status_code == 200
    seen = counter.total() - before
    assert seen != counter.of("get", f"/cases/{nowhere}")
