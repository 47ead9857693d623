"""Which tests of a file most likely notice a fault: those that have the most words in common with it come first.

Faults and tests are both called by a sentence of the domain, so a guess is often right; all tests are run where it is not.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.sabotage.faults import Fault

STEM = 5
"""By how many letters a word is known: a wall, walls and walled are one."""
IN_NAME = 3
"""How much more a word says in the name of a test or a fault than in its lines."""


def by_likeness(fault: Fault, tree: Path) -> list[str]:
    """Return the tests of a fault's file as pytest is asked for them, the likeliest first; the file where it is a folder."""
    if not fault.tests.endswith(".py"):
        return [fault.tests]
    text = (tree / fault.tests).read_text()
    found = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    names = {node.name: _words(node.name) for node in found}
    lines = {node.name: _words(ast.get_source_segment(text, node) or "") for node in found}
    often = Counter(word for words in lines.values() for word in words)
    of_name, of_lines = _words(fault.name), _words(f"{fault.stands} {fault.put} {Path(fault.file).stem}")

    def likeness(name: str) -> float:
        said = IN_NAME * _rarity(of_name & names[name], often) + _rarity(of_name & lines[name], often)
        return said + _rarity(of_lines & lines[name], often)

    return [f"{fault.tests}::{name}" for name in sorted(names, key=likeness, reverse=True)]


def _words(text: str) -> set[str]:
    return {word.lower()[:STEM] for word in re.findall(r"[^\W\d_]{3,}", text)}


def _rarity(words: Iterable[str], often: Counter[str]) -> float:
    return sum(1 / often[word] for word in words if often[word])
