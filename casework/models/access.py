"""What opens a case beyond its people, and what lies apart within a record: emergencies, sources, numbers, searches."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from casework.input.fields import LONG, SHORT, PlainText
from casework.models.records import Case, Owned, PersonInCase
from permissions.managers import GuardedManager
from permissions.models import Agency, User


class Emergency(models.Model):
    """Four hours of reading in a case on which one is not named: with a reason, seen by all, reviewed by another."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, db_index=False)
    agency = models.ForeignKey(Agency, models.PROTECT, db_index=False, related_name="+")
    """Whose record is read; `asker_agency` shares its controller."""
    user = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    asker_agency = models.ForeignKey(Agency, models.PROTECT, db_index=False, related_name="+")
    reference = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    reason = PlainText(max_length=LONG)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by_id = models.IntegerField(null=True)
    verdict = models.CharField(max_length=20, blank=True, default="")
    verdict_reason = PlainText(max_length=LONG, blank=True, default="")
    reviewed_by_id = models.IntegerField(null=True)
    reviewed_at = models.DateTimeField(null=True)

    objects = GuardedManager()

    class Meta:
        """Policies look an emergency up by case and person; nobody reviews their own."""

        indexes = (
            models.Index(fields=["case", "user"], name="emergency_of_case"),
            models.Index(fields=["agency", "-starts_at"], name="emergency_of_agency"),
            models.Index(fields=["agency", "-starts_at"], condition=Q(reviewed_at=None), name="emergency_to_review"),
            models.Index(fields=["user", "-starts_at"], name="emergency_of_person"),
            models.Index(fields=["user", "ends_at"], condition=Q(ended_at=None), name="emergency_running"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(reviewed_by_id__isnull=True) | ~Q(reviewed_by_id=models.F("user_id")),
                name="reviewed_by_another",
            ),
        )

    def __str__(self) -> str:
        return self.reference


IS_DIFFERENCE = ~Q(in_table="")


class Finding(models.Model):
    """Something that an auditor must look into; never closed by the person whom it concerns.

    About a person, or about a row that differs from the trail: then a reconciling run opened it, later runs see it again,
    and none closes it.
    """

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, db_index=False)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, db_index=False, related_name="+")
    """Whose auditors look into it; of a difference that is no one agency's, those of every agency."""
    about = models.ForeignKey(User, models.PROTECT, null=True, db_index=False, related_name="+")
    kind = models.CharField(max_length=40)
    emergency_id = models.UUIDField(null=True)
    text = PlainText(max_length=LONG)
    opened_by_id = models.IntegerField()
    opened_at = models.DateTimeField()
    closing = PlainText(max_length=LONG, blank=True, default="")
    closed_by_id = models.IntegerField(null=True)
    closed_at = models.DateTimeField(null=True)
    in_table = models.CharField(max_length=63, blank=True, default="")
    """Of a difference: the table, or `rules` for what guards the tables. Nothing for a finding about a person."""
    of_row = models.CharField(max_length=64, blank=True, default="")
    columns = ArrayField(models.CharField(max_length=63), default=list)
    """Every column that was found to differ while this was open."""
    people = ArrayField(models.IntegerField(), default=list)
    """Whose row it is, by the row itself and by the trail: they never close it."""
    is_there = models.BooleanField(default=False)
    """Whether the last run still found the difference."""
    last_seen_at = models.DateTimeField(null=True)
    times_seen = models.PositiveIntegerField(default=0)
    """How many runs found it."""
    follows_id = models.UUIDField(null=True)
    """The finding on the same row that somebody closed before; then this one says that it is opened anew."""

    objects = GuardedManager()

    class Meta:
        """Open ones first, for an agency; of one row one difference is open."""

        indexes = (
            models.Index(fields=["agency", "-opened_at"], condition=Q(closed_at=None), name="finding_open"),
            models.Index(fields=["agency", "-opened_at"], name="finding_of_agency"),
            models.Index(fields=["in_table", "of_row"], condition=IS_DIFFERENCE, name="finding_of_row"),
            models.Index(fields=["agency", "-opened_at"], condition=IS_DIFFERENCE, name="difference_of_agency"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["in_table", "of_row"], condition=IS_DIFFERENCE & Q(closed_at=None), name="one_open_of_a_row"
            ),
            models.CheckConstraint(
                condition=Q(closed_by_id__isnull=True) | ~Q(closed_by_id=models.F("about_id")),
                name="closed_by_another",
            ),
        )

    def __str__(self) -> str:
        return self.kind


