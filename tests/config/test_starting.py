"""What cannot be started safely says one clear sentence and starts nothing."""

import os
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from config.environment import reachable
from permissions.installing import TooPowerful, require_unprivileged_role

ROOT = Path(__file__).parents[2]
SAFE = {
    "SCHAKEL_MODE": "production",
    "SECRET_KEY": "a" * 64,
    "ACTING_KEY": "b" * 64,
    "DATABASE_URL": "postgresql://schakel_app@127.0.0.1:1/none",
    "BROKER_URL": "amqp://127.0.0.1:1//",
    "ALLOWED_HOSTS": "voorbeeld.test",
}


def start(command, environment):
    clean = {name: value for name, value in os.environ.items() if name not in {*SAFE, "PORT"}}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ACTING_KEY", "DATABASE_URL", "BROKER_URL", "ALLOWED_HOSTS"])
def test_production_without_a_setting_does_not_start(missing):
    done = start(["manage.py", "law"], {**SAFE, missing: ""})
    assert done.returncode == 2
    assert missing in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_an_unknown_mode_and_a_short_secret_do_not_start():
    assert start(["manage.py", "law"], {**SAFE, "SCHAKEL_MODE": "debug"}).returncode == 2
    assert "SECRET_KEY" in start(["manage.py", "law"], {**SAFE, "SECRET_KEY": "short"}).stderr
    assert start(["manage.py", "law"], SAFE).returncode == 0


def test_the_schema_is_changed_only_with_the_owners_address():
    done = start(["manage.py", "prepare"], {**SAFE, "DATABASE_OWNER_URL": ""})
    assert done.returncode == 2
    assert done.stderr.strip() == "DATABASE_OWNER_URL is missing: the schema is changed as its owner."


def test_a_taken_port_is_said_before_anything_starts(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = start(["-m", "config.supervisor"], {"PORT": port, "SCHAKEL_DATA": str(tmp_path / "data")})
    assert done.returncode == 2
    assert port in done.stderr
    assert not (tmp_path / "data" / "postgres").exists()


def test_a_data_directory_of_another_major_is_refused(tmp_path):
    folder = tmp_path / "data"
    (folder / "postgres").mkdir(parents=True)
    (folder / "postgres" / "PG_VERSION").write_text("9\n")
    for parent in (folder, *folder.parents):
        if parent.stat().st_uid == os.getuid() and str(parent) not in {"/", "/tmp"}:
            parent.chmod(0o755)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    done = start(["-m", "config.supervisor"], {"PORT": port, "SCHAKEL_DATA": str(folder)})
    assert done.returncode == 2
    assert "was made by PostgreSQL 9" in done.stderr


def test_a_process_with_too_much_power_does_not_start(world):
    require_unprivileged_role()
    connection.close()
    connection.settings_dict["USER"] = "schakel_owner"
    try:
        with pytest.raises(TooPowerful, match="schakel_owner"):
            require_unprivileged_role()
    finally:
        connection.close()
        connection.settings_dict["USER"] = "schakel_app"


@contextmanager
def folders(*, is_open):
    """A home and a folder beside it; whether other accounts may enter the home."""
    with tempfile.TemporaryDirectory(prefix="schakel-home-", dir="/tmp") as name:
        above = Path(name)
        home, other = above / "home", above / "other"
        for folder, mode in ((above, 0o755), (home, 0o755 if is_open else 0o700), (other, 0o755)):
            folder.mkdir(exist_ok=True)
            folder.chmod(mode)
        yield home / "schakel" / ".data", other


def test_data_stays_beside_the_source_where_the_server_can_follow():
    with folders(is_open=True) as (data, other):
        assert reachable(data, [other]) == data


def test_data_goes_where_the_server_can_follow_root_and_stays_there():
    with folders(is_open=False) as (data, other):
        data.parent.mkdir()
        assert reachable(data, []) == data, "whoever is not root keeps it there: the server runs as they do"
        chosen = reachable(data, [other / "nowhere", other])
        assert chosen.parent == other
        chosen.mkdir()
        (other / "nowhere").mkdir()
        assert reachable(data, [other / "nowhere", other]) == chosen
        assert reachable(data.parent / "another", [other]) != chosen, "each installation has its own"


def test_data_goes_nowhere_that_the_server_cannot_enter():
    with folders(is_open=False) as (data, other):
        data.parent.mkdir()
        other.chmod(0o700)
        assert reachable(data, [other]) == data
