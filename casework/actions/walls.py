"""Walls: because of a conflict of interest one person never sees one case, whatever else they were granted."""

from uuid import UUID

from casework.access import reach_case, within_reach
from casework.actions.handlers import carries_out
from casework.actions.lost_races import DoneBefore, was_first
from casework.actions.request import ActionRequest, ActionResult
from casework.input.read import Malformed, Values
from casework.models import Handoff, Participation, Wall
from permissions.decision import Missing, Refused
from permissions.reasons import Reason, Rule
from permissions.vocabulary import Action
from workflows.calendars import day_of
from workflows.causes import Cause
from workflows.table import NotNow


@carries_out(Action.WALL_PERSON, Action.DECLARE_CONFLICT)
def wall(request: ActionRequest) -> ActionResult:
    """Put a wall between a person (oneself, where one declares a conflict) and a case; it beats every grant."""
    raises = request.act.action is Action.WALL_PERSON
    case_id = reach_case(request.target).case_id if raises else _case_of_conflict(request.target)
    rows = [
        Wall(
            id=request.act.made_id("wall", place),
            case_id=case_id,
            user_id=_walled(request, values),
            agency_id=request.act.actor.agency_id,
            reason=values["text"],
            starts_at=request.act.moment,
        )
        for place, values in enumerate(request.inputs.get("wall", ()))
    ]
    if not rows:
        raise Malformed("wall", "text", "required")
    behind = Wall.objects.standing(case_id).filter(user_id__in=[row.user_id for row in rows]).first()
    if behind is not None:
        raise Malformed("wall", "person", "walled_already", day_of(behind.starts_at).isoformat())
    Wall.objects.bulk_create(rows)
    return ActionResult(case_id, case_id)


def _case_of_conflict(target: UUID) -> UUID:
    """Return the case in which one declares a conflict: one within reach, or that of a package that one may read.

    Whoever opens a package at the desk learns there whom it is about, before anybody is named on its case.
    """
    if Participation.objects.filter(content_object_id=within_reach("case", target)).exists():
        return target
    handoff = Handoff.objects.filter(pk=within_reach("handoff", target)).values("case_id").first()
    if handoff is None:
        raise Missing("case")
    case_id: UUID = handoff["case_id"]
    return case_id


def _walled(request: ActionRequest, values: Values) -> int:
    if request.act.action is Action.DECLARE_CONFLICT:
        if values.get("person", request.act.actor.person_id) != request.act.actor.person_id:
            raise Malformed("wall", "person", "not_taken_here")
        return request.act.actor.person_id
    if "person" not in values:
        raise Malformed("wall", "person", "required")
    return request.member("wall", int(values["person"]))


@carries_out(Action.LIFT_WALL)
def lift_wall(request: ActionRequest) -> ActionResult:
    """Lift a wall by two people: the first asks with a reason, another does the same act and it falls at once."""
    reached = reach_case(request.target)
    if not request.inputs.get("lifting"):
        raise Malformed("lifting", "person", "required")
    for values in request.inputs["lifting"]:
        rows = list(Wall.objects.standing(reached.case_id).select_for_update().filter(user_id=values["person"]))
        if not rows:
            raise _lifted_before(reached.case_id, values["person"]) or NotNow(None, request.act.action, Cause.NO_WALL)
        for row in rows:
            _lift(request, row, values["text"])
    return ActionResult(reached.case_id, reached.case_id)


def _lifted_before(case_id: UUID, person_id: int) -> DoneBefore | None:
    """Return who lifted the wall of this person before this case; nothing where there was none."""
    row = Wall.objects.filter(case_id=case_id, user_id=person_id, ends_at__isnull=False).order_by("-ends_at", "-id").first()
    if row is None or row.ends_at is None:
        return None
    return was_first(row.lifted_by_id, "lifted", row.ends_at, ("lifting", row.lifted_reason))


def _lift(request: ActionRequest, row: Wall, reason: str) -> None:
    me = request.act.actor.person_id
    if me == row.lift_asked_by_id:
        raise Refused(Reason(Rule.SECOND_PERSON, request.act.action))
    if row.lift_asked_by_id is None:
        row.lift_asked_by_id, row.lift_reason = me, reason
    else:
        row.lifted_by_id, row.lifted_reason, row.ends_at = me, reason, request.act.moment
    changed = ("lift_asked_by_id", "lift_reason", "lifted_by_id", "lifted_reason", "ends_at")
    row.save(update_fields=changed, force_update=True)
