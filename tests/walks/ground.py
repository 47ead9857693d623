"""The ground under a walk: a track placed in a state, and each fact of its step given or left out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from casework.actions.perform import perform
from casework.facts.told import tells_of_track
from casework.facts.track import APPROVED_AS_IT_WAS
from casework.input.codes import reasons_of
from casework.input.fact_parts import FACT_PARTS
from casework.input.parts import parts_for
from casework.input.schema import Column, Kind
from permissions.installing import system_actor
from permissions.vocabulary import Action, Role
from tests.world import NECESSARY, PERSON, PLAN, PREMISES, REPORT, World, another, checklist

WORDS = "Een verzonnen toelichting van genoeg woorden."
AFTER_VISIT = {"visit_done", "youth_decision", "warned", "follow_up"}
CLOSING_DECISIONS = {"close_unwarned": "halt"}
OUTCOMES_OF_STEPS: dict[str, dict[str, Any]] = {
    "close_unwarned": {"outcome": "nobody_home", "date": "today", "cautioned": "no"},
    "retarget": {"outcome": "subject_lives_elsewhere", "date": "today", "cautioned": "no"},
}
"""Reports of visits from which these steps go on: after a warning they are closed."""
WARNED: dict[str, Any] = {"outcome": "warned", "date": "today", "warned": 1, "cautioned": "yes"}
OUTCOME_OF_STEP = {"assess": "conditions", "conclude": "confirmed"}
ANSWERS = checklist()


def given(fact: str, walk: "Walk") -> dict[str, Any]:  # noqa: PLR0911 - what gives each fact
    """Return the parts that give a fact in the very step."""
    day = {"date": "today"}
    if fact == "reason":
        return {"reason": {"code": reasons_of(walk.action)[-1], "text": WORDS}}
    if fact in ANSWERS:
        return {fact: ANSWERS[fact]}
    if fact == "no_exclusion":
        return {"exclusions": ANSWERS["exclusions"]}
    if fact.startswith("visit_") and fact in {"visit_date", "visit_team", "visit_safety_plan"}:
        return PLAN
    if fact == "youth_prosecutor_decision":
        return {fact: {"name": "Jeugdofficier", "code": CLOSING_DECISIONS.get(walk.action, "warning"), **day}}
    if fact == "outcome_code":
        return {fact: {"code": OUTCOME_OF_STEP[walk.action]}}
    if fact == "new_signal":
        elsewhere = walk.world.opened("wim" if walk.is_at_veilig_thuis else "lies").made["case"]
        return {fact: {"case": elsewhere, "text": WORDS}}
    if fact == "consent_by_right_person":
        return {"consent": GIVES["consent"]}
    if fact in GIVES:
        return {fact: GIVES[fact]}
    is_stored = fact in FACT_PARTS and fact not in GROUND and fact not in tells_of_track.methods
    return {fact: {column.name: _value(column) for column in FACT_PARTS[fact]}} if is_stored else {}


def _value(column: Column) -> str:
    """Return something that a column of a stored fact takes."""
    if column.kind is Kind.CODE:
        return column.choices[0]
    return {Kind.DATE: "today", Kind.YES: "yes"}.get(column.kind, WORDS)


GIVES: dict[str, Any] = {
    "question": {"code": "content", "text": WORDS},
    "trigger": {"code": "threat_to_self", "text": WORDS},
    "sender_informed": {"date": "today"},
    "guardian_plan": {"text": WORDS, "date": "today"},
    "visit_report": REPORT["visit_report"],
    "help_offer": {"code": "card", "date": "today"},
    "offer_form": {"code": "card", "date": "today"},
    "information_form": {"code": "card", "date": "today"},
    "welfare_call": {"code": "made", "date": "today"},
    "review_outcome": {"code": "stable", "date": "today"},
    "child_check": {"code": "none"},
    "investigation_reference": {"name": "2026-PROEF-1"},
    "acute": {"code": "child_at_risk", "text": WORDS},
    "acute_checked": {"yes": "no", "text": WORDS},
    "acute_action_recorded": {"text": WORDS, "name": "Huisarts Voorbeeld"},
    "outside_domain": {"text": WORDS, "date": "today"},
    "reporter_informed": {"date": "today", "code": "direct"},
    "assessment": {"code": "unsafe", "text": WORDS},
    "safety_conditions": {"text": WORDS, "date": "today"},
    "investigation_plan": {"text": WORDS, "date": "today"},
    "monitoring_schedule": {"code": "three_and_twelve_months", "date": "today"},
    "monitoring_outcome": {"code": "safe", "date": "today"},
    "stable_safety": {"code": "stable", "date": "today", "text": WORDS},
    "needs": {"code": "practical", "text": WORDS},
    "notification_wish": {"code": "wants_to_know"},
    "consent": {"code": "help", "given_by": "self", "date": "today"},
    "start_date": {"date": "today"},
}


@dataclass
class Walk:
    """One row on ground of its own: a case, and a track or handoff that stands in the row's state."""

    world: World
    track: str
    source: str
    action: Action
    who: str
    needs: tuple[str, ...]
    case: UUID = field(default_factory=uuid4)
    target: UUID = field(default_factory=uuid4)
    without: str = ""

    @property
    def is_at_veilig_thuis(self) -> bool:
        return self.track == "safety"

    def sql(self, query: str, *values: object) -> None:
        """Plant what no act makes: as the superuser, without triggers."""
        with self.world.superuser.transaction():
            self.world.superuser.execute("SET LOCAL session_replication_role = replica")
            self.world.superuser.execute(query, values)

    def act(
        self, who: str, action: Action, on: UUID, content: dict[str, Any] | None = None, version: int | None = None
    ) -> Any:
        return perform(self.actor(who), action, on, content, version=version)

    def actor(self, who: str) -> Any:
        if who in {"courier", "scheduler"}:
            return system_actor(Role(who), self.world.agency("wim" if who == "courier" else "lies"))
        return self.world.people[who]

    def lay(self) -> "Walk":
        """Lay the ground, with everything but the fact that is left out."""
        HANDOFF.lay(self) if self.track == "handoff" else _lay_track(self)
        for fact in self.needs:
            make, spoil = GROUND.get(fact, (None, None))
            if fact == self.without and spoil:
                spoil(self)
            elif fact != self.without and make:
                make(self)
        for fact in APPROVED_AS_IT_WAS & set(self.needs) - {self.without} if "four_eyes" in self.needs else ():
            self.write(**given(fact, self))
        if "four_eyes" in self.needs and self.without != "four_eyes":
            asks, approves = ("wim", "vera") if self.is_at_veilig_thuis else ("dirk", "saskia")
            self.act(asks, Action.ASK_APPROVAL, self.target, {"approval": {"action": self.action, "text": WORDS}})
            self.act(approves, Action.APPROVE, self.target)
        return self

    def step(self, *, empty: bool = False) -> Any:
        """Take the step, with what gives its facts in the same act; or with nothing."""
        return self.act(self.who, self.action, self.target, self.content(empty=empty))

    def content(self, *, empty: bool = False) -> dict[str, Any]:
        """What gives the facts of the step in the same act; or nothing."""
        content: dict[str, Any] = {}
        approved = APPROVED_AS_IT_WAS if "four_eyes" in self.needs else frozenset()
        for fact in () if empty else (need for need in self.needs if need not in approved):
            parts = given(fact, self)
            if fact != self.without:
                content |= {part: values for part, values in parts.items() if part in parts_for(self.action)}
        for part in given(self.without, self) if self.without not in SPOILED_GIVEN else ():
            content.pop(part, None)
        if self.without == "visit_team":
            content["visit_plan"] = {**PLAN["visit_plan"], "officers": ["Agent Een"]}
        if self.without == "visit_scheduled":
            content.pop("visit_report", None)
        if "subject_changed" in self.needs and self.without != "subject_changed":
            content["person"] = PERSON
        return content

    def state(self) -> str:
        table = "casework_handoff" if self.track == "handoff" else "casework_track"
        return str(self.world.rows(f"SELECT state FROM {table} WHERE id = %s", self.target)[0][0])

    def place(self, state: str) -> None:
        table = "casework_handoff" if self.track == "handoff" else "casework_track"
        self.sql(f"UPDATE {table} SET state = %s WHERE id = %s", state, self.target)

    def own_handoff(self, state: str) -> None:
        """Plant a handoff of this track in a state."""
        if self.is_at_veilig_thuis:
            package = {
                "kind": "transfer",
                "receiver": self.world.agency("joke"),
                "basis": "WMO_4_1_1_2D",
                "items": ["identity"],
            }
            content = {"package": {**package, "source_protected": "yes", **NECESSARY}}
            handoff = self.act("wim", Action.PREPARE_HANDOFF, self.case, content).id
        else:
            handoff = self.world.package(self.case)
        self.sql("UPDATE casework_handoff SET state = %s, track_id = %s WHERE id = %s", state, self.target, handoff)
        if state not in {"prepared", "checked"}:
            self.sql(
                "INSERT INTO casework_steptaken (id, case_id, agency_id, made_by_id, made_at, handoff_id, action, source,"
                " target, role) SELECT gen_random_uuid(), case_id, sender_id, editor_id, now(), id, 'send_handoff',"
                " 'checked', 'sent', 'caseworker' FROM casework_handoff WHERE id = %s",
                handoff,
            )

    def born(self, years: int) -> None:
        self.sql(
            "UPDATE casework_personincase SET birth_date = current_date - make_interval(years => %s) WHERE case_id = %s",
            years,
            self.case,
        )

    def write(self, **parts: Any) -> None:
        who = "wim" if self.is_at_veilig_thuis else "lies"
        self.act(who, Action.WRITE_RECORD, self.target, parts)


