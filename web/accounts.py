"""Sign-in: accounts are made by an agency, never by a visitor, and every sign-in, good or bad, is on the trail."""

import hashlib
import hmac
import unicodedata
from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.forms import LoginForm
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from permissions import factors
from permissions.announcing import announce
from permissions.services import record_sign_in
from permissions.vocabulary import Role
from web.idle import begin


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

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Say on the trail that somebody failed to sign in; never who they said they were."""
        super().authentication_failed(request, **credentials)
        record_sign_in(Role.VISITOR, "sign_in_failed", None)


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


class Factors(DefaultMFAAdapter):
    """Keeps the secrets of second factors encrypted."""

    def encrypt(self, text: str) -> str:
        """Encrypt with a key outside the database."""
        return factors.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt it again."""
        return factors.unseal(encrypted_text)


class _Limited:
    """A form of a second factor: few tries, each wrong one on the trail, and a code is right once."""

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
    """Return by what failed sign-ins are counted: a keyed mark of the name, however it was written.

    The name itself is not kept: in its field people type passwords too.
    """
    said = str((credentials or {}).get("username") or request.POST.get("login") or "")
    plain = "".join(unicodedata.normalize("NFKC", said).casefold().split())
    return hmac.digest(settings.SECRET_KEY.encode(), f"sign-in:{plain}".encode(), hashlib.sha256).hex()


@receiver(pre_save, sender=AccessAttempt)
def keep_no_post(instance: AccessAttempt, **_said: Any) -> None:
    """Leave out of a failed sign-in what was posted and asked."""
    instance.get_data = instance.post_data = ""
