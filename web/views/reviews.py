"""The auditor's workbench: outliers, samples, notes on entries, signing off."""

from datetime import timedelta
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.shortcuts import render

from casework.input.parts import parts_for
from casework.oversight.differences import differences
from casework.oversight.exports import export_for, file_of_export, own_exports
from casework.oversight.workbench import outliers, report_for_person, sample_of, state_of_trail, written_reviews
from casework.selectors import Page
from permissions.acting import act, current_moment
from permissions.vocabulary import Action
from web.asking import asked, asked_number, asked_typed, asked_word
from web.forms import ActForm
from web.pages import View, form_page, page
from web.requests import StaffRequest, acting_person
from web.views.acts import answer_act, draw_act
from web.views.choices import choices_of
from web.views.oversight import cases_asked, concerned_form

BACK = "/workbench"
SHOWN = 50
DAYS = {"week": 7, "month": 31, "quarter": 92}


@page(Action.SEE_ACCESS_LOG)
def workbench(request: StaffRequest) -> HttpResponse:
    """Show what differs from the trail, the looks to see first, and what was written beside the trail."""
    period = asked_word(request, "period", DAYS, "month")
    now = current_moment()
    found = outliers(now - timedelta(days=DAYS[period]), now)
    place = asked_number(request, "place") or 0
    rows, following = found[place : place + SHOWN], str(place + SHOWN) if len(found) > place + SHOWN else ""
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
    # A stream is an answer too, only not one whose content stands in memory.
    return FileResponse(found.body, as_attachment=True, filename=found.name, content_type=found.content_type)  # type: ignore[return-value]


@page(Action.VERIFY_TRAIL)
def verify_trail(request: StaffRequest) -> HttpResponse:
    """Show how far the trail is sealed and witnessed, what to keep outside, and what was changed in what guards it."""
    whole, keys, changes = state_of_trail(asked(request, "after")) or (None, (), Page([]))
    return render(request, "web/verify_trail.html", {"integrity": whole, "keys": keys, "changes": changes})


@form_page(Action.HANDLE_RIGHTS_REQUEST)
def person_report(request: StaffRequest) -> HttpResponse:
    """Show what a person may be told of who saw their data, to print and hand over."""
    action = Action.HANDLE_RIGHTS_REQUEST
    (reference, said), form = asked_typed(request, "case"), concerned_form(request, action)

    def draw() -> HttpResponse:
        cases = cases_asked(form, "" if said else reference)
        report = report_for_person(cases) if cases else None
        context = {"reference": reference, "said": said, "report": report, "unknown": cases == [], "form": form}
        return render(request, "web/person_report.html", context, status=422 if form.errors or said else 200)

    return act(acting_person(request), action, draw)


def review_page(action: Action) -> View:
    """Return the page of an act beside the trail."""

    @form_page(action)
    def view(request: StaffRequest) -> HttpResponse:
        def draw(form: ActForm | None, problem: str) -> HttpResponse:
            data = request.POST if form else None
            choices, values = choices_of(action, None), request.GET.dict()
            shown = ActForm(action, parts_for(action), data, choices=choices, values=values)
            shown.take_complaints(form)
            return draw_act(request, action, shown, problem, {"back": BACK})

        return answer_act(request, action, None, draw, then="" if action is Action.EXPORT_TRAIL else BACK)

    return view
