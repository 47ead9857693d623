"""A new referral on one page: a case, what is known, and where it should go."""

from typing import Any
from uuid import UUID, uuid5

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from casework.inputs import Malformed
from casework.package_parts import OF_LIMIT
from casework.selectors import receivers
from casework.services import perform
from permissions.acting import act
from permissions.bases import BASES, processing_bases
from permissions.decision import Actor
from permissions.vocabulary import Action, AgencyKind
from web.forms import ActForm, Choices
from web.pages import form_page
from web.requests import StaffRequest, acting_person, operation_of
from web.words import complaint, label

POLICE_PARTS = ("premises", "person")
CARE_PARTS = ("person", "note", "package")
ASKED_LATER = frozenset(f"package-{column.name}" for columns in OF_LIMIT.values() for column in columns)
"""What some bases ask: filled in on the package itself, when it is prepared."""
HIDDEN = frozenset({"package-items", "package-special", "package-special_reason", "note-burdening", "person-infix"})


def _form(actor: Actor, data: Any, choices: Choices) -> ActForm:
    is_police = actor.kind is AgencyKind.POLICE
    values = {
        "package-receiver": choices["package-receiver"][0][0] if choices["package-receiver"] else "",
        "package-basis": "WMO_5_2_6",
        "package-kind": "concern_report",
        "package-source_protected": "yes",
        "package-acute": "no",
        "note-kind": "concern",
        "note-date": timezone.localdate(),
        "person-role": "" if is_police else "minor",
        "package-why_items": _("What is needed to judge the safety of the child."),
        "package-why_receiver": _("They judge the safety of children in this region."),
        "package-why_now": _("The concern is of now."),
    }
    form = ActForm(Action.OPEN_CASE, POLICE_PARTS if is_police else CARE_PARTS, data, choices=choices, values=values)
    for name in (HIDDEN | ASKED_LATER) & set(form.columns):
        del form.columns[name], form.fields[name]
    return form


def _choices(actor: Actor) -> Choices:
    found = sorted(receivers(), key=lambda agency: agency.kind != AgencyKind.VEILIG_THUIS)
    kinds = {AgencyKind(agency.kind) for agency in found}
    fits = [basis.code for basis in BASES.values() if actor.kind in basis.senders and kinds & basis.receivers]
    return {
        "package-receiver": [(str(agency.pk), agency.name) for agency in found],
        "package-basis": [(code, label(code)) for code in fits],
    }


@form_page(Action.OPEN_CASE)
def new_referral(request: StaffRequest) -> HttpResponse:
    """Log a referral: police open a report with its warning track, others a case with a handoff to check and send."""
    actor = acting_person(request)
    choices = act(actor, Action.OPEN_CASE, lambda: _choices(actor))
    form = _form(actor, request.POST or None, choices)
    if request.method == "POST" and form.is_valid():
        address = _open(request, actor, form)
        if address:
            return redirect(address)
    status = 422 if form.errors else 200
    context = {"form": form, "action": Action.OPEN_CASE, "is_police": actor.kind is AgencyKind.POLICE}
    return act(actor, Action.OPEN_CASE, lambda: render(request, "web/new_referral.html", context, status=status))


def _open(request: StaffRequest, actor: Actor, form: ActForm) -> str:
    """Open the case and prepare its handoff; an empty address says that the form has a complaint."""
    given = dict(form.cleaned_data)
    package = given.pop("package", None)
    if not given:
        form.add_error(None, _("Fill in at least an address or a person."))
        return ""
    try:
        return _perform(actor, given, package, operation_of(request))
    except Malformed as error:
        form.add_error(None, complaint(error))
        return ""


def _perform(actor: Actor, given: dict[str, Any], package: dict[str, Any] | None, operation: UUID) -> str:
    kind = actor.kind or AgencyKind.POLICE
    basis = {"code": processing_bases(kind)[0]} | ({"article": "8"} if kind is AgencyKind.POLICE else {})
    done = perform(actor, Action.OPEN_CASE, given={"basis": basis, **given}, operation=operation)
    if package is None:
        return f"/cases/{done.id}"
    content = {"package": {**package, "items": _held(given, ["identity", "concern", "observed_facts"])}}
    sent = perform(actor, Action.PREPARE_HANDOFF, done.id, content, operation=uuid5(operation, "package"))
    return f"/handoffs/{sent.id}"


def _held(given: dict[str, Any], items: list[str]) -> list[str]:
    groups = {"identity"} if "person" in given else set()
    note = given.get("note", {}).get("kind", "")
    groups |= {"concern"} if note == "concern" else {"observed_facts"} if note == "observed_fact" else set()
    return [item for item in items if item in groups]
