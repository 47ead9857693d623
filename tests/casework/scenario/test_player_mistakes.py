"""Every mistake of a story is one sentence with its line, never a traceback, and none passes in silence."""

import os
import random
import re
from pathlib import Path

import pytest

from casework.scenario.nodes import Unreadable
from casework.scenario.reading import read

ROOT = Path(__file__).parents[3]
SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))
MUTATIONS = int(os.environ.get("MUTATIONS", "25"))
STORY = """agencies:
  p: {kind: police, name: Politie Voorbeeld}
  v: {kind: veilig_thuis, name: Veilig Thuis Voorbeeld}
people:
  a: {name: A, agency: p, roles: [police_liaison]}
  o: {name: O, agency: p, roles: [auditor]}
"""
OPENED = (
    'steps:\n  - {at: 2024-01-08T09:00, as: a, do: open_case, id: c, with: {premises: {street: S, number: "1", town: T}}}\n'
)
HERE = STORY + OPENED
OFFICER = STORY + "  z: {name: Z, agency: p, roles: [privacy_officer]}\n"
EXTREMES = (
    '"\\ud800"', '"\\0"', "0001-03-04", "9999-12-31", "9999-12-31T23:59:59", "0001-01-01T00:00:00+14:00", "2024-02-30",
    "2024-03-31T02:30", "99999999999999999999", "-1", "1.5", "[]", "{}", "[[]]", "{a: b}", "null", "true", "''", "'{n'",
    "!!python/object:os.system x", "&a [*a]", "a" * 300, "\u202e", "*nobody", "<<", "2024-01-08T09:00:00+99:00",
)  # fmt: skip
"""Values at the edges of dates, numbers and text."""


