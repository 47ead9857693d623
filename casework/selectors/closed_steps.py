"""Which steps of a track a stored decision closes: they are not offered, and the page says what closes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from casework.facts.track import TrackFacts
from casework.facts.track_rows import rows_of_tracks
from casework.models import Track
from permissions.vocabulary import Action
from workflows.fitting import DECIDING_STATES, opened_by
from workflows.tracks import WORKFLOWS

Offered = tuple[Track, tuple[Action, ...]]
Parted = tuple[Track, tuple[Action, ...], tuple[tuple[Action, str, str], ...]]


def parted(offered: list[Offered]) -> list[Parted]:
    """Return each track with the steps that stay open, and those that are closed: each with its fact and code."""
    closed = _closed([(track, actions) for track, actions in offered if actions and track.state in DECIDING_STATES])
    return [
        (
            track,
            tuple(action for action in actions if (track.pk, action) not in closed),
            tuple((action, *closed[track.pk, action]) for action in actions if (track.pk, action) in closed),
        )
        for track, actions in offered
    ]


@dataclass(frozen=True, slots=True)
class Decided:
    """What a stored decision makes of the steps of a track: which it closes, and which it opens instead."""

    closed: frozenset[Action] = frozenset()
    opened: frozenset[Action] = frozenset()


UNDECIDED = Decided()


def decided_on(tracks: Mapping[UUID, str]) -> dict[UUID, Decided]:
    """Return of these tracks, given with their states, what is decided on them."""
    deciding = [track for track, state in tracks.items() if state in DECIDING_STATES]
    if not deciding:
        return {}
    offered = [
        (track, tuple(WORKFLOWS[track.kind].actions_from(track.state))) for track in Track.objects.filter(pk__in=deciding)
    ]
    found: dict[UUID, Decided] = {}
    for (track, action), (fact, code) in _closed(offered).items():
        before = found.get(track, UNDECIDED)
        found[track] = Decided(before.closed | {action}, before.opened | opened_by(fact, code, tracks[track]))
    return found


def _closed(offered: list[Offered]) -> dict[tuple[UUID, Action], tuple[str, str]]:
    """Return the steps that what was stored closes (workflows.fitting): the fact that says so, and its code."""
    ids = [track.pk for track, _ in offered]
    if not ids:
        return {}
    rows, visits = rows_of_tracks(ids)
    found = {}
    for track, actions in offered:
        for action in actions:
            facts = TrackFacts(track, action)
            facts.rows = rows.get(track.pk, [])
            facts.visit = visits.get((track.pk, track.round))
            if fact := next(iter(facts.closing(())), ""):
                found[track.pk, action] = fact, facts.code_of(fact)
    return found
