"""The database half, read as files: what stands in `<app>/sql/` is SQL, says who may call it, and points downwards."""

import json
import re
from typing import Any

import pglast
import pytest
from pglast import ast, enums

from audit import destroy_expired, settle_sql
from audit.reconciling import DIFFERENCES, MISSING, RULES
from casework.actions import news
from casework.input.codes import INTELLIGENCE
from casework.lock import sql_answers
from permissions import people
from permissions.vocabulary import AgencyKind

APPS = ("audit", "permissions", "casework")
"""From the bottom up."""
CONSTANTS = {"audit": destroy_expired.CONSTANTS, "permissions": people.CONSTANTS, "casework": sql_answers.CONSTANTS}
FILES = {file.name: file for app in APPS for file in settle_sql.read(app)}
MADE_IN = {function: name.split("/")[0] for name, file in FILES.items() for function in file.makes}
MADE_IN |= {function: app for app, constants in CONSTANTS.items() for function in constants}
TABLES_OF_LOCK = {
    "lock.acting": "audit",
    "lock.key": "permissions",
    "lock.installation": "permissions",
    "lock.demo_story": "permissions",
    "lock.law_step": "casework",
    "lock.law_start": "casework",
    "lock.law_final": "casework",
}
UPWARDS = {
    (
        "permissions/sql/act_as.sql",
        "public.casework_operation",
    ): "an operation is stored by the statement that begins its act",
    ("permissions/sql/act_as.sql", "lock.hold"): "a case is held by the statement that begins its act",
}
"""What a file names of a layer above its own, each with its reason. The list may only shrink."""
LONGEST_LIST = 2
PATH = ("pg_catalog", "pg_temp")
OF_LIBRARIES = re.compile(r"public\.(django|auth|account|mfa|axes)_")
DYNAMIC = ("PLpgSQL_stmt_dynexecute", "PLpgSQL_stmt_dynfors", "dynquery")
WITH_A_REASON = re.compile(r"-- EXECUTE, for .{10,}")
OF_A_ROW = re.compile(r"^( *(?:DECLARE )?\w+) (?:lock|trail|public)\.\w+(?=;| :=)", re.MULTILINE)
LONGEST_FILE, LONGEST_LINE = 400, 125
MAY_STAND = (ast.CreateFunctionStmt, ast.CreateTrigStmt, ast.ViewStmt, ast.GrantStmt)


def statements(file):
    """Each statement with its text, the comment before it included."""
    text, begin, found = file.text.encode(), 0, list[Any](pglast.parse_sql(file.text))
    for one in found:
        end = one.stmt_location + one.stmt_len if one.stmt_len else len(text)
        yield one.stmt, text[begin:end].decode()
        begin = end + 1


def functions(file):
    for stmt, text in statements(file):
        if isinstance(stmt, ast.CreateFunctionStmt):
            one: Any = stmt
            options = {option.defname: option.arg for option in one.options}
            options["set"] = {option.arg.name: option.arg for option in one.options if option.defname == "set"}
            yield ".".join(part.sval for part in one.funcname), options, text


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_sql_that_makes_what_prepare_may_make_anew(name):
    for stmt, text in statements(FILES[name]):
        assert isinstance(stmt, MAY_STAND), f"{name}: {text.strip()[:60]}: tables and indexes are made by migrations"
        assert getattr(stmt, "replace", True), f"{name}: it may stand already: {text.strip()[:60]}"
    for function, options, text in functions(FILES[name]):
        body = options["as"][0].sval
        assert options["language"].sval in {"sql", "plpgsql"}, function
        if options["language"].sval == "sql":
            assert pglast.parse_sql(body), function
        else:
            assert parsed(text), function


def parsed(text):
    """The procedure as parsed; the parser knows no schema of ours, so a row of a table is told it as a record."""
    return json.dumps(pglast.parse_plpgsql(OF_A_ROW.sub(r"\1 record", text)))


@pytest.mark.parametrize("name", FILES)
def test_what_is_executed_as_text_says_why(name):
    for function, options, text in functions(FILES[name]):
        if options["language"].sval == "plpgsql" and any(word in parsed(text) for word in DYNAMIC):
            assert WITH_A_REASON.search(text), f"{function} runs SQL that it makes itself: say why ('-- EXECUTE, for ...')"


@pytest.mark.parametrize("name", FILES)
def test_a_function_with_its_owners_rights_has_a_path_of_its_own(name):
    for function, options, _ in functions(FILES[name]):
        if "security" not in options:
            continue
        setting = options["set"].get("search_path")
        assert setting is not None, function
        assert setting.kind == enums.VariableSetKind.VAR_SET_VALUE, function
        assert tuple(part.val.sval for part in setting.args) == PATH, function


