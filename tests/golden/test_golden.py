"""What the product is, as files that a person can review: GOLDEN=1 writes them anew."""

import os
from pathlib import Path

import pytest
from django.conf import settings

from config.management.commands.handbook import MARK, acts, pages
from config.management.commands.law import law
from permissions.grid import Cell
from permissions.matrix import MATRIX
from permissions.vocabulary import Role
from tests.policy.test_pages import patterns
from workflows.clocks import CLOCKS, TASKS

HERE = Path(__file__).parent
ROOT = Path(__file__).parents[2]
PAGES = pages()


def compare(name, text):
    path = HERE / name
    if os.environ.get("GOLDEN"):
        path.write_text(text)
    assert path.exists(), f"run `make golden` to write {name}"
    assert path.read_text() == text, f"{name} differs: run `make golden` and review the difference"


def test_the_matrix_is_as_reviewed():
    lines = []
    for action, row in MATRIX.items():
        cells = [f"{role}={cell}" for role, cell in row.items() if cell is not Cell.NEVER]
        lines.append(f"{action}: {' '.join(cells) or 'nobody'}")
    compare("matrix.txt", "\n".join(lines) + "\n")


def test_which_page_needs_which_action_is_as_reviewed():
    lines = []
    for route, entry in sorted(patterns(), key=lambda pair: pair[0]):
        actions = getattr(entry.callback, "actions", ())
        roles = sorted({role for action in actions for role in Role if MATRIX[action][role] is not Cell.NEVER})
        lines.append(f"/{route}: {' or '.join(actions) or 'public'}: {' '.join(roles) or '-'}")
    compare("pages.txt", "\n".join(lines) + "\n")


def test_the_row_policies_are_as_reviewed(superuser):
    rows = superuser.execute(
        "SELECT tablename, policyname, cmd, coalesce(qual, '') || ' | ' || coalesce(with_check, '')"
        " FROM pg_policies WHERE schemaname = 'public' ORDER BY 1, 2",
    ).fetchall()
    text = "\n\n".join(f"{table} {policy} {command}\n{' '.join(rule.split())}" for table, policy, command, rule in rows)
    compare("policies.txt", text + "\n")


def test_the_settings_that_keep_people_safe_are_as_reviewed():
    names = [
        "AXES_FAILURE_LIMIT", "CONTENT_SECURITY_POLICY", "CSRF_COOKIE_HTTPONLY", "DATA_UPLOAD_MAX_MEMORY_SIZE",
        "DATA_UPLOAD_MAX_NUMBER_FIELDS", "DEBUG", "FILE_UPLOAD_HANDLERS", "SECURE_CROSS_ORIGIN_OPENER_POLICY",
        "SECURE_REFERRER_POLICY", "SESSION_COOKIE_AGE", "SESSION_COOKIE_SAMESITE", "X_FRAME_OPTIONS",
    ]  # fmt: skip
    compare("settings.txt", "".join(f"{name} = {getattr(settings, name)!r}\n" for name in names))


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_handbook_is_what_the_tables_say(name):
    path = ROOT / "docs" / "handbook" / name
    assert path.exists(), "run `make golden` to write the handbook"
    assert path.read_text() == PAGES[name], "run `make golden`: the handbook differs from the tables"


def test_the_scenario_format_names_every_field():
    path = ROOT / "docs" / "scenarios.md"
    assert path.read_text().split(MARK)[1] == acts().split(MARK)[1], "run `make golden`"


def test_the_printed_law_has_every_track_clock_and_cell():
    found = law()
    assert set(found["tracks"]) == {"warning", "safety", "help", "victim", "handoff"}
    assert len(found["clocks"]) == 40
    assert [row["code"] for row in found["clocks"] if row["code"] not in CLOCKS] == []
    assert {row["code"] for row in found["tasks"]} == set(TASKS)
    assert len(found["matrix"]) == len(MATRIX)
    assert found["tracks"]["warning"]["rows"][0] == ["draft", "submit", "submitted", ["legal_basis", "target"]]
