"""What was corrected in a record, and what the recipients of a corrected item are told (docs/decisions/0016)."""

from django.db import models

from casework.input.fields import ITEM, LONG, PlainText
from casework.models.exchange import Handoff
from casework.models.records import Case, Owned
from permissions.managers import GuardedManager
from permissions.models import Agency


class Correction(Owned):
    """One correction of a person, an address or a fact: what it was, what it became and why; only added to."""

    kind = models.CharField(max_length=10)
    row_id = models.UUIDField()
    """The row that was corrected; of a fact the row that no longer counts."""
    label = models.CharField(max_length=40)
    """What was corrected, as a code: the role of a person, the name of a fact."""
    why = models.CharField(max_length=40)
    explained = PlainText(max_length=LONG, blank=True, default="")
    was = PlainText(max_length=2 * ITEM, takes_mail=True)
    """The values that changed as they were, written as a package's are (casework/packages/items.py)."""
    became = PlainText(max_length=2 * ITEM, takes_mail=True)

    objects = GuardedManager()

    class Meta:
        indexes = (models.Index(fields=["case", "agency", "-made_at", "id"], name="correction_of_case"),)


class CorrectionNews(models.Model):
    """What the receiver of a delivered item is told when its sender corrects it; the keeper alone writes it."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, db_index=False)
    sender = models.ForeignKey(Agency, models.PROTECT, db_index=False, related_name="+")
    receiver = models.ForeignKey(Agency, models.PROTECT, db_index=False, related_name="+")
    handoff = models.ForeignKey(Handoff, models.PROTECT, db_index=False)
    cause_id = models.UUIDField()
    """The correction, or the note that corrects."""
    origin_id = models.UUIDField()
    """The row from which the item was frozen; the news is shown beside that item."""
    group = models.CharField(max_length=20)
    label = models.CharField(max_length=40)
    value = PlainText(max_length=2 * ITEM, blank=True, default="", takes_mail=True)
    """What it now is; nothing where it is no longer known, or where it is withheld."""
    withheld = models.CharField(max_length=20, blank=True, default="")
    """Why the receiver is not told what it now is."""
    made_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)

    objects = GuardedManager()

    class Meta:
        indexes = (models.Index(fields=["handoff", "made_at"], name="news_of_handoff"),)

    def __str__(self) -> str:
        return str(self.id)
