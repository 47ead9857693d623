"""What somebody typed in a form and did not send yet: no record of a case, and shown to nobody else."""

from uuid import uuid4

from django.db import models

from casework.models.records import Case
from permissions.managers import GuardedManager
from permissions.models import Membership, User

LARGEST = 64 * 1024
"""The most bytes that somebody's draft takes before it is encrypted: six of the longest texts."""
LONGEST_SEALED = 90_000
"""The most characters that this takes once it is encrypted."""


class Draft(models.Model):
    """One unsent form: of one person in one membership, for one action on one thing or on nothing."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, db_index=False, related_name="+")
    action = models.CharField(max_length=60)
    about_id = models.UUIDField(null=True)
    """The case, track or handoff on which the act is to be done; nothing for an intake."""
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    sealed = models.CharField(max_length=LONGEST_SEALED)
    """What was typed, encrypted with a key that is not in the database (casework/input/drafts.py)."""
    stored_at = models.DateTimeField()

    objects = GuardedManager()

    class Meta:
        """One for each place; the constraint is also the index by which it is found."""

        constraints = (
            models.UniqueConstraint(
                fields=("membership", "action", "about_id"), nulls_distinct=False, name="one_draft_a_place"
            ),
        )

    def __str__(self) -> str:
        return f"{self.action} of {self.person_id}"
