"""One case as one person sees it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet

from audit.recording import record_read
from casework.access import CaseInReach, RunningEmergency, reach_case, reach_track
from casework.facts.lookups import ASKS_ANSWER, EarlierWarning
from casework.facts.track import TrackFacts
from casework.models import (
    Approval,
    Case,
    Deadline,
    Disclosure,
    Handoff,
    Note,
    PackageItem,
    Participation,
    StepTaken,
    StoredFact,
    Track,
)
from casework.models.json_rows import columns_of, read_row, read_rows, rows_of
from casework.packages.items import Line, Offer, offers_of, package_lines
from casework.selectors.beside import beside
from casework.selectors.case_line import UNKNOWN, CaseLine, case_line
from casework.selectors.closed_steps import parted
from casework.selectors.corrected import with_news
from casework.selectors.keys import written_key
from casework.selectors.paging import SIZE, after_key, read_key_of
from casework.selectors.record_rows import AnswerRow, LedgerRow, RowKey, Sections, StepRow, TermRow
from casework.selectors.sections import SECTIONS, held_in
from casework.selectors.waiting_shape import said_acute
from permissions.acting import acting
from permissions.decision import Relation, decide
from permissions.prepared import FEW_TEXTS, Prepared
from permissions.selectors import members_of
from permissions.vocabulary import Action, AgencyKind
from workflows.tracks import SIDE_STEPS, WORKFLOWS, case_state

OFFERED = 20
"""How many of the latest cases are offered while a reference is typed."""
FIRST: Mapping[str, str] = {}
"""The first page of every section."""


@dataclass(frozen=True, slots=True)
class TrackView:
    """A track as its owner sees it, with the actions that this person may try in this state."""

    track: Track
    actions: tuple[Action, ...]
    closed: tuple[tuple[Action, str, str], ...] = ()
    """Steps that a stored code closes: each with the fact that says so, and its code."""


@dataclass(frozen=True, slots=True)
class PrintedPackage:
    """One version of what a handoff held: every one that was delivered, and the one that stands now."""

    handoff: Handoff
    number: int
    is_delivered: bool
    is_current: bool
    lines: list[Line]


@dataclass(frozen=True)
class CasePage:
    """What one person sees of one case."""

    case_id: UUID
    reference: str
    state: str
    agency_id: int
    """Whose part of the case is shown: the acting agency's own, but in an emergency."""
    emergency: RunningEmergency | None
    tracks: list[TrackView]
    handoffs: list[Handoff]
    actions: tuple[Action, ...]
    access: tuple[Action, ...] = ()
    """Actions about who sees the case, and about removing it from the system."""
    beside: tuple[Action, ...] = ()
    """Actions whose link stands beside what they are about: a note, a term."""
    deadlines: list[TermRow] = field(default_factory=list)
    steps: list[StepRow] = field(default_factory=list)
    ledger: list[LedgerRow] = field(default_factory=list)
    sections: Sections = field(default_factory=Sections)
    shows_record: bool = False
    """Whether the sections were read; else the shell of the case is shown alone."""
    following: dict[str, str] = field(default_factory=dict)
    """Of each section with more than a page holds: where its next page begins."""
    packages: list[PrintedPackage] = field(default_factory=list)
    """On a print: what each handoff held, as far as this end may read it."""

    @property
    def standing(self) -> str:
        """Return how the case stands, in one code: a record on which no work began yet is not closed."""
        is_fresh = self.state == "closed" and not self.tracks and all(row.state == "withdrawn" for row in self.handoffs)
        return "only_recorded" if is_fresh else self.state

    @property
    def receivers(self) -> list[str]:
        """Return the organisations with which something was shared, each once."""
        return list(dict.fromkeys(row.to for row in self.ledger))

    @property
    def checklist(self) -> list[AnswerRow]:
        """Return on what the visit was decided, in the order of the checklist."""
        return self.sections.checklist

    @property
    def is_acuteness_open(self) -> bool:
        """Whether a report came in and nobody has said yet whether it is acute."""
        return any(row.clock == "ACUTE_CHECK" and not row.is_acute for row in self.deadlines)

    @property
    def has_found_children(self) -> bool:
        """Whether a concern report on children that were found is due: the door to it stands on the page."""
        is_due = any(row.clock == "CHILDREN_FOUND" for row in self.deadlines)
        own = [row.state for row in self.handoffs if row.kind == "concern_report" and row.sender_id == self.agency_id]
        is_made = any(state not in WORKFLOWS["handoff"].final for state in own)
        return is_due and not is_made and Action.PREPARE_HANDOFF in self.actions


