"""The two words of the README: everything starts, a second start reuses the data, and nothing is left running."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen

from casework.scenario.days import Days
from config.management.commands.load_demo import chapters
from config.postgres import Server

ROOT = Path(__file__).parents[2]
READY_SECONDS = 120
STOP_SECONDS = 15


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(folder, port):
    unset = {"DATABASE_URL", "DATABASE_OWNER_URL", "BROKER_URL", "ACTING_KEY", "SECRET_KEY", "SCHAKEL_MODE"}
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    environment |= {"SCHAKEL_DATA": str(folder), "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    log = (folder / "run.log").open("ab")
    return subprocess.Popen(
        [sys.executable, "-m", "config.supervisor"],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )


def wait_until_ready(process, folder, times):
    until = time.monotonic() + READY_SECONDS
    while (folder / "run.log").read_text().count("Schakel is ready at") < times:
        assert process.poll() is None, (folder / "run.log").read_text()
        assert time.monotonic() < until, (folder / "run.log").read_text()
        time.sleep(0.1)


def wait_until(condition):
    until = time.monotonic() + READY_SECONDS
    while not condition():
        assert time.monotonic() < until, "what was waited for did not come"
        time.sleep(0.1)


def asked(folder, query):
    with Server(folder).connect("schakel") as inside:
        ((answer,),) = inside.execute(query).fetchall()
        return answer


OPENED = sum(step.do == "open_case" for chapter in chapters(Days(datetime.now(UTC))) for step in chapter.steps)


def left_running(folder):
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                told = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if str(folder).encode() in told and int(entry.name) != os.getpid():
                found.append(entry.name)
    return found


def test_everything_starts_and_a_second_start_reuses_the_data():
    with tempfile.TemporaryDirectory(prefix="schakel-run-", dir="/tmp") as name:
        folder, port = Path(name), free_port()
        folder.chmod(0o755)
        for times, stop in ((1, signal.SIGTERM), (2, signal.SIGINT)):
            process = start(folder, port)
            wait_until_ready(process, folder, times)
            with urlopen(f"http://127.0.0.1:{port}/account/sign-in", timeout=30) as answer:
                assert b"Schakel" in answer.read()
            for kept in (folder / "witness" / "seen.ndjson", folder / "checkpoints.ndjson"):
                wait_until(kept.exists)
            if times > 1:
                wait_until(lambda: asked(folder, "SELECT told_at IS NOT NULL FROM lock.demo_story"))
                assert asked(folder, "SELECT count(*) FROM casework_case") == OPENED, (
                    "stopped halfway, it goes on without doubles"
                )
            process.send_signal(stop)
            assert process.wait(STOP_SECONDS) == 0
            assert not left_running(folder)
        log = (folder / "run.log").read_text()
        assert "Traceback" not in log
        assert len(set(log.split("password ")[1:])) <= 2
        password = (folder / "demo-password.txt").read_text()
        secret = ("demo-password.txt", "demo-people.txt", "acting.key", "trail.key")
        assert all((folder / name).stat().st_mode & 0o077 == 0 for name in secret)
        assert log.count(password) == 2, "the second start prints the same sign-ins"
