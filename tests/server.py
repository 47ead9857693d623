"""The private PostgreSQL of a run of tests: started once, told by the environment, gone afterwards."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.postgres import Server

ADMIN = "SCHAKEL_TEST_ADMIN_URL"
_server: list[Server] = []


def start_server() -> None:
    """Start a private server and say in the environment where it is."""
    folder = Path(tempfile.mkdtemp(prefix="schakel-tests-", dir="/tmp"))
    folder.chmod(0o755)
    server = Server(folder)
    server.start()
    _server.append(server)
    os.environ[ADMIN] = f"postgresql://postgres@/postgres?host={server.socket}"


def stop_server() -> None:
    """Stop what `start_server` started, and leave nothing of it."""
    for server in _server:
        server.stop()
        shutil.rmtree(server.data, ignore_errors=True)
        os.environ.pop(ADMIN, None)
    _server.clear()


@contextmanager
def served() -> Iterator[None]:
    """Have a private server meanwhile."""
    start_server()
    try:
        yield
    finally:
        stop_server()