SPOILED_GIVEN = frozenset({"visit_team", "consent_by_right_person", "new_signal_of_another"})
"""Facts that are left out by spoiling what they rest on, while their part is given."""


def _somebody_else(walk: Walk) -> dict[str, Any]:
    """Whom a walk is about that rests on a visit: the same man is not warned again unasked."""
    if walk.track != "help" and walk.source not in AFTER_VISIT:
        return {}
    walk.world.tracks += 1
    more = another(walk.world.tracks)
    names = {name: f"{PERSON[name]}{more}" for name in ("family_name", "given_names")}
    return {"person": {**PERSON, **names}, "premises": {**PREMISES, "number": f"2{walk.world.tracks}"}}


def _lay_track(walk: Walk) -> None:
    world = walk.world
    if walk.action == Action.DROP_REPORT:
        case, _ = world.track()
        handoff = world.delivered(case)
        walk.case = case
        walk.target = world.rows("SELECT id FROM casework_track WHERE began_by_handoff_id = %s", handoff)[0][0]
        world_state = "delivered" if walk.without == "handoff_failed" else "refused"
        walk.sql("UPDATE casework_handoff SET state = %s WHERE id = %s", world_state, handoff)
        walk.place(walk.source)
        return
    done = world.opened("wim" if walk.is_at_veilig_thuis else "lies", **_somebody_else(walk))
    walk.case = done.made["case"]
    if walk.track == "help":
        walk.target = _begin_help(walk)
    elif walk.track == "victim":
        person = {"person": {**PERSON, "role": "possible_victim"}}
        walk.target = walk.act("lies", Action.IDENTIFY_VICTIM, walk.case, person).made["victim"]
    else:
        walk.target = done.made[walk.track]
    walk.place(walk.source)
    if walk.track == "warning" and walk.source in AFTER_VISIT:
        _plan_visit(walk, walk.target)
        _report(walk, OUTCOMES_OF_STEPS.get(walk.action) or WARNED)
        walk.place(walk.source)


