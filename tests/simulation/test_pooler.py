"""Through pgbouncer in transaction mode, with the settings that README names: the core of the tests, and many at once."""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg.conninfo import conninfo_to_dict

from audit.roles import APP
from casework.actions.perform import perform
from config import scratch
from config.environment import ROOT, database_settings
from config.postgres import account
from permissions.vocabulary import Action
from tests.world import World

CORE = (
    "tests/attacks/test_sign_in.py",
    "tests/casework/actions/test_operations.py",
    "tests/casework/worker/test_fallen_while_queued.py",
    "tests/casework/actions/test_handoffs.py",
    "tests/casework/oversight/test_emergencies.py",
)
"""Files that sign in, do acts, repeat them, deliver and search: what a person and the worker do."""
PORT = 6432
WORKERS = 6
"""Twice as many as the pooler has connections: each meets statements that another one prepared."""
CONFIG = """
[databases]
* = host={host} port={port} user={app}
[pgbouncer]
listen_addr =
unix_socket_dir = {folder}
listen_port = {own}
auth_type = any
pool_mode = transaction
server_reset_query_always = 1
default_pool_size = 3
max_client_conn = 200
ignore_startup_parameters = extra_float_digits
logfile = {folder}/pgbouncer.log
pidfile = {folder}/pgbouncer.pid
"""


def binary() -> str:
    """Return the pooler's program; deploy/pgbouncer.sh installs it before the tests run."""
    return shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"


@pytest.fixture
def pooler(admin: psycopg.Connection) -> Iterator[Path]:
    """A pooler before the server of this run; it never runs as root."""
    folder = Path(tempfile.mkdtemp(prefix="schakel-pooler-", dir="/tmp"))
    who = account() or pwd.getpwuid(os.geteuid())
    said = conninfo_to_dict(admin.info.dsn)
    text = CONFIG.format(host=said["host"], port=said.get("port", 5432), app=APP, folder=folder, own=PORT)
    (folder / "pgbouncer.ini").write_text(text)
    for path in (folder, folder / "pgbouncer.ini"):
        os.chown(path, who.pw_uid, who.pw_gid)
    dropped = {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    process = subprocess.Popen([binary(), "-q", str(folder / "pgbouncer.ini")], cwd="/", **dropped)  # type: ignore[call-overload]
    try:
        _wait(folder)
        yield folder
    finally:
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(folder: Path) -> None:
    until = time.monotonic() + 20
    while not (folder / f".s.PGSQL.{PORT}").exists():
        assert time.monotonic() < until, "the pooler did not start"
        time.sleep(0.05)


@contextmanager
def through(pooler: Path) -> Iterator[None]:
    """Let this process go through the pooler, with the settings of an installation that does."""
    before, asked = dict(connection.settings_dict), settings.ASK_SERVER_FOR_PID
    connection.close()
    pooled = database_settings(f"postgresql://{APP}@/{before['NAME']}?host={pooler}", pooled=True)
    connection.settings_dict.update({**pooled, "HOST": str(pooler), "PORT": str(PORT)})
    settings.ASK_SERVER_FOR_PID = True
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(before)
        settings.ASK_SERVER_FOR_PID = asked


@pytest.mark.xdist_group("pooler")
def test_many_at_once_through_three_connections_are_each_themselves(world: World, pooler: Path) -> None:
    with through(pooler):
        cases = {name: perform_open(world, name) for name in ("lies", "leo", "wanda")}

        def notes(worker: int) -> None:
            try:
                for number in range(worker, 60, WORKERS):
                    name = ("lies", "leo", "wanda")[number % 3]
                    given = {"note": {"kind": "concern", "text": f"Een zorg van {name}, nummer {number}."}}
                    perform(world.people[name], Action.ADD_NOTE, cases[name], given)
            finally:
                connection.close()

        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(notes, range(WORKERS)))
    rows = world.rows("SELECT made_by_id, text FROM casework_note")
    assert len(rows) == 60
    ids = {name: world.people[name].person_id for name in cases}
    assert all(ids[text.split(",")[0].removeprefix("Een zorg van ")] == maker for maker, text in rows)
    makers = "SELECT count(*) FROM casework_note n JOIN audit_entry e ON e.object_pk = n.id::text AND e.action = 0"
    assert world.rows(f"{makers} WHERE e.actor_id = n.made_by_id") == [(60,)]


def perform_open(world: World, name: str) -> UUID | None:
    """Open a case of somebody's own."""
    given = {"person": {"role": "subject", "family_name": f"Proef{name}"}, "basis": {"code": "WPG_8", "article": "8"}}
    return perform(world.people[name], Action.OPEN_CASE, given=given).case_id


@pytest.mark.xdist_group("pooler")
def test_the_core_of_the_tests_runs_through_the_pooler(
    django_db_setup: None, admin: psycopg.Connection, pooler: Path
) -> None:
    environment = {
        **os.environ,
        "SCHAKEL_TEST_POOLER": f"{pooler}:{PORT}",
        "ASK_SERVER_FOR_PID": "1",
        "ACTING_KEY": settings.ACTING_KEY.hex(),
        "DATABASE_URL": scratch.address(admin, APP, "postgres"),
    }
    environment = {name: value for name, value in environment.items() if not name.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", *CORE]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
