"""What the values of a fact name: a case or handoff within reach, somebody of this record, and how a reporter is told."""

from uuid import UUID

from casework.access import within_reach
from casework.facts.track_days import entered_at
from casework.input.codes import REPORTERS_TOLD
from casework.input.read import Malformed, Values
from casework.lock import grants
from casework.models import Handoff, Participation, PersonInCase, StepTaken, StoredFact, Track
from permissions.acting import acting
from permissions.vocabulary import Action


def meant(case_id: UUID, part: str, values: Values, track: Track | None = None) -> Values:
    """Return the values with the ids of what they name: a case or handoff within reach, and somebody of this record."""
    found = dict(values)
    if part == "new_signal":
        found["case"] = _signal(case_id, part, values["case"], track)
    if part == "reporter_informed" and grants.reporter_to_inform(case_id) not in REPORTERS_TOLD[values["code"]]:
        raise Malformed(part, "code", "excluded")
    if isinstance(values.get("person"), UUID):
        own = {"case_id": case_id, "agency_id": acting().actor.agency_id}
        if not PersonInCase.objects.filter(pk=values["person"], **own).exists():
            raise Malformed(part, "person", "no_such_person")
    if part == "person_gone" and values["code"] == "merged":
        found["into"] = _merged_into(case_id, values)
    return found


def _merged_into(case_id: UUID, values: Values) -> UUID:
    """Return the row of this record under which a person goes on: another one, that was not merged itself."""
    own = {"case_id": case_id, "agency_id": acting().actor.agency_id}
    into = values.get("into")
    if into is None:
        raise Malformed("person_gone", "into", "required")
    merged = StoredFact.objects.filter(fact="person_gone", code="merged", person_id=into, **own)
    if into == values["person"] or merged.exists() or not PersonInCase.objects.filter(pk=into, **own).exists():
        raise Malformed("person_gone", "into", "no_such_person")
    return UUID(str(into))


def _signal(case_id: UUID, part: str, said: UUID | str, track: Track | None) -> UUID:
    """Return the id of the other case or the delivered handoff that is named by its reference, number or id.

    A case is no new signal about itself, nor is a package that was delivered before the track came where it is now.
    """
    mine = acting().actor.agency
    if isinstance(said, UUID):
        is_case = Participation.objects.filter(content_object_id=within_reach("case", said)).exists()
        cases = [said] if is_case else []
        handoffs = list(Handoff.objects.filter(pk=within_reach("handoff", said)))
    else:
        cases = list(Participation.objects.filter(group_id=mine, reference=said).values_list("content_object_id", flat=True))
        handoffs = list(Handoff.objects.filter(case_id=case_id, receiver_id=mine, number=said))
    if not cases and not handoffs:
        raise Malformed(part, "case", "no_such_case")
    if found := [one for one in cases if one != case_id]:
        return found[0]
    came = StepTaken.objects.filter(handoff_id__in=[row.pk for row in handoffs], action=Action.DELIVER_HANDOFF)
    if track:
        came = came.filter(made_at__gt=entered_at(track))
    if cases or not came.exists():
        raise Malformed(part, "case", "same_case" if cases else "before_it_moved")
    return handoffs[0].pk
