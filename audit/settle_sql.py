"""Settles the functions, triggers and views that stand as SQL files in `<app>/sql/`: anew at every `manage.py prepare`.

The header of a file says what it is for, as which role it is made, who may call each of its functions and which tables it
touches (docs/decisions/0018-sql-in-files.md). Privileges follow from the header, signatures from the catalogue, and the
order from what each file names. A list that Python holds becomes a function that returns it; no text of SQL is changed.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.utils import ProgrammingError
from psycopg import sql

from audit.roles import APP, BACKUP, KEEPER, OWNER

ROOT = Path(__file__).parents[1]
ROLES = {"app": APP, "owner": OWNER, "keeper": KEEPER}
NOBODY = "nobody"
"""Only other functions of the keeper."""
OTHER_RESULT = "42P13"
"""The error of PostgreSQL for a function whose result type changed: it is dropped and made again."""
_MAKES = re.compile(r"^CREATE OR REPLACE FUNCTION (\w+\.\w+)", re.MULTILINE)
_CALLS = re.compile(r"\b((?:lock|trail)\.\w+)\(")
_TABLES = re.compile(r"\b(public\.[a-z]\w*|(?:lock|trail)\.\w+)\b(?!\()")
_COMMENT = re.compile(r"--.*")
_SAID = re.compile(r"^-- (Made by|May call, [a-z ]+|Touches): ((?:.|\n--   )+)$", re.MULTILINE)


class SqlError(Exception):
    """A file of SQL lacks something that its header must say; the text names the file."""


@dataclass(frozen=True, slots=True)
class SqlFile:
    """One subject in SQL, as its file and the header of it say."""

    name: str
    text: str
    made_by: str
    callers: Mapping[str, tuple[str, ...]]
    """Who may call each function that this file makes: words of ROLES, none for nobody."""
    touches: frozenset[str]
    """The tables that the header names."""

    @property
    def makes(self) -> tuple[str, ...]:
        """The functions that are made here."""
        return tuple(dict.fromkeys(_MAKES.findall(self.text)))

    @property
    def body(self) -> str:
        """The text without its comments."""
        return _COMMENT.sub("", self.text)

    @property
    def calls(self) -> frozenset[str]:
        """The functions of ours that are named here and made elsewhere."""
        return frozenset(_CALLS.findall(self.body)) - frozenset(self.makes)

    @property
    def tables(self) -> frozenset[str]:
        """The tables that are named here."""
        return frozenset(_TABLES.findall(self.body)) - frozenset(self.makes)


def read(app: str) -> tuple[SqlFile, ...]:
    """Return the files of one app; raises SqlError."""
    return tuple(parse(f"{app}/sql/{path.name}", path.read_text()) for path in sorted((ROOT / app / "sql").glob("*.sql")))


def parse(name: str, text: str) -> SqlFile:
    """Return what a file and its header say; raises SqlError."""
    header, _, _ = text.partition("\n\n")
    said = {key: _words(value) for key, value in _SAID.findall(header)}
    if header.startswith("-- Made by") or "Touches" not in said:
        raise SqlError(f"{name}: the header says what the file is for, as whom it is made and what it touches")
    callers: dict[str, tuple[str, ...]] = {}
    for key, functions in said.items():
        if key.startswith("May call, "):
            words = tuple(word for word in key.removeprefix("May call, ").split() if word != NOBODY)
            callers |= dict.fromkeys(functions, words)
    touches = frozenset(said["Touches"]) - {"nothing"}
    file = SqlFile(name, text, " ".join(said.get("Made by", ())), callers, touches)
    if {file.made_by, *(word for words in callers.values() for word in words)} - set(ROLES):
        raise SqlError(f"{name}: a role is one of {', '.join(ROLES)}")
    if set(callers) != set(file.makes):
        raise SqlError(f"{name}: who may call {', '.join(set(callers) ^ set(file.makes))}?")
    return file


def _words(value: str) -> list[str]:
    return [word.strip() for word in value.replace("\n--", " ").split(",")]


def in_order(files: Iterable[SqlFile]) -> tuple[SqlFile, ...]:
    """Return the files so that each comes after those whose functions it names; raises graphlib.CycleError."""
    by_name = {file.name: file for file in files}
    maker = {function: file.name for file in by_name.values() for function in file.makes}
    needs = {file.name: sorted({maker[call] for call in file.calls if call in maker}) for file in by_name.values()}
    return tuple(by_name[name] for name in TopologicalSorter(needs).static_order())


def settle(cursor: Any, app: str, constants: Mapping[str, int | tuple[str, ...]]) -> set[str]:
    """Make everything in the files of this app, whatever was there before, and return the names of its functions.

    Raises SqlError, graphlib.CycleError.

    `constants` are functions without arguments, by name, each with what it always answers. The transaction is the caller's.
    """
    for function, value in constants.items():
        _make(cursor, (function,), constant(function, value), KEEPER)
        _let_call(cursor, {function: ()})
    files = in_order(read(app))
    for file in files:
        _make(cursor, file.makes, file.text, ROLES[file.made_by])
        _let_call(cursor, file.callers)
    return {*constants, *(function for file in files for function in file.makes)}


def drop_others(cursor: Any, made: Collection[str]) -> None:
    """Drop each function of the keeper's schemas that is not among those that are made, and what rests on it.

    So functions of an earlier version are removed, and those that somebody added by hand.
    """
    cursor.execute(f"SET LOCAL ROLE {KEEPER}")
    cursor.execute(
        "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE n.nspname IN ('lock', 'trail') AND n.nspname || '.' || p.proname <> ALL (%s)",
        [list(made)],
    )
    _drop(cursor, [signature for (signature,) in cursor.fetchall()], foreign=True)
    cursor.execute("RESET ROLE")


def constant(function: str, value: int | tuple[str, ...]) -> str:
    """Return the statement that makes a function with a constant answer, which the planner puts in place of each call."""
    kind = "int" if isinstance(value, int) else "text[]"
    answer = sql.Literal(value if isinstance(value, int) else list(value)).as_string()
    return (
        f"CREATE OR REPLACE FUNCTION {function}() RETURNS {kind}\n"
        f"LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT {answer}::{kind} $$;\n"
    )


def _make(cursor: Any, functions: tuple[str, ...], text: str, role: str) -> None:
    """Run a file as the role that it is made by, and drop functions of these names that it no longer makes."""
    cursor.execute(f"SET LOCAL ROLE {role}" if role != OWNER else "RESET ROLE")
    before = dict(_found(cursor, functions))
    try:
        with transaction.atomic():
            cursor.execute(text)
    except ProgrammingError as error:
        if getattr(error.__cause__, "sqlstate", "") != OTHER_RESULT:
            raise
        _drop(cursor, before)
        before = {}
        cursor.execute(text)
    after = dict(_found(cursor, functions))
    _drop(cursor, [signature for signature, version in before.items() if after.get(signature) == version], foreign=True)
    cursor.execute("RESET ROLE")


def _found(cursor: Any, functions: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the signature of each function of these names, and the version of its row in the catalogue."""
    cursor.execute(
        "SELECT p.oid::regprocedure::text, p.ctid::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE n.nspname || '.' || p.proname = ANY (%s)",
        [list(functions)],
    )
    yield from cursor.fetchall()


