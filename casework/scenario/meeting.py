"""Does several acts of a story at the same moment, each on a connection of its own, as people on several desks do."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from django.db import connection


def at_one_moment(works: Sequence[Callable[[], object]]) -> list[object]:
    """Do all of these at once, on the clock of the story; answers how each ended, and raises what is no ending."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> object:
        try:
            start.wait()
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        ended = [pool.submit(copy_context().run, run, work) for work in works]
        return [one.result() for one in ended]
