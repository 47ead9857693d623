"""What others do changes no answer to injected SQL: no count, no number, no error; ten times as much by make prove.

The same statements are sent twice before others work and once after it. What differs between the first two hangs on chance
or on time and is left out; what differs after it tells of others. What they write meanwhile holds what the grammar looks for
(`zq`): an answer or an error that hangs on their texts would show.
"""

from operator import eq

from casework.actions.perform import perform as do
from permissions.decision import Actor
from permissions.vocabulary import Action
from tests.attacks.grammar import Intruder, Schema
from tests.attacks.marked import others_at_work
from tests.attacks.test_injected import ACTIONS, IN_ONE_ACT, INJECTED, SEED, Way, own_ids
from tests.world import PERSON, PREMISES, World

OF_THE_SERVER = ("pg_", "EXPLAIN", "txid", "ctid", "xmin", "age(", "nextval", "currval", "FROM pg", "information_schema")
"""Statements about the server itself: what it has written, planned and stored is no record of anybody."""


def statements_of(world: World, schema: Schema, pid: int) -> list[tuple[Action, str]]:
    """Return what is asked: how many rows of everything there are, what functions without a question say, a grammar."""
    counts = [f"SELECT count(*) FROM {table}" for table in schema.tables]
    said = [f"SELECT count(*), min(f::text), max(f::text) FROM {name}() f" for name, kinds in schema.functions if not kinds]
    intruder = Intruder(SEED, schema, own_ids(world), pid)
    written = [intruder.statement() for _ in range(INJECTED)]
    asked = [*counts, *said, *(one for one in written if not any(word in one for word in OF_THE_SERVER))]
    return [(ACTIONS[number // IN_ONE_ACT % len(ACTIONS)], one) for number, one in enumerate(asked)]


def answers(way: Way, actor: Actor | None, asked: list[tuple[Action, str]]) -> list[str]:
    """Return the answer to each statement, each asked on its own."""
    found = []
    for action, statement in asked:
        with way.transaction(actor, action):
            way.connection.execute("SELECT 1")  # what follows is undone with the rest, settings too
            found.append(way.said(statement))
    return found


def test_what_others_do_changes_no_answer(world: World) -> None:
    others_at_work(world)
    given = {
        "person": {**PERSON, "family_name": "Eigen", "given_names": "Zaak"},
        "premises": {**PREMISES, "number": "77"},
        "basis": {"code": "WPG_8", "article": "8"},
    }
    do(world.wanda, Action.OPEN_CASE, given=given)
    way, schema = Way(), Schema.read(world.superuser)
    asked = statements_of(world, schema, way.pid)
    assert len(asked) > INJECTED / 2
    before = {who: (answers(way, who, asked), answers(way, who, asked)) for who in (None, world.wanda)}
    case, _ = world.track("follow_up")
    world.delivered(case)
    do(world.lies, Action.ADD_NOTE, case, {"note": {"kind": "concern", "text": "Nog een zorg over zqzqzq."}})
    world.opened("wim", person={**PERSON, "family_name": "Vanzqelders", "given_names": "Anders"}, premises=[])
    world.work()
    told = []
    for who, (first, again) in before.items():
        assert sum(map(eq, first, again)) > len(asked) / 2, "most answers hang on nothing else"
        after = answers(way, who, asked)
        told += [
            ("A" if who else "nobody", statement, old, new)
            for (_, statement), old, same, new in zip(asked, first, again, after, strict=True)
            if old == same != new
        ]
    way.connection.close()
    assert told == []
