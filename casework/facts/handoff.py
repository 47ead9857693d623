"""Stored rows become what holds of a handoff: whether it may be sent, goes stale or has waited too long."""

from collections.abc import Collection, Iterable
from datetime import date
from functools import cached_property

from casework.facts.limits import Limits
from casework.facts.told import check_needs, tells_of_handoff
from casework.models import Deadline, Handoff, PackageItem
from casework.packages.agreed import groups_agreed
from permissions.acting import acting
from permissions.bases import GROUPS
from workflows.calendars import day_of
from workflows.tracks import WORKFLOWS

WORKFLOW = WORKFLOWS["handoff"]


class HandoffFacts:
    """What holds of one handoff; `handoff` carries both ends' kinds and controllers (casework.access)."""

    def __init__(self, handoff: Handoff, stored: Collection[str] = ()) -> None:
        """Look at one handoff; `stored` are the facts that this act stored."""
        self.handoff = handoff
        self.stored = frozenset(stored)
        self.act = acting()

    def hold(self, needs: Iterable[str]) -> frozenset[str]:
        """Return those of these facts that hold."""
        return frozenset(fact for fact in needs if self._holds(fact))

    def _holds(self, fact: str) -> bool:
        told = tells_of_handoff.methods.get(fact)
        return told(self) if told else fact in self.stored

    @property
    def today(self) -> date:
        """Return the local day of this act."""
        return day_of(self.act.moment)

    @tells_of_handoff("necessity")
    def _necessity(self) -> bool:
        return all((self.handoff.why_items, self.handoff.why_receiver, self.handoff.why_now))

    @tells_of_handoff("source_protected")
    def _source_protected(self) -> bool:
        return self.handoff.is_source_protected

    @tells_of_handoff("other_person")
    def _other_person(self) -> bool:
        return self.handoff.editor_id != self.act.actor.person_id

    @tells_of_handoff("recipient_active")
    def _recipient_active(self) -> bool:
        return bool(getattr(self.handoff, "receiver_receives", False))

    @cached_property
    def _groups(self) -> frozenset[str]:
        items = PackageItem.objects.filter(handoff=self.handoff, package_version=self.handoff.package_version)
        return frozenset(items.values_list("group", flat=True))

    @tells_of_handoff("agreement_valid")
    def _agreement_valid(self) -> bool:
        """Whether both ends share a controller, or what they agreed today lets every group of this package go."""
        agreed = groups_agreed(self.handoff)
        return agreed is None or (bool(agreed) and self._groups <= agreed)

    @tells_of_handoff("fields_allowed")
    def _fields_allowed(self) -> bool:
        if not self._groups or not self._groups <= set(GROUPS[self.handoff.kind]):
            return False
        if self.handoff.is_special and not self.handoff.special_reason:
            return False
        agreed = groups_agreed(self.handoff)
        return agreed is None or self._groups <= agreed

    @cached_property
    def limits(self) -> Limits:
        """Return what holds of the limits of its basis."""
        return Limits(self.handoff)

    @tells_of_handoff("legal_basis")
    def _legal_basis(self) -> bool:
        return not self.limits.missing()

    def lost(self, needs: Iterable[str]) -> tuple[str, ...]:
        """Return what of these facts no longer holds; of the basis, its limits by name."""
        held = self.hold(needs)
        words = ((self.limits.missing() if need == "legal_basis" else (need,)) for need in needs if need not in held)
        return tuple(word for found in words for word in found)

    @tells_of_handoff("term_passed")
    def _term_passed(self) -> bool:
        rows = Deadline.objects.filter(handoff_id=self.handoff.pk, clock="HANDOFF_EXPIRY")
        return rows.filter(due_at__lte=self.act.moment).exists()


check_needs(WORKFLOW, tells_of_handoff.facts)
