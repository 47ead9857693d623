"""A whole installation on a server of its own, in a folder that is gone afterwards."""

import logging
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection
from psycopg.conninfo import conninfo_to_dict

from audit.roles import APP
from bench.planting import SCALES, plant_cases
from casework.actions.intents import wake_with
from config import scratch
from config.postgres import Server
from tests.world import World

ALONE = "ALTER SYSTEM SET autovacuum = off"
"""Nobody else touches the database while it is counted what a page touches; planting vacuums by itself."""


@dataclass(frozen=True, slots=True)
class Installation:
    """Agencies and their people with planted cases: who looks from outside does so on `outside`, in no database of ours."""

    world: World
    outside: psycopg.Connection
    name: str
    cases: int
    content: str
    """The hash of what was planted."""
    seconds: float
    """How long planting took."""


@contextmanager
def server() -> Iterator[psycopg.Connection]:
    """Have a private server meanwhile; yields its administrator's connection."""
    folder = Path(tempfile.mkdtemp(prefix="schakel-bench-", dir="/tmp"))
    folder.chmod(0o755)
    started = Server(folder)
    try:
        started.start()
        with started.connect() as admin:
            admin.execute(ALONE)
            admin.execute("SELECT pg_reload_conf()")
            yield admin
    finally:
        connection.close()
        started.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def installed(admin: psycopg.Connection, cases: int) -> Iterator[Installation]:
    """Have an installation with so many planted cases meanwhile: the application's own connection leads to it."""
    wake_with(lambda _: None)  # what is to be carried out is carried out when asked, in this process
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # signing in is not what is measured
    logging.getLogger("django.request").setLevel(logging.ERROR)  # refused looks are meant here
    settings.ALLOWED_HOSTS = ["testserver"]
    with scratch.scratch(admin, settings.ACTING_KEY.hex(), scenario=False) as name:
        _lead_to(scratch.address(admin, APP, name))
        with psycopg.connect(admin.info.dsn, dbname=name, autocommit=True) as superuser:
            world = World(superuser)
            began = time.monotonic()
            content = plant_cases(world, cases)
            yield Installation(world, admin, name, cases, content, time.monotonic() - began)
        connection.close()


@contextmanager
def installation(scale: str) -> Iterator[Installation]:
    """Have a server with one installation of a scale."""
    with server() as admin, installed(admin, SCALES[scale]) as found:
        yield found


def _lead_to(address: str) -> None:
    said = conninfo_to_dict(address)
    connection.close()
    connection.settings_dict.update(NAME=said["dbname"], USER=said["user"], HOST=said["host"])
    settings.DATABASES["default"] = connection.settings_dict
