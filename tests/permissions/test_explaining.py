"""An explanation, without a database: which grants it rests on, since when, until when, and why not."""

from datetime import UTC, datetime, timedelta

import pytest

from permissions.explaining import Grant, Member, explain, relation_at
from permissions.vocabulary import Action, Role

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINE, OTHERS = 1, 2
LIES = Member(7, "Lies Liaison", MINE, (Role.POLICE_LIAISON,))
DIRK = Member(8, "Dirk Decider", MINE, (Role.POLICE_LIAISON, Role.TRIAGE_DECIDER))
KARIN = Member(9, "Karin Checker", MINE, (Role.QUALITY_CHECKER,))


def grant(kind, *, person=None, agency=MINE, since=START, until=None):
    return Grant(kind, person, agency, "why", 3, since, until, "WPG_8")


PARTICIPATION, KEEPS = grant("participation"), grant("keeps", since=START + HOUR)
NAMED = grant("assignment", person=7, since=START + 2 * HOUR, until=START + 5 * HOUR)


def test_a_grant_begins_and_ends_at_its_instant():
    assert [NAMED.runs(START + hours * HOUR) for hours in (1.99, 2, 4.99, 5)] == [False, True, True, False]
    assert PARTICIPATION.runs(START + 10000 * HOUR)


def test_who_is_named_may_by_participation_and_assignment_since_the_later_until_the_earlier():
    said = explain(LIES, [PARTICIPATION, KEEPS, NAMED], Action.READ_RECORD, START + 3 * HOUR)
    assert said.decision.allowed
    assert said.decision.why == "read_record: police_liaison where named"
    assert (said.role, said.action) == (Role.POLICE_LIAISON, Action.READ_RECORD)
    assert said.grants == (PARTICIPATION, NAMED)
    assert (said.since, said.until) == (NAMED.since, NAMED.until)


def test_what_rests_on_two_grants_that_end_lasts_until_the_first_of_them_does():
    until = START + 4 * HOUR
    said = explain(LIES, [grant("participation", until=until), NAMED], Action.READ_RECORD, START + 3 * HOUR)
    assert until < NAMED.until
    assert said.until == until


def test_whose_agency_keeps_a_record_may_by_the_second_role():
    said = explain(DIRK, [PARTICIPATION, KEEPS, NAMED], Action.READ_RECORD, START + 3 * HOUR)
    assert said.role is Role.TRIAGE_DECIDER
    assert said.grants == (PARTICIPATION, KEEPS)
    assert (said.since, said.until) == (KEEPS.since, None)
    before = explain(DIRK, [PARTICIPATION, KEEPS], Action.READ_RECORD, START)
    assert not before.decision.allowed
    assert before.decision.why == "read_record: police_liaison only where named", "the first role's no"
    assert (before.role, before.grants, before.since, before.until) == (None, (), None, None)


@pytest.mark.parametrize(
    "grants",
    [
        [grant("assignment", person=7)],
        [grant("keeps")],
        [grant("participation", agency=OTHERS), grant("assignment", person=7, agency=OTHERS)],
        [PARTICIPATION, grant("assignment", person=8)],
        [PARTICIPATION, grant("assignment", person=7, until=START)],
    ],
)
def test_a_grant_alone_or_of_another_opens_nothing(grants):
    for member in (LIES, Member(7, "Lies", MINE, (Role.TRIAGE_DECIDER,))):
        assert not explain(member, grants, Action.READ_RECORD, START).decision.allowed


def test_a_wall_of_one_s_own_beats_everything_and_of_another_nothing():
    wall = grant("wall", person=7, agency=OTHERS)
    grants = [PARTICIPATION, grant("assignment", person=7), wall]
    said = explain(LIES, grants, Action.SEE_CASE, START)
    assert not said.decision.allowed
    assert "a wall stands" in said.decision.why
    assert (said.action, said.grants, said.role) == (Action.SEE_CASE, (wall,), None)
    assert explain(LIES, [*grants[:2], grant("wall", person=8)], Action.SEE_CASE, START).decision.allowed


def test_an_emergency_opens_without_a_part_in_the_case():
    opened = grant("emergency", person=7, until=START + 4 * HOUR)
    said = explain(LIES, [opened], Action.READ_RECORD, START + HOUR)
    assert (said.decision.why, said.grants) == ("read_record: emergency access", (opened,))
    assert said.until == START + 4 * HOUR
    assert not explain(LIES, [opened], Action.READ_RECORD, START + 4 * HOUR).decision.allowed
    assert not explain(LIES, [grant("emergency", person=8)], Action.READ_RECORD, START).decision.allowed


@pytest.mark.parametrize("end", ["sender", "receiver"])
def test_an_end_of_a_handoff_shows_the_shell_while_the_agency_takes_part(end):
    said = explain(KARIN, [PARTICIPATION, grant(end)], Action.SEE_CASE, START)
    assert said.decision.allowed
    assert said.decision.why == "see_case: quality_checker where end"
    assert {row.kind for row in said.grants} == {"participation", end}
    assert not explain(KARIN, [grant(end)], Action.SEE_CASE, START).decision.allowed
    assert not explain(KARIN, [PARTICIPATION, grant(end)], Action.READ_RECORD, START).decision.allowed
    relation, mine = relation_at(KARIN, [PARTICIPATION, grant(end)], START)
    assert relation.ends_of == {(end, "prepared" if end == "sender" else "delivered")}
    assert len(mine) == 2


def test_what_needs_only_the_agency_rests_on_its_part():
    said = explain(KARIN, [PARTICIPATION, KEEPS], Action.DECLARE_CONFLICT, START + HOUR)
    assert said.decision.allowed
    assert said.grants == (PARTICIPATION,)


def test_without_a_role_nothing_is_explained_as_allowed():
    nobody = Member(7, "Lies", MINE, ())
    said = explain(nobody, [PARTICIPATION, NAMED], Action.SEE_CASE, START + 3 * HOUR)
    assert said.decision.why == "see_case: never for visitor"
    assert (said.action, said.role, said.grants) == (Action.SEE_CASE, None, ())
    walled = explain(nobody, [PARTICIPATION, grant("wall", person=7)], Action.SEE_CASE, START)
    assert "wall" in walled.decision.why
