"""What docs/threat-model.md says is held by a test is held by one that is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINES = (ROOT / "docs/threat-model.md").read_text().splitlines()
ROWS = [line for line in LINES if line.startswith("|")][2:]
HELD_BY = [(line, word) for line in ROWS for word in re.findall(r"`([^`]+)`", line.split("|")[4])]
TESTS = {path.name: path for path in (ROOT / "tests").rglob("test_*.py")}
FUNCTIONS = set(re.findall(r"^def test_(\w+)", "\n".join(path.read_text() for path in TESTS.values()), re.MULTILINE))
TARGETS = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def is_there(word: str) -> bool:
    """Whether a test, a part of the name of one, a folder, a scenario or a target of make is there."""
    if word.startswith("make "):
        return word.removeprefix("make ") in TARGETS
    if "/" in word:
        return (ROOT / word).exists()
    if word.endswith(".py"):
        return word in TESTS
    if word.endswith(".yaml"):
        return any((ROOT / "scenarios").rglob(word))
    return any(word in name for name in FUNCTIONS)


def test_each_test_that_the_threat_model_names_is_there() -> None:
    assert len(HELD_BY) > 40
    assert not [(line, word) for line, word in HELD_BY if not is_there(word) and word != "matrix"]


def test_each_row_names_a_test_of_its_own() -> None:
    held = {line: re.findall(r"`([^`]+)`", line.split("|")[4]) for line in ROWS}
    unnamed = [line for line, words in held.items() if not any(word.endswith((".py", ".yaml", "/")) for word in words)]
    assert unnamed == []


def test_each_row_says_who_tries_what_stops_them_and_what_holds_it() -> None:
    assert not [line for line in ROWS if line.count("|") != 5 or not all(line.split("|")[1:5])]


def test_what_the_text_names_of_the_files_is_there() -> None:
    named = re.findall(r"`((?:tests|deploy|docs)/[\w./-]+)`", "\n".join(LINES))
    assert named
    assert not [path for path in named if not (ROOT / path).exists()]
