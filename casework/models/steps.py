"""What a track moves on: its steps, the answers and facts it rests on, its visits and approvals."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from casework.input.fields import LONG, LONGEST, SHORT, PlainText
from casework.models.records import Owned, PersonInCase
from permissions.managers import GuardedManager


class Track(Owned):
    """One workflow in a case, owned by one agency. `advance` alone writes `state`."""

    kind = models.CharField(max_length=10)
    state = models.CharField(max_length=20)
    version = models.PositiveIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=1)
    round_began_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    basis = models.CharField(max_length=40, blank=True, default="")
    subject = models.ForeignKey(PersonInCase, models.PROTECT, null=True, db_index=False)
    submitted_by_id = models.IntegerField(null=True)
    editor_id = models.IntegerField(null=True)
    began_by_handoff_id = models.UUIDField(null=True)

    objects = GuardedManager()

    class Meta:
        indexes = (models.Index(fields=["case", "agency"], name="track_of_case"),)


class StepTaken(Owned):
    """A step that a track or handoff took: the timeline."""

    track_id = models.UUIDField(null=True)
    handoff_id = models.UUIDField(null=True)
    action = models.CharField(max_length=40)
    source = models.CharField(max_length=20)
    target = models.CharField(max_length=20)
    role = models.CharField(max_length=40)

    objects = GuardedManager()

    class Meta:
        indexes = (models.Index(fields=["case", "agency", "-made_at"], name="step_of_case"),)


class Criterion(Owned):
    """An answer on the triage checklist, with its source; the latest answer of a round counts."""

    track = models.ForeignKey(Track, models.PROTECT, db_index=False)
    round = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    is_exclusion = models.BooleanField()
    answer = models.CharField(max_length=7)
    source = PlainText(max_length=SHORT)
    reason = PlainText(max_length=LONG, blank=True, default="")

    objects = GuardedManager()

    class Meta:
        indexes = (
            models.Index(fields=["track", "made_at"], name="criterion_of_track"),
            models.Index(fields=["case", "agency", "-made_at"], name="criterion_of_case"),
        )


class Visit(Owned):
    """One planned visit and, once made, its report with independent counters."""

    track = models.ForeignKey(Track, models.PROTECT, db_index=False)
    round = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    planned_on = models.DateField()
    officers = ArrayField(PlainText(max_length=SHORT))
    plan_subject = PlainText(max_length=LONG)
    plan_family = PlainText(max_length=LONG)
    plan_team = PlainText(max_length=LONG)
    outcome = models.CharField(max_length=40, blank=True, default="")
    warned = models.PositiveSmallIntegerField(default=0)
    homes_searched = models.PositiveSmallIntegerField(default=0)
    data_carriers = models.PositiveSmallIntegerField(default=0)
    arrests = models.PositiveSmallIntegerField(default=0)
    is_cautioned = models.BooleanField(null=True)
    visited_on = models.DateField(null=True)
    planned_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)

    objects = GuardedManager()

    class Meta:
        """Found by track; one number a round."""

        constraints = (models.UniqueConstraint(fields=["track", "round", "number"], name="one_visit"),)
        indexes = (models.Index(fields=["case", "agency", "-made_at"], name="visit_of_case"),)

    @property
    def is_reported(self) -> bool:
        """Whether the visit was made or attempted; then another one is planned, never this one anew."""
        return bool(self.outcome) or self.reported_at is not None

    @property
    def last_moment(self) -> datetime:
        """Return when the visit was reported on, or else planned."""
        return self.reported_at or self.planned_at or self.made_at


class CountedFacts(GuardedManager["StoredFact"]):
    """Answers the facts that count: a row that a correction replaced is left out, so that no reader can forget to."""

    def get_queryset(self) -> models.QuerySet["StoredFact"]:
        """Return the rows that no other replaces."""
        return super().get_queryset().filter(replaced_by_id=None)


class StoredFact(Owned):
    """A fact of docs/law.md section 2 as it was stored: coded, dated, with its words; the latest of a round counts."""

    track_id = models.UUIDField(null=True)
    handoff_id = models.UUIDField(null=True)
    round = models.PositiveSmallIntegerField(default=1)
    visit_number = models.PositiveSmallIntegerField(default=0)
    fact = models.CharField(max_length=40)
    action = models.CharField(max_length=40)
    code = models.CharField(max_length=40, blank=True, default="")
    text = PlainText(max_length=LONGEST, blank=True, default="")
    name = PlainText(max_length=SHORT, blank=True, default="")
    on_date = models.DateField(null=True)
    until_date = models.DateField(null=True)
    is_so = models.BooleanField(null=True)
    person_id = models.UUIDField(null=True)
    receiver_id = models.IntegerField(null=True)
    """The agency with which is shared, where a consent names one."""
    ref_id = models.UUIDField(null=True)
    help_kind = models.CharField(max_length=20, blank=True, default="", db_default="")
    """Which kind of help is offered, consented to or begun; nothing where none was said."""
    replaced_by_id = models.UUIDField(null=True)
    """The row that stands in its place since it was corrected; then it no longer counts."""

    objects = CountedFacts()
    whatever_counts = GuardedManager()
    """Also the rows that were replaced: for what was disclosed of them."""

    class Meta:
        """Found by track, by handoff and by case."""

        indexes = (
            models.Index(fields=["track_id", "made_at"], name="fact_of_track"),
            models.Index(fields=["handoff_id", "made_at"], name="fact_of_handoff"),
            models.Index(fields=["case", "agency", "-made_at"], name="fact_of_case"),
            models.Index(
                fields=["agency", "made_at"], condition=Q(fact="new_signal", action="open_case"), name="signal_of_agency"
            ),
        )

    @property
    def said_code(self) -> str:
        """Return what the row says in one word: its code, or yes or no."""
        return self.code or ("" if self.is_so is None else "yes" if self.is_so else "no")


class Approval(Owned):
    """A second person's yes, bound to one version of a track or one package of a handoff; a change of content voids it."""

    track_id = models.UUIDField(null=True)
    handoff_id = models.UUIDField(null=True)
    action = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    reason = PlainText(max_length=LONG)
    asked_by_id = models.IntegerField()
    approved_by_id = models.IntegerField(null=True)
    approved_at = models.DateTimeField(null=True)
    approver_reason = PlainText(max_length=LONG, blank=True, default="")
    approved_roles = ArrayField(models.CharField(max_length=40), default=list)
    """The roles that the approver held when approving."""

    objects = GuardedManager()

    class Meta:
        """Found by track; the approver is never the asker."""

        indexes = (
            models.Index(fields=["track_id", "made_at"], name="approval_of_track"),
            models.Index(fields=["handoff_id"], name="approval_of_handoff"),
            models.Index(fields=["case", "agency", "-made_at"], name="approval_of_case"),
            models.Index(fields=["agency", "made_at"], condition=Q(approved_by_id=None), name="approval_asked"),
            models.Index(
                fields=["track_id", "agency"],
                condition=Q(approved_by_id=None, track_id__isnull=False),
                name="approval_asked_track",
            ),
            models.Index(
                fields=["handoff_id", "agency"],
                condition=Q(approved_by_id=None, handoff_id__isnull=False),
                name="approval_asked_handoff",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(approved_by_id__isnull=True) | ~Q(approved_by_id=models.F("asked_by_id")),
                name="approver_is_another",
            ),
        )
