"""Who works on a case: naming and un-naming members of the agency on one case, or handing over many cases at once.

Under the same action stands who is away and who stands in: it decides who is to be assigned, and opens no case by itself.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import ProgrammingError, transaction

from audit.recording import record_act, record_refusal
from casework.access import reach_case
from casework.actions.handlers import carries_out
from casework.actions.request import ActionRequest, ActionResult
from casework.input.read import Malformed, Values
from casework.lock import grants
from casework.models import Absence, Assignment, Case, Reassignment, Wall
from casework.selectors.team import HOLDING, held_cases, holder_in
from casework.selectors.waiting_shape import one_of
from permissions.acting import is_privilege
from permissions.decision import WORKING, Missing, Refused
from permissions.part_of_act import holding, step_of_act
from permissions.reasons import Reason, Rule
from permissions.selectors import members_of
from permissions.vocabulary import Action, Role
from workflows.calendars import day_of
from workflows.tracks import ASSIGNING_ACTIONS

OPENING_ASSIGNMENTS = frozenset(str(row.action) for row in ASSIGNING_ACTIONS if row.until_assigned)
"""Actions by which somebody is assigned until another is, unless the first is to stay."""
MOST_AT_ONCE = 500
"""How many cases one act hands over; of more than these, those with the nearest terms."""
MOVED, LEFT = "moved", "left"
"""What the answer of a handover calls the cases that were handed over, and those that were not."""


@carries_out(Action.ASSIGN)
def assign(request: ActionRequest) -> ActionResult:
    """Assign people to a case, or end that; on a membership, hand over its cases or store when its person is away."""
    parts = [part for part in ("assignment", "reassignment", "absence") if request.inputs.get(part)]
    if len(parts) > 1:
        raise Malformed(parts[1], "person" if parts[1] == "reassignment" else "since", "not_taken_here")
    if parts == ["reassignment"]:
        return _reassign(request, request.given("reassignment"))
    if parts == ["absence"]:
        return _store_absence(request, request.given("absence"))
    return _assign_on_case(request)


def _assign_on_case(request: ActionRequest) -> ActionResult:
    """Name a member of the agency on a case, or end an assignment; a new one ends the opener's, unless it is to stay."""
    reached = reach_case(request.target)
    if not request.inputs.get("assignment"):
        raise Malformed("assignment", "person", "required")
    _record(request, reached.case_id)
    for values in request.inputs["assignment"]:
        person_id = _assignable(request, reached.case_id, values)
        if values.get("remove"):
            named = Assignment.objects.filter(content_object_id=reached.case_id, ends_at=None)
            if not named.filter(user_id=person_id).exists():
                raise _not_assigned(reached.case_id, person_id)
            grants.end_assignment(reached.case_id, person_id)
            continue
        _name(reached.case_id, person_id, keep=bool(values.get("keep")))
    return ActionResult(reached.case_id, reached.case_id)


def _record(request: ActionRequest, case_id: UUID) -> None:
    record_act("govern", "assign", Case, case_id, case=case_id, record_agency=request.act.actor.agency_id)


def _name(case_id: UUID, person_id: int, *, keep: bool = False) -> None:
    """Name somebody on a case; whoever was named only until another would be is so no longer, unless they stay."""
    grants.name_person(case_id, person_id)
    if keep:
        return
    named = Assignment.objects.filter(content_object_id=case_id, ends_at=None)
    running = named.filter(reason__in=OPENING_ASSIGNMENTS)
    for assignment in running.exclude(user_id=person_id):
        grants.end_assignment(case_id, assignment.user_id)


def _not_assigned(case_id: UUID, person_id: int) -> Malformed:
    """Return the error for taking somebody off a case on which they are not; it says since when, where they once were."""
    before = Assignment.objects.filter(content_object_id=case_id, user_id=person_id, ends_at__isnull=False)
    last = before.order_by("-ends_at").first()
    if last is None or last.ends_at is None:
        return Malformed("assignment", "person", "not_assigned")
    return Malformed("assignment", "person", "taken_off_already", day_of(last.ends_at).isoformat())


def _assignable(request: ActionRequest, case_id: UUID, values: Values) -> int:
    """Return the member who is to be named, or taken off; raises Malformed or Refused where that cannot be."""
    person_id, is_taken_off = int(values["person"]), bool(values.get("remove"))
    if is_taken_off and values.get("keep"):
        raise Malformed("assignment", "keep", "not_taken_here")
    if not is_taken_off:
        _refuse_oneself(request, person_id)
        _require_worker(request, ("assignment", "person"), person_id, WORKING)
    elif person_id not in dict(members_of(request.act.actor.agency_id, request.act.moment)):
        raise Malformed("assignment", "person", "no_such_member")
    if not is_taken_off and Wall.objects.standing(case_id).filter(user_id=person_id).exists():
        raise Refused(Reason(Rule.BEHIND_WALL, request.act.action))  # to who may not see walls the lock says no
    return person_id


def _require_worker(request: ActionRequest, field: tuple[str, str], person_id: int, roles: Sequence[Role]) -> None:
    """Raise Malformed for who is not of the agency or has none of these roles, said of a field of a part."""
    here = request.act.actor.agency_id, request.act.moment
    if person_id not in dict(members_of(*here)):
        raise Malformed(*field, "no_such_member")
    if person_id not in dict(members_of(*here, roles)):
        raise Malformed(*field, "has_no_work_here")


def _refuse_oneself(request: ActionRequest, person_id: int) -> None:
    if person_id == request.act.actor.person_id:
        raise Refused(Reason(Rule.NOT_TO_ONESELF, request.act.action))


