"""The words of a track, compared with the table of pairs that exclude each other (workflows/fitting.py, law section 2).

Beside the facts with their codes these are words of the people, the visits, the handoffs and the state that the record
holds; each is looked up only where something that it excludes is stored or written.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cached_property

from casework.facts.lookups import HIT
from casework.facts.visit import VisitFacts
from casework.input.codes import EXCLUSIONS, LARGE_SCALE, WARNED_OUTCOMES
from casework.input.fact_parts import FACT_PARTS, PART_OF_FACT
from casework.models import Handoff, PersonInCase, StepTaken, StoredFact, Visit
from casework.people.children import LEAST_REASON
from casework.terms.informing import rows_of_person
from workflows.calendars import day_of
from workflows.fact_words import CHILDREN_FOUND_CODES
from workflows.fitting import EXCLUDED, excluded

OF_A_PERSON = frozenset({"help", "victim"})
"""Tracks that are wholly about what is done with one living person."""
UNANSWERED = ("sent", "delivered", "expired", "withdrawn")
"""States of a handoff that its receiver may never have acknowledged."""
FIRST_COLUMN: Mapping[str, str] = {
    **{part: columns[0].name for part, columns in FACT_PARTS.items()},
    "visit_plan": "date",
    "visit_report": "outcome",
}
"""At which column of a part it is said that it cannot stand."""


def _excluded_by(this: str) -> frozenset[str]:
    return frozenset(other for one, other in EXCLUDED if one == this)


def _has_role_since(person: PersonInCase) -> datetime:
    return person.role_since or person.made_at


class SaidWords(VisitFacts):
    """What a track says, and what cannot stand beside it."""

    def found_since(self) -> tuple[str, ...]:
        """Return the facts that allowed the visit and no longer hold, by what was learned since it was planned."""
        return tuple(fact for fact in self.looked_at_again() if not self._still_opens(fact))

    def _still_opens(self, fact: str) -> bool:
        if fact == "no_exclusion":
            known = [row for row in self.answers.values() if row.code in EXCLUSIONS and row.code != LARGE_SCALE]
            return not any(row.answer == "yes" for row in known)
        if fact == "prior_warning_checked":
            return self.answers_to_hits.open_a_visit()
        if fact == "prosecutor_approval":
            return fact not in self.stored or self._prosecutor_approval()  # a visit is not planned without one
        return (LARGE_SCALE not in self.answers or self._search_decided()) and not self._is_excluded(fact)

    def _is_excluded(self, fact: str) -> bool:
        """Whether what was said excludes this fact: its code, or the fact whatever it says."""
        part = PART_OF_FACT.get(fact, fact)
        said = self.said | {part}
        return any(word.split(":")[0] == part for word in excluded(said))

    @cached_property
    def said(self) -> frozenset[str]:
        """Return the words of the pair table that this track says: its facts with their codes, and who they speak of."""
        words = {word for row in self.stored.values() for word in (row.fact, f"{row.fact}:{row.said_code}")}
        words.add(f"state:{self.track.state}")
        if self.visit is not None and not self.visit.is_reported:
            words.add("visit_plan")
        if self.visit is not None and self.visit.outcome:
            words.add(f"visit_report:{self.visit.outcome}")
            words.add("visit_report:carriers" if self.visit.data_carriers else "visit_report:no_carriers")
        found = {word for word, holds in self._derived.items() if words & _excluded_by(word) and holds()}
        if self.track.kind in OF_A_PERSON and self.is_dead:
            found.add("person_gone:deceased")
        return frozenset(words | found)

    @property
    def _derived(self) -> Mapping[str, Callable[[], bool]]:
        """Return how each word is looked up that is no fact of the track."""
        return {
            "person:minor": self._is_minor_unexplained,
            "person:adult": self._is_adult_without_decision,
            "person:under_twelve": self._is_young,
            "person_gone:deceased": lambda: self.is_dead,
            "person_gone:before_visit": self._died_before_visit,
            "visits:none": self._nobody_went,
            "warnings:none": self._nobody_was_warned,
            "handoffs:acknowledged": self._is_every_handoff_acknowledged,
            "report:not_withdrawn": self._is_report_not_withdrawn,
        }

    def _is_minor_unexplained(self) -> bool:
        """Whether the record holds a minor whom the child check that counts does not explain: not at all, or not yet."""
        row = self.stored.get("child_check")
        if row is None or row.code in CHILDREN_FOUND_CODES:
            return False
        minors = [person for person in self.standing_people if self._is_known_child(person)]
        return any(len(row.text) < LEAST_REASON or _has_role_since(person) > row.made_at for person in minors)

    def _is_adult_without_decision(self) -> bool:
        """Whether the subject is known to be an adult, and the youth prosecutor was not asked before that was known."""
        return self.track.state != "youth_decision" and self.subject is not None and self._is_adult(self.subject)

    @property
    def is_dead(self) -> bool:
        """Whether the agency knows that whom this track is about has died: it was recorded, or a visit found it."""
        return self.helped is not None and self.helped.has_died

    def _died_before_visit(self) -> bool:
        """Whether their death was recorded before the day on which somebody says to have visited them."""
        if self.visit is None or self.visit.visited_on is None or not self.is_dead:
            return False
        rows = rows_of_person(self.track.case_id, self.helped.pk)
        told = StoredFact.objects.filter(fact="person_gone", code="deceased", person_id__in=rows).order_by("made_at")
        first = told.values_list("made_at", flat=True).first()
        return first is not None and day_of(first) < self.visit.visited_on

    def _nobody_went(self) -> bool:
        """Whether no visit of this round was made or attempted."""
        mine = {"track_id": self.track.pk, "round": self.track.round}
        return not Visit.objects.filter(**mine).exclude(reported_at=None).exists()

    def _nobody_was_warned(self) -> bool:
        """Whether nobody was warned in this track, and no earlier warning of the agency is known."""
        visits = Visit.objects.filter(track_id=self.track.pk, outcome__in=WARNED_OUTCOMES)
        if any(row.fact == HIT for row in self.rows) or visits.exists() or self._says_prior_warning():
            return False
        return not StepTaken.objects.filter(track_id=self.track.pk, target="warned").exists()

    def _says_prior_warning(self) -> bool:
        answer = self.answers.get("prior_warning")
        return (answer is not None and answer.answer != "no") or any(
            row.fact == "prior_warning_checked" and row.is_so for row in self.rows
        )

    def _is_every_handoff_acknowledged(self) -> bool:
        """Whether the agency waits in this case for nobody to acknowledge what it sent."""
        sent = Handoff.objects.filter(case_id=self.track.case_id, sender_id=self.track.agency_id)
        return not sent.filter(state__in=UNANSWERED).exists()

    def _is_report_not_withdrawn(self) -> bool:
        """Whether the report that began this track was not taken back by who sent it."""
        began = self.track.began_by_handoff_id
        return began is not None and Handoff.objects.filter(pk=began).exclude(state="withdrawn").exists()

    def misfit_of(self, parts: Iterable[str]) -> tuple[str, str, str] | None:
        """Return the first of these parts that cannot stand beside what is stored, its column, and why."""
        if part := self.overruled(parts):
            return part, "code", "stored_otherwise"
        if why := self.excluded_of(parts := list(parts)):
            part = next(part for part in parts if self.excluded_of([part]))
            return part, "text" if why == "say_why" else FIRST_COLUMN[part], why
        return None

    def excluded_of(self, parts: Iterable[str]) -> str:
        """Return why the first of these parts that cannot stand beside what is stored cannot; or nothing."""
        out = {word.split(":")[0] for word in excluded(self.said)}
        part = next((part for part in parts if part in out), "")
        return ("say_why" if part == "child_check" else "excluded") if part else ""
