"""Starts the whole of Schakel as children of one process, and stops it: nothing is left running."""

import os
import signal
import socket
import subprocess
import sys
import time
from types import FrameType
from urllib.request import urlopen

from audit.signing import Signer
from config import database
from config.environment import ROOT, Environment, Unsafe, read_environment, trail_key
from config.postgres import Server

PYTHON = sys.executable
CELERY = (PYTHON, "-W", "ignore", "-m", "celery", "--quiet", "-A", "config.celery")
STOP_SECONDS = 12
READY_SECONDS = 60
CHECK_SECONDS = 0.5


class Supervisor:
    """One installation, started and watched."""

    def __init__(self, environment: Environment) -> None:
        """Take the environment; nothing is started yet."""
        self.environment = environment
        self.server = Server(environment.data) if environment.is_embedded else None
        self.children: list[tuple[str, subprocess.Popen[bytes]]] = []
        self.stopping = False
        self.more: dict[str, str] = {}
        """Variables of the environment that the child processes get besides those of Schakel."""
        self.story: subprocess.Popen[bytes] | None = None
        """What tells the story of a demo, as long as it does."""

    def run(self) -> int:
        """Start everything, say where it is, and wait until told to stop; answers the exit code."""
        self._check_port()
        try:
            if self.server:
                self._start_server(self.server)
            self._command("prepare")
            if self.environment.mode == "demo":
                self._command("load_demo")
            self._start_processes()
            self._wait_until_ready()
            self._announce()
            self._begin_story()
            while not self.stopping:
                self._watch()
                time.sleep(CHECK_SECONDS)
        finally:
            self.stop()
        return 0

    def ask_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        """Note that we are to stop."""
        self.stopping = True

    def stop(self) -> None:
        """Stop in order: beat, worker, web, server; kill what does not listen."""
        until = time.monotonic() + STOP_SECONDS
        if self.story:
            self.children.insert(0, ("story", self.story))
        for _, child in self.children:
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        for _, child in self.children:
            try:
                child.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        if self.server:
            self.server.stop()

    def _check_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.environment.port))
            except OSError as error:
                raise Unsafe(f"Port {self.environment.port} is taken: choose another with PORT=8001 make run.") from error

    def _start_server(self, server: Server) -> None:
        server.start()
        with server.connect() as admin:
            database.make_roles(admin)
            database.make_broker(admin)
            database.make_database(admin, "schakel")
        with server.connect("schakel") as inside:
            database.settle_database(inside)

    def _variables(self, process: str) -> dict[str, str]:
        return {**os.environ, **self.more, "SCHAKEL_PROCESS": process, "SCHAKEL_DATA": str(self.environment.data)}

    def _command(self, name: str) -> None:
        done = subprocess.run([PYTHON, "manage.py", name], cwd=ROOT, env=self._variables(name), check=False)  # noqa: S603 - our own command
        if done.returncode:
            raise Unsafe(f"`manage.py {name}` failed; nothing was left running.")

    def _start_processes(self) -> None:
        commands = {
            "worker": [
                *CELERY, "worker", "--loglevel", "warning", "--concurrency", "1", "--pool", "prefork",
                "--without-gossip", "--without-mingle", "--without-heartbeat",
            ],
            "web": web_command(self.environment.port),
            "sealer": [PYTHON, "manage.py", "audit_seal"],
        }  # fmt: skip
        if not self.environment.witnesses:
            commands["witness"] = self._witness()
        for name, command in commands.items():
            self.children.append((name, self._child(name, command)))

    def _child(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, cwd=ROOT, env=self._variables(name), start_new_session=True)  # noqa: S603 - our own command

    def _begin_story(self) -> None:
        """Tell the story of a demo beside the pages; the schedule begins once it is told.

        What falls due in the story is carried out by who tells it, at its own time: a sweep would do so now.
        """
        if self.environment.mode == "demo":
            self.story = self._child("story", [PYTHON, "manage.py", "load_demo", "--story"])
        else:
            self._start_beat()

    def _start_beat(self) -> None:
        command = [*CELERY, "beat", "--loglevel", "warning", "--schedule", str(self.environment.data / "beat")]
        self.children.insert(0, ("beat", self._child("beat", command)))

    def _witness(self) -> list[str]:
        """Return the command of a witness beside this installation, and tell the sealer of it and of a file."""
        key = Signer.of_seed(self.environment.trail_origin, trail_key(self.environment)).line
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        folder = self.environment.data / "witness"
        self.more["WITNESSES"] = f"http://127.0.0.1:{port} file:{self.environment.data / 'checkpoints.ndjson'}"
        return [PYTHON, "-m", "audit.witness", "--quiet", "--data", str(folder), "--log", key, "--port", port]

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until and not self.stopping:
            self._watch()
            try:
                with urlopen(f"http://127.0.0.1:{self.environment.port}/health", timeout=5) as answer:
                    if answer.status == 200:  # noqa: PLR2004 - well
                        return
            except OSError:
                time.sleep(0.1)
        if not self.stopping:
            raise Unsafe(f"The web process did not answer within {READY_SECONDS} seconds.")

    def _watch(self) -> None:
        for name, child in self.children:
            if child.poll() is not None and not self.stopping:
                raise Unsafe(f"The {name} process ended with code {child.returncode}; everything is stopped.")
        if self.story and self.story.poll() is not None:
            if self.story.returncode:
                sys.stderr.write("The story of the demo is not told whole: the next start goes on with it.\n")
            self.story = None
            self._start_beat()

    def _announce(self) -> None:
        sys.stdout.write(f"\nSchakel is ready at http://127.0.0.1:{self.environment.port}\n")
        if self.environment.data != ROOT / ".data":
            sys.stdout.write(f"Its data is kept in {self.environment.data}\n")
        if self.environment.mode == "demo":
            sys.stdout.write(f"{(self.environment.data / 'demo-people.txt').read_text()}\n")
        sys.stdout.flush()


def web_command(port: int) -> list[str]:
    """Return the command of the web processes."""
    return [
        PYTHON, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "8",
        "--worker-class", "config.web_server.WholeRequests", "--log-level", "warning", "--graceful-timeout", "5",
        "--no-control-socket",
    ]  # fmt: skip


def main() -> int:
    """Run; where something prevents it, print one sentence and return exit code 2."""
    try:
        supervisor = Supervisor(read_environment())
        signal.signal(signal.SIGINT, supervisor.ask_to_stop)
        signal.signal(signal.SIGTERM, supervisor.ask_to_stop)
        return supervisor.run()
    except Unsafe as error:
        sys.stderr.write(f"{error}\n")
        return 2


if __name__ == "__main__":
    sys.exit(main())
