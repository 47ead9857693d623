"""Steps of the four tracks: `advance` alone writes a track's state."""

from uuid import UUID

from django.db.models import Q

from casework.access import TrackInReach, reach_track
from casework.actions import records_write, regimes, removing
from casework.actions.handlers import carries_out
from casework.actions.news import telling_secrets
from casework.actions.request import ActionRequest, ActionResult
from casework.actions.withdrawing import withdraw_of_track
from casework.entries.table import TRACK_ACTIONS
from casework.facts.lookups import ANSWER, ANSWERED, ANSWERED_ON, store_earlier_warnings
from casework.facts.track import TrackFacts
from casework.input.read import Inputs, Malformed, Values, local_today
from casework.models import AgencyRecord, Deadline, StoredFact, Track, owned
from casework.terms.deadlines import REVIEWS, meet_review, update_track_clocks
from casework.terms.informing import rows_of_person
from casework.terms.outcomes import stop_senseless
from permissions.acting import Acting, acting
from permissions.bases import regime_of
from permissions.decision import Refused, roles_for
from permissions.reasons import Reason, Rule
from permissions.vocabulary import Action, AgencyKind, Regime
from workflows.gone import ENDING
from workflows.table import Incomplete, Step
from workflows.tracks import NEW_ROUND, PARTED_FROM_SUBMIT, TRACKS, WORKFLOWS, beginnings_on

UNTIL_PLANNED = frozenset({"draft", "submitted", "triage"})
"""States in which it is still being found out whom a warning is about."""
LOOKS_UP = frozenset({Action.PLAN_VISIT})
"""Steps before which the agency's own earlier warnings are looked up, beside those that look at them again."""
WHO_AND_WHERE, APART = {"premises", "person"}, {"source", "citizen_number"}
CHECKLIST, VISIT = {"criteria", "exclusions"}, {"visit_plan", "visit_report"}
"""The parts of an act that each store by itself writes."""
REVIEW_ACTIONS = frozenset({Action.RECORD_REVIEW, Action.RECORD_MONITORING})


@carries_out(*TRACK_ACTIONS)
def advance(request: ActionRequest) -> ActionResult:
    """Take one step of a track, on facts that are stored; no other function writes `state`."""
    reached = reach_track(request.target, version=request.version)
    track = reached.track
    _refuse_submitter(track, request.act)
    require_decider(request)
    workflow = WORKFLOWS[track.kind]
    row = workflow.row(track.state, request.act.action)
    facts = TrackFacts(track, request.act.action, reached.running)
    store_parts(track, request.inputs, facts)
    if request.act.action in LOOKS_UP or ANSWERED in facts.looked_at_again():
        facts.look_up_warnings()
    step = workflow.step(track.state, request.act.action, facts.hold(row.needs))
    if closing := (*facts.closing(row.needs), *facts.found_since()):
        raise Incomplete(closing)
    if request.act.action is Action.TURN_INTO_ADVICE:
        removing.remove_people(track)
    if request.act.action is Action.RETARGET and (another := facts.another_subject):
        track.subject = another
    move(track, step, request.act)
    if step.target == "triage" and step.source != step.target:
        store_earlier_warnings(track)
    follow(reached, step, facts)
    made = _consequences(reached, request, facts)
    return ActionResult(track.case_id, track.pk, made)


def require_decider(request: ActionRequest) -> None:
    """Refuse that somebody else than who decides on a visit says what an earlier warning means for it."""
    is_answered = request.act.action in ANSWERED_ON and ANSWER in request.inputs
    if is_answered and not roles_for(request.act.actor, Action.PLAN_VISIT):
        raise Refused(Reason(Rule.BY_DECIDERS, request.act.action))


def _refuse_submitter(track: Track, act: Acting) -> None:
    if act.action in PARTED_FROM_SUBMIT and track.submitted_by_id == act.actor.person_id:
        raise Refused(Reason(Rule.NOT_BY_SUBMITTER, act.action))


