"""The five scenarios are green, their figures are right, and each figure is counted from the records."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from config import scratch

ROOT = Path(__file__).parents[3]
SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))


def replay(admin, path, *options):
    environment = {
        **os.environ,
        "DATABASE_URL": scratch.address(admin, "schakel_app", "postgres"),
        "DATABASE_OWNER_URL": scratch.address(admin, "postgres", "postgres"),
        "ACTING_KEY": settings.ACTING_KEY.hex(),
    }
    command = [sys.executable, "manage.py", "replay", str(path), "--json", *options]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_scenario_is_green(path, admin):
    done = replay(admin, path)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    if path.stem == "action-week-2023-11":
        assert (report["warned"], report["homes_searched"], report["arrests"]) == (95, 55, 0)
        assert report["data_carriers"] > 400
        assert report["help_information_given"] == 95
        assert sum(report["visits"].values()) == 95
        assert report["disclosures"] == 10
        assert report["tracks"]["safety"] == {"assessing": 10}
        assert report["tracks"]["warning"]["escalated"] == 3
    if path.stem == "anonymous-help":
        assert report["help_information_given"] == 1
    if path.stem == "curious-colleague":
        assert report["refusals"] > 20


SHOWN = [f"{letter}{number}" for letter, most in (("A", 8), ("B", 7), ("D", 4)) for number in range(1, most + 1)]
"""What stories must show; docs/scenarios.md says of each what it is, and which file shows it."""


def shown_by():
    text = (ROOT / "docs/scenarios.md").read_text()
    rows = re.findall(r"^\| ([A-Z]\d) \| [^|]+ \| `([a-z0-9-]+\.yaml)` \|$", text, re.MULTILINE)
    assert len(dict(rows)) == len(rows), "each stands once in the table"
    return dict(rows)


@pytest.mark.parametrize("what", SHOWN)
def test_a_story_shows_what_the_documentation_says_that_it_shows(what):
    name = shown_by().get(what)
    assert name, f"no story shows {what}"
    assert (ROOT / "scenarios" / name) in SCENARIOS, f"{name} is missing"
    first = (ROOT / "scenarios" / name).read_text().splitlines()[0]
    assert what in re.findall(r"[A-Z]\d", first.partition("# Shows ")[2]), f"{name} does not say that it shows {what}"


def test_no_story_says_that_it_shows_what_the_documentation_does_not_know():
    for path in SCENARIOS:
        first = path.read_text().splitlines()[0]
        if first.startswith("# Shows "):
            assert {shown_by().get(what) for what in re.findall(r"[A-Z]\d", first)} == {path.name}


def test_five_scenarios_are_shipped():
    assert {path.stem for path in SCENARIOS} >= {
        "action-week-2023-11",
        "wrong-household-member",
        "refused-and-resent",
        "anonymous-help",
        "curious-colleague",
    }


STORY = """
agencies:
  p: {kind: police, name: Politie Voorbeeld}
people:
  a: {name: A, agency: p, roles: [police_liaison]}
steps:
  - {at: 2024-01-08T09:00, as: a, do: open_case, id: c, with: {premises: {street: S, number: "1", town: T}}}
"""


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        ("  - {as: a, do: jump, on: c}\n", 2, "line 8: jump is no action"),
        ("  - {as: b, do: submit, on: c}\n", 2, "line 8: b is no person"),
        ("  - {as: a, do: submit, on: c, why: x}\n", 2, "line 8: why is no word here"),
        ("  - {as: a, do: submit, on: c, expect: fine}\n", 2, "line 8: fine is no outcome"),
        ("  - [unclosed\n", 2, "line"),
        ("  - {as: a, do: submit, on: c, expect: refused}\n", 1, "line 8: submit by a: expected refused, but found done"),
        ("  - {as: a, do: look, on: c, expect: {tracks: {warning: closed}}}\n", 1, "line 8: look by a"),
        (
            "  - {as: a, do: discard, on: c}\n",
            1,
            "line 8: discard by a: expected done, but found {'incomplete': ['reason']}",
        ),
        ("  - {as: a, do: discard, on: c, expect: done}\n", 1, "expected done, but found {'incomplete': ['reason']}"),
    ],
)
def test_a_fault_in_a_story_is_named_with_its_line(more, code, words, tmp_path, admin):
    path = tmp_path / "story.yaml"
    path.write_text(STORY + more)
    done = replay(admin, path)
    assert done.returncode == code
    assert words in done.stderr


def test_a_figure_is_counted_from_the_records(tmp_path, admin):
    """Deleting one visit changes the report by one."""
    import psycopg

    from casework.scenario.backstage import Backstage

    done = replay(admin, ROOT / "scenarios" / "wrong-household-member.yaml", "--keep")
    name = done.stderr.split("kept: ")[1].split()[0]
    try:
        with psycopg.connect(admin.info.dsn, dbname=name, autocommit=True) as inside:
            before = Backstage(inside).report()
            inside.execute("SET session_replication_role = replica")
            inside.execute("DELETE FROM casework_visit WHERE outcome = 'warned'")
            after = Backstage(inside).report()
        assert before["warned"] - after["warned"] == 1
        assert sum(before["visits"].values()) - sum(after["visits"].values()) == 1
    finally:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
