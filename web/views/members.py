"""Who belongs to the organisation: its administrators see and change it, and hand a joiner the link to sign in with."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from casework.actions.request import ActionResult
from casework.selectors.members import MemberRow, change_for, member_for, members, roles_to_give
from permissions.inviting import token_of
from permissions.rights import INVITED_HOURS
from permissions.vocabulary import GIVEN_BY_TWO, Action
from web.asking import asked
from web.forms import ActForm, Choices
from web.pages import page
from web.requests import StaffRequest
from web.views.action_page import ActionView
from web.words import label

ROLES = frozenset({"joiner-roles", "member_roles-roles"})


@page(Action.MANAGE_PEOPLE)
def members_page(request: StaffRequest) -> HttpResponse:
    """Show who belongs to the organisation, as what and since when, and what waits for a second administrator."""
    return render(request, "web/members.html", {"people": members(asked(request, "after"))})


class MembersView(ActionView):
    """A page on which an administrator changes who belongs to the organisation; it ends with a link where one was made."""

    action = Action.MANAGE_PEOPLE
    back = "our_people"
    template = "web/member_act.html"
    offers = ROLES
    heading = "joiner"

    def parts(self, _form: ActForm | None) -> tuple[str, ...]:
        """Return the part that this page asks."""
        return (self.wants,) if self.wants else ()

    def choices(self) -> Choices:
        """Return the roles, with those that take two people marked."""
        roles: list[tuple[str, Any]] = [(role, _named(role)) for role in roles_to_give()]
        return dict.fromkeys(ROLES, roles)

    def around(self, _form: ActForm) -> dict[str, Any]:
        """Return what the page is called."""
        return {"heading": self.heading}

    def leads_to(self, done: ActionResult) -> HttpResponse:
        """Show the link once where one was made; else say what was done."""
        if "invitation" not in done.made:
            return super().leads_to(done)
        path = reverse("invitation", args=[token_of(done.made["invitation"])])
        said = {"link": self.request.build_absolute_uri(path), "hours": INVITED_HOURS}
        return render(self.request, "web/member_link.html", said)


def _named(role: str) -> str:
    return f"{label(role)} ({label('takes_two')})" if role in GIVEN_BY_TWO else label(role)


class MemberView(MembersView):
    """A page on one membership: other roles, an end, or a new link."""

    named = "membership_id"
    member: MemberRow

    def find(self) -> None:
        """Find the member."""
        self.member = member_for(self.target)

    def around(self, form: ActForm) -> dict[str, Any]:
        """Return the member beside the form."""
        return {**super().around(form), "member": self.member}

    def values(self) -> dict[str, Any]:
        """Return the roles that the member has, where the page asks for others."""
        return {"member_roles-roles": list(self.member.roles)} if self.wants == "member_roles" else {}


class ChangeView(MembersView):
    """A page on which a second administrator confirms what another asked; or says why not, as who asked may take it back."""

    named = "change_id"
    heading = "confirm"

    def around(self, form: ActForm) -> dict[str, Any]:
        """Return what was asked."""
        return {**super().around(form), "change": change_for(self.target)}
