"""The player reads strictly: a mistake is one sentence with its line, and what the documentation says is played."""

import json
import random
import re
from typing import Any

import pytest
import yaml

from casework.scenario.expecting import ended_as, matches
from casework.scenario.nodes import MOST_BYTES, Unreadable, numbered, read_nodes
from casework.scenario.reading import read
from tests.casework.scenario.test_scenarios import ROOT, SCENARIOS, replay

STORY = """\
title: Proef
agencies:
  p: {kind: police, name: Politie Voorbeeld}
  v: {kind: veilig_thuis, name: Veilig Thuis Voorbeeld}
people:
  a: {name: A, agency: p, roles: [police_liaison]}
agreements: [{from: p, to: v, groups: [identity]}]
calendar: [2024-01-15]
steps:
  - {at: 2024-01-08T09:00, as: a, do: open_case, id: c, with: {premises: {street: S, number: "1", town: T}}}
  - {as: a, do: look, on: c, expect: {state: referral}}
"""
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(f'*{before}' for _ in range(9))}]\n"
    for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)
MISTAKES = [
    ("title: Proef", "title: Proef\ntitle: Twee", "line 2: title stands twice"),
    ("name: Veilig Thuis Voorbeeld", "name: Politie Voorbeeld", "line 4: v and p are two agencies of one name"),
    ("groups: [identity]", "groups: [identiteit]", "line 7: identiteit is no field group"),
    ("[2024-01-15]", "[morgen]", "line 8: morgen is no date"),
    ("[2024-01-15]", "{2024-02-30: extra}", "line 8: 2024-02-30 is no date"),
    ("[2024-01-15]", "5", "line 8: 5 stands where a list should|where a mapping should"),
    ("street: S", 'street: "{n.__class__}"', "line 10: {n.__class__}: the number of a repeat"),
    ("street: S", 'street: "{n[0]}"', "line 10: .*the number of a repeat"),
    ("street: S", 'street: "{n!r}"', "line 10: .*the number of a repeat"),
    ("street: S", 'street: "{n:>9999999}"', "line 10: .*the number of a repeat"),
    ("on: c", "on: d", "line 11: d is no id of an earlier step"),
    ("on: c", "on: c.helpen", "line 11: helpen is no part of a case"),
    ("do: look", "do: kijk", "line 11: kijk is no action"),
    ("do: look", "do: [look]", "line 11: a list is no action"),
    ("as: a, do: look", "as: b, do: look", "line 11: b is no person"),
    ("as: a, do: look", "as: {a: b}, do: look", "line 11: as is a word, not a mapping"),
    ("{state: referral}", "{stat: referral}", "line 11: look answers no stat"),
    ("{state: referral}", "{tracks: {warnin: null}}", "line 11: warnin is never among tracks"),
    ("{state: referral}", "gelukt", "line 11: gelukt is no outcome"),
    ("{state: referral}", "[done]", "line 11: a list stands where a mapping should"),
    ("id: c", "id: c, repeat: 0", "line 10: repeat is a number from 1 to 5000, not 0"),
    ("id: c", "id: c, repeat: true", "line 10: repeat is a number"),
    ("id: c", "id: c, repeat: many", "line 10: repeat is a number"),
    ("id: c", "id: c, version: two", "line 10: version is a number"),
    ("id: c", "id: c, why: x", "line 10: why is no word here"),
    ("with: {premises:", "with: [premises], expect: {premises:", "line 10: a list stands where a mapping should"),
    ("2024-01-08T09:00", "2024-13-08T09:00", "line 10: 2024-13-08T09:00 is no moment"),
    ("2024-01-08T09:00", "[2024]", "line 10: .*is no moment"),
    ("kind: police", "kind: politie", "line 3: politie is no kind of agency"),
    ("kind: police", "kind: [police]", "line 3: a list is no kind of agency"),
    ("name: Politie Voorbeeld", "name: [Politie]", "line 3: the name of an agency is a word, not a list"),
    ("name: Politie Voorbeeld", f"name: {'P' * 121}", "line 3: the name of an agency has at most 120"),
    ("roles: [police_liaison]", "roles: police_liaison", "line 6: police_liaison stands where a list should"),
    ("roles: [police_liaison]", "roles: [agent]", "line 6: agent is no role"),
    ("roles: [police_liaison]", "roles: [police_liaison, auditor]", "line 6: .*may not meet"),
    ("roles: [police_liaison]", "roles: []", "line 6: .*needs a role"),
    ("agency: p, roles", "agency: q, roles", "line 6: q is no agency"),
    ("agency: p, roles", "agency: [p], roles", "line 6: a list is no agency"),
    ("  a: {name", "  courier: {name", "line 6: courier is the name of a system actor"),
    ("  a: {name", '  "a|b": {name', "line 6: .*is no name"),
    ("steps:\n", "steps: {}\nstappen:\n", "line 10: stappen is no word here"),
    ("- {at:", "- jump\n  - {at:", "line 10: jump stands where a mapping should"),
    ("title: Proef", "title: !!python/object/apply:os.system [id]", "line 1: .*is no kind of value"),
    ("title: Proef", "title: !!binary aGFsbG8=", "line 1: .*is no kind of value"),
    ("title: Proef", "title: *nergens", "line 1: found undefined alias"),
    ("title: Proef", "title: &x [*x]", "line 1: .*"),
    ("title: Proef", "? {a: b}\n: c\ntitle: Proef", "line 1: a mapping or list cannot be a name"),
    ("title: Proef", f"title: {'[' * 40}{']' * 40}", "line 1: the file holds too much"),
    ("title: Proef", f"title: {'[' * 4000}{']' * 4000}", "line 1: the file (holds too much|is nested too deeply)"),
    ("title: Proef", "title: Proef\n---\ntitle: Twee", "line 2: .*"),
    ("title: Proef", "title: Proef\x07", "line 1: a sign that is no text stands here"),
    ("title: Proef", BOMB + "title: Proef", "the file holds too much|is no word here"),
]


