"""Who moved a track or package first, and what they wrote with it: told to whoever saw an earlier version of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Subquery

from casework.models import StepTaken, StoredFact
from permissions.acting import acting
from permissions.models import Agency, User

LOOKED = ("prior_warning_look_up", "prior_warning_hit")
"""What the product stored of its own look-ups: nobody wrote it."""


@dataclass(frozen=True, slots=True)
class FirstStep:
    """The step that somebody took first."""

    who: str
    """A colleague by name, somebody of another agency by their agency alone."""
    action: str
    state: str
    at: datetime
    words: tuple[tuple[str, str], ...]
    """What was written with it, as far as the acting person may read it: the part and its text."""


class Stale(Exception):  # noqa: N818 - the errors of the domain are one word each (docs/architecture.md)
    """Somebody was first: the thing has another version by now."""

    def __init__(self, version: int, first: FirstStep | None = None) -> None:
        """Store the version that it has, and the step by which it came there."""
        super().__init__(f"it has version {version} by now")
        self.version = version
        self.first = first


def check_version(found: int, expected: int | None, **about: UUID) -> None:
    """Raise Stale when the actor saw another version than the present one; `about` is its track_id or handoff_id."""
    if expected is not None and found != expected:
        raise Stale(found, first_step(**about))


def first_step(**about: UUID) -> FirstStep | None:
    """Return the last step that was taken on a track or handoff, as the acting person may see it."""
    rows = StepTaken.objects.filter(**about).annotate(
        name=Subquery(User.objects.filter(pk=OuterRef("made_by_id")).values("full_name")[:1]),
        agency_name=Subquery(Agency.objects.filter(pk=OuterRef("agency_id")).values("name")[:1]),
    )
    row = rows.order_by("-made_at", "-id").first()
    if row is None:
        return None
    facts = (
        StoredFact.objects.filter(made_at=row.made_at, **about).exclude(text="").exclude(fact__in=LOOKED).order_by("fact")
    )
    is_colleague = row.agency_id == acting().actor.agency_id
    return FirstStep(
        who=(row.name if is_colleague else row.agency_name) or "",
        action=row.action,
        state=row.target,
        at=row.made_at,
        words=tuple(facts.values_list("fact", "text")),
    )


def last_step_on(about: UUID) -> FirstStep | None:
    """Return the last step that was taken on what this id names, a track or a handoff."""
    return first_step(track_id=about) or first_step(handoff_id=about)
