"""The picture of `docs/architecture.md` is the layers that imports keep, and what its text names is there."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "architecture.md").read_text()
PICTURE = TEXT.split("```")[1].strip().splitlines()[0]
LAYERS = ("config", "web", "casework", "workflows", "permissions", "audit")
NAMED = sorted(set(re.findall(r"`([^`\s]+)`", TEXT)))
FILES = [name for name in NAMED if re.fullmatch(r"[\w/]+/[\w]+\.(py|sql)", name)]
WORDS = [name for name in NAMED if re.fullmatch(rf"({'|'.join(LAYERS)})(\.\w+)+", name)]


def defined(path: Path) -> set[str]:
    """Return what a module makes at its top."""
    if not path.exists():
        return set()
    return {node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def test_the_picture_is_the_order_of_imports():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    assert re.findall(r"(\w+)/", PICTURE) == layers == list(LAYERS)


def test_the_text_names_files_and_functions():
    assert FILES
    assert WORDS


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_named_is_there(name):
    assert (ROOT / name).is_file()


@pytest.mark.parametrize("name", WORDS)
def test_a_function_that_is_named_is_there(name):
    parts = name.split(".")
    whole = ROOT.joinpath(*parts)
    module = ROOT.joinpath(*parts[:-1])
    found = whole.is_dir() or whole.with_suffix(".py").is_file()
    assert found or parts[-1] in defined(module.with_suffix(".py")) | defined(module / "__init__.py")
