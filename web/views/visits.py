"""The visit plan: one page for a week of visits, typed row by row or pasted as CSV, with a dry run."""

import re
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework.actions.batches import Asked, perform_all
from casework.facts.first_steps import Stale
from casework.input.dates import Meaning
from casework.input.person_names import REFERENCE
from casework.input.read import Malformed
from casework.selectors import PlannableVisit, plannable_visits
from permissions.acting import Busy, act
from permissions.decision import Actor
from permissions.vocabulary import Action
from web.carrying import HELD, said_of
from web.pasting import is_unclosed, lines_of, table_of
from web.requests import StaffRequest, acting_person, operation_of, version_in
from web.views.action_page import ActionView, why_not
from web.views.cases import key_of, page_after
from web.words import DATE_HINTS, complaint, label
from workflows.table import Incomplete, NotNow

TRACK = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
COLUMNS = ("reference", "date", "officers", "subject", "family", "team")
MOST_ROWS = 500
"""How many visits one act plans: what is longer is planned in parts, and none of it before that was said."""
GRID = ("date-", "officers-")
"""How the fields of a visit begin; its track follows."""


HEADS = frozenset({"reference", "referentie", "kenmerk", "zaak", "case", "zaaknummer"})
"""What stands over the first column where somebody copied the heading too."""


@dataclass
class PlanRow:
    """One pasted line: what it plans, or what is wrong with it."""

    number: int
    values: dict[str, str]
    problem: str = ""
    track: Any = None


def _read(text: str, known: dict[str, Any]) -> list[PlanRow]:
    """Read pasted lines; every fault stands with its line."""
    return [_row(number, cells, known) for number, cells in enumerate(_lines(text), 1)]


def _lines(text: str) -> list[list[str]]:
    """Return the cells of each line, without the heading."""
    rows = table_of(text, len(COLUMNS))
    return rows[1:] if rows and _is_heading(rows[0]) else rows


def _is_heading(cells: list[str]) -> bool:
    return cells[0].strip().lower() in HEADS


def _too_many(data: QueryDict, does: str) -> str:
    """Say how many lines there are too many; nothing is left out of a plan without a word."""
    text = data.get("good" if does == "good" else "lines", "") if does in {"try", "plan", "good"} else ""
    over = len(_lines(text)) - MOST_ROWS
    said = _("These are %(over)s lines too many: a plan holds at most %(most)s. Nothing was planned; send it in parts.")
    return said % {"over": over, "most": MOST_ROWS} if over > 0 else ""


def _row(number: int, cells: list[str], known: dict[str, Any]) -> PlanRow:
    row = PlanRow(number, dict(zip(COLUMNS, (cell.strip() for cell in cells), strict=False)))
    row.track = known.get(row.values.get("reference", "").lower())
    if any(is_unclosed(cell) for cell in cells):
        row.problem = _("A quotation mark begins a cell of this line and none ends it: add it, or leave it out.")
        return row
    if len(cells) != len(COLUMNS):
        row.problem = _("This line has %(found)s cells; it needs %(wanted)s.") % {
            "found": len(cells),
            "wanted": len(COLUMNS),
        }
        return row
    return _checked(row)


def _checked(row: PlanRow) -> PlanRow:
    """Say of a row for which there is no visit that there is none; the act itself says the rest."""
    if row.track is None:
        row.problem = _("There is no visit to plan under this reference.")
    return row


def _dated(data: QueryDict) -> list[PlannableVisit]:
    """Return the visits for which anything was typed, whatever their state now; version 0 where one cannot be planned."""
    ids = list(dict.fromkeys(name.split("-", 1)[1] for name in _typed_in_grid(data)))
    asked = [one for one in ids if TRACK.fullmatch(one)]
    known = {str(visit.track_id): visit for visit in plannable_visits(tracks=asked)[0]} if asked else {}
    gone = {one: PlannableVisit(one, 0, data.get(f"reference-{one}", ""), "", None) for one in ids if one not in known}
    return [known[one] if one in known else gone[one] for one in ids]


