"""The trail: django-auditlog's entry as our own model, without content and without a foreign key to anything."""

from typing import Any, ClassVar

from auditlog.models import AbstractLogEntry, LogEntryManager
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Now

from audit.fields import TransactionId
from audit.keeping import OF_THE_SYSTEM

BY_OTHERS = (
    models.Q(agency_id=None)
    | models.Q(agency_id__lt=models.F("record_agency_id"))
    | models.Q(agency_id__gt=models.F("record_agency_id"))
)
"""Entries on an agency's record by whoever is not of it; so written that an index is made of just these."""


class EntryManager(LogEntryManager):
    """Refuses the library's own way of writing, which would store a text of the record."""

    def log_create(self, instance: models.Model, force_log: bool = False, **kwargs: Any) -> None:  # noqa: FBT001, FBT002 - the library's signature
        """Refuse: entries come from the row trigger and from `audit.recording` alone."""
        raise NotImplementedError("entries are written by the row trigger and by audit.recording")


class Entry(AbstractLogEntry):
    """Who did or saw what, when, why and on which case; stamped by the database, never changed."""

    ACT = 4
    REFUSAL = 5

    content_type = models.ForeignKey(
        ContentType,
        models.DO_NOTHING,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        related_name="+",
        null=True,
        db_constraint=False,
        db_index=False,
    )
    object_pk = models.CharField(max_length=64)
    action = models.PositiveSmallIntegerField()
    cid = models.CharField(max_length=36, null=True)  # noqa: DJ001 - the library's column, stamped by the database
    timestamp = models.DateTimeField(db_default=Now())
    object_id = None
    object_repr = None
    remote_addr = None
    remote_port = None
    serialized_data = None
    changes_text = None
    actor_email = None

    occurred_at = models.DateTimeField(db_default=Now())
    xact = TransactionId()
    verb = models.CharField(max_length=10)
    word = models.CharField(max_length=40)
    outcome = models.CharField(max_length=10, default="done")
    agency_id = models.IntegerField(null=True)
    record_agency_id = models.IntegerField(null=True)
    role = models.CharField(max_length=40, default="")
    purpose = models.CharField(max_length=40, default="")
    basis = models.CharField(max_length=40, default="")
    case_id = models.UUIDField(null=True)
    on_behalf_of_id = models.IntegerField(null=True)
    recipient_agency_id = models.IntegerField(null=True)
    auth_strength = models.CharField(max_length=12, default="", db_default="")
    client_point = models.CharField(max_length=45, default="", db_default="")
    trace_id = models.UUIDField(null=True)
    policy_version = models.CharField(max_length=12, default="", db_default="")
    prev_seal = models.BigIntegerField(null=True)
    """How many entries were sealed when this one was written."""

    objects: ClassVar[EntryManager] = EntryManager()

    class Meta(AbstractLogEntry.Meta):
        """Only the indexes that a query uses."""

        abstract = False
        ordering: ClassVar[list[str]] = []
        indexes = (
            models.Index(fields=["case_id", "-occurred_at", "-id"], name="entry_case_time"),
            models.Index(fields=["actor", "-id"], name="entry_actor"),
            models.Index(fields=["xact", "id"], name="entry_xact"),
            models.Index(fields=["-id"], condition=models.Q(word__in=OF_THE_SYSTEM), name="entry_system"),
            models.Index(fields=["content_type", "object_pk"], condition=models.Q(action__lte=2), name="entry_changes"),
            models.Index(fields=["agency_id", "occurred_at"], name="entry_of_agency"),
            models.Index(
                fields=["record_agency_id", "occurred_at"],
                condition=BY_OTHERS | models.Q(action=5),  # every refused try, so that it costs as much whatever it was for
                name="entry_by_others",
            ),
        )

    def __str__(self) -> str:
        """Name the act."""
        return f"{self.word} {self.outcome}"


class RowVersion(models.Model):
    """The row as it was before an entry, with the entry's salt; destroyed with the record it belongs to."""

    entry_id = models.BigIntegerField(primary_key=True)
    agency_id = models.IntegerField(null=True)
    case_id = models.UUIDField(null=True)
    salt = models.CharField(max_length=32)
    was = models.JSONField(null=True)

    def __str__(self) -> str:
        """Name the entry."""
        return str(self.entry_id)