def written(tmp_path, text):
    path = tmp_path / "story.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(("there", "put", "said"), MISTAKES, ids=[put[:40] for _, put, _ in MISTAKES])
def test_a_mistake_in_a_file_is_one_sentence_with_its_line(there, put, said, tmp_path):
    assert there in STORY
    with pytest.raises(Unreadable) as met:
        read(written(tmp_path, STORY.replace(there, put, 1)))
    assert re.search(said, str(met.value)), met.value
    assert re.match(r"line \d+: ", str(met.value))
    assert "\n" not in str(met.value)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"steps", b"[]", b"a: b", b"- x", b"x" * (MOST_BYTES + 1), b"{", b"a: [", b"\t- a", b"null", b"5"],
)
def test_what_is_no_story_at_all_is_said_in_one_sentence(content, tmp_path):
    with pytest.raises(Unreadable, match=r"^line \d+: "):
        read(written(tmp_path, content))
    with pytest.raises(Unreadable, match="line 1: "):
        read(tmp_path)


def test_an_alias_within_an_alias_is_counted_as_often_as_it_stands(tmp_path):
    at_home = STORY.replace("with: {premises:", f"with: {{note: {'[' * 3}*j{']' * 3}, premises:")
    with pytest.raises(Unreadable, match="too many values"):
        read(written(tmp_path, at_home.replace("steps:\n", f"report: {{visits: [{BOMB_IN_FLOW}]}}\nsteps:\n")))


BOMB_IN_FLOW = "&a [x, x, x, x, x, x, x, x, x], " + ", ".join(
    f"&{name} [{', '.join(f'*{before}' for _ in range(9))}]" for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)


