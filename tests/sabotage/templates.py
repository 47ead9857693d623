"""The template database of a copy with a fault in it, on the server that all copies share.

Migrations import nothing of ours but `audit/fields.py` (test_faults.py holds them to it), so what they make depends on no
other file. They run once; the template of a fault is a clone of what they made, on which `manage.py prepare` of the
copy does everything else, as it does in a new database: nothing is there before that a fault could fail to take away.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

from audit.roles import APP, OWNER
from config import database, scratch
from config.environment import ROOT, read_environment
from tests.server import ADMIN

MIGRATED_LOCK = 7_301_995
FIELDS = "audit/fields.py"
"""Imported by migrations."""


def acting_key() -> str:
    """Return the key by which acts are signed here, in hexadecimal; templates are told apart by it."""
    return read_environment().acting_key.hex()


def is_migrated_anew(file: str) -> bool:
    """Whether a fault in this file may change what migrations make."""
    return "/migrations/" in file or "/models" in file or file == FIELDS


@contextmanager
def template_of(copy: Path, file: str) -> Iterator[None]:
    """Have the template that the tests of a copy look for, whose fault stands in this file; none where it cannot be made."""
    hashed = database.schema_hash(copy)
    if hashed == database.schema_hash():
        yield
        return
    key = acting_key()
    with psycopg.connect(os.environ[ADMIN], autocommit=True) as admin:
        usual = scratch.template(admin, key, scenario=True)  # first: who makes it drops those of other schemas
        name = usual.replace(database.schema_hash(), hashed)
        raw = f"schakel_raw_{uuid4().hex[:12]}"
        if is_migrated_anew(file):
            _make_empty(admin, raw)
        else:
            database.make_database(admin, raw, template=_migrated(admin, key))
        has_settled = not _manage(copy, admin, raw, key, "prepare")
        try:
            if has_settled:
                _rename(admin, raw, name)
            yield
        finally:
            for gone in (raw, name):
                admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(gone)))


def _migrated(admin: psycopg.Connection, key: str) -> str:
    """Return the name of the database that is migrated and not settled yet; it is made once."""
    name = f"schakel_migrated_{database.schema_hash()}"
    admin.execute("SELECT pg_advisory_lock(%s)", [MIGRATED_LOCK])
    try:
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            raw = f"schakel_raw_{uuid4().hex[:12]}"
            _make_empty(admin, raw)
            if said := _manage(ROOT, admin, raw, key, "migrate"):
                raise RuntimeError(said)
            _rename(admin, raw, name)
    finally:
        admin.execute("SELECT pg_advisory_unlock(%s)", [MIGRATED_LOCK])
    return name


def _make_empty(admin: psycopg.Connection, name: str) -> None:
    database.make_database(admin, name)
    with psycopg.connect(admin.info.dsn, dbname=name, autocommit=True) as inside:
        database.settle_database(inside)


def _rename(admin: psycopg.Connection, name: str, to: str) -> None:
    admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(to)))


def _manage(tree: Path, admin: psycopg.Connection, name: str, key: str, command: str) -> str:
    """Run a command of a tree on a database as its owner; returns what it said when it failed."""
    environment = {
        **os.environ,
        "DATABASE_URL": scratch.address(admin, APP, name),
        "DATABASE_OWNER_URL": scratch.address(admin, OWNER, name),
        "ACTING_KEY": key,
        "SCHAKEL_MODE": "demo",
        "SCHAKEL_SCENARIO": "1",
    }
    asked = [sys.executable, "manage.py", command, "--verbosity", "0"]
    done = subprocess.run(asked, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    return done.stderr if done.returncode else ""