CASE_PAGE_ACTIONS = (
    Action.ADD_NOTE,
    Action.WRITE_RECORD,
    Action.PREPARE_HANDOFF,
    Action.ASSIGN,
    Action.IDENTIFY_VICTIM,
    Action.OPEN_HELP,
)
ACCESS_ACTIONS = (
    Action.SEE_CASE_LOG,
    Action.PRINT_CASE,
    Action.REVEAL_SOURCE,
    Action.REVEAL_BSN,
    Action.DECLARE_CONFLICT,
    Action.WALL_PERSON,
    Action.LIFT_WALL,
)
BESIDE_ACTIONS = (
    Action.CORRECT_NOTE,
    Action.EXTEND_DEADLINE,
    Action.PAUSE_DEADLINE,
    Action.ACKNOWLEDGE_ESCALATION,
)


def _tracks(case: UUID, of: int) -> QuerySet[Track]:
    return Track.objects.filter(case_id=case, agency_id=of).order_by("made_at")


def _handoffs(case: UUID) -> QuerySet[Handoff]:
    return Handoff.objects.filter(case_id=case).select_related("sender", "receiver").order_by("-made_at")


_TRACKS: Prepared[Track] = Prepared(_tracks)
_HANDOFFS: Prepared[Handoff] = Prepared(_handoffs)


def _shell(case_id: UUID, action: Action) -> CasePage:
    """Return what see_case shows: tracks, handoffs, terms and the timeline, and nothing of the record."""
    reached = reach_case(case_id, action)
    agency_id = reached.agency_id
    tracks = _TRACKS.rows(case=case_id, of=agency_id)
    handoffs = _HANDOFFS.rows(case=case_id)
    ends = [("sender" if h.sender_id == agency_id else "receiver", h.state) for h in handoffs]
    return CasePage(
        case_id=case_id,
        reference=reached.reference,
        state=case_state([(track.kind, track.state) for track in tracks], ends),
        agency_id=agency_id,
        emergency=reached.emergency,
        tracks=[TrackView(*row) for row in parted([(track, _actions_on(track, reached)) for track in tracks])],
        handoffs=handoffs,
        actions=tuple(action for action in CASE_PAGE_ACTIONS if _may(action, reached) and _fits(action)),
        access=tuple(action for action in ACCESS_ACTIONS if _may(action, reached)),
        beside=tuple(action for action in BESIDE_ACTIONS if _may(action, reached)),
    )


def _fits(action: Action) -> bool:
    """Whether the acting kind of agency has this act at all: the police begin help at a visit."""
    return action is not Action.OPEN_HELP or acting().actor.kind is not AgencyKind.POLICE


def _may(action: Action, reached: CaseInReach) -> bool:
    return not reached.emergency and _allows(action, reached.relation)


def _allows(action: Action, relation: Relation) -> bool:
    act = acting()
    return any(decide(role, action, relation, act.moment).allowed for role in act.actor.roles)


def _actions_on(track: Track, reached: CaseInReach) -> tuple[Action, ...]:
    actions = WORKFLOWS[track.kind].actions_from(track.state)
    return tuple(sorted((action for action in actions if _may(action, reached)), key=lambda action: action in SIDE_STEPS))


def _paged(query: QuerySet[Any], columns: tuple[str, ...], *, whole: bool, at: Any, number: Any) -> ArraySubquery:
    """Return a page of these rows from its key on, and one more that tells whether there are; or all of them."""
    named = query.annotate(**beside(*columns))
    rows = (named if at is None else after_key(named, "made_at", at, number)).order_by("-made_at", "-id")
    return rows_of(rows if whole else rows[: SIZE + 1], *columns, key_at=F("made_at"), key_id=F("id"))


