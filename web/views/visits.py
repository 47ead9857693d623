"""The visit plan: one page for a week of visits, typed row by row or pasted as CSV, with a dry run."""

import csv
import re
from dataclasses import dataclass
from io import StringIO
from typing import Any
from uuid import uuid4, uuid5

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from casework.access import Stale
from casework.inputs import Malformed, read_inputs
from casework.names import REFERENCE
from casework.selectors import plannable_visits
from casework.services import perform
from permissions.acting import act
from permissions.decision import Actor, Refused
from permissions.vocabulary import Action
from web.pages import form_page
from web.requests import StaffRequest, acting_person, operation_of
from web.views.cases import key_of, page_after
from web.words import complaint, label
from workflows.table import Incomplete, NotNow

COLUMNS = ("reference", "date", "officers", "subject", "family", "team")
MOST_ROWS = 500


@dataclass
class PlanRow:
    """One pasted line: what it plans, or what is wrong with it."""

    number: int
    values: dict[str, str]
    problem: str = ""
    track: Any = None


def _read(text: str, known: dict[str, Any]) -> list[PlanRow]:
    """Read pasted lines; every fault stands with its line."""
    separator = ";" if text.count(";") >= text.count(",") else ","
    rows = [row for row in csv.reader(StringIO(text), delimiter=separator) if any(cell.strip() for cell in row)]
    if rows and rows[0][0].strip().lower() in {"reference", "referentie"}:
        rows = rows[1:]
    return [_row(number, cells, known) for number, cells in enumerate(rows[:MOST_ROWS], 1)]


def _row(number: int, cells: list[str], known: dict[str, Any]) -> PlanRow:
    row = PlanRow(number, dict(zip(COLUMNS, (cell.strip() for cell in cells), strict=False)))
    row.track = known.get(row.values.get("reference", "").lower())
    if len(cells) != len(COLUMNS):
        row.problem = _("This line has %(found)s cells; it needs %(wanted)s.") % {
            "found": len(cells),
            "wanted": len(COLUMNS),
        }
        return row
    return _checked(row)


def _checked(row: PlanRow) -> PlanRow:
    """Try a row without planning it."""
    if row.track is None:
        row.problem = _("There is no visit to plan under this reference.")
        return row
    try:
        read_inputs(Action.SCHEDULE_VISIT, _given(row))
    except Malformed as error:
        row.problem = f"{label(error.column)}: {complaint(error)}"
    return row


def _from_grid(data: QueryDict, waiting: list[Any]) -> list[PlanRow]:
    """Read the rows of the grid in which a date was filled in; the plan's words hold for all of them."""
    rows: list[PlanRow] = []
    for visit in waiting:
        if not data.get(f"date-{visit.track_id}", "").strip():
            continue
        values = {name: data.get(name, "").strip() for name in ("subject", "family", "team")}
        values |= {name: data.get(f"{name}-{visit.track_id}", "").strip() for name in ("date", "officers")}
        rows.append(_checked(PlanRow(len(rows) + 1, {"reference": visit.reference, **values}, track=visit)))
    return rows


def _given(row: PlanRow) -> dict[str, Any]:
    plan = {name: row.values.get(name, "") for name in COLUMNS[1:]}
    return {"visit_plan": {**plan, "officers": plan["officers"].replace("|", ",")}}


@form_page(Action.SCHEDULE_VISIT)
def visit_plan(request: StaffRequest) -> HttpResponse:
    """Show the visits to plan; a batch is planned only when every line of it is good."""
    actor, does = acting_person(request), request.POST.get("do", "")
    waiting, following = act(actor, Action.SCHEDULE_VISIT, lambda: plannable_visits(page_after(request)))
    rows = _rows(actor, request.POST, waiting)
    bad = [row for row in rows if row.problem]
    if rows and not bad and does in {"plan", "grid"}:
        bad = _plan_all(actor, rows, request)
        if not bad:
            messages.success(request, _("%(number)s visits are planned.") % {"number": len(rows)})
            return redirect("visit_plan")
    return act(actor, Action.SCHEDULE_VISIT, lambda: _draw(request, waiting, rows, bad, key_of(following)))


def _rows(actor: Actor, data: QueryDict, waiting: list[Any]) -> list[PlanRow]:
    if data.get("do") == "grid":
        return _from_grid(data, waiting)
    lines = data.get("lines", "")
    called = {word.strip().lower() for word in re.split(r"[;,\t\n]", lines) if REFERENCE.fullmatch(word.strip().lower())}
    found, _ = act(actor, Action.SCHEDULE_VISIT, lambda: plannable_visits(references=called)) if called else ([], None)
    return _read(lines, {visit.reference: visit for visit in found})


def _draw(
    request: StaffRequest, waiting: list[Any], rows: list[PlanRow], bad: list[PlanRow], following: str
) -> HttpResponse:
    typed = {name: value for name, value in request.POST.items() if isinstance(value, str)}
    grid = [(v, typed.get(f"date-{v.track_id}", ""), typed.get(f"officers-{v.track_id}", "")) for v in waiting]
    lines = typed.get("lines", "")
    context = {
        "after": following,
        "grid": grid,
        "rows": rows if lines else [],
        "bad": bad,
        "lines": lines,
        "columns": COLUMNS,
        "typed": typed,
    }
    return render(request, "web/visit_plan.html", {**context, "operation": uuid4()}, status=422 if bad else 200)


def _plan_all(actor: Actor, rows: list[PlanRow], request: StaffRequest) -> list[PlanRow]:
    """Plan line by line, each an act of its own; what was planned stays so, what could not says why."""
    operation = operation_of(request)
    for row in rows:
        try:
            perform(
                actor,
                Action.SCHEDULE_VISIT,
                row.track.track_id,
                _given(row),
                version=row.track.version,
                operation=uuid5(operation, str(row.track.track_id)),
            )
        except Malformed as error:
            row.problem = complaint(error)
        except Incomplete as error:
            row.problem = ", ".join(label(fact) for fact in error.missing)
        except (NotNow, Stale, Refused):
            row.problem = _("This visit changed meanwhile or is not yours to plan.")
    return [row for row in rows if row.problem]
