"""Terms of tracks and handoffs: what a state or a stored fact starts and stops (docs/law.md section 3)."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from casework.input.codes import ADULT_YEARS, CORRECTED
from casework.input.dates import known_age
from casework.input.read import Malformed
from casework.lock import grants
from casework.models import Approval, Deadline, Handoff, PersonInCase, StoredFact, Track
from casework.terms.decreed import decreed_days
from permissions.acting import acting
from permissions.vocabulary import Action, AgencyKind
from workflows.calendars import Calendar, day_of, due, local_midnight_after
from workflows.clocks import ACUTE_CLOCKS, ACUTE_TERM, OF_THE_CASE, RULE_VERSION, TERMS, Clock, started_by, stopped_by
from workflows.fact_words import APPROVED_FIRST, CHILDREN_FOUND_CODES, words_of
from workflows.fitting import meets_review
from workflows.gone import ENDING, STOPS
from workflows.outcomes import known_reason
from workflows.schedules import OWN_DAYS, SCHEDULE_OF, moments
from workflows.tracks import TRACKS

REVIEWS = frozenset({"FOLLOW_UP", "HELP_REVIEW", "MONITORING"})
"""Clocks with several moments: each recorded review meets the earliest that is open."""

PLANNED_ANEW = "planned_anew"
"""Why a moment stopped in whose place others were planned: it was not held."""

NEWS_ENDS = frozenset({"correction_handled", "correction_given_up"})
"""Facts that end the news of a correction, at either end."""

HANDOFF_ENDS = {
    "HANDOFF_CHECK": "sender",
    "HANDOFF_SEND": "sender",
    "HANDOFF_DELIVER": "sender",
    "HANDOFF_ACK": "receiver",
    "HANDOFF_ANSWER": "receiver",
    "HANDOFF_START": "receiver",
    "HANDOFF_EXPIRY": "sender",
    "HANDOFF_AGAIN": "sender",
    "HANDOFF_CORRECTED": "sender",
    "HANDOFF_NEWS": "receiver",
}
"""Whose turn it is while a clock of a handoff runs."""


def end_of_term(start: datetime, number: int, unit: str, calendar: Calendar) -> datetime:
    """Return when a term has passed, counted with the days added by decree: every term of the records comes from here."""
    return due(start, number, unit, calendar, decreed_days())


def term_of(code: str) -> datetime:
    """Return when a term of this clock that starts now has passed."""
    clock = TERMS[code]
    return end_of_term(acting().moment, clock.numbers[0], clock.unit, clock.calendar)


def update_track_clocks(
    track: Track,
    running: Collection[str],
    *,
    entered: str = "",
    words: Collection[str] = (),
    reason: str = "",
) -> None:
    """Stop the clocks that this state or these words stop, for a reason if there is one, then start those they start."""
    said = [word for word in (entered, *words) if word]
    stops = {code for word in said for code in stopped_by(track.kind, word)} & set(running)
    if stops:
        stop(Deadline.objects.filter(track_id=track.pk, clock__in=stops), reason)
    senseless = STOPS["deceased"] if ENDING in running else ()
    starts = [clock for word in said for clock in started_by(track.kind, word) if clock.code not in senseless]
    fresh = dict.fromkeys(clock for clock in starts if clock.code not in running or clock.code in stops)
    rows = [row for clock in fresh for row in _deadlines(track.case_id, track, clock)]
    if rows:
        Deadline.objects.bulk_create(rows)


def stop(rows: QuerySet[Deadline], reason: str = "") -> int:
    """Stop those of these terms that run: what they asked for is done, or makes no sense for a reason that the law knows."""
    return rows.filter(met_at=None).update(met_at=acting().moment, stop_reason=known_reason(reason))


def _deadlines(
    case_id: UUID,
    track: Track | None,
    clock: Clock,
    planned: Sequence[tuple[str, date]] | None = None,
) -> list[Deadline]:
    act = acting()
    schedule = _schedule(track, clock) if planned is None else planned
    return [
        Deadline(
            id=act.made_id("deadline", track.pk if track else case_id, clock.code, place),
            case_id=case_id,
            agency_id=act.actor.agency_id,
            track_id=track.pk if track else None,
            clock=clock.code,
            sequence=place,
            rule_version=RULE_VERSION,
            started_at=act.moment,
            due_at=due_at,
        )
        for place, due_at in enumerate(moments(clock, schedule, act.moment, decreed_days()))
    ]


def _schedule(track: Track | None, clock: Clock) -> list[tuple[str, date]]:
    """Return the schedule of this round that was stored last, in one act: a code and a day for each of its rows."""
    fact = SCHEDULE_OF.get(clock.code)
    if fact is None or track is None:
        return []
    rows = list(StoredFact.objects.filter(track_id=track.pk, round=track.round, fact=fact).order_by("-made_at"))
    return [(row.code, row.on_date) for row in rows if row.made_at == rows[0].made_at and row.on_date]


def update_fact_clocks(
    case_id: UUID, facts: Sequence[StoredFact], track: Track | None, running: frozenset[str] | None = None
) -> None:
    """Start and stop the clocks of facts when they are stored, whichever act stores them.

    `running` is which of them run, where that was read already: nothing is written to stop what does not.
    """
    kind = track.kind if track else ""
    words = [word for row in facts if row.fact not in APPROVED_FIRST for word in words_of(row.fact, row.said_code)]
    stops = {code for word in words for code in stopped_by(kind, word)} - {"INFORM_SUBJECT"}
    if stops if running is None else stops & running:
        stop(_own(case_id, track).filter(clock__in=stops))
    if any(row.fact == "child_check" for row in facts) and acting().actor.kind is not AgencyKind.VEILIG_THUIS:
        words.append("children_found")  # it starts where the keeper counts a child as untold, whatever the answer was
    _start(case_id, track, words)
    _plan_anew(facts, track)
    _update_given_up(case_id, facts)


def _start(case_id: UUID, track: Track | None, words: Collection[str]) -> None:
    """Start the clocks of these words that do not run yet, unless what they ask for is done."""
    kind = track.kind if track else ""
    starts = {clock.code: clock for word in words for clock in started_by(kind, word)}
    if starts:
        running = set(_own(case_id, track).filter(met_at=None, clock__in=starts).values_list("clock", flat=True))
        fresh = [clock for code, clock in starts.items() if code not in running and not _needless(case_id, code)]
        Deadline.objects.bulk_create([row for clock in fresh for row in _deadlines(case_id, track, clock)])


def check_acute_anew(handoff: Handoff) -> None:
    """Ask for the acute check again where a report that comes again is acute now; its track is there already."""
    clock = TERMS["ACUTE_CHECK"]
    begun = Track.objects.filter(began_by_handoff_id=handoff.pk, kind="safety")
    for track in begun.exclude(state__in=TRACKS["safety"].final):
        if not _own(handoff.case_id, track).filter(met_at=None, clock=clock.code).exists():
            Deadline.objects.bulk_create(_deadlines(handoff.case_id, track, clock))


def start_clock_of_children(case_id: UUID, people: Sequence[PersonInCase]) -> None:
    """Update the clock of children where one of these people, who were just stored, may be a child."""
    today = day_of(acting().moment)
    ages = [known_age(row.birth_date, row.estimated_age, today) for row in people]
    if any(row.role == "minor" for row in people) or any(age is not None and age < ADULT_YEARS for age in ages):
        update_clock_of_children(case_id)


def update_clock_of_children(case_id: UUID) -> None:
    """Run the clock of found children as long as one of them is not reported yet, and stop it when none is left."""
    if acting().actor.kind is AgencyKind.VEILIG_THUIS:
        return  # it owes itself no report
    if not grants.has_untold_children(case_id):
        stop(_own(case_id, None).filter(clock="CHILDREN_FOUND"), CORRECTED)
    elif not _own(case_id, None).filter(clock="CHILDREN_FOUND", met_at=None).exists():
        rows = StoredFact.objects.filter(case_id=case_id, agency_id=acting().actor.agency_id, fact="child_check")
        check = rows.order_by("-made_at", "-id").first()
        track = Track.objects.filter(pk=check.track_id).first() if check and check.track_id else None
        _start(case_id, track, ("children_found",))


def follow_correction(case_id: UUID, old: StoredFact, new: StoredFact, track: Track | None) -> None:
    """Update the clocks after a correction of a fact: undo what the old row did to them, then apply the new row.

    Only what decides now does anything: the latest of its kind, of the round in which the track is.
    """
    mine = {"case_id": case_id, "agency_id": new.agency_id, "fact": new.fact}
    latest = StoredFact.objects.filter(track_id=new.track_id, **mine).order_by("-made_at", "-id").first()
    if latest is None or latest.pk != new.pk or (track is not None and new.round != track.round):
        return
    kind = track.kind if track else ""
    before, after = (words_of(row.fact, row.code) for row in (old, new))
    gone, come = [word for word in before if word not in after], [word for word in after if word not in before]
    begun = {clock.code for word in gone for clock in started_by(kind, word)} - {"CHILDREN_FOUND"}
    stop(_own(case_id, track).filter(clock__in=begun, started_at__gte=old.made_at), CORRECTED)
    ended = {code for word in gone for code in stopped_by(kind, word)}
    reopen(_own(case_id, track).filter(clock__in=ended), old.made_at)
    stop(_own(case_id, track).filter(clock__in={code for word in come for code in stopped_by(kind, word)}))
    _start(case_id, track, come)
    if new.fact == "child_check":
        update_clock_of_children(case_id)
    _plan_corrected(new, track)
    _reopen_reason(old)


def reopen(terms: QuerySet[Deadline], moment: datetime, reason: str = "") -> None:
    """Let terms run again that stopped at this moment by what turns out to be wrong; they are due when they were."""
    terms.filter(met_at=moment, stop_reason=reason).update(met_at=None, stop_reason="")


def _reopen_reason(old: StoredFact) -> None:
    """Let run again what the approval of a reason stopped that reads otherwise now: another must approve it anew."""
    if old.fact not in APPROVED_FIRST:
        return
    mine = {"case_id": old.case_id, "agency_id": old.agency_id}
    given = Approval.objects.filter(action=old.fact, made_at__gte=old.made_at, **mine).exclude(approved_at=None)
    for row in given:
        if row.approved_at:
            reopen(Deadline.objects.filter(clock__in=OF_THE_CASE & stopped_by("", old.fact), **mine), row.approved_at)


def _plan_corrected(new: StoredFact, track: Track | None) -> None:
    """Let the moments of a corrected schedule that are still to come take the place of those that are open."""
    for code, fact in SCHEDULE_OF.items():
        if track is None or fact != new.fact or track.state not in TERMS[code].starts:
            continue
        rows = Deadline.objects.filter(track_id=track.pk, clock=code)
        began = rows.order_by("-started_at").values_list("started_at", flat=True).first() or acting().moment
        stop(rows, PLANNED_ANEW)
        planned = _deadlines(track.case_id, track, TERMS[code])
        schedule = _schedule(track, TERMS[code])
        due_at = moments(TERMS[code], schedule, began, decreed_days())
        for row, moment in zip(planned, due_at, strict=True):
            row.due_at = moment
        Deadline.objects.bulk_create([row for row in planned if row.due_at > acting().moment])


def _own(case_id: UUID, track: Track | None) -> QuerySet[Deadline]:
    """Return the acting agency's terms of this track, and those that it has once in a case."""
    mine = Q(track_id=track.pk) if track else Q(track_id=None, handoff_id=None)
    return Deadline.objects.filter(mine | Q(clock__in=OF_THE_CASE), case_id=case_id, agency_id=acting().actor.agency_id)


