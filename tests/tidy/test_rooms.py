"""Nothing of the records lies loose, and the list of rooms is whole (docs/decisions/0021)."""

import re
import tomllib
from pathlib import Path

import grimp

from config.database import SHAPELESS

ROOT = Path(__file__).parents[2]
CASEWORK = ROOT / "casework"
LOOSE = {"__init__.py", "access.py", "apps.py"}
LISTED = (ROOT / "docs" / "architecture.md").read_text().split("## The rooms of the records")[1].split("\n## ")[0]


def test_no_file_of_the_records_lies_outside_a_room():
    assert {path.name for path in CASEWORK.glob("*.py")} == LOOSE


def test_every_room_is_listed_and_every_listed_room_is_there():
    rooms = {path.name for path in CASEWORK.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert set(re.findall(r"`(\w+)/`", LISTED)) == rooms


def test_the_rooms_are_listed_in_the_order_of_their_layers():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract.get("containers") == ["casework"])
    rows = [row.split("|")[1] for row in LISTED.splitlines() if row.startswith("| `")]
    listed = [set(re.findall(r"`(\w+)(?:/|\.py)`", row)) - {"sql"} for row in rows]
    assert listed == [set(layer.split(" | ")) for layer in layers]


def test_every_room_says_what_it_holds():
    for folder in CASEWORK.rglob("*"):
        if (
            folder.is_dir()
            and (folder / "__init__.py").exists()
            and folder.name not in {"migrations", "management", "commands"}
        ):
            assert (folder / "__init__.py").read_text().startswith('"""'), folder


def test_what_prepares_a_database_reads_no_room_that_is_said_to_shape_none():
    graph = grimp.build_graph("audit", "permissions", "workflows", "casework", "config")
    shaping = ("audit.", "permissions.", "casework.lock.", "casework.models.", "casework.migrations.")
    waiting = [name for name in graph.modules if name.startswith(shaping)] + ["config.management.commands.prepare"]
    read = set(waiting)
    while waiting:
        found = graph.find_modules_directly_imported_by(waiting.pop()) - read
        read |= found
        waiting.extend(found)
    rooms = tuple(f"casework.{room}." for room in SHAPELESS)
    assert not {name for name in read if name.startswith(rooms)}
