"""What the owner of a database can do and the product cannot: rows past triggers, for tests."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.world import World


@contextmanager
def past_triggers(world: World) -> Iterator[None]:
    """Let the administrator's statements meanwhile pass triggers by."""
    world.superuser.execute("SET session_replication_role = replica")
    try:
        yield
    finally:
        world.superuser.execute("SET session_replication_role = origin")
