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
FILES = [name for name in NAMED if re.fullmatch(r"[\w/|.]+\.(py|sql|md|toml|txt)", name)]
FOLDERS = [name for name in NAMED if re.fullmatch(r"[\w/]+/", name)]
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


def files_named(name: str) -> list[str]:
    """Return each file of a name such as `permissions/grid|matrix.py`, which stands for several of one folder."""
    folder, _, last = name.rpartition("/")
    stem, _, ending = last.rpartition(".")
    return [f"{folder}/{one}.{ending}" if folder else f"{one}.{ending}" for one in stem.split("|")]


def is_there(name: str) -> bool:
    """Whether there is such a file: at its path, or of a bare name somewhere in a layer or at the root."""
    if "/" in name or (ROOT / name).is_file():
        return (ROOT / name).is_file()
    return any(list((ROOT / layer).rglob(name)) for layer in LAYERS)


def test_the_text_names_files_folders_and_functions():
    assert any("/" not in name for name in FILES)
    assert any("/" in name for name in FILES)
    assert FOLDERS
    assert WORDS


@pytest.mark.parametrize("name", [one for name in FILES for one in files_named(name)])
def test_a_file_that_is_named_is_there(name):
    assert is_there(name)


@pytest.mark.parametrize("name", ["audit/sql/nowhere.sql", "nowhere.sql", "casework/schema.py"])
def test_a_file_that_is_not_there_is_found_missing(name):
    assert not is_there(name)


@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder_that_is_named_is_there(name):
    assert (ROOT / name).is_dir() or (ROOT / "casework" / name).is_dir()


@pytest.mark.parametrize("name", WORDS)
def test_a_function_that_is_named_is_there(name):
    parts = name.split(".")
    whole = ROOT.joinpath(*parts)
    module = ROOT.joinpath(*parts[:-1])
    found = whole.is_dir() or whole.with_suffix(".py").is_file()
    assert found or parts[-1] in defined(module.with_suffix(".py")) | defined(module / "__init__.py")
