"""What lets data leave an organisation: two people make agreements and decisions, a privacy officer confirms bases."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from casework.selectors.agreements import agreement_for, agreements, bases, field_groups, others
from permissions.bases import VALID_FROM
from permissions.vocabulary import Action
from web.forms import ActForm, Choices
from web.pages import View, form_page, page
from web.requests import StaffRequest
from web.views.acts import answer_act, draw_act
from web.words import label

BACK = "/agreements"
BASES = "/bases"


@page(Action.MANAGE_AGREEMENTS)
def agreements_page(request: StaffRequest) -> HttpResponse:
    """Show the agreements and decisions of the organisation, and who must still confirm."""
    return render(request, "web/agreements.html", {"rows": agreements()})


@page(Action.CONFIRM_BASIS)
def bases_page(request: StaffRequest) -> HttpResponse:
    """Show the bases on which the organisation may send, and which are confirmed."""
    return render(request, "web/bases.html", {"rows": bases(), "version": VALID_FROM})


def _choices() -> Choices:
    ends, groups = others(), [(group, label(group)) for group in field_groups()]
    parts = ("sharing", "partnership")
    return {"sharing-receiver": ends, "partnership-members": ends} | {f"{part}-groups": groups for part in parts}


def new_page(part: str) -> View:
    """Return the page on which an agreement or a decision is asked for; another person confirms it."""

    @form_page(Action.MANAGE_AGREEMENTS)
    def view(request: StaffRequest) -> HttpResponse:
        def draw(form: ActForm | None, problem: str) -> HttpResponse:
            data = request.POST if form else None
            shown = ActForm(Action.MANAGE_AGREEMENTS, (part,), data, choices=_choices())
            shown.take_complaints(form)
            return draw_act(request, Action.MANAGE_AGREEMENTS, shown, problem, {"back": BACK})

        return answer_act(request, Action.MANAGE_AGREEMENTS, None, draw, then=BACK)

    return view


@form_page(Action.MANAGE_AGREEMENTS)
def second(request: StaffRequest, agreement_id: UUID) -> HttpResponse:
    """Confirm what another asked for, or with a date end what is in force."""
    action = Action.MANAGE_AGREEMENTS

    def draw(form: ActForm | None, problem: str) -> HttpResponse:
        row = agreement_for(agreement_id)
        shown = form or ActForm(action, ("ending",), optional=frozenset({"ending"}))
        return draw_act(request, action, shown, problem, {"back": BACK, "agreement": row})

    return answer_act(request, action, agreement_id, draw, then=BACK)


@form_page(Action.CONFIRM_BASIS)
def confirm_basis(request: StaffRequest) -> HttpResponse:
    """Say of one basis whether the organisation may use it."""
    action = Action.CONFIRM_BASIS

    def draw(form: ActForm | None, problem: str) -> HttpResponse:
        rows = {"confirmation-basis": [(row.code, label(row.code)) for row in bases()]}
        data, values = (request.POST if form else None), request.GET.dict()
        shown = ActForm(action, ("confirmation",), data, choices=rows, values=values)
        shown.take_complaints(form)
        return draw_act(request, action, shown, problem, {"back": BASES})

    return answer_act(request, action, None, draw, then=BASES)
