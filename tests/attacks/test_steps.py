"""What people type is read in steps that grow with its length: counted, not timed, for every pattern and every reader."""

import ast
import contextlib
import importlib
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from casework.input import addresses, dates, marks, moments, person_names
from casework.input.fields import SHORT
from casework.input.screening import Screened, screen, screen_together
from casework.models import PersonInCase, Premises
from tests.attacks.steps import Counter, TooManyError, hard_texts
from tests.bench.bench_screening import WORST
from web import pasting
from web.views.visits import _read

ROOT = Path(__file__).parents[2]
FOLDERS = ("casework", "web", "permissions", "workflows", "config", "audit")
SIZES = (200, 400, 800)
MORE = 3.0
"""How many times as many steps twice the length may take: the square would be four."""
FEW = 3_000
"""So few steps for the longest text are not compared."""
METHODS = {"search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"}


@pytest.fixture(autouse=True)
def deep() -> Iterator[None]:
    """Let the matcher try as deep as it must; other tests count on the usual bound."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1_000_000)
    yield
    sys.setrecursionlimit(before)


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, ast.parse(path.read_text())


def kept_in(value: object, name: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield the patterns that a name of a module holds, also within rows of them."""
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield name, value
    elif isinstance(value, tuple | list):
        for number, one in enumerate(value):
            yield from kept_in(one, f"{name}[{number}]")
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from kept_in(key, f"{name}[key]")
            yield from kept_in(one, f"{name}[{key!r}]")


def kept() -> Iterator[tuple[str, re.Pattern[str]]]:
    for path, tree in sources():
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if any(isinstance(node, ast.Import) and any(one.name == "re" for one in node.names) for node in tree.body):
            for name, value in vars(importlib.import_module(module.removesuffix(".__init__"))).items():
                yield from kept_in(value, f"{module}.{name}")


def within_functions() -> Iterator[tuple[str, str, ast.expr]]:
    """Yield every call of `re` that names its pattern where it is used: where, how, and which."""
    for path, tree in sources():
        for scope in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            for node in ast.walk(scope):
                if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re."):
                    yield f"{path.relative_to(ROOT)}:{scope.name}", ast.unparse(node.func)[3:], node.args[0]


def looked_for(name: str) -> bool:
    """Whether a pattern is looked for at every place of a text, rather than at its beginning alone."""
    short = name.rsplit(".", 1)[-1]
    called = {found for found in re.findall(rf"\b{re.escape(short)}\.(\w+)\(", SOURCE) if found in METHODS}
    return not called or not called <= {"match", "fullmatch"}


SOURCE = "\n".join(path.read_text() for path, _tree in sources())
PATTERNS = {(one.pattern, one.flags, looked_for(name)): name for name, one in kept()}
CALLED = [(where, how, str(first.value)) for where, how, first in within_functions() if isinstance(first, ast.Constant)]


def too_steep(pattern: re.Pattern[str], *, anchored: bool) -> str:
    """Return a short text of the kind for which twice the length takes far more than twice the steps, if any."""
    counter = Counter(pattern)
    for make in hard_texts(pattern):
        try:
            steps = [counter.count(make(size), anchored=anchored) for size in SIZES]
        except TooManyError:
            return make(20)
        if grows(steps):
            return f"{make(20)!r}: {steps}"
    return ""


def grows(steps: list[int]) -> bool:
    """Whether the last doubling took far more than twice as many: the first may be the width of the pattern itself."""
    return steps[-1] > FEW and steps[-1] > MORE * steps[-2]


BAD = [
    r"\s+$",
    r"(a+)+$",
    r".*x.*y",
    r"\d+\.\d+:",
    r"(?:a|a)*b",
    r"\s*,\s*x",
    r"[a-z]+[a-z]+\d",
    r"(?:\w+\s?)+:",
    r"[^;]*?end",
]
GOOD = [
    r"\s$",
    r"(?<!\s)\s+$",
    r"\d{1,9}\.\d{1,9}:",
    r"[a-z]{1,60}@",
    r"^\s*x",
    r"\d+",
    r"(?<![a-z])[a-z]+:",
    r"\bx.{0,20}y",
]


@pytest.mark.parametrize("pattern", BAD)
def test_a_pattern_that_takes_the_square_or_worse_is_noticed(pattern: str) -> None:
    assert too_steep(re.compile(pattern), anchored=False)


@pytest.mark.parametrize("pattern", GOOD)
def test_a_pattern_that_takes_as_many_steps_as_there_are_letters_is_not_complained_of(pattern: str) -> None:
    assert not too_steep(re.compile(pattern), anchored=False)


@pytest.mark.parametrize("pattern", [*BAD, *GOOD, r"(?i:jp)g|(?<=\w)-(?:png|gif)\b", r"a(?:b|c)??d", r"(\w{2,5})(?!x)"])
def test_what_counts_steps_finds_what_re_finds(pattern: str) -> None:
    compiled = re.compile(pattern)
    counter = Counter(compiled)
    for text in ("", "  x ", "aaab", "12.34:", "a, x", "wend;end", "AJPG x-png", "acd abd ad", "xx.y\n", "abc1"):
        for place in range(len(text) + 1):
            counter.text = text
            found = compiled.match(text, place)
            ends: list[int] = []
            assert counter.match(place, lambda end, ends=ends: ends.append(end) is None) == bool(found)  # type: ignore[misc]
            assert ends == ([found.end()] if found else []), (text, place)


