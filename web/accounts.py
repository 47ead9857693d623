"""Sign-in: accounts are made by an agency, never by a visitor, and every sign-in, good or bad, is on the trail."""

import time
import unicodedata
from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import get_authentication_records
from allauth.account.forms import LoginForm
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import validate_totp_code
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_credentials
from axes.models import AccessAttempt
from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from permissions import factors, tries
from permissions.announcing import announce
from permissions.services import record_sign_in
from permissions.vocabulary import Role
from web import sign_in_limits
from web.idle import begin
from web.known_devices import device_of
from web.requests import StaffRequest, client_of, session_of

CODE_HELPS = "code_helps"


class Adapter(DefaultAccountAdapter):
    """Closes sign-up, and records sign-ins."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the library's signature
        """Answer no: people are added by their agency."""
        return False

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign in, and say so on the trail."""
        super().login(request, user)
        begin(request.session)
        record_sign_in(Role.SIGN_IN, "signed_in", user.pk)

    def authenticate(self, request: StaffRequest, **credentials: Any) -> Any:
        """Look at a password where the limits leave room for it; one that was right is not counted."""
        request.device = device_of(request, str(credentials.get("username", "")))
        address = client_of(request)
        of_session: list[str] = []
        try:
            with sign_in_limits.places_for(request.device).one(address):
                of_session = sign_in_limits.count_session(session_of(request), request.device)
                marks = [*of_session, sign_in_limits.count_address(address, request.device)]
                if AxesProxyHandler.is_allowed(request, get_credentials(**credentials)):
                    marks += _count_name(request, credentials)
                person = super().authenticate(request, **credentials)
        except sign_in_limits.Slowed as slowed:
            for mark in of_session:  # no password was looked at: it was no wrong one of this browser
                tries.forget(mark)
            request.slowed_for = slowed.seconds
            raise ValidationError(slowed.text, code=CODE_HELPS if slowed.wants_code else "slowed") from None
        for mark in marks if person else ():
            tries.forget(mark)
        return person

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Say on the trail that somebody failed to sign in; never who they said they were."""
        super().authentication_failed(request, **credentials)
        record_sign_in(Role.VISITOR, "sign_in_failed", None)


def _count_name(request: StaffRequest, credentials: Mapping[str, Any]) -> list[str]:
    """Count a password for its name; a right code of the second factor passes. Raises Slowed."""
    name = name_tried(request, credentials)
    try:
        return [sign_in_limits.count_name(name, can_use_a_code=not request.device)]
    except sign_in_limits.Slowed as slowed:
        code = "".join(request.POST.get("code", "").split())
        if slowed.wants_code and code and _passes(request, name, str(credentials.get("username", "")), code):
            return [sign_in_limits.count_code(name)]
        record_sign_in(Role.VISITOR, "sign_in_slowed", None)
        raise


def _passes(request: StaffRequest, name: str, username: str, code: str) -> bool:
    """Whether a code is right; only as few wrong ones are tried as on the page of the second factor. Raises Slowed."""
    marks = sign_in_limits.count_tried_code(name, client_of(request))
    person = get_user_model().signing_in(name=username)
    if person is None or not _is_code_of(person, code):
        if person is not None:
            record_sign_in(Role.SIGN_IN, "second_factor_failed", person.pk)
        return False
    for mark in marks:
        tries.forget(mark)
    return True


def _is_code_of(person: Any, code: str) -> bool:
    """Whether a code is right for this person now. It can be used again: the next page asks for it after the password."""
    announce(person.pk)
    for factor in Authenticator.objects.filter(user=person):
        if factor.type == Authenticator.Type.TOTP and validate_totp_code(factors.unseal(factor.data["secret"]), code):
            return True
        if factor.type == Authenticator.Type.RECOVERY_CODES and code in RecoveryCodes(factor).get_unused_codes():
            return True
    return False


def has_typed_password_again(request: StaffRequest) -> bool:
    """Whether this person said again who they are, so short ago that nobody else can sit there by now."""
    records = get_authentication_records(request, request.user)
    again = max((record["at"] for record in records if record.get("reauthenticated")), default=0.0)
    return time.time() - again < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


class SignIn(AuthenticationBackend):
    """Finds the one person of a name or a session; nothing lists people."""

    def _authenticate_by_username(self, username: str, password: str) -> Any:
        user = get_user_model().signing_in(name=username)
        if user:
            announce(user.pk)
        return self._check_password(user, password)

    def get_user(self, user_id: int) -> Any:
        """Return whose session this is, where they may still sign in."""
        user = get_user_model().signing_in(person_id=user_id)
        return user if user and self.user_can_authenticate(user) else None

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:  # noqa: ARG002 - Django's signature
        """Return nothing: who signs in may do what the law says, and the library's rows are not read."""
        return set()

    get_group_permissions = get_all_permissions = get_user_permissions


class SignInForm(LoginForm):
    """One name, one password, in our own words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Leave out what is not used here."""
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        self.fields["login"].label = _("Sign-in name")
        self.fields["login"].widget.attrs.pop("placeholder", None)
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs.pop("placeholder", None)

    def clean(self) -> Any:
        """Ask for a code of the second factor too, where that helps."""
        try:
            return super().clean()
        except ValidationError as error:
            if error.code == CODE_HELPS:
                self.fields["code"] = forms.CharField(label=_("Code of your second factor"), required=False)
            raise


class Factors(DefaultMFAAdapter):
    """Stores the secrets of second factors encrypted."""

    def encrypt(self, text: str) -> str:
        """Encrypt with a key outside the database."""
        return factors.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt it again."""
        return factors.unseal(encrypted_text)


class _Limited:
    """A form of a second factor: few tries, each wrong one on the trail, and each code works once."""

    user: Any

    def clean_code(self) -> str:
        """Look at the code, unless too many were wrong lately."""
        if not factors.may_try(self.user.pk):
            record_sign_in(Role.SIGN_IN, "second_factor_blocked", self.user.pk)
            raise ValidationError(_("Too many wrong codes. Wait a quarter of an hour, then try again."))
        try:
            code = str(super().clean_code())  # type: ignore[misc]  # of the form that this is mixed into
        except ValidationError:
            record_sign_in(Role.SIGN_IN, "second_factor_failed", self.user.pk)
            raise
        if not factors.use(self.user.pk, code):
            record_sign_in(Role.SIGN_IN, "second_factor_failed", self.user.pk)
            raise ValidationError(_("This code was used. Wait for the next one."))
        return code


class FactorForm(_Limited, AuthenticateForm):
    """The second factor at sign-in."""


class FactorAgainForm(_Limited, ReauthenticateForm):
    """The second factor where somebody says again who they are."""


def name_tried(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """Return the keyed mark of a name, however it was written, by which failed sign-ins are counted.

    The name itself is not stored: in its field people type passwords too. On a device that is known for somebody their
    failures are counted apart, so that what strangers and colleagues do to the name does not shut them out there.
    """
    said = str((credentials or {}).get("username") or request.POST.get("login") or "")
    plain = "".join(unicodedata.normalize("NFKC", said).upper().casefold().split())  # by capitals, as a name is found
    return tries.mark_of("sign-in", plain, getattr(request, "device", ""))


@receiver(pre_save, sender=AccessAttempt)
def store_no_post(instance: AccessAttempt, **_said: Any) -> None:
    """Leave out of a failed sign-in what was posted and asked."""
    instance.get_data = instance.post_data = ""
