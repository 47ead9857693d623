"""What a form offers to choose from where the answers stand in the records."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from casework.entries.entry import On
from casework.entries.table import ENTRIES
from casework.facts.lookups import KnownHere
from casework.input.codes import INTELLIGENCE, NOTE_KINDS
from casework.input.correction_parts import CORRECTABLE, EMPTIABLE, STORED_AS
from casework.input.parts import columns_of, parts_for
from casework.input.schema import Column, Kind
from casework.packages.items import Offer, thaw
from casework.selectors import (
    colleagues,
    facts_for,
    hits_for,
    news_waiting,
    notes_for,
    offers_for,
    people_for,
    places_for,
    receivers,
    signals_for,
    terms_for,
    to_send_again,
    uninformed,
    walls_of,
)
from permissions.acting import acting
from permissions.bases import GROUPS, processing_bases
from permissions.vocabulary import Action, AgencyKind
from web.forms import UNSEEN, Choices
from web.templatetags.words import address, day, full_name
from web.words import in_words, label
from workflows.clocks import TERMS
from workflows.table import LawError

SAID = 80
RADAR = "known_here"
"""The part that says of a report about somebody who is known whether it is joined to their household or not."""
NO_CASE = UUID(int=0)
REPORT = "concern_report"
OF_CHILDREN = frozenset({"identity", "household", "child_check", "observed_facts", "concern"})
"""What a concern report on children that were found holds, unless who makes it chooses otherwise."""


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds what some fields of an act offer; `fields` names each of them, as `part-column`."""

    find: Callable[[Action, UUID], Choices]
    fields: frozenset[str]


def choices_of(action: Action, case_id: UUID | None) -> Choices:
    """Return the choices of an act on a case, or on none."""
    finder = FINDERS.get(action)
    found = finder.find(action, case_id or NO_CASE) if finder else {}
    for part in parts_for(action):
        for column in columns_of(part, action):
            name = f"{part}-{column.name}"
            if name not in found and column.kind in OF_KIND and case_id:
                found[name] = OF_KIND[column.kind](action, case_id)
    return of_agency(acting().actor.kind) | found


def of_agency(kind: AgencyKind | None) -> Choices:
    """Return the codes that this kind of agency can choose where others have more: its own bases and kinds of notes."""
    if kind is None:
        return {}
    notes = [code for code in NOTE_KINDS if kind is AgencyKind.POLICE or code != INTELLIGENCE]
    return {
        "basis-code": [(code, label(f"basis:{code}")) for code in processing_bases(kind)],
        "note-kind": [(code, label(f"note:{code}")) for code in notes],
    }


def households(known: list[KnownHere]) -> Choices:
    """Return the cases to whose household a report can be joined."""
    return {f"{RADAR}-case": [(str(row.case_id), row.reference) for row in known if row.case_id]}


def offered(offers: list[Offer]) -> list[tuple[str, str]]:
    """Return the items that a package can hold, in words."""
    return [(offer.key, f"{_headed(offer)}: {in_words(thaw(offer.value), offer.label)}") for offer in offers]


def _headed(offer: Offer) -> str:
    return label(offer.group) + (f" ({offer.whose})" if offer.whose else "")


def _of_record(__: Action, case_id: UUID) -> list[tuple[str, str]]:
    """Return the people of the record, by role, name and birth date."""
    return [(str(row.pk), called(row)) for row in people_for(case_id)]


def called(row: Any) -> str:
    """Return a person as they are chosen: role, name, birth date as far as it is known."""
    return f"{label(f'person:{row.role}')}: {_name(row)}" + (f", {day(row.born)}" if row.born else "")


def _name(row: Any) -> str:
    """Return a whole name in Dutch order, or that it is not known."""
    return full_name(row)


def _signals(action: Action, case_id: UUID) -> list[tuple[str, str]]:
    """Return what a new signal can be, by number or reference and in words."""
    handoffs, cases = signals_for(case_id, action)
    received = [(row.number, f"{label(row.kind)}, {row.sender.name}, {day(row.moved_at)}") for row in handoffs]
    return received + [(row.reference, f"{label('case')} {row.reference}, {day(row.moved_at)}") for row in cases]


def _members(__: Action, ___: UUID) -> list[tuple[str, str]]:
    return [(str(person_id), name) for person_id, name in colleagues()]


def _agencies(__: Action, ___: UUID) -> list[tuple[str, str]]:
    return [(str(agency.pk), agency.name) for agency in receivers()]


OF_KIND = {Kind.PERSON: _of_record, Kind.CASE: _signals, Kind.MEMBER: _members, Kind.AGENCY: _agencies}
"""What is offered for a column of a kind, wherever it stands: nobody types an id."""


def values_of(case_id: UUID, asked: QueryDict) -> dict[str, Any]:
    """Return what stands in the form of a package beforehand: for children that were found, all that is known of them."""
    if asked.get("for") != "children":
        return asked.dict()
    items = [offer.key for offer in offers_for(case_id) if offer.group in OF_CHILDREN and offer.group in GROUPS[REPORT]]
    ends = [str(agency.pk) for agency in receivers() if agency.kind == AgencyKind.VEILIG_THUIS]
    known = {"package-kind": REPORT, "package-items": items, "package-receiver": ends[0] if len(ends) == 1 else ""}
    return {**known, **asked.dict()}


