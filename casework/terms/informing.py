"""Who must hear that data about them came from someone else, and by when: one term a person (Wmo 5.3.1)."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from casework.input.read import Malformed
from casework.lock import grants
from casework.models import Deadline, PersonInCase, StoredFact
from casework.terms.deadlines import term_of
from permissions.acting import acting
from permissions.models import Agency
from permissions.vocabulary import AgencyKind
from workflows.calendars import day_of
from workflows.clocks import RULE_VERSION
from workflows.outcomes import ENDS, RESTS

CLOCK = "INFORM_SUBJECT"
ABOUT_A_PERSON = frozenset({"subject_informed", "person_gone"})
"""Facts that name somebody of the record."""
BOUND = frozenset({AgencyKind.VEILIG_THUIS})
"""Agencies that the article binds: what they write about a person came from someone else, unless that person is told."""


def owe_information(case_id: UUID, people: Sequence[PersonInCase]) -> None:
    """Begin the term of each person whose data is provided, unless it runs, or they were informed or cannot be."""
    if not people or not _is_bound():
        return
    same = _same_people(case_id, people)
    known = {one for group in same.values() for one in group}
    settled = _informed(case_id, known) | _running(case_id, known) | _ended(case_id, known)
    Deadline.objects.bulk_create(_term(case_id, person.pk) for person in people if not same[person.pk] & settled)


def _term(case_id: UUID, person_id: UUID, like: Deadline | None = None) -> Deadline:
    """Return the term of a person, as it begins now or as long as another runs."""
    act = acting()
    return Deadline(
        id=act.made_id("deadline", person_id, CLOCK),
        case_id=case_id,
        agency_id=act.actor.agency_id,
        person_id=person_id,
        clock=CLOCK,
        rule_version=RULE_VERSION,
        started_at=like.started_at if like else act.moment,
        due_at=like.due_at if like else term_of(CLOCK),
    )


def _is_bound() -> bool:
    actor = acting().actor
    if actor.kind is not None:
        return actor.kind in BOUND
    return Agency.objects.filter(pk=actor.agency_id, kind__in=BOUND).exists()  # a courier acts for an agency of any kind


def _same_people(case_id: UUID, people: Iterable[PersonInCase]) -> dict[UUID, set[UUID]]:
    """Return for each row all rows of the same person.

    What was delivered again comes from the same row of its sender; what was merged is one person from then on.
    """
    groups = {person.pk: {person.pk} for person in people}
    if taken := [person.pk for person in people if person.from_item_id]:
        for person_id, twin in grants.twins_of(case_id, taken):
            groups[person_id].add(twin)
    merged = StoredFact.objects.filter(fact="person_gone", code="merged", **_own(case_id)).exclude(ref_id=None)
    pairs = list(merged.values_list("person_id", "ref_id"))
    for group in groups.values():
        while more := {one for pair in pairs if group & set(pair) for one in pair if one} - group:
            group.update(more)
    return groups


def _own(case_id: UUID) -> dict[str, object]:
    return {"case_id": case_id, "agency_id": acting().actor.agency_id}


def rows_of_person(case_id: UUID, person_id: UUID) -> set[UUID]:
    """Return every row of one person: their own, those that were delivered again, and what was merged."""
    people = PersonInCase.objects.filter(pk=person_id, **_own(case_id))
    return {person_id}.union(*_same_people(case_id, people).values())


def _running(case_id: UUID, people: Collection[UUID]) -> set[UUID]:
    return _with_term(case_id, people, met_at=None)


def _ended(case_id: UUID, people: Collection[UUID]) -> set[UUID]:
    """Return those whom nobody can inform any more, whatever is provided about them (workflows.outcomes)."""
    rows = StoredFact.objects.filter(fact="person_gone", code__in=ENDS, person_id__in=people, **_own(case_id))
    gone = {person_id for person_id in rows.values_list("person_id", flat=True) if person_id}
    return gone | _with_term(case_id, people, stop_reason__in=ENDS)


def _with_term(case_id: UUID, people: Collection[UUID], **which: object) -> set[UUID]:
    rows = Deadline.objects.filter(clock=CLOCK, person_id__in=people, **which, **_own(case_id))
    return {person_id for person_id in rows.values_list("person_id", flat=True) if person_id}


def _informed(case_id: UUID, people: Collection[UUID]) -> set[UUID]:
    rows = StoredFact.objects.filter(fact="subject_informed", person_id__in=people, **_own(case_id))
    return {person_id for person_id in rows.values_list("person_id", flat=True) if person_id}


def say_who(case_id: UUID, facts: Sequence[StoredFact]) -> None:
    """Let each fact that somebody was informed name them: without a name it is the subject, and never anybody else."""
    nameless = [row for row in facts if row.fact == "subject_informed" and not row.person_id]
    named = [row.person_id for row in facts if row.fact == "subject_informed" and row.person_id]
    about = {row.person_id: row.fact for row in facts if row.fact in ABOUT_A_PERSON and row.person_id}
    if about:
        found = PersonInCase.objects.filter(pk__in=about, **_own(case_id)).values_list("pk", flat=True)
        if unknown := set(about) - set(found):
            raise Malformed(about[unknown.pop()], "person", "no_such_person")
    if nameless:
        rows = Deadline.objects.filter(clock=CLOCK, met_at=None, **_own(case_id)).exclude(person_id=None)
        waiting = {one for one in rows.values_list("person_id", flat=True) if one} - set(named)
        subjects = PersonInCase.objects.filter(role="subject", **_own(case_id)).values_list("pk", flat=True)
        meant = waiting & set(subjects) or ({*subjects} if not waiting else set())
        if len(meant) > 1 or (waiting and not meant):
            raise Malformed("subject_informed", "person", "required")
        for row in nameless:
            row.person_id = next(iter(meant), None)
    _refuse_dead(case_id, [row for row in facts if row.fact == "subject_informed" and row.person_id])


def _refuse_dead(case_id: UUID, told: Sequence[StoredFact]) -> None:
    """Refuse that somebody was informed on or after the day on which their death was recorded."""
    if not told:
        return
    rows = StoredFact.objects.filter(fact="person_gone", code="deceased", **_own(case_id))
    died = {row.person_id: day_of(row.made_at) for row in rows.order_by("-made_at")}
    people = PersonInCase.objects.filter(pk__in={row.person_id for row in told}, **_own(case_id)) if died else []
    same = _same_people(case_id, people)
    for row in told:
        days = [died[one] for one in same.get(row.person_id, ()) if one in died] if row.person_id else []
        if days and row.on_date and row.on_date >= min(days):
            raise Malformed("subject_informed", "person", "excluded")


def meet_informed(case_id: UUID, facts: Sequence[StoredFact]) -> None:
    """Stop the terms of those who were informed, and of nobody else."""
    named = [row.person_id for row in facts if row.fact == "subject_informed" and row.person_id]
    if not named:
        return
    people = PersonInCase.objects.filter(pk__in=named, **_own(case_id))
    told = {one for group in _same_people(case_id, people).values() for one in group}
    terms = Deadline.objects.filter(clock=CLOCK, met_at=None, **_own(case_id))
    terms.filter(person_id__in=told).update(met_at=acting().moment)
    if not unplanned(case_id, list(PersonInCase.objects.filter(**_own(case_id))), planned=False):
        terms.filter(person_id=None).update(met_at=acting().moment)


def pass_on(case_id: UUID, facts: Sequence[StoredFact]) -> None:
    """Let the term of a row that was merged run on under the other row: as long as it ran, and no longer."""
    for fact in facts:
        if fact.fact != "person_gone" or fact.code != "merged" or not fact.ref_id:
            continue
        stopped = Deadline.objects.filter(clock=CLOCK, person_id=fact.person_id, stop_reason="merged", **_own(case_id))
        term = stopped.order_by("-met_at", "due_at").first()
        other = PersonInCase.objects.filter(pk=fact.ref_id, **_own(case_id)).first()
        if term is None or other is None:
            continue
        same = _same_people(case_id, [other])[other.pk]
        if running := _running(case_id, same):
            sooner = Deadline.objects.filter(clock=CLOCK, met_at=None, person_id__in=running, **_own(case_id))
            sooner.filter(due_at__gt=term.due_at).update(due_at=term.due_at)
        elif not _informed(case_id, same) | _ended(case_id, same):
            Deadline.objects.bulk_create([_term(case_id, other.pk, term)])


def unplanned(case_id: UUID, people: Sequence[PersonInCase], *, planned: bool = True) -> list[PersonInCase]:
    """Return those of these people who were not informed and, where `planned`, whose term does not run or rest either."""
    same = _same_people(case_id, people)
    known = {one for group in same.values() for one in group}
    settled = _informed(case_id, known) | _ended(case_id, known)
    if planned:
        settled |= _running(case_id, known) | _with_term(case_id, known, stop_reason__in=RESTS)
        if Deadline.objects.filter(clock=CLOCK, met_at=None, person_id=None, **_own(case_id)).exists():
            return []  # a term from before there was one for each person: it runs for all of them
    return [person for person in people if not same[person.pk] & settled]
