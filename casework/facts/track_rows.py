"""What is stored about one track, each source read once, and only when a fact needs it."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from casework.facts.helped import only_child
from casework.facts.track_days import Days
from casework.input.codes import ADULT_YEARS
from casework.input.dates import known_age
from casework.models import (
    Approval,
    Correction,
    Criterion,
    Handoff,
    PersonInCase,
    Premises,
    StepTaken,
    StoredFact,
    Track,
    Visit,
)
from casework.people.one_person import MERGED, goes_on_as
from permissions.acting import acting
from permissions.vocabulary import Action
from workflows.calendars import day_of
from workflows.fitting import DECIDED_BY, replaces, serves

OF_THE_VISIT = frozenset({"child_check", "help_offer", "search_authority", "seizure"})
"""Facts of a visit: those of the latest one count."""


def rows_of_tracks(ids: Collection[UUID]) -> tuple[dict[UUID, list[StoredFact]], dict[tuple[UUID, int], Visit]]:
    """Return the stored rows of several tracks, oldest first, and the latest visit of each of their rounds."""
    rows: dict[UUID, list[StoredFact]] = {}
    for row in StoredFact.objects.filter(track_id__in=ids).order_by("made_at", "id"):
        if row.track_id:
            rows.setdefault(row.track_id, []).append(row)
    visits = Visit.objects.filter(track_id__in=ids).order_by("number")
    return rows, {(visit.track_id, visit.round): visit for visit in visits}


def uncorrected(approvals: QuerySet[Approval], **of: str) -> QuerySet[Approval]:
    """Return these approvals without those that were asked before the record was corrected: they approve an older record.

    `of` are the corrections that matter; without it every one of the case.
    """
    mine = {"case_id": OuterRef("case_id"), "agency_id": OuterRef("agency_id")}
    return approvals.exclude(Exists(Correction.objects.filter(made_at__gt=OuterRef("made_at"), **mine, **of)))


class TrackRows:
    """What is stored about one track, as one action may rely on it."""

    def __init__(self, track: Track, action: Action, running: frozenset[str] | None = None) -> None:
        """Look at one track, for one action; `running` is which clocks run, where that was read already."""
        self.track = track
        self.running = running
        self.action = action
        self.act = acting()

    @property
    def today(self) -> date:
        """Return the local day of this act."""
        return day_of(self.act.moment)

    @cached_property
    def rows(self) -> list[StoredFact]:
        """Return every stored row of the track, oldest first."""
        return list(StoredFact.objects.filter(track_id=self.track.pk).order_by("made_at", "id"))

    @cached_property
    def days(self) -> Days:
        """Return the days between which a fact of this track can have happened."""
        return Days(self)

    @cached_property
    def latest(self) -> dict[str, StoredFact]:
        """Return the row of each fact that decides in this round."""
        return self._deciding(row for row in self.rows if self._counts(row))

    @cached_property
    def stored(self) -> dict[str, StoredFact]:
        """Return the row of each fact that serves this step: some only for their act, or until the next step."""
        return self._deciding(row for row in self.rows if self._counts(row) and self._serves(row))

    def _deciding(self, rows: Iterable[StoredFact]) -> dict[str, StoredFact]:
        found: dict[str, StoredFact] = {}
        for row in rows:
            before = found.get(row.fact)
            if before is None or self._replaces(row, before):
                found[row.fact] = row
        return found

    def _replaces(self, row: StoredFact, before: StoredFact) -> bool:
        """Whether a row that was entered later decides instead of this one (workflows.fitting)."""
        differs = row.code != before.code
        if differs and "apart" in DECIDED_BY.get(row.fact, ()) and self._is_of_this_step(row) and self._serves(before):
            return False
        return replaces(row.fact, row.on_date, before.on_date, differs=differs)

    def _is_of_this_step(self, row: StoredFact) -> bool:
        is_step = self.action is not Action.WRITE_RECORD
        return is_step and row.action == self.action and row.made_at == self.act.moment

    def overruled(self, parts: Iterable[str]) -> str:
        """Return a part of this act that contradicts a decision stored before it, which still counts; or nothing."""
        for part in parts:
            stands = self.stored.get(part) if DECIDED_BY.get(part, frozenset()) & {"first", "apart"} else None
            mine = [row for row in self.rows if row.fact == part and row.made_at == self.act.moment]
            if stands and any(row.code != stands.code for row in mine):
                return part
        return ""

    def _counts(self, row: StoredFact) -> bool:
        in_round = row.round == self.track.round or serves(row.fact, self.action) == "case"
        return in_round and self.days.fits(row) and (row.fact not in OF_THE_VISIT or self._is_of_the_visit(row))

    def _serves(self, row: StoredFact) -> bool:
        how = serves(row.fact, self.action)
        if how == "act":
            return row.action == self.action and row.made_at == self.act.moment
        logged = row.action == Action.OPEN_CASE and row.made_at == self.track.moved_at
        return how != "step" or row.made_at > self.track.moved_at or logged

    def _is_of_the_visit(self, row: StoredFact) -> bool:
        """Whether a row belongs to the latest visit; what children there are is known only once it was made."""
        visit = self.visit
        if visit is None:
            return True
        if row.fact == "child_check":
            return visit.is_reported and row.made_at >= visit.last_moment
        return visit.number == 1 or row.made_at >= visit.made_at

    @cached_property
    def visit(self) -> Visit | None:
        """Return the latest visit of this round."""
        return Visit.objects.filter(track_id=self.track.pk, round=self.track.round).order_by("-number").first()

    @cached_property
    def people(self) -> list[Any]:
        """Return the people of the agency's record in this case, latest last; each with `has_died` and `goes_on_as`.

        Whether the agency knows that they have died, under whichever row: it was recorded, or a visit to them found it.
        And under which row they go on: their own, or the last into which it was merged.
        """
        mine = {"case_id": self.track.case_id, "agency_id": self.track.agency_id}
        said = StoredFact.objects.filter(fact="person_gone", **mine)
        merged = said.filter(code=MERGED["code"], person_id=OuterRef("pk")).order_by("-made_at", "-id")
        gone = said.filter(code="deceased", person_id=OuterRef("pk"))
        visits = Visit.objects.filter(outcome="subject_deceased", track__kind="warning", track__subject_id=OuterRef("pk"))
        rows = PersonInCase.objects.annotate(
            has_died=Exists(gone) | Exists(visits.filter(**mine)), merged_into=Subquery(merged.values("ref_id")[:1])
        )
        return self._as_one(list(rows.filter(**mine).order_by("made_at", "id")))

    def _as_one(self, people: list[Any]) -> list[Any]:
        """Return the people, each with the row under which they go on, and whether they died under any of their rows."""
        merges = {person.pk: person.merged_into for person in people if person.merged_into}
        for person in people:
            person.goes_on_as = goes_on_as(person.pk, merges)
        dead = {person.goes_on_as for person in people if person.has_died}
        for person in people:
            person.has_died = person.goes_on_as in dead
        return people

    @property
    def standing_people(self) -> list[Any]:
        """Return the people of the record, each once: without the rows that were merged into another."""
        return [person for person in self.people if person.goes_on_as == person.pk]

    def _standing(self, person: Any) -> Any:
        """Return the row under which somebody goes on; their own where nothing was merged."""
        return next((row for row in self.people if person and row.pk == person.goes_on_as), person)

    @cached_property
    def subject(self) -> Any:
        """Return the track's subject, or the latest person recorded as subject; as whom they go on."""
        found = [person for person in self.people if person.role == "subject"]
        chosen = [person for person in self.people if person.pk == self.track.subject_id]
        return self._standing(chosen[0] if chosen else found[-1] if found else None)

    @property
    def rows_of_subject(self) -> frozenset[UUID]:
        """Return every row of the track's subject: what was merged is one person."""
        of = {person.pk: person.goes_on_as for person in self.people}
        mine = of.get(self.track.subject_id) if self.track.subject_id else None
        return frozenset(row for row, one in of.items() if mine and one == mine)

    @property
    def another_subject(self) -> PersonInCase | None:
        """Return who else was recorded as subject since the visit was planned; the latest of them."""
        mine = self.track.subject_id
        others = [row for row in self.standing_people if row.role == "subject" and row.made_at > self.planned_at]
        found = [row for row in others if row.pk != mine or row.made_at == self.act.moment]
        return max(found, key=lambda row: row.made_at, default=None)

    @property
    def planned_at(self) -> datetime:
        """Return when the visit of this round was planned, or the track came where it is."""
        return self.visit.made_at if self.visit is not None else self.track.moved_at

    @cached_property
    def helped(self) -> Any:
        """Return whom this track helps: its own subject, else the case's, else the only child in it."""
        own = next((person for person in self.people if person.pk == self.track.subject_id), None)
        return self._standing(own) or self.subject or only_child(self.standing_people)

    @cached_property
    def premises(self) -> list[Premises]:
        """Return the addresses of the agency's record in this case."""
        return list(Premises.objects.filter(case_id=self.track.case_id, agency_id=self.track.agency_id))

    @cached_property
    def answers(self) -> dict[str, Criterion]:
        """Return the latest answer to each line of the triage checklist in this round."""
        rows = Criterion.objects.filter(track_id=self.track.pk, round=self.track.round).order_by("made_at", "id")
        return {row.code: row for row in rows}

    @cached_property
    def handoffs(self) -> list[Handoff]:
        """Return what this track sent in its round, in that order; of a report that came to nothing, that report."""
        began = self.track.round_began_at
        if self.action is Action.DROP_REPORT and self.track.began_by_handoff_id:
            return list(Handoff.objects.filter(pk=self.track.began_by_handoff_id, moved_at__gte=began))
        mine = {"track_id": self.track.pk, "sender_id": self.track.agency_id}
        own = {"case_id": OuterRef("case_id"), "agency_id": OuterRef("sender_id"), "handoff_id": OuterRef("pk")}
        sent = StepTaken.objects.filter(action=Action.SEND_HANDOFF, made_at__gte=began, **own)
        at = Subquery(sent.order_by("-made_at").values("made_at")[:1])
        return list(Handoff.objects.filter(**mine).annotate(sent_at=at).exclude(sent_at=None).order_by("sent_at", "id"))

    @cached_property
    def approvals(self) -> list[Approval]:
        """Return the approvals of this action on this version."""
        rows = Approval.objects.filter(track_id=self.track.pk, version=self.track.version, action=self.action)
        return [row for row in uncorrected(rows) if row.approved_by_id]

    def _age(self, person: PersonInCase | None) -> int | None:
        if person is None:
            return None
        return known_age(person.birth_date, person.estimated_age, self.today)

    def _is_adult(self, person: PersonInCase) -> bool:
        return (self._age(person) or 0) >= ADULT_YEARS