def store_parts(track: Track, inputs: Inputs, facts: TrackFacts | None = None) -> list[str]:
    """Store what came with an act on a track; answers the facts, and marks who edited last."""
    if not inputs:
        return []
    facts = facts or TrackFacts(track, acting().action)
    if inputs.keys() & WHO_AND_WHERE:
        _store_who_and_where(track, inputs)
    if "note" in inputs:
        records_write.store_notes(track.case_id, inputs["note"])
    if inputs.keys() & APART:
        records_write.store_apart(track.case_id, inputs)
    if inputs.keys() & CHECKLIST:
        records_write.store_checklist(track, inputs)
    if inputs.keys() & VISIT:
        facts.visit = records_write.store_visit(track, inputs, facts.visit)
    for values in inputs.get("basis", ()):
        regimes.store_basis(track.case_id, values)
        track.basis = values["code"]
    stored = records_write.store_facts(track.case_id, inputs, track=track, running=facts.running)
    if misfit := facts.days.misfit_of(inputs):
        raise Malformed(misfit[0], "date", misfit[1])
    if unfit := facts.misfit_of(inputs):
        raise Malformed(*unfit)
    return stored


def _store_who_and_where(track: Track, inputs: Inputs) -> None:
    """Store addresses and people; the subject of a warning that is not planned yet is who was written as subject last."""
    with telling_secrets(track.case_id, inputs):
        home = records_write.store_premises(track.case_id, inputs.get("premises", ()))
        people = records_write.store_people(track.case_id, inputs.get("person", ()), household=home)
    subjects = [person for person in people if person.role == "subject"]
    if subjects and track.kind == "warning" and _may_be_about(track):
        track.subject = subjects[-1]
        update_track_clocks(track, (ENDING,), words=("subject_changed",))


def _may_be_about(track: Track) -> bool:
    """Whether who is written as subject is whom the warning is about: once a visit is planned, `retarget` alone says so."""
    return track.subject_id is None or track.state in UNTIL_PLANNED or acting().action is Action.RETARGET


def move(track: Track, step: Step, act: Acting) -> None:
    """Write the new state, the version and the round; the timeline follows by the keeper's trigger."""
    track.state = step.target
    track.version += 1
    track.moved_at = act.moment
    if act.action in NEW_ROUND:
        track.round += 1
        track.round_began_at = act.moment
        track.submitted_by_id = None
    if act.action is Action.SUBMIT:
        track.submitted_by_id = act.actor.person_id
    columns = ("state", "version", "round", "round_began_at", "moved_at", "basis", "subject", "submitted_by_id", "editor_id")
    track.save(update_fields=columns, force_update=True)


def follow(reached: TrackInReach, step: Step, facts: TrackFacts) -> None:
    """Start and stop the clocks of a track after a step."""
    track = reached.track
    if step.action in REVIEW_ACTIONS and reached.running & REVIEWS:
        held = [row.on_date for row in facts.stored.values() if row.fact in step.needs and row.on_date]
        for held_on in held:
            meet_review(track, reached.running, held_on)
        if stop_senseless(track.case_id, step.action, facts.code_of("review_outcome"), track):
            update_track_clocks(track, reached.running, words=("schedule_done",))
    entered = step.target if step.target != step.source else ""
    running = reached.running | ({ENDING} if _found_dead(step.action, facts) else set())
    update_track_clocks(track, running, entered=entered, words=facts.words_of_step())
    if reached.running:
        reason = facts.stored.get("reason")
        stop_senseless(track.case_id, step.target, reason.code if reason else "", track)
        if step.action is Action.ASSESS and facts.stored["outcome_code"].code != "investigation":
            stop_senseless(track.case_id, step.action, "decided_otherwise", track)


def _found_dead(action: Action, facts: TrackFacts) -> bool:
    """Whether the visit on which this step reports found that its subject has died."""
    return action in records_write.TRACK_STEPS and facts.code_of("visit_report") == "subject_deceased"


