"""What a page shows is answered in rows of a class of their own: who misspells a column learns it before anybody else."""

import ast

from tests.tidy.test_tidy import ROOT

ANSWERING = [
    ROOT / "casework" / "access.py",
    *(ROOT / "casework" / "selectors").glob("*.py"),
    *(ROOT / "casework" / "oversight").glob("*.py"),
]
UNTYPED = {
    ("formats.py", "row_of"): "one line of a file, in the columns of NEN 7513; its writers turn it into JSON and CSV",
    ("access_log.py", "seen"): "the parameters of a query, not what it answers",
    ("access_log.py", "seen_by_agency"): "as above",
}
"""The functions that answer anything at all, each with its reason. The list may only shrink."""


def says_nothing(annotation):
    words = ast.unparse(annotation) if annotation else "Any"
    return words == "Any" or "dict[str, Any]" in words or "Mapping[str, Any]" in words


def untyped():
    for path in ANSWERING:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and says_nothing(node.returns):
                yield path.name, node.name
            if isinstance(node, ast.ClassDef):
                fields = [field for field in node.body if isinstance(field, ast.AnnAssign)]
                yield from ((path.name, ast.unparse(one.target)) for one in fields if says_nothing(one.annotation))


def test_what_a_page_shows_is_answered_in_typed_rows():
    found = set(untyped())
    assert not found - set(UNTYPED), f"answer rows of a class of their own: {sorted(found - set(UNTYPED))}"
    assert not set(UNTYPED) - found, "what is typed by now leaves the list"
    assert len(UNTYPED) <= 3
