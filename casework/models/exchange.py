"""What passes between agencies, and what the clock and the workers owe: handoffs, ledger, deadlines, outbox."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from casework.input.fields import ITEM, LONG, SHORT, PlainText
from casework.models.records import Case
from permissions.decision import DESK_STATES
from permissions.managers import GuardedManager
from permissions.models import Agency


class Handoff(models.Model):
    """A package from one agency to another, with its basis and necessity; it has a workflow of its own."""

    id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=8, db_default="")
    """By what both ends call it on the telephone: random, given by the keeper, never changed (docs/law.md section 1)."""
    case = models.ForeignKey(Case, models.PROTECT, db_index=False)
    sender = models.ForeignKey(Agency, models.PROTECT, db_index=False, related_name="+")
    receiver = models.ForeignKey(Agency, models.PROTECT, db_index=False, related_name="+")
    kind = models.CharField(max_length=20)
    state = models.CharField(max_length=20)
    version = models.PositiveIntegerField(default=0)
    package_version = models.PositiveSmallIntegerField(default=1, db_column="package")
    delivered = ArrayField(models.PositiveSmallIntegerField(), default=list)
    is_acute = models.BooleanField(default=False)
    basis = models.CharField(max_length=40, blank=True, default="")
    why_items = PlainText(max_length=LONG, blank=True, default="")
    why_receiver = PlainText(max_length=LONG, blank=True, default="")
    why_now = PlainText(max_length=LONG, blank=True, default="")
    special_reason = PlainText(max_length=LONG, blank=True, default="")
    interest = PlainText(max_length=LONG, blank=True, default="")
    is_special = models.BooleanField(default=False)
    """Whether it holds special categories of data (Wpg 5, GDPR 9)."""
    letter = PlainText(max_length=1, blank=True, default="")
    """Under which letter of Besluit politiegegevens 4:2(1) police data goes."""
    task = PlainText(max_length=LONG, blank=True, default="")
    """For which task of the receiver."""
    youth_task = models.CharField(max_length=40, blank=True, default="")
    authority = models.CharField(max_length=40, blank=True, default="")
    authority_name = PlainText(max_length=SHORT, blank=True, default="")
    authority_date = models.DateField(null=True)
    purpose = models.CharField(max_length=40, blank=True, default="")
    functionary_name = PlainText(max_length=SHORT, blank=True, default="")
    functionary_date = models.DateField(null=True)
    is_secrecy_pointed_out = models.BooleanField(default=False)
    asked_or_not = models.CharField(max_length=10, blank=True, default="")
    request = PlainText(max_length=LONG, blank=True, default="")
    request_date = models.DateField(null=True)
    consents = ArrayField(models.UUIDField(), default=list)
    """The consents on which it was checked and sent; they must stand at delivery too."""
    help_kind = models.CharField(max_length=20, blank=True, default="", db_default="")
    """Which kind of help is asked of the receiver, where it is asked to help."""
    orders = ArrayField(models.UUIDField(), default=list)
    """The orders of supervision on which it was checked; no other carries it."""
    wpg_article = models.CharField(max_length=10, blank=True, default="")
    is_source_protected = models.BooleanField(default=False)
    is_outdated = models.BooleanField(default=False, db_default=False)
    """Whether something in it was corrected before it was delivered: it does not go as it is (docs/decisions/0016)."""
    track_id = models.UUIDField(null=True)
    editor_id = models.IntegerField()
    made_at = models.DateTimeField()
    moved_at = models.DateTimeField()

    objects = GuardedManager()

    class Meta:
        """Found by case, by either end and by its number."""

        constraints = (models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="handoff_number"),)
        indexes = (
            models.Index(fields=["case"], name="handoff_of_case"),
            models.Index(fields=["sender", "case"], name="handoff_sent_in_case"),
            models.Index(fields=["receiver", "case"], name="handoff_got_in_case"),
            models.Index(
                fields=["receiver", "-is_acute", "moved_at"],
                condition=Q(state__in=sorted(DESK_STATES)),
                name="handoff_on_desk",
            ),
            models.Index(
                fields=["sender", "moved_at"],
                condition=Q(state__in=("accepted", "acknowledged", "delivered", "sent")),
                name="handoff_away",
            ),
        )

    def __str__(self) -> str:
        return str(self.id)


class PackageItem(models.Model):
    """One chosen item, frozen: a later edit of the record never shows at the receiver."""

    id = models.UUIDField(primary_key=True)
    handoff = models.ForeignKey(Handoff, models.PROTECT, db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, db_index=False)
    sender = models.ForeignKey(Agency, models.PROTECT, db_index=False, related_name="+")
    package_version = models.PositiveSmallIntegerField(db_column="package")
    position = models.PositiveSmallIntegerField()
    group = models.CharField(max_length=20)
    label = models.CharField(max_length=40)
    value = PlainText(max_length=2 * ITEM, takes_mail=True)
    """The frozen values as data (casework/packages/items.py); marks of the notation take room beside the words."""
    origin_id = models.UUIDField()
    origin_made_at = models.DateTimeField()
    about_id = models.UUIDField(null=True)
    """Of which person of the sender's record it tells, where it says so: they are named where their identity goes too."""

    objects = GuardedManager()

    class Meta:
        """Read in the order in which they were chosen."""

        constraints = (models.UniqueConstraint(fields=["handoff", "package_version", "position"], name="item_position"),)

    def __str__(self) -> str:
        return str(self.id)


