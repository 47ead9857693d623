"""The product's tables equal docs/law.md, read here by a reader of its own."""

import re
from pathlib import Path

import pytest

from permissions.grid import GridError
from permissions.grid import parse as parse_matrix
from permissions.matrix import MATRIX
from workflows.clocks import CLOCKS
from workflows.clocks import parse as parse_clocks
from workflows.table import Incomplete, LawError, NotNow, Workflow, parse
from workflows.tracks import ASSIGNING_ACTIONS, BEGINNINGS, FACTS, WORKFLOWS, case_state

LAW = (Path(__file__).parents[2] / "docs" / "law.md").read_text()
BLOCKS = re.findall(r"```\n(.*?)```", LAW, re.DOTALL)


def law_tracks() -> dict[str, tuple[str, set[str], list[list[str]]]]:
    answer = {}
    for part in BLOCKS[0].strip().split("\n\n"):
        head, _, *rows = part.splitlines()
        found = re.search(r"start: (\w+)\s+final: (.*)$", head)
        assert found
        start, final = found.groups()
        answer[head.split()[0]] = (start, set(final.split()), [row.split() for row in rows])
    return answer


def test_every_row_of_every_track_is_the_law():
    law = law_tracks()
    assert set(law) == set(WORKFLOWS)
    for name, (start, final, rows) in law.items():
        workflow = WORKFLOWS[name]
        assert workflow.start == start
        assert workflow.final == final
        ours = [[s.source, s.action, s.target, *(s.needs or ["-"]), *([s.by] if s.by else [])] for s in workflow.steps]
        assert ours == rows


def test_every_fact_has_its_row_in_the_law():
    rows = re.findall(r"^\| ([^|]+) \|", LAW.split("## 2. Facts")[1].split("\n## ")[0], re.MULTILINE)
    words = {word for row in rows for word in re.findall(r"[\w*]+", row)}
    families = tuple(word.removesuffix("*") for word in words if word.endswith("_*"))
    assert [fact for fact in FACTS if fact not in words and not fact.startswith(families)] == []


def test_every_cell_of_the_matrix_is_the_law():
    block = next(b for b in BLOCKS if b.startswith("case actions"))
    listed = {}
    for panel in block.strip().split("\n\n"):
        head, *rows = panel.splitlines()
        for row in rows:
            action, *cells = row.split()
            for role, cell in zip(head.split()[2:], cells, strict=True):
                listed[action, role] = cell
    for action, row in MATRIX.items():
        for role, cell in row.items():
            assert cell == listed.pop((action.value, role.value), "."), (action, role)
    assert not listed


def test_every_clock_is_the_law():
    block = next(b for b in BLOCKS if b.startswith("code "))
    rows = [re.split(r"\s{2,}", line.strip(), maxsplit=6) for line in block.strip().splitlines()[1:]]
    assert [row[0] for row in rows] == list(CLOCKS)
    for row in rows:
        clock = CLOCKS[row[0]]
        assert row[1].split() == list(clock.starts)
        assert row[2].split() == list(clock.stops)
        amount, unit = row[3].split()
        assert [int(part) for part in amount.split(",")] == list(clock.numbers)
        assert unit.rstrip("s") == clock.unit.rstrip("s")
        assert (row[4], row[5]) == (clock.calendar, clock.mark)


def test_how_tracks_begin_is_the_law():
    table = LAW.split("### How tracks and handoffs begin")[1].split("`open_case` at any other")[0]
    rows = [[cell.strip().strip("`") for cell in line.split("|")[1:4]] for line in table.strip().splitlines()[2:]]
    ours = [[b.track, b.state, b.action.value] for b in BEGINNINGS]
    assert sorted(ours) == sorted(rows)


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ("from on to needs\na submit b nonsense", "nonsense is no fact"),
        ("from on to needs\na jump b -", "jump is no action"),
        ("from on to needs\na submit b", "a row needs"),
        ("from on to needs\na submit b -\na submit c -", "line 3: a answers submit twice"),
        ("from to\na b", "the header"),
        ("", "empty"),
    ],
)
def test_a_table_with_a_fault_does_not_load_and_names_its_line(table, complaint):
    with pytest.raises(LawError, match=re.escape(complaint)):
        parse(table)


