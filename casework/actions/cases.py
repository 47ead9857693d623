"""Acts on a case and on the acting agency's own record in it."""

from uuid import UUID

from casework.access import reach_case, reach_track, within_reach
from casework.actions import records_write, regimes
from casework.actions.correcting import correct
from casework.actions.handlers import carries_out
from casework.actions.lost_races import was_first
from casework.actions.news import note_replaced, tell, telling_secrets
from casework.actions.request import ActionRequest, ActionResult
from casework.actions.track_steps import begin_track, require_decider, store_parts
from casework.actions.withdrawing import withdraw_unconsented
from casework.facts.helped import person_to_help
from casework.facts.lookups import ANSWER, store_earlier_warnings
from casework.facts.track import TrackFacts
from casework.facts.track_days import DaysOfCase
from casework.input.codes import CORRECTED
from casework.input.correction_parts import CORRECTING
from casework.input.dates import precision_of
from casework.input.parts import PARTS, parts_of_kind
from casework.input.read import Inputs, Malformed, refuse_pieces
from casework.models import (
    Note,
    Track,
    owned,
)
from casework.packages.items import offers_of
from casework.terms.outcomes import stop_senseless
from permissions.acting import acting
from permissions.vocabulary import Action, AgencyKind
from workflows.causes import Cause
from workflows.table import NotNow
from workflows.tracks import TRACKS

LOOKED_UP = frozenset({"person", "premises", "person_correction", "premises_correction"})
"""Parts after which another earlier warning may be found, or one no longer is."""


UNTIL_WARNED = frozenset({"triage", "visit_planned", "visit_attempted", "visit_done", "youth_decision"})
"""States in which an earlier warning is still answered."""
OF_A_VISIT = frozenset({"criteria", "exclusions", "visit_plan", "visit_report", ANSWER})
"""Parts that are stored beside a warning, and nowhere else."""


@carries_out(Action.WRITE_RECORD)
def write_record(request: ActionRequest) -> ActionResult:
    """Store facts and content in the acting agency's own record, without a step; `on` is a case or an own track."""
    track = Track.objects.filter(pk=within_reach("track", request.target), agency_id=request.act.actor.agency_id).first()
    case_id = track.case_id if track else request.target
    reached = reach_case(case_id)
    if not request.inputs:
        raise Malformed("note", "text", "required")
    require_decider(request)
    made = correct(reached, request.inputs, None if track else request.version)
    tracks = [track] if track else _open_first(case_id, request.act.actor.agency_id)
    left = {part: rows for part, rows in request.inputs.items() if part not in CORRECTING}
    _refuse_without_visit(tracks, left)
    for one in tracks:
        mine = {part: left.pop(part) for part in list(left) if part in parts_of_kind(one.kind) or len(tracks) == 1}
        if mine:
            _write_on(one.pk, mine)
    if left:
        _write_without_track(case_id, left)
    _look_up_again(tracks, request.inputs)
    if "consent_withdrawn" in request.inputs:
        withdraw_unconsented(case_id)
    return ActionResult(case_id, request.target, made)


def _refuse_without_visit(tracks: list[Track], inputs: Inputs) -> None:
    """Refuse facts about a visit when the agency has no running warning track in the case: they would belong to nothing."""
    for part in OF_A_VISIT & set(inputs):
        if not any(track.kind == "warning" for track in tracks):
            raise Malformed(part, PARTS[part][0].name, "no_visit_planned")


def _look_up_again(tracks: list[Track], inputs: Inputs) -> None:
    """Look up earlier warnings again when a person, an address or an answer about a warning is stored during triage."""
    states = ({"triage"} if LOOKED_UP & set(inputs) else set()) | (UNTIL_WARNED if ANSWER in inputs else set())
    for track in tracks:
        if track.kind == "warning" and track.state in states:
            store_earlier_warnings(track)


def _open_first(case_id: UUID, agency_id: int | None) -> list[Track]:
    rows = Track.objects.filter(case_id=case_id, agency_id=agency_id).order_by("made_at")
    return sorted(rows, key=lambda row: row.state in TRACKS[row.kind].final)


def _write_on(track_id: UUID, inputs: Inputs) -> None:
    reached = reach_track(track_id)
    track = reached.track
    store_parts(track, inputs)
    track.editor_id = acting().actor.person_id
    track.save(update_fields=("editor_id", "subject", "basis"), force_update=True)