def _drop(cursor: Any, signatures: Iterable[str], *, foreign: bool = False) -> None:
    """Drop functions or procedures; of foreign ones also what rests on them, unless that is a column."""
    for signature in signatures:
        if foreign and (column := _column_on(cursor, signature)):
            raise SqlError(f"{signature} is none of ours, and the column {column} rests on it: decide what becomes of that")
        cursor.execute(f"DROP ROUTINE IF EXISTS {signature}{' CASCADE' if foreign else ''}")


def _column_on(cursor: Any, signature: str) -> str:
    """Return a column that dropping this function would drop; nothing where there is none, or the function is gone."""
    cursor.execute(
        "SELECT a.adrelid::regclass || '.' || c.attname FROM pg_depend d JOIN pg_attrdef a ON a.oid = d.objid"
        " JOIN pg_attribute c ON (c.attrelid, c.attnum) = (a.adrelid, a.adnum) AND c.attgenerated <> ''"
        " WHERE d.classid = 'pg_attrdef'::regclass AND d.refclassid = 'pg_proc'::regclass"
        " AND d.refobjid = to_regprocedure(%s)::oid LIMIT 1",
        [signature],
    )
    return "".join(cursor.fetchone() or ())


def _let_call(cursor: Any, callers: Mapping[str, tuple[str, ...]]) -> None:
    """Let these roles call these functions, and nobody else."""
    cursor.execute(f"SET LOCAL ROLE {KEEPER}")
    for function, words in callers.items():
        for signature, _ in list(_found(cursor, [function])):
            said = f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC, {APP}, {OWNER}, {BACKUP};"
            if words:
                said += f"GRANT EXECUTE ON FUNCTION {signature} TO {', '.join(ROLES[word] for word in words)};"
            cursor.execute(said)
    cursor.execute("RESET ROLE")
