"""Agencies, people and memberships: who can act, for whom, since when and until when."""

from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, Group, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from guardian.mixins import GuardianUserMixin

from permissions.checking import Answers, OfNobody
from permissions.managers import Dated
from permissions.signing import signed_now
from permissions.vocabulary import AgencyKind, ChangeKind, Role

# guardian's checker asks a group for this; without it, it reads tables that nobody may read.
Group.add_to_class("_guardian_perms_cache", OfNobody())


class Agency(models.Model):
    """An organisation, or a unit of one, that keeps its own records; its key is its guardian group."""

    group = models.OneToOneField(Group, models.PROTECT, primary_key=True)
    kind = models.CharField(max_length=40, choices=[(kind.value, kind.value) for kind in AgencyKind])
    name = models.CharField(max_length=120)
    controller = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    is_desk_open = models.BooleanField(default=True)
    may_hold_bsn = models.BooleanField(default=False)
    """Whether the law lets this agency keep citizen service numbers, and it chose to."""

    class Meta:
        """Names are unique, so that a person can choose by name."""

        constraints = (models.UniqueConstraint(fields=["name"], name="agency_name"),)

    def __str__(self) -> str:
        return self.name


UNREAD = "!unread"
"""The text that is read in place of the hash of a password; as a hash it matches no password."""


class Unread(models.CharField):  # type: ignore[type-arg]
    """A column that may be written and is not read: the application's role has no right to see it."""

    def select_format(self, _compiler: Any, _column: str, _values: Any) -> tuple[str, tuple[()]]:
        """Select the text that stands in place of the column."""
        return f"'{UNREAD}'", ()

    def deconstruct(self) -> Any:
        """Tell migrations that the column is one of characters."""
        name, _path, *rest = super().deconstruct()
        return (name, "django.db.models.CharField", *rest)


class User(AbstractBaseUser, PermissionsMixin, GuardianUserMixin):
    """A person with one sign-in, or a named system actor that cannot sign in. Never deleted, only made inactive."""

    last_login = None
    password = Unread(_("password"), max_length=128)
    username = models.CharField(max_length=80, unique=True)
    email = models.EmailField(blank=True, default="")
    full_name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    is_system = models.BooleanField(default=False)
    language = models.CharField(max_length=2, default="nl")

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    objects = BaseUserManager()

    class Meta:
        """There is no superuser, and a system actor cannot sign in."""

        constraints = (
            models.CheckConstraint(condition=models.Q(is_superuser=False), name="no_superuser"),
            models.CheckConstraint(condition=~models.Q(is_system=True, is_active=True), name="system_signs_in_never"),
        )

    def __str__(self) -> str:
        return self.full_name

    @classmethod
    def signing_in(cls, *, name: str = "", person_id: int | None = None) -> "User | None":
        """Return the one person of a sign-in name or id, with their password's hash; the database checks our signature."""
        token = signed_now("sign_in", name=name, person=person_id)
        return next(iter(cls.objects.raw("SELECT * FROM lock.signing_in(%s, %s)", token)), None)

    @property
    def _guardian_perms_cache(self) -> Answers:
        """Return what guardian's checker takes for its own rows."""
        return Answers(self)

    def get_session_auth_hash(self) -> str:
        """Return what a session stores of the password; its hash is fetched where the person was read without it."""
        found = User.signing_in(person_id=self.pk) if self.password == UNREAD else None
        self.password = found.password if found else self.password
        return super().get_session_auth_hash()