def told(tmp_path, text):
    """How a file is told to be wrong; nothing where it is read."""
    path = tmp_path / "story.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        read(path)
    except Unreadable as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("story", "words"),
    [
        (HERE.replace("Politie Voorbeeld", "voorbeeld.com"), "line 2: voorbeeld.com can be stored nowhere"),
        (HERE.replace("name: A,", "name: www.foto.nl,"), "line 5: www.foto.nl can be stored nowhere, and not in a name"),
        ("title: www.voorbeeld.com\n" + HERE, "line 1: www.voorbeeld.com can be stored nowhere, and not in a title"),
        (HERE.replace("Politie", "P\u043elitie"), "line 2: P\u043elitie has letters of two scripts"),
        (HERE.replace("[police_liaison]", "[police_liaison, police_liaison]"), "line 5: police_liaison stands twice"),
        (HERE + "report: {}\n", "line 9: an empty mapping expects nothing"),
        (HERE + "report: {visits: {}}\n", "line 9: an empty mapping expects nothing"),
        (HERE + "report: {tracks: {}}\n", "line 9: an empty mapping expects nothing"),
        (HERE + "agreements:\n" + 2 * "  - {from: p, to: v, groups: [identity]}\n", "line 10: p and v have two agreements"),
        (OFFICER + OPENED + "confirmed:\n" + 2 * "  - {agency: p, by: z}\n", "line 11: p confirms twice"),
        (OFFICER + OPENED + "confirmed: [{agency: p, by: z, bases: [WJSG_39F]}]\n", "line 10: WJSG_39F is no basis"),
        (HERE.replace("Politie Voorbeeld", '"Politie \\0 Voorbeeld"'), "line 2: the name of an agency has characters"),
        (STORY.replace("Politie Voorbeeld", '"Politie \\ud800"') + OPENED, "line 2: half a character"),
        (STORY + OPENED.replace("2024-01-08T09:00", "0001-03-04"), "line 8: a story plays between 1990 and 2100"),
        (STORY + OPENED.replace("2024-01-08T09:00", "9999-12-31"), "line 8: a story plays between 1990 and 2100"),
        (STORY + OPENED.replace("2024-01-08T09:00", "2024-03-31T02:30"), "line 8: 2024-03-31T02:30 is no moment: the clock"),
        (STORY + "steps: []\n", "line 1: a story without steps"),
        (STORY + OPENED + OPENED.splitlines()[1] + "\n", "line 9: c is the id of an earlier step or row"),
        (HERE + "  - {as: a, do: look, on: c, with: {note: {}}}\n", "line 9: look stores nothing"),
        (HERE + "  - {as: a, do: look, on: c, expect: refused}\n", "line 9: refused is no outcome of look"),
        (HERE + "  - {as: a, do: count, expect: malformed}\n", "line 9: malformed is no outcome of count"),
        (HERE + "  - {as: a, do: look, on: c, expect: {state: foo}}\n", "line 9: foo is no state of a case"),
        (HERE + "  - {as: a, do: look, on: c, expect: {tracks: {warning: received}}}\n", "line 9: received is no state of"),
        (HERE + "  - {as: a, do: look, on: c, expect: {due: {DRAFT: morgen}}}\n", "line 9: morgen is no date"),
        (HERE + "  - {as: a, do: look, on: c, expect: {sections: [letters]}}\n", "line 9: letters is no section"),
        (HERE + "  - {as: a, do: look, on: c, expect: {handoff: {end: middle}}}\n", "line 9: middle is no end of a handoff"),
        (HERE + "  - {as: a, do: look, on: c, expect: {record: {basis: WPG_7}}}\n", "line 9: WPG_7 is no basis of a record"),
        (HERE + "  - {as: a, do: count, expect: {count: many}}\n", "line 9: many is no count"),
        (HERE + "  - {as: o, do: log, expect: {words: {submit: once}}}\n", "line 9: once is no count"),
        (HERE + "report: {warned: abc}\n", "line 9: abc is no count"),
        (HERE + "report: {visits: {went_well: 1}}\n", "line 9: went_well is never among visits"),
        (HERE + "report: {tracks: {warning: {received: 1}}}\n", "line 9: received is never among warning"),
        (STORY + "calendar: [2024-05-10, 2024-05-10]\n" + OPENED, "line 7: 2024-05-10 stands twice"),
        (STORY + "calendar: {2024-05-10: a, '2024-05-10': b}\n" + OPENED, "line 7: 2024-05-10 stands twice"),
        (STORY + "calendar: [0001-03-04]\n" + OPENED, "line 7: 0001-03-04 is no day of a story"),
        (STORY + "agreements: [{from: p, to: p}]\n" + OPENED, "line 7: p shares with itself"),
        (STORY + "agreements: [{from: p, to: v}]\n" + OPENED, "line 7: an agreement names the field groups"),
        (STORY + "agreements: [{from: p, to: v, groups: []}]\n" + OPENED, "line 7: an agreement names the field groups"),
        (STORY + "agreements: [{from: p, to: v, groups: null}]\n" + OPENED, "line 7: nothing stands where a list should"),
        (STORY + "agreements:\n" + OPENED, "line 7: nothing stands where a list should"),
        (STORY + "confirmed: null\n" + OPENED, "line 7: nothing stands where a list should"),
        (STORY + "title: !!int 0x" + "f" * 6000 + "\n" + OPENED, "line 7: tag:yaml.org,2002:int is no kind of value here"),
        (STORY + "title: !!bool yes\n" + OPENED, "line 7: tag:yaml.org,2002:bool is no kind of value here"),
        (HERE.replace("Veilig Thuis Voorbeeld", "politie  voorbeeld"), "line 3: v and p are two agencies of one name"),
        (OFFICER + "confirmed: [{agency: p, by: z, bases: [WPG_15, WPG_15]}]\n" + OPENED, "line 8: WPG_15 stands twice"),
        (STORY + "calendar: {2024-05-10: https://voorbeeld.test}\n" + OPENED, "line 7: https://voorbeeld.test can be"),
        (STORY + OPENED.replace("2024-01-08T09:00", "2024-01-08T24:00"), "line 8: 2024-01-08T24:00 is no moment: a day has"),
        (STORY + OPENED.replace("2024-01-08T09:00", "2024-01-08T25:00"), "line 8: 2024-01-08T25:00 is no moment: a day has"),
        (HERE + "  - {at: 2024-01-08T08:59, as: a, do: list}\n", "line 9: the clock never runs back: the step before is at"),
        (HERE + "  - {as: a, do: look, expect: not_found}\n", "line 9: look needs what it looks at"),
        (HERE + "  - {as: a, do: list, on: c}\n", "line 9: list is of a person"),
        (HERE + "  - {as: a, do: look, on: c, id: d}\n", "line 9: look stores nothing: it takes no id"),
        (HERE + "  - {as: a, do: look, on: c, expect: {}}\n", "line 9: an empty mapping expects nothing"),
        (HERE + "  - {as: a, do: look, on: c, expect: {tracks: {}}}\n", "line 9: an empty mapping expects nothing"),
        (HERE + "  - {as: b, do: wait, at: 2024-01-09}\n", "line 9: b is no person of this scenario"),
        (HERE + "  - {as: a, do: look, on: c.contact}\n", "line 9: contact is no part of a case"),
        (HERE + "  - {as: a, do: look, on: c, expect: {items: [nonsense:x]}}\n", "line 9: nonsense is no field group"),
        (HERE + "  - {as: a, do: look, on: c, expect: {items: [concern]}}\n", "line 9: concern is never among items"),
        (HERE + "  - {as: a, do: look, on: c, expect: {stays: [concern:luck]}}\n", "line 9: luck is no reason to stay"),
        (HERE + "  - {as: a, do: list, expect: {mine: [sbmit c]}}\n", "line 9: sbmit is no verb of a worklist"),
        (HERE + "  - {as: a, do: list, expect: {first: sbmit c}}\n", "line 9: sbmit is no verb of a worklist"),
        (HERE + "  - {as: a, do: list, expect: {mine: [submit d]}}\n", "line 9: d is no id of an earlier step"),
        (HERE + "  - {as: a, do: list, expect: {cases: [d]}}\n", "line 9: d is no id of an earlier step"),
        (HERE + "  - {as: a, do: look, on: c, expect: {handoff: {package: two}}}\n", "line 9: two is no count"),
        (HERE + "  - {as: a, do: look, on: c, expect: {handoff: {acute: perhaps}}}\n", "line 9: perhaps is neither"),
        (HERE + "  - {as: a, do: submit, on: c, expect: {incomplete: []}}\n", "line 9: what is incomplete lacks a fact"),
        (HERE + "  - {as: a, do: submit, on: c, expect: {incomplete: [visit_team]}}\n", "line 9: no step of submit needs"),
        (HERE + "  - {as: a, do: add_note, on: c, expect: incomplete}\n", "line 9: add_note is never incomplete"),
        (HERE + "  - {as: a, do: submit, on: c, expect: {stale: {}}}\n", "line 9: an empty mapping expects nothing"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(story, words, tmp_path):
    assert told(tmp_path, story).startswith(words)


def test_a_story_of_every_kind_of_expectation_is_read(tmp_path):
    more = (
        "  - {as: a, do: look, on: c, expect: {state: referral, tracks: {warning: draft}, due: {DRAFT: 2024-01-22}}}\n"
        "  - {as: a, do: look, on: c, expect: not_found}\n"
        "  - {at: 2024-03-31T03:00, as: a, do: list, expect: {first: null, cases: [c]}}\n"
        "  - {as: o, do: log, expect: {words: {submit: 0}, refused: 0}}\n"
        "report: {visits: {warned: 0}, deadlines: {met: 0}, handoffs: {sent: null}, entries: {alter: 1}}\n"
    )
    assert told(tmp_path, STORY + OPENED + more) == ""


NOTE = "  - {as: a, do: add_note, on: c, with: {note: {kind: concern, text: x}}}\n"
PLAN = "  - {as: a, do: discard, id: d, dry: true, plan: [{on: c}]}\n"
MEET = "  - {as: a, do: submit, on: c, meets: [{as: a, do: submit, on: c}], expect: {ended: {done: 1, stale: 1}}}\n"
TERM = "  - {as: a, do: extend_deadline, on: c, with: {term: {clock: DRAFT, until: 2024-02-01, text: x}}}\n"
SHARE = "  - {as: a, do: write_record, on: c, with: {consent: {code: help, receiver: v}}}\n"
VISIT = "  - {as: a, do: record_visit, on: c, with: {visit_report: {warned: 1, cautioned: 'yes', date: 2024-01-02}}}\n"


@pytest.mark.parametrize(
    ("step", "there", "put", "words"),
    [
        (NOTE, "note:", "nota:", "nota is no part of add_note"),
        (NOTE, "kind:", "knd:", "knd is no column of note"),
        (NOTE, "concern", "gossip", "gossip is no code of this column: note.kind"),
        (NOTE, "text: x", "text: [x]", "a list is no text: note.text"),
        (NOTE, "text: x", "text: {a: b}", "a mapping is no text: note.text"),
        (NOTE, "text: x", "text: true", "True is no text: note.text"),
        (NOTE, "{kind: concern, text: x}", "x", "x stands where the mapping of note should"),
        (NOTE, "{note: {kind: concern, text: x}}", "[x]", "a list stands where a mapping should"),
        (NOTE, "text: x", "text: x, date: soon", "soon is no date: note.date"),
        (NOTE, "text: x", "text: x, date: 2024-02-30", "2024-02-30 is no date: note.date"),
        (NOTE, "text: x", "text: x, date: 2024-01-02T10:00", "2024-01-02T10:00 is no date: note.date"),
        (NOTE, "text: x", "text: x, burdening: perhaps", "perhaps is no yes or no: note.burdening"),
        (VISIT, "warned: 1", "warned: many", "many is no number: visit_report.warned"),
        (VISIT, "date: 2024", "officers: [A], date: 2024", "officers is no column of visit_report"),
        (TERM, "clock: DRAFT", "clock: NEVER", "NEVER is no code of this column: term.clock"),
        (TERM, "until: 2024-02-01", "until: 2024", "2024 is no date: term.until"),
        (SHARE, "receiver: v", "receiver: w", "w is no agency of this scenario: consent.receiver"),
        (SHARE, "receiver: v", "receiver: v, person: [c]", "a list is no person: consent.person"),
    ],
)
def test_what_is_given_to_an_act_is_judged_while_the_file_is_read(step, there, put, words, tmp_path):
    assert told(tmp_path, HERE + step) == ""
    assert there in step
    assert told(tmp_path, HERE + step.replace(there, put, 1)) == f"line 9: {words}"


def test_a_story_that_means_a_mistake_says_so_and_a_misspelt_name_stays_one(tmp_path):
    wrong = NOTE.replace("concern", "gossip")
    for means in ("malformed", "{malformed: note.kind}"):
        assert told(tmp_path, HERE + wrong.replace("}}}\n", f"}}}}, expect: {means}}}\n")) == ""
    elsewhere = wrong.replace("}}}\n", "}}, expect: {malformed: note.text}}\n")
    assert told(tmp_path, HERE + elsewhere) == "line 9: gossip is no code of this column: note.kind"
    misspelt = NOTE.replace("kind", "knd").replace("}}}\n", "}}, expect: malformed}\n")
    assert told(tmp_path, HERE + misspelt) == "line 9: knd is no column of note"
    never = NOTE.replace("}}}\n", "}}, expect: {malformed: note.colour}}\n")
    assert told(tmp_path, HERE + never) == "line 9: note.colour is no part.column of add_note"


@pytest.mark.parametrize(
    ("step", "there", "put", "words"),
    [
        (PLAN, "plan: [{on: c}]", "plan: []", "a plan has 1 to 500 lines"),
        (PLAN, "{on: c}]", "{on: e}]", "e is no id of an earlier step"),
        (PLAN, "{on: c}]", "{on: c, as: a}]", "as is no word here"),
        (PLAN, "do: discard", "do: add_note", "a plan is of steps of a track, each line with its own on, with and version"),
        (PLAN, "do: discard", "do: discard, on: c", "a plan is of steps of a track"),
        (PLAN, "dry: true", "dry: once", "dry is true or false, not once"),
        (PLAN, ", plan: [{on: c}]", "", "only a plan is run dry"),
        (PLAN, "dry: true, plan: [{on: c}]", "good_of: c", "c is no dry run of an earlier step"),
        (PLAN, "dry: true", "good_of: c", "the lines of good_of are those of its dry run"),
        (PLAN, "{on: c}]", "{on: c}], expect: {lines: [fine]}", "fine is no outcome"),
        (PLAN, "{on: c}]", "{on: c, with: {reason: {cod: other}}}]", "cod is no column of reason"),
        (MEET, "{done: 1, stale: 1}", "{done: 1}", "2 acts meet here"),
        (MEET, "{ended: {done: 1, stale: 1}}", "done", "acts that meet end as `ended` says"),
        (MEET, "{done: 1, stale: 1}", "{done: 1, late: 1}", "late is no outcome"),
        (MEET, "meets: [{as: a, do: submit", "meets: [{as: a, do: look", "look is no action that can meet another"),
        (MEET, "meets: [{as: a", "meets: [{as: b", "b is no person of this scenario"),
        (MEET, "meets: [{as: a, do: submit, on: c}]", "meets: []", "at most 64 acts meet, and at least two"),
        (NOTE, "on: c", "on: c, drawn: b", "b is no person of this scenario"),
        (NOTE, "do: add_note, on: c, with: {note: {kind: concern, text: x}}", "do: look, on: c, drawn: a", "look stores"),
        (NOTE, "}}}", "}}, expect: {stale: {whose: A}}}", "whose is not told of who was first"),
        (PLAN, "{on: c}]", "{on: c}], expect: {lines: [not_now, not_now]}", "the plan has 1 lines"),
        (PLAN, "{on: c}]", "{on: c}], expect: {lines: [done]}", "a plan of which each line is done ends in done"),
        (NOTE, "on: c", "on: c, drawn: o", "o is another person than a"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_plan_or_a_meeting_is_told_with_its_line(step, there, put, words, tmp_path):
    assert told(tmp_path, HERE + step) == ""
    assert there in step
    assert told(tmp_path, HERE + step.replace(there, put, 1)).startswith(f"line 9: {words}")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("{person: b, agency: v, roles: [caseworker]}", "b is no person who is named above"),
        ("{person: a, agency: p, roles: [caseworker]}", "a has a membership of p already"),
        ("{person: a, name: B, agency: v, roles: [caseworker]}", "a has a name already"),
    ],
)
def test_another_membership_is_of_somebody_who_is_named_above(row, words, tmp_path):
    assert told(tmp_path, STORY + f"  z: {row}\n" + OPENED).startswith(f"line 7: {words}")
    assert told(tmp_path, STORY + "  z: {person: a, agency: v, roles: [caseworker]}\n" + OPENED) == ""


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("{as: a, do: discard, good_of: d}", ""),
        ("{as: o, do: discard, good_of: d}", "d is a dry run of discard by a"),
        ("{as: a, do: submit, good_of: d}", "d is a dry run of discard by a"),
        ("{as: a, do: discard, good_of: e}", "e calls no line good"),
        ("{as: a, do: discard, good_of: d, expect: {lines: [not_now, done]}}", "d calls another number of lines good"),
        ("{as: a, do: submit, on: d, expect: malformed}", "d is no id of an earlier step"),
        ("{as: a, do: submit, on: f, expect: malformed}", "f is no id of an earlier step"),
    ],
)
def test_what_is_carried_out_of_a_dry_run_is_what_was_tried(step, words, tmp_path):
    dry = PLAN + PLAN.replace("id: d", "id: e").replace("}]}", "}], expect: {lines: [not_now]}}")
    dry += "  - {as: a, do: open_case, id: f, with: {premises: {town: T}}, expect: malformed}\n"
    assert told(tmp_path, HERE + dry + f"  - {step}\n") == (f"line 12: {words}" if words else "")


PACKAGE = "  - {as: a, do: prepare_handoff, on: c, with: {package: {items: [kim]}}, expect: malformed}\n"
ROWS = (
    "  - {as: a, do: write_record, on: c, with: {person: [{id: kim, role: minor}], note: {id: 7, kind: concern, text: x}}}\n"
)


@pytest.mark.parametrize(
    ("step", "there", "put", "words"),
    [
        (PACKAGE, "[kim]", "[kin]", "kin is no id of an earlier step or row: package.items"),
        (PACKAGE, "[kim]", "[kim.contract]", "kim.contract is no id of an earlier step or row: package.items"),
        (PACKAGE, "[kim]", "[identity, kim.contact]", ""),
        (PACKAGE, "[kim]", "identity concern", ""),
        (PACKAGE, "[kim]", "identity concerns", "identity concerns is no id of an earlier step or row: package.items"),
        (SHARE, "receiver: v}}", "receiver: v, person: kim}}", ""),
        (SHARE, "receiver: v}}", "receiver: v, person: nobody_here}}", "nobody_here is no id of an earlier step or row"),
        (SHARE, "receiver: v}}}", "receiver: v, person: kin}}, expect: malformed}", "kin is no id of an earlier step"),
        (NOTE, "note: {kind", "note: {id: kim, kind", "kim is the id of an earlier step or row"),
        (NOTE, "note: {kind", "note: {id: 7, kind", "7 is the id of an earlier step or row"),
        (NOTE, "note: {kind", "note: {id: [x], kind", "id is a word, not a list"),
    ],
)
def test_a_name_within_what_is_given_to_an_act_is_one_that_an_earlier_step_gave(step, there, put, words, tmp_path):
    assert there in step
    said = told(tmp_path, HERE + ROWS + step.replace(there, put, 1))
    assert said.startswith(f"line 10: {words}") if words else said == ""


def test_a_moment_may_be_written_again_and_is_then_the_second_after(tmp_path):
    same = "  - {at: 2024-01-08T09:00, as: a, do: look, on: c}\n"
    assert told(tmp_path, HERE + same * 3) == ""
    late = "  - {as: a, do: look, on: c, repeat: 100}\n  - {at: 2024-01-08T09:01, as: a, do: look, on: c}\n"
    assert told(tmp_path, HERE + late).startswith("line 10: the clock never runs back")
    assert told(tmp_path, HERE + late.replace("09:01", "09:02")) == ""


def mutated(text, chance):
    """A story with one thing changed: a value, a line or a piece of one."""
    lines = text.splitlines()
    place = chance.randrange(len(lines))
    line = lines[place]
    how = chance.choice(["value", "value", "value", "drop", "twice", "swap", "cut", "letter"])
    if how == "value":
        values = list(re.finditer(r"(?<=: )[^,{}\[\]]+|(?<=[\[,] )[^,{}\[\]:]+", line))
        values = values or list(re.finditer("^.*$", line))
        found = chance.choice(values)
        lines[place] = line[: found.start()] + chance.choice(EXTREMES) + line[found.end() :]
    elif how == "drop":
        del lines[place]
    elif how == "twice":
        lines.insert(place, line)
    elif how == "swap":
        other = chance.randrange(len(lines))
        lines[place], lines[other] = lines[other], line
    elif how == "cut":
        return "\n".join([*lines[:place], line[: chance.randrange(len(line) + 1)]])
    else:
        at = chance.randrange(len(line) + 1)
        lines[place] = line[:at] + chance.choice("\0\t:{}[]&*!%@`'\"#|>-,?\u2028\ud800é") + line[at:]
    return "\n".join(lines)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_no_change_of_a_story_ends_in_a_traceback(path, tmp_path):
    chance = random.Random(path.stem)
    text = path.read_text()
    for number in range(MUTATIONS):
        story = mutated(text, chance)
        said = told(tmp_path, story)
        assert said == "" or re.match(r"line \d+: \S", said), (number, said)
