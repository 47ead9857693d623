"""Databases of their own for tests and scenarios: cloned from a migrated template, dropped afterwards."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from audit.roles import APP, OWNER
from config import database
from config.environment import ROOT, Unsafe
from config.postgres import Server

TEMPLATE_LOCK = 7_301_994


def reach(server: Server) -> tuple[psycopg.Connection, bool]:
    """Connect to the embedded server as its administrator, starting it when it does not run; True when we started it."""
    try:
        return server.connect(), False
    except psycopg.OperationalError:
        server.start()
        return server.connect(), True


def address(admin: psycopg.Connection, user: str, name: str) -> str:
    """Return the address of a database of this server for a role."""
    said = conninfo_to_dict(admin.info.dsn)
    host, port = said.get("host", ""), said.get("port", "")
    if str(host).startswith("/"):
        return f"postgresql://{user}@/{name}?host={host}" + (f"&port={port}" if port else "")
    return f"postgresql://{user}@{host}:{port or 5432}/{name}"


def template(admin: psycopg.Connection, key: str, *, scenario: bool, mode: str = "demo") -> str:
    """Return the name of the migrated template for this schema, key and mode; it is made once."""
    mark = hashlib.sha256(f"{key}:{scenario}:{mode}".encode()).hexdigest()[:8]
    name = f"schakel_tpl_{database.schema_hash()}_{mark}"
    admin.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])
    try:
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return name
        raw = f"schakel_raw_{uuid4().hex[:12]}"
        database.make_roles(admin)
        database.make_database(admin, raw)
        with psycopg.connect(admin.info.dsn, dbname=raw, autocommit=True) as inside:
            database.settle_database(inside)
        _prepare(admin, raw, key, scenario=scenario, mode=mode)
        admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(raw), sql.Identifier(name)))
        _drop_older(admin)
    finally:
        admin.execute("SELECT pg_advisory_unlock(%s)", [TEMPLATE_LOCK])
    return name


def _drop_older(admin: psycopg.Connection) -> None:
    """Drop the templates of schemas that the source no longer makes."""
    query = "SELECT datname FROM pg_database WHERE datname LIKE 'schakel\\_tpl\\_%%' AND datname NOT LIKE %s"
    for (old,) in admin.execute(query, [f"schakel\\_tpl\\_{database.schema_hash()}%"]).fetchall():
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(old)))


def _prepare(admin: psycopg.Connection, name: str, key: str, *, scenario: bool, mode: str) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": address(admin, APP, name),
        "DATABASE_OWNER_URL": address(admin, OWNER, name),
        "ACTING_KEY": key,
        "SCHAKEL_MODE": mode,
        "SCHAKEL_SCENARIO": "1" if scenario else "",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "prepare"],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Unsafe(f"The database could not be prepared: {done.stderr.strip().splitlines()[-1]}")


@contextmanager
def scratch(admin: psycopg.Connection, key: str, *, scenario: bool, keep: bool = False) -> Iterator[str]:
    """Clone a database from the template, and drop it afterwards unless it is to stay; yields its name."""
    name = f"schakel_{'scenario' if scenario else 'scratch'}_{uuid4().hex[:12]}"
    admin.execute("SELECT pg_advisory_lock(%s)", [TEMPLATE_LOCK])  # until it is cloned: another schema's run drops templates
    try:
        database.make_database(admin, name, template=template(admin, key, scenario=scenario))
    finally:
        admin.execute("SELECT pg_advisory_unlock(%s)", [TEMPLATE_LOCK])
    try:
        yield name
    finally:
        if not keep:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
