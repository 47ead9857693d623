"""Reads back what holds of a track, from stored rows in the same transaction (docs/law.md section 2)."""

from collections.abc import Iterable
from functools import cached_property

from casework.facts.calls import CALLS, is_called
from casework.facts.consents import Consents
from casework.facts.said_words import SaidWords
from casework.facts.told import check_needs, tells_of_track
from casework.input.codes import CONTACT_NOTE, CRITERIA, HELPING, REPORTERS_TOLD
from casework.lock import grants
from casework.lock.grants import has_untold_children
from casework.models import AgencyRecord, Deadline, Handoff, Note, Visit
from casework.terms.informing import unplanned
from permissions.bases import processing_bases
from permissions.vocabulary import Action
from workflows.calendars import add_months, day_of
from workflows.fitting import OUTCOME_OF, closed_by, count_misfit, deciding
from workflows.tracks import TRACKS, WORKFLOWS

POLICE_MONTHS = 12
SENT = frozenset({"sent", "delivered", "acknowledged", "accepted", "started"})
FAILED = frozenset({"refused", "expired", "withdrawn"})

COUNTED = {"warned": "warned", "searched": "homes_searched", "carriers": "data_carriers", "arrested": "arrests"}
"""The counts of a visit's report, and where each is stored."""
APPROVED_AS_IT_WAS = frozenset({"assessment", "outcome_code"})
"""Decisions that a second person sees before they approve: one that is given with the step itself is not approved."""


