"""A seeded walk over outcomes, days, counts, decisions and ages: only what docs/law.md says is accepted.

The oracle reads docs/law.md with a reader of its own; it knows nothing of workflows/fitting.py.
"""

import os
import random
import re
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from casework.actions.perform import perform
from casework.input.read import Malformed
from permissions.vocabulary import Action
from tests.world import World
from workflows.calendars import AMSTERDAM
from workflows.table import Incomplete

TURNS = int(os.environ.get("FITS", "40"))
LAW = (Path(__file__).parents[3] / "docs" / "law.md").read_text()
TABLES = re.findall(r"```\n(.*?)```", LAW.split("### Which facts exclude which")[1].split("\n## 3.")[0], re.DOTALL)
COUNTS = {line.split()[0]: line.split()[1:6] for line in TABLES[0].strip().splitlines()[1:]}
REFUSED = (Malformed, Incomplete)
TODAY = datetime.now(UTC).astimezone(AMSTERDAM).date()
BEGAN, PLANNED = timedelta(days=30), timedelta(days=20)
DECISIONS = ("warning", "halt", "prosecution", "no_action")
AGES = (9, 11, 12, 15, 17, 18, 40)


EXCLUDED = {(line.split()[0], word) for line in TABLES[4].strip().splitlines()[1:] for word in line.split()[1:]}


def cell_holds(cell: str, count: int, searched: int) -> bool:
    fits: dict[str, bool] = {
        "none": count == 0,
        "some": count >= 1,
        "any": True,
        "searched": count == 0 or searched >= 1,
    }
    return fits[cell]


def visit_fits(outcome: str, day: timedelta, counts: list[int], cautioned: str) -> bool:
    *cells, said = COUNTS[outcome]
    fits: bool = all(cell_holds(cell, count, counts[1]) for cell, count in zip(cells, counts, strict=True))
    return fits and (said == "any" or cautioned == "no") and timedelta() <= day <= PLANNED


def may_warn(turn: dict[str, Any]) -> bool:
    """Whether the law warns: the outcome, the search and its authority, the age, and what the youth prosecutor chose."""
    if turn["outcome"] not in {"warned", "warned_and_search"} or not turn["help"]:
        return False
    if turn["outcome"] == "warned_and_search" and not (turn["authority"] and turn["authority_day"] >= turn["day"]):
        return False
    if turn["age"] >= 18:
        return True
    return bool(turn["age"] >= 12 and turn["decision"] == "warning" and timedelta() <= turn["decided"] <= BEGAN)


