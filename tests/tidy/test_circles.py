"""No module needs itself by way of others, not even for a type alone."""

from graphlib import CycleError, TopologicalSorter

import grimp

OURS = ("audit", "permissions", "workflows", "casework", "web", "config", "bench")


def circle(*packages: str) -> list[str]:
    """Return the modules of one circle of imports, those for types included; nothing where there is none."""
    graph = grimp.build_graph(*packages, cache_dir=None)
    try:
        TopologicalSorter({name: graph.find_modules_directly_imported_by(name) for name in graph.modules}).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_module_imports_itself_by_way_of_others():
    assert circle(*OURS) == []


def test_an_import_for_a_type_alone_closes_a_circle_too(tmp_path, monkeypatch):
    folder = tmp_path / "roundabout"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "first.py").write_text("from roundabout.second import there\n")
    lines = ("from typing import TYPE_CHECKING", "if TYPE_CHECKING:", "    from roundabout.first import here")
    (folder / "second.py").write_text("\n".join(lines))
    monkeypatch.syspath_prepend(str(tmp_path))
    assert set(circle("roundabout")) == {"roundabout.first", "roundabout.second"}
