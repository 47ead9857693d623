"""Injected SQL, with nobody acting or as one person: no answer and no error tells of others; 10,000 by make prove.

Statements are written by a grammar over all that there is (tests/attacks/grammar.py); every text of others carries a mark.
"""

import itertools
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql

from audit.roles import APP
from casework.actions.perform import perform as do
from permissions.decision import Actor
from permissions.signing import signed_now
from permissions.vocabulary import Action
from tests.attacks.grammar import Intruder, Schema
from tests.attacks.marked import Marked, absent, others_at_work
from tests.world import PERSON, PREMISES, World, identity_of, token_of

INJECTED = int(os.environ.get("INJECTED", "600"))
"""How many statements are sent in all, half of them with nobody acting."""
SEED = int(os.environ.get("INJECTED_SEED", "1"))
IN_ONE_ACT = 25
ACTIONS = (Action.READ_RECORD, Action.SEE_CASE, Action.OPEN_CASE, Action.SEE_CASE_LOG, Action.ADD_NOTE)
NOBODY_COUNTS = {
    "auth_permission": "names of guardian permissions",
    "casework_decreedday": "days that the law decreed, as everybody knows them",
    "django_content_type": "names of tables",
    "django_migrations": "names of migrations",
}
"""Tables of which rows are seen with nobody acting, each with its reason; the list may only shrink."""

GUESSED = (
    "SELECT * FROM {t} WHERE {c} = {v}",
    "INSERT INTO {t} ({c}) VALUES ({v})",
    "UPDATE {t} SET {c} = {v}",
    "INSERT INTO {t} ({c}) VALUES ({v}) ON CONFLICT DO NOTHING",
)


class Way:
    """A connection of the application's role, as code with an injection in it holds one."""

    def __init__(self) -> None:
        """Connect."""
        self.open()

    def open(self) -> None:
        """Connect anew: what was left on a connection keeps the next act away from it."""
        params = connection.get_connection_params()
        named = {name: params[name] for name in ("dbname", "host", "port", "password") if params.get(name)}
        self.connection = psycopg.connect(**named, user=APP, options="-c statement_timeout=4000 -c lock_timeout=400")
        self.notices: list[str] = []
        self.connection.add_notice_handler(lambda said: self.notices.append(f"{said.message_primary} {said.message_detail}"))

    @property
    def pid(self) -> int:
        """Return the server's process."""
        return self.connection.info.backend_pid

    @contextmanager
    def transaction(self, actor: Actor | None, action: Action) -> Iterator[None]:
        """Open one transaction, with somebody acting in it or nobody; nothing of it stays."""
        try:
            if actor:
                self._act(actor, action)
            yield
        finally:
            if self.connection.closed:
                self.open()
            self.connection.rollback()

    def _act(self, actor: Actor, action: Action) -> None:
        try:
            self.connection.execute("SELECT lock.act_as(%s, %s)", token_of(identity_of(actor, action, self.pid)))
        except psycopg.errors.InsufficientPrivilege:
            self.connection.close()  # something was left on it, and the database says so
            self.open()
            self._act(actor, action)

    def said(self, statement: str) -> str:
        """Return everything that comes back: rows, notices, and each part of an error."""
        self.notices.clear()
        try:
            with self.connection.transaction(), self.connection.cursor() as cursor:
                return f"{self._rows(cursor, statement)} {self.notices}"
        except psycopg.Error as error:
            diag = error.diag
            parts = (diag.message_primary, diag.message_detail, diag.message_hint, diag.context, diag.constraint_name)
            if self.connection.closed:
                self.open()
            return f"{type(error).__name__} {error} {parts} {self.notices}"

    @staticmethod
    def _rows(cursor: psycopg.Cursor[Any], statement: str) -> str:
        if statement.startswith("COPY") and statement.split("(", maxsplit=1)[0].find("FROM") < 0 and "STDOUT" in statement:
            with cursor.copy(statement.encode()) as out:
                return " ".join(bytes(line).decode() for line in out)
        cursor.execute(statement.encode())
        rows = [repr(cursor.fetchall())] if cursor.description else []
        while cursor.nextset():
            rows += [repr(cursor.fetchall())] if cursor.description else []
        return " ".join([*rows, str(cursor.rowcount)])


@pytest.fixture
def marked(world: World) -> Marked:
    """Others at work, all of their texts marked; beside them one person of another agency with a case of her own."""
    others_at_work(world)
    found = Marked(world, world.agency("wanda"))
    person = {**PERSON, "family_name": "Eigen", "given_names": "Zaak"}
    given = {"person": person, "premises": {**PREMISES, "number": "77"}, "basis": {"code": "WPG_8", "article": "8"}}
    do(world.wanda, Action.OPEN_CASE, given=given)
    return found