def _needless(case_id: UUID, code: str) -> bool:
    """Whether what this clock asks for is done already: Veilig Thuis is told, or is the agency itself."""
    return code == "CHILDREN_FOUND" and not grants.has_untold_children(case_id)


def meet_review(track: Track, running: Collection[str], held_on: date) -> None:
    """Meet the earliest open review moment, unless the review was held long before it; after the last, plan what is next."""
    rows = list(Deadline.objects.filter(track_id=track.pk, clock__in=REVIEWS).order_by("started_at", "due_at"))
    unmet = [place for place, row in enumerate(rows) if row.met_at is None]
    if not unmet or not meets_review(_since(rows, unmet[0]), rows[unmet[0]].due_at, local_midnight_after(held_on)):
        return
    stop(Deadline.objects.filter(pk=rows[unmet[0]].pk))
    if len(unmet) == 1:
        update_track_clocks(track, running, words=("schedule_done",))


def _since(rows: Sequence[Deadline], place: int) -> datetime:
    """Return when the stretch before this review began: at the moment before it in its schedule."""
    row, before = rows[place], rows[place - 1] if place else None
    return before.due_at if before and before.started_at == row.started_at else row.started_at


def _plan_anew(facts: Sequence[StoredFact], track: Track | None) -> None:
    """Let a schedule that is stored while its clock runs, or is used up, put its moments in the place of the open ones."""
    stored = {row.fact for row in facts}
    for code, fact in SCHEDULE_OF.items():
        if track is None or fact not in stored:
            continue
        _check_days(facts, fact)
        if track.state in TERMS[code].starts:
            stop(Deadline.objects.filter(track_id=track.pk, clock=code), PLANNED_ANEW)
            planned = [(row.code, row.on_date) for row in facts if row.fact == fact and row.on_date]
            Deadline.objects.bulk_create(_deadlines(track.case_id, track, TERMS[code], planned))


