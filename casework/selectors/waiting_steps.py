"""The next step of what waits: which verb, on which page, and whether the acting person may take it now.

The one decider says who may (permissions.decision): nothing here asks for a role by its name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple, TypedDict
from uuid import UUID

from audit.reconciling import DIFFERENCES
from casework.input.fact_parts import PART_OF_FACT
from casework.selectors.said_rows import NOTHING, Said, SaidHandoff, SaidTrack
from casework.selectors.waiting_shape import Key
from permissions.acting import acting
from permissions.decision import Relation, decide, roles_with
from permissions.grid import Cell
from permissions.vocabulary import CASE_ROLES, Action, Role
from workflows.clocks import TERMS
from workflows.gone import ENDING, ends_of
from workflows.tracks import PARTED_FROM_SUBMIT, RECORDED_CLOCKS, SIDE_STEPS, WORKFLOWS

HANDOFF_STEPS = (
    Action.CHECK_HANDOFF,
    Action.SEND_HANDOFF,
    Action.ACKNOWLEDGE_HANDOFF,
    Action.ACCEPT_HANDOFF,
    Action.START_WORK,
    Action.REWORK_HANDOFF,
)
"""Steps on the main line of a handoff, in the order in which they are expected."""
WITHOUT_CONSENT = (Action.END_HELP, Action.WITHDRAW_CONSENT)
"""Steps that end help to which nobody consents any more; the first that the state has is taken."""
_SOME = tuple(cell for cell in Cell if cell is not Cell.NEVER)


class Found(NamedTuple):
    """One row as the statement of the worklist answers it (casework/selectors/waiting_kinds.py)."""

    rank: int
    sorted_at: datetime
    row: UUID
    waits: str
    in_case: UUID | None
    about: UUID
    until: datetime | None
    term: str
    since: datetime
    said: Said = NOTHING
    """What it says of the thing that waits (casework/selectors/waiting_said.py): read for the rows of a page alone."""

    @property
    def key(self) -> Key:
        """Return where a page that begins after this row begins."""
        return self.rank, self.sorted_at, self.row


@dataclass(frozen=True, slots=True)
class Way:
    """A link of a row: the verb, the kind of page, the id it is about, the action, and what it chooses beforehand."""

    verb: str
    page: str
    about: object = ""
    action: str = ""
    query: str = ""

    @property
    def path(self) -> str:
        """Return the address of the page."""
        return (
            f"/{self.page}"
            + (f"/{self.about}" if self.about else "")
            + (f"/{self.action}" if self.action else "")
            + self.query
        )


@dataclass(frozen=True, slots=True)
class Next:
    """What is to be done with a thing that waits."""

    way: Way
    is_mine: bool
    """Whether the acting person may do it now."""
    roles: tuple[Role, ...] = ()
    """Who may, where the acting person may not."""
    also: tuple[Way, ...] = ()
    """Other ways out."""
    subject: str = ""
    """The track, handoff or the like, as a code."""
    state: str = ""
    other: str = ""
    """The other organisation, or the colleague, whom it concerns."""
    waits_for: str = ""
    """The other organisation that has the next step."""

    @property
    def button(self) -> str:
        """Return what the button is called: where a package arrived that one may accept, its page is for deciding."""
        decides = self.way.verb == Action.ACKNOWLEDGE_HANDOFF and not self.way.action
        return "decide_handoff" if decides else self.way.verb


class About(TypedDict):
    """What a step says of what it is about, in codes, and the other organisation or the colleague whom it concerns."""

    subject: str
    state: str
    other: str


def _about(thing: SaidTrack | SaidHandoff | None, other: str = "") -> About:
    """Return what a step says of its track or handoff."""
    return About(subject=thing.kind if thing else "", state=thing.state if thing else "", other=other)


def _may(action: Action, relation: Relation) -> bool:
    act = acting()
    return decide(act.role, action, relation, act.moment).allowed


def who_may(action: Action) -> tuple[Role, ...]:
    """Return the roles of who works in cases that may do this somewhere."""
    return tuple(role for role in roles_with(action, *_SOME) if role in CASE_ROLES)


def _in_case(*, is_named: bool) -> Relation:
    return Relation(in_case=True, named=is_named, owner=True, same_agency=True)


def _on_case(row: Found, action: Action, *, is_named: bool, verb: str = "", query: str = "", **more: Any) -> Next:
    may = _may(action, _in_case(is_named=is_named))
    way = Way(verb or action, "cases", row.in_case, action, query) if may else Way(verb or action, "cases", row.in_case)
    return Next(way, may, () if may else who_may(action), **more)


def _of_track(row: Found, *, is_named: bool) -> Next:
    """Return the step on the main line of a track that this person may take, or else the one that is expected."""
    track = row.said.track
    if track is None:
        raise LookupError(row.waits)
    workflow, state, decided = WORKFLOWS[track.kind], track.state, track.decided
    steps = [action for action in workflow.actions_from(state) if action not in SIDE_STEPS | decided.closed]
    steps = steps or [action for action in workflow.actions_from(state) if action in decided.opened - decided.closed]
    if row.term == ENDING:
        steps = [*ends_of(workflow, state), *steps]
    if track.is_unconsented:
        steps = [action for action in WITHOUT_CONSENT if action in workflow.actions_from(state)]
    relation = _in_case(is_named=is_named)
    for action in steps:
        if _may(action, relation) and not is_parted(action, track.submitted_by):
            way = Way(action, "tracks", track.id, action)
            return Next(way, is_mine=True, subject=track.kind, state=track.state)
    verb, roles = (steps[0], who_may(steps[0])) if steps else ("read_record", ())
    way = Way(verb, "cases", row.in_case)
    return Next(way, is_mine=False, roles=roles, subject=track.kind, state=track.state)


def _of_consent(row: Found, *, is_named: bool) -> Next:
    """Return how help ends to which nobody consents any more; or consent is given anew, and recorded."""
    step = _of_track(row, is_named=is_named)
    anew = Way("consent", "cases", row.in_case, Action.WRITE_RECORD, "?open=consent")
    return replace(step, also=(anew,)) if _may(Action.WRITE_RECORD, _in_case(is_named=is_named)) else step


def is_parted(action: Action, submitted_by: int | None) -> bool:
    """Whether a step is for another than who submitted, and the acting person did."""
    return action in PARTED_FROM_SUBMIT and submitted_by == acting().actor.person_id


def is_own_choice(action: Action, editor: int | None) -> bool:
    """Whether a step checks a package whose items the acting person chose last: another checks it."""
    return action is Action.CHECK_HANDOFF and editor == acting().actor.person_id


def _of_handoff(row: Found, *, is_named: bool, said: SaidHandoff | None = None) -> Next:
    """Return the step of a handoff whose turn is at this end, or for whom it waits at the other."""
    handoff = said or row.said.handoff
    if handoff is None:
        raise LookupError(row.waits)
    act = acting()
    end = "sender" if handoff.sender == act.actor.agency_id else "receiver"
    other = handoff.receiver_name if end == "sender" else handoff.sender_name
    turns = {s.action: s.by for s in WORKFLOWS["handoff"].steps if s.source == handoff.state}
    action = next((one for one in HANDOFF_STEPS if turns.get(one) == end), None)
    about = _about(handoff, other)
    if action is None:
        theirs = next((one for one in HANDOFF_STEPS if one in turns), "see_handoff")
        return Next(Way(theirs, "handoffs", handoff.id), is_mine=False, waits_for=other, **about)
    relation = Relation(in_case=True, named=is_named, end=end, state=handoff.state)
    may = _may(action, relation) and not is_own_choice(action, handoff.editor)
    if action is Action.ACKNOWLEDGE_HANDOFF and _may(Action.ACCEPT_HANDOFF, relation):
        return Next(Way(action, "handoffs", handoff.id), is_mine=True, **about)  # there accepting stands first
    way = Way(action, "handoffs", handoff.id, action) if may else Way(action, "handoffs", handoff.id)
    return Next(way, may, () if may else who_may(action), **about)


def _sent_again(row: Found, *, is_named: bool) -> Next:
    """Return what to do with a handoff that came to nothing: send it anew, or say with a reason why not."""
    handoff = row.said.handoff
    if handoff is None:
        raise LookupError(row.waits)
    about = _about(handoff, handoff.receiver_name)
    reworked = _of_handoff(row, is_named=is_named)
    query = f"?handoff_given_up-handoff={handoff.id}"
    given_up = Way("give_up_handoff", "cases", row.in_case, Action.WRITE_RECORD, query)
    also = (given_up,) if _may(Action.WRITE_RECORD, _in_case(is_named=is_named)) else ()
    if reworked.is_mine:
        return Next(reworked.way, is_mine=True, also=also, **about)
    query = f"?package-kind={handoff.kind}"
    return _on_case(
        row, Action.PREPARE_HANDOFF, is_named=is_named, verb="prepare_again", query=query, also=also, **about
    )  # fmt: skip


def _children_found(row: Found, *, is_named: bool) -> Next:
    """Return the concern report on children that were found, or the step of the one that is being made."""
    if report := row.said.report:
        return _of_handoff(row, is_named=is_named, said=report)
    no_report = Way("give_up_report", "cases", row.in_case, Action.WRITE_RECORD, "?open=no_concern_report")
    also = (no_report,) if _may(Action.WRITE_RECORD, _in_case(is_named=is_named)) else ()
    return _on_case(
        row, Action.PREPARE_HANDOFF, is_named=is_named, verb="report_children", query="?for=children", also=also
    )  # fmt: skip


def _welfare_call(row: Found, *, is_named: bool) -> Next:
    """Return the step that stores the call, or the record where the track has gone on without it."""
    step = _of_track(row, is_named=is_named) if row.said.track else None
    if step and step.is_mine and step.way.action == Action.START_FOLLOW_UP:
        return Next(Way(row.term, *_place(step.way)), is_mine=True, subject=step.subject, state=step.state)
    return _recorded(row, is_named=is_named)


def _place(way: Way) -> tuple[str, object, str, str]:
    return way.page, way.about, way.action, way.query


def _recorded(row: Found, *, is_named: bool) -> Next:
    """Return what only a record ends: people to inform, a call that was made."""
    part = next((PART_OF_FACT[word] for word in TERMS[row.term].stops if word in PART_OF_FACT), row.term.lower())
    query = f"?open={part}"
    return _on_case(row, Action.WRITE_RECORD, is_named=is_named, verb=row.term, query=query, **_about(row.said.track))


def _news(row: Found, *, is_named: bool) -> Next:
    """Return what ends the news of a correction: at the receiver what was done with it, at the sender why it is not told."""
    handoff = row.said.handoff
    if not handoff:
        return _recorded(row, is_named=is_named)
    is_told = row.term == "HANDOFF_NEWS"
    part = "correction_handled" if is_told else "correction_given_up"
    about = _about(handoff, handoff.sender_name if is_told else handoff.receiver_name)
    read = Way("see_handoff", "handoffs", handoff.id)
    query = f"?{part}-handoff={handoff.id}"
    return _on_case(row, Action.WRITE_RECORD, is_named=is_named, verb=part, query=query, also=(read,), **about)


def _acute(row: Found, *, is_named: bool) -> Next:
    """Return the act that an acute report asks for, or the check where nobody has said that it is."""
    track = row.said.track
    if not (row.said.is_acute and track and Action.ACT_ACUTELY in WORKFLOWS[track.kind].actions_from(track.state)):
        return _of_track(row, is_named=is_named)
    action, about = Action.ACT_ACUTELY, _about(track)
    if _may(action, _in_case(is_named=is_named)):
        return Next(Way(action, "tracks", track.id, action), is_mine=True, **about)
    return Next(Way(action, "cases", row.in_case), is_mine=False, roles=who_may(action), **about)


BY_TERM: Mapping[str, Callable[..., Next]] = {
    "ACUTE_CHECK": _acute,
    "CHILDREN_FOUND": _children_found,
    "HANDOFF_AGAIN": _sent_again,
    "WELFARE_CALL": _welfare_call,
    "HANDOFF_NEWS": _news,
    "HANDOFF_CORRECTED": _news,
}


def _of_term(row: Found, *, is_named: bool) -> Next:
    if row.term in BY_TERM:
        return BY_TERM[row.term](row, is_named=is_named)
    if row.term in RECORDED_CLOCKS:
        return _recorded(row, is_named=is_named)
    if row.said.handoff:
        return _of_handoff(row, is_named=is_named)
    if row.said.track:
        return _of_track(row, is_named=is_named)
    return _recorded(row, is_named=is_named)


def _of_escalation(row: Found, *, is_named: bool) -> Next:
    query = f"?acknowledgement-clock={row.term}"
    return _on_case(row, Action.ACKNOWLEDGE_ESCALATION, is_named=is_named, query=query, **_about(row.said.thing))


def _of_approval(row: Found, *, is_named: bool) -> Next:
    page = "tracks" if row.said.track else "handoffs"
    about = _about(row.said.thing, row.said.action)
    if row.said.asked_by == acting().actor.person_id:
        way = Way(Action.APPROVE, "cases", row.in_case) if page == "tracks" else Way(Action.APPROVE, page, row.about)
        return Next(way, is_mine=False, roles=who_may(Action.APPROVE), **about)
    may = _may(Action.APPROVE, _in_case(is_named=is_named))
    return Next(Way(Action.APPROVE, page, row.about, Action.APPROVE), may, **about)


def _same_page(page: str, action: Action) -> Callable[..., Next]:
    """Return the step of a thing that has a page of its own and one act, which its row is shown for."""

    def step(row: Found, *, is_named: bool) -> Next:
        may = _may(action, Relation(in_case=True, named=is_named, same_agency=True))
        about = About(subject=row.said.kind, state="", other=row.said.name or "")
        if row.said.asked_by == acting().actor.person_id:
            where = Way(action, page, row.about) if row.in_case else Way(action, page)
            return Next(where, is_mine=False, roles=roles_with(action, *_SOME), **about)
        return Next(Way(action, page, row.about, action), may, **about)

    return step


_CLOSE_FINDING = _same_page("findings", Action.CLOSE_FINDING)
_CLOSE_DIFFERENCE = _same_page("differences", Action.CLOSE_FINDING)


def _of_finding(row: Found, *, is_named: bool) -> Next:
    close = _CLOSE_DIFFERENCE if row.said.kind in DIFFERENCES else _CLOSE_FINDING
    return close(row, is_named=is_named)


def _of_unheld(row: Found, *, is_named: bool) -> Next:
    return _on_case(row, Action.ASSIGN, is_named=is_named)


def _of_stuck(row: Found, *, is_named: bool) -> Next:  # noqa: ARG001 - every kind is asked alike
    way = Way("find_closer", "cases", row.in_case) if row.in_case else Way("find_closer", "work")
    return Next(way, is_mine=False, roles=roles_with(Action.CLOSE_FINDING, Cell.AGENCY))


def _of_case(row: Found, *, is_named: bool) -> Next:
    return _on_case(row, Action.PREPARE_HANDOFF, is_named=is_named)


def _of_package(row: Found, *, is_named: bool) -> Next:
    return _of_handoff(row, is_named=is_named)


def _of_basis(row: Found, *, is_named: bool) -> Next:  # noqa: ARG001 - every kind is asked alike
    may = _may(Action.CONFIRM_BASIS, Relation(same_agency=True))
    query = f"?confirmation-basis={row.term}"
    way = (
        Way(Action.CONFIRM_BASIS, "bases", Action.CONFIRM_BASIS, query=query)
        if may
        else Way("manage_agreements", "agreements")
    )
    return Next(way, may, () if may else roles_with(Action.CONFIRM_BASIS, Cell.AGENCY), subject=row.term)


def _of_signal(row: Found, *, is_named: bool) -> Next:
    may = _may(Action.READ_RECORD, _in_case(is_named=is_named))
    return Next(Way(Action.READ_RECORD, "cases", row.in_case), may, () if may else who_may(Action.READ_RECORD))


STEPS: Mapping[str, Callable[..., Next]] = {
    "term": _of_term,
    "track": _of_track,
    "consent": _of_consent,
    "handoff": _of_package,
    "escalation": _of_escalation,
    "approval": _of_approval,
    "question": _same_page("known-checks", Action.ANSWER_KNOWN_CHECK),
    "wall": _same_page("cases", Action.LIFT_WALL),
    "emergency": _same_page("emergencies", Action.REVIEW_EMERGENCY),
    "finding": _of_finding,
    "sharing": _same_page("agreements", Action.MANAGE_AGREEMENTS),
    "partnership": _same_page("agreements", Action.MANAGE_AGREEMENTS),
    "basis": _of_basis,
    "signal": _of_signal,
    "stuck": _of_stuck,
    "unheld": _of_unheld,
    "case": _of_case,
}
"""How the next step of each kind is found."""


VERBS = frozenset({*Action, *TERMS, *PART_OF_FACT.values(), "prepare_again", "report_children", "find_closer"})
"""What the worklist can call a next step: an action, a term that a record ends, a part to record, a package made anew."""


def next_step(row: Found, *, is_named: bool) -> Next:
    """Return the next step of what waits."""
    return STEPS[row.waits](row, is_named=is_named)
