"""What grows with an installation: each kind of request counted at two scales."""

import psycopg

from bench.counting import Counts, counts_of
from bench.installation import installed, server
from bench.kept import version
from bench.planting import SCALES
from bench.requests import works

SMALL, LARGE = "xs", "s"
Counted = dict[str, Counts]


def grown(small: int = SCALES[SMALL], large: int = SCALES[LARGE]) -> tuple[Counted, Counted, str]:
    """Count every kind of request in a small and in a large installation; returns also on which PostgreSQL."""
    with server() as admin:
        first, second = (_counted(admin, cases) for cases in (small, large))
        return first, second, version(admin)


def _counted(admin: psycopg.Connection, cases: int) -> Counted:
    with installed(admin, cases) as found:
        return {work.name: counts_of(found, work) for work in works(found)}


def growth(small: Counts, large: Counts) -> float:
    """Return how many times the buffers of the small installation the large one touches."""
    return large.buffers / max(1, small.buffers)