def _reassign(request: ActionRequest, given: Values) -> ActionResult:
    """Hand over cases of the person of a membership, or without one the cases that nobody holds, to another.

    All of them or none: where one that was chosen is with somebody else by now, nothing is done. Only a case that cannot be
    given to the taker, as one before which a wall keeps them, stays where it is, and the answer names it.
    Raises Malformed where nothing is chosen, or nothing of it can be given.
    """
    holder = holder_in(request.on) if request.on else None
    if request.on and holder is None:
        raise Missing("membership")
    taker = int(given["person"])
    _refuse_oneself(request, taker)
    _require_worker(request, ("reassignment", "person"), taker, HOLDING)
    if holder and taker == holder.person_id:
        raise Malformed("reassignment", "person", "holds_them_already")
    cases = _chosen(holder.person_id if holder else None, given)
    with holding(cases):
        cases = _still_held(holder.person_id if holder else None, cases, given)
        left = [case for case in cases if not _hand_over(request, case, holder.person_id if holder else None, taker)]
    if len(left) == len(cases):
        raise Malformed("reassignment", "person", "none_can_be_given")
    made = Reassignment(
        id=request.act.made_id("reassignment"),
        agency_id=request.act.actor.agency_id,
        holder_id=holder.person_id if holder else None,
        taker_id=taker,
        code=given["code"],
        cases=len(cases) - len(left),
        made_by_id=request.act.actor.person_id,
        made_at=request.act.moment,
    )
    Reassignment.objects.bulk_create([made])
    ends = {case: LEFT if case in set(left) else MOVED for case in cases}
    return ActionResult(None, made.pk, {f"{ends[case]}-{place}": case for place, case in enumerate(cases)})


def _chosen(holder: int | None, given: Values) -> list[UUID]:
    """Return the cases that are to be handed over: those that were chosen, or all that this person holds."""
    if given.get("all"):
        held = list(held_cases(holder).values_list("content_object_id", flat=True)[: MOST_AT_ONCE + 1])
        found = held[:MOST_AT_ONCE]  # of more, the button says that it takes the first
    else:
        found = list(dict.fromkeys(_case_id(one) for one in given.get("cases", ())))
    if not found:
        raise Malformed("reassignment", "cases", "required")
    return found


def _case_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Malformed("reassignment", "cases", "no_such_case") from None


def _still_held(holder: int | None, cases: Sequence[UUID], given: Values) -> list[UUID]:
    """Return the cases that this person holds now that nobody else can move them; raises Malformed where one is gone."""
    rows = held_cases(holder).filter(one_of("content_object_id", list(cases)))
    held = set(rows.values_list("content_object_id", flat=True))
    if not given.get("all") and len(held) < len(cases):
        raise Malformed("reassignment", "cases", "held_otherwise_now")
    return [case for case in cases if case in held]


def _hand_over(request: ActionRequest, case_id: UUID, holder: int | None, taker: int) -> bool:
    """Give one case to the taker; False where the lock does not let them have it, and the case stays as it was."""
    try:
        with transaction.atomic(), step_of_act(case_id):
            reach_case(case_id)
            _record(request, case_id)
            if holder:
                grants.end_assignment(case_id, holder)
            _name(case_id, taker)
    except Refused as error:  # of a package that nobody accepted yet there is no record that one may assign by
        return _stays(case_id, error.reason)
    except ProgrammingError as error:
        if not is_privilege(error):
            raise
        return _stays(case_id, Reason(Rule.LOCK, request.act.action, request.act.role))
    return True


def _stays(case_id: UUID, why: Reason) -> bool:
    """Put on the trail that a case was not handed over, and why; answers that it was not."""
    record_refusal("assign", str(why), case_id)
    return False


def _store_absence(request: ActionRequest, given: Values) -> ActionResult:
    """Store when the person of a membership is away and who stands in; it stands in place of what it meets.

    Raises Malformed for a deputy who is the person themselves, works on no cases, or is away in that time.
    """
    away = holder_in(request.target)
    if away is None:
        raise Missing("membership")
    first, last = given["since"], given["until"]
    deputy = int(given["deputy"]) if given.get("deputy") else None
    if deputy is not None:
        _require_deputy(request, deputy, away.person_id, first, last)
    own = Absence.objects.filter(agency_id=request.act.actor.agency_id, replaced_at=None)
    meets = own.filter(user_id=away.person_id, starts_on__lte=last, ends_on__gte=first)
    meets.update(replaced_at=request.act.moment)
    made = Absence(
        id=request.act.made_id("absence"),
        agency_id=request.act.actor.agency_id,
        user_id=away.person_id,
        deputy_id=deputy,
        starts_on=first,
        ends_on=last,
        made_by_id=request.act.actor.person_id,
        made_at=request.act.moment,
    )
    Absence.objects.bulk_create([made])
    return ActionResult(None, made.pk, {"absence": made.pk})


def _require_deputy(request: ActionRequest, deputy: int, person_id: int, first: date, last: date) -> None:
    """Raise Malformed for somebody who cannot stand in for this person in this time."""
    if deputy == person_id:
        raise Malformed("absence", "deputy", "stands_in_for_oneself")
    _require_worker(request, ("absence", "deputy"), deputy, HOLDING)
    away = Absence.objects.filter(starts_on__lte=last, ends_on__gte=first, replaced_at=None)
    if away.filter(agency_id=request.act.actor.agency_id, user_id=deputy).exists():
        raise Malformed("absence", "deputy", "deputy_is_away")
