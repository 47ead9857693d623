"""Corrections of a record: the old value stays readable, and whatever rests on it follows the new one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery

from casework.access import CaseInReach
from casework.actions import records_write
from casework.actions.news import changes, replaced, tell
from casework.facts.first_steps import FirstStep, Stale
from casework.facts.track import TrackFacts
from casework.facts.track_days import Days, DaysOfCase
from casework.input.addresses import KEYED, keys_of
from casework.input.codes import ADULT_YEARS, CORRECTED
from casework.input.correction_parts import CORRECTABLE, CORRECTING, EMPTIABLE
from casework.input.dates import known_age, precision_of, written
from casework.input.person_names import tokens_of
from casework.input.read import Inputs, Malformed, Values, age_misfit, read_value
from casework.input.wording import in_words
from casework.models import Correction, Deadline, Household, PersonInCase, Premises, StoredFact, Track, owned
from casework.packages.items import FACT_GROUPS, Offer, freeze, offer_of_fact, offers_of, subject_of, thaw
from casework.people.children import YOUNGEST
from casework.terms import informing
from casework.terms.deadlines import follow_correction, reopen, update_clock_of_children
from casework.terms.outcomes import stop_after_facts, stop_senseless, undo_senseless
from permissions.acting import acting
from permissions.decision import Refused, decide
from permissions.models import User
from permissions.reasons import Reason, Rule
from permissions.vocabulary import Action
from workflows.calendars import day_of
from workflows.tracks import TRACKS

NOT_VALUES = frozenset({"person", "premises", "fact", "why", "explained", "emptied"})
"""Columns of a correction that say which row and why, not what it is."""
OF_FACT: Mapping[str, str] = {
    "code": "code", "said_by": "name", "name": "name", "date": "on_date", "until": "until_date", "yes": "is_so",
    "about": "person_id", "text": "text",
}  # fmt: skip
"""Where each column of a correction stands in a stored fact."""
COLUMN_OF = {"given_by": "said_by", "authority": "said_by", "court": "name", "number": "text", "person": "about"}
"""What a column of a fact is called in a correction, where it is called otherwise."""
NOTHING: Mapping[str, object] = {"birth_date": None, "estimated_age": None, "date": None, "until": None}
"""What stands where something is emptied; a word is emptied to nothing."""


def correct(reached: CaseInReach, inputs: Inputs, seen: int | None) -> dict[str, UUID]:
    """Correct rows of the acting agency's record; answers the row that stands now of each kind.

    `seen` is how many corrections there were when the page was drawn: raises Stale where somebody corrected since.
    """
    parts = [part for part in CORRECTING if part in inputs]
    if not parts:
        return {}
    _refuse_late(reached.case_id, seen)
    made: dict[str, UUID] = {}
    for part in parts:
        for place, values in enumerate(inputs[part]):
            before = offers_of(reached.case_id, acting().actor.agency_id)
            kind, row_id = _CORRECTORS[part](reached, place, values, before)
            made[kind] = row_id
    _mark_edited(reached.case_id)
    return made


def _own(case_id: UUID) -> dict[str, Any]:
    return {"case_id": case_id, "agency_id": acting().actor.agency_id}


def _refuse_late(case_id: UUID, seen: int | None) -> None:
    rows = Correction.objects.filter(**_own(case_id))
    found = rows.count() if seen is not None else 0
    if seen is None or found == seen:
        return
    name = User.objects.filter(pk=OuterRef("made_by_id")).values("full_name")[:1]
    last = rows.annotate(who=Subquery(name)).order_by("-made_at", "-id").first()
    words = ((last.label, in_words(thaw(last.became))),) if last else ()
    first = FirstStep(last.who or "", Action.WRITE_RECORD, CORRECTED, last.made_at, words) if last else None
    raise Stale(found, first)


def _mark_edited(case_id: UUID) -> None:
    """Let whoever corrected be the last editor of the agency's open tracks: they approve nothing of it themselves."""
    for track in Track.objects.filter(**_own(case_id)):
        if track.state not in TRACKS[track.kind].final and track.editor_id != acting().actor.person_id:
            track.editor_id = acting().actor.person_id
            track.save(update_fields=("editor_id",), force_update=True)


@dataclass(frozen=True, slots=True)
class _Values:
    """What the columns that change were, and what they become."""

    was: Mapping[str, Any]
    now: Mapping[str, Any]


def _store_correction(row: PersonInCase | Premises | StoredFact, place: int, values: Values, changed: _Values) -> Correction:
    """Store what a row was, what it became and why."""
    kind = _KIND_OF[type(row)]
    made = Correction(
        **owned(row.case_id, "correction", kind, place),
        kind=kind,
        row_id=row.pk,
        label=getattr(row, "role", "") or getattr(row, "fact", "") or kind,
        why=values["why"],
        explained=values.get("explained", ""),
        was=freeze({name: _said(value) for name, value in changed.was.items()}),
        became=freeze({name: _said(value) for name, value in changed.now.items()}),
    )
    return Correction.objects.bulk_create([made])[0]


