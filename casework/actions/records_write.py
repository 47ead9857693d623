"""Stores the parts of an act as rows, before any step reads them back as facts."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from casework.actions.meanings import meant
from casework.facts.calls import check_calls
from casework.facts.citizen_numbers import holds_numbers, is_citizen_number
from casework.input.addresses import KEYED, keys_of
from casework.input.codes import CRITERIA, EXCLUSIONS, INTELLIGENCE, REPORTER_SOURCES
from casework.input.dates import precision_of
from casework.input.fact_parts import FACT_PARTS
from casework.input.person_names import tokens_of
from casework.input.read import Inputs, Malformed, Values, refuse_pieces
from casework.models import (
    CitizenNumber,
    Criterion,
    Handoff,
    Household,
    Note,
    PersonInCase,
    Premises,
    Source,
    StoredFact,
    Track,
    Visit,
    owned,
)
from casework.people.one_person import goes_on_as, merges_of
from casework.terms import informing
from casework.terms.deadlines import start_clock_of_children, update_fact_clocks
from casework.terms.informing_reporter import ask_to_inform_anew
from casework.terms.outcomes import stop_after_facts, stop_senseless
from permissions.acting import acting
from permissions.vocabulary import Action, AgencyKind
from workflows.fitting import OUTCOME_OF, count_misfit

FACT_COLUMNS = {
    "code": "code",
    "text": "text",
    "name": "name",
    "given_by": "name",
    "court": "name",
    "number": "text",
    "help_kind": "help_kind",
    "again": "until_date",
    "receiver": "receiver_id",
    "authority": "name",
    "date": "on_date",
    "until": "until_date",
    "yes": "is_so",
    "person": "person_id",
    "case": "ref_id",
    "handoff": "handoff_id",
    "into": "ref_id",
}
"""Where each column of a part stands in a stored fact."""

TRACK_STEPS = frozenset({Action.RECORD_VISIT, Action.RECORD_ATTEMPT})
"""Steps that report on a visit."""


ABOUT = {"consent": "subject", "consent_withdrawn": "subject", "supervision_order": "minor"}
"""Facts that are about one person, and the role of that person where nobody is chosen."""


def _about(case_id: UUID, part: str, values: Values, track: Track | None) -> dict[str, UUID]:
    """Return whom a fact is about: whom it names in this record, the subject of the track, or the only one of the role."""
    mine = PersonInCase.objects.filter(case_id=case_id, agency_id=acting().actor.agency_id)
    if part not in ABOUT:
        return {}
    if "person" in values:
        if not mine.filter(pk=values["person"]).exists():
            raise Malformed(part, "person", "no_such_person")
        return {"person": values["person"]}
    if track and track.subject_id and ABOUT[part] == "subject":
        return {"person": track.subject_id}
    found = set(mine.filter(role=ABOUT[part]).values_list("pk", flat=True))
    if len(found) > 1:
        merges = merges_of(case_id, acting().actor.agency_id)
        found = {goes_on_as(person, merges) for person in found}
    if len(found) == 1:
        return {"person": found.pop()}
    if part == "supervision_order" or (found and track is None):
        raise Malformed(part, "person", "say_about_whom")
    return {}


def store_facts(
    case_id: UUID,
    inputs: Inputs,
    *,
    track: Track | None = None,
    handoff: Handoff | None = None,
    running: frozenset[str] | None = None,
) -> list[str]:
    """Store the parts that are facts in one statement, and update their clocks; returns which facts were stored.

    `running` is which clocks of the track, and of the agency in the case, run, where that was read already.
    """
    act = acting()
    rows = []
    check_calls(inputs, track)
    for part in (part for part in inputs if part in FACT_PARTS):
        for place, values in enumerate(inputs[part]):
            said = {**meant(case_id, part, values, track), **_about(case_id, part, values, track)}
            columns = {FACT_COLUMNS[name]: value for name, value in said.items()}
            rows.append(
                StoredFact(
                    **owned(case_id, "fact", part, place),
                    track_id=track.pk if track else None,
                    round=track.round if track else 1,
                    fact=part,
                    action=act.action,
                    **{"handoff_id": handoff.pk if handoff else None, **columns},
                ),
            )
    if rows:
        informing.say_who(case_id, rows)
        StoredFact.objects.bulk_create(rows)
        update_fact_clocks(case_id, rows, track, running)
        informing.meet_informed(case_id, rows)
        stop_after_facts(case_id, rows, track)
    return [row.fact for row in rows]


AT_HOME = frozenset({"subject", "household_member", "minor"})
"""Roles of people who live at the address stored with them; Veilig Thuis may have to be told of each of them."""


def store_people(
    case_id: UUID,
    people: Sequence[Values],
    from_items: Sequence[UUID] = (),
    household: Household | None = None,
) -> list[PersonInCase]:
    """Store people in a case; those who live at the address stored with them join its household."""
    rows = [
        PersonInCase(
            **owned(case_id, "person", place, *from_items[place : place + 1]),
            household=household if values["role"] in AT_HOME else None,
            from_item_id=from_items[place] if from_items else None,
            birth_precision=precision_of(values.get("birth_date")),
            **values,
        )
        for place, values in enumerate(people)
    ]
    for row in rows:
        row.tokens = tokens_of(row.family_name, row.given_names, row.born)
    made = PersonInCase.objects.bulk_create(rows) if rows else []
    informing.owe_information(case_id, made)
    start_clock_of_children(case_id, made)
    return made


def store_apart(case_id: UUID, inputs: Inputs) -> None:
    """Store what lies apart within a record: who reported, and citizen service numbers where they may be held."""
    sources = [
        Source(
            **owned(case_id, "source", place),
            kind=_source_kind(values),
            capacity=values.get("capacity", ""),
            name=values.get("name", ""),
            contact=values.get("contact", ""),
            is_protected=values["protected"],
        )
        for place, values in enumerate(inputs.get("source", ()))
    ]
    if sources:
        Source.objects.bulk_create(sources)
        ask_to_inform_anew(case_id)
    numbers = []
    for place, values in enumerate(inputs.get("citizen_number", ())):
        if not holds_numbers():
            raise Malformed("citizen_number", "number", "not_held_here")
        if not is_citizen_number(values["number"]):
            raise Malformed("citizen_number", "number", "not_a_bsn")
        of = owned(case_id, "citizen_number", place)
        whose = meant(case_id, "citizen_number", values).get("person")
        numbers.append(CitizenNumber(**of, person_id=whose, number=values["number"]))
    if numbers:
        CitizenNumber.objects.bulk_create(numbers)


def _source_kind(values: Values) -> str:
    """Return of what kind a source is, as it was said or as follows from the capacity of who reports."""
    if not values.get("kind") and not values.get("capacity"):
        raise Malformed("source", "capacity", "required")
    return str(values.get("kind") or REPORTER_SOURCES.get(values["capacity"], "professional"))


def store_premises(case_id: UUID, addresses: Sequence[Values], from_items: Sequence[UUID] = ()) -> Household | None:
    """Store addresses, each with its household; answers the first household."""
    rows = [
        Premises(
            **owned(case_id, "premises", place, *from_items[place : place + 1]),
            from_item_id=from_items[place] if from_items else None,
            **values,
        )
        for place, values in enumerate(addresses)
    ]
    if not rows:
        return None
    for row in rows:
        row.address_keys = keys_of(*(getattr(row, name) for name in KEYED))
    Premises.objects.bulk_create(rows)
    homes = [
        Household(
            **owned(case_id, "household", row.pk), premises=row, label=f"{row.street} {row.number}".strip() or row.town
        )
        for row in rows
    ]
    return Household.objects.bulk_create(homes)[0]


def store_notes(case_id: UUID, notes: Sequence[Values], from_items: Sequence[UUID] = ()) -> list[Note]:
    """Store notes; a note is never changed afterwards. Intelligence is for police alone."""
    for values in notes:
        refuse_intelligence("note", values["kind"])
    if notes and not from_items:
        refuse_pieces([*latest_notes(case_id), *(values["text"] for values in notes)])
    rows = [
        Note(
            **owned(case_id, "note", place, *from_items[place : place + 1]),
            kind=values["kind"],
            text=values["text"],
            happened_on=values.get("date"),
            happened_precision=precision_of(values.get("date")),
            is_burdening=values.get("burdening", False),
            from_item_id=from_items[place] if from_items else None,
        )
        for place, values in enumerate(notes)
    ]
    return Note.objects.bulk_create(rows) if rows else []


RECENT = timedelta(days=7)
JUDGED_WITH = 20_000
"""How long before a note, and how many characters back, other notes are screened with it: what is cut in pieces is put
together by whoever reads on, and what lies further back must not make each note slower than the one before."""


def latest_notes(case_id: UUID) -> list[str]:
    """Return the texts of the newest notes of the own record, the oldest of them first."""
    rows = Note.objects.filter(case_id=case_id, agency_id=acting().actor.agency_id, made_at__gte=acting().moment - RECENT)
    found: list[str] = []
    left = JUDGED_WITH
    for text in rows.order_by("-made_at", "-id").values_list("text", flat=True).iterator(chunk_size=50):
        left -= len(text)
        if left < 0:
            break
        found.insert(0, text)
    return found


def refuse_intelligence(part: str, kind: str) -> None:
    """Refuse a kind of note that police alone may write."""
    if kind == INTELLIGENCE and acting().actor.kind is not AgencyKind.POLICE:
        raise Malformed(part, "kind", "only_police")


def store_checklist(track: Track, inputs: Inputs) -> None:
    """Store answers of the triage checklist."""
    rows = []
    for part, names in (("criteria", CRITERIA), ("exclusions", EXCLUSIONS)):
        for values in inputs.get(part, ()):
            rows += [
                Criterion(
                    **owned(track.case_id, "criterion", name),
                    track=track,
                    round=track.round,
                    code=name,
                    is_exclusion=part == "exclusions",
                    answer=values[name],
                    source=values[f"{name}_source"],
                    reason=values.get(f"{name}_reason", ""),
                )
                for name in names
            ]
    if rows:
        Criterion.objects.bulk_create(rows)


def store_visit(track: Track, inputs: Inputs, latest: Visit | None) -> Visit | None:
    """Store a visit's plan as a new visit (or as the plan of one not yet made), and a report on the latest one.

    `latest` is the latest visit of the track's round.
    """
    for plan in inputs.get("visit_plan", ()):
        columns = {
            "planned_on": plan["date"],
            "officers": plan["officers"],
            "plan_subject": plan["subject"],
            "plan_family": plan["family"],
            "plan_team": plan["team"],
            "planned_at": acting().moment,
        }
        if latest and not latest.is_reported:
            for name, value in columns.items():
                setattr(latest, name, value)
            latest.save(update_fields=tuple(columns), force_update=True)
            continue
        number = latest.number + 1 if latest else 1
        latest = Visit(**owned(track.case_id, "visit"), track=track, round=track.round, number=number, **columns)
        Visit.objects.bulk_create([latest])
    for report in inputs.get("visit_report", ()):
        if latest is None or latest.is_reported:
            raise Malformed("visit_report", "outcome", "no_visit_planned")
        _report(latest, report)
        stop_senseless(track.case_id, "visit_report", latest.outcome, track)
    return latest


def _report(visit: Visit, report: Values) -> None:
    _refuse_misfit(report)
    columns = {
        "outcome": report["outcome"],
        "reported_at": acting().moment,
        "visited_on": report["date"],
        "warned": report.get("warned", 0),
        "homes_searched": report.get("searched", 0),
        "data_carriers": report.get("carriers", 0),
        "arrests": report.get("arrested", 0),
        "is_cautioned": report["cautioned"],
    }
    for name, value in columns.items():
        setattr(visit, name, value)
    visit.save(update_fields=tuple(columns), force_update=True)


def _refuse_misfit(report: Values) -> None:
    """Refuse a report whose counts do not fit its outcome, or whose outcome this step cannot have."""
    outcome, action = report["outcome"], acting().action
    if action in TRACK_STEPS and action not in OUTCOME_OF[outcome].by:
        raise Malformed("visit_report", "outcome", "does_not_fit")
    counts = {name: report.get(name, 0) for name in ("warned", "searched", "carriers", "arrested")}
    if name := count_misfit(outcome, counts, cautioned=report["cautioned"]):
        raise Malformed("visit_report", name, "does_not_fit")


def end_attempt(visit: Visit | None) -> None:
    """Let a visit that was attempted be over, also where nothing more was reported: the next one is planned anew."""
    if visit is not None and not visit.is_reported:
        visit.reported_at = acting().moment
        visit.save(update_fields=("reported_at",), force_update=True)
