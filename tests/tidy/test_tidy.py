"""The house rules, each with its reason in the message."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
from django.apps import apps

from web import words

ROOT = Path(__file__).parents[2]
FILES = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    if (ROOT / name).exists()
]
CODE = [path for path in FILES if "tests" not in path.parts and not path.name.startswith("0001")]
LONGEST_FUNCTION = 40
LONGEST_FILE = 400
LONGEST_VIEW = 15
BANNED = {
    r"\bicontains\b": "search goes through normalised name parts, by = and ^@",
    r"\bTODO\b|\bFIXME\b|\bXXX\b": "do it, or write an issue",
    r"objects\.get\(": "fetch through casework/access.py, which takes the same path for hidden and absent",
    r"\bprint\(": "write to the command's stdout, or log without content",
    r"mark_safe": "no markup is ever made from data",
    r"\.delay\(": "write an outbox row; a worker carries it out",
    r"timezone\.now\(|datetime\.now\(": "use current_moment(): database time, or the scenario's clock",
    r"SET SESSION|set_config\(": "identity is told by acting_as, for one transaction",
    r"is_superuser\s*=\s*True": "there is no superuser",
    r"\[:\s*\d+\s*\*|OFFSET": "page by key, never by offset",
}
ALLOWED = {
    ("web/templatetags/words.py", r"timezone\.now\(|datetime\.now\("),
    ("casework/scenario/playing.py", r"timezone\.now\(|datetime\.now\("),
}


def nodes(kind):
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, kind):
                yield path.relative_to(ROOT), node


@pytest.mark.parametrize("pattern", BANNED)
def test_a_banned_word_stands_nowhere(pattern):
    for path in CODE:
        if (str(path.relative_to(ROOT)), pattern) in ALLOWED:
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            assert not re.search(pattern, line), f"{path.relative_to(ROOT)}:{number}: {BANNED[pattern]}"


def test_no_function_is_longer_than_it_may_be():
    for path, node in nodes((ast.FunctionDef, ast.AsyncFunctionDef)):
        length = (node.end_lineno or 0) - node.lineno + 1
        assert length <= LONGEST_FUNCTION, f"{path}:{node.lineno}: {node.name} has {length} lines; split it by meaning"


def test_no_file_is_longer_than_it_may_be():
    for path in (path for path in FILES if not path.name.startswith("0001")):
        length = len(path.read_text().splitlines())
        assert length <= LONGEST_FILE, f"{path.relative_to(ROOT)} has {length} lines; split it by meaning"


def test_a_view_holds_no_rule():
    for path, node in nodes(ast.FunctionDef):
        if path.parts[:2] == ("web", "views") and node.args.args and node.args.args[0].arg in {"request", "self", "cls"}:
            length = (node.end_lineno or 0) - node.body[0].lineno + 1
            assert length <= LONGEST_VIEW, f"{path}:{node.lineno}: a view of {length} lines holds a rule"


def test_nothing_is_imported_inside_a_function():
    for path, node in nodes((ast.FunctionDef, ast.AsyncFunctionDef)):
        for inner in ast.walk(node):
            assert not isinstance(inner, ast.Import | ast.ImportFrom), f"{path}:{inner.lineno}: a hidden circle"


def test_roles_are_compared_in_permissions_alone():
    for path in CODE:
        if "permissions" in path.parts or "migrations" in path.parts:
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            assert not re.search(r"act(?:or|ing\(\))?\.role\s*==|== Role\.|Role\.\w+ ==", line), (
                f"{path.relative_to(ROOT)}:{number}: ask decide()"
            )


def test_only_two_functions_write_a_state():
    writers = set()
    for path, node in nodes(ast.FunctionDef):
        for inner in ast.walk(node):
            targets = inner.targets if isinstance(inner, ast.Assign) and node.name != "__init__" else []
            if any(isinstance(t, ast.Attribute) and t.attr == "state" for t in targets):
                writers.add((str(path), node.name))
    assert writers == {("casework/actions/track_steps.py", "move"), ("casework/actions/handoff_steps.py", "move_handoff")}


def test_forbidden_file_names_are_not_there():
    names = {path.stem for path in CODE}
    assert not names & {"utils", "helpers", "common", "core", "misc", "constants", "signals"}


def messages(language):
    text = (ROOT / "web" / "locale" / language / "LC_MESSAGES" / "django.po").read_text()
    return dict(re.findall(r'msgid "((?:[^"\\]|\\.)*)"\nmsgstr "((?:[^"\\]|\\.)*)"', text))


def test_every_word_on_screen_is_translated():
    known = {key.replace('\\"', '"') for key in messages("nl")}
    known |= set(re.findall(r'msgid "(.*)"\nmsgid_plural', (ROOT / "web/locale/nl/LC_MESSAGES/django.po").read_text()))
    for text in (*words.COMPLAINTS.values(), *words.KIND_HINTS.values()):
        assert text in known, f"{text!r} has no Dutch"
    for path in (ROOT / "web" / "templates").rglob("*.html"):
        for quote, text in re.findall(r"{% translate ([\"'])(.*?)\1 %}", path.read_text()):
            assert text in known, f"{path.name}: {quote}{text}{quote} has no Dutch"
    for path in (ROOT / "web").rglob("*.py"):
        for text in re.findall(r"_\(\s*\"(.*?)\"\s*\)", path.read_text()):
            assert text in known, f"{path.name}: {text!r} has no Dutch"


def words_of_reads():
    """The words that a look leaves on the trail: what was shown, and what the look is called."""
    found = set()
    for _path, node in nodes(ast.Call):
        if getattr(node.func, "id", "") != "record_read":
            continue
        lists = [keyword.value for keyword in node.keywords if keyword.arg == "shown"]
        for inner in (node.args[0], *lists):
            found |= {one.value for one in ast.walk(inner) if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return found


def test_every_code_has_its_dutch_word():
    from casework.input import codes
    from casework.input.parts import PARTS
    from permissions.bases import BASES
    from permissions.vocabulary import Action
    from workflows.clocks import CLOCKS
    from workflows.tracks import FACTS, WORKFLOWS

    known = {key.removeprefix("code:") for key in messages("nl") if key.startswith("code:")}
    wanted = {
        *map(str, Action),
        *FACTS,
        *CLOCKS,
        *BASES,
        *PARTS,
        *codes.PERSON_ROLES,
        *codes.VISIT_OUTCOMES,
        *codes.NOTE_KINDS,
    }
    wanted |= {state for workflow in WORKFLOWS.values() for state in workflow.states}
    wanted |= {reason for action in Action for reason in codes.reasons_of(action)}
    for part, columns in PARTS.items():
        for column in columns:
            name = re.sub(r"_(source|reason)$", "", column.name)
            if name in known or f"{part}.{column.name}" in known or column.name.endswith(("_source", "_reason")):
                continue
            wanted.add(column.name)
        wanted |= {choice for column in columns for choice in column.choices}
    wanted |= {model.__name__.lower() for model in apps.get_app_config("casework").get_models()}
    wanted |= words_of_reads() - {"shown"}
    assert not wanted - known - {"yes"}, f"no Dutch for {sorted(wanted - known)}"


def test_every_template_is_drawn_by_somebody():
    texts = "".join(path.read_text() for path in [*CODE, *(ROOT / "web" / "templates").rglob("*.html")])
    for path in (ROOT / "web" / "templates" / "web").glob("*.html"):
        assert f"web/{path.name}" in texts, f"{path.name} is drawn by nobody"


def test_public_texts_are_plain():
    for path in [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")]:
        for word in ("world-class", "revolutionary", "cutting-edge", "blazing"):
            assert word not in path.read_text().lower(), f"{path.name}: {word}"


def test_the_pages_of_acts_are_those_of_the_handoff_table():
    from permissions.vocabulary import Action
    from web.urls import ON_HANDOFFS
    from workflows.tracks import WORKFLOWS

    people = {step.action for step in WORKFLOWS["handoff"].steps if step.by in {"sender", "receiver"}}
    others = {Action.PREPARE_HANDOFF, Action.ASK_APPROVAL, Action.APPROVE, Action.DECLARE_CONFLICT}
    assert set(ON_HANDOFFS) == people | others
    assert not people & others
