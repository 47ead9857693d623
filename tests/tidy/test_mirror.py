"""Where the tests of a room are found: in the folder of its name; each room has one."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
OF_NO_ROOM = {
    "attacks",
    "bench",
    "golden",
    "journeys",
    "oracle",
    "policy",
    "sabotage",
    "simulation",
    "tidy",
    "upgrade",
    "walks",
}
"""Folders of tests that look across rooms: each is a kind of proof (docs/architecture.md)."""
BESIDE_THE_ROOMS = {"management", "migrations"}
"""Folders of the records that Django asks for: tests/upgrade and tests/tidy/test_migrations.py are about migrations."""


def folders(root):
    return {path.name for path in root.iterdir() if path.is_dir() and list(path.glob("*.py"))}


def layers():
    return set(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"])


def test_each_folder_of_tests_is_a_layer_or_a_kind_of_proof_and_each_layer_has_one():
    assert folders(ROOT / "tests") == layers() | OF_NO_ROOM


def test_each_room_of_the_records_has_its_folder_of_tests_and_there_is_no_other():
    assert folders(ROOT / "tests" / "casework") == folders(ROOT / "casework") - BESIDE_THE_ROOMS
    assert not list((ROOT / "tests" / "casework").glob("test_*.py"))


def test_no_folder_of_tests_is_without_a_test():
    here = ROOT / "tests"
    found = [here / name for name in folders(here)] + [here / "casework" / name for name in folders(here / "casework")]
    assert not [path for path in found if not list(path.rglob("test_*.py"))]