def _typed_in_grid(data: QueryDict) -> dict[str, str]:
    """Return the fields of the grid in which something was typed."""
    return {name: str(value) for name, value in data.items() if name.startswith(GRID) and str(value).strip()}


def _from_grid(data: QueryDict, dated: list[PlannableVisit]) -> list[PlanRow]:
    """Read the rows of the grid in which anything was filled in; the plan's words hold for all of them."""
    rows: list[PlanRow] = []
    for visit in dated:
        values = {name: data.get(name, "").strip() for name in ("subject", "family", "team")}
        values |= {name: data.get(f"{name}-{visit.track_id}", "").strip() for name in ("date", "officers")}
        row = PlanRow(len(rows) + 1, {"reference": visit.reference, **values}, track=visit if visit.version else None)
        rows.append(row if row.track else replace(row, problem=_("This visit changed meanwhile or is not yours to plan.")))
    return rows


def _given(row: PlanRow) -> dict[str, Any]:
    plan = {name: row.values.get(name, "") for name in COLUMNS[1:]}
    return {"visit_plan": {**plan, "officers": plan["officers"].replace("|", ",")}}


class VisitPlanView(ActionView):
    """The page of the visits to plan."""

    action = Action.SCHEDULE_VISIT
    leaves_out = frozenset({"prior_warning_answer-case"})

    def get(self, request: StaffRequest, **_ids: UUID) -> HttpResponse:
        """Draw the visits to plan."""
        return visit_plan(request)

    def post(self, request: StaffRequest, **_ids: UUID) -> HttpResponse:
        """Carry out a plan, or try it."""
        return visit_plan(request)


def visit_plan(request: StaffRequest) -> HttpResponse:
    """Show the visits to plan; a plan is carried out whole, or as far as the person saw that it is good."""
    actor = acting_person(request)
    found = act(actor, Action.SCHEDULE_VISIT, lambda: plannable_visits(page_after(request)))
    does = "" if request.POST.get(HELD) else request.POST.get("do", "")
    dated = act(actor, Action.SCHEDULE_VISIT, lambda: _dated(request.POST))
    problem = _too_many(request.POST, does)
    rows = [] if problem else _rows(actor, request.POST, does, dated)
    problem = _carried_out(actor, rows, request, dry=does == "try") if rows else problem or _nothing(does)
    if rows and does != "try" and not problem and not any(row.problem for row in rows):
        messages.success(request, _planned(len(rows)))
        return _after_plan(request, does, dated)
    return act(actor, Action.SCHEDULE_VISIT, lambda: _draw(request, _with_dated(found, dated), rows, problem=problem))


def _nothing(does: str) -> str:
    return _("Nothing was typed that can be planned: fill in a date in the table, or paste lines.") if does else ""


def _after_plan(request: StaffRequest, does: str, dated: list[PlannableVisit]) -> HttpResponse:
    """Draw anew what was typed and is not planned; where that is nothing, begin with an empty page."""
    left = _left(request.POST, does)
    if not left:
        return redirect("visit_plan")
    actor, again = acting_person(request), dated if does != "grid" else []
    return act(actor, Action.SCHEDULE_VISIT, lambda: _draw(request, _with_dated(plannable_visits(), again), [], left=left))


def _planned(number: int) -> str:
    return ngettext("%(number)s visit is planned.", "%(number)s visits are planned.", number) % {"number": number}


def _with_dated(found: tuple[list[Any], Any], dated: list[PlannableVisit]) -> tuple[list[Any], Any]:
    """Return what waits, and before it each visit for which a date was typed and that is not on this page any more."""
    waiting, following = found
    shown = {visit.track_id for visit in waiting}
    return [visit for visit in dated if visit.track_id not in shown] + waiting, following


