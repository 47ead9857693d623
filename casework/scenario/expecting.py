"""What a story may expect of a step, a look or the report, and whether it is what was found."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from casework.input.codes import LOOK_UPS, VISIT_OUTCOMES, WPG_ARTICLES
from casework.input.dates import read_day
from casework.input.moments import read_moment
from casework.input.parts import columns_of, parts_for
from casework.oversight.formats import FHIR_ACTION
from casework.packages.staying import REASONS
from casework.scenario.contents import ANYTHING
from casework.scenario.nodes import Said, Unreadable, brief
from casework.selectors.sections import SECTIONS
from casework.selectors.waiting_steps import VERBS
from permissions.bases import BASES, GROUPS, processing_bases
from permissions.vocabulary import Action, AgencyKind
from workflows.clocks import TERMS
from workflows.fitting import deciding
from workflows.tracks import CASE_STATES, FACTS, TRACKS, WORKFLOWS

OUTCOMES = frozenset(
    {"done", "refused", "not_now", "incomplete", "stale", "not_found", "malformed", "busy", "other_membership"},
)
SEEN: Mapping[str, frozenset[str]] = {
    "look": frozenset({"state", "tracks", "sections", "items", "record", "due", "handoff", "stays"}),
    "list": frozenset({"cases", "mine", "others", "first"}),
    "count": frozenset({"count"}),
    "log": frozenset({"entries", "refused", "words", "acts"}),
    "wait": frozenset(),
}
"""What each look answers."""
LOOKS = frozenset(SEEN)
ENDINGS: Mapping[str, frozenset[str]] = {
    "look": frozenset({"done", "not_found"}),
    "list": frozenset({"done", "refused"}),
    "count": frozenset({"done", "refused"}),
    "log": frozenset({"done", "refused"}),
    "wait": frozenset({"done"}),
}
"""In which words a look can end."""
INNER: Mapping[str, frozenset[str]] = {
    "tracks": frozenset(TRACKS),
    "due": frozenset(TERMS),
    "words": frozenset({*Action, *LOOK_UPS}),
    "acts": frozenset(Action),
    "record": frozenset({"basis", "wpg_article"}),
    "handoff": frozenset({"kind", "state", "basis", "end", "version", "package", "acute"}),
}
"""The names that may stand within an answer: a misspelt one would otherwise be absent, and so as expected."""
SECTION_NAMES = frozenset({*SECTIONS, "steps"})
CODES: Mapping[str, Mapping[str, frozenset[str]]] = {
    "record": {
        "basis": frozenset(code for kind in AgencyKind for code in processing_bases(kind)),
        "wpg_article": frozenset({*WPG_ARTICLES, ""}),
    },
    "handoff": {
        "kind": frozenset(GROUPS),
        "state": frozenset(WORKFLOWS["handoff"].states),
        "basis": frozenset(BASES),
        "end": frozenset({"sender", "receiver"}),
    },
}
"""The words that an answer can hold, where it holds a code."""
COUNTED, LISTED = (
    frozenset({"count", "entries", "refused"}),
    frozenset({"sections", "items", "stays", "cases", "mine", "others"}),
)
REPORT_NAMES: Mapping[str, frozenset[str]] = {
    "visits": frozenset(VISIT_OUTCOMES),
    "handoffs": frozenset(WORKFLOWS["handoff"].states),
    "deadlines": frozenset({"met", "overdue", "open"}),
    "entries": frozenset(FHIR_ACTION),
}
"""The names of what a figure counts apart."""
REPORT = frozenset(
    {
        "visits", "warned", "homes_searched", "data_carriers", "arrests", "help_information_given", "tracks", "handoffs",
        "disclosures", "deadlines", "refusals", "entries",
    },
)  # fmt: skip
"""The figures of the report."""


def check_expected(said: Said, do: str, *, lines: int | None = None, meets: int = 0) -> Any:
    """Return what a step should end in; raises Unreadable for what no such step can end in.

    `lines` says of a plan how many lines it has, 0 where a dry run says so, and `meets` how many acts are done at the
    same moment.
    """
    if meets:
        return _check_meeting(said, meets + 1)
    if isinstance(said.value, str):
        return _check_word(said, do)
    if do not in LOOKS:
        return _check_lines(said, do, lines) if lines is not None and "lines" in said.rows else _check_ending(said, do)
    _refuse_empty(said)
    return _check_look(said, do)


def _check_word(said: Said, do: str) -> str:
    word = said.one_of(ENDINGS.get(do, OUTCOMES), f"outcome of {do}" if do in LOOKS else "outcome")
    if word == "incomplete" and not facts_asked(do):
        raise Unreadable(said.line, f"{do} is never incomplete: no step needs a fact for it")
    return word


def facts_asked(do: str) -> frozenset[str]:
    """Return every fact that an act can lack: what its rows need, and what closes it by a code or was found since."""
    action = Action(do)
    rows = [step for workflow in WORKFLOWS.values() for step in workflow.steps if step.action is action]
    needs = {fact for step in rows for fact in (*step.needs, *deciding(step.source, action))}
    return frozenset(needs | (FOUND_SINCE if action in {Action.SCHEDULE_VISIT, Action.WARN} else set()))


FOUND_SINCE = {"no_exclusion", "prior_warning_checked"}
"""What opened a visit and may have come to hold no longer when it is scheduled, or the warning is given."""


def _refuse_empty(said: Said) -> None:
    """Refuse an expectation that names nothing: it would hold of whatever was found."""
    if isinstance(said.value, Mapping):
        if not said.value:
            raise Unreadable(said.line, "an empty mapping expects nothing, and so proves nothing")
        for inner in said.rows.values():
            _refuse_empty(inner)


def _check_look(said: Said, do: str) -> Any:
    for name, inner in said.rows.items():
        if name not in SEEN[do]:
            raise Unreadable(inner.line, f"{do} answers no {brief(name)}")
        if inner.value is None:
            continue
        if name in INNER:
            _check_inner(name, inner)
        if name == "state":
            inner.one_of(CASE_STATES, "state of a case")
        if name in COUNTED:
            _check_count(inner)
        if name in LISTED:
            _check_list(name, inner)
        if name == "first":
            _check_row(name, inner)
    return said.plain


def _check_meeting(said: Said, acts: int) -> Any:
    """Check how many of the acts that meet end in which word."""
    counts = said.rows.get("ended") if isinstance(said.value, Mapping) else None
    if counts is None or len(said.rows) > 1:
        raise Unreadable(said.line, "acts that meet end as `ended` says: how many in which word")
    for word, count in counts.rows.items():
        Said(word, count.line).one_of(OUTCOMES, "outcome")
        _check_count(count)
    if sum(count.value for count in counts.rows.values()) != acts:
        raise Unreadable(counts.line, f"{acts} acts meet here: `ended` counts each of them once")
    return said.plain


def _check_lines(said: Said, do: str, number: int) -> Any:
    """Check how each line of a plan ends; where each line ends in done, the plan has ended in that word itself."""
    if len(said.rows) > 1:
        raise Unreadable(said.line, "a plan ends in one word, or in lines: how each of them ended")
    lines = said.rows["lines"]
    if len(lines.items) != (number or len(lines.items)):
        raise Unreadable(lines.line, f"the plan has {number} lines: `lines` says of each how it ended")
    for line in lines.items:
        if isinstance(line.value, str):
            _check_word(line, do)
        else:
            _check_ending(line, do)
    if all(line.value == "done" for line in lines.items):
        raise Unreadable(lines.line, "a plan of which each line is done ends in done, not in lines")
    return said.plain


def _check_ending(said: Said, do: str) -> Any:
    if not isinstance(said.value, Mapping) or len(said.value) != 1 or set(said.value) - set(TOLD):
        raise Unreadable(said.line, "an act ends in one word, or in one of incomplete, malformed, stale with what is told")
    for word, inner in said.rows.items():
        TOLD[word](inner, do)
    return said.plain


def _check_missing(said: Said, do: str) -> None:
    if not said.items:
        raise Unreadable(said.line, "what is incomplete lacks a fact: name each of them")
    for fact in said.items:
        if fact.one_of(FACTS, "fact") not in facts_asked(do):
            raise Unreadable(fact.line, f"no step of {do} needs {fact.value}")


def _check_column(said: Said, do: str) -> None:
    """Check that what is malformed is a part or column that this action has, or what the act is on."""
    action = Action(do)
    names = {f"{part}.{column.name}" for part in parts_for(action) for column in columns_of(part, action)}
    said.one_of({*names, *parts_for(action), *BESIDE_PARTS}, f"part.column of {do}")


def _check_first(said: Said, _do: str) -> None:
    """Check what is told of who was first."""
    _refuse_empty(said)
    for name, inner in said.rows.items():
        if name not in {"who", "action", "state"}:
            raise Unreadable(inner.line, f"{brief(name)} is not told of who was first: who, action, state")
        if name == "action":
            inner.one_of(set(Action), "action")
        if name == "state":
            inner.one_of({state for workflow in WORKFLOWS.values() for state in workflow.states}, "state")


TOLD: Mapping[str, Callable[[Said, str], None]] = {
    "incomplete": _check_missing,
    "malformed": _check_column,
    "stale": _check_first,
}
"""The endings that tell more than their word, and how a story says it."""
BESIDE_PARTS = frozenset({"operation", "on", "text"})
"""What can be malformed beside the parts of an act: its operation, what it is on, a text that may not be stored."""


def expected_wrong(said: Said) -> frozenset[str]:
    """Return in which columns a story means a mistake; everything where it only says that the act is malformed."""
    if said.value == "malformed":
        return frozenset({ANYTHING})
    if isinstance(said.value, Mapping) and "malformed" in said.value:
        return frozenset({str(said.rows["malformed"].value)})
    return frozenset()


def _check_inner(name: str, said: Said) -> None:
    for word, value in said.rows.items():
        if word not in INNER[name]:
            raise Unreadable(value.line, f"{brief(word)} is never among {name}")
        for one in value.items if isinstance(value.value, list) else [value]:
            if one.value is not None:
                _check_value(name, word, one)


def _check_value(name: str, word: str, said: Said) -> None:
    """Refuse a value that no such answer ever has: a state of another track, a day that is none, a count in words."""
    if name == "tracks":
        said.one_of(TRACKS[word].states, f"state of {word}")
    if name == "due":
        _check_day(said)
    if name in {"words", "acts"} or (name == "handoff" and word in {"version", "package"}):
        _check_count(said)
    if name == "handoff" and word == "acute" and not isinstance(said.value, bool):
        raise Unreadable(said.line, f"{brief(said.value)} is neither true nor false: whether a handoff is acute")
    if name in CODES and word in CODES[name]:
        said.one_of(CODES[name][word], f"{word} of a {name}")


def _check_day(said: Said) -> None:
    if isinstance(said.value, date):
        return
    try:
        _due(str(said.value))
    except ValueError:
        raise Unreadable(said.line, f"{brief(said.value)} is no date and no moment") from None


def _due(text: str) -> date:
    """Read a day, or a moment where an hour stands beside it, that a story writes in words."""
    try:
        return read_day(text, None)
    except ValueError:
        return read_moment(text, None)


def _check_count(said: Said) -> None:
    if not isinstance(said.value, int) or isinstance(said.value, bool) or said.value < 0:
        raise Unreadable(said.line, f"{brief(said.value)} is no count")


def _check_list(name: str, said: Said) -> None:
    for one in said.items:
        if not isinstance(one.value, str):
            raise Unreadable(one.line, f"{brief(one.value)} is never among {name}")
        if name == "sections":
            one.one_of(SECTION_NAMES, "section of a record")
        if name in PAIRS:
            _check_row(name, one)


def _check_row(name: str, said: Said) -> None:
    """Check one row of a list that says two things, one of them a code of ours."""
    mark, place, codes, what = PAIRS[name]
    words = str(said.value).split(mark, 1)
    if not isinstance(said.value, str) or len(words) == 1 or not all(words):
        raise Unreadable(said.line, f"{brief(said.value)} is never among {name}")
    Said(words[place], said.line).one_of(codes, what)


PAIRS: Mapping[str, tuple[str, int, frozenset[str], str]] = {
    **dict.fromkeys(("mine", "others", "first"), (" ", 0, VERBS, "verb of a worklist")),
    "items": (":", 0, frozenset(group for kind in GROUPS.values() for group in kind), "field group"),
    "stays": (":", 1, REASONS, "reason to stay"),
}
"""Lists whose rows say two things: what stands between them, which of them is a code, which codes, their name."""


def check_report(said: Said) -> None:
    """Check that only figures of the report are expected of it, each by the names that it has, in numbers."""
    if said.line:
        _refuse_empty(said)
    for name, value in said.rows.items():
        if name not in REPORT:
            raise Unreadable(value.line, f"{brief(name)} is no figure of the report")
        if value.value is None:
            continue
        if name in REPORT_NAMES:
            _check_figures(name, value)
        elif name == "tracks":
            for kind, states in value.rows.items():
                if kind not in TRACKS:
                    raise Unreadable(states.line, f"{brief(kind)} is never among tracks")
                if states.value is not None:
                    _check_figures(kind, states)
        else:
            _check_count(value)


def _check_figures(name: str, said: Said) -> None:
    for word, count in said.rows.items():
        if word not in REPORT_NAMES.get(name, TRACKS[name].states if name in TRACKS else ()):
            raise Unreadable(count.line, f"{brief(word)} is never among {name}")
        if count.value is not None:
            _check_count(count)


def ended_as(expected: object, found: object, *, is_look: bool) -> bool:
    """Whether a step ended as the story says: an act in exactly that word, a look in an answer that holds what is named."""
    if isinstance(expected, Mapping) and isinstance(found, Mapping) and "lines" in expected and "lines" in found:
        return len(expected["lines"]) == len(found["lines"]) and all(
            ended_as(one, other, is_look=False) for one, other in zip(expected["lines"], found["lines"], strict=True)
        )
    if not isinstance(expected, str):
        return matches(expected, found)
    if isinstance(found, Mapping):
        return expected == ("done" if is_look else word_of(found))
    return expected == found


def word_of(found: object) -> str:
    """Return the word in which an act ended, where more may be told beside it."""
    return str(next(iter(found))) if isinstance(found, Mapping) else str(found)


def matches(expected: object, found: object) -> bool:
    """Whether what was found is what was expected.

    A mapping need name only what it cares about; nothing (null) means that the name is absent, zero that it is absent or
    zero, also where the mapping that would hold it is absent; lists are exact, in any order.
    """
    if isinstance(expected, Mapping):
        return isinstance(found, Mapping) and all(_holds(value, found.get(name)) for name, value in expected.items())
    if isinstance(expected, list):
        return isinstance(found, list) and sorted(map(_word, expected)) == sorted(map(_word, found))
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    if isinstance(found, date) and isinstance(expected, str):
        return _word(_due(expected)) == _word(found)
    return _word(expected) == _word(found) if isinstance(expected, date) else expected == found


def _holds(expected: object, found: object) -> bool:
    if expected is None:
        return found is None
    if isinstance(expected, Mapping) and found is None:
        return matches(expected, {})
    return matches(expected, 0 if found is None and expected == 0 else found)


def _word(value: object) -> str:
    """Return a value as it is compared: a moment to the minute, a day as a day."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)