def test_a_state_without_way_in_or_out_does_not_load():
    with pytest.raises(LawError, match="nothing leads to"):
        Workflow("x", "a", frozenset({"b"}), parse("from on to needs\na submit b -\nz decline b -"))
    with pytest.raises(LawError, match="has no exit"):
        Workflow("x", "a", frozenset({"b"}), parse("from on to needs\na submit c -\na decline b -"))


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ("case actions caseworker\nsubmit named\nsubmit own", "answered twice"),
        ("case actions caseworker\nsubmit", "0 cells for 1 roles"),
        ("case actions stranger\nsubmit named", "stranger is no role"),
        ("case actions caseworker\nsubmit sometimes", "sometimes is no cell"),
        ("case actions caseworker\nsubmit named", "has no row"),
    ],
)
def test_a_matrix_with_a_fault_does_not_load(table, complaint):
    with pytest.raises(GridError, match=complaint):
        parse_matrix(table)


def test_a_legal_term_without_its_source_does_not_load():
    head = "code  starts  stops  term  calendar  mark  source\n"
    with pytest.raises(LawError, match="has no source"):
        parse_clocks(head + "X  a  b  5 days  TERMIJNENWET  S")
    assert parse_clocks(head + "X  a  b  5 days  TERMIJNENWET  D")["X"].numbers == (5,)


def test_a_step_on_missing_facts_names_them_and_from_a_wrong_state_says_so():
    warning = WORKFLOWS["warning"]
    submit = warning.steps[0].action
    assert warning.step("draft", submit, {"legal_basis", "target"}).target == "submitted"
    with pytest.raises(Incomplete) as missing:
        warning.step("draft", submit, {"target"})
    assert missing.value.missing == ("legal_basis",)
    with pytest.raises(NotNow):
        warning.step("closed", submit, {"legal_basis", "target"})


def test_what_a_case_is_called_depends_on_the_viewer():
    assert case_state([("warning", "escalated"), ("help", "offered")], []) == "escalated"
    assert case_state([("safety", "received")], []) == "referral"
    assert case_state([], [("receiver", "delivered")]) == "referral"
    assert case_state([("warning", "warned")], [("sender", "delivered")]) == "follow_up"
    assert case_state([("warning", "closed")], [("sender", "started")]) == "closed"
    assert case_state([], []) == "closed"


def test_who_becomes_named_is_the_law():
    said = re.search(r"\*\*Naming\.\*\* (.*)", LAW)
    assert said
    doers, assigns, ends = said.group(1).split(";")
    named = set(re.findall(r"`(\w+)`", doers))
    assert {row.action.value for row in ASSIGNING_ACTIONS if row.who == "doer"} == named
    assert {row.action.value for row in ASSIGNING_ACTIONS if row.who == "assigned"} == set(re.findall(r"`(\w+)`", assigns))
    short = {row.action.value for row in ASSIGNING_ACTIONS if row.until_assigned}
    assert short == {"open_case", "acknowledge_handoff"}
    assert "an opener's or acknowledger's naming ends at the first `assign` to another unless kept" in ends


def test_only_what_the_law_lets_move_can_be_extended():
    for clock in CLOCKS.values():
        if clock.unit in {"hours", "minutes"} or (clock.mark in {"S", "So"} and clock.code != "INFORM_SUBJECT"):
            assert clock.extension is None, clock.code
    assert "+2 weeks each time" in CLOCKS["INFORM_SUBJECT"].source
    assert CLOCKS["INFORM_SUBJECT"].extension == (2, "weeks")
    assert CLOCKS["TRIAGE"].extension == (10, "working_days")