def _rows(actor: Actor, data: QueryDict, does: str, dated: list[PlannableVisit]) -> list[PlanRow]:
    """Read what is to be planned: the table, the lines, or only those lines that a dry run called good."""
    if does == "grid":
        return _from_grid(data, dated)
    text = data.get("good" if does == "good" else "lines", "")
    called = {one for cells in _lines(text) if REFERENCE.fullmatch(one := cells[0].strip().lower())} if does else set()
    found, _next = act(actor, Action.SCHEDULE_VISIT, lambda: plannable_visits(references=called)) if called else ([], None)
    return _read(text, {visit.reference: visit for visit in found}) if does else []


def _left(data: QueryDict, does: str) -> dict[str, str]:
    """Return what was typed and is not planned: lines that were not good, the lines beside a table, or that table."""
    good = set(data.get("good", "").splitlines()) if does == "good" else set()
    lines = (
        [] if does == "plan" else [line for line in data.get("lines", "").splitlines() if line.strip() and line not in good]
    )
    return ({"lines": "\n".join(lines)} if lines else {}) | (_typed_in_grid(data) if does != "grid" else {})


def _good(lines: str, rows: list[PlanRow]) -> str:
    """Return the lines that a dry run found good, as they were typed."""
    typed = lines_of(lines)
    if typed and _is_heading(table_of(typed[0], len(COLUMNS))[0]):
        typed = typed[1:]
    if len(typed) != len(rows):
        return ""  # a value that runs over several lines: which line is whose cannot be said
    return "\n".join(line for line, row in zip(typed, rows, strict=True) if not row.problem)


def _draw(
    request: StaffRequest,
    waiting: tuple[list[Any], Any],
    rows: list[PlanRow],
    *,
    problem: str = "",
    left: dict[str, str] | None = None,
) -> HttpResponse:
    typed = {name: str(value) for name, value in request.POST.items()} if left is None else left
    grid = [(v, typed.get(f"date-{v.track_id}", ""), typed.get(f"officers-{v.track_id}", "")) for v in waiting[0]]
    lines = typed.get("lines", "")
    bad = [row for row in rows if row.problem]
    problem = problem or (said_of(typed[HELD]) if typed.get(HELD) else "")
    tried = rows if typed.get("do") in {"try", "good", "plan"} else []
    context = {"grid": grid, "rows": tried, "bad": bad, "lines": lines, "columns": COLUMNS, "typed": typed}
    context |= {"good": _good(lines, rows) if tried and bad else "", "problem": problem, "operation": uuid4()}
    context["after"], context["date_hint"] = key_of(waiting[1]), _(DATE_HINTS[Meaning.PLANNED])
    context |= {"tried": [(row.track.track_id, row.track.version) for row in tried if row.track]}
    return render(request, "web/visit_plan.html", context, status=422 if bad or problem else 200)


def _carried_out(actor: Actor, rows: list[PlanRow], request: StaffRequest, *, dry: bool) -> str:
    """Plan all of these rows in one act, or none; a dry run takes it back. Every row says what stands in its way."""
    good = [row for row in rows if not row.problem]
    asked = [Asked(row.track.track_id, _given(row), _seen(request.POST, row)) for row in good]
    is_dry = dry or len(good) < len(rows)
    try:
        problems = perform_all(actor, Action.SCHEDULE_VISIT, asked, operation=operation_of(request), dry=is_dry)
    except Malformed as error:
        return complaint(error)
    except Busy:
        return _("Somebody else is working on the same thing at this moment. Nothing was stored; please send it again.")
    for row, problem in zip(good, problems, strict=True):
        row.problem = _in_words(problem) if problem else ""
    return ""


def _seen(data: QueryDict, row: PlanRow) -> int | None:
    return version_in(data, f"version-{row.track.track_id}")


def _in_words(problem: Exception) -> str:
    if isinstance(problem, Malformed):
        return f"{label(problem.column)}: {complaint(problem)}" if problem.column else complaint(problem)
    if isinstance(problem, Incomplete):
        return ", ".join(label(fact) for fact in problem.missing)
    if isinstance(problem, NotNow | Stale):
        return why_not(problem)
    return _("This visit changed meanwhile or is not yours to plan.")
