"""Which steps of a track a stored decision closes: they are not offered, and the page says what closes them."""

from uuid import UUID

from casework.facts import TrackFacts
from casework.models import Track
from casework.track_rows import rows_of_tracks
from permissions.vocabulary import Action


def closed_steps(offered: list[tuple[Track, tuple[Action, ...]]]) -> dict[tuple[UUID, Action], tuple[str, str]]:
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