def places(value, path=()):
    """Every place in a story, as the path to it."""
    yield path
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in rows:
        yield from places(inner, (*path, name))


ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    10**17,
    1.5,
    "",
    "x" * 500,
    "{n",
    "{",
    [],
    {},
    [[]],
    {"a": {"b": []}},
    "2024-02-30",
    "\u202e",
    "%00",
]


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_story_with_anything_anywhere_is_read_or_refused_in_one_sentence(path, tmp_path):
    """Seeded: at two hundred places something odd stands instead; reading never fails in another way."""
    story = yaml.safe_load(path.read_text())
    chance = random.Random(path.stem)
    found = sorted(places(story), key=str)
    for _ in range(200):
        copy = json.loads(json.dumps(story, default=str))
        *way, last = chance.choice([place for place in found if place]) or (None,)
        inner = copy
        for name in way:
            inner = inner[str(name) if isinstance(inner, dict) else name]
        inner[str(last) if isinstance(inner, dict) else last] = chance.choice(ODD)
        try:
            read(written(tmp_path, yaml.safe_dump(copy)))
        except Unreadable as error:
            assert re.match(r"line \d+: [^\n]+$", str(error))


def test_only_plain_figures_and_truth_values_are_other_than_words(tmp_path):
    text = STORY.replace("street: S", "street: 0612345670, a: 12:30, b: yes, c: on, d: 1_000, e: 0x1F, f: true, g: 12")
    content = read_nodes(written(tmp_path, text)).plain["steps"][0]["with"]["premises"]
    assert content["street"] == "0612345670"
    assert [content[name] for name in "abcdefg"] == ["12:30", "yes", "on", "1_000", "0x1F", True, 12]


def test_a_merged_mapping_may_be_overruled_and_a_written_one_not(tmp_path):
    more = "  - &x {as: a, do: look, on: c}\n  - {<<: *x, expect: not_found}\n"
    assert read(written(tmp_path, STORY + more)).steps[-1].expect == "not_found"
    with pytest.raises(Unreadable, match="line 12: do stands twice"):
        read(written(tmp_path, STORY + "  - {as: a, do: look, do: list}\n"))


@pytest.mark.parametrize(
    ("expected", "found", "holds"),
    [
        ("done", "done", True),
        ("done", {"incomplete": ["reason"]}, False),
        ("incomplete", {"incomplete": ["reason"]}, True),
        ("refused", {"incomplete": ["reason"]}, False),
        ({"incomplete": ["reason"]}, {"incomplete": ["reason", "four_eyes"]}, False),
        ({"incomplete": ["reason"]}, "done", False),
        ("malformed", {"malformed": "note.text", "why": "required"}, True),
        ("done", {"malformed": "note.text", "why": "required"}, False),
        ({"malformed": "note.text"}, {"malformed": "note.text", "why": "required"}, True),
        ({"malformed": "note.kind"}, {"malformed": "note.text", "why": "required"}, False),
        ("stale", {"stale": {"who": "A", "action": "submit", "state": "submitted"}}, True),
        ({"stale": {"who": "A"}}, {"stale": {"who": "A", "action": "submit", "state": "submitted"}}, True),
        ({"stale": {"who": "B"}}, {"stale": {"who": "A", "action": "submit", "state": "submitted"}}, False),
        ({"lines": ["done", "stale"]}, {"lines": ["done", {"stale": {}}]}, True),
        ({"lines": ["stale", "done"]}, {"lines": ["done", {"stale": {}}]}, False),
        ({"lines": ["done"]}, {"lines": ["done", "done"]}, False),
        ({"lines": ["done"]}, "done", False),
        ({"ended": {"done": 1, "stale": 1}}, {"ended": {"done": 2}}, False),
        ({"ended": {"done": 1}}, {"ended": {"done": 1, "busy": 1}}, True),
    ],
)
def test_an_act_ends_in_exactly_the_word_that_the_story_says(expected, found, holds):
    assert ended_as(expected, found, is_look=False) is holds


