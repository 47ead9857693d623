"""Every file of the product promises something, and a fault is planted that would break it; what has none is listed."""

import ast
from pathlib import Path

from tests.sabotage.trail_faults import FAULTS

ROOT = Path(__file__).parents[2]
ROOMS = ("audit", "casework", "permissions", "web")
BARE = {
    "audit/apps.py": "the name of the app",
    "audit/roles.py": "the names of the roles, which the SQL repeats",
    "audit/sql/added_columns.sql": "only a migration that adds a column walks it",
    "casework/apps.py": "the name of the app",
    "casework/models/__init__.py": "names that go on from other files",
    "casework/scenario/meeting.py": "acts at one moment: whether they were is chance",
    "casework/scenario/scene.py": "what a file says, in names",
    "casework/selectors/__init__.py": "names that go on from other files",
    "permissions/apps.py": "the name of the app",
    "web/apps.py": "the name of the app",
}
"""Files in which no fault can be planted that says something, each with its reason. The list may only shrink."""
NOT_YET: frozenset[str] = frozenset()
"""Files in which none is planted yet. The list may only shrink."""
LONGEST_LIST, MOST_NOT_YET = 10, 0


def does_something(path: Path) -> bool:
    """Whether a file is more than a docstring and imports."""
    if path.suffix == ".sql":
        return True
    body = ast.parse(path.read_text()).body
    return any(not isinstance(one, ast.Import | ast.ImportFrom | ast.Expr) for one in body)


def files() -> set[str]:
    found = {path for room in ROOMS for ending in ("*.py", "*.sql") for path in (ROOT / room).rglob(ending)}
    ours = {path for path in found if not {"migrations", "node_modules"} & set(path.parts)}
    return {str(path.relative_to(ROOT)) for path in ours if does_something(path)}


def test_in_every_file_of_the_product_a_fault_is_planted_or_a_reason_says_why_none_is() -> None:
    every = files()
    assert len(every) > 250
    assert every - {fault.file for fault in FAULTS} == set(BARE) | NOT_YET
    assert len(BARE) <= LONGEST_LIST
    assert len(NOT_YET) <= MOST_NOT_YET
