"""What is told to whoever comes second: who did what when, and what they wrote with it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Subquery

from casework.models import StepTaken, StoredFact
from permissions.acting import acting
from permissions.models import Agency, User
from permissions.vocabulary import Action
from workflows.table import NotNow

LOOKED = ("prior_warning_look_up", "prior_warning_hit")
"""What the product stored of its own look-ups: nobody wrote it."""
TAKEN_OFF = "taken_off"
"""What it came to for who was on a case until a colleague ended that."""


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
        """Keep the version that it has, and the step by which it came there."""
        super().__init__(f"it has version {version} by now")
        self.version = version
        self.first = first


class DoneBefore(NotNow):
    """A colleague did the same act before: it is not possible any more, and `first` says who, when and what."""

    def __init__(self, first: FirstStep, action: Action) -> None:
        """Keep who was first."""
        super().__init__(first.state, action)
        self.first = first


class LostSight(Stale):
    """Somebody was first, and what they did took the thing out of this person's reach."""


def check_version(found: int, expected: int | None, **about: UUID) -> None:
    """Raise Stale when the actor saw another version than the one that stands; `about` is its track_id or handoff_id."""
    if expected is not None and found != expected:
        raise Stale(found, first_step(**about))


def lost_sight(about: UUID) -> LostSight | None:
    """Return what to tell who had a case, track or handoff before them that somebody took out of their reach meanwhile.

    A colleague took them off the case, or the handoff ended. Of a wall nothing is told.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT action, state, at, agency, colleague FROM lock.lost_sight(%s)", [about])
        row = cursor.fetchone()
    if row is None:
        return None
    action, state, at, agency_id, colleague_id = row
    agency = Agency.objects.filter(pk=agency_id).values_list("name", flat=True).first()
    colleague = User.objects.filter(pk=colleague_id or 0).values_list("full_name", flat=True).first()
    return LostSight(0, FirstStep(colleague or agency or "", action, state, at, ()))


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


def was_first(person_id: int | None, state: str, at: datetime, *words: tuple[str, str]) -> DoneBefore:
    """Return what to raise where a colleague did the same act before: who, when, and what they wrote with it."""
    name = User.objects.filter(pk=person_id or 0).values_list("full_name", flat=True).first()
    said = tuple((part, text) for part, text in words if text)
    action = acting().action
    return DoneBefore(FirstStep(name or "", action, state, at, said), action)
