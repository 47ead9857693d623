"""The records: a shell that says nothing, tracks, and what each agency records for itself (docs/architecture.md)."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Group, Permission
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from casework.input.addresses import LONGEST_KEY
from casework.input.dates import Precision, with_precision
from casework.input.fields import ITEM, LONG, SHORT, PlainText
from permissions.acting import acting
from permissions.checking import GrantManager
from permissions.managers import GuardedManager
from permissions.models import Agency, User

FAR = datetime.fromisoformat("9999-01-01T00:00:00+00:00")
"""The next deadline of a case that has none: a keyset needs a total order."""


class Case(models.Model):
    """A shell: an id and nothing else. What an agency knows stands in its own rows."""

    id = models.UUIDField(primary_key=True)

    objects = GuardedManager()

    def __str__(self) -> str:
        return str(self.id)


class Sorted(models.Model):
    """The sort key of a list, as this agency may know it; a trigger writes it, Python never does."""

    basis = models.CharField(max_length=40, db_default="")
    """The legal basis on which it was given: the agency's own, or that of the handoff that let it take part."""
    reason = models.CharField(max_length=40)
    giver_id = models.IntegerField(null=True)
    starts_at = models.DateTimeField(db_default=Now())
    ends_at = models.DateTimeField(null=True)
    is_open = models.BooleanField(db_default=True)
    next_due_at = models.DateTimeField(db_default=FAR)
    moved_at = models.DateTimeField(db_default=Now())
    lacks_term = models.BooleanField(db_default=True)
    """Whether something is open in the case for which no term runs; also true until the database has worked it out."""

    class Meta:
        """Two kinds of rows carry it."""

        abstract = True

    def __str__(self) -> str:
        return self.reason


class Participation(Sorted, GroupObjectPermissionBase):
    """An agency takes part in a case from a moment until a moment; every list of an agency starts here."""

    permission = models.ForeignKey(Permission, models.PROTECT, db_index=False)
    group = models.ForeignKey(Group, models.PROTECT, db_index=False)
    content_object = models.ForeignKey(Case, models.PROTECT, db_index=False, related_name="participations")
    reference = models.CharField(max_length=20)
    trail_name = "ruling"
    """What the trail calls these rows: entries that were sealed before the model was renamed say so (decision 0022)."""
    keeps = models.BooleanField(db_default=False)
    """Whether the agency has a track or record in the case (`own`, docs/law.md section 4); a trigger writes it."""

    objects = GrantManager()  # type: ignore[misc,assignment]  # ours instead of guardian's

    class Meta:
        """The worklist reads these rows in order, and nothing else."""

        indexes = (
            models.Index(fields=["group", "next_due_at", "content_object"], condition=Q(is_open=True), name="worklist"),
            models.Index(
                fields=["group", "content_object"],
                condition=Q(is_open=True, lacks_term=True),
                name="participation_without_term",
            ),
            models.Index(fields=["group", "moved_at", "content_object"], name="recent"),
            models.Index(fields=["content_object", "group"], name="participation_of_case"),
            models.Index(fields=["group", "reference"], name="participation_reference"),
            models.Index(fields=["group", "content_object", "-ends_at"], name="participation_within_reach"),
        )


class Assignment(Sorted, UserObjectPermissionBase):
    """A person is named on a case, in one agency, from a moment until a moment."""

    permission = models.ForeignKey(Permission, models.PROTECT, db_index=False)
    user = models.ForeignKey(User, models.PROTECT, db_index=False)
    content_object = models.ForeignKey(Case, models.PROTECT, db_index=False, related_name="assignments")
    agency = models.ForeignKey(Agency, models.PROTECT, db_index=False)
    reference = models.CharField(max_length=20)
    trail_name = "naming"
    """What the trail calls these rows, as of `Participation`."""

    objects = GrantManager()  # type: ignore[misc,assignment]  # ours instead of guardian's

    class Meta:
        """A named person's list reads these rows in order."""

        indexes = (
            models.Index(
                fields=["user", "agency", "next_due_at", "content_object"],
                condition=Q(is_open=True),
                name="my_worklist",
            ),
            models.Index(
                fields=["user", "agency", "content_object"],
                condition=Q(is_open=True, lacks_term=True),
                name="assignment_without_term",
            ),
            models.Index(fields=["content_object", "user", "agency"], name="assignment_of_case"),
            models.Index(fields=["user", "agency", "id"], name="assignment_of_person"),
            models.Index(fields=["user", "agency", "content_object", "-ends_at"], name="assignment_within_reach"),
        )


class Walls(GuardedManager["Wall"]):
    """Answers walls; which of them stand is asked in one way."""

    def standing(self, case_id: UUID | None = None) -> models.QuerySet["Wall"]:
        """Return the walls that stand before a case, or before any case: those that nobody let fall."""
        rows = self.get_queryset().filter(ends_at=None)
        return rows if case_id is None else rows.filter(case_id=case_id)