@pytest.mark.parametrize("key", PATTERNS, ids=PATTERNS.values())
def test_twice_the_text_takes_twice_the_steps(key: tuple[str, int, bool]) -> None:
    pattern, flags, everywhere = key
    assert not too_steep(re.compile(pattern, flags), anchored=not everywhere)


@pytest.mark.parametrize(("where", "how", "pattern"), CALLED)
def test_twice_the_text_takes_twice_the_steps_where_a_function_names_its_pattern(where: str, how: str, pattern: str) -> None:
    assert how in METHODS, where
    assert not too_steep(re.compile(pattern), anchored=how in {"match", "fullmatch"})


def test_the_census_is_whole() -> None:
    assert len(PATTERNS) > 100
    assert {name for name in PATTERNS.values() if name.startswith("web.pasting.CELLS")}
    unnamed = {where for where, _how, first in within_functions() if not isinstance(first, ast.Constant)}
    assert not unnamed, "a pattern that is made while somebody waits is not counted: give it a name in its module"
    for folder in FOLDERS:
        for found in pkgutil.walk_packages([str(ROOT / folder)], f"{folder}."):
            assert "re2" not in found.name


OF_THE_DATABASE = {
    "casework/sql/marked_secret.sql": "contacts and parts of addresses, of at most SHORT characters each",
    "audit/sql/entry_lines.sql": "a text is split into its characters: no pattern at all",
    "audit/sql/case_differences.sql": "a salt: one class from the first character to the last",
    "audit/sql/reconcile.sql": "the same",
}
"""Files in which the database matches a pattern, with what bounds its steps."""
MATCHES = re.compile(r"\bregexp_\w+\(|\bSIMILAR TO\b| !?~\*? '|\bsubstring\([^)]* from '", re.IGNORECASE)


def test_the_database_matches_patterns_on_short_texts_alone() -> None:
    files = [file for folder in FOLDERS for file in (ROOT / folder).rglob("*.sql")]
    assert len(files) > 60
    found = {str(file.relative_to(ROOT)) for file in files if MATCHES.search(_without_comments(file.read_text()))}
    assert found == set(OF_THE_DATABASE)
    given = [(PersonInCase, "contact"), *((Premises, name) for name in ("street", "number", "postcode", "town"))]
    lengths = [getattr(model._meta.get_field(name), "max_length", None) for model, name in given]
    assert all(length and length <= SHORT for length in lengths)


def _without_comments(text: str) -> str:
    return re.sub(r"--.*", "", text)


@pytest.mark.parametrize("text", ["\u0301", "\u0323\u0301", "\u0344", "\uff9e\u0301"])
def test_marks_that_are_stacked_are_refused_before_anything_puts_them_in_order(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert screen("e\u0323\u0301 en " + "o\u0308" * 200)
    assert not marks.find_stack("a" + text * (marks.MOST_STACKED // len(text)))
    marks.find_stack(text)  # each mark is looked at once, and remembered

    with monkeypatch.context() as patched:
        patched.setattr("unicodedata.normalize", lambda *_said: pytest.fail("nothing is put in order"))
        with pytest.raises(Screened) as found:
            screen("a" + text * 4_000)
    assert found.value.kind == "character"


def lines_of(reader: Callable[[], Any]) -> int:
    """Count the lines of our own code that are carried out."""
    count = 0

    def each(frame: FrameType, _event: str, _said: object) -> Any:
        nonlocal count
        if "/site-packages/" in frame.f_code.co_filename or "/lib/python" in frame.f_code.co_filename:
            return None
        count += 1
        return each

    before = sys.gettrace()
    sys.settrace(each)
    try:
        with contextlib.suppress(Screened, ValueError):
            reader()
    finally:
        sys.settrace(before)
    return count


NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
READERS: dict[str, Callable[[str], Any]] = {
    "screen": screen,
    "screen_together": lambda text: screen_together([text, text]),
    "without_marks": marks.without_marks,
    "table_of": lambda text: pasting.table_of(text, 6),
    "lines_of": pasting.lines_of,
    "visit plan": lambda text: _read(text, {}),
    "read_day": lambda text: dates.read_day(text, date(2026, 3, 2)),
    "read_moment": lambda text: moments.read_moment(text, NOW),
    "words_of": person_names.words_of,
    "writings": person_names.writings,
    "tokens_of": lambda text: person_names.tokens_of(text, text, None),
    "keys_of": lambda text: addresses.keys_of(text, "1", "1234 AB", text),
    "searched_as": addresses.searched_as,
}
PASTED = (
    '"',
    '"a";',
    '""',
    ';"a',
    "a\n",
    ";\n",
    "sep=;\n",
    'a;"b\n',
    '"a\n',
    "2026-abc123;",
    "van de ",
    "e\u0301",
    "\u00e4 ",
)


@pytest.mark.parametrize("name", READERS)
def test_twice_the_text_takes_twice_the_lines_of_every_reader(name: str) -> None:
    reader = READERS[name]
    steep = {}
    for piece in (*PASTED, *WORST):
        counts = [lines_of(partial(reader, piece * (size // len(piece)))) for size in (300, 600, 1200)]
        if grows(counts):
            steep[piece] = counts
    assert not steep