def _lists(names: tuple[str, ...], whole: bool, *, case: UUID, of: int, **after: Any) -> QuerySet[Any, Any]:  # noqa: FBT001 - the shape of a query
    """Find every list of a page in one statement, beside the participation of the case."""
    own = {"case_id": OuterRef("content_object_id"), "agency_id": of}
    steps = StepTaken.objects.filter(case_id=OuterRef("content_object_id"))
    ledger = Disclosure.objects.filter(**own).annotate(to=F("receiver__name")).order_by("-disclosed_at")
    terms = Deadline.objects.filter(met_at=None, **own).annotate(is_acute=said_acute()).order_by("due_at")
    paged = {"steps": (steps, StepRow)}
    paged |= {name: (SECTIONS[name][0].objects.filter(**own), SECTIONS[name][1]) for name in names}
    parts: dict[str, Any] = {
        "row_deadlines": rows_of(terms, *columns_of(TermRow)),
        "row_ledger": rows_of(ledger, *columns_of(LedgerRow)),
    }
    for name, (rows, kind) in paged.items():
        key = {"at": after[f"{name}_at"], "number": after[f"{name}_id"]}
        parts[f"row_{name}"] = _paged(rows, columns_of(kind), whole=whole, **key)
    part = Participation.objects.filter(content_object_id=case, group_id=of).order_by("-starts_at")
    found: QuerySet[Any, Any] = part.annotate(**parts).values(*parts)
    return found


_LISTS: Prepared[dict[str, Any]] = Prepared(_lists, FEW_TEXTS)


def _filled(page: CasePage, sections: tuple[str, ...], after: Mapping[str, str], *, whole: bool = False) -> CasePage:
    """Return the page with every list of it; each holds a page of its rows, from a key where one is given, or all of them."""
    keys: dict[str, Any] = {}
    for name in ("steps", *sections):
        key = read_key_of(SECTIONS[name][0] if name in SECTIONS else StepTaken, "" if whole else after.get(name, ""))
        keys |= {f"{name}_at": key and key[1], f"{name}_id": key and key[2]}
    found = _LISTS.first(sections, whole, case=page.case_id, of=page.agency_id or 0, **keys)
    content = {name.removeprefix("row_"): rows or [] for name, rows in (found or {}).items()}
    if not whole:
        for name in ("steps", *sections):
            content[name], page.following[name] = _cut(content.get(name, []))
    return replace(
        page,
        deadlines=read_rows(TermRow, content.get("deadlines")),
        steps=read_rows(StepRow, content.get("steps")),
        ledger=read_rows(LedgerRow, content.get("ledger")),
        sections=Sections(**{name: read_rows(SECTIONS[name][1], content.get(name)) for name in sections}),
        shows_record=bool(sections),
    )


def _cut(rows: list[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], str]:
    """Return a page of rows, and where the next one begins."""
    if len(rows) <= SIZE:
        return rows, ""
    last = read_row(RowKey, rows[SIZE - 1])
    return rows[:SIZE], written_key(0, last.key_at, last.key_id)


def see_case(case_id: UUID, after: Mapping[str, str] = FIRST) -> CasePage:
    """Return the shell as see_case shows it, and record the look."""
    page = _filled(_shell(case_id, Action.SEE_CASE), (), after)
    shown = [f"track.{view.track.kind}" for view in page.tracks]
    record_read("see_case", Case, case_id, case=case_id, record_agency=page.agency_id, shown=shown, by=_opened_by(page))
    return page


def read_record(case_id: UUID, action: Action = Action.READ_RECORD, after: Mapping[str, str] = FIRST) -> CasePage:
    """Return the case with the acting agency's own record, and record which parts were shown, or printed.

    A print is whole: every row of every section, and what each handoff held.
    """
    whole = action is Action.PRINT_CASE
    page = _filled(_shell(case_id, action), tuple(SECTIONS), after, whole=whole)
    if whole:
        page.packages.extend(_packages(page.handoffs))
    shown = held_in(page.sections)
    basis = page.sections.record[0].basis if page.sections.record else ""
    by = _opened_by(page)
    record_read(action, Case, case_id, case=case_id, record_agency=page.agency_id, basis=basis, shown=shown, by=by)
    return page


def _packages(handoffs: list[Handoff]) -> list[PrintedPackage]:
    items: dict[tuple[UUID, int], list[PackageItem]] = {}
    for item in with_news(PackageItem.objects.filter(handoff__in=handoffs)).order_by("package_version", "position"):
        items.setdefault((item.handoff_id, item.package_version), []).append(item)
    return [
        PrintedPackage(
            handoff, number, number in handoff.delivered, number == handoff.package_version,
            package_lines(items.get((handoff.pk, number), [])),
        )
        for handoff in handoffs
        for number in sorted({*handoff.delivered, handoff.package_version})
    ]  # fmt: skip


def _opened_by(page: CasePage) -> str:
    """Return the emergency that opens a case, as the trail says it; nothing where the case is read as usual."""
    return f"emergency:{page.emergency.id}" if page.emergency else ""