def _package(__: Action, case_id: UUID) -> Choices:
    allowed = {group for groups in GROUPS.values() for group in groups}
    ends = [(str(agency.pk), agency.name) for agency in receivers()]
    items = offered([offer for offer in offers_for(case_id) if offer.group in allowed and not offer.withheld])
    return {"package-items": items, "package-receiver": ends}


def _people(__: Action, ___: UUID) -> Choices:
    people = [(str(person_id), name) for person_id, name in colleagues()]
    return {field: people for field in OF_COLLEAGUES}  # noqa: C420 - every field offers the same people


def _notes(__: Action, case_id: UUID) -> Choices:
    rows = notes_for(case_id)
    return {
        "correction-note": [(str(row.pk), f"{label(row.kind)}, {day(row.made_at)}: {_beginning(row.text)}") for row in rows]
    }


def _beginning(text: str) -> str:
    return text if len(text) <= SAID else f"{text[:SAID].rstrip()}…"


def _terms(action: Action, case_id: UUID) -> Choices:
    every = list(reversed(terms_for(case_id, action)))
    rows = {row.clock: row for row in every}
    if action is Action.ACKNOWLEDGE_ESCALATION:
        fits = list({row.clock: row for row in every if row.escalated_at and not row.acknowledged_at}.values())
    else:
        pauses = action is Action.PAUSE_DEADLINE
        fits = [row for row in rows.values() if TERMS[row.clock].extension and (TERMS[row.clock].pausable or not pauses)]
    found = [(row.clock, f"{label(row.clock)}, {day(row.due_at)}") for row in fits]
    people = _uninformed(case_id, action)
    beside = {"acknowledgement-clock": found, "term-person": people}
    return {"term-clock": found, "term-which": _of_several(every, {row.clock for row in fits}), **beside}


def _of_several(every: list[Any], clocks: set[str]) -> list[tuple[str, str]]:
    """Return the terms whose clock runs more than once in the case, each with its track or handoff."""
    runs = Counter(clock for clock, _of in {(row.clock, (row.track_id, row.handoff_id)) for row in every})
    return [
        (str(row.pk), f"{label(row.clock)}, {day(row.due_at)}, {_whose(row)}")
        for row in reversed(every)
        if row.clock in clocks and runs[row.clock] > 1 and not row.person_id
    ]


def _whose(row: Any) -> str:
    """Return the handoff or the track of a term, as people call it."""
    return f"{label('handoff')} {row.number}" if row.number else label(row.kind or "case")


def _walls(__: Action, case_id: UUID) -> Choices:
    return {"lifting-person": [(str(person_id), name) for person_id, name, _asked in walls_of(case_id)]}


def _uninformed(case_id: UUID, action: Action) -> list[tuple[str, str]]:
    return [_called(row) for row in uninformed(case_id, action)]


def _called(row: Any) -> tuple[str, str]:
    """Return a person of a record as somebody chooses them."""
    return str(row.pk), f"{_name(row)} ({label(f'person:{row.role}').lower()})"


def _consent(__: Action, case_id: UUID) -> Choices:
    """Return about whom and with whom a consent can be, and which child is supervised."""
    people = [_called(row) for row in people_for(case_id)]
    about = {f"{part}-person": people for part in ("consent", "consent_withdrawn", "supervision_order")}
    return about | {"consent-receiver": [(str(agency.pk), agency.name) for agency in receivers()]}


def _record(action: Action, case_id: UUID) -> Choices:
    """Return whom and what a fact without a step can be about: people of the record, handoffs that came to nothing."""
    ended = [
        (str(row.pk), f"{label(row.kind)}, {receiver}, {day(row.moved_at)}") for row, receiver in to_send_again(case_id)
    ]
    people = _uninformed(case_id, action)
    about = {"handoff_given_up-handoff": ended, "subject_informed-person": people, **_consent(action, case_id)}
    return {**about, **_corrections(case_id), "prior_warning_answer-case": _hits(case_id)}


def _hits(case_id: UUID) -> list[tuple[str, str]]:
    """Return the earlier warnings that an answer can be about, by reference where one may see it, and day."""
    return [hit(row.ref_id, row.name, row.on_date) for row in hits_for(case_id)]


def hit(case_id: UUID | None, reference: str, warned_on: date | None) -> tuple[str, str]:
    """Return an earlier warning as it is chosen: by its reference where one may see it, and its day."""
    return str(case_id), f"{reference or _('a case that you may not see')}, {day(warned_on)}"


NEWS = {"correction_handled": "HANDOFF_NEWS", "correction_given_up": "HANDOFF_CORRECTED"}
"""Facts that end the news of a correction, and the clock by which it waits."""