def _consequences(reached: TrackInReach, request: ActionRequest, facts: TrackFacts) -> dict[str, UUID]:
    track = reached.track
    if request.act.action is Action.RECORD_VISIT:
        made = {} if facts.is_dead and not _found_dead(request.act.action, facts) else begin_help(reached, facts)
        if _found_dead(request.act.action, facts):
            stop_senseless(track.case_id, "visit_report", facts.code_of("visit_report"), track)
        return made
    if request.act.action is Action.RECORD_ATTEMPT:
        records_write.end_attempt(facts.visit)
    if request.act.action is Action.CLOSE_UNWARNED and facts.stored["reason"].code == "subject_deceased":
        _end_help(track, facts.stored["reason"], request.act)
    if request.act.action is Action.WITHDRAW_CONSENT:
        withdrawn: Values = {"date": local_today()}
        if kind := facts.consented_kind:
            withdrawn["help_kind"] = kind
        records_write.store_facts(track.case_id, {"consent_withdrawn": [withdrawn]}, track=track)
        withdraw_of_track(track)
    return {}


def _end_help(warning: Track, reason: StoredFact, act: Acting) -> None:
    """End the help that was begun for somebody who has died, with the reason of the warning; what is offered stays."""
    workflow = WORKFLOWS["help"]
    mine = {"case_id": warning.case_id, "agency_id": warning.agency_id}
    whose = (
        Q(subject_id__in=rows_of_person(warning.case_id, warning.subject_id)) if warning.subject_id else Q(subject_id=None)
    )
    for track in Track.objects.select_for_update().filter(whose, kind="help", **mine).order_by("pk"):
        if Action.END_HELP not in workflow.actions_from(track.state):
            continue
        reasoned = {"fact": "reason", "action": act.action, "code": reason.code, "text": reason.text}
        row = StoredFact(**owned(track.case_id, "end_help", track.pk), track_id=track.pk, round=track.round, **reasoned)
        StoredFact.objects.bulk_create([row])
        move(track, workflow.step(track.state, Action.END_HELP, {"reason"}), act)
        running = Deadline.objects.filter(track_id=track.pk, met_at=None).values_list("clock", flat=True)
        update_track_clocks(track, set(running), entered=track.state, reason=reason.code)


def begin_help(reached: TrackInReach, facts: TrackFacts) -> dict[str, UUID]:
    """Begin the help track that every visit owes its subject, once; one begun before the subject was known is theirs."""
    track = reached.track
    subject_id = track.subject_id
    known = {row.subject_id: row for row in reached.helps}
    same = {subject_id, *facts.rows_of_subject} if subject_id else {None}
    if same & known.keys():
        return {}
    nameless = known.get(None)
    if subject_id and nameless and nameless.state == TRACKS["help"].start:
        Track.objects.filter(pk=nameless.id).update(subject_id=subject_id)
        return {"help": nameless.id}
    made = begin_track(track.case_id, "help", Action.RECORD_VISIT, subject_id=subject_id)
    return {"help": made.pk}


def begin_track(  # noqa: PLR0913 - what a track begins with
    case_id: UUID,
    kind: str,
    action: Action,
    *,
    handoff_kind: str = "",
    subject_id: UUID | None = None,
    basis: str = "",
    handoff_id: UUID | None = None,
) -> Track:
    """Begin a track in the state that the law says, and start its clocks."""
    act = acting()
    state = next(b.state for b in beginnings_on(action, handoff_kind) if b.track == kind)
    track = Track(
        **owned(case_id, "track", kind),
        kind=kind,
        state=state,
        round_began_at=act.moment,
        moved_at=act.moment,
        basis=basis,
        subject_id=subject_id,
        editor_id=act.actor.person_id,
        began_by_handoff_id=handoff_id,
    )
    Track.objects.bulk_create([track])
    update_track_clocks(track, (), entered=state)
    return track


def own_record(
    case_id: UUID,
    kind: AgencyKind | None,
    basis: str = "",
    wpg_article: str = "",
    handoff_id: UUID | None = None,
) -> AgencyRecord:
    """Make the acting agency's record in a case, where it has none; police data says under which article it is kept."""
    own = regimes.first_basis(kind)
    article = wpg_article or ("8" if regime_of(kind) is Regime.WPG else "")
    record = AgencyRecord(
        **owned(case_id, "record"),
        basis=basis or own,
        wpg_article=article,
        from_handoff_id=handoff_id,
    )
    AgencyRecord.objects.bulk_create([record], ignore_conflicts=True)
    return record
