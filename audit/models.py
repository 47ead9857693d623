"""The trail: django-auditlog's entry as our own model, without content and without a foreign key to anything."""

from collections.abc import Iterable
from typing import Any, ClassVar

from auditlog.models import AbstractLogEntry, LogEntryManager
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models.functions import Now

from audit.acting import somebody_acts
from audit.destroy_expired import OF_THE_SYSTEM
from audit.fields import TransactionId

OF_FACTORS = ("second_factor_added", "second_factor_changed", "second_factor_removed", "second_factor_noted")
"""Entries that hold which second factors a person has from then on (audit/sql/factors.sql)."""

BY_OTHERS = (
    models.Q(agency_id=None)
    | models.Q(agency_id__lt=models.F("record_agency_id"))
    | models.Q(agency_id__gt=models.F("record_agency_id"))
)
"""Entries about an agency's record by people of other agencies; an index holds exactly these, so the words must match it."""


class EntryManager(LogEntryManager):
    """Finds entries as django-auditlog's manager does, inside an act; refuses the library's own way of writing."""

    def get_queryset(self) -> Any:
        """Return the entries that this act may see; raises NobodyActing outside one."""
        somebody_acts()
        return super().get_queryset()

    def get_for_object(self, instance: object) -> Any:
        """Return the entries about one object, found by its kind and key; none where it is not a record."""
        if not isinstance(instance, models.Model):
            return self.none()
        return self._about(instance.__class__, [instance.pk])

    def get_for_objects(self, queryset: object) -> Any:
        """Return the entries about the objects of a query; none where it is not a query."""
        if not isinstance(queryset, models.QuerySet):
            return self.none()
        return self._about(queryset.model, list(queryset.values_list("pk", flat=True)))

    def _about(self, model: type[models.Model], keys: Iterable[object]) -> Any:
        kind = ContentType.objects.get_for_model(model)
        if name := getattr(model, "trail_name", ""):
            kind = ContentType.objects.get_by_natural_key(kind.app_label, name)
        return self.filter(content_type=kind, object_pk__in=[str(key) for key in keys])

    def log_create(self, instance: models.Model, force_log: bool = False, **kwargs: Any) -> None:  # noqa: FBT001, FBT002 - the library's signature
        """Refuse: entries come from the row trigger and from `audit.recording` alone."""
        raise NotImplementedError("entries are written by the row trigger and by audit.recording")

    def log_m2m_changes(self, *_: Any, **__: Any) -> None:
        """Refuse, as `log_create` does."""
        self.log_create(Entry(), force_log=True)


class Entry(AbstractLogEntry):
    """Who did or saw what, when, why and on which case; stamped by the database, never changed.

    The attributes that django-auditlog documents hold no content: for each field `changes` has nothing as the old value, and
    a commitment of the new one.
    """

    ACT = 4
    REFUSAL = 5

    class Action(AbstractLogEntry.Action):
        """The library's actions and two of ours: an act that leaves no row of its own, and a try that failed."""

        choices = (*AbstractLogEntry.Action.choices, (4, "act"), (5, "refusal"))

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
            models.Index(fields=["object_pk", "-id"], condition=models.Q(word__in=OF_FACTORS), name="entry_factors"),
            models.Index(fields=["content_type", "object_pk"], condition=models.Q(action__lte=2), name="entry_changes"),
            models.Index(fields=["agency_id", "occurred_at"], name="entry_of_agency"),
            models.Index(
                fields=["record_agency_id", "occurred_at"],
                condition=BY_OTHERS | models.Q(action=5),  # every refused try, so that it costs as much whatever it was for
                name="entry_by_others",
            ),
            models.Index(
                fields=["record_agency_id", "actor"], condition=BY_OTHERS | models.Q(action=5), name="entry_looker"
            ),
            models.Index(
                fields=["record_agency_id", "on_behalf_of_id"],
                condition=(BY_OTHERS | models.Q(action=5)) & models.Q(on_behalf_of_id__isnull=False),
                name="entry_looker_for",
            ),
        )

    def __str__(self) -> str:
        return f"{self.word} {self.outcome}"

    def get_action_display(self) -> str:
        """Return what was done, in the library's words: create, update, delete, access, act or refusal."""
        return str(dict(self.Action.choices).get(self.action, self.action))

    @property
    def object_repr(self) -> str:
        """Return the kind and key of what it is about: a record is never named by its content."""
        return f"{self._kind} {self.object_pk}".rstrip()

    @property
    def object_id(self) -> int | None:
        """Return the key of what it is about, where that is a number."""
        return int(self.object_pk) if self.object_pk.isdecimal() else None

    @property
    def remote_addr(self) -> str | None:
        """Return where the request came from, as far as that is stored."""
        return self.client_point or None

    @property
    def changes_str(self) -> str:
        """Return the fields that changed, each with a commitment of its new value; the old value is not told."""
        return "; ".join(f"{name}: \u2192 {values[-1]}" for name, values in self.changes_dict.items())

    @property
    def changes_display_dict(self) -> dict[str, list[str]]:
        """Return the commitment of each field that changed, under the name that people read; the old value is not told."""
        return {self._label(name): ["", str(values[-1])] for name, values in self.changes_dict.items()}

    @property
    def _kind(self) -> ContentType:
        kind: ContentType = ContentType.objects.get_for_id(self.content_type_id)
        return kind

    def _label(self, column: str) -> str:
        """Return the name that people read for a column, or the column's own name where the model no longer has it."""
        model = self._kind.model_class()
        try:
            field = model._meta.get_field(column) if model else None  # noqa: SLF001 - Django's own name
        except FieldDoesNotExist:
            field = None
        return str(getattr(field, "verbose_name", column))


class RowVersion(models.Model):
    """The row as it was before an entry, with the entry's salt; destroyed with the record it belongs to."""

    entry_id = models.BigIntegerField(primary_key=True)
    agency_id = models.IntegerField(null=True)
    case_id = models.UUIDField(null=True)
    salt = models.CharField(max_length=32)
    was = models.JSONField(null=True)

    def __str__(self) -> str:
        return str(self.entry_id)
