"""What lets data leave an organisation: two people make agreements and decisions, a privacy officer confirms bases."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from casework.selectors.agreements import agreement_for, agreements, bases, field_groups, others
from permissions.bases import VALID_FROM
from permissions.vocabulary import Action
from web.forms import ActForm, Choices
from web.pages import page
from web.requests import StaffRequest
from web.views.action_page import ActionView
from web.words import label


@page(Action.MANAGE_AGREEMENTS)
def agreements_page(request: StaffRequest) -> HttpResponse:
    """Show the agreements and decisions of the organisation, and who must still confirm."""
    return render(request, "web/agreements.html", {"rows": agreements()})


@page(Action.CONFIRM_BASIS)
def bases_page(request: StaffRequest) -> HttpResponse:
    """Show the bases on which the organisation may send, and which are confirmed."""
    return render(request, "web/bases.html", {"rows": bases(), "version": VALID_FROM})


ASKED = frozenset({"sharing-receiver", "partnership-members", "sharing-groups", "partnership-groups"})


class AgreementsView(ActionView):
    """A page on which an agreement or a decision is asked for; another person confirms it."""

    action = Action.MANAGE_AGREEMENTS
    back = "agreements"
    offers = ASKED

    def parts(self, _form: ActForm | None) -> tuple[str, ...]:
        """Return the part that is asked for."""
        return (self.wants,)

    def choices(self) -> Choices:
        """Return the other ends, and the groups that can be shared."""
        ends, groups = others(), [(group, label(group)) for group in field_groups()]
        parts = ("sharing", "partnership")
        return {"sharing-receiver": ends, "partnership-members": ends} | {f"{part}-groups": groups for part in parts}


class AgreementView(ActionView):
    """The page on which somebody confirms what another asked for, or with a date ends what is in force."""

    action = Action.MANAGE_AGREEMENTS
    named = "agreement_id"
    back = "agreements"
    leaves_out = ASKED

    def parts(self, _form: ActForm | None) -> tuple[str, ...]:
        """Return the part that says from when the agreement ends."""
        return ("ending",)

    def optional(self) -> frozenset[str]:
        """Return that part: somebody who confirms an agreement does not end it."""
        return frozenset({"ending"})

    def around(self, _form: ActForm) -> dict[str, Any]:
        """Return the agreement."""
        return {"agreement": agreement_for(self.target)}


class BasisView(ActionView):
    """The page on which somebody says of one basis whether the organisation may use it."""

    action = Action.CONFIRM_BASIS
    back = "bases"

    def choices(self) -> Choices:
        """Return the bases."""
        return {"confirmation-basis": [(row.code, label(row.code)) for row in bases()]}

    def values(self) -> dict[str, Any]:
        """Return the basis that the address names."""
        return self.request.GET.dict()