@pytest.mark.parametrize(
    ("expected", "found", "holds"),
    [
        ({"tracks": {"safety": None}}, {"tracks": {}}, True),
        ({"tracks": {"safety": None}}, {"tracks": {"safety": "received"}}, False),
        ({"words": {"submit": 0}}, {"words": {}}, True),
        ({"words": {"submit": 0}}, {"words": {"submit": 1}}, False),
        ({"words": {"submit": 1}}, {"words": {}}, False),
        ({"items": []}, {"items": []}, True),
        ({"items": []}, {}, False),
        ({"tracks": {"help": {"started": 0}}}, {"tracks": {}}, True),
        ({"tracks": {"help": {"started": 0}}}, {}, True),
        ({"tracks": {"help": {"started": 0}}}, {"tracks": {"help": {"started": 1}}}, False),
        ({"tracks": {"help": {"started": 1}}}, {"tracks": {}}, False),
        ({"tracks": {"victim": ["open", "closed"]}}, {"tracks": {"victim": ["closed", "open"]}}, True),
        ({"tracks": {"safety": "received"}}, "not_found", False),
        ({"entries": True}, {"entries": 1}, False),
        ({"items": ["b", "a"]}, {"items": ["a", "b"]}, True),
        ({"items": ["a"]}, {"items": ["a", "a"]}, False),
    ],
)
def test_absence_and_zero_can_be_expected(expected, found, holds):
    assert matches(expected, found) is holds


def test_the_number_of_a_repeat_is_written_and_nothing_is_looked_into():
    assert numbered("a{n}-{n:03} {m} { n }", 7) == "a7-007 {m} { n }"


def test_the_story_of_the_documentation_is_played(admin, tmp_path):
    text = (ROOT / "docs" / "scenarios.md").read_text()
    blocks = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert len(blocks) >= 6
    done = replay(admin, written(tmp_path, "".join(blocks)))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["steps"] == sum(step.repeat for step in read(tmp_path / "story.yaml").steps)


def test_a_track_that_is_not_there_is_not_found_and_never_the_case_itself(admin, tmp_path):
    more = (
        "  - {as: a, do: look, on: c.victim, expect: not_found}\n"
        "  - {as: a, do: assess_needs, on: c.victim, expect: not_found}\n"
        "  - {as: o, do: log, on: c.victim, expect: {acts: {open_case: 0}}}\n"
        "  - {as: o, do: log, on: c, expect: {acts: {open_case: 1}}}\n"
        "  - {as: a, do: identify_victim, on: c, with: {person: &v {role: possible_victim, family_name: Een}}}\n"
        "  - {as: a, do: look, on: c, expect: {tracks: {victim: identified}}}\n"
        "  - {as: a, do: identify_victim, on: c, with: {person: {<<: *v, family_name: Twee}}}\n"
        "  - {as: a, do: look, on: c, expect: {tracks: {victim: [identified, identified]}}}\n"
    )
    auditor = "  o: {name: O, agency: p, roles: [auditor]}\nagreements"
    done = replay(admin, written(tmp_path, STORY.replace("agreements", auditor) + more))
    assert done.returncode == 0, done.stderr


def test_steps_before_the_first_moment_are_taken_in_the_seconds_before_it(admin, tmp_path):
    early = STORY.replace("{at: 2024-01-08T09:00, ", "{").replace(
        "{as: a, do: look, on: c", "{as: a, do: look, repeat: 9, on: c"
    )
    story = early + "  - {at: 2024-01-09T00:00, as: a, do: look, on: c, expect: {due: {DRAFT: 2024-01-23}}}\n"
    done = replay(admin, written(tmp_path, story))
    assert done.returncode == 0, done.stderr


def test_a_report_that_differs_ends_the_story_with_its_line(admin, tmp_path):
    told = STORY.replace("steps:\n", "report: {disclosures: 1, tracks: {warning: {draft: 1}}}\nsteps:\n")
    done = replay(admin, written(tmp_path, told))
    assert done.returncode == 1
    assert "line 9: report: expected {'disclosures': 1" in done.stderr
    assert "Traceback" not in done.stderr
    good = replay(admin, written(tmp_path, told.replace("disclosures: 1", "disclosures: 0, visits: {warned: 0}")))
    assert good.returncode == 0, good.stderr
