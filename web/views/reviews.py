"""The auditor's workbench: outliers, samples, notes on entries, signing off."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from casework.actions.request import ActionResult
from casework.oversight.differences import differences
from casework.oversight.exports import export_for, file_of_export, own_exports
from casework.oversight.workbench import outliers, report_for_person, sample_of, state_of_trail, written_reviews
from casework.selectors import Page
from permissions.acting import current_moment
from permissions.vocabulary import Action
from web.asking import asked, asked_number, asked_word
from web.forms import ActForm
from web.pages import page
from web.requests import StaffRequest
from web.views.action_page import ActionView
from web.views.oversight import ConcernedView

PAGE_SIZE = 50
DAYS = {"week": 7, "month": 31, "quarter": 92}


@page(Action.SEE_ACCESS_LOG)
def workbench(request: StaffRequest) -> HttpResponse:
    """Show what differs from the trail, the looks to see first, and what was written beside the trail."""
    period = asked_word(request, "period", DAYS, "month")
    now = current_moment()
    found = outliers(now - timedelta(days=DAYS[period]), now)
    place = asked_number(request, "place") or 0
    rows, following = found[place : place + PAGE_SIZE], str(place + PAGE_SIZE) if len(found) > place + PAGE_SIZE else ""
    reviews = written_reviews(asked(request, "reviews"))
    exports = own_exports(asked(request, "exports"))
    context = {"rows": rows, "following": following, "period": period, "periods": list(DAYS), "reviews": reviews}
    context |= {"exports": exports, "differences": differences(asked(request, "differences"))}
    return render(request, "web/workbench.html", context)


@page(Action.DRAW_SAMPLE, target="review_id")
def sample(request: StaffRequest, review_id: UUID) -> HttpResponse:
    """Show a sample as it was drawn."""
    review, lines = sample_of(review_id)
    return render(request, "web/sample.html", {"review": review, "lines": lines})


@page(Action.EXPORT_TRAIL, target="export_id")
def export(request: StaffRequest, export_id: UUID) -> HttpResponse:
    """Show how far an export is that one asked for, and where its file is fetched."""
    return render(request, "web/export.html", {"export": export_for(export_id)})


@page(Action.EXPORT_TRAIL, target="export_id")
def download(_request: StaffRequest, export_id: UUID) -> HttpResponse:
    """Send the file of an export that one asked for, decided anew."""
    found = file_of_export(export_id)
    # A stream is a response too, only not one that holds its content in memory.
    return FileResponse(found.body, as_attachment=True, filename=found.name, content_type=found.content_type)  # type: ignore[return-value]


@page(Action.VERIFY_TRAIL)
def verify_trail(request: StaffRequest) -> HttpResponse:
    """Show how far the trail is sealed and witnessed, what to keep outside, and what was changed in what guards it."""
    whole, keys, changes = state_of_trail(asked(request, "after")) or (None, (), Page([]))
    return render(request, "web/verify_trail.html", {"integrity": whole, "keys": keys, "changes": changes})


class PersonReportView(ConcernedView):
    """The page that shows what a person may be told of who saw their data, to print and hand over."""

    action = Action.HANDLE_RIGHTS_REQUEST
    template = "web/person_report.html"

    def around(self, form: ActForm) -> dict[str, Any]:
        """Return the report, where a case was found."""
        cases = self.cases(form)
        report = report_for_person(cases) if cases else None
        return {"reference": self.reference, "said": self.said, "report": report, "unknown": cases == []}


class ReviewView(ActionView):
    """The page of an act beside the trail."""

    back = "workbench"
    offers_found = True

    def values(self) -> dict[str, Any]:
        """Return what the address fills in."""
        return self.request.GET.dict()


class AskExportView(ReviewView):
    """The page on which an export of the trail is asked for."""

    def leads_to(self, done: ActionResult) -> HttpResponse:
        """Go on to where one sees how far it is."""
        return redirect("export", export_id=done.id)


def review_page(action: Action) -> Callable[..., HttpResponseBase]:
    """Return the page of an act beside the trail."""
    return (AskExportView if action is Action.EXPORT_TRAIL else ReviewView).as_view(action=action)