def _check_days(facts: Sequence[StoredFact], fact: str) -> None:
    today = day_of(acting().moment)
    for row in facts:
        if row.fact == fact and row.code == OWN_DAYS and row.on_date and row.on_date < today:
            raise Malformed(fact, "date", "not_later")


def update_handoff_clocks(handoff: Handoff, state: str, *, names: int | None = None) -> None:
    """Stop and start the clocks of a handoff as it enters a state; an acute one is counted in hours.

    `names` is a person to name on the case in the same statement. The keeper stops only what runs and starts only
    what does not: neither end sees the other's terms.
    """
    moment = acting().moment
    started = [
        (clock.code, HANDOFF_ENDS[clock.code], _due_of(clock, handoff, moment))
        for clock in started_by("handoff", state)
        if clock.code != "HANDOFF_AGAIN" or _asks_again(handoff)
    ]
    stops = sorted(stopped_by("handoff", state))
    found_due = _found_due(handoff, state)
    grants.update_handoff_clocks(handoff, state, stops, started, RULE_VERSION, names=names, found_due=found_due)


def _asks_again(handoff: Handoff) -> bool:
    """Whether what ends here was sent, and may be sent again.

    A package that is taken back while it is prepared was never sent; after withdrawn consent, as a step or as it is
    recorded, nothing may be sent, and the reason is stored with the withdrawal (docs/decisions/0010).
    """
    sent = handoff.state != "prepared" or bool(handoff.delivered)
    return sent and acting().action not in {Action.WITHDRAW_CONSENT, Action.WRITE_RECORD}


