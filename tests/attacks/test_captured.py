"""What the application signed and somebody else caught is worth nothing half a minute later."""

import hashlib
import time
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from permissions.signing import signed
from tests.world import World

ACTS = "lock.act_as"
"""An identity: signed for one connection and used once (tests/policy/test_attacks.py)."""
FUNCTIONS = """
SELECT DISTINCT n.nspname || '.' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.proargnames[1:2] = '{token,mac}' AND has_function_privilege('schakel_app', p.oid, 'EXECUTE')
"""
HELD = "what a session holds"
HASHED = hashlib.sha256(HELD.encode()).hexdigest()
SESSION = {"key": uuid4().hex, "until": "2100-01-01", "is_new": True, "held": HASHED}


@dataclass(frozen=True)
class Asked:
    """What is signed for a function, of which kind, and what is given beside it."""

    kind: str
    said: dict[str, object]
    beside: tuple[str, ...] = ()

    def of(self, name: str, **at: float) -> None:
        given: list[Any] = [*signed(self.kind, **self.said, **at), *self.beside]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {name}({', '.join(['%s'] * len(given))})", given)


def captured(world: World) -> dict[str, Asked]:
    """What is asked of each function."""
    person = world.lies.person_id
    return {
        "lock.signing_in": Asked("sign_in", {"name": "lies", "person": None}),
        "lock.memberships": Asked("memberships", {"person": person}),
        "lock.try_sign_in": Asked("try_sign_in", {"mark": "mark", "minutes": 60, "most": 5}),
        "lock.forget_sign_in": Asked("forget_sign_in", {"mark": "mark"}),
        "lock.try_factor": Asked("try_factor", {"person": person, "minutes": 15, "most": 5}),
        "lock.use_factor": Asked("use_factor", {"person": person, "mark": "mark"}),
        "lock.store_session": Asked("session", SESSION, (HELD,)),
        "lock.intent": Asked("intent", {"intent": uuid4(), "moment": None}),
        "lock.invitation": Asked("invitation", {"hash": "0" * 64}),
        "lock.intent_too_late": Asked("intent_too_late", {"intent": uuid4()}),
    }


def test_every_function_that_asks_for_a_signature_is_looked_at(world: World) -> None:
    assert {name for (name,) in world.rows(FUNCTIONS)} == {ACTS, *captured(world)}


@pytest.mark.parametrize("away", [-31, 31, -86_400])
def test_what_was_signed_at_another_time_is_taken_by_no_function(world: World, away: int) -> None:
    for name, asked in captured(world).items():
        with pytest.raises(ProgrammingError, match="half a minute"):
            asked.of(name, at=time.time() + away)
        asked.of(name, at=time.time())


def test_what_is_signed_without_a_moment_is_taken_by_no_function(world: World) -> None:
    for name, asked in captured(world).items():
        with pytest.raises(ProgrammingError, match="half a minute"):
            asked.of(name)


def test_what_is_signed_for_one_question_is_taken_by_no_other(world: World) -> None:
    known = captured(world)
    for name, asked in known.items():
        for other in {one.kind for one in known.values()} - {asked.kind} | {"identity"}:
            with pytest.raises(ProgrammingError, match="is not signed"):
                replace(asked, kind=other).of(name, at=time.time())


@pytest.mark.parametrize("token", ["", "{", "1|x", "null", '"identity"', "[]"])
def test_nothing_of_what_nobody_signed_is_read(world: World, token: str) -> None:
    """Also once the server keeps a plan, in which it could look at the text first."""
    for _ in range(7):
        for name, asked in captured(world).items():
            with pytest.raises(ProgrammingError, match="is not signed"), transaction.atomic(), connection.cursor() as cursor:
                given: list[Any] = [token, b"\0" * 32, *asked.beside]
                cursor.execute(f"SELECT * FROM {name}({', '.join(['%s'] * len(given))})", given)


def test_a_second_key_is_refused(world: World) -> None:
    with pytest.raises(psycopg.errors.CheckViolation):
        world.superuser.execute("INSERT INTO lock.key VALUES (2, 'inner', 'outer')")


@pytest.mark.parametrize("value", [b"bytes", object(), {1, 2}, float("nan"), float("inf")])
def test_only_what_has_one_meaning_as_text_is_signed(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        signed("identity", person=value)
