"""The page that says how an action is added is done word for word in a copy of the tree, and the quick tests run there."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.sabotage.__main__ import copied

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "adding-an-action.md").read_text()
STEP = re.compile(r"^(?:In|A new file) `([^`]+)`(?:, below `([^`]+)`)?:\n\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STEPS = STEP.findall(PAGE)
*COMMANDS, GOLDEN = PAGE.split("```sh\n")[1].split("```")[0].splitlines()
"""What the page has the program write; the golden files in one process with the tests below."""
OF_CODE = ("audit/", "permissions/", "workflows/", "casework/", "web/")
QUICK = (
    "tests/casework/actions/test_record_reaction.py",
    "tests/casework/entries/test_tables_loaded.py",
    "tests/tidy/test_tidy.py::test_every_code_has_its_dutch_word",
    "tests/tidy/test_tidy.py::test_no_file_is_longer_than_it_may_be",
    "tests/tidy/test_facts_read.py",
    "tests/tidy/test_glossary.py",
    "tests/tidy/test_mirror.py",
    "tests/tidy/test_rooms.py",
    "tests/tidy/test_translations.py",
    "tests/walks/test_every_row.py",
    "tests/workflows/test_law.py",
    "tests/workflows/test_fitting.py",
)
OF_THE_ACTION = "record_reaction or not (walked and it or taken_again)"
"""Of the walks of rows those of the new one alone."""


def added_to(copy: Path, path: str, anchor: str, text: str) -> None:
    """Write a new file, or put text below the one line that begins with the anchor."""
    target = copy / path
    if not anchor:
        assert not target.exists()
        target.write_text(text)
        return
    lines = target.read_text().splitlines(keepends=True)
    places = [place for place, line in enumerate(lines) if line.strip().startswith(anchor.strip())]
    assert len(places) == 1, f"{path}: {len(places)} lines begin with {anchor}"
    lines.insert(places[0] + 1, text)
    target.write_text("".join(lines))


def ran(copy: Path, command: str, *more: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the page in the copy."""
    alone = {name: value for name, value in os.environ.items() if not name.startswith(("SCHAKEL_TEST_", "PYTEST_"))}
    words = command.split()
    told = dict(word.split("=") for word in words if re.fullmatch(r"[A-Z]+=\w+", word))
    python, *rest = words[len(told) :]
    assert python == "python"
    whole = [str(ROOT / ".venv/bin/python"), *rest, *more]
    return subprocess.run(whole, cwd=copy, capture_output=True, text=True, env={**alone, **told}, check=False)


def run(copy: Path, command: str, *more: str) -> str:
    """Run a command in the copy that ends well, and return what it printed."""
    done = ran(copy, command, *more)
    assert done.returncode == 0, f"{command}\n{done.stdout[-6000:]}{done.stderr[-3000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def walked():
    """A copy of the tree in which the page was done, known to git as the tree is."""
    with copied() as copy:
        for path, anchor, text in STEPS:
            added_to(copy, path, anchor, text)
        subprocess.run(["git", "init", "-q"], cwd=copy, check=True)
        for command in COMMANDS:
            run(copy, command)
        yield copy


def test_an_action_that_stores_a_coded_fact_takes_five_files_beside_the_law_and_its_test():
    files = {path for path, *_ in STEPS}
    assert {path for path in files if path.startswith(OF_CODE)} == {
        "casework/input/fact_parts.py",
        "permissions/matrix.py",
        "permissions/vocabulary.py",
        "web/locale/nl/LC_MESSAGES/django.po",
        "workflows/warning.py",
    }
    assert {path for path in files if not path.startswith(OF_CODE)} == {
        "docs/law.md",
        "tests/casework/actions/test_record_reaction.py",
    }


def test_the_walk_ends_in_a_product_that_holds_the_action_and_a_suite_that_is_green(walked):
    law = json.loads(run(walked, "python manage.py law --json"))
    assert law["matrix"]["record_reaction"]["police_liaison"] == "named"
    assert ["warned", "record_reaction", "warned", ["reaction"]] in law["tracks"]["warning"]["rows"]
    assert GOLDEN.endswith(" tests/golden")
    run(walked, GOLDEN, "-p", "no:randomly", "-p", "no:cacheprovider", "-k", OF_THE_ACTION, *QUICK)


@pytest.mark.parametrize(
    ("path", "anchor", "said"),
    [
        ("permissions/matrix.py", "start_follow_up ", "record_reaction has no row"),
        ("workflows/warning.py", "OWN =", "reaction is no fact"),
        ("casework/input/fact_parts.py", '"welfare_call":', "nothing tells of reaction"),
    ],
)
def test_what_is_left_out_is_named_when_the_program_starts(walked, path, anchor, said):
    (text,) = [text for file, below, text in STEPS if (file, below) == (path, anchor)]
    target = walked / path
    whole = target.read_text()
    target.write_text(whole.replace(text, "", 1))
    done = ran(walked, "python manage.py check")
    target.write_text(whole)
    assert done.returncode != 0
    assert said in done.stderr.splitlines()[-1]
