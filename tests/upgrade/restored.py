"""Databases of releases of before: restored from their dump, and brought up to date by the command itself."""

import lzma
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import override_settings
from psycopg import sql

from config import database, scratch
from config.postgres import binaries
from tests.upgrade.dump import KEYS

ROOT = Path(__file__).parents[2]
DUMPS = sorted(Path(__file__).parent.glob("release_*.sql.xz"))


def restore(admin: psycopg.Connection, path: Path, name: str) -> None:
    """Make a database of this name that is as the release left it, with what a start settles before `prepare`."""
    database.make_roles(admin)
    database.make_database(admin, name)
    command = [str(binaries() / "psql"), "-X", "-q", "-o", "/dev/null", "-v", "ON_ERROR_STOP=1"]
    command += ["-d", psycopg.conninfo.make_conninfo(admin.info.dsn, dbname=name)]
    done = subprocess.run(command, input=lzma.decompress(path.read_bytes()), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    with psycopg.connect(admin.info.dsn, dbname=name, autocommit=True) as inside:
        database.settle_database(inside)


@contextmanager
def dropped_afterwards(admin: psycopg.Connection, name: str) -> Iterator[str]:
    try:
        yield name
    finally:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def run(admin: psycopg.Connection, name: str, data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command on a database with the keys of its installation, as whoever upgrades it does."""
    environment = {
        **os.environ,
        **KEYS,
        "DATABASE_URL": scratch.address(admin, "schakel_app", name),
        "DATABASE_OWNER_URL": scratch.address(admin, "schakel_owner", name),
        "SCHAKEL_DATA": str(data),
        "SCHAKEL_MODE": "demo",
        "SCHAKEL_SCENARIO": "",
        "WITNESSES": f"file:{data / 'checkpoints.ndjson'}",
    }
    command = [sys.executable, *words] if words[0] == "-m" else [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@contextmanager
def acting_there(name: str) -> Iterator[None]:
    """Let this process act in that database, with the keys of its installation."""
    kept = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update(NAME=name)
    ContentType.objects.clear_cache()  # the kinds of records have other numbers there
    keys = {"ACTING_KEY": bytes.fromhex(KEYS["ACTING_KEY"]), "SECRET_KEY": KEYS["SECRET_KEY"]}
    try:
        with override_settings(**keys):
            yield
    finally:
        connection.close()
        connection.settings_dict.update(kept)
        ContentType.objects.clear_cache()
