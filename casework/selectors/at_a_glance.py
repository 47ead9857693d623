"""What somebody sees of a case in ten seconds: whom and where it concerns, whose turn it is, and how far it has come."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from casework.selectors.cases import CasePage, TrackView
from casework.selectors.record_rows import PersonRow, PremisesRow
from casework.selectors.waiting_kinds import WAITING_STATES
from casework.selectors.waiting_steps import is_parted, who_may
from permissions.vocabulary import Action, Role
from workflows.tracks import MAIN_LINE, SIDE_STEPS, TRACKS, WORKFLOWS, phase_of

ARRIVED_STATES = frozenset({"delivered", "acknowledged"})
"""States of a handoff in which its receiver has to decide on it."""
HOUSEHOLD = frozenset({"household_member", "minor"})


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the main line of a track: `mark` is done, skipped, now or later; `began_at` where the page knows it."""

    name: str
    mark: str
    began_at: datetime | None


@dataclass(frozen=True, slots=True)
class Glance:
    """The head of a case page."""

    who: PersonRow | None
    """Whom the case is about: its subject, else who was recorded last; of more people than a page holds only its subject."""
    has_household: bool
    where: PremisesRow | None
    track_id: UUID | None
    """The open track that has the next step, where the person who looks may take it."""
    action: Action | None
    """The step that the state expects of who looks."""
    roles: tuple[Role, ...]
    """Who may take the next step, where the person who looks may not."""
    other: str
    """The organisation that has the next step, where it is another."""
    has_arrived: bool
    """Whether a handoff lies here on which the own organisation has to decide."""
    way: tuple[Phase, ...]


def at_a_glance(page: CasePage, turned: Collection[str] = ()) -> Glance:
    """Return the head of a case page, of what the page holds already: it reads nothing more.

    `turned` names the sections of which a later page is shown: the head names nobody of such a page.
    """
    shown = [] if "people" in turned else page.sections.people
    people = sorted(shown, key=lambda person: person.role != "subject")
    is_known = people and (people[0].role == "subject" or not page.following.get("people"))
    premises = [] if "premises" in turned else page.sections.premises
    opened = [view for view in page.tracks if view.track.state not in TRACKS[view.track.kind].final]
    mine = next((view for view in opened if _leading(view)), None)
    roles = () if mine else next((found for view in opened if (found := _expected(view))), ())
    away = [row for row in page.handoffs if row.sender_id == page.agency_id and row.state in WAITING_STATES]
    here = [row for row in page.handoffs if row.receiver_id == page.agency_id and row.state in ARRIVED_STATES]
    return Glance(
        who=people[0] if is_known else None,
        has_household=any(person.role in HOUSEHOLD for person in people[1:]),
        where=premises[0] if premises else None,
        track_id=mine.track.pk if mine else None,
        action=_leading(mine) if mine else None,
        roles=roles,
        other=away[0].receiver.name if away and not opened else "",
        has_arrived=bool(here) and not opened,
        way=_main_line(page, mine or (opened or page.tracks)[0], whole="steps" not in turned) if page.tracks else (),
    )


@dataclass(frozen=True, slots=True)
class Follows:
    """What a step leads to: the state, and who has the next step in it; nobody where the work ends there."""

    state: str
    roles: tuple[Role, ...]
    is_end: bool


def follows(kind: str, state: str, action: Action) -> Follows | None:
    """Return what a step of a track or handoff leads to; None where it stays where it is, or where there is no such step."""
    workflow = WORKFLOWS[kind]
    step = workflow.rows.get((state, action))
    if step is None or step.target == state:
        return None
    onward = (one for one in workflow.actions_from(step.target) if one not in SIDE_STEPS)
    roles = next((who_may(one) for one in onward), ())
    return Follows(step.target, roles, step.target in workflow.final)


def _leading(view: TrackView) -> Action | None:
    """Return the first step on the main line that this person may take; who submitted does not take it up."""
    by = view.track.submitted_by_id
    return next((action for action in view.actions if action not in SIDE_STEPS and not is_parted(action, by)), None)


def _expected(view: TrackView) -> tuple[Role, ...]:
    """Return who may take the step that the state of a track expects."""
    closed = {action for action, _, _ in view.closed}
    steps = WORKFLOWS[view.track.kind].actions_from(view.track.state)
    return next((who_may(action) for action in steps if action not in SIDE_STEPS | closed), ())


def _main_line(page: CasePage, view: TrackView, *, whole: bool) -> tuple[Phase, ...]:
    """Return the parts of the main line of a track, each with when it began; nothing where the track has left it.

    What it never entered was skipped: a report that was not taken on had no visit. Only who sees the steps from the newest
    on, to the end, can tell.
    """
    kind, now = view.track.kind, phase_of(view.track.kind, view.track.state)
    line = MAIN_LINE[kind]
    if now not in line:
        return ()
    began: dict[str, datetime] = {}
    for step in page.steps:  # the newest first: a track that was opened again says when it did
        if step.track_id == view.track.pk:
            entered = phase_of(kind, step.target)
            if entered != phase_of(kind, step.source):
                began.setdefault(entered, step.made_at)
    began.setdefault(line[0], view.track.made_at)
    place = line.index(now)
    knows = whole and not page.following.get("steps")
    passed = ["skipped" if knows and name not in began else "done" for at, name in enumerate(line) if at < place]
    marks = [*passed, "now", *["later"] * (len(line) - place - 1)]
    return tuple(
        Phase(name, mark, None if mark == "later" else began.get(name)) for name, mark in zip(line, marks, strict=True)
    )