class Turns:
    """One visit, put back after each turn."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.random = world, random.Random(seed)
        self.case, self.track = world.track("visit_scheduled")
        self.plant("UPDATE casework_track SET made_at = made_at - %s, moved_at = moved_at - %s", BEGAN, BEGAN)
        self.plant("UPDATE casework_agencyrecord SET made_at = made_at - %s", BEGAN)
        self.plant("UPDATE casework_visit SET made_at = made_at - %s", PLANNED)

    def plant(self, query: str, *values: object) -> None:
        with self.world.superuser.transaction():
            self.world.superuser.execute("SET LOCAL session_replication_role = replica")
            self.world.superuser.execute(query, values)

    def draw(self) -> dict[str, Any]:
        pick = self.random.choice
        outcome = pick(sorted(COUNTS))
        fitting = {"none": [0, 0, 0, 1], "some": [1, 1, 2, 0], "any": [0, 1], "searched": [0, 1, 7]}
        return {
            "outcome": outcome,
            "counts": [pick(fitting[cell]) for cell in COUNTS[outcome][:4]],
            "cautioned": pick(["yes", "no", "no"]),
            "day": timedelta(days=pick([-7, -1, 0, 0, 3, 20, 21, 40])),
            "age": pick(AGES),
            "decision": pick(DECISIONS),
            "decided": timedelta(days=pick([-1, 0, 0, 0, 31])),
            "authority": pick([True, True, False]),
            "authority_day": timedelta(days=pick([0, 3, 20, 25])),
            "help": pick([True, True, True, False]),
        }

    def put_back(self) -> None:
        """Everything of the turn, and an adult as who was visited: a known minor has the approval of another prosecutor."""
        self.plant("UPDATE casework_personincase SET birth_date = '1984-05-01'")
        self.plant(
            "DELETE FROM casework_storedfact WHERE fact IN ('search_authority', 'youth_prosecutor_decision',"
            " 'guardian_plan', 'child_check', 'help_offer')"
        )
        self.plant(
            "UPDATE casework_visit SET outcome = '', reported_at = NULL, visited_on = NULL, is_cautioned = NULL,"
            " warned = 0, homes_searched = 0, data_carriers = 0, arrests = 0"
        )
        self.plant("UPDATE casework_track SET state = 'visit_planned', moved_at = made_at WHERE id = %s", self.track)

    def tries(self, who: str, action: Action, content: dict[str, Any]) -> bool:
        try:
            perform(self.world.people[who], action, self.track, content)
        except REFUSED:
            return False
        return True

    def report(self, turn: dict[str, Any]) -> bool:
        counts = dict(zip(("warned", "searched", "carriers", "arrested"), turn["counts"], strict=True))
        day = (TODAY - turn["day"]).isoformat()
        content: dict[str, Any] = {
            "visit_report": {"outcome": turn["outcome"], "date": day, "cautioned": turn["cautioned"], **counts},
            "child_check": {"code": "none"},
        }
        if turn["help"]:
            content["help_offer"] = {"code": "card", "date": "today"}
        return self.tries("lies", Action.RECORD_VISIT, content)

    def warns(self, turn: dict[str, Any]) -> bool:
        self.plant(
            "UPDATE casework_personincase SET birth_date = current_date - make_interval(years => %s, days => 5)", turn["age"]
        )
        content: dict[str, Any] = {}
        if turn["authority"]:
            content["search_authority"] = {"code": "order", "date": (TODAY - turn["authority_day"]).isoformat()}
        if turn["age"] < 18:
            self.plant("UPDATE casework_track SET state = 'youth_decision' WHERE id = %s", self.track)
            decided = (TODAY - turn["decided"]).isoformat()
            content["youth_prosecutor_decision"] = {"name": "J.", "date": decided, "code": turn["decision"]}
            content["guardian_plan"] = {"text": "De ouders horen het bij het bezoek."}
        return self.tries("lies", Action.WARN, content)


@pytest.mark.parametrize("seed", [1, 2])
def test_only_what_fits_is_recorded_and_only_who_may_be_warned_is_warned(world, seed):
    turns = Turns(world, seed)
    seen = {(fits, warned): 0 for fits in (True, False) for warned in (True, False)}
    for number in range(TURNS):
        turn = turns.draw()
        fits = visit_fits(turn["outcome"], turn["day"], turn["counts"], turn["cautioned"])
        fits = fits and not (turn["help"] and (f"visit_report:{turn['outcome']}", "help_offer") in EXCLUDED)
        assert turns.report(turn) is fits, (number, turn)
        warned = False
        if fits:
            dated = not turn["authority"] or turn["authority_day"] >= turn["day"]
            warned = may_warn(turn) and dated
            assert turns.warns(turn) is warned, (number, turn)
        seen[fits, warned] += 1
        turns.put_back()
    assert seen[True, False]
    assert seen[False, False]
    assert sum(seen.values()) == TURNS


def test_at_each_age_only_whom_the_law_and_the_youth_prosecutor_let_be_warned_is_warned(world):
    turns, day = Turns(world, 1), timedelta()
    visit = {"outcome": "warned", "counts": [1, 0, 0, 0], "cautioned": "yes", "day": day, "help": True}
    warned = set()
    for age, decision in product(AGES, DECISIONS):
        turn = {**visit, "age": age, "decision": decision, "decided": day, "authority": False, "authority_day": day}
        assert turns.report(turn)
        if turns.warns(turn):
            warned.add((age, decision))
        turns.put_back()
    assert warned == {(age, "warning") for age in (12, 15, 17)} | set(product((18, 40), DECISIONS))


def test_the_oracle_itself_tells_good_from_bad():
    assert visit_fits("warned", timedelta(), [1, 0, 0, 0], "yes")
    assert not visit_fits("warned", timedelta(days=-7), [1, 0, 0, 0], "yes")
    assert not visit_fits("subject_deceased", timedelta(), [1, 0, 0, 0], "no")
    assert ("visit_report:subject_deceased", "help_offer") in EXCLUDED
    turn = {"help": True, "outcome": "warned", "age": 15, "decision": "warning", "decided": timedelta(), "day": timedelta()}
    assert may_warn(turn)
    assert not may_warn({**turn, "decision": "halt"})
    assert not may_warn({**turn, "age": 11})
