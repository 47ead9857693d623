"""Migrations never change: they make tables, indexes and constraints from their own text, and import nothing of ours."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation

ROOT = Path(__file__).parents[2]
OURS = {"audit", "casework", "config", "permissions", "tests", "web", "workflows"}
MIGRATIONS = sorted(path for app in OURS for path in (ROOT / app).glob("migrations/*.py"))
STILL = {
    ("audit/migrations/0001_initial.py", "audit.fields"): "a type of column that Django has no field for: it names xid8",
}
"""What a migration imports of ours all the same, each with its reason. The list may only shrink."""
LONGEST_LIST = 1
LARGEST_DUMP = 300_000


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        if isinstance(node, ast.ImportFrom):
            yield ("." * node.level) + (node.module or "")


def of_ours():
    for path in MIGRATIONS:
        for name in imported(path):
            if name.startswith(".") or name.split(".")[0] in OURS:
                yield str(path.relative_to(ROOT)), name


def test_there_are_migrations():
    assert {path.parts[-3] for path in MIGRATIONS} == {"audit", "casework", "permissions"}


def test_a_migration_imports_nothing_of_ours():
    assert set(of_ours()) == set(STILL), "what it imports today is another thing tomorrow: write what it makes as text"
    assert len(STILL) <= LONGEST_LIST


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_a_migration_settles_no_policy_of_the_application(path):
    """What the application may do is settled by `prepare`; only how the trail began is older than that."""
    text = path.read_text()
    assert "POLICY app_" not in text or (path.parts[-3], path.stem) == ("permissions", "0003_guards")


def test_the_tables_of_the_migrations_are_those_of_the_models():
    """What a model promises, such as that nobody reviews their own emergency, holds only once a migration made it."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    with translation.override(None):
        changes = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(graph=loader.graph)
    found = {app: [str(one) for migration in left for one in migration.operations] for app, left in changes.items()}
    assert not {app: left for app, left in found.items() if app in {"audit", "casework", "permissions"}}


def test_the_database_of_each_release_is_kept():
    """docs/upgrading.md says how its dump is made."""
    releases = re.findall(r"^## (\d+\.\d+\.\d+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    kept = {path.name: path.stat().st_size for path in (ROOT / "tests" / "upgrade").glob("*.xz")}
    assert set(kept) == {f"release_{release}.sql.xz" for release in releases}
    assert max(kept.values()) <= LARGEST_DUMP
