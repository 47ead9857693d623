"""What a request costs that no machine makes faster: statements, buffers, rows read, entries, bytes, function calls."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from django.db import connection

from bench.installation import Installation
from bench.requests import Work
from tests.web.test_calls import SETTLED, counted
from tests.web.test_scans import GROWING

TIMES = 5
"""Of how many requests the middle one counts for buffers: sometimes one more page of an index is touched."""


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures of one kind of request."""

    statements: int
    """As they are sent, begin and commit aside."""
    buffers: int
    """Pages of the database that were touched in shared memory or fetched."""
    scanned: int
    """Rows read by scans from end to end of tables that grow with the work."""
    entries: int
    bytes: int
    calls: int
    """Functions of Python that were called, those of the test client included."""

    def as_row(self) -> dict[str, int]:
        """Return the figures by their names."""
        return asdict(self)


def settle(work: Work) -> None:
    """Send requests until the driver and the server have settled on how they ask and answer."""
    for request in work.requests(SETTLED):
        work.send(request)


def counts_of(found: Installation, work: Work) -> Counts:
    """Count one kind of request; nobody else uses the database meanwhile."""
    settle(work)
    first, second, third, *others = work.requests(3 + TIMES)
    content = b""

    def send() -> None:
        nonlocal content
        content = work.send(first)

    statements = _statements(send)
    with counted() as calls:
        work.send(second)
    scanned, entries = _rows(found, lambda: work.send(third))
    buffers = [_buffers(found, work, one) for one in others]
    return Counts(statements, round(median(buffers)), scanned, entries, len(content), calls[0])


def _statements(send: Callable[[], None]) -> int:
    number = 0

    def look(execute: Callable[..., Any], *parts: Any) -> Any:
        nonlocal number
        number += 1
        return execute(*parts)

    with connection.execute_wrapper(look):
        send()
    return number


def _told() -> None:
    """Have the application's connection tell the server's statistics what it did."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")


def _buffers(found: Installation, work: Work, request: Any) -> int:
    """Count the pages that one request touches, from outside the database: looking touches none of it."""
    query = "SELECT blks_hit + blks_read FROM pg_stat_database WHERE datname = %s"
    touched = []
    for send in (False, True):
        if send:
            work.send(request)
        _told()
        ((number,),) = found.outside.execute(query, [found.name]).fetchall()
        touched.append(number)
    return int(touched[1] - touched[0])


def _rows(found: Installation, send: Callable[[], object]) -> tuple[int, int]:
    """Count the rows that scans of growing tables read, and the entries that were written."""
    scans = "SELECT sum(seq_tup_read)::bigint FROM pg_stat_user_tables WHERE relname = ANY (%s)"
    world = found.world
    entries = world.count("audit_entry")
    world.rows("SELECT pg_stat_force_next_flush()")
    _told()
    before = world.rows(scans, list(GROWING))[0][0]
    send()
    _told()
    after = world.rows(scans, list(GROWING))[0][0]
    return int(after - before), world.count("audit_entry") - entries
