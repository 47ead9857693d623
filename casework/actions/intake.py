"""Logging what was reported to an agency: the case, what was told and by whom, and what goes on from it, in one act."""

from uuid import UUID

from casework.access import reach_case
from casework.actions import radar, records_write, regimes
from casework.actions.handlers import carries_out
from casework.actions.handoffs import make_handoff
from casework.actions.request import ActionRequest, ActionResult
from casework.actions.track_steps import begin_track, own_record
from casework.input.codes import CONTACT_NOTE
from casework.input.read import Inputs, Malformed, Values
from casework.lock import grants
from casework.models import PersonInCase, Track
from permissions.vocabulary import Action, AgencyKind
from workflows.tracks import beginnings_on

ACUTE = "as_reported"
"""That a report is acute, as it was told: who is in danger and of what stands in its words, and is judged by who acts."""
UNSURE = CONTACT_NOTE
"""The kind of note that says why it is not known whether a report is acute: it goes into no package."""


@carries_out(Action.OPEN_CASE)
def open_case(request: ActionRequest) -> ActionResult:
    """Open a case at the acting agency with all that was told, its track where the law says so, and what is to be shared."""
    kind = request.act.actor.kind
    case_id = request.act.made_id("case")
    known = radar.look_around(kind, request.inputs.get("person", ()), request.inputs.get("premises", ()))
    radar.ask_choice(request, known)
    grants.open_case(case_id)
    regime = next((regimes.regime_words("basis", values) for values in request.inputs.get("basis", ())), {})
    record = own_record(case_id, kind, regime.get("basis", ""), regime.get("wpg_article", ""))
    home = records_write.store_premises(case_id, request.inputs.get("premises", ()))
    people = records_write.store_people(case_id, request.inputs.get("person", ()), household=home)
    records_write.store_notes(case_id, [*request.inputs.get("note", ()), *_unsure(request.inputs)])
    records_write.store_apart(case_id, request.inputs)
    tracks = _begin(case_id, kind, people, record.basis)
    _store_told(case_id, tracks, _told(request.inputs))
    radar.join(request, case_id, known)
    made = {"case": case_id} | {track.kind: track.pk for track in tracks}
    return ActionResult(case_id, case_id, made | _share(request, case_id, tracks))


def _begin(case_id: UUID, kind: AgencyKind | None, people: list[PersonInCase], basis: str) -> list[Track]:
    subject = next((person.pk for person in people if person.role == "subject"), None)
    return [
        begin_track(case_id, beginning.track, Action.OPEN_CASE, subject_id=subject, basis=basis)
        for beginning in beginnings_on(Action.OPEN_CASE)
        if kind in beginning.agencies
    ]


def _told(inputs: Inputs) -> Inputs:
    """Return the facts of a report: that it is not acute is stored as the acute check; an acute one waits for its check."""
    given = {part: inputs[part] for part in ("report", "known_here") if part in inputs}
    for values in inputs.get("acuteness", ()):
        if values["code"] == "yes":
            given["acute"] = [{"code": ACUTE, "text": _what_is_seen(inputs, values)}]
        if values["code"] == "no":
            given["acute_checked"] = [{"yes": False, "text": values.get("text", "")}]
    return given


def _what_is_seen(inputs: Inputs, values: Values) -> str:
    """Return what makes it acute: said with the answer, else the report's own words; raises Malformed without any."""
    said = values.get("text") or next((note["text"] for note in inputs.get("note", ())), "")
    if not said:
        raise Malformed("acuteness", "text", "required")
    return str(said)


def _unsure(inputs: Inputs) -> list[Values]:
    """Return as notes what was said where nobody knew yet whether it is acute."""
    said = [values.get("text") for values in inputs.get("acuteness", ()) if values["code"] == "not_known_yet"]
    return [{"kind": UNSURE, "text": text} for text in said if text]


def _store_told(case_id: UUID, tracks: list[Track], told: Inputs) -> None:
    records_write.store_facts(case_id, told, track=next(iter(tracks), None))


def _share(request: ActionRequest, case_id: UUID, tracks: list[Track]) -> dict[str, UUID]:
    """Prepare what was chosen to share, as whoever may prepare it: it is never forced, and leaves no half case."""
    made = {}
    for values in request.inputs.get("package", ()):
        reach_case(case_id, Action.PREPARE_HANDOFF)
        made["handoff"] = make_handoff(case_id, values, next(iter(tracks), None)).pk
    return made
