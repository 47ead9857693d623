"""Hidden and absent touch as many buffers: what a request costs the database does not tell that something exists."""

import logging
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import connection

from casework.services import perform
from permissions.vocabulary import Action
from tests.policy.test_pages import addresses
from tests.world import signed_in

ROUNDS = 3
WARM = 12
"""How often a statement runs before the server and the driver have settled on how they run it."""


class Counter:
    """How many buffers the connection of the requests touches."""

    def __init__(self, world):
        self.world = world
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.pid = cursor.fetchone()[0]

    def total(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_force_next_flush()")
            cursor.execute("SELECT 1")
        query = "SELECT coalesce(sum(hits), 0) + coalesce(sum(reads), 0) FROM pg_stat_get_backend_io(%s)"
        return int(self.world.rows(query, self.pid)[0][0])

    def of(self, work: Callable[[], object]) -> int:
        before = self.total()
        work()
        return self.total() - before


def former(world, case):
    """Lies is taken off the case."""
    given = {"assignment": {"person": world.leo.person_id, "keep": "no"}}
    perform(world.saskia, Action.ASSIGN, case, given)


@pytest.mark.parametrize("who", ["leo", "wanda", "joke", "arie", "bea"])
def test_explore(world, who, capsys):
    logging.disable(logging.WARNING)
    case, track = world.track()
    handoff = world.package(case)
    others = [world.track() for _ in range(3)]
    packages = [world.package(one) for one, _ in others]
    client = signed_in(who)
    client.get(f"/cases/{uuid4()}")
    counter = Counter(world)
    seen = set()
    for hidden, absent in zip(addresses(case, track, handoff), addresses(uuid4(), uuid4(), uuid4()), strict=True):
        if hidden == absent or "approve" not in hidden and hidden.count("/") > 2 and hidden.rsplit("/", 1)[1] not in ("submit", "add_note", "check_handoff", "see_case_log"):
            continue
        for _ in range(WARM):
            client.get(absent), client.get(hidden)
        there, nowhere = [], []
        for _ in range(ROUNDS):
            there.append(counter.of(lambda: client.get(hidden)))
            nowhere.append(counter.of(lambda: client.get(absent)))
        with capsys.disabled():
            print(who, hidden.replace(str(case), "C").replace(str(track), "T").replace(str(handoff), "H"), there, nowhere)