class Disclosure(models.Model):
    """A ledger line: what went to whom, on which basis, when. Written once, at each delivery."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, db_index=False)
    agency = models.ForeignKey(Agency, models.PROTECT, db_index=False, related_name="+")
    receiver = models.ForeignKey(Agency, models.PROTECT, db_index=False, related_name="+")
    handoff = models.ForeignKey(Handoff, models.PROTECT, db_index=False)
    package_version = models.PositiveSmallIntegerField(db_column="package")
    basis = models.CharField(max_length=40)
    groups = ArrayField(models.CharField(max_length=20))
    item_count = models.PositiveSmallIntegerField()
    is_correction = models.BooleanField(default=False, db_default=False)
    """Whether it is the news of a correction, and not a package."""
    disclosed_at = models.DateTimeField()

    objects = GuardedManager()

    class Meta:
        """One line a delivery."""

        constraints = (
            models.UniqueConstraint(
                fields=["handoff", "package_version"], condition=Q(is_correction=False), name="one_line_a_delivery"
            ),
        )
        indexes = (models.Index(fields=["case", "agency"], name="disclosure_of_case"),)

    def __str__(self) -> str:
        return str(self.id)


class Deadline(models.Model):
    """A running or finished term of one agency, derived from a clock row."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, db_index=False)
    agency = models.ForeignKey(Agency, models.PROTECT, db_index=False, related_name="+")
    track_id = models.UUIDField(null=True)
    handoff_id = models.UUIDField(null=True)
    person_id = models.UUIDField(null=True)
    clock = models.CharField(max_length=20)
    sequence = models.PositiveSmallIntegerField(default=0, db_column="moment")
    """Which of the moments of its schedule this is, from 0."""
    rule_version = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True)
    stop_reason = models.CharField(max_length=40, blank=True, default="", db_default="")
    """Why a term stopped that was not met: the outcome after which it made no sense (workflows/outcomes.py)."""
    overdue_at = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by_id = models.IntegerField(null=True)

    objects = GuardedManager()

    class Meta:
        """A case's open terms, and all that have passed unmarked."""

        indexes = (
            models.Index(fields=["case", "agency", "due_at"], condition=Q(met_at__isnull=True), name="deadline_open"),
            models.Index(fields=["agency", "due_at", "id"], condition=Q(met_at__isnull=True), name="deadline_of_agency"),
            models.Index(
                fields=["agency", "due_at", "id"],
                condition=Q(met_at__isnull=True, clock__in=("ACUTE_CHECK", "CHILDREN_FOUND")),
                name="deadline_pressing",
            ),
            models.Index(
                fields=["case", "agency", "started_at"], condition=Q(clock="EMERGENCY_REVIEW"), name="deadline_of_emergency"
            ),
            models.Index(
                fields=["agency", "escalated_at"],
                condition=Q(met_at__isnull=True, escalated_at__isnull=False, acknowledged_at__isnull=True),
                name="deadline_escalated",
            ),
            models.Index(
                fields=["due_at"],
                condition=Q(met_at__isnull=True, overdue_at__isnull=True),
                name="deadline_due",
            ),
            models.Index(
                fields=["track_id", "agency", "due_at", "id"],
                condition=Q(met_at__isnull=True, track_id__isnull=False),
                name="deadline_open_track",
            ),
            models.Index(
                fields=["handoff_id", "agency"],
                condition=Q(met_at__isnull=True, handoff_id__isnull=False),
                name="deadline_open_handoff",
            ),
            models.Index(fields=["handoff_id"], name="deadline_of_handoff"),
            models.Index(fields=["track_id"], name="deadline_of_track"),
        )

    def __str__(self) -> str:
        return self.clock