class Membership(models.Model):
    """What a person is in an agency, from a moment until a moment."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="memberships")
    roles = ArrayField(models.CharField(max_length=40, choices=[(role.value, role.value) for role in Role]))
    starts_at = models.DateTimeField(db_default=Now())
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = Dated["Membership"]()

    def __str__(self) -> str:
        return f"{self.user_id} in {self.agency_id}"


class TakesTwo(models.Model):
    """What one person of an agency asks for and another confirms; nothing of it is in force before the second."""

    asked_by_id = models.IntegerField(null=True)
    """Who asked; nobody where the installation itself was given it."""
    confirmed_by_id = models.IntegerField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


def by_two(name: str) -> models.CheckConstraint:
    """Return the constraint that who confirms is never who asked."""
    another = models.Q(confirmed_by_id__isnull=True) | models.Q(asked_by_id__isnull=True)
    return models.CheckConstraint(condition=another | ~models.Q(confirmed_by_id=models.F("asked_by_id")), name=name)


class MemberChange(TakesTwo):
    """What an administrator changes of who belongs to the organisation; what takes two people waits for the second."""

    id = models.UUIDField(primary_key=True)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    membership_id = models.UUIDField()
    """The membership that is changed; of a joiner, the one that is made when the change takes effect."""
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in ChangeKind])
    person_id = models.IntegerField(null=True)
    """Whose membership it is; nobody yet where somebody is added."""
    username = models.CharField(max_length=80, blank=True, default="")
    full_name = models.CharField(max_length=120, blank=True, default="")
    roles = ArrayField(models.CharField(max_length=40))
    """All roles of the membership afterwards; none where it ends."""
    code = models.CharField(max_length=40, blank=True, default="")
    text = models.CharField(max_length=4000, blank=True, default="")
    """Why the membership ends, or why a second person did not agree."""
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    """When it took effect; nothing while it waits."""
    withdrawn_by_id = models.IntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        """What waits and what was done, of an organisation and of a membership."""

        constraints = (by_two("two_change"),)
        indexes = (
            models.Index(fields=["agency", "-asked_at"], name="change_of_agency"),
            models.Index(fields=["membership_id", "-asked_at"], name="change_of_membership"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.membership_id}"


class Invitation(models.Model):
    """A link with which somebody who was added sets their password: used once, and only its hash is stored."""

    id = models.UUIDField(primary_key=True)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="invitations")
    token_hash = Unread(max_length=64, unique=True)
    made_by_id = models.IntegerField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    """When a new link took its place, or the membership ended."""

    def __str__(self) -> str:
        return str(self.pk)


class SharingAgreement(TakesTwo):
    """What one agency may send to another: field groups, from a day until a day."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    sender = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    groups = ArrayField(models.CharField(max_length=40))
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (by_two("two_agree"),)

    def __str__(self) -> str:
        return f"{self.sender_id} to {self.receiver_id}"


class PartnershipDecision(TakesTwo):
    """A decision to work in a partnership (Wpg 20): its members and field groups, from a day until a day, and its source."""

    id = models.UUIDField(primary_key=True)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    members = ArrayField(models.IntegerField())
    """The agencies that it names, by id; nobody else receives anything on it."""
    groups = ArrayField(models.CharField(max_length=40))
    citation = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (by_two("two_decide"),)

    def __str__(self) -> str:
        return self.citation


class BasisConfirmation(models.Model):
    """A privacy officer's yes or no to one row of the table of bases, in one version; the latest counts."""

    id = models.UUIDField(primary_key=True)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    basis = models.CharField(max_length=40)
    version = models.CharField(max_length=10)
    is_confirmed = models.BooleanField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        """Newest first, for an agency's row."""

        indexes = (models.Index(fields=["agency", "basis", "-made_at"], name="confirmation_of_basis"),)

    def __str__(self) -> str:
        return self.basis


class FactorTry(models.Model):
    """A try of a second factor; with a mark, a code that was right and is not taken again. The keeper alone sees it."""

    person_id = models.IntegerField()
    mark = models.CharField(max_length=64, blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        """Counted by person; a code stands once."""

        indexes = (models.Index(fields=["person_id", "at"], name="factor_tries"),)
        constraints = (
            models.UniqueConstraint(fields=["person_id", "mark"], condition=~models.Q(mark=""), name="code_once"),
        )

    def __str__(self) -> str:
        return str(self.pk)


class SignInTry(models.Model):
    """A try to sign in, by a keyed mark of the name, address or device that is counted. The keeper alone sees it."""

    mark = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        """Counted by mark; removed by age."""

        indexes = (
            models.Index(fields=["mark", "at"], name="sign_in_tries"),
            models.Index(fields=["at"], name="sign_in_tries_by_age"),
        )

    def __str__(self) -> str:
        return str(self.pk)
