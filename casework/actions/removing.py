"""A report that turns out to be a question for advice: advice is kept without any data on the people it concerns."""

from django.db.models import Q

from casework.input.person_names import words_of
from casework.input.read import Malformed
from casework.lock import grants
from casework.models import Correction, Deadline, PersonInCase, Premises, StoredFact, Track
from casework.packages.items import thaw
from casework.terms.deadlines import stop
from permissions.acting import acting

ADVICE = "advice_given"
"""Why the terms of such a report stop."""
NAME_COLUMNS = ("family_name", "given_names", "street")
"""Columns that name somebody, also by the values that they had before a correction."""
LEAST_NAME = 3
"""Letters of a word by which somebody is recognised; shorter ones are ordinary words too."""


def remove_people(track: Track) -> None:
    """Remove people, addresses, notes, sources, what was typed with an approval, and the earlier versions of it all.

    Why it becomes advice stays, and may name nobody.
    """
    words = _names_of(track)
    for text in _reasons(track):
        if named := words & set(words_of(text)):
            raise Malformed("reason", "text", "names_somebody", min(named))
    grants.remove_people(track.pk)
    track.subject = None
    mine = Deadline.objects.filter(case_id=track.case_id, agency_id=track.agency_id)
    stop(mine.filter(Q(track_id=track.pk) | Q(person_id__isnull=False)), ADVICE)


def _names_of(track: Track) -> set[str]:
    """Return the words by which somebody in the record would be recognised."""
    own = {"case_id": track.case_id, "agency_id": track.agency_id}
    names = [name for row in PersonInCase.objects.filter(**own) for name in (row.family_name, row.given_names)]
    names += [row.street for row in Premises.objects.filter(**own)]
    names += [thaw(row.was).get(column, "") for row in Correction.objects.filter(**own) for column in NAME_COLUMNS]
    return {word for name in names for word in words_of(name) if len(word) >= LEAST_NAME}


def _reasons(track: Track) -> list[str]:
    """Return the words that stay: why it becomes advice. Those of its approval are removed with everything else."""
    act = acting()
    facts = StoredFact.objects.filter(track_id=track.pk, action=act.action, made_at=act.moment)
    return [row.text for row in facts]