def _write_without_track(case_id: UUID, inputs: Inputs) -> None:
    with telling_secrets(case_id, inputs):
        home = records_write.store_premises(case_id, inputs.get("premises", ()))
        records_write.store_people(case_id, inputs.get("person", ()), household=home)
    records_write.store_notes(case_id, inputs.get("note", ()))
    records_write.store_apart(case_id, inputs)
    for values in inputs.get("basis", ()):
        regimes.store_basis(case_id, values)
    records_write.store_facts(case_id, inputs)
    if misfit := DaysOfCase(case_id).misfit_of(inputs):
        raise Malformed(misfit[0], "date", misfit[1])


@carries_out(Action.ADD_NOTE)
def add_note(request: ActionRequest) -> ActionResult:
    """Add notes to the acting agency's own record."""
    reached = reach_case(request.target)
    if not request.inputs.get("note"):
        raise Malformed("note", "text", "required")
    notes = records_write.store_notes(reached.case_id, request.inputs["note"])
    return ActionResult(reached.case_id, notes[0].pk, {"note": notes[0].pk})


@carries_out(Action.CORRECT_NOTE)
def correct_note(request: ActionRequest) -> ActionResult:
    """Correct a note by a new one that names it; the old one stays readable."""
    reached = reach_case(request.target)
    made = None
    for values in request.inputs.get("correction", ()):
        old = Note.objects.filter(pk=values["note"], case_id=reached.case_id).first()
        if old is None:
            raise Malformed("correction", "note", "no_such_note")
        _refuse_corrected(old)
        kind, happened = values.get("kind", old.kind), values.get("date")
        records_write.refuse_intelligence("correction", kind)
        refuse_pieces([*records_write.latest_notes(reached.case_id), values["text"]])
        made = Note(
            **owned(reached.case_id, "note", old.pk),
            kind=kind,
            text=values["text"],
            happened_on=happened or old.happened_on,
            happened_precision=precision_of(happened) if happened else old.happened_precision,
            is_burdening=old.is_burdening,
            corrects=old,
        )
        Note.objects.bulk_create([made])
        offers = {one.origin_id: one for one in offers_of(reached.case_id, made.agency_id)}
        tell(reached.case_id, made.pk, note_replaced(made, offers.get(made.pk)))
    if made is None:
        raise Malformed("correction", "text", "required")
    return ActionResult(reached.case_id, made.pk, {"note": made.pk})


def _refuse_corrected(note: Note) -> None:
    """Refuse to correct what somebody corrected before: two texts would stand in its place, and nobody would know."""
    later = Note.objects.filter(corrects=note).order_by("-made_at", "-id").first()
    if later is not None:
        raise was_first(later.made_by_id, CORRECTED, later.made_at, ("note", later.text))


@carries_out(Action.OPEN_HELP)
def open_help(request: ActionRequest) -> ActionResult:
    """Begin a help track of the acting agency, for who was chosen, else for the subject or the only child."""
    reached = reach_case(request.target)
    _refuse_beside_visit(request)
    subject = person_to_help(reached.case_id, request.inputs)
    track = begin_track(reached.case_id, "help", Action.OPEN_HELP, subject_id=subject.pk if subject else None)
    if subject and TrackFacts(track, request.act.action).is_dead:
        stop_senseless(reached.case_id, "person_gone", "deceased", track, subject.pk)
    return ActionResult(reached.case_id, track.pk, {"help": track.pk})


def _refuse_beside_visit(request: ActionRequest) -> None:
    """Refuse the police: they begin help at a visit, once for each subject, and in no other way (docs/law.md section 1)."""
    if request.act.actor.kind is AgencyKind.POLICE:
        raise NotNow(None, Action.OPEN_HELP, Cause.VISIT)


@carries_out(Action.IDENTIFY_VICTIM)
def identify_victim(request: ActionRequest) -> ActionResult:
    """Record a possible victim, and begin the track that helps them."""
    reached = reach_case(request.target)
    if not request.inputs.get("person"):
        raise Malformed("person", "role", "required")
    if any(values["role"] != "possible_victim" for values in request.inputs["person"]):
        raise Malformed("person", "role", "not_a_victim")
    with telling_secrets(reached.case_id, request.inputs):
        people = records_write.store_people(reached.case_id, request.inputs["person"])
    track = begin_track(reached.case_id, "victim", Action.IDENTIFY_VICTIM, subject_id=people[-1].pk)
    return ActionResult(reached.case_id, track.pk, {"victim": track.pk})
