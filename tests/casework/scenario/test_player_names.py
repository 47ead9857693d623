"""Names, ids and expectations of a story that mean nothing are mistakes of the file, and never ignored."""

from contextlib import nullcontext

import pytest

from casework.entries.table import ON_NOTHING
from casework.scenario.nodes import Unreadable
from casework.scenario.reading import read
from tests.casework.scenario.test_player_mistakes import HERE, NOTE, OPENED, PLAN, SHARE, STORY, told

MEETING = (
    "  - {as: a, do: add_note, on: c, with: {note: {kind: concern, text: x}}, meets: [{as: a, do: correct_note, on: c,"
    " with: {correction: {note: n, text: y}}}], expect: {ended: {done: 1, malformed: 1}}}\n"
)
NAMED = "  - {as: a, do: add_note, id: n, on: c, with: {note: {kind: concern, text: x}}}\n"
CALL = "  - {as: a, do: ask_emergency, with: {emergency: {reference: c, code: child_at_risk_now, text: x}}}\n"
LATE = "  - {as: a, do: submit, on: c, version: 0, expect: {stale: {who: A}}}\n"
GIVEN = "  - {as: a, do: assign, on: c, with: {assignment: {person: a}}, expect: malformed}\n"


@pytest.mark.parametrize(
    ("step", "there", "put", "words"),
    [
        (MEETING, "note: n,", "note: nope,", "nope is no id of an earlier step or row: correction.note"),
        (MEETING, "note: n,", "note: 7,", "7 is no row: correction.note"),
        (MEETING, "do: correct_note, on: c", "do: correct_note, on: e", "e is no id of an earlier step"),
        (CALL, "reference: c", "reference: e", "e is no id of an earlier step or row: emergency.reference"),
        (CALL, "reference: c", "reference: 2024-ab12cd", ""),
        (LATE, "who: A", "who: Veilig Thuis Voorbeeld", ""),
        (LATE, "who: A", "who: Aa", "Aa is the name of no person and no agency of this scenario"),
        (GIVEN, "person: a", "person: aa", "aa is no person of this scenario: assignment.person"),
        (NOTE, "}}}", "}}, expect: {malformed: note.date}}", ""),
    ],
)
def test_a_misspelt_name_is_a_mistake_wherever_a_story_names_something(step, there, put, words, tmp_path):
    assert told(tmp_path, HERE + NAMED + step) == ""
    assert there in step
    said = told(tmp_path, HERE + NAMED + step.replace(there, put, 1))
    assert said.startswith(f"line 10: {words}") if words else said == ""


@pytest.mark.parametrize(
    ("step", "there", "put", "words"),
    [
        (MEETING, "{note: n,", "{id: z, note: n,", "a row of a line, or of an act that meets another takes no id"),
        (MEETING, "do: correct_note, on: c", "do: add_note, on: c", ""),
        (PLAN, "{on: c}", "{on: c, with: {reason: {id: z, code: other}}}", "a row of a line, or of an act that meets"),
        (PLAN, "{on: c}", "{on: c, id: z}", "id is no word here"),
        (PLAN, ", dry: true", "", "a plan that is carried out makes nothing to name: it takes no id"),
        (SHARE, "{consent: {", "{criteria: {id: z}, consent: {", "a row of criteria takes no id"),
        (CALL, "{emergency: {", "{emergency: {id: z, ", "a row of emergency takes no id"),
        (CALL, "do: ask_emergency", "do: ask_emergency, on: c", "ask_emergency is on nothing: it takes no on"),
    ],
)
def test_an_id_or_an_on_that_means_nothing_is_refused_and_never_ignored(step, there, put, words, tmp_path):
    assert told(tmp_path, HERE + NAMED + step) == ""
    assert there in step
    changed = step.replace(there, put, 1).replace("{correction: {note: n, text: y}}", "{note: {kind: concern, text: y}}")
    said = told(tmp_path, HERE + NAMED + (step.replace(there, put, 1) if words else changed))
    assert said.startswith(f"line 10: {words}") if words else said == ""


@pytest.mark.parametrize("do", sorted(ON_NOTHING))
def test_what_is_on_nothing_takes_no_on(do, tmp_path):
    assert told(tmp_path, HERE + f"  - {{as: a, do: {do}, expect: malformed}}\n") == ""
    said = told(tmp_path, HERE + f"  - {{as: a, do: {do}, on: c, expect: malformed}}\n")
    assert said == f"line 9: {do} is on nothing: it takes no on"
    never = told(tmp_path, HERE + f"  - {{as: a, do: {do}, expect: {{malformed: on}}}}\n")
    assert never == f"line 9: {do} is on nothing: no mistake is there"


