"""An administrator arranges who belongs to the organisation: joiners, other roles, and who leaves."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from casework.access import allow
from casework.actions.handlers import carries_out
from casework.actions.lost_races import was_first
from casework.actions.request import ActionRequest, ActionResult
from casework.input.read import Malformed
from casework.lock import grants
from permissions.acting import acting
from permissions.decision import Missing, Refused, Relation, may_approve
from permissions.inviting import invite, withdraw
from permissions.models import Invitation, MemberChange, Membership
from permissions.reasons import Reason, Rule
from permissions.services import RolesMayNotMeet, check_roles
from permissions.vocabulary import GIVEN_BY_TWO, Action, ChangeKind, Role, roles_in

SIGN_IN_NAME = re.compile(r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?)*", re.ASCII)
"""What people sign in with: small letters and figures, with points and dashes between them."""


@carries_out(Action.MANAGE_PEOPLE)
def manage_people(request: ActionRequest) -> ActionResult:
    """Add somebody; or give a member other roles, a new link or an end; or settle what a colleague asked for.

    Nobody changes themselves, so an organisation always keeps the administrator who acts.
    """
    allow(Relation(same_agency=True))
    _hold(request)
    if request.on is None:
        _take_only(request, "joiner")
        return _join(request)
    change = MemberChange.objects.filter(pk=request.on).first()
    if change is not None:
        _take_only(request, "refusal")
        return _settle(request, change)
    member = _member(request)
    for part, do in (("leaving", _end), ("member_roles", _give_roles)):
        if request.inputs.get(part):
            _take_only(request, part)
            return do(request, member)
    _take_only(request, "")
    return _invite_anew(member)


def _hold(request: ActionRequest) -> None:
    """Let one administrator of an organisation act after the other; raises Refused where the first ended the second."""
    if not _asked("hold_people"):
        raise Refused(Reason(Rule.IDENTITY, request.act.action, what="the membership does not run"))


def _asked(function: str, *said: str) -> Any:
    """Return what a function of the keeper answers (permissions/sql/people.sql)."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT lock.{function}({', '.join(['%s'] * len(said))})", list(said))
        return cursor.fetchone()[0]


def _take_only(request: ActionRequest, part: str) -> None:
    """Refuse parts that this request would not store."""
    if beside := next((other for other, rows in request.inputs.items() if rows and other != part), ""):
        raise Malformed(beside, "", "not_taken_here")


def _member(request: ActionRequest) -> Membership:
    """Return the membership of the own organisation that is changed; raises Missing, and Refused for one's own."""
    rows = Membership.objects.filter(pk=request.target, agency_id=request.act.actor.agency_id)
    member = rows.select_related("user").first()
    if member is None:
        raise Missing("member")
    if member.user_id == request.act.actor.person_id:
        raise Refused(Reason(Rule.NOT_ABOUT_ONESELF, request.act.action))
    return member


def _chosen(part: str, said: Sequence[str]) -> list[str]:
    """Return the roles that were chosen, in column order; raises Malformed where they may not meet, or not be here."""
    if not said or set(said) - {str(role) for role in roles_in(acting().actor.kind)}:
        raise Malformed(part, "roles", "no_such_code")
    roles = [role for role in Role if role in said]
    try:
        check_roles(roles)
    except RolesMayNotMeet as error:
        raise Malformed(part, "roles", "roles_may_not_meet") from error
    return [str(role) for role in roles]


def _join(request: ActionRequest) -> ActionResult:
    values = request.given("joiner")
    name = values["username"]
    if not SIGN_IN_NAME.fullmatch(name):
        raise Malformed("joiner", "username", "no_sign_in_name")
    if _asked("has_sign_in_name", name):
        raise Malformed("joiner", "username", "name_taken")
    change = _new_change(request, ChangeKind.JOIN, request.act.made_id("membership"))
    change.roles = _chosen("joiner", values["roles"])
    change.username, change.full_name = name, values["full_name"]
    return _ask(change, [])


def _give_roles(request: ActionRequest, member: Membership) -> ActionResult:
    """Give other roles; to somebody who left, a new membership with these roles."""
    has_left = _has_ended(member)
    roles = _chosen("member_roles", request.given("member_roles")["roles"])
    if not has_left and set(roles) == set(member.roles):
        raise Malformed("member_roles", "roles", "has_these_roles")
    if _waiting(member.pk) or (has_left and _is_back(member)):
        raise Malformed("member_roles", "roles", "waits_already")
    kind = ChangeKind.JOIN if has_left else ChangeKind.ROLES
    change = _new_change(request, kind, request.act.made_id("membership") if has_left else member.pk)
    change.person_id = member.user_id
    change.roles, change.username, change.full_name = roles, member.user.username, member.user.full_name
    return _ask(change, [] if has_left else member.roles)


def _end(request: ActionRequest, member: Membership) -> ActionResult:
    if _has_ended(member):
        raise Malformed("leaving", "code", "left_already")
    values = request.given("leaving")
    change = _new_change(request, ChangeKind.END, member.pk)
    change.person_id = member.user_id
    change.roles, change.code, change.text = [], values["code"], values["text"]
    return _ask(change, member.roles)


