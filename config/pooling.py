"""What is done to a connection before it is lent to somebody else: nothing of whoever used it stays on it."""

from typing import Any

from psycopg import Connection
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow

CLEAN = "CLOSE ALL; UNLISTEN *; SELECT pg_advisory_unlock_all(); RESET ALL; DISCARD SEQUENCES; SET TIME ZONE 'UTC'"
"""As DISCARD ALL, but for what our own driver prepared: that is made again at no request. Django speaks UTC."""
PREPARED_BY_HAND = "SELECT count(*) FROM pg_prepared_statements WHERE from_sql"


class Meddled(Exception):  # noqa: N818 - read aloud as the sentence it is
    """A statement was put on this connection in the place of one of ours: it goes to nobody any more."""


class ReusingPlans(Connection[TupleRow]):
    """A connection that goes on using prepared statements after a transaction was rolled back.

    The driver forgets all of it at each rollback, and so at each refusal: the next requests, whoever makes them, were
    planned anew. For the server a prepared statement is no part of a transaction. After an error of the database all is
    forgotten as ever: it may be that a statement is no longer there.
    """

    def rollback(self) -> None:
        """End the transaction without storing anything; raises OperationalError where the connection is lost."""
        with self.lock:
            if self.pgconn.transaction_status == TransactionStatus.INTRANS:
                self.pgconn.exec_(b"ROLLBACK")
        super().rollback()  # nothing where the transaction is over


def leave_nothing(connection: Connection[Any]) -> None:
    """Clean a connection that comes back to the pool; raises Meddled, and the pool throws the connection away."""
    connection.autocommit = True
    connection.execute(CLEAN, prepare=False)
    row = connection.execute(PREPARED_BY_HAND, prepare=False).fetchone()
    if row is None or row[0]:
        raise Meddled


POOL: dict[str, Any] = {
    "min_size": 1,
    "max_size": 8,
    "timeout": 10,
    "reset": leave_nothing,
    "connection_class": ReusingPlans,
}
"""The connections of a web process."""
