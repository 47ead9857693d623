"""Every mistake of a story is one sentence with its line, never a traceback, and none passes in silence."""

import os
import random
import re
from pathlib import Path

import pytest

from casework.scenario.nodes import Unreadable
from casework.scenario.reading import read

ROOT = Path(__file__).parents[2]
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
