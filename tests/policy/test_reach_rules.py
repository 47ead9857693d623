"""What is within reach is asked in SQL (casework/sql/reach_*.sql): by the rules of the row policies, word for word.

Both are said by the same rules (casework/lock/policies.py): in the place of what a policy looks up stands what the function
has found by then, and a list that Python owns is a function that answers it.
"""

import re
from pathlib import Path

import pytest

from casework.lock import sql_answers
from casework.lock.policies import Rules
from permissions.guard import among

SQL = Path(__file__).parents[2] / "casework" / "sql"
WHOLE = "".join(path.read_text() for path in sorted(SQL.glob("reach_*.sql")))
RULE = re.compile(r"reach_(\w+)\(asked uuid\).*?CASE WHEN a\.person IS NOT NULL AND \((.*?)\) THEN asked END;", re.DOTALL)
ASKED = dict(RULE.findall(WHOLE))
KNOWN = {"agency": "agency", "person": "person", "role": "role", "action": "action", "current_moment": "moment"}


class Answers(Rules):
    """The rules on a row whose answers the function has found by then: nothing is looked up."""

    def __init__(self, case: str = "r.case_id", agency: str = "r.agency_id") -> None:
        self.case, self.of_agency = case, agency

    def said(self, name):
        return f"a.{KNOWN[name]}"

    def _answer(self, case, known):
        assert case == self.case, "nothing was looked up about another case"
        return known

    def is_named(self, case):
        return self._answer(case, "named")

    def is_unwalled(self, case):
        return self._answer(case, "unwalled")

    def has_broken_glass(self, case, agency):
        assert agency == self.of_agency, "nothing was looked up about another agency"
        return self._answer(case, "broken")

    def has_handoff(self, case):
        return self._answer(case, "at_end")


def case_rule():
    rules = Answers("r.content_object_id", "r.group_id")
    shell = f"r.content_object_id = asked AND ({rules.participation('r')})"
    return rules.in_emergency("r", shell, case="content_object_id", agency="group_id")


ROW = Answers()
RULES = {
    "case": case_rule(),
    "overseen": f"r.content_object_id = asked AND ({Answers('r.content_object_id').overseen('r')})",
    "track": ROW.in_emergency("r", ROW.workflow_row("r")),
    "handoff": ROW.handoff("r"),
    "emergency": ROW.emergency("r"),
    "known_check": ROW.known_check("r"),
    "finding": ROW.finding("r"),
    "review": ROW.review("r"),
    "export": ROW.export("r"),
}
"""What the rules say of each kind, of what was found by then."""


def answered(rule):
    """The rule without what is of no account."""
    assert "lock." not in rule, "it still looks something up"
    assert "FROM" not in rule, "it still looks something up"
    return re.sub(r"\(SELECT (a\.\w+)\)", r"\1", rule).replace(" AND true AND ", " AND ")


def put_back(rule):
    """The rule of a file with the answers of Python in the place of the functions."""

    def words(found):
        answer = sql_answers.CONSTANTS[found[2]]
        assert isinstance(answer, tuple)
        return among(found[1], answer)

    rule = re.sub(r"([\w.]+) = ANY \((lock\.\w+)\(\)\)", words, rule)
    years = re.compile(r"make_interval\(years => (lock\.\w+)\(\)\)")
    return years.sub(lambda found: f"interval '{sql_answers.CONSTANTS[found[1]]} years'", rule)


def plain(rule):
    return re.sub(r"\s", "", rule)


@pytest.mark.parametrize("kind", RULES)
def test_what_is_within_reach_is_what_the_policy_shows(kind):
    said = answered(RULES[kind])
    wanted = said if kind in {"case", "overseen"} else f"r.id = asked AND ({said})"
    assert plain(put_back(ASKED[kind])) == plain(wanted)


def test_every_kind_has_its_rule():
    assert set(ASKED) == set(RULES)