class Review(models.Model):
    """What an auditor wrote beside the trail: a note on an entry, a sample that was drawn, a period that was signed off."""

    id = models.UUIDField(primary_key=True)
    agency = models.ForeignKey(Agency, models.PROTECT, db_index=False, related_name="+")
    kind = models.CharField(max_length=20)
    made_by = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    made_at = models.DateTimeField()
    about = models.ForeignKey(User, models.PROTECT, null=True, db_index=False, related_name="+")
    """Whose looks were reviewed, where it is one person's; never one's own."""
    entry_id = models.BigIntegerField(null=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    seed = PlainText(max_length=SHORT, blank=True, default="")
    size = models.PositiveIntegerField(default=0)
    text = PlainText(max_length=LONG, blank=True, default="")

    objects = GuardedManager()

    class Meta:
        indexes = (models.Index(fields=["agency", "-made_at"], name="review_of_agency"),)
        constraints = (
            models.CheckConstraint(condition=Q(about=None) | ~Q(about=models.F("made_by")), name="signed_off_by_another"),
        )

    def __str__(self) -> str:
        return self.kind


class Source(Owned):
    """Who reported: it lies apart from the record, and only an act of its own shows it."""

    kind = models.CharField(max_length=40)
    capacity = models.CharField(max_length=40, blank=True, default="")
    """In which capacity somebody reports, as the codes of casework/input/codes.py say it."""
    name = PlainText(max_length=SHORT, blank=True, default="")
    contact = PlainText(max_length=SHORT, blank=True, default="", takes_mail=True)
    is_protected = models.BooleanField(default=True)

    objects = GuardedManager()

    class Meta:
        indexes = (models.Index(fields=["case", "agency"], name="source_of_case"),)


class CitizenNumber(Owned):
    """A citizen service number, where the agency may hold it; shown only by an act of its own."""

    person = models.ForeignKey(PersonInCase, models.PROTECT, null=True, db_index=False)
    number = PlainText(max_length=9)

    objects = GuardedManager()

    class Meta:
        indexes = (models.Index(fields=["case", "agency"], name="number_of_case"),)


class NameToken(Owned):
    """A word by which a person in a case is found again: equality and ranges only."""

    person = models.ForeignKey(PersonInCase, models.PROTECT, db_index=False)
    kind = models.CharField(max_length=40)
    token = PlainText(max_length=SHORT, db_collation="C")

    objects = GuardedManager()

    class Meta:
        """Found by agency and word; the keeper looks up over all agencies who may be meant."""

        indexes = (
            models.Index(fields=["agency", "kind", "token"], name="token_of_agency"),
            models.Index(fields=["token"], condition=Q(kind="alike"), name="token_of_likeness"),
            models.Index(fields=["person"], name="token_of_person"),
        )


class KnownCheck(models.Model):
    """A question to another agency whether it knows a person: the owner is asked, and decides what the asker is told."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, db_index=False)
    agency = models.ForeignKey(Agency, models.PROTECT, db_index=False, related_name="+")
    """The owner, who is asked."""
    asker = models.ForeignKey(User, models.PROTECT, db_index=False, related_name="+")
    asker_agency = models.ForeignKey(Agency, models.PROTECT, db_index=False, related_name="+")
    reason = PlainText(max_length=LONG)
    made_at = models.DateTimeField()
    answer = models.CharField(max_length=40, blank=True, default="")
    answer_reason = PlainText(max_length=LONG, blank=True, default="", takes_mail=True)
    answered_by_id = models.IntegerField(null=True)
    answered_at = models.DateTimeField(null=True)

    objects = GuardedManager()

    class Meta:
        """What an owner has to answer."""

        indexes = (
            models.Index(fields=["agency", "-made_at"], condition=Q(answered_at=None), name="known_check_open"),
            models.Index(fields=["agency", "-made_at"], name="known_check_of_agency"),
            models.Index(fields=["asker", "-answered_at"], condition=Q(answer="contact_us"), name="known_check_told"),
        )

    def __str__(self) -> str:
        return str(self.id)