def _found_due(handoff: Handoff, state: str) -> datetime | None:
    """Return when the children of a concern report that comes to nothing must be reported again, if they were found."""
    failed = any(clock.code == "HANDOFF_AGAIN" for clock in started_by("handoff", state))
    return term_of("CHILDREN_FOUND") if failed and handoff.kind == "concern_report" and _asks_again(handoff) else None


def _due_of(clock: Clock, handoff: Handoff, moment: datetime) -> datetime:
    if handoff.is_acute and clock.code in ACUTE_CLOCKS:
        return end_of_term(moment, *ACUTE_TERM)
    return end_of_term(moment, clock.numbers[0], clock.unit, clock.calendar)


def meet_approved(row: Approval) -> None:
    """Stop the clock of a reasoned no that a second person has now approved."""
    mine = Deadline.objects.filter(case_id=row.case_id, agency_id=row.agency_id)
    if row.handoff_id:
        stop(mine.filter(handoff_id=row.handoff_id, clock__in=stopped_by("handoff", row.action)))
    else:
        stop(mine.filter(clock__in=OF_THE_CASE & stopped_by("", row.action)))


def _update_given_up(case_id: UUID, facts: Sequence[StoredFact]) -> None:
    """Stop the clock of a handoff that is not sent again; where children were found, only an approval stops it."""
    for row in facts:
        if row.fact in NEWS_ENDS:
            _end_news(case_id, row)
        if row.fact != "handoff_given_up" or row.handoff_id is None:
            continue
        clocks = stopped_by("handoff", row.fact)
        running = Deadline.objects.filter(case_id=case_id, agency_id=row.agency_id, handoff_id=row.handoff_id, met_at=None)
        if not running.filter(clock__in=clocks).exists():
            raise Malformed("handoff_given_up", "handoff", "no_such_handoff")
        is_owed = _children_found(case_id) or grants.has_untold_children(case_id)
        if not (is_owed and Handoff.objects.filter(pk=row.handoff_id, kind="concern_report").exists()):
            stop(running.filter(clock__in=clocks))


def _end_news(case_id: UUID, row: StoredFact) -> None:
    """Stop the clock of the news of a correction: the receiver did something with it, or the sender says why not to tell."""
    terms = Deadline.objects.filter(case_id=case_id, agency_id=row.agency_id, handoff_id=row.handoff_id, met_at=None)
    if not stop(terms.filter(clock__in=stopped_by("handoff", row.fact))):
        raise Malformed(row.fact, "handoff", "no_such_news")


def _children_found(case_id: UUID) -> bool:
    """Whether the latest child check of the acting agency in this case says that there are children."""
    rows = StoredFact.objects.filter(case_id=case_id, agency_id=acting().actor.agency_id, fact="child_check")
    return rows.order_by("-made_at", "-id").values_list("code", flat=True).first() in CHILDREN_FOUND_CODES
