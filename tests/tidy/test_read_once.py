"""What says of itself that it was read or screened is made by who reads and who screens, and by nobody else."""

import ast

import pytest

from tests.tidy.test_tidy import nodes

MAKERS = {"ReadPart": "web/forms.py", "ScreenedText": "casework/input/screening.py"}


@pytest.mark.parametrize("name", MAKERS)
def test_only_its_maker_makes_what_counts_as_read(name):
    made = {str(path) for path, node in nodes(ast.Call) if isinstance(node.func, ast.Name) and node.func.id == name}
    assert made == {MAKERS[name]}
