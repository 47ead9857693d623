"""Stops the terms that make no sense after an outcome, with the outcome as their reason (workflows/outcomes.py)."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q, QuerySet

from casework.input.codes import CORRECTED
from casework.models import Deadline, PersonInCase, StoredFact, Track
from casework.people.one_person import MERGED
from casework.terms.deadlines import reopen, stop, update_clock_of_children, update_track_clocks
from casework.terms.informing import pass_on, rows_of_person
from permissions.acting import acting
from workflows.clocks import TERMS
from workflows.gone import ENDING, OF_A_PERSON
from workflows.outcomes import Outcome, outcomes_of
from workflows.tracks import RECORDED_CLOCKS, TRACKS


def stop_senseless(
    case_id: UUID,
    fact: str,
    code: str,
    track: Track | None,
    person_id: UUID | None = None,
) -> int:
    """Stop what makes no sense after this outcome: terms of the person, of the track or of the agency in the case.

    Answers how many stopped.
    """
    stopped = 0
    for row in outcomes_of(fact, code):
        stopped += stop(_terms(case_id, row, track, person_id).filter(clock__in=row.stops), row.reason)
        if row.is_death:
            for about in _about(case_id, row, track, person_id):
                if not (fact == "reason" and track and about.pk == track.pk):  # this very step ends it
                    _ask_to_end(about)
    return stopped


def _ask_to_end(track: Track) -> None:
    """Begin the term for ending a track about somebody who has died, where it is still open."""
    running = Deadline.objects.filter(track_id=track.pk, met_at=None).values_list("clock", flat=True)
    if track.state not in TRACKS[track.kind].final:
        update_track_clocks(track, set(running), words=("subject_gone",))


def _terms(case_id: UUID, row: Outcome, track: Track | None, person_id: UUID | None) -> QuerySet[Deadline]:
    terms = Deadline.objects.filter(**_own(case_id))
    if row.of == "track":
        return terms.filter(track_id=track.pk if track else None)
    if row.of == "case":
        return terms
    tracks = [one.pk for one in _about(case_id, row, track, person_id)]
    return terms.filter(Q(person_id__in=_rows(case_id, row, track, person_id)) | Q(track_id__in=tracks))


def _rows(case_id: UUID, row: Outcome, track: Track | None, person_id: UUID | None) -> set[UUID]:
    """Return every row of the person whom an outcome is about: what was merged is one person."""
    whose = person_id if row.of == "person" else track.subject_id if track else None
    if whose is None:
        return set()
    return rows_of_person(case_id, whose) if row.is_death else {whose}


def _about(case_id: UUID, row: Outcome, track: Track | None, person_id: UUID | None) -> QuerySet[Track]:
    """Return the agency's tracks about the person whom an outcome is about: those that name them, or that name nobody yet.

    A track that names nobody is about the subject of the case.
    """
    rows = _rows(case_id, row, track, person_id)
    subjects = PersonInCase.objects.filter(role="subject", **_own(case_id)).order_by("-made_at", "-id")
    subject = subjects.values_list("pk", flat=True).first()
    nameless = Q(subject_id=None) if subject in rows or (row.of == "subject" and not rows) else Q(pk__in=())
    mine = Track.objects.filter(kind__in=OF_A_PERSON, **_own(case_id))
    return mine.filter(Q(subject_id__in=rows) | nameless).order_by("made_at", "id")


def _own(case_id: UUID) -> dict[str, object]:
    return {"case_id": case_id, "agency_id": acting().actor.agency_id}


def stop_after_facts(case_id: UUID, facts: Sequence[StoredFact], track: Track | None) -> None:
    """Stop what makes no sense after these facts."""
    for row in facts:
        stop_senseless(case_id, row.fact, row.code, track, row.person_id)
    pass_on(case_id, facts)
    if merged := [row for row in facts if _is_merge(row)]:
        for row in merged:
            _die_together(case_id, row, track)
        update_clock_of_children(case_id)


def _is_merge(row: StoredFact) -> bool:
    return row.fact == MERGED["fact"] and row.code == MERGED["code"]


def _die_together(case_id: UUID, merge: StoredFact, track: Track | None) -> None:
    """Stop what makes no sense about a row that was merged with that of somebody who has died."""
    rows = rows_of_person(case_id, merge.person_id) if merge.person_id else set()
    died = StoredFact.objects.filter(fact=merge.fact, code="deceased", person_id__in=rows, **_own(case_id))
    if died.exists():
        stop_senseless(case_id, merge.fact, "deceased", track, merge.person_id)


def undo_senseless(case_id: UUID, old: StoredFact, track: Track | None) -> None:
    """Let run again what a fact stopped that turns out to be wrong, as far as it still belongs to where its track is now."""
    for row in (*outcomes_of(old.fact, old.code), *outcomes_of(old.action, old.code)):
        stopped = _terms(case_id, row, track, old.person_id).filter(clock__in=row.stops)
        reopen(stopped.filter(track_id=None), old.made_at, row.reason)
        tracks = [track] if row.of == "track" and track else list(_about(case_id, row, track, old.person_id))
        for one in tracks:
            reopen(stopped.filter(track_id=one.pk, clock__in=_belonging(one, row.stops)), old.made_at, row.reason)
            _run_on(one, old)
    if _is_merge(old):
        update_clock_of_children(case_id)


def _belonging(track: Track, clocks: Sequence[str]) -> list[str]:
    """Return those of these clocks that run in the state in which a track is."""
    if track.state in TRACKS[track.kind].final:
        return []
    return [code for code in clocks if not {track.state, f"{track.kind}.{track.state}"} & set(TERMS[code].stops)]


def _run_on(track: Track, old: StoredFact) -> None:
    """Stop what only asked to end the track, and leave no open track without a clock of its next step."""
    mine = Deadline.objects.filter(track_id=track.pk)
    stop(mine.filter(clock__in=(ENDING, "SCHEDULE_DONE"), started_at=old.made_at), CORRECTED)
    of_steps = mine.filter(met_at=None).exclude(clock__in=RECORDED_CLOCKS)
    if track.state not in TRACKS[track.kind].final and not of_steps.exists():
        update_track_clocks(track, (), entered=track.state)
