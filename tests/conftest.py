import os
from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql

from audit.roles import APP
from casework.actions.intents import wake_with
from config import scratch
from tests.server import ADMIN, start_server, stop_server
from tests.world import World

POOLER = "SCHAKEL_TEST_POOLER"
"""Where a pooler stands before the server, as folder:port; tests/simulation/test_pooler.py starts one and runs others so."""
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # the browser driver keeps a loop running in the thread of the tests
KEPT_TABLES = ("django_migrations", "django_content_type", "auth_permission", "permissions_user")


def pytest_configure(config: pytest.Config) -> None:
    """Start one private server for all workers, unless the environment names another."""
    if not (hasattr(config, "workerinput") or os.environ.get(ADMIN) or config.option.collectonly):
        start_server()


def pytest_unconfigure(config: pytest.Config) -> None:
    stop_server()


@pytest.fixture(scope="session")
def admin() -> Iterator[psycopg.Connection]:
    """The administrator's connection to the server of this run."""
    with psycopg.connect(os.environ[ADMIN], autocommit=True) as connected:
        yield connected


@pytest.fixture(scope="session")
def django_db_setup(admin: psycopg.Connection, django_db_blocker: object) -> Iterator[None]:
    """A database of this worker's own, cloned from the migrated template, used as the app role."""
    with scratch.scratch(admin, settings.ACTING_KEY.hex(), scenario=True) as name:
        connection.close()
        said = scratch.address(admin, APP, name)
        connection.settings_dict.update(
            NAME=name,
            USER=APP,
            HOST=psycopg.conninfo.conninfo_to_dict(said).get("host", ""),
        )
        if pooler := os.environ.get(POOLER):
            host, _, port = pooler.rpartition(":")
            connection.settings_dict.update(HOST=host, PORT=port)
        settings.DATABASES["default"] = connection.settings_dict
        yield
        connection.close()


@pytest.fixture(scope="session")
def superuser(django_db_setup: None, admin: psycopg.Connection) -> Iterator[psycopg.Connection]:
    """The administrator inside this worker's database: plants rows and wipes, never acts."""
    name = connection.settings_dict["NAME"]
    with psycopg.connect(admin.info.dsn, dbname=name, autocommit=True) as connected:
        _wipe(connected)  # what `prepare` put on the trail: the first test begins as every other
        yield connected


@pytest.fixture
def committed(superuser: psycopg.Connection, django_db_blocker) -> Iterator[psycopg.Connection]:
    """Real commits; afterwards everything that the test wrote is wiped."""
    wake_with(lambda _: None)
    with django_db_blocker.unblock():
        yield superuser
        connection.close()
    _wipe(superuser)


def _wipe(superuser: psycopg.Connection) -> None:
    tables = superuser.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    with superuser.transaction():
        superuser.execute("SET LOCAL session_replication_role = replica")
        for (table,) in tables:
            if table not in KEPT_TABLES:
                superuser.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        superuser.execute("DELETE FROM permissions_user WHERE NOT is_system")
        superuser.execute("TRUNCATE trail.tile, trail.checkpoint, trail.cosignature, trail.key, trail.destroyed")
        superuser.execute("TRUNCATE trail.shown")
        superuser.execute("UPDATE trail.tip SET size = 0, xact = (SELECT pg_current_xact_id()), entry_id = 0")


@pytest.fixture
def world(committed: psycopg.Connection) -> World:
    """Agencies and their people, invented."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # sign-in speed is not what is tested
    return World(committed)
