"""Makes the dump of a release with which its upgrade is tested: plays the stories of a checkout, and writes its database.

Run in a checkout of the release: `.venv/bin/python PATH/tests/upgrade/dump.py X.Y.Z`. It uses only what every release
has: the embedded server, `prepare`, the demo and the player. Everybody in it is invented.
"""

import dataclasses
import importlib
import lzma
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
RELEASE = Path.cwd()
NAME = "schakel"
PASSWORD = "proef-wachtwoord-1"
KEYS = {"ACTING_KEY": "a5" * 32, "SECRET_KEY": "5a" * 32, "TRAIL_KEY": "c3" * 32, "TRAIL_ORIGIN": "schakel.local/trail"}
"""Keys of invented records: whoever upgrades the dump supplies them, as an installation keeps its own."""


@dataclasses.dataclass(frozen=True)
class Part:
    """What of a story is played: steps on names that begin so, and so many of them; all where it is not said."""

    names: tuple[str, ...] = ()
    steps: int = 1000


CHOSEN = {
    "0.1.0": {
        "action-week-2023-11": Part(("c", "r")),
        "anonymous-help": Part(steps=22),
        "refused-and-resent": Part(steps=48),
    },
}
"""The stories of each release that its dump is made of, each step once: it is to stay under 300 kB.

What every column of every row became is a digest on the trail, which nothing makes smaller.
"""


def main(version: str, out: Path) -> None:
    """Start a server, fill a database with what this release makes, write it, and leave nothing behind."""
    sys.path.insert(0, str(RELEASE))
    postgres, database = importlib.import_module("config.postgres"), importlib.import_module("config.database")
    folder = Path(tempfile.mkdtemp(prefix="schakel-dump-", dir="/tmp"))
    folder.chmod(0o755)
    server = postgres.Server(folder)
    server.start()
    try:
        with server.connect() as admin:
            database.make_roles(admin)
            database.make_database(admin, NAME)
        with server.connect(NAME) as inside:
            database.settle_database(inside)
        (folder / "demo-password.txt").write_text(PASSWORD)
        os.environ |= environment(server)
        manage("prepare", SCHAKEL_SCENARIO="1")
        manage("load_demo")
        play(server, version)
        if (RELEASE / "config/management/commands/audit_seal.py").exists():
            manage("audit_seal", "--once")
        with server.connect(NAME) as inside:
            inside.execute("SET session_replication_role = replica")  # from here on the clock is nobody's
            inside.execute("UPDATE lock.installation SET is_scenario = false")
        out.write_bytes(lzma.compress(dumped(postgres, server), preset=9 | lzma.PRESET_EXTREME))
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def environment(server: Any) -> dict[str, str]:
    """Return the variables of an installation whose database this is."""
    address = "postgresql://{}@/" + f"{NAME}?host={server.socket}"
    return {
        **KEYS,
        "DATABASE_URL": address.format("schakel_app"),
        "DATABASE_OWNER_URL": address.format("schakel_owner"),
        "SCHAKEL_DATA": str(server.data),
        "SCHAKEL_MODE": "demo",
        "WITNESSES": f"file:{server.data / 'checkpoints.ndjson'}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def manage(*words: str, **more: str) -> None:
    """Run a command of this release."""
    subprocess.run([sys.executable, "manage.py", *words], cwd=RELEASE, env={**os.environ, **more}, check=True)


def play(server: Any, version: str) -> None:
    """Play the stories that were chosen, and the one that is kept here, each with agencies and people of its own."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    importlib.import_module("django").setup()
    found = [(RELEASE / "scenarios" / f"{name}.yaml", part) for name, part in CHOSEN[version].items()]
    found += [(path, Part()) for path in HERE.glob(f"story_{version}.yaml")]
    importlib.import_module("casework.actions.intents").wake_with(lambda _: None)
    psycopg = importlib.import_module("psycopg")
    with psycopg.connect(f"host={server.socket} user=schakel_backup dbname={NAME}", autocommit=True) as reading:
        for number, (path, part) in enumerate(found):
            play_one(path, part, chr(ord("A") + number), reading)


def play_one(path: Path, part: Part, mark: str, reading: Any) -> None:
    """Play one story; its agencies and people carry this letter, so that no two stories meet."""
    playing: Any = importlib.import_module("casework.scenario.playing")
    backstage = importlib.import_module("casework.scenario.backstage").Backstage
    install = importlib.import_module("permissions.services").install

    def marked(agencies: Any, people: Any, since: Any) -> dict[str, Any]:
        names = {f"{person.username}-{mark.lower()}": person.username for person in people}
        more = {"password": PASSWORD}
        people = [dataclasses.replace(one, username=f"{one.username}-{mark.lower()}", **more) for one in people]
        return {names.get(name, name): actor for name, actor in install(agencies, people, since).items()}

    scene = importlib.import_module("casework.scenario.reading").read(path)
    agencies = {
        name: dataclasses.replace(row, name=f"{row.name} {mark}", controller=f"{row.controller or row.name} {mark}")
        for name, row in scene.agencies.items()
    }
    agreements = scene.agreements if scene.agreements is not None else everything_among(scene.agencies)
    steps = [dataclasses.replace(step, repeat=1) for step in scene.steps]
    steps = [step for step in steps if not part.names or (step.on or step.id).startswith(part.names)][: part.steps]
    playing.install = marked
    scene = dataclasses.replace(scene, agencies=agencies, steps=steps, agreements=agreements)
    playing.Player(scene, backstage(reading)).play()
    sys.stdout.write(f"played {path.name} as {mark}\n")


def everything_among(agencies: dict[str, Any]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return agreements of everything among the agencies of one story, and with those of no other."""
    bases = importlib.import_module("permissions.bases")
    groups = tuple(sorted({group for kind in bases.GROUPS.values() for group in kind}))
    ends = [name for name, row in agencies.items() if row.kind not in bases.WITHOUT_PERSONAL_DATA]
    return [(sender, receiver, groups) for sender in ends for receiver in ends if sender != receiver]


def dumped(postgres: Any, server: Any) -> bytes:
    """Return the database as SQL: tables, rows, functions, policies, owners and privileges, as this release left them."""
    command = [str(postgres.binaries() / "pg_dump"), "-h", str(server.socket), "-U", "postgres", NAME]
    return subprocess.run(command, capture_output=True, check=True).stdout


if __name__ == "__main__":
    main(sys.argv[1], HERE / f"release_{sys.argv[1]}.sql.xz" if len(sys.argv) == 2 else Path(sys.argv[2]).resolve())
