"""The shape of an entry: what one action needs beside its word, its row of the matrix and its row of a workflow."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from permissions.vocabulary import Action
from workflows.table import LawError


class On(StrEnum):
    """What an action is done on; this decides how we check that the person may know that the thing exists."""

    NOTHING = "nothing"
    """The action makes something, or its parts name it: its handler reads no target."""
    CASE = "case"
    """A case, or a track, a handoff or a row of one."""
    TRACK = "track"
    HANDOFF = "handoff"
    OWN_ROW = "own_row"
    """A row of the own agency that belongs to no case: that it exists is no secret to anybody there."""


class Page(StrEnum):
    """Which kind of page draws the form of an action."""

    CASE = "case"
    TRACK = "track"
    HANDOFF = "handoff"
    WORKBENCH = "workbench"
    OWN = "own"
    """An address of its own in web/urls.py."""


@dataclass(frozen=True, slots=True)
class ActionEntry:
    """What one action needs."""

    action: Action
    on: On
    pages: tuple[Page, ...] = ()
    parts: tuple[str, ...] = ()
    """Parts that it stores beside those of the facts that its step needs (casework/input/parts.py)."""
    extra: tuple[str, ...] = ()
    """Parts that may be stored in the same sitting, though the step does not need them."""
    asked: str = ""
    """The part that its page asks although the law needs it for no step."""
    takes_parts: bool = True
    """Whether anything can be stored with it at all."""
    begins_work: bool = False
    """Whether work has begun with it: the day of the start is not still to come."""
    shuts_out: bool = False
    """Whether its doer may no longer see afterwards what it was done on: that page would be refused."""
    without: str = ""
    """Why no handler carries it out."""


def entries_of(listed: Iterable[ActionEntry], steps: Iterable[ActionEntry]) -> Mapping[Action, ActionEntry]:
    """Return the entry of every action; a step that is not listed gets the entry that follows from its workflow.

    Raises LawError for an action without an entry, an action with two, and an entry that contradicts itself.
    """
    found: dict[Action, ActionEntry] = {}
    for entry in listed:
        if entry.action in found:
            raise LawError(f"{entry.action}: two entries say what it needs")
        found[entry.action] = entry
    for step in steps:
        _check_step(found.setdefault(step.action, step), step)
    if lost := set(Action) - set(found):
        raise LawError(f"no entry says what it needs: {', '.join(sorted(lost))}")
    for entry in found.values():
        _check(entry)
    return MappingProxyType({action: found[action] for action in Action})


def _check_step(entry: ActionEntry, step: ActionEntry) -> None:
    """Refuse an entry of a step that says less than its workflow does."""
    if entry.on is not step.on or not set(step.pages) <= set(entry.pages):
        pages = ", ".join(step.pages) or "no"
        raise LawError(f"{step.action}: its entry must say that it is done on a {step.on}, and drawn on a {pages} page")


def _check(entry: ActionEntry) -> None:
    takes = (*entry.parts, *entry.extra, *([entry.asked] if entry.asked else []))
    if takes and not entry.pages:
        raise LawError(f"{entry.action}: no page asks its parts {', '.join(takes)}")
    if takes and not entry.takes_parts:
        raise LawError(f"{entry.action}: it takes no parts, and has {', '.join(takes)}")
    if double := sorted(part for part in set(takes) if takes.count(part) > 1 and part != entry.asked):
        raise LawError(f"{entry.action}: it has the part {', '.join(double)} twice")