def _plan_visit(walk: Walk, track: UUID) -> None:
    """Have a visit planned, as its own step before the state that is walked from would: here no step leads to it."""
    walk.sql("UPDATE casework_track SET state = 'visit_planned' WHERE id = %s", track)
    walk.sql(
        "INSERT INTO casework_visit (id, case_id, agency_id, made_by_id, made_at, track_id, round, number, planned_on,"
        " officers, plan_subject, plan_family, plan_team, outcome, warned, homes_searched, data_carriers, arrests,"
        " planned_at)"
        " SELECT gen_random_uuid(), case_id, agency_id, made_by_id, now(), id, round, 1, current_date, ARRAY['Een', 'Twee'],"
        " 'Plan', 'Plan', 'Plan', '', 0, 0, 0, 0, now() FROM casework_track WHERE id = %s",
        track,
    )


def _report(walk: Walk, report: dict[str, Any]) -> None:
    """Have a visit told of that was planned, and nothing else of it: what else is needed is laid or left out apart."""
    columns = ("outcome", "visited_on", "warned", "is_cautioned")
    values = (report["outcome"], date.today(), report.get("warned", 0), report["cautioned"] == "yes")  # noqa: DTZ011 - a day
    changes = ", ".join(f"{column} = %s" for column in columns)
    query = f"UPDATE casework_visit SET reported_at = now(), {changes} WHERE track_id = %s"
    walk.sql(query, *values, walk.target)


def _begin_help(walk: Walk) -> UUID:
    warning = walk.world.rows("SELECT id FROM casework_track WHERE case_id = %s", walk.case)[0][0]
    _plan_visit(walk, warning)
    return UUID(str(walk.act("lies", Action.RECORD_VISIT, warning, REPORT).made["help"]))


class HANDOFF:
    """Handoffs of police to Veilig Thuis: what the receiver has begun lies on their desk in fact."""

    OWN = frozenset({"prepared", "checked", "sent"})

    @staticmethod
    def lay(walk: Walk) -> None:
        case, _ = walk.world.track()
        walk.case = case
        if walk.source in HANDOFF.OWN:
            walk.target = walk.world.package(case)
        else:
            walk.target = walk.world.delivered(case)
            walk.act("wim", Action.ACKNOWLEDGE_HANDOFF, walk.target)
        walk.place(walk.source)


def _people(*changes: str) -> Callable[[Walk], None]:
    def change(walk: Walk) -> None:
        for query in changes:
            walk.sql(query, walk.case)

    return change


def _of_target(query: str) -> Callable[[Walk], None]:
    return lambda walk: walk.sql(query, walk.target)


