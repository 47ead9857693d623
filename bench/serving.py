"""What a request costs in processor time, of the web half and of the database: medians of interleaved runs."""

import time
from dataclasses import dataclass
from functools import partial

from django.db import connection

from bench.counting import Counts, counts_of, settle
from bench.installation import Installation
from bench.requests import Unexpected, Work, works
from bench.timing import Spread, Steady, processor_ms, spread

Taken = tuple[float, float, float]
RUNS = 5
REQUESTS = 15
"""Of one sample: together they take many ticks of the clock by which the server's processes are told."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one kind of request costs: processor milliseconds of both halves, and what is counted."""

    web: Spread
    database: Spread
    anew: Spread
    """Of the database, of the first requests after one that was rolled back: the driver forgot then what it had prepared."""
    counts: Counts


def costs_of(found: Installation, runs: int = RUNS, requests: int = REQUESTS) -> tuple[dict[str, Cost], int]:
    """Measure every kind of request in turn, and all of them again in each run; returns also how many samples were void."""
    asked, steady = works(found), Steady()
    counts = {work.name: counts_of(found, work) for work in asked}
    samples: dict[str, list[Taken]] = {work.name: [] for work in asked}
    for _ in range(runs):
        for work in asked:
            samples[work.name].append(steady.sample(partial(_sample, work, requests)))
    costs = {
        name: Cost(spread(web), spread(database), spread(anew), counts[name])
        for name, (web, database, anew) in ((name, map(list, zip(*taken, strict=True))) for name, taken in samples.items())
    }
    return costs, steady.void


def server_process() -> int:
    """Return the id of the server process of the application's connection."""
    connection.ensure_connection()
    return int(connection.connection.info.backend_pid)


def _sample(work: Work, number: int) -> Taken:
    """Send so many requests, twice; returns processor milliseconds of one: of this process, the server, and that anew."""
    settle(work)
    web, database = _sent(work, number)
    connection.connection.execute("ROLLBACK", prepare=False)  # the driver has the server forget what was prepared
    _web, anew = _sent(work, number)
    return web, database, anew


def _sent(work: Work, number: int) -> tuple[float, float]:
    """Send so many requests; returns processor milliseconds of one, of both halves."""
    requests, pid = work.requests(number), server_process()
    database, began = processor_ms(pid), time.process_time()
    for request in requests:
        work.send(request)
    web = (time.process_time() - began) * 1000
    if server_process() != pid:
        raise Unexpected(f"{work.name}: the connection was made anew meanwhile.")
    return web / number, (processor_ms(pid) - database) / number
