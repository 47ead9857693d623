"""The page of a link with which somebody who was added sets their password; nobody is signed in yet."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from permissions.inviting import Invited, check_password, invited, record_refused_link, use_invitation
from web.views.errors import not_found

OVER = {
    "used": gettext_lazy("This link was used before. Sign in with the password that was set with it."),
    "expired": gettext_lazy("This link is too old: it held for three days. Ask your administrator for a new one."),
    "withdrawn": gettext_lazy("This link holds no more: your administrator made a newer one, or ended your membership."),
}
"""What is said of a link that can no longer be used."""


class PasswordForm(forms.Form):
    """A first password, typed twice."""

    password = forms.CharField(label=gettext_lazy("Password"), strip=False, widget=forms.PasswordInput)
    again = forms.CharField(label=gettext_lazy("The same password again"), strip=False, widget=forms.PasswordInput)

    def __init__(self, whose: Invited, data: Any = None) -> None:
        """Remember whose password it is, as it may not be like their name."""
        self.whose = whose
        super().__init__(data)
        self.label_suffix = ""

    def clean(self) -> dict[str, Any]:
        """Judge the password, and compare both."""
        said = super().clean() or {}
        if said.get("password") and said.get("again"):
            if said["password"] != said["again"]:
                self.add_error("again", ValidationError(_("These two are not the same. Type the password twice.")))
            else:
                self._judge(said["password"])
        return said

    def _judge(self, password: str) -> None:
        try:
            check_password(self.whose, password)
        except ValidationError as error:
            self.add_error("password", error)


class InvitationView(View):
    """Sets the first password of the person whom the link is for, once; then they sign in with it."""

    found: Invited

    def dispatch(self, request: HttpRequest, *args: Any, **said: Any) -> HttpResponseBase:
        """Answer where the link can be used, by who is not signed in as another."""
        found = invited(said["token"])
        if found is None:
            record_refused_link()
            return not_found(request)
        self.found = found
        if text := self._refused(request):
            record_refused_link()
            return self.draw(text=text, status=409)
        return super().dispatch(request, *args, **said)

    def _refused(self, request: HttpRequest) -> str:
        """Return in one sentence why this link cannot be used now; nothing where it can."""
        if self.found.state != "open":
            return str(OVER[self.found.state])
        if request.user.is_authenticated and request.user.pk != self.found.person_id:
            return _("This link is for somebody else than who is signed in here. Sign out first, then open it again.")
        return ""

    def get(self, _request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG002 - Django's signature
        """Ask for a password."""
        return self.draw(PasswordForm(self.found))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Set the password, and lead to signing in."""
        form = PasswordForm(self.found, request.POST)
        if not form.is_valid():
            return self.draw(form, status=422)
        if not use_invitation(self.found, token, form.cleaned_data["password"]):
            return self.draw(text=str(OVER["used"]), status=409)
        messages.success(request, _("Your password is set. Sign in with it now."))
        return redirect("account_login")

    def draw(self, form: PasswordForm | None = None, text: str = "", status: int = 200) -> HttpResponse:
        """Draw the form, or the sentence that says why there is none."""
        said = {"form": form, "text": text, "invited": self.found}
        return render(self.request, "web/invitation.html", said, status=status)