def _writes(**parts: Any) -> Callable[[Walk], None]:
    return lambda walk: walk.write(**parts)


def _no_basis(walk: Walk) -> None:
    table = "casework_handoff" if walk.track == "handoff" else "casework_track"
    walk.sql(f"UPDATE {table} SET basis = 'GDPR_CONSENT' WHERE id = %s", walk.target)


def _ended(walk: Walk, state: str) -> None:
    if walk.action != Action.DROP_REPORT:
        walk.own_handoff(state)


def _warned_before(walk: Walk) -> None:
    walk.world.track("warned")


def _large(walk: Walk) -> None:
    walk.write(exclusions={**ANSWERS["exclusions"], "large_scale_or_repeat_reports": "yes"})


def _reviews(walk: Walk) -> None:
    walk.sql(
        "INSERT INTO casework_deadline (id, case_id, agency_id, track_id, clock, moment, rule_version, started_at, due_at,"
        " met_at) SELECT gen_random_uuid(), case_id, agency_id, id, 'FOLLOW_UP', 0, '-', moved_at, moved_at, moved_at"
        " FROM casework_track WHERE id = %s",
        walk.target,
    )


def _not_the_editor(walk: Walk) -> None:
    walk.sql("UPDATE casework_handoff SET editor_id = %s WHERE id = %s", walk.world.karin.person_id, walk.target)


def _no_longer_receives(walk: Walk) -> None:
    walk.sql("UPDATE permissions_agency SET is_desk_open = false WHERE group_id = %s", walk.world.agency("wim"))


NOBODY = (
    "UPDATE casework_track SET subject_id = NULL WHERE case_id = %s",
    "DELETE FROM casework_personincase WHERE case_id = %s",
    "DELETE FROM casework_household WHERE case_id = %s",
    "DELETE FROM casework_premises WHERE case_id = %s",
)
Ground = Callable[[Walk], None] | None
GROUND: dict[str, tuple[Ground, Ground]] = {
    "legal_basis": (None, _no_basis),
    "handoff_failed": (lambda walk: _ended(walk, "refused"), lambda walk: _ended(walk, "sent")),
    "target": (None, _people(*NOBODY)),
    "sender_informed": (_of_target("UPDATE casework_track SET began_by_handoff_id = gen_random_uuid() WHERE id = %s"),) * 2,
    "prior_warning_checked": (None, _warned_before),
    "search_decided": (_writes(exclusions=ANSWERS["exclusions"]), _large),
    "visit_scheduled": (lambda walk: _plan_visit(walk, walk.target), None),
    "search_settled": (None, _of_target("UPDATE casework_visit SET homes_searched = 1 WHERE track_id = %s")),
    "seizure_settled": (None, _of_target("UPDATE casework_visit SET data_carriers = 2 WHERE track_id = %s")),
    "subject_minor": (lambda walk: walk.born(15), None),
    "subject_adult": (None, lambda walk: walk.born(15)),
    "subject_identified": (None, _people("UPDATE casework_personincase SET birth_date = NULL WHERE case_id = %s")),
    "reviews_done": (_reviews, None),
    "child_check_settled": (_writes(child_check={"code": "none"}), _writes(child_check={"code": "unknown"})),
    "handoffs_settled": (None, lambda walk: walk.own_handoff("sent")),
    "handoff_sent": (lambda walk: walk.own_handoff("sent"), lambda walk: walk.own_handoff("prepared")),
    "handoff_started": (lambda walk: walk.own_handoff("started"), lambda walk: walk.own_handoff("accepted")),
    "retention_allows": (
        None,
        _of_target("UPDATE casework_track SET made_at = made_at - interval '400 days' WHERE id = %s"),
    ),
    "subjects_informed_or_planned": (None, _people("DELETE FROM casework_deadline WHERE case_id = %s")),
    "subject_data_removed": (None, lambda walk: walk.own_handoff("checked")),
    "consent_by_right_person": (None, lambda walk: walk.born(14)),
    "necessity": (None, _of_target("UPDATE casework_handoff SET why_now = '' WHERE id = %s")),
    "fields_allowed": (None, _of_target("DELETE FROM casework_packageitem WHERE handoff_id = %s")),
    "source_protected": (None, _of_target("UPDATE casework_handoff SET is_source_protected = false WHERE id = %s")),
    "other_person": (None, _not_the_editor),
    "recipient_active": (None, _no_longer_receives),
    "agreement_valid": (None, lambda walk: walk.sql("DELETE FROM permissions_sharingagreement")),
    "term_passed": (
        _of_target("UPDATE casework_deadline SET due_at = started_at WHERE handoff_id = %s AND clock = 'HANDOFF_EXPIRY'"),
        None,
    ),
}
"""How each fact that follows from other rows is made, and how it is spoiled; the others come with the step or not at all."""