def _said(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return written(value) if isinstance(value, date) else value


def _new_values(part: str, values: Values) -> dict[str, Any]:
    """Return what each column is to be: what was filled in, and what was emptied."""
    found = {name: value for name, value in values.items() if name not in NOT_VALUES}
    for name in values.get("emptied", ()):
        if name not in EMPTIABLE[part] or name in found:
            raise Malformed(part, "emptied", "not_emptied")
        found[name] = NOTHING.get(name, "")
    return found


def _differing(part: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> _Values:
    """Return the columns that change; a correction that changes nothing is refused."""
    found = [name for name in now if _said(now[name]) != _said(was[name])]
    if not found:
        raise Malformed(part, "why", "changes_nothing")
    return _Values({name: was[name] for name in found}, {name: now[name] for name in found})


def _person(reached: CaseInReach, place: int, values: Values, before: list[Offer]) -> tuple[str, UUID]:
    part, case_id = "person_correction", reached.case_id
    row = PersonInCase.objects.filter(pk=values["person"], **_own(case_id)).first()
    if row is None:
        raise Malformed(part, "person", "no_such_person")
    given = _new_values(part, values)
    was = {name: row.born if name == "birth_date" else getattr(row, name) for name in given}
    changed = _differing(part, was, given)
    for name, value in changed.now.items():
        setattr(row, name, value)
    _refuse_nameless(changed, row)
    _refuse_other_age(changed, row)
    if "birth_date" in changed.now:
        row.birth_precision = precision_of(given["birth_date"])
    if "role" in changed.now or _is_younger(changed, row):
        row.role_since = acting().moment
    if "role" in changed.now:
        row.household_id = row.household_id if row.role in records_write.AT_HOME else None
    row.tokens = tokens_of(row.family_name, row.given_names, row.born)
    columns = {"birth_precision", "role_since", "household", "tokens", *changed.now}
    row.save(update_fields=columns, force_update=True)
    cause = _store_correction(row, place, values, changed)
    if "role" in changed.now and was["role"] == "subject":
        _follow_role(row)
    if {"role", "birth_date", "estimated_age"} & set(changed.now):
        update_clock_of_children(case_id)
    tell(case_id, cause.pk, changes(before, offers_of(case_id, acting().actor.agency_id)))
    return "person", row.pk


def _is_younger(changed: _Values, row: PersonInCase) -> bool:
    """Whether somebody turns out to be a child, or too young to be warned: from now on they are known to be."""
    if not {"birth_date", "estimated_age"} & set(changed.now):
        return False
    today = day_of(acting().moment)
    was = {"birth_date": row.birth_date, "estimated_age": row.estimated_age, **changed.was}
    before = known_age(was["birth_date"], was["estimated_age"], today)
    after = known_age(row.birth_date, row.estimated_age, today)
    return after is not None and any(after < age and (before is None or before >= age) for age in (YOUNGEST, ADULT_YEARS))


def _refuse_nameless(changed: _Values, row: PersonInCase) -> None:
    """Refuse to empty somebody's last remaining name: nobody could find them any more."""
    if {"family_name", "given_names"} & set(changed.now) and not (row.family_name or row.given_names):
        raise Malformed("person_correction", "emptied", "not_emptied")


def _refuse_other_age(changed: _Values, row: PersonInCase) -> None:
    """Refuse an estimated age that the birth date makes superfluous or untrue, once both are corrected."""
    if {"birth_date", "estimated_age"} & set(changed.now):
        born = changed.now.get("birth_date", row.born)
        if why := age_misfit(born, row.estimated_age):
            raise Malformed("person_correction", "estimated_age", why)


def _follow_role(row: PersonInCase) -> None:
    """Leave no warning about somebody who is no subject any more."""
    for track in Track.objects.filter(subject_id=row.pk, kind="warning", **_own(row.case_id)):
        track.subject = None
        track.save(update_fields=("subject",), force_update=True)


def _premises(reached: CaseInReach, place: int, values: Values, before: list[Offer]) -> tuple[str, UUID]:
    part, case_id = "premises_correction", reached.case_id
    row = Premises.objects.filter(pk=values["premises"], **_own(case_id)).first()
    if row is None:
        raise Malformed(part, "premises", "no_such_premises")
    given = _new_values(part, values)
    was = {name: getattr(row, name) for name in given}
    changed = _differing(part, was, given)
    for name, value in changed.now.items():
        setattr(row, name, value)
    row.address_keys = keys_of(*(getattr(row, name) for name in KEYED))
    row.save(update_fields={"address_keys", *changed.now}, force_update=True)
    label = f"{row.street} {row.number}".strip() or row.town
    Household.objects.filter(premises=row, **_own(case_id)).update(label=label)
    cause = _store_correction(row, place, values, changed)
    tell(case_id, cause.pk, changes(before, offers_of(case_id, acting().actor.agency_id)))
    return "premises", row.pk


def _fact(reached: CaseInReach, place: int, values: Values, __: list[Offer]) -> tuple[str, UUID]:
    part, case_id = "fact_correction", reached.case_id
    old = StoredFact.objects.filter(pk=values["fact"], fact__in=CORRECTABLE, **_own(case_id)).first()
    if old is None:
        raise Malformed(part, "fact", "no_such_fact")
    _refuse_of_others(reached, old)
    given = _new_values(part, values)
    was = {name: getattr(old, OF_FACT[name]) for name in given}
    changed = _differing(part, was, given)
    said = _read_as(old, changed.now)
    new = _in_place_of(old, said, owned(case_id, "fact", part, place)["id"])
    _fit(case_id, new)
    cause = _store_correction(old, place, values, _Values(_named(case_id, changed.was), _named(case_id, said)))
    _follow_fact(case_id, old, new)
    if new.fact in FACT_GROUPS:
        tell(case_id, cause.pk, replaced(case_id, offer_of_fact(new, subject_of(new))))
    return "fact", new.pk


def _refuse_of_others(reached: CaseInReach, row: StoredFact) -> None:
    """Refuse to correct what a step stored that this person may not take: a decision is corrected by who may decide."""
    act = acting()
    if row.action in set(Action) and not any(
        decide(role, Action(row.action), reached.relation, act.moment).allowed for role in act.actor.roles
    ):
        raise Refused(Reason(Rule.OF_A_STEP, act.action))


def _read_as(row: StoredFact, given: Mapping[str, Any]) -> dict[str, Any]:
    """Read the new values by the reader of the fact itself: its codes, its bounds and what its dates mean."""
    columns = {COLUMN_OF.get(column.name, column.name): column for column in CORRECTABLE[row.fact]}
    found = {}
    for name, value in given.items():
        column = columns.get(name)
        if column is None:
            raise Malformed("fact_correction", name, "not_of_this_fact")
        try:
            read = read_value("fact_correction", column, value)
        except Malformed as error:
            raise Malformed("fact_correction", name, error.why, error.detail, error.over) from error
        found[name] = NOTHING.get(name, "") if read is None else read
    return found


def _in_place_of(old: StoredFact, said: Mapping[str, Any], made: UUID) -> StoredFact:
    """Store the corrected fact at the moment of the old one, which no longer counts."""
    if said.get("about") and not PersonInCase.objects.filter(pk=said["about"], **_own(old.case_id)).exists():
        raise Malformed("fact_correction", "about", "no_such_person")
    columns = {field.attname: getattr(old, field.attname) for field in StoredFact._meta.concrete_fields}  # noqa: SLF001 - Django's own way to a model's fields
    columns |= {OF_FACT[name]: value for name, value in said.items()}
    new = StoredFact(**{**columns, "id": made, "made_by_id": acting().actor.person_id})
    StoredFact.objects.bulk_create([new])
    StoredFact.objects.filter(pk=old.pk).update(replaced_by_id=new.pk)
    return new


def _fit(case_id: UUID, new: StoredFact) -> None:
    """Refuse what cannot have been on that day, or cannot stand beside what is stored."""
    track = Track.objects.filter(pk=new.track_id).first() if new.track_id else None
    facts = TrackFacts(track, acting().action) if track else None
    bounds = Days(facts) if facts else DaysOfCase(case_id)
    if misfit := bounds.misfit(new.fact, new.on_date, new.until_date):
        raise Malformed("fact_correction", "date", misfit)
    if facts and new.round == facts.track.round and (unfit := facts.excluded_of([new.fact])):
        raise Malformed("fact_correction", "text" if unfit == "say_why" else "code", unfit)


def _named(case_id: UUID, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values, with the name of the person whom the fact is about instead of their id."""
    if not values.get("about"):
        return dict(values)
    row = PersonInCase.objects.filter(pk=values["about"], **_own(case_id)).first()
    return {**values, "about": row.name if row else ""}


def _follow_fact(case_id: UUID, old: StoredFact, new: StoredFact) -> None:
    """Let the terms follow: those of the fact's track, and those of the person whom it is about."""
    track = Track.objects.filter(pk=new.track_id).first() if new.track_id else None
    follow_correction(case_id, old, new, track)
    if (old.fact, old.code, old.person_id) == (new.fact, new.code, new.person_id):
        return
    if old.fact == "subject_informed" and old.person_id:
        reopen(Deadline.objects.filter(clock=informing.CLOCK, person_id=old.person_id, **_own(case_id)), old.made_at)
        informing.meet_informed(case_id, [new])
    undo_senseless(case_id, old, track)
    stop_after_facts(case_id, [new], track)
    if new.fact == "review_outcome" and track is not None:
        stop_senseless(case_id, new.action, new.code, track)


_KIND_OF = {PersonInCase: "person", Premises: "premises", StoredFact: "fact"}
_CORRECTORS = {"person_correction": _person, "premises_correction": _premises, "fact_correction": _fact}
