"""What is within reach is asked in SQL (casework/sql/reach_*.sql): by the rules of the row policies, word for word.

In the place of what a policy looks up stands what the function has found by then, and a list that Python owns is a function
that answers it.
"""

import re
from pathlib import Path

import pytest

from casework import policies, sql_answers
from permissions.guard import among

SQL = Path(__file__).parents[2] / "casework" / "sql"
WHOLE = "".join(path.read_text() for path in sorted(SQL.glob("reach_*.sql")))
RULE = re.compile(r"reach_(\w+)\(asked uuid\).*?CASE WHEN a\.person IS NOT NULL AND \((.*?)\) THEN asked END;", re.DOTALL)
ASKED = dict(RULE.findall(WHOLE))
SHELL = f"r.content_object_id = asked AND ({policies.ruling('r')})"
RULES = {
    "case": (
        policies.in_emergency("r", SHELL, case="content_object_id", agency="group_id"),
        "r.content_object_id",
        "r.group_id",
    ),
    "track": (policies.in_emergency("r", policies.workflow_row("r")), "r.case_id", "r.agency_id"),
    "handoff": (policies.handoff("r"), "r.case_id", "r.agency_id"),
    "emergency": (policies.emergency("r"), "r.case_id", "r.agency_id"),
    "known_check": (policies.known_check("r"), "r.case_id", "r.agency_id"),
    "finding": (policies.finding("r"), "r.case_id", "r.agency_id"),
    "review": (policies.review("r"), "r.case_id", "r.agency_id"),
    "export": (policies.export("r"), "r.case_id", "r.agency_id"),
}
"""What policies say of each kind, with the columns that say its case and its agency."""
KNOWN = {"agency": "agency", "person": "person", "role": "role", "action": "action", "current_moment": "moment"}


def answered(rule, case, agency):
    """The rule with what is known by now in the place of what it would look up."""
    for said, known in (
        (policies.is_named(case), "named"),
        (policies.is_unwalled(case), "unwalled"),
        (policies.has_broken_glass(case, agency), "broken"),
        (policies.has_handoff(case), "at_end"),
    ):
        rule = rule.replace(said, known)
    for name, known in KNOWN.items():
        rule = rule.replace(f"lock.{name}()", f"a.{known}")
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
    rule, case, agency = RULES[kind]
    said = answered(rule, case, agency)
    wanted = said if kind == "case" else f"r.id = asked AND ({said})"
    assert plain(put_back(ASKED[kind])) == plain(wanted)


def test_every_kind_has_its_rule():
    assert set(ASKED) == set(RULES)
