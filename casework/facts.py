"""Reads back what holds of a track, from stored rows in the same transaction (docs/law.md section 2)."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import cached_property

from casework.codes import CRITERIA, EXCLUSIONS, LARGE_SCALE
from casework.consents import Consents, age_on
from casework.informing import unplanned
from casework.lookups import EarlierWarning, HitAnswers, earlier_warnings
from casework.models import (
    AgencyRecord,
    Approval,
    Criterion,
    Deadline,
    Handoff,
    PersonInCase,
    Premises,
    StoredFact,
    Track,
    Visit,
)
from permissions.acting import acting
from permissions.bases import processing_bases
from permissions.decision import roles_with
from permissions.grid import Cell
from permissions.vocabulary import Action
from workflows.calendars import AMSTERDAM, add_months
from workflows.tracks import WORKFLOWS

ADULT_YEARS = 18
LEAST_REASON = 20
"""Characters of a reason that says something."""
POLICE_MONTHS = 12
LASTING = frozenset({"consent", "investigation_reference", "new_signal", "retention_check"})
"""Facts that outlive a round."""
SENT = frozenset({"sent", "delivered", "acknowledged", "accepted", "started"})
FAILED = frozenset({"refused", "expired", "withdrawn"})


class TrackFacts:
    """What holds of one track; each source is read once, and only when a fact needs it."""

    def __init__(self, track: Track, action: Action) -> None:
        """Look at one track, for one action."""
        self.track = track
        self.action = action
        self.act = acting()

    def hold(self, needs: Iterable[str]) -> frozenset[str]:
        """Return those of these facts that hold."""
        return frozenset(fact for fact in needs if self._holds(fact))

    def _holds(self, fact: str) -> bool:
        derived: Callable[[], bool] | None = getattr(self, f"_{fact}", None)
        return derived() if derived else fact in self.stored

    @property
    def today(self) -> date:
        """Return the local day of this act."""
        return self.act.moment.astimezone(AMSTERDAM).date()

    @cached_property
    def stored(self) -> dict[str, StoredFact]:
        """Return the latest stored row of each fact that still counts; reasons count only for their own act."""
        rows = StoredFact.objects.filter(track_id=self.track.pk).order_by("made_at", "id")
        return {
            row.fact: row
            for row in rows
            if (row.round == self.track.round or row.fact in LASTING)
            and (row.fact not in {"reason", "trigger"} or self._is_of_this_act(row))
        }

    def _is_of_this_act(self, row: StoredFact) -> bool:
        return row.action == self.action and row.made_at >= self.track.moved_at

    @cached_property
    def visit(self) -> Visit | None:
        """Return the latest visit of this round."""
        return Visit.objects.filter(track_id=self.track.pk, round=self.track.round).order_by("-number").first()

    @cached_property
    def people(self) -> list[PersonInCase]:
        """Return the people of the agency's record in this case, latest last."""
        rows = PersonInCase.objects.filter(case_id=self.track.case_id, agency_id=self.track.agency_id)
        return list(rows.order_by("made_at", "id"))

    @cached_property
    def subject(self) -> PersonInCase | None:
        """Return the track's subject, or the latest person recorded as subject."""
        found = [person for person in self.people if person.role == "subject"]
        chosen = [person for person in self.people if person.pk == self.track.subject_id]
        return chosen[0] if chosen else found[-1] if found else None

    @cached_property
    def helped(self) -> PersonInCase | None:
        """Return whom this track helps: its own subject, else the case's."""
        return next((person for person in self.people if person.pk == self.track.subject_id), self.subject)

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
        """Return the handoffs that this track sent, and the one that began it; latest last."""
        ids = {"track_id": self.track.pk}
        rows = list(Handoff.objects.filter(sender_id=self.track.agency_id, **ids).order_by("made_at", "id"))
        if (not rows or self.action is Action.DROP_REPORT) and self.track.began_by_handoff_id:
            rows = list(Handoff.objects.filter(pk=self.track.began_by_handoff_id))
        return rows

    @cached_property
    def approvals(self) -> list[Approval]:
        """Return the approvals of this action on this version."""
        rows = Approval.objects.filter(track_id=self.track.pk, version=self.track.version, action=self.action)
        return [row for row in rows if row.approved_by_id]

    def words_of_step(self) -> tuple[str, ...]:
        """Return what this step says to the clocks, besides the state that it enters."""
        if self.action is Action.ASSESS and self.stored["outcome_code"].code == "investigation":
            return ("investigation_decided",)
        if self.action is Action.CLOSE_WARNING and "no_concern_report" in self.stored and self.approvals:
            return ("no_concern_report",)
        return ()

    def _is_adult(self, person: PersonInCase) -> bool:
        if person.birth_date:
            return age_on(person.birth_date, self.today) >= ADULT_YEARS
        return (person.estimated_age or 0) >= ADULT_YEARS

    # What follows is read by name: `_` and the fact.

    def _legal_basis(self) -> bool:
        kind = self.act.actor.kind
        if kind is None or self.track.basis not in processing_bases(kind):
            return False
        if not self.track.basis.startswith("WPG"):
            return True
        return AgencyRecord.objects.filter(case_id=self.track.case_id).exclude(wpg_article="").exists()

    def _target(self) -> bool:
        return self.subject is not None or bool(self.premises)

    def _criteria(self) -> bool:
        return all(name in self.answers and self.answers[name].source for name in CRITERIA)

    def _no_exclusion(self) -> bool:
        found = [self.answers.get(name) for name in EXCLUSIONS if name != LARGE_SCALE]
        known = LARGE_SCALE in self.answers
        return known and all(row and row.answer != "yes" and (row.answer == "no" or row.reason) for row in found)

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
        """Whether who may plan a visit stored this: with the plan of the visit, or in this very act."""
        if row.action == Action.PLAN_VISIT:
            return True
        return row.made_at == self.act.moment and self.act.role in roles_with(Action.PLAN_VISIT, Cell.OWN)

    @cached_property
    def warnings(self) -> list[EarlierWarning]:
        """Return the agency's own earlier warnings, looked up now."""
        return earlier_warnings(self.track)

    @cached_property
    def answers_to_hits(self) -> HitAnswers:
        """Return what the decider said of those earlier warnings."""
        return HitAnswers(self.track, self.warnings)

    def _prior_warning_checked(self) -> bool:
        return self.answers_to_hits.open_a_visit()

    def _prosecutor_approval(self) -> bool:
        row = self.stored.get("prosecutor_approval")
        if row is not None and self.action is Action.PLAN_VISIT and not self.answers_to_hits.followed_by(row):
            return False
        person = self.subject
        known = person is not None and (person.birth_date is not None or person.estimated_age is not None)
        minor = known and not self._subject_adult()
        return row is not None and (not minor or row.code == "youth_prosecutor")

    def _known_children_checked(self) -> bool:
        row = self.stored.get("known_children_checked")
        return row is not None and (not row.is_so or bool(row.text))

    def _visit_date(self) -> bool:
        return self.visit is not None and not self.visit.outcome

    def _visit_team(self) -> bool:
        return self._visit_date() and len(self.visit.officers if self.visit else ()) >= 2  # noqa: PLR2004 - two officers

    def _visit_safety_plan(self) -> bool:
        return self._visit_date()

    def _visit_scheduled(self) -> bool:
        return self.visit is not None

    def _visit_report(self) -> bool:
        return self.visit is not None and bool(self.visit.outcome)

    def _search_settled(self) -> bool:
        return self.visit is None or not self.visit.homes_searched or "search_authority" in self.stored

    def _seizure_settled(self) -> bool:
        return self.visit is None or not self.visit.data_carriers or "seizure" in self.stored

    def _subject_identified(self) -> bool:
        person = self.subject
        return person is not None and (person.birth_date is not None or person.estimated_age is not None)

    def _subject_adult(self) -> bool:
        return self.subject is not None and self._is_adult(self.subject)

    def _subject_minor(self) -> bool:
        return self.subject is not None and not self._is_adult(self.subject)

    def _subject_changed(self) -> bool:
        since = self.track.round_began_at
        people = any(row.role == "subject" for row in self.people if row.made_at > since)
        return people or any(row.made_at > since for row in self.premises)

    def _child_check_settled(self) -> bool:
        row = self.stored.get("child_check")
        if row is None or row.code == "unknown":
            return False
        reported = any(h.kind == "concern_report" and h.state == "started" for h in self.handoffs)
        return row.code == "none" or reported or self._no_report_approved()

    def _no_report_approved(self) -> bool:
        """Whether the reason for no concern report is approved: by itself, or with the step that rests on it."""
        reason = self.stored.get("no_concern_report")
        if reason is None:
            return False
        rows = Approval.objects.filter(track_id=self.track.pk, action="no_concern_report", made_at__gte=reason.made_at)
        return bool(self.approvals) or rows.exclude(approved_by_id=None).exists()

    def _sender_informed(self) -> bool:
        return self.track.began_by_handoff_id is None or "sender_informed" in self.stored

    def _reviews_done(self) -> bool:
        late = Deadline.objects.filter(track_id=self.track.pk, clock="FOLLOW_UP", met_at=None, due_at__lte=self.act.moment)
        return "review_outcome" in self.stored and not late.exists()

    def _handoffs_settled(self) -> bool:
        final = WORKFLOWS["handoff"].final
        return all(h.state in final for h in self.handoffs if h.sender_id == self.track.agency_id)

    def _handoff_state(self) -> str:
        return self.handoffs[-1].state if self.handoffs else ""

    def _handoff_sent(self) -> bool:
        return self._handoff_state() in SENT

    def _handoff_started(self) -> bool:
        return self._handoff_state() == "started"

    def _handoff_failed(self) -> bool:
        resumes = self.action in {Action.RESUME_SAFETY, Action.RESUME_HELP}
        return self._handoff_state() in FAILED or (resumes and self._handoff_state() == "returned")

    def _four_eyes(self) -> bool:
        before = [row.made_at for row in self.stored.values() if row.made_at < self.act.moment]
        content = max(before, default=self.track.moved_at)
        return any(row.approved_by_id != self.track.editor_id and row.made_at >= content for row in self.approvals)

    def _retention_allows(self) -> bool:
        young = self.today <= add_months(self.track.made_at.astimezone(AMSTERDAM).date(), POLICE_MONTHS)
        return young or "retention_check" in self.stored

    def _subject_data_removed(self) -> bool:
        return not self.people and not self.premises

    def _subjects_informed_or_planned(self) -> bool:
        return "informing_postponed" in self.stored or not unplanned(self.track.case_id, self.people)

    def _consent(self) -> bool:
        consents = Consents(self.track.case_id, self.track.agency_id, self.today)
        return consents.for_help(self.track, self.helped)

    def _consent_by_right_person(self) -> bool:
        return self._consent()

    def _start_date(self) -> bool:
        row = self.stored.get("start_date")
        return row is not None and row.on_date is not None and row.on_date <= self.today
