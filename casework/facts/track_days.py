"""The days between which the facts of a track can have happened (docs/law.md section 2)."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from django.db.models import F

from casework.models import AgencyRecord, StepTaken, StoredFact, Track, Visit
from permissions.acting import acting
from workflows.calendars import day_of
from workflows.fitting import DAY_OF, day_misfit

BEGIN_THE_RECORD = frozenset({"warning", "safety"})
"""Tracks that begin with the record of their agency: their first day is that of the record."""
PART_OF_DAY = {"visit_plan": "visit_date"}
"""Parts whose day is that of a fact with another name."""


class Bounds(ABC):
    """Days that bound facts, each read only when a row needs it."""

    def __init__(self) -> None:
        """Know none yet."""
        self.known: dict[str, date | None] = {}

    def misfit(self, fact: str, day: date | None, until: date | None = None) -> str:
        """Return why a fact cannot have been on this day, or nothing."""
        if day is None:
            return ""
        if until is not None and until < day:
            return "ends_before_it_begins"
        return day_misfit(fact, day, self._bound)

    def misfit_of(self, inputs: Mapping[str, Sequence[Mapping[str, Any]]]) -> tuple[str, str] | None:
        """Return the first part with a day that does not fit, and why."""
        for part, rows in inputs.items():
            fact = PART_OF_DAY.get(part, part)
            for values in rows if fact in DAY_OF else ():
                if why := self.misfit(fact, values.get("date"), values.get("until")):
                    return part, why
        return None

    def _bound(self, word: str) -> date | None:
        if word not in self.known:
            self.known[word] = self._read(word)
        return self.known[word]

    @abstractmethod
    def _read(self, word: str) -> date | None:
        """Return the day of this word."""


class RowsOfTrack(Protocol):
    """What is read of one track to know its bounds (`casework.facts.track_rows.TrackRows` is that)."""

    track: Track

    @property
    def visit(self) -> Visit | None:
        """Return the latest visit of this round."""

    @property
    def rows(self) -> list[StoredFact]:
        """Return every stored row of the track, oldest first."""


class Days(Bounds):
    """The bounds of one track."""

    def __init__(self, facts: RowsOfTrack) -> None:
        """Look at the track of these facts."""
        super().__init__()
        self.facts = facts

    def fits(self, row: StoredFact) -> bool:
        """Whether the fact can have been on the day that its row says."""
        return not self.misfit(row.fact, row.on_date, row.until_date)

    def fits_visit(self, visit: Visit) -> bool:
        """Whether the visit can have been made on the day that its report says."""
        return not self.misfit("visit_report", visit.visited_on, None)

    def _read(self, word: str) -> date | None:
        visit = self.facts.visit if word in {"planned", "visited"} else None
        reading: Mapping[str, Callable[[], date | None]] = {
            "today": lambda: day_of(acting().moment),
            "planned": lambda: day_of(visit.made_at) if visit else None,
            "visited": lambda: visit.visited_on if visit else None,
            "offered": lambda: next((row.on_date for row in reversed(self.facts.rows) if row.fact == "offer_form"), None),
            "state": lambda: day_of(entered_at(self.facts.track)),
            "case": lambda: day_of(self._began()),
        }
        return reading[word]()

    def _began(self) -> datetime:
        """Return when the record of the track's agency began."""
        track = self.facts.track
        if track.kind in BEGIN_THE_RECORD:
            return track.made_at
        return _record_began(track.case_id, track.agency_id) or track.made_at


class DaysOfCase(Bounds):
    """The bounds of what is written on a case without a track of one's own: its record began, and today."""

    def __init__(self, case_id: UUID) -> None:
        """Look at the acting agency's record in this case."""
        super().__init__()
        self.case_id = case_id

    def _read(self, word: str) -> date | None:
        if word == "today":
            return day_of(acting().moment)
        began = _record_began(self.case_id, acting().actor.agency_id) if word == "case" else None
        return day_of(began) if began else None


def _record_began(case_id: UUID, agency_id: int | None) -> datetime | None:
    record = AgencyRecord.objects.filter(case_id=case_id, agency_id=agency_id).first()
    return record.made_at if record else None


def entered_at(track: Track) -> datetime:
    """Return when a track came into the state in which it is."""
    steps = StepTaken.objects.filter(track_id=track.pk, target=track.state).exclude(source=F("target"))
    step = steps.order_by("-made_at").first()
    return step.made_at if step else track.made_at