def _corrections(case_id: UUID) -> Choices:
    """Return what can be corrected and emptied, and for which handoffs the news of a correction waits."""
    found = {
        f"{part}-handoff": [
            (str(row.pk), f"{label(row.kind)}, {other}, {day(row.moved_at)}") for row, other in news_waiting(case_id, clock)
        ]
        for part, clock in NEWS.items()
    }
    found["premises_correction-premises"] = [(str(row.pk), address(row)) for row in places_for(case_id)]
    facts = facts_for(case_id)
    found["fact_correction-fact"] = [(str(row.pk), _fact_said(row)) for row in facts]
    found |= _codes_of({row.fact for row in facts})
    return found | {f"{part}-emptied": [(one, label(one)) for one in names] for part, names in EMPTIABLE.items()}


def _codes_of(facts: set[str]) -> Choices:
    """Return the codes that the facts of the record can have, each fact's own in its own words."""
    found: Choices = {}
    for name, stored in {"code": {"code"}, "said_by": set(STORED_AS)}.items():
        columns = [(fact, one) for fact in sorted(facts, key=label) for one in CORRECTABLE[fact] if one.name in stored]
        found[f"fact_correction-{name}"] = [
            (label(fact), [(code, label(f"{fact}:{code}")) for code in one.choices]) for fact, one in columns if one.choices
        ]
    return found


def _fact_said(row: Any) -> str:
    said = [
        label(f"{row.fact}:{row.code}") if row.code else "",
        day(row.on_date) if row.on_date else "",
        str(row.name),
        _beginning(row.text),
    ]
    return f"{label(row.fact)}: {', '.join(one for one in said if one)}, {day(row.made_at)}"


def _victim(__: Action, ___: UUID) -> Choices:
    """Return the only role that this act stores for a person, so that no other can be chosen."""
    return {"person-role": [("possible_victim", label("possible_victim"))]}


CONSENTS = frozenset({"consent-person", "consent_withdrawn-person", "supervision_order-person", "consent-receiver"})
OF_COLLEAGUES = frozenset(
    {f"{part}-person" for part in ("assignment", "reassignment", "wall", "finding", "sign_off")} | {"absence-deputy"}
)
"""Fields in which a colleague is chosen."""
RECORDED = CONSENTS | {
    *("handoff_given_up-handoff", "subject_informed-person", "prior_warning_answer-case"),
    *("premises_correction-premises", "fact_correction-fact", "fact_correction-code", "fact_correction-said_by"),
    *(f"{part}-handoff" for part in NEWS),
    *(f"{part}-emptied" for part in EMPTIABLE),
}
_PEOPLE = Finder(_people, OF_COLLEAGUES)
_TERMS = Finder(_terms, frozenset({"term-clock", "term-which", "term-person", "acknowledgement-clock"}))
FINDERS = {
    Action.IDENTIFY_VICTIM: Finder(_victim, frozenset({"person-role"})),
    Action.WRITE_RECORD: Finder(_record, RECORDED),
    Action.PREPARE_HANDOFF: Finder(_package, frozenset({"package-items", "package-receiver"})),
    Action.RECORD_CONSENT: Finder(_consent, CONSENTS),
    **dict.fromkeys((Action.ASSIGN, Action.WALL_PERSON, Action.RAISE_FINDING, Action.SIGN_OFF_REVIEW), _PEOPLE),
    Action.CORRECT_NOTE: Finder(_notes, frozenset({"correction-note"})),
    **dict.fromkeys((Action.EXTEND_DEADLINE, Action.PAUSE_DEADLINE, Action.ACKNOWLEDGE_ESCALATION), _TERMS),
    Action.LIFT_WALL: Finder(_walls, frozenset({"lifting-person"})),
}
"""What finds the choices of an act that do not follow from the kind of their column."""

CHOSEN = frozenset({Kind.ROW, Kind.PERSON, Kind.MEMBER, Kind.AGENCY, Kind.AGENCIES, Kind.ITEMS, Kind.CASE})
"""Kinds of columns that name something in the records: nobody types it."""
WITH_A_CASE = frozenset({On.CASE, On.TRACK, On.HANDOFF})


def found_for(action: Action) -> frozenset[str]:
    """Return the fields for which `choices_of` finds what is offered."""
    own = FINDERS[action].fields if action in FINDERS else frozenset[str]()
    if ENTRIES[action].on not in WITH_A_CASE:
        return own
    return own | {f"{part}-{one.name}" for part, one in _columns(action) if one.kind in OF_KIND}


def check_choices(action: Action, offered: Iterable[str]) -> None:
    """Raise LawError where a page of this action asks for something of the records, and nothing says what is offered."""
    asked = {f"{part}-{one.name}" for part, one in _columns(action) if one.kind in CHOSEN and part not in UNSEEN}
    if lost := asked - set(offered):
        raise LawError(f"{action}: nothing says what is offered for {', '.join(sorted(lost))} (web/views/choices.py)")


def _columns(action: Action) -> list[tuple[str, Column]]:
    return [(part, column) for part in parts_for(action) for column in columns_of(part, action)]