def own_ids(world: World) -> list[str]:
    """Return what A knows: her case, track and record."""
    query = "SELECT case_id, id FROM casework_track WHERE agency_id = %s"
    return [str(key) for row in world.rows(query, world.agency("wanda")) for key in row]


def test_no_answer_and_no_error_tells_of_others(world: World, marked: Marked) -> None:
    assert len(marked.hidden) > 100, "there is something to find"
    assert len(marked.ids) > 50
    way, schema = Way(), Schema.read(world.superuser)
    other = busy(world)
    found: list[tuple[str, str, set[str]]] = []
    answers: dict[str, int] = {}
    rounds = range(0, INJECTED, IN_ONE_ACT)
    for number, action in zip(rounds, itertools.cycle(ACTIONS)):
        actor = world.wanda if (number // IN_ONE_ACT) % 2 else None
        intruder = Intruder(SEED * 1_000_000 + number, schema, own_ids(world), way.pid)
        with way.transaction(actor, action):
            for _ in range(min(IN_ONE_ACT, INJECTED - number)):
                statement = intruder.statement()
                said = way.said(statement)
                answers[said.split(" ")[0][:20]] = answers.get(said.split(" ")[0][:20], 0) + 1
                told = marked.found_in(said, nobody=actor is None)
                if actor is None and said.startswith("DivisionByZero") and is_oracle(statement):
                    told.add("an error that depends on what is hidden")
                if told:
                    found.append(("A" if actor else "nobody", statement, set(sorted(told)[:3])))
    way.connection.close()
    other.close()
    assert found == []
    assert answers.get("SyntaxError", 0) < INJECTED / 10, "most of it is understood"


def is_oracle(statement: str) -> bool:
    """Whether a statement divides by nothing only where a text has a mark."""
    return "LIKE '%zq%' THEN 1 / (random()" in statement and statement.count("1 / ") == 1


def busy(world: World) -> psycopg.Connection:
    """Return a connection on which somebody else asked for a mark and waits, as pg_stat_activity shows it."""
    way = Way()
    way.connection.execute("SELECT count(*) FROM casework_note WHERE text = %s", ["zq00000000xq"])
    return way.connection


def test_with_nobody_acting_no_table_has_a_row(world: World, marked: Marked) -> None:
    way = Way()
    with way.transaction(None, Action.SEE_CASE):
        for table in Schema.read(world.superuser).tables:
            said = way.said(f"SELECT count(*) FROM {table}")
            empty = said.startswith(("[(0,)]", "InsufficientPrivilege"))
            assert empty or table in NOBODY_COUNTS, (table, said)
    way.connection.close()
    assert set(NOBODY_COUNTS) <= set(Schema.read(world.superuser).tables)


def guesses(world: World) -> list[str]:
    """Return statements with a place for something that is there and hidden, or is not there: {0}."""
    schema = Schema.read(world.superuser)
    given = {"uuid": "%L", "uuid[]": "ARRAY[%L::uuid]"}
    asked = [
        f"SELECT * FROM {name}({', '.join(given.get(kind, 'NULL') for kind in kinds)})"
        for name, kinds in schema.functions
        if {"uuid", "uuid[]"} & set(kinds)
    ]
    keys = world.rows(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'uuid'"
        " AND table_name LIKE 'casework%%'"
    )
    for table, column in keys:
        asked.append(f"SELECT count(*) FROM {table} WHERE {column} = %L")
        asked.append(f"INSERT INTO {table} ({column}) VALUES (%L)")
        asked.append(f"UPDATE {table} SET {column} = %L")
        asked.append(f"DELETE FROM {table} WHERE {column} = %L")
        asked.append(f"SELECT * FROM {table} WHERE {column} = %L FOR UPDATE")
    return [text.replace("%L", "'{0}'") for text in asked]


def test_what_is_guessed_right_is_answered_like_what_is_not_there(world: World, marked: Marked) -> None:
    way = Way()
    for actor, hidden in itertools.product((None, world.wanda), marked.a_few(max(2, INJECTED // 1_000))):
        for statement in guesses(world):
            answers = set()
            for value in (hidden, absent()):
                with way.transaction(actor, Action.SEE_CASE):
                    answers.add(way.said(statement.format(value)).replace(value, "?"))
            assert len(answers) == 1, (statement, answers)
    way.connection.close()


_WORDS = """
action advice answer asker asked_or_not authority basis birth_precision capacity clock code fact group happened_precision
help_kind kind label language letter number outcome purpose regime role rule_version source state stop_reason subject target
task type verb verdict version why withheld word wpg_article youth_task auth_strength client_point policy_version object_pk
cid key fingerprint seed reason closing
"""
OF_LISTS = _WORDS.split()
"""Columns that hold words of lists, or ids: that one of them is common tells of nobody."""


def test_a_name_that_is_guessed_right_is_answered_like_another(world: World, marked: Marked) -> None:
    way = Way()
    columns = world.rows(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND data_type IN ('text', 'character varying') AND table_name <> 'permissions_agency'"
    )
    told = []
    for table, column in columns:
        if not (hidden := _a_mark(world, marked, table, column)):
            continue
        for pattern in (
            "SELECT * FROM {t} WHERE {c} = {v}",
            "INSERT INTO {t} ({c}) VALUES ({v})",
            "UPDATE {t} SET {c} = {v}",
        ):
            names = {"t": sql.Identifier(table), "c": sql.Identifier(column)}
            for before in ("",) if column in OF_LISTS else ("", "EXPLAIN "):
                answers = set()
                for value in (hidden, "zq99999999xq"):
                    with way.transaction(world.wanda, Action.OPEN_CASE):
                        statement = sql.SQL(before + pattern).format(**names, v=sql.Literal(value)).as_string(None)
                        answers.add(way.said(statement).replace(value, "?"))
                if len(answers) > 1:
                    told.append((table, column, before + pattern, answers))
    way.connection.close()
    assert told == [], [row[:2] for row in told]


def test_the_planner_remembers_nothing_that_was_typed(world: World) -> None:
    remembered = world.rows(
        "SELECT r.relname, a.attname FROM pg_attribute a JOIN pg_class r ON r.oid = a.attrelid"
        " WHERE r.relname ~ '^casework_' AND r.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped"
        " AND a.atttypid IN ('text'::regtype, 'varchar'::regtype) AND a.attstattarget IS DISTINCT FROM 0"
        " ORDER BY 1, 2"
    )
    no_texts = {*OF_LISTS, "in_table", "of_row"}
    assert [row for row in remembered if row[1] not in no_texts] == []


def _a_mark(world: World, marked: Marked, table: str, column: str) -> str:
    """Return one of the marks of others in a column, where there is one."""
    query = sql.SQL("SELECT {c}::text FROM {t} WHERE {c} LIKE 'zq%%xq' ORDER BY 1").format(
        t=sql.Identifier(table), c=sql.Identifier(column)
    )
    return next((text for (text,) in world.superuser.execute(query).fetchall() if text in marked.hidden), "")


def test_the_hash_of_a_password_is_told_to_nobody_but_the_sign_in(world: World) -> None:
    way = Way()
    for column in ("password", "u.*", "u"):
        for actor in (None, world.wanda, world.lies):
            with way.transaction(actor, Action.SEE_CASE):
                assert way.said(f"SELECT {column} FROM permissions_user u").startswith("InsufficientPrivilege")
    for kind, name in (("sign_in", "signing_in"), ("memberships", "memberships"), ("session", "signing_in")):
        token, mac = signed_now(kind, name="lies", person=None)
        with way.transaction(world.wanda, Action.SEE_CASE):
            forged = f"SELECT * FROM lock.{name}('{token}x', '\\x{mac.hex()}')"
            assert way.said(forged).startswith("InsufficientPrivilege"), "it is asked with the application's signature alone"
    way.connection.close()
    assert settings.ACTING_KEY.hex() not in str(world.rows("SELECT ipad, opad FROM lock.key"))


@pytest.mark.parametrize("role", ["supervisor", "migration", "scheduler"])
@pytest.mark.parametrize("kind", ["identity", "memberships", ""])
def test_an_identity_without_a_signature_is_none_whatever_it_calls_itself(world: World, role: str, kind: str) -> None:
    way = Way()
    said = {**asdict(identity_of(world.lies, Action.SEE_CASE, way.pid)), "kind": kind, "role": role, "membership": None}
    token = json.dumps(said, default=str)
    for mac in ("NULL", "''", "sha256('')"):
        with way.transaction(None, Action.SEE_CASE):
            answer = way.said(f"SELECT lock.act_as('{token}', {mac})")
            assert answer.startswith("InsufficientPrivilege"), answer
            assert way.said("SELECT lock.person()") == "[(None,)] 1 []"
    way.connection.close()