@dataclass(frozen=True, slots=True)
class TrackPage:
    """A track as the page of one action on it needs it: which facts hold already, and which are missing."""

    track: Track
    held: frozenset[str]
    missing: tuple[str, ...]
    asked: list[Approval]
    may_write: bool
    """Whether the person may write in the record of the case: where what is missing is filled in."""
    warnings: list[EarlierWarning] | None = None
    """What the product just looked up, where the step rests on it."""
    looked_at: datetime | None = None
    told: tuple[StoredFact, ...] = ()
    """What is stored of the facts that hold, for who may read the record: whoever takes the step reads what it rests on."""
    line: CaseLine = UNKNOWN


def track_for(track_id: UUID, action: Action) -> TrackPage:
    """Return a track for the page of an action on it; raises NotNow when the state has no such step."""
    reached = reach_track(track_id, action, lock=False)
    track = reached.track
    beside = action in {Action.ASK_APPROVAL, Action.APPROVE}
    needs = () if beside else WORKFLOWS[track.kind].row(track.state, action).needs
    facts = TrackFacts(track, action)
    held = facts.hold(needs)
    asked = Approval.objects.filter(track_id=track_id, version=track.version) if beside else Approval.objects.none()
    may_write, reads = (_allows(one, reached.relation) for one in (Action.WRITE_RECORD, Action.READ_RECORD))
    told = tuple(facts.stored[fact] for fact in needs if reads and fact in held and fact in facts.stored)
    line = case_line(track.case_id)
    shown = ["track", *(["facts"] if told else []), *line.shown]
    record_read(action, Track, track_id, case=track.case_id, record_agency=track.agency_id, shown=shown)
    missing = tuple(fact for fact in needs if fact not in held)
    found, looked_at = (facts.warnings, acting().moment) if action in ASKS_ANSWER else (None, None)
    return TrackPage(track, held, missing, list(asked.order_by("-made_at", "-id")), may_write, found, looked_at, told, line)


def case_for(case_id: UUID, action: Action) -> tuple[frozenset[str], CaseLine]:
    """Return the kinds of the acting agency's tracks in a case, and its line, for the page of an action on it."""
    reached = reach_case(case_id, action)
    line, agency_id = case_line(case_id), acting().actor.agency_id
    record_read(action, Case, case_id, case=case_id, record_agency=agency_id, shown=["tracks", *line.shown])
    own = Track.objects.filter(case_id=reached.case_id, agency_id=agency_id)
    return frozenset(own.values_list("kind", flat=True)), line


def notes_for(case_id: UUID) -> list[Note]:
    """Return the notes of the own record that can be corrected: those that no other corrects, newest first."""
    reach_case(case_id, Action.CORRECT_NOTE)
    own = Note.objects.filter(case_id=case_id, agency_id=acting().actor.agency_id)
    corrected = own.filter(corrects__isnull=False).values("corrects_id")
    record_read("notes", Case, case_id, case=case_id, record_agency=acting().actor.agency_id, shown=["notes"])
    return list(own.exclude(pk__in=corrected).order_by("-made_at", "-id"))


def signals_for(case_id: UUID, action: Action) -> tuple[list[Handoff], list[Participation]]:
    """Return what a new signal most likely is: what was handed over in this case, and the cases that moved last.

    Any other case within reach can be named by its reference.
    """
    reach_case(case_id)
    agency_id = acting().actor.agency_id
    received = Handoff.objects.filter(case_id=case_id, receiver_id=agency_id).exclude(delivered=[])
    cases = Participation.objects.filter(group_id=agency_id or 0).order_by("-moved_at", "content_object_id")[:OFFERED]
    found = list(received.select_related("sender").order_by("-moved_at")), list(cases)
    record_read(action, Case, "", shown=[str(row.content_object_id) for row in found[1]])
    return found


def offers_for(case_id: UUID) -> list[Offer]:
    """Return what of the own record could go into a package."""
    reach_case(case_id, Action.PREPARE_HANDOFF)
    agency_id = acting().actor.agency_id
    offers = offers_of(case_id, agency_id)
    shown = {offer.group for offer in offers}
    record_read("offers", Case, case_id, case=case_id, record_agency=agency_id, shown=shown)
    return offers


def colleagues() -> list[tuple[int, str]]:
    """Return the people of the acting agency whose membership runs, by name."""
    act = acting()
    return members_of(act.actor.agency_id, act.moment)
