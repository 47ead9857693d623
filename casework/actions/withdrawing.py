"""Takes back what was sent on a consent that was withdrawn, and has not started (docs/law.md section 1)."""

from uuid import UUID

from django.db.models import Q, QuerySet

from casework.actions.handoff_steps import move_handoff, say_why
from casework.facts.consents import Consents
from casework.input.codes import HELPING
from casework.models import Handoff, Track
from casework.terms.deadlines import update_clock_of_children
from permissions.acting import acting
from permissions.vocabulary import Action
from workflows.calendars import day_of
from workflows.tracks import WORKFLOWS


def withdraw_of_track(track: Track) -> None:
    """Withdraw every package of a track that has not started, as who consented to the help takes that back."""
    _withdraw(Handoff.objects.filter(track_id=track.pk, sender_id=track.agency_id))


def withdraw_unconsented(case_id: UUID) -> None:
    """Withdraw what the agency sent on a consent that stands no more because it was withdrawn, or to help on one."""
    act = acting()
    consents = Consents(case_id, act.actor.agency, day_of(act.moment))
    gone = [row for row in consents.given if consents.is_taken_back(row)]
    tracks = Track.objects.filter(pk__in={row.track_id for row in gone if row.track_id})
    ended = [track.pk for track in tracks if consents.to_help_on(track) and consents.to_help_on(track)[-1] in gone]
    on_them = Q(consents__overlap=[row.pk for row in gone]) | Q(track_id__in=ended, kind__in=HELPING)
    for handoff in _withdraw(Handoff.objects.filter(on_them, case_id=case_id, sender_id=act.actor.agency_id)):
        say_why(handoff, ("consent",))


def _withdraw(handoffs: QuerySet[Handoff]) -> list[Handoff]:
    """Withdraw the handoffs whose state allows it; children who are then unreported get their term again."""
    found = [
        handoff
        for handoff in handoffs.select_for_update().order_by("pk")
        if Action.WITHDRAW_HANDOFF in WORKFLOWS["handoff"].actions_from(handoff.state)
    ]
    for handoff in found:
        move_handoff(handoff, Action.WITHDRAW_HANDOFF, frozenset({"reason"}))
    for case_id in {handoff.case_id for handoff in found if handoff.kind == "concern_report"}:
        update_clock_of_children(case_id)
    return found
