"""Exports of the trail that were asked for, and the parts of which their files are made."""

from django.db import models
from django.db.models import Q

from casework.models.access import Review
from permissions.managers import GuardedManager
from permissions.models import Agency, User


class Export(models.Model):
    """An export of the trail that somebody asked for, and how far it is; what was asked stands in its review row."""

    review = models.OneToOneField(Review, models.PROTECT, primary_key=True, db_column="id", related_name="export")
    agency = models.ForeignKey(Agency, models.PROTECT, db_index=False, related_name="+")
    made_by = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    made_at = models.DateTimeField()
    total = models.PositiveBigIntegerField(null=True)
    """How many entries were asked for; nobody has counted them before the first part."""
    written = models.PositiveBigIntegerField(default=0)
    parts = models.PositiveIntegerField(default=0)
    tries = models.PositiveIntegerField(default=0)
    """How many steps were taken: each has an intent of its own."""
    last_at = models.DateTimeField(null=True)
    last_entry_id = models.BigIntegerField(null=True)
    """Where the next part goes on: after the entry that the last one ended with."""
    ready_at = models.DateTimeField(null=True)
    kept_until = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    objects = GuardedManager()

    class Meta:
        """Newest first, for the person who asked."""

        indexes = (models.Index(fields=["made_by", "agency", "-made_at", "-review"], name="export_in_order"),)
        constraints = (models.CheckConstraint(condition=Q(ready_at=None) | ~Q(total=None), name="counted_before_ready"),)

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def next_step(self) -> str:
        """Return the key of the intent that makes the next part."""
        return f"export:{self.pk}:{self.tries}"


class ExportPart(models.Model):
    """A piece of the file of an export, in order; made of the trail by the worker, never of what somebody sent."""

    export = models.ForeignKey(Export, models.PROTECT, db_index=False, related_name="+")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    objects = GuardedManager()

    class Meta:
        """Each piece once; the constraint is also the index by which they are read."""

        constraints = (models.UniqueConstraint(fields=("export", "number"), name="part_once"),)

    def __str__(self) -> str:
        return str(self.number)
