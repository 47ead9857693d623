"""Pages that show: the worklist, one case, the desk, follow-up work."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from casework.oversight.findings import TOLD_DAYS, emergency_notices
from casework.selectors import (
    Overview,
    Worklist,
    at_a_glance,
    explained_terms,
    follow_ups,
    read_record,
    received,
    see_case,
    see_handoff,
    told_of_known,
    told_of_team,
    worklist,
    worklist_overview,
)
from casework.selectors.drafts import own_drafts
from casework.selectors.keys import written_key
from permissions.acting import acting, current_moment
from permissions.vocabulary import Action
from web.asking import asked_key, asked_word
from web.drafts import draft_links
from web.pages import page
from web.panels import main_row, panels_of
from web.requests import StaffRequest
from workflows.calendars import ends_of_day_and_week

TABS = ("late", "today", "week", "later")
WORKLISTS = (
    Action.SEE_CASE, Action.REVIEW_EMERGENCY, Action.CLOSE_FINDING, Action.CONFIRM_BASIS, Action.MANAGE_AGREEMENTS
)  # fmt: skip
"""What opens the worklist: for each, something can wait."""


page_after = asked_key
"""The key at which a page begins, from the address."""


def key_of(following: tuple[int, datetime, UUID] | None) -> str:
    """Write the key of the next page for an address."""
    return written_key(*following) if following else ""


@page(*WORKLISTS, lists=True)
def worklist_page(request: StaffRequest) -> HttpResponse:
    """Show what is to be done, late first; a tab is a span of deadlines."""
    now = current_moment()
    marks = [now, *ends_of_day_and_week(now), datetime.max.replace(tzinfo=now.tzinfo)]
    overview = worklist_overview(marks)
    chosen = asked_word(request, "tab", (*TABS, "waiting"))
    found = _chosen(request, chosen, marks, overview)
    panels = panels_of(found.rows, marks, one=chosen if chosen == "waiting" else "")
    context: dict[str, object] = {"panels": panels, "main": main_row(panels), "tabs": _tabs(overview.counts)}
    context |= {"total": overview.counts[-1], "chosen": chosen, "now": now, "after": key_of(found.following)}
    context |= {"told": emergency_notices(), "answers": told_of_known(since=now - timedelta(days=TOLD_DAYS))}
    drafts = own_drafts(asked_key(request, "drafts"))
    context |= {"drafts": draft_links(drafts.rows), "more_drafts": drafts.following}
    context |= {"team": told_of_team()}
    return render(request, "web/worklist.html", context)


def _chosen(request: StaffRequest, chosen: str, marks: Sequence[datetime], overview: Overview) -> Worklist:
    """Return the page of a tab: of a span of deadlines, of what waits for others, or of everything."""
    spans = {name: (marks[place - 1] if place else None, marks[place]) for place, name in enumerate(TABS)}
    start, end = spans.get(chosen, (None, None))
    waits, after = chosen == "waiting", page_after(request)
    return worklist(after=after, due_from=start, due_until=end, waiting_for_others=waits, overview=overview)


def _tabs(counts: Sequence[int]) -> list[tuple[str, int]]:
    """Return each tab with how much stands on it: between the moment of the one before and its own."""
    return [(name, counts[place] - (counts[place - 1] if place else 0)) for place, name in enumerate(TABS)]


@page(Action.READ_RECORD, Action.SEE_CASE, target="case_id")
def case(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Show a case: its record to those who may read it, else its shell."""
    after = request.GET.dict()
    found = read_record(case_id, after=after) if acting().action is Action.READ_RECORD else see_case(case_id, after)
    return render(request, "web/case.html", {"case": found, "glance": at_a_glance(found, after)})


@page(Action.PRINT_CASE, target="case_id")
def print_case(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Show the whole record on one page, to print: who printed and when stands on it, and on the trail."""
    found = read_record(case_id, Action.PRINT_CASE)
    return render(request, "web/case_print.html", {"case": found, "printed_at": current_moment()})


@page(Action.SEE_CASE, target="case_id")
def terms(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Show why the running terms of a case are due when they are."""
    found = explained_terms(case_id)
    return render(request, "web/terms.html", {"terms": found, "line": found.line})


@page(Action.SEE_HANDOFF, target="handoff_id")
def handoff(request: StaffRequest, handoff_id: UUID) -> HttpResponse:
    """Show a handoff: to its sender as a preview, to its receiver as the package."""
    return render(request, "web/handoff.html", {"page": see_handoff(handoff_id)})


@page(Action.ACKNOWLEDGE_HANDOFF)
def desk(request: StaffRequest) -> HttpResponse:
    """Show what lies on the desk."""
    rows, following = received(page_after(request))
    return render(request, "web/desk.html", {"handoffs": rows, "after": key_of(following)})


@page(Action.SEE_CASE, lists=True)
def follow_ups_page(request: StaffRequest) -> HttpResponse:
    """Show the follow-up work, the most overdue first."""
    rows, following = follow_ups(page_after(request))
    return render(request, "web/follow_ups.html", {"rows": rows, "after": key_of(following)})
