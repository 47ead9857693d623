"""Who saw what, when and why: for a case's supervisor and for the auditor."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from casework.input.dates import LONGEST
from casework.input.moments import read_moment
from casework.input.parts import parts_for
from casework.input.read import Malformed, read_typed
from casework.oversight.access_log import LogPage, case_by_reference, case_log, cases_of_person, log_of_own_case
from casework.oversight.explaining import differs_from_trail, who_can_see
from casework.oversight.workbench import integrity, organisations
from casework.selectors import colleagues
from permissions.acting import act, current_moment
from permissions.decision import roles_for
from permissions.vocabulary import Action
from web.asking import asked, asked_number, asked_typed, asked_word
from web.forms import ActForm
from web.pages import form_page, page
from web.requests import StaffRequest, acting_person
from web.views.acts import can_read
from web.words import complaint
from workflows.calendars import day_of, local_midnight_after, local_span

PERIODS = ("month", "last_month", "year", "all")


def _span(period: str) -> tuple[datetime | None, datetime | None]:
    """Return from when until when a period runs, in Europe/Amsterdam."""
    today = day_of(current_moment())
    first = today.replace(day=1)
    last = first - timedelta(days=1)
    if period == "last_month":
        return local_span(last.replace(day=1), last)
    if period == "year":
        return local_midnight_after(today - timedelta(days=365)), None
    return (local_midnight_after(last), None) if period == "month" else (None, None)


@page(Action.SEE_CASE_LOG, target="case_id")
def see_case_log(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Show the access log of one case to who leads it."""
    period = asked_word(request, "period", PERIODS, "all")
    log = log_of_own_case(case_id, *_span(period), after=asked(request, "after"))
    context = {"log": log, "lines": log.lines, "case_id": case_id, "period": period, "periods": PERIODS}
    return render(request, "web/case_log.html", context)


@page(Action.EXPLAIN_ACCESS)
def explain_access(request: StaffRequest) -> HttpResponse:
    """Answer who can see a case and why, now or at a moment: rules and grants, never content."""
    (reference, said), (typed, bad) = asked_typed(request, "case"), asked_typed(request, "at", LONGEST)
    at, bad = moment_asked(typed) if typed and not bad else (None, bad)
    case_id = case_by_reference(reference) if reference and not said else None
    rows = who_can_see(case_id, at) if case_id and not bad else []
    unknown = bool(reference and not said and not case_id)
    differs = differs_from_trail(case_id) if rows and case_id else []
    found = {"rows": rows, "unknown": unknown, "differs": differs, "at": at}
    context = {"reference": reference, "said": said, "typed": typed, "bad": bad, **found}
    return render(request, "web/explain.html", context, status=422 if said or bad else 200)


def moment_asked(typed: str) -> tuple[datetime | None, str]:
    """Return the moment that was typed, or what is wrong with it."""
    now = current_moment()
    try:
        return read_typed("moment", lambda text: read_moment(text, now), typed), ""
    except Malformed as error:
        return None, complaint(error)


def concerned_form(request: StaffRequest, action: Action) -> ActForm:
    """Return the form that asks for a person concerned; a malformed one is on the trail. It travels in no address."""
    form = ActForm(action, parts_for(action), request.POST or None)
    can_read(request, action, form)
    return form


def cases_asked(form: ActForm, reference: str) -> list[UUID] | None:
    """Return the cases of the person concerned, or of the reference; None where neither was asked for."""
    if form.is_bound and form.is_valid() and form.cleaned_data:
        return cases_of_person(**form.cleaned_data["concerned"])
    if not reference:
        return None
    found = case_by_reference(reference)
    return [found] if found else []


@form_page(Action.SEE_ACCESS_LOG)
def access_review(request: StaffRequest) -> HttpResponse:
    """Answer who saw this case or person concerned, or what this employee or organisation saw, when and why."""
    form = concerned_form(request, Action.SEE_ACCESS_LOG)
    return act(acting_person(request), Action.SEE_ACCESS_LOG, lambda: _reviewed(request, form))


def _reviewed(request: StaffRequest, form: ActForm) -> HttpResponse:
    reference, wrong = asked_typed(request, "case")
    cases = cases_asked(form, "" if wrong else reference)
    found = _asked(request, form, [] if wrong else cases)
    offers = {"periods": PERIODS, "people": colleagues(), "organisations": organisations()}
    said = {"reference": reference, "unknown": cases == [], "form": form, "integrity": integrity()}
    said["said"] = wrong
    context = {**found, **offers, **said, "may_note": _may_note(request)}
    return render(request, "web/access_review.html", context, status=422 if form.errors or wrong else 200)


def _asked(request: StaffRequest, form: ActForm, cases: list[UUID] | None) -> dict[str, Any]:
    """Return the page of the log that is asked for, and what was asked."""
    period = asked_word(request, "period", PERIODS, "month")
    person, organisation = asked_number(request, "person"), asked_number(request, "organisation")
    after = request.POST.get("after") or asked(request, "after")
    who = partial(case_log, person=person, organisation=organisation, after=after)
    log = LogPage([]) if cases == [] or form.errors else who(cases or (), *_span("all" if form.is_bound else period))
    return {"log": log, "lines": log.lines, "period": period, "person": person, "organisation": organisation}


def _may_note(request: StaffRequest) -> bool:
    return bool(roles_for(acting_person(request), Action.ANNOTATE_TRAIL))