def test_a_search_makes_nothing_to_name(tmp_path):
    step = "  - {as: a, do: search_own, id: z, with: {search: {words: Proef}}}\n"
    assert told(tmp_path, HERE + step).startswith("line 9: search_own makes nothing to name")


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("look, on: c, expect: {tracks: {warning: []}}", "warning is never a list of 0"),
        ("look, on: c, expect: {tracks: {warning: [draft]}}", "warning is never a list of 1"),
        ("look, on: c, expect: {tracks: {warning: [draft, null]}}", "nothing is never among several of warning"),
        ("look, on: c, expect: {due: {DRAFT: []}}", "DRAFT is never a list of 0"),
        ("look, on: c, expect: {due: {DRAFT: [2024-01-22]}}", "DRAFT is never a list of 1"),
        ("look, on: c, expect: {sections: [notes, notes]}", "notes stands twice"),
        ("list, expect: {cases: [c, c]}", "c stands twice"),
        ("list, expect: {cases: null}", "cases is never absent from what list answers"),
        ("list, expect: {mine: null}", "mine is never absent"),
        ("list, expect: {mine: [], others: [], first: submit c}", "submit c is no row of mine or others"),
        ("list, expect: {mine: [submit c], cases: []}", "c has a row, and so stands among cases"),
        ("count, expect: {count: null}", "count is never absent"),
        ("count, expect: {count: 1001}", "a worklist is counted to 1000"),
        ("log, expect: {entries: null}", "entries is never absent"),
        ("log, expect: {words: null}", "words is never absent"),
        ("submit, on: c, expect: {incomplete: [legal_basis, legal_basis]}", "legal_basis stands twice"),
        ("submit, on: c, expect: {stale: {who: null}}", "nothing is nobody's name"),
        ("submit, on: c, expect: {malformed: operation}", "an operation without a name of its own"),
        ("submit, on: c, expect: other_membership", "submit was drawn in the membership in which it is sent"),
        ("submit, on: c, drawn: a, expect: other_membership", "submit was drawn in the membership in which it is sent"),
        ("submit, on: c, drawn: y", "a form that was drawn in another membership ends in other_membership"),
        ("submit, on: c, drawn: y, expect: not_now", "a form that was drawn in another membership ends in other_membership"),
        ("discard, plan: [{on: c}], expect: not_now", "not_now is how a line ends"),
        ("discard, plan: [{on: c}], expect: {incomplete: [reason]}", "incomplete is how a line ends"),
        ("discard, plan: [{on: c}], expect: {lines: [busy]}", "busy is how a whole plan ends"),
        ("discard, plan: [{on: c}], operation: q, expect: {lines: [{malformed: operation}]}", "malformed is how a whole"),
        (
            "submit, on: c, meets: [{as: a, do: submit, on: c}], expect: {ended: {done: 1, other_membership: 1}}",
            "each form that was drawn in another membership",
        ),
    ],
)
def test_what_can_never_be_found_is_not_expected(step, words, tmp_path):
    told_so = told(
        tmp_path, STORY + "  y: {person: a, agency: v, roles: [caseworker]}\n" + OPENED + f"  - {{as: a, do: {step}}}\n"
    )
    assert told_so.startswith(f"line 10: {words}"), told_so


@pytest.mark.parametrize("name", ["warned", "visits", "tracks", "disclosures"])
def test_no_figure_of_the_report_is_ever_absent(name, tmp_path):
    said = f"line 9: {name} is never absent from the report: zero says that there is none"
    assert told(tmp_path, HERE + f"report: {{{name}: null}}\n") == said
    assert told(tmp_path, HERE + "report: {visits: {warned: null}, tracks: {safety: null}}\n") == ""


@pytest.mark.parametrize(("kind", "fits"), [("helpline_anonymous", False), ("prosecution", True), ("veilig_thuis", True)])
def test_an_agreement_that_would_carry_nothing_is_refused(kind, fits, tmp_path):
    story = STORY.replace("kind: veilig_thuis", f"kind: {kind}") + "agreements: [{from: p, to: v, groups: [identity]}]\n"
    words = f"line 7: no basis carries anything from police to {kind}: an agreement would carry nothing"
    assert told(tmp_path, story + OPENED) == ("" if fits else words)
    back = story.replace("from: p, to: v", "from: v, to: p")
    carries = kind == "veilig_thuis"
    assert told(tmp_path, back + OPENED) == (
        "" if carries else f"line 7: no basis carries anything from {kind} to police: an agreement would carry nothing"
    )
    with pytest.raises(Unreadable) if not fits else nullcontext():
        (tmp_path / "people.yaml").write_text(story)
        read(tmp_path / "people.yaml", without_steps=True)
