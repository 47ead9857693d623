"""Where the tests of a room are found: in the folder of its name."""

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


def folders(root):
    return {path.name for path in root.iterdir() if path.is_dir() and list(path.glob("*.py"))}


def test_each_folder_of_tests_is_a_layer_or_a_kind_of_proof():
    assert folders(ROOT / "tests") - OF_NO_ROOM <= folders(ROOT)
    assert folders(ROOT / "tests") >= OF_NO_ROOM


def test_the_tests_of_the_records_lie_in_the_folder_of_their_room():
    assert folders(ROOT / "tests" / "casework") <= folders(ROOT / "casework")
    assert not list((ROOT / "tests" / "casework").glob("test_*.py"))