class Advice(models.Model):
    """Advice that was given: codes alone, and never a word about the people it concerns (domain code ADVICE)."""

    id = models.UUIDField(primary_key=True)
    agency = models.ForeignKey(Agency, models.PROTECT, db_index=False, related_name="+")
    made_by_id = models.IntegerField()
    made_at = models.DateTimeField()
    given_on = models.DateField()
    asker = models.CharField(max_length=20)
    asker_name = PlainText(max_length=SHORT, blank=True, default="")
    subject = models.CharField(max_length=40)
    advice = models.CharField(max_length=40)

    objects = GuardedManager()

    class Meta:
        indexes = (models.Index(fields=["agency", "-made_at"], name="advice_of_agency"),)

    def __str__(self) -> str:
        return self.subject


class Outbox(models.Model):
    """An intent that a worker carries out, once by its key; ids only."""

    id = models.UUIDField(primary_key=True)
    key = models.CharField(max_length=120, unique=True)
    task = models.CharField(max_length=20)
    agency_id = models.IntegerField()
    on_behalf_of_id = models.IntegerField(null=True)
    """Whose act it follows from."""
    about_id = models.UUIDField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """What is due and not done."""

        indexes = (models.Index(fields=["due_at"], condition=Q(done_at__isnull=True), name="outbox_due"),)

    def __str__(self) -> str:
        return self.task


class Notice(models.Model):
    """Tells a person that there is work, and nothing of what it is about."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, db_index=False)
    agency = models.ForeignKey(Agency, models.PROTECT, db_index=False, related_name="+")
    person_id = models.IntegerField(null=True)
    """Who is told; nobody in particular where it is for the agency's desk."""
    word = models.CharField(max_length=40)
    about_id = models.UUIDField()
    made_at = models.DateTimeField()

    objects = GuardedManager()

    class Meta:
        indexes = (
            models.Index(fields=["agency", "-made_at"], name="notice_of_agency"),
            models.Index(fields=["person_id", "agency", "-made_at"], name="notice_of_person"),
        )

    def __str__(self) -> str:
        return self.word


class Operation(models.Model):
    """An operation, with an id made by the client, that was carried out, and what it answered: a repeat answers the same.

    The keeper alone writes it, in the transaction of the act. `fingerprint` is keyed and says nothing of the content.
    """

    id = models.UUIDField(primary_key=True)
    made_at = models.DateTimeField()
    action = models.CharField(max_length=40, default="")
    target = models.UUIDField(null=True)
    fingerprint = models.CharField(max_length=64, default="")
    answered_case = models.UUIDField(null=True)
    answered_id = models.UUIDField(null=True)
    made = ArrayField(models.CharField(max_length=60), null=True)
    """What was made, as kind and id; nothing until the operation has answered."""

    def __str__(self) -> str:
        return str(self.id)


class DecreedDay(models.Model):
    """A day added to the recognised holidays by decree (Algemene termijnenwet art. 3)."""

    day = models.DateField(primary_key=True)
    name = PlainText(max_length=SHORT)

    def __str__(self) -> str:
        return str(self.name)
