"""Hidden and absent, timed in pairs: the median of one over the median of the other, on three routes."""

import logging
import os
import statistics
import time
from uuid import uuid4

from django.db import connection

from tests.world import World, signed_in

PAIRS = int(os.environ.get("PAIRS", "200"))
MOST = 1.05


def buffers(world: World) -> int:
    """How many buffers the connection of the requests has touched."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush(), pg_backend_pid()")
        pid = cursor.fetchone()[1]
        cursor.execute("SELECT 1")
    query = "SELECT coalesce(sum(hits), 0) + coalesce(sum(reads), 0) FROM pg_stat_get_backend_io(%s)"
    return int(world.rows(query, pid)[0][0])


def test_hidden_and_absent_take_as_long(world, capsys):
    logging.disable(logging.WARNING)
    case, track = world.track()
    handoff = world.package(case)
    client = signed_in("wanda")
    worst = 0.0
    for address, there in (("/cases/{}", case), ("/tracks/{}/submit", track), ("/handoffs/{}", handoff)):
        times: dict[str, list[float]] = {"hidden": [], "absent": []}
        touched: dict[str, int] = {}
        for number in range(PAIRS + 10):
            pair = [("hidden", there), ("absent", uuid4())]
            for name, what in pair if number % 2 else reversed(pair):
                before = buffers(world) if number == PAIRS else 0
                began = time.perf_counter()
                assert client.get(address.format(what)).status_code == 404
                took = time.perf_counter() - began
                if number == PAIRS:
                    touched[name] = buffers(world) - before
                elif number >= 10:
                    times[name].append(took)
        medians = {name: statistics.median(values) for name, values in times.items()}
        ratio = max(medians.values()) / min(medians.values())
        worst = max(worst, ratio)
        with capsys.disabled():
            print(  # noqa: T201 - the figures are the point
                f"\n{address}: hidden {medians['hidden'] * 1000:.2f} ms, absent {medians['absent'] * 1000:.2f} ms, "
                f"ratio {ratio:.3f}; buffers {touched['hidden']} and {touched['absent']}",
            )
    assert worst <= MOST, f"a stranger could tell by the time: {worst:.3f}"