@pytest.mark.parametrize("name", FILES)
def test_the_header_names_the_tables_that_the_file_touches(name):
    file = FILES[name]
    assert file.touches == file.tables


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_short_and_its_lines_too(name):
    lines = FILES[name].text.splitlines()
    assert len(lines) <= LONGEST_FILE, f"{name} has {len(lines)} lines; split it by subject"
    for number, line in enumerate(lines, 1):
        assert len(line) <= LONGEST_LINE, f"{name}:{number} has {len(line)} columns"


def app_of(thing):
    """In which app a function or table is at home; nothing where it is a library's."""
    if OF_LIBRARIES.match(thing):
        return None
    if thing.startswith("public."):
        return thing.removeprefix("public.").split("_")[0]
    return MADE_IN.get(thing) or TABLES_OF_LOCK.get(thing) or {"trail": "audit"}[thing.split(".")[0]]


def upwards():
    for name, file in FILES.items():
        below = APPS[: APPS.index(name.split("/")[0]) + 1]
        for thing in file.calls | file.tables:
            if app_of(thing) not in (None, *below):
                yield name, thing


def test_no_file_names_what_is_above_it():
    found = set(upwards())
    assert not found - set(UPWARDS), "a layer names nothing of the layers above it"
    assert not set(UPWARDS) - found, "an exception that is gone leaves the list"
    assert len(UPWARDS) <= LONGEST_LIST
    assert all(len(reason) > 20 for reason in UPWARDS.values())


def test_every_function_that_is_named_is_made():
    named = {call for file in FILES.values() for call in file.calls}
    assert named - set(MADE_IN) == set()


def test_every_answer_of_python_is_asked_for():
    named = {call for file in FILES.values() for call in file.calls}
    assert {name for constants in CONSTANTS.values() for name in constants} - named == set()


def test_files_settle_one_after_the_other():
    for app in APPS:
        order = [file.name for file in settle_sql.in_order(settle_sql.read(app))]
        maker = {function: file.name for file in settle_sql.read(app) for function in file.makes}
        for number, name in enumerate(order):
            assert {maker[call] for call in FILES[name].calls if call in maker} <= set(order[:number])


def test_a_subject_is_made_in_one_place():
    made = [function for file in FILES.values() for function in file.makes]
    assert len(made) == len(set(made))


def test_the_words_of_differences_are_those_of_the_database():
    assert all(f"'{word}'" in FILES["audit/sql/reconcile.sql"].body for word in DIFFERENCES)
    assert all(f"'{word}'" in FILES["casework/sql/differences.sql"].body for word in (MISSING, RULES))


def test_words_that_stand_in_sql_and_in_python_are_the_same():
    """Codes, kinds and clocks that are no list, so that a function that answers them would say less than they do."""
    assert set(re.findall(r"'(HANDOFF_\w+)'", FILES["casework/sql/correction_news.sql"].body)) == {news.OWED, news.TOLD}
    assert f"'{INTELLIGENCE}'" in FILES["casework/sql/correction_news.sql"].body
    children = FILES["casework/sql/untold_children.sql"].body
    assert {f"'{kind}'" in children for kind in (AgencyKind.POLICE, AgencyKind.VEILIG_THUIS)} == {True}


HEADER = "-- Says something.\n--\n-- Made by: keeper\n-- May call, app: trail.one\n-- Touches: nothing\n\n"
ONE = "CREATE OR REPLACE FUNCTION trail.one() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;\n"


def test_a_header_that_leaves_something_out_is_not_settled():
    assert settle_sql.parse("x.sql", HEADER + ONE).callers == {"trail.one": ("app",)}
    wrong = (
        HEADER.replace("-- Touches: nothing\n", "") + ONE,
        HEADER.replace("Made by: keeper", "Made by: root") + ONE,
        HEADER.replace("May call, app", "May call, anybody") + ONE,
        HEADER + ONE.replace("trail.one", "trail.two"),
        HEADER.replace("-- May call, app: trail.one\n", "") + ONE,
        HEADER.replace("-- Says something.\n--\n", "") + ONE,
    )
    for text in wrong:
        with pytest.raises(settle_sql.SqlError):
            settle_sql.parse("x.sql", text)


def test_what_python_knows_is_answered_by_a_function_that_never_changes():
    for constants in CONSTANTS.values():
        for function, value in constants.items():
            ((name, options, _),) = functions(
                settle_sql.SqlFile("", settle_sql.constant(function, value), "", {}, frozenset())
            )
            assert (name, options["volatility"].sval) == (function, "immutable")
    odd = settle_sql.constant("lock.odd", ("it's", 'a "b", {c}', "d\\e"))
    ((_, options, _),) = functions(settle_sql.SqlFile("", odd, "", {}, frozenset()))
    assert pglast.parse_sql(options["as"][0].sval)
