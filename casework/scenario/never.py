"""Refuses expectations of a story that nothing can meet: such a difference would say nothing of the software."""

from collections.abc import Iterator, Mapping, Sequence

from casework.entries.table import ON_NOTHING
from casework.scenario.nodes import Said, Unreadable, brief
from casework.scenario.scene import SceneStep
from casework.selectors.worklists import MOST_COUNTED

ALWAYS_THERE: Mapping[str, frozenset[str]] = {
    "list": frozenset({"cases", "mine", "others"}),
    "count": frozenset({"count"}),
    "log": frozenset({"entries", "refused", "words", "acts"}),
}
"""What a look always answers: nothing (null) can never be found there."""
ALONE_OR_SEVERAL = ("tracks", "due")
"""Where one thing stands by itself, several as a list, and none not at all."""
EACH_ONCE = ("sections", "cases")
OF_LINES = frozenset({"incomplete", "stale", "not_now", "not_found"})
"""Words in which the lines of a plan end, and never the plan itself."""
OF_THE_WHOLE = frozenset({"busy", "other_membership"})
"""Words in which a plan ends, and never one of its lines."""


def check_possible(said: Said | None, step: SceneStep, meets: Sequence[SceneStep], *, planned: bool) -> None:
    """Raise Unreadable, with its line, for an expectation that no such step can meet.

    `planned` says that it is a plan, also where its lines are those of a dry run.
    """
    if said is None:
        if _is_elsewhere(step):
            raise Unreadable(step.line, "a form that was drawn in another membership ends in other_membership")
        return
    if step.do in ALWAYS_THERE or step.do == "look":
        _check_seen(said, step.do)
        return
    if meets:
        _check_meeting(said, [step, *meets])
        return
    _check_membership(said, step)
    for end in _ends(said):
        _check_told(end, step)
    if planned:
        _check_plan(said)


def _check_seen(said: Said, do: str) -> None:
    if not isinstance(said.value, Mapping):
        return
    for name, inner in said.rows.items():
        if inner.value is None and name in ALWAYS_THERE.get(do, ()):
            raise Unreadable(inner.line, f"{name} is never absent from what {do} answers")
        if name in ALONE_OR_SEVERAL and isinstance(inner.value, Mapping):
            _check_several(inner)
        if name in EACH_ONCE and isinstance(inner.value, list):
            _check_once(inner)
    if do == "count" and said.rows["count"].value > MOST_COUNTED:
        raise Unreadable(said.rows["count"].line, f"a worklist is counted to {MOST_COUNTED}")
    if do == "list":
        _check_rows(said.rows)


def _check_several(said: Said) -> None:
    """Refuse a list of none or of one: none is null, and one stands by itself."""
    for name, inner in said.rows.items():
        if isinstance(inner.value, list):
            if len(inner.value) < 2:  # noqa: PLR2004 - several
                raise Unreadable(inner.line, f"{name} is never a list of {len(inner.value)}: none is null, one stands alone")
            for one in inner.value:
                if one.value is None:
                    raise Unreadable(one.line, f"nothing is never among several of {name}")


def _check_once(said: Said) -> None:
    found: set[str] = set()
    for one in said.items:
        if str(one.value) in found:
            raise Unreadable(one.line, f"{brief(one.value)} stands twice")
        found.add(str(one.value))


def _check_rows(rows: Mapping[str, Said]) -> None:
    """Refuse rows of a worklist that contradict each other."""
    listed = {name: [str(one.value) for one in rows[name].items] for name in ("mine", "others", "cases") if name in rows}
    named = [row for name in ("mine", "others") for row in listed.get(name, ())]
    first = rows.get("first")
    if first and first.value is not None:
        if {"mine", "others"} <= set(listed) and first.value not in named:
            raise Unreadable(first.line, f"{brief(first.value)} is no row of mine or others")
        named.append(str(first.value))
    cases = set(listed.get("cases", ()))
    for row in named:
        case = row.partition(" ")[2]
        if "cases" in rows and case not in cases:
            raise Unreadable(rows["cases"].line, f"{brief(case)} has a row, and so stands among cases")


def _ends(said: Said) -> Iterator[Said]:
    """Return how a step ends, or each line of a plan."""
    lines = said.value.get("lines") if isinstance(said.value, Mapping) else None
    yield from lines.items if lines else [said]


def _check_told(said: Said, step: SceneStep) -> None:
    """Refuse what is never told of how an act ended."""
    if not isinstance(said.value, Mapping):
        return
    for word, inner in said.rows.items():
        if word == "incomplete":
            _check_once(inner)
        if word == "malformed" and inner.value == "operation" and not step.operation:
            raise Unreadable(inner.line, "an operation without a name of its own is never that of another act")
        if word == "malformed" and inner.value == "on" and step.do in ON_NOTHING:
            raise Unreadable(inner.line, f"{step.do} is on nothing: no mistake is there")
        if word == "stale" and "who" in inner.rows and not isinstance(inner.rows["who"].value, str):
            raise Unreadable(inner.rows["who"].line, f"{brief(inner.rows['who'].value)} is nobody's name")


def _check_plan(said: Said) -> None:
    word = next(iter(said.value)) if isinstance(said.value, Mapping) else said.value
    if word in OF_LINES:
        raise Unreadable(said.line, f"{word} is how a line ends: the plan ends in lines")
    for end in _ends(said) if word == "lines" else ():
        told = next(iter(end.value)) if isinstance(end.value, Mapping) else end.value
        if told in OF_THE_WHOLE or (told == "malformed" and isinstance(end.value, Mapping) and _is_operation(end)):
            raise Unreadable(end.line, f"{told} is how a whole plan ends, and never one of its lines")


def _is_operation(end: Said) -> bool:
    return bool(end.rows["malformed"].value == "operation")


def _is_elsewhere(step: SceneStep) -> bool:
    """Whether the form of this act was drawn in another membership than the one in which it is sent."""
    return step.drawn not in {"", step.who}


def _check_membership(said: Said, step: SceneStep) -> None:
    """Refuse any ending but other_membership for a form that was drawn elsewhere, and that ending for any other form."""
    if _is_elsewhere(step) and said.value != "other_membership":
        raise Unreadable(said.line, "a form that was drawn in another membership ends in other_membership")
    if not _is_elsewhere(step) and said.value == "other_membership":
        raise Unreadable(said.line, f"{step.do} was drawn in the membership in which it is sent: drawn names no other")


def _check_meeting(said: Said, acts: Sequence[SceneStep]) -> None:
    count = said.rows["ended"].rows.get("other_membership", Said(0, said.line))
    if count.value != sum(map(_is_elsewhere, acts)):
        raise Unreadable(count.line, "each form that was drawn in another membership ends in other_membership, and no other")


def check_figures(said: Said) -> None:
    """Refuse that a figure of the report is absent: each is counted, and zero where there is nothing."""
    for name, inner in said.rows.items():
        if inner.value is None:
            raise Unreadable(inner.line, f"{name} is never absent from the report: zero says that there is none")
