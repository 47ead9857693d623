"""`make run` on the data directory of a release of before: no line is typed, and whoever signed in then signs in again."""

import signal
import tempfile
from pathlib import Path
from urllib.request import urlopen

import pytest

from config.postgres import Server
from tests.simulation.test_supervisor import free_port, left_running, start, wait_until, wait_until_ready
from tests.upgrade.dump import KEYS, PASSWORD
from tests.upgrade.restored import DUMPS, restore

STOP_SECONDS = 30


@pytest.mark.parametrize("path", DUMPS, ids=lambda path: path.name.removesuffix(".sql.xz"))
def test_a_data_directory_of_before_comes_up(path):
    with tempfile.TemporaryDirectory(prefix="schakel-upgrade-", dir="/tmp") as name:
        folder, port = Path(name), free_port()
        folder.chmod(0o755)
        server = Server(folder)
        server.start()
        try:
            with server.connect() as admin:
                restore(admin, path, "schakel")
        finally:
            server.stop()
        (folder / "demo-password.txt").write_text(PASSWORD)
        for key in ("acting", "secret", "trail"):
            (folder / f"{key}.key").write_text(KEYS["TRAIL_KEY" if key == "trail" else f"{key.upper()}_KEY"])
        process = start(folder, port)
        try:
            wait_until_ready(process, folder, 1)
            with urlopen(f"http://127.0.0.1:{port}/account/sign-in", timeout=30) as answer:
                assert b"Schakel" in answer.read()
            wait_until((folder / "checkpoints.ndjson").exists)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(STOP_SECONDS)
        assert process.returncode == 0
        assert not left_running(folder)
        log = (folder / "run.log").read_text()
        assert "Traceback" not in log
        assert PASSWORD in log
