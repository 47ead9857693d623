"""Who of an agency is away and who stands in for them, and which cases of one person were given to another at once."""

from django.db import models
from django.db.models import Q

from permissions.managers import GuardedManager
from permissions.models import Agency, User


class Absence(models.Model):
    """A person is away from a day until and with another, and somebody may stand in for them.

    It opens no case to anybody: who stands in sees what they are assigned to, or what their own role lets them see.
    """

    id = models.UUIDField(primary_key=True)
    agency = models.ForeignKey(Agency, models.PROTECT, db_index=False, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    deputy = models.ForeignKey(User, models.PROTECT, null=True, db_index=False, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    """The last day of the absence."""
    made_by_id = models.IntegerField()
    made_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)
    """When another absence was stored that stands in its place."""

    objects = GuardedManager()

    class Meta:
        """Asked for by person; an absence that ends before it begins is none."""

        indexes = (
            models.Index(fields=["agency", "user", "ends_on"], condition=Q(replaced_at=None), name="absence_of_person"),
            models.Index(fields=["agency", "deputy", "ends_on"], condition=Q(replaced_at=None), name="absence_of_deputy"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="absence_begins_first"),
            models.CheckConstraint(condition=Q(deputy=None) | ~Q(deputy=models.F("user")), name="another_stands_in"),
        )

    def __str__(self) -> str:
        return f"{self.starts_on} - {self.ends_on}"


class Reassignment(models.Model):
    """Cases of one person, or of nobody, were given to another in one act: both are told so on their worklist."""

    id = models.UUIDField(primary_key=True)
    agency = models.ForeignKey(Agency, models.PROTECT, db_index=False, related_name="+")
    holder = models.ForeignKey(User, models.PROTECT, null=True, db_index=False, related_name="+")
    """Whose cases they were; nobody's where it is empty."""
    taker = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    code = models.CharField(max_length=40)
    """Why: one of the reasons of the act."""
    cases = models.PositiveIntegerField()
    """How many cases were given; which ones, the trail says of each assignment."""
    made_by_id = models.IntegerField()
    made_at = models.DateTimeField()

    objects = GuardedManager()

    class Meta:
        """Each of the two is told, the newest first."""

        indexes = (
            models.Index(fields=["taker", "agency", "-made_at"], name="reassigned_to"),
            models.Index(fields=["holder", "agency", "-made_at"], name="reassigned_from"),
        )

    def __str__(self) -> str:
        return self.code
