"""Sign-in: accounts are made by an agency, never by a visitor, and every sign-in, good or bad, is on the trail."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from permissions.services import record_sign_in
from permissions.vocabulary import Role


class Adapter(DefaultAccountAdapter):
    """Closes sign-up, and records sign-ins."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the library's signature
        """Answer no: people are added by their agency."""
        return False

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign in, and say so on the trail."""
        super().login(request, user)
        record_sign_in(Role.SIGN_IN, "signed_in", user.pk)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Say on the trail that somebody failed to sign in; never who they said they were."""
        super().authentication_failed(request, **credentials)
        record_sign_in(Role.VISITOR, "sign_in_failed", None)


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
