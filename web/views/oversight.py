"""Who saw what, when and why: for a case's supervisor and for the auditor."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from casework.input.dates import LONGEST
from casework.input.moments import read_moment
from casework.input.read import Malformed, read_typed
from casework.oversight.access_log import LogPage, case_by_reference, case_log, cases_of_person, log_of_own_case
from casework.oversight.explaining import differs_from_trail, who_can_see
from casework.oversight.workbench import integrity, organisations
from casework.selectors import colleagues
from permissions.acting import current_moment
from permissions.decision import roles_for
from permissions.vocabulary import Action
from web.asking import asked, asked_number, asked_typed, asked_word
from web.forms import ActForm
from web.pages import page
from web.requests import StaffRequest, acting_person
from web.views.action_page import AskingView
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
    found = {"rows": rows, "unknown": unknown, "differs": differs}
    context = {"reference": reference, "said": said, "typed": typed, "bad": bad, **found}
    return render(request, "web/explain.html", context, status=422 if said or bad else 200)


def moment_asked(typed: str) -> tuple[datetime | None, str]:
    """Return the moment that was typed, or what is wrong with it."""
    now = current_moment()
    try:
        return read_typed("moment", lambda text: read_moment(text, now), typed), ""
    except Malformed as error:
        return None, complaint(error)


def cases_asked(form: ActForm, reference: str) -> list[UUID] | None:
    """Return the cases of the person concerned, or of the reference; None where neither was asked for."""
    if form.is_bound and form.is_valid() and form.cleaned_data:
        return cases_of_person(**form.cleaned_data["concerned"].values)
    if not reference:
        return None
    found = case_by_reference(reference)
    return [found] if found else []


class ConcernedView(AskingView):
    """A page that asks for a case by its reference, or for a person concerned: who that is travels in no address."""

    reference = ""
    said = ""
    """What is wrong with the reference as it was typed."""

    def draw(self, form: ActForm | None, problem: str) -> HttpResponse:
        """Draw the page for the reference that the address asks for."""
        self.reference, self.said = asked_typed(self.request, "case")
        answer = super().draw(form, problem)
        answer.status_code = 422 if self.said else answer.status_code
        return answer

    def cases(self, form: ActForm) -> list[UUID] | None:
        """Return the cases of the person concerned, or of the reference; None where neither was asked for."""
        return cases_asked(form, "" if self.said else self.reference)


class AccessReviewView(ConcernedView):
    """The page that answers who saw a case or person concerned, or what an employee or organisation saw, when and why."""

    action = Action.SEE_ACCESS_LOG
    template = "web/access_review.html"

    def around(self, form: ActForm) -> dict[str, Any]:
        """Return the log that is asked for, and what can be asked."""
        cases = self.cases(form)
        found = _asked(self.request, form, [] if self.said else cases)
        offers = {"periods": PERIODS, "people": colleagues(), "organisations": organisations()}
        said = {"reference": self.reference, "said": self.said, "unknown": cases == [], "integrity": integrity()}
        return {**found, **offers, **said, "may_note": _may_note(self.request)}


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
