"""What a visit rests on: the checklist, earlier warnings, the prosecutor, the search, and the children who are known.

A visit that was planned is looked at again where it is scheduled, reported and decided on: what was learned since counts.
"""

from functools import cached_property

from casework.facts.lookups import EarlierWarning, HitAnswers, earlier_warnings, store_earlier_warnings
from casework.facts.told import tells_of_track
from casework.facts.track_rows import TrackRows
from casework.input.codes import ADULT_YEARS, EXCLUSIONS, LARGE_SCALE, WARNED_OUTCOMES
from casework.models import PersonInCase, StoredFact
from casework.people.children import AROUND, LEAST_REASON, YOUNGEST
from permissions.decision import roles_with
from permissions.grid import Cell
from permissions.selectors import members_of
from permissions.vocabulary import Action


class VisitFacts(TrackRows):
    """What holds of the visit that a warning needs."""

    def looked_at_again(self) -> tuple[str, ...]:
        """Return what this step looks at once more; of a visit at which nobody was warned nothing is asked."""
        if self.action is Action.SCHEDULE_VISIT:
            return ("no_exclusion", "prior_warning_checked", "prosecutor_approval")
        if self.action is Action.RECORD_VISIT and self.has_warned:
            return ("prosecutor_approval", "search_decided")
        if self.action is Action.WARN:
            return ("no_exclusion", "search_decided")
        return ()

    @property
    def has_warned(self) -> bool:
        """Whether the latest visit was reported to have warned somebody."""
        return self.visit is not None and self.visit.outcome in WARNED_OUTCOMES

    @tells_of_track("no_exclusion")
    def _no_exclusion(self) -> bool:
        found = [self.answers.get(name) for name in EXCLUSIONS if name != LARGE_SCALE]
        known = LARGE_SCALE in self.answers
        return known and all(row and row.answer != "yes" and (row.answer == "no" or row.reason) for row in found)

    @tells_of_track("search_decided")
    def _search_decided(self) -> bool:
        """Whether a large scale or several reports made of this visit a search visit, or who decides said why not."""
        answer = self.answers.get(LARGE_SCALE)
        if answer is None or answer.answer == "no":
            return answer is not None
        row = self.stored.get("search_decided")
        if row is None:
            return False
        if row.code == "warn_and_search":
            return bool(row.name)
        return len(row.text) >= LEAST_REASON and self._is_of_a_decider(row)

    def _is_of_a_decider(self, row: StoredFact) -> bool:
        """Whether who may plan a visit stored this: with the plan of the visit, or by an act of their own since."""
        if row.action == Action.PLAN_VISIT:
            return True
        deciders = members_of(self.track.agency_id, row.made_at, roles_with(Action.PLAN_VISIT, Cell.OWN))
        return row.made_by_id in dict(deciders)

    def look_up_warnings(self) -> None:
        """Look up the agency's own earlier warnings, and store what came out beside the rows that are read already."""
        self.warnings, made = store_earlier_warnings(self.track, self.rows)
        self.rows = [*self.rows, *made]

    @cached_property
    def warnings(self) -> list[EarlierWarning]:
        """Return the agency's own earlier warnings, looked up now."""
        return earlier_warnings(self.track)

    @cached_property
    def answers_to_hits(self) -> HitAnswers:
        """Return what the decider said of those earlier warnings."""
        return HitAnswers(self.track, self.warnings, self.rows)

    @tells_of_track("prior_warning_checked")
    def _prior_warning_checked(self) -> bool:
        """Whether every earlier warning is answered: those that the product found, and one that somebody says there is."""
        said = self.stored.get("prior_warning_checked")
        is_said = said is not None and bool(said.is_so)
        return self.answers_to_hits.open_a_visit() and (not is_said or self._is_answered_since(said))

    def _is_answered_since(self, said: StoredFact | None) -> bool:
        answer = self.stored.get("prior_warning_answer")
        later = answer is not None and said is not None and answer.made_at >= said.made_at
        return later and answer is not None and answer.code != "goes_to_investigation"

    @tells_of_track("prosecutor_approval")
    def _prosecutor_approval(self) -> bool:
        row = self.stored.get("prosecutor_approval")
        if row is not None and self.action is Action.PLAN_VISIT and not self.answers_to_hits.followed_by(row):
            return False
        age = self._age(self.subject)
        minor = age is not None and age < ADULT_YEARS
        return row is not None and (not minor or row.code == "youth_prosecutor")

    @tells_of_track("known_children_checked")
    def _known_children_checked(self) -> bool:
        row = self.stored.get("known_children_checked")
        if row is None or (row.is_so and not row.text):
            return False
        return bool(row.is_so or row.text) or not any(self._is_known_child(person) for person in self.standing_people)

    def _is_known_child(self, person: PersonInCase) -> bool:
        """Whether somebody of the record is a child around the subject, as the keeper counts them."""
        age = self._age(person)
        if person.role == "minor":
            return age is None or age < ADULT_YEARS
        return person.role in AROUND and age is not None and age < ADULT_YEARS

    def _is_young(self) -> bool:
        age = self._age(self.subject)
        return age is not None and age < YOUNGEST