class TrackFacts(SaidWords):
    """What holds of one track; a method reads each fact that is more than a stored row."""

    def hold(self, needs: Iterable[str]) -> frozenset[str]:
        """Return those of these facts that hold."""
        return frozenset(fact for fact in needs if self._holds(fact))

    def _holds(self, fact: str) -> bool:
        told = tells_of_track.methods.get(fact)
        return (told(self) if told else fact in self.stored) and not self._is_closed(fact) and not self._is_excluded(fact)

    def closing(self, needs: Iterable[str]) -> tuple[str, ...]:
        """Return the facts that close this step by their code, beside those that it needs (workflows.fitting)."""
        beside = [fact for fact in deciding(self.track.state, self.action) if fact not in needs]
        return tuple(fact for fact in beside if self._is_closed(fact))

    def _is_closed(self, fact: str) -> bool:
        if fact not in deciding(self.track.state, self.action) or self._is_about_an_adult(fact):
            return False
        code = self.code_of(fact)
        return bool(code) and closed_by(fact, code, self.track.state, self.action)

    def _is_about_an_adult(self, fact: str) -> bool:
        """Whether this is a decision of the youth prosecutor about an adult: it closes nothing."""
        return fact == "youth_prosecutor_decision" and "person:adult" in self.said

    def code_of(self, fact: str) -> str:
        """Return the code that decides: of the latest row that counts in this round."""
        if fact == "visit_report":
            return self.visit.outcome if self.visit else ""
        row = self.latest.get(fact)
        if row is None:
            return ""
        return row.said_code

    def found_since(self) -> tuple[str, ...]:
        """Return the facts that allowed this step and no longer hold: of the visit, and a consent that was taken back."""
        is_over = self.action in {Action.BEGIN_HELP, Action.HAND_OVER_HELP} and self.is_taken_back
        return (*super().found_since(), *(["consent"] if is_over else []))

    def words_of_step(self) -> tuple[str, ...]:
        """Return what this step says to the clocks, besides the state that it enters."""
        if self.action is Action.ASSESS and self.stored["outcome_code"].code == "investigation":
            return ("investigation_decided",)
        if self.action is Action.CLOSE_WARNING and "no_concern_report" in self.stored and self.approvals:
            return ("no_concern_report",)
        return ()

    @tells_of_track("legal_basis")
    def _legal_basis(self) -> bool:
        kind = self.act.actor.kind
        if kind is None or self.track.basis not in processing_bases(kind):
            return False
        if not self.track.basis.startswith("WPG"):
            return True
        return AgencyRecord.objects.filter(case_id=self.track.case_id).exclude(wpg_article="").exists()

    @tells_of_track("target")
    def _target(self) -> bool:
        return self.subject is not None or bool(self.premises)

    @tells_of_track("criteria")
    def _criteria(self) -> bool:
        return all(name in self.answers and self.answers[name].source for name in CRITERIA)

    @tells_of_track("youth_prosecutor_decision")
    def _youth_prosecutor_decision(self) -> bool:
        """Whether the youth prosecutor decided; whatever was decided, nobody under twelve is warned."""
        return "youth_prosecutor_decision" in self.stored and not (self.action is Action.WARN and self._is_young())

    @tells_of_track("visit_date")
    def _visit_date(self) -> bool:
        """Whether a visit was planned since the last step: an earlier plan serves no second time."""
        visit = self.visit
        return visit is not None and not visit.is_reported and (visit.planned_at or visit.made_at) > self.track.moved_at

    @tells_of_track("visit_team")
    def _visit_team(self) -> bool:
        return self._visit_date() and len(self.visit.officers if self.visit else ()) >= 2  # noqa: PLR2004 - two officers

    @tells_of_track("visit_safety_plan")
    def _visit_safety_plan(self) -> bool:
        return self._visit_date()

    @tells_of_track("visit_scheduled")
    def _visit_scheduled(self) -> bool:
        visit = self.visit
        return visit is not None and (not visit.is_reported or visit.last_moment > self.track.moved_at)

    @tells_of_track("visit_report")
    def _visit_report(self) -> bool:
        visit = self.visit
        if visit is None or not visit.outcome or visit.last_moment <= self.track.moved_at:
            return False
        counts = {name: getattr(visit, column) for name, column in COUNTED.items()}
        return not count_misfit(visit.outcome, counts, cautioned=bool(visit.is_cautioned)) and self.days.fits_visit(visit)

    @tells_of_track("search_settled")
    def _search_settled(self) -> bool:
        """Whether nothing was searched, or its authority is recorded: what the outcome says and what was counted."""
        visit = self.visit
        if visit is None or not visit.outcome:
            return visit is None
        if not OUTCOME_OF[visit.outcome].is_search and not visit.homes_searched:
            return True
        decided = self.stored.get("search_decided")
        return "search_authority" in self.stored or (decided is not None and decided.name == "order")

    @tells_of_track("seizure_settled")
    def _seizure_settled(self) -> bool:
        """Whether what became of what was seized is recorded, also of a visit in another round."""
        seized = Visit.objects.filter(track_id=self.track.pk, data_carriers__gt=0).order_by("-reported_at").first()
        return seized is None or any(row.fact == "seizure" and row.made_at >= seized.last_moment for row in self.rows)

    @tells_of_track("subject_identified")
    def _subject_identified(self) -> bool:
        return self._age(self.subject) is not None

    @tells_of_track("subject_adult")
    def _subject_adult(self) -> bool:
        return self.subject is not None and self._is_adult(self.subject)

    @tells_of_track("subject_minor")
    def _subject_minor(self) -> bool:
        return self.subject is not None and not self._is_adult(self.subject)

    @tells_of_track("subject_changed")
    def _subject_changed(self) -> bool:
        return self.another_subject is not None or any(row.made_at > self.planned_at for row in self.premises)

    @tells_of_track("child_check_settled")
    def _child_check_settled(self) -> bool:
        """Whether it is known if there are children, and work began on a report of each, or another agrees why not."""
        row = self.stored.get("child_check")
        if row is None or row.code == "unknown":
            return False
        reason = self.stored.get("no_concern_report") if self.approvals else None
        return not has_untold_children(self.track.case_id, ["started"], reason.made_at if reason else None)

    @tells_of_track("reporter_informed")
    def _reporter_informed(self) -> bool:
        """Whether the reporter was told in a way that fits what is known of them now: also if they are protected since."""
        row = self.stored.get("reporter_informed")
        return row is not None and grants.reporter_to_inform(self.track.case_id) in REPORTERS_TOLD[row.code]

    @tells_of_track("sender_informed")
    def _sender_informed(self) -> bool:
        return self.track.began_by_handoff_id is None or "sender_informed" in self.stored

    @tells_of_track("reviews_done")
    def _reviews_done(self) -> bool:
        """Whether as many reviews were held as the schedule asked that began with the round, or the approver says why not.

        What was planned anew, or stopped because they live elsewhere, was not held: to plan fewer is an earlier end.
        """
        of_round = {"track_id": self.track.pk, "clock": "FOLLOW_UP", "started_at__gte": self.track.round_began_at}
        rows = list(Deadline.objects.filter(**of_round))
        asked = [row for row in rows if row.started_at == min(one.started_at for one in rows)]
        held = [row for row in rows if row.met_at and not row.stop_reason]
        is_open = any(row.met_at is None for row in rows)
        return (bool(rows) and not is_open and len(held) >= len(asked)) or any(row.approver_reason for row in self.approvals)

    @tells_of_track("welfare_call")
    def _welfare_call(self) -> bool:
        """Whether who was warned was called, or was tried on two dates, or has died since: then there is nobody to call."""
        calls = [row for row in self.rows if row.fact == "welfare_call" and self._counts(row)]
        twice = len(calls) >= CALLS and any(row.code == "attempted_twice" for row in calls)
        return twice or any(is_called(row) for row in calls) or self.is_dead

    @tells_of_track("handoffs_settled")
    def _handoffs_settled(self) -> bool:
        """Whether every handoff of this track is final, of whatever round, sent or not."""
        mine = Handoff.objects.filter(track_id=self.track.pk, sender_id=self.track.agency_id)
        return not mine.exclude(state__in=WORKFLOWS["handoff"].final).exists()

    def _handoff_state(self) -> str:
        """Return the state of the handoff that was sent last in this round, or of a report that came to nothing in it.

        What an earlier round handed over is done, and what was never sent says nothing.
        """
        return self.handoffs[-1].state if self.handoffs else ""

    @tells_of_track("handoff_sent")
    def _handoff_sent(self) -> bool:
        is_sent = self._handoff_state() in SENT
        return is_sent and (self.action is not Action.HAND_OVER_HELP or self._is_consented(str(self.handoffs[-1].help_kind)))

    @tells_of_track("handoff_started")
    def _handoff_started(self) -> bool:
        return self._handoff_state() == "started"

    @tells_of_track("handoff_failed")
    def _handoff_failed(self) -> bool:
        resumes = self.action in {Action.RESUME_SAFETY, Action.RESUME_HELP}
        return self._handoff_state() in FAILED or (resumes and self._handoff_state() == "returned")

    @tells_of_track("four_eyes")
    def _four_eyes(self) -> bool:
        """Whether another approved what is now in the record: what was written since, and what decides, is not approved."""
        facts = [row for row in self.stored.values() if row.made_at < self.act.moment or row.fact in APPROVED_AS_IT_WAS]
        written = [
            row.made_at for row in (*facts, *self.people, *self.premises, *self.answers.values(), *self._other_content)
        ]
        content = max((moment for moment in written if moment <= self.act.moment), default=self.track.moved_at)
        return any(row.approved_by_id != self.track.editor_id and row.made_at >= content for row in self.approvals)

    @property
    def _other_content(self) -> list[Note]:
        """Return the latest note that says something of the people concerned: a telephone call voids no approval."""
        mine = {"case_id": self.track.case_id, "agency_id": self.track.agency_id}
        return list(Note.objects.filter(**mine).exclude(kind=CONTACT_NOTE).order_by("-made_at")[:1])

    @tells_of_track("retention_allows")
    def _retention_allows(self) -> bool:
        young = self.today <= add_months(day_of(self.track.made_at), POLICE_MONTHS)
        return young or "retention_check" in self.stored

    @tells_of_track("subject_data_removed")
    def _subject_data_removed(self) -> bool:
        """Whether the act can remove all data: none went out or lies here in a package, where it would stay."""
        mine = self.track.agency_id
        rows = Handoff.objects.filter(case_id=self.track.case_id)
        return all(row.state in FAILED and (row.receiver_id == mine or not row.delivered) for row in rows)

    @tells_of_track("subjects_informed_or_planned")
    def _subjects_informed_or_planned(self) -> bool:
        return "informing_postponed" in self.stored or not unplanned(self.track.case_id, self.people)

    @cached_property
    def _consents(self) -> Consents:
        return Consents(self.track.case_id, self.track.agency_id, self.today)

    @property
    def consented_kind(self) -> str:
        """Return to which kind of help was consented last on this track, as far as it was said."""
        given = self._consents.to_help_on(self.track)
        return self._consents.kind_of(given[-1]) if given else ""

    @property
    def is_taken_back(self) -> bool:
        """Whether the package that asked for this help was withdrawn, and nobody consented to help here since."""
        began = self.track.began_by_handoff_id
        if began is None or self._consents.to_help_on(self.track):
            return False
        return Handoff.objects.filter(pk=began, kind__in=HELPING, state="withdrawn").exists()

    @tells_of_track("consent")
    def _consent(self) -> bool:
        """Whether they consent to the kind of help that was offered last."""
        return self._consents.for_help(self.track, self.helped, self._consents.offered(self.track.pk))

    def _is_consented(self, kind: str) -> bool:
        """Whether this kind of help, or the one that was offered, is what was consented to, here or where it came from."""
        if self._consents.to_help_on(self.track):
            asked = kind or self._consents.offered(self.track.pk)
            return self._consents.for_help(self.track, self.helped, asked)
        if not kind or not self.track.began_by_handoff_id:
            return True
        began = Handoff.objects.filter(pk=self.track.began_by_handoff_id).values_list("help_kind", flat=True).first()
        return began in {None, "", kind}

    @tells_of_track("consent_by_right_person")
    def _consent_by_right_person(self) -> bool:
        return self._consent()

    @tells_of_track("start_date")
    def _start_date(self) -> bool:
        row = self.stored.get("start_date")
        dated = row is not None and row.on_date is not None and row.on_date <= self.today
        return dated and (self.action is not Action.BEGIN_HELP or self._is_consented(str(row.help_kind) if row else ""))


for _track in TRACKS.values():
    check_needs(_track, tells_of_track.facts)
