"""Nothing of the records lies loose, and the list of rooms is whole (docs/decisions/0021)."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
CASEWORK = ROOT / "casework"
LOOSE = {"__init__.py", "access.py", "apps.py"}
LISTED = (ROOT / "docs" / "architecture.md").read_text().split("## The rooms of the records")[1].split("\n## ")[0]


def test_no_file_of_the_records_lies_outside_a_room():
    assert {path.name for path in CASEWORK.glob("*.py")} == LOOSE


def test_every_room_is_listed_and_every_listed_room_is_there():
    rooms = {path.name for path in CASEWORK.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert set(re.findall(r"`(\w+)/`", LISTED)) == rooms


def test_every_room_says_what_it_holds():
    for folder in CASEWORK.rglob("*"):
        if (
            folder.is_dir()
            and (folder / "__init__.py").exists()
            and folder.name not in {"migrations", "management", "commands"}
        ):
            assert (folder / "__init__.py").read_text().startswith('"""'), folder
