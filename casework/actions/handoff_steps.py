"""Steps of a handoff, at either end: `move_handoff` alone writes a handoff's state."""

from collections.abc import Collection

from casework.actions.intents import intend
from casework.facts.handoff import WORKFLOW
from casework.input.codes import held_back
from casework.lock import grants
from casework.models import Handoff, StoredFact, owned
from casework.terms.deadlines import update_handoff_clocks
from permissions.acting import acting
from permissions.vocabulary import Action
from workflows.table import Step


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
    update_handoff_clocks(handoff, step.target, names=names)
    handoff.state = step.target
    handoff.version += 1
    handoff.moved_at = acting().moment
    columns = (
        "state",
        "version",
        "moved_at",
        "package_version",
        "editor_id",
        "delivered",
        "consents",
        "orders",
        "wpg_article",
    )
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
    """Store for the sender which condition of sending no longer holds, so that the package or its news is not delivered."""
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
