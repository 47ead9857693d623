"""Steps of a handoff, at either end: `move_handoff` alone writes a handoff's state."""

from collections.abc import Collection, Iterable
from datetime import date
from functools import cached_property

from casework.actions.records_write import owned
from casework.facts.limits import Limits
from casework.input.codes import held_back
from casework.lock import grants
from casework.models import Deadline, Handoff, PackageItem, StoredFact
from casework.packages.agreed import groups_agreed
from casework.terms.deadlines import keep_handoff_clocks
from casework.worker.intents import intend
from permissions.acting import acting
from permissions.bases import GROUPS
from permissions.vocabulary import Action
from workflows.calendars import day_of
from workflows.table import Step
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
        derived = getattr(self, f"_{fact}", None)
        return bool(derived()) if derived else fact in self.stored

    @property
    def today(self) -> date:
        """Return the local day of this act."""
        return day_of(self.act.moment)

    def _necessity(self) -> bool:
        return all((self.handoff.why_items, self.handoff.why_receiver, self.handoff.why_now))

    def _source_protected(self) -> bool:
        return self.handoff.is_source_protected

    def _other_person(self) -> bool:
        return self.handoff.editor_id != self.act.actor.person_id

    def _recipient_active(self) -> bool:
        return bool(getattr(self.handoff, "receiver_receives", False))

    @cached_property
    def _groups(self) -> frozenset[str]:
        items = PackageItem.objects.filter(handoff=self.handoff, package=self.handoff.package)
        return frozenset(items.values_list("group", flat=True))

    def _agreement_valid(self) -> bool:
        """Whether both ends share a controller, or what they agreed today lets every group of this package go."""
        agreed = groups_agreed(self.handoff)
        return agreed is None or (bool(agreed) and self._groups <= agreed)

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

    def _legal_basis(self) -> bool:
        return not self.limits.missing()

    def lost(self, needs: Iterable[str]) -> tuple[str, ...]:
        """Return what of these facts no longer holds; of the basis, its limits by name."""
        held = self.hold(needs)
        words = ((self.limits.missing() if need == "legal_basis" else (need,)) for need in needs if need not in held)
        return tuple(word for found in words for word in found)

    def _term_passed(self) -> bool:
        rows = Deadline.objects.filter(handoff_id=self.handoff.pk, clock="HANDOFF_EXPIRY")
        return rows.filter(due_at__lte=self.act.moment).exists()


def move_handoff(
    handoff: Handoff,
    action: Action,
    facts: Collection[str],
    *,
    names: int | None = None,
) -> Step:
    """Take one step of a handoff on these facts; no other function writes its state.

    `names` is the person whom this step names on the case. Timeline and notices follow by the keeper's triggers.
    """
    step = WORKFLOW.step(handoff.state, action, facts)
    keep_handoff_clocks(handoff, step.target, names=names)
    handoff.state = step.target
    handoff.version += 1
    handoff.moved_at = acting().moment
    columns = ("state", "version", "moved_at", "package", "editor_id", "delivered", "consents", "orders", "wpg_article")
    handoff.save(update_fields=(*columns, "is_outdated"), force_update=True)
    _after(handoff, step)
    return step


def _after(handoff: Handoff, step: Step) -> None:
    if step.target == "sent":
        key = f"deliver_handoff:{handoff.pk}:{handoff.version}"
        intend("deliver_handoff", key, agency_id=handoff.receiver_id, about_id=handoff.pk)
    if step.target in {"refused", "withdrawn", "expired"}:
        grants.leave(handoff.pk)


def say_why(handoff: Handoff, lost: Collection[str]) -> None:
    """Store for the sender what of its sending no longer holds, and so keeps the package or the news of it back."""
    StoredFact.objects.bulk_create(
        StoredFact(
            **owned(handoff.case_id, "held_back", limit),
            handoff_id=handoff.pk,
            round=1,
            fact="reason",
            action=acting().action,
            code=held_back(limit),
        )
        for limit in lost
    )