def _invite_anew(member: Membership) -> ActionResult:
    """Make a new link for somebody who did not use the first: it lets nobody take over a sign-in that is in use."""
    if _has_ended(member):
        raise Malformed("leaving", "code", "left_already")
    if not _waits_for_password(member):
        raise Malformed("joiner", "username", "signs_in_already")
    link = invite(member)
    return ActionResult(None, member.pk, {"invitation": link.pk})


def _waits_for_password(member: Membership) -> bool:
    """Whether somebody was invited here and never set a password."""
    links = Invitation.objects.filter(membership__user_id=member.user_id)
    return links.exists() and not links.filter(used_at__isnull=False).exists()


def _has_ended(member: Membership) -> bool:
    return member.ends_at is not None and member.ends_at <= acting().moment


def _is_back(member: Membership) -> bool:
    """Whether somebody who left has a membership here again, or one that waits for a second person."""
    rows = Membership.objects.running(acting().moment).filter(user_id=member.user_id, agency_id=member.agency_id)
    asked = MemberChange.objects.filter(person_id=member.user_id, kind=ChangeKind.JOIN, done_at=None, withdrawn_at=None)
    return rows.exists() or asked.exists()


def _waiting(membership_id: UUID) -> bool:
    return MemberChange.objects.filter(membership_id=membership_id, done_at=None, withdrawn_at=None).exists()


def _new_change(request: ActionRequest, kind: ChangeKind, membership_id: UUID) -> MemberChange:
    return MemberChange(
        id=request.act.made_id("change"),
        agency_id=request.act.actor.agency_id,
        membership_id=membership_id,
        kind=kind,
        asked_by_id=request.act.actor.person_id,
        asked_at=request.act.moment,
    )


def _ask(change: MemberChange, held: Sequence[str]) -> ActionResult:
    """Store what is asked; it takes effect at once, unless it gives a role that takes two people."""
    waits = bool(set(change.roles) - set(held) & {str(role) for role in GIVEN_BY_TWO}) and change.kind != ChangeKind.END
    change.done_at = None if waits else acting().moment
    change.save(force_insert=True)
    return ActionResult(None, change.pk, {"change": change.pk}) if waits else _take_effect(change)


def _settle(request: ActionRequest, change: MemberChange) -> ActionResult:
    """Give what a colleague asked for, as the second person, or refuse it; who asked may only take it back."""
    who = request.act.actor.person_id
    if change.done_at is not None:
        raise was_first(change.confirmed_by_id or change.asked_by_id, "confirmed", change.done_at)
    if change.withdrawn_at is not None:
        raise was_first(change.withdrawn_by_id, "withdrawn", change.withdrawn_at)
    for values in request.inputs.get("refusal", ()):
        change.withdrawn_by_id, change.withdrawn_at, change.text = who, request.act.moment, values["text"]
        change.save(update_fields=("withdrawn_by_id", "withdrawn_at", "text"), force_update=True)
        return ActionResult(None, change.pk)
    if not may_approve(who, change.asked_by_id or 0, None):
        raise Refused(Reason(Rule.NOT_BY_ASKER, request.act.action))
    if change.person_id == who:
        raise Refused(Reason(Rule.NOT_ABOUT_ONESELF, request.act.action))
    member = Membership.objects.filter(pk=change.membership_id).first()
    if member is not None and _has_ended(member):
        raise Malformed("refusal", "text", "left_already")
    change.confirmed_by_id = who
    change.confirmed_at = change.done_at = request.act.moment
    change.save(update_fields=("confirmed_by_id", "confirmed_at", "done_at"), force_update=True)
    return _take_effect(change)


def _take_effect(change: MemberChange) -> ActionResult:
    """Change the membership as the stored change says."""
    if change.kind == ChangeKind.JOIN:
        return _begin(change)
    member = Membership.objects.filter(pk=change.membership_id).first()
    if member is None:
        raise Missing("member")
    if change.kind == ChangeKind.END:
        member.ends_at = change.done_at
        member.save(update_fields=("ends_at",), force_update=True)
        withdraw(member.pk)
        _drop_waiting(change)
        if not Membership.objects.running(acting().moment).filter(user=member.user_id, agency=member.agency_id).exists():
            grants.end_assignments(member.user_id)
        return ActionResult(None, member.pk)
    member.roles = change.roles
    member.save(update_fields=("roles",), force_update=True)
    return ActionResult(None, member.pk)


def _drop_waiting(change: MemberChange) -> None:
    """Withdraw what still waits for somebody who leaves."""
    waiting = MemberChange.objects.filter(membership_id=change.membership_id, done_at=None, withdrawn_at=None)
    waiting.update(withdrawn_by_id=acting().actor.person_id, withdrawn_at=acting().moment)


def _begin(change: MemberChange) -> ActionResult:
    """Begin a membership: of somebody new, with a link; of somebody who was here before, with the sign-in they have."""
    member = Membership.objects.create(
        id=change.membership_id,
        user_id=change.person_id or _added(change),
        agency_id=change.agency_id,
        roles=change.roles,
        starts_at=change.done_at or acting().moment,
    )
    made = {"membership": member.pk}
    if change.person_id is None or _waits_for_password(member):
        made["invitation"] = invite(member).pk
    return ActionResult(None, member.pk, made)


def _added(change: MemberChange) -> int:
    """Add a person who cannot sign in yet; raises Malformed where somebody has the name, here or elsewhere."""
    made: int | None = _asked("add_person", change.username, change.full_name)
    if made is None:
        raise Malformed("joiner", "username", "name_taken")
    return made