class Wall(models.Model):
    """A conflict of interest: this person never sees this case."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, db_index=False)
    user = models.ForeignKey(User, models.PROTECT, db_index=False)
    agency = models.ForeignKey(Agency, models.PROTECT, db_index=False)
    reason = PlainText(max_length=LONG)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    lift_asked_by_id = models.IntegerField(null=True)
    lift_reason = PlainText(max_length=LONG, blank=True, default="")
    lifted_reason = PlainText(max_length=LONG, blank=True, db_default="", default="")
    """Why the second person let it fall."""
    lifted_by_id = models.IntegerField(null=True)

    objects = Walls()

    class Meta:
        """Policies look a wall up by case and person; two people lift it."""

        indexes = (
            models.Index(fields=["case", "user"], name="wall_of_case"),
            models.Index(fields=["user"], name="wall_of_person"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True)
                | (Q(lifted_by_id__isnull=False) & ~Q(lifted_by_id=models.F("lift_asked_by_id"))),
                name="two_lift_a_wall",
            ),
        )

    def __str__(self) -> str:
        return str(self.case_id)


class Owned(models.Model):
    """A row of one agency about one case."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, db_index=False)
    agency = models.ForeignKey(Agency, models.PROTECT, db_index=False)
    made_by_id = models.IntegerField()
    made_at = models.DateTimeField()

    class Meta:
        """Every kind of row has its own table."""

        abstract = True

    def __str__(self) -> str:
        return str(self.id)


def owned(case_id: UUID, *names: object) -> dict[str, Any]:
    """Return the columns that every row of the acting agency in a case carries."""
    act = acting()
    return {
        "id": act.made_id(*names),
        "case_id": case_id,
        "agency_id": act.actor.agency_id,
        "made_by_id": act.actor.person_id,
        "made_at": act.moment,
    }


class AgencyRecord(Owned):
    """One agency's own record in a case; under police law it says under which article it is kept."""

    basis = models.CharField(max_length=40)
    wpg_article = models.CharField(max_length=10, blank=True, default="")
    from_handoff_id = models.UUIDField(null=True)

    objects = GuardedManager()

    class Meta:
        """One record for each agency in a case."""

        constraints = (models.UniqueConstraint(fields=["case", "agency"], name="one_record"),)


class Premises(Owned):
    """An address: often all that is known when a report comes in."""

    street = PlainText(max_length=SHORT, blank=True, default="")
    number = PlainText(max_length=20, blank=True, default="")
    postcode = PlainText(max_length=12, blank=True, default="")
    town = PlainText(max_length=SHORT)
    country = PlainText(max_length=60, blank=True, default="")
    is_secret = models.BooleanField(default=False)
    """Whether it is secret: it goes into no package."""
    from_item_id = models.UUIDField(null=True)
    address_keys = ArrayField(models.CharField(max_length=LONGEST_KEY), default=list)
    """The keys by which the address is found again (casework/input/addresses.py)."""

    objects = GuardedManager()

    class Meta:
        """Found by case, and by what is alike."""

        indexes = (
            models.Index(fields=["case", "agency"], name="premises_of_case"),
            GinIndex(fields=["address_keys"], name="premises_alike"),
        )


class Household(Owned):
    """The people who live together at premises."""

    premises = models.ForeignKey(Premises, models.PROTECT, null=True, db_index=False)
    label = PlainText(max_length=SHORT)

    objects = GuardedManager()

    class Meta:
        indexes = (models.Index(fields=["case", "agency"], name="household_of_case"),)


class PersonInCase(Owned):
    """A person as one agency knows them in one case; the role hangs on the case, and rows are never shared."""

    role = models.CharField(max_length=40)
    role_since = models.DateTimeField(null=True)
    """When the role, or an age that makes them a child, was corrected to what it is now; nothing where it never changed."""
    family_name = PlainText(max_length=SHORT, blank=True, default="")
    infix = PlainText(max_length=20, blank=True, default="")
    given_names = PlainText(max_length=SHORT, blank=True, default="")
    birth_date = models.DateField(null=True)
    birth_precision = models.CharField(max_length=5, default=Precision.DAY)
    """How much of the birth date is known: where it is a year or a month, the date is the last day of it."""
    estimated_age = models.PositiveSmallIntegerField(null=True)
    contact = PlainText(max_length=SHORT, blank=True, default="", takes_mail=True)
    contact_is_secret = models.BooleanField(default=False)
    household = models.ForeignKey(Household, models.PROTECT, null=True, db_index=False)
    from_item_id = models.UUIDField(null=True)
    tokens = ArrayField(PlainText(max_length=SHORT + 10), default=list)
    """The words by which the person is found again, each as `kind:token`; a trigger copies them into their own table."""

    objects = GuardedManager()

    class Meta:
        indexes = (models.Index(fields=["case", "agency"], name="person_of_case"),)

    @property
    def name(self) -> str:
        """Return the name in Dutch order, as far as it is known."""
        return " ".join(part for part in (self.given_names, self.infix, self.family_name) if part)

    @property
    def born(self) -> date | None:
        """Return the birth date as far as it is known."""
        return with_precision(self.birth_date, self.birth_precision)


class Note(Owned):
    """A text that is only added to: a correction is a new note that names the old one."""

    kind = models.CharField(max_length=40)
    text = PlainText(max_length=ITEM, takes_mail=True)
    happened_on = models.DateField(null=True)
    happened_precision = models.CharField(max_length=5, default=Precision.DAY)
    is_burdening = models.BooleanField(default=False)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, db_index=False)
    from_item_id = models.UUIDField(null=True)

    objects = GuardedManager()

    class Meta:
        indexes = (
            models.Index(fields=["case", "agency", "-made_at", "id"], name="note_of_case"),
            models.Index(fields=["corrects"], condition=Q(corrects__isnull=False), name="note_corrected"),
        )
