"""The parts that are facts: each is stored as a row, and read back as the fact of its name (docs/law.md section 2)."""

from collections.abc import Mapping
from types import MappingProxyType

from casework.input import codes
from casework.input.fields import LONGEST
from casework.input.schema import Column, Kind, code, day, planned, short, text, until, yes
from workflows.schedules import SCHEDULE_CODES

WHY = text(least=20)
HELP_KIND = code(*codes.HELP_KINDS, required=False, name="help_kind")
REPORT = text(most=LONGEST)
FACT_PARTS: Mapping[str, tuple[Column, ...]] = MappingProxyType(
    {
        "reason": (code(), WHY),
        "question": (code("content", "basis", "person", "other"), WHY),
        "trigger": (code(*codes.TRIGGERS), WHY),
        "sender_informed": (day(),),
        "prior_warning_checked": (yes(required=False), day(required=False)),
        "prior_warning_answer": (code(*codes.HIT_ANSWERS), WHY, Column("case", Kind.ROW, required=False)),
        "prosecutor_approval": (short(), day(), code("prosecutor", "youth_prosecutor")),
        "youth_prosecutor_decision": (short(), day(), code("warning", "halt", "prosecution", "no_action")),
        "known_children_checked": (yes(), day(), text(required=False)),
        "search_decided": (
            code("warn_and_search", "visit_without_search"),
            code("order", "written_consent", required=False, name="authority"),
            day(),
            text(required=False),
        ),
        "guardian_plan": (REPORT, planned(required=False)),
        "child_check": (code(*codes.CHILD_CHECK), text(required=False)),
        "no_concern_report": (WHY,),
        "handoff_given_up": (Column("handoff", Kind.ROW), code(*codes.GIVEN_UP), WHY),
        "correction_handled": (Column("handoff", Kind.ROW), code(*codes.HANDLED), text(required=False)),
        "correction_given_up": (Column("handoff", Kind.ROW), code(*codes.NOT_TOLD), WHY),
        "search_authority": (code("order", "written_consent"), day()),
        "seizure": (code("examined_returned", "examined_forfeited", "nothing_found"), day()),
        "help_offer": (code(*codes.FORMS), day()),
        "offer_form": (code(*codes.FORMS), day(), HELP_KIND),
        "information_form": (code(*codes.FORMS), day()),
        "welfare_call": (code("made", "attempted", "attempted_twice"), day(), day("again", required=False)),
        "review_outcome": (
            code("stable", "worries", "no_contact", "help_started", "moved"),
            day(),
            text(required=False),
        ),
        "investigation_reference": (short(most=40),),
        "new_signal": (Column("case", Kind.CASE), REPORT),
        "retention_check": (yes(), day()),
        "acute": (code("as_reported", "child_at_risk", "threat_to_self", "violence_now"), WHY),
        "acute_checked": (yes(), text(required=False)),
        "acute_action_recorded": (REPORT, short()),
        "outside_domain": (text(), day()),
        "reporter_informed": (day(), code("direct", "protected_channel", "no_reporter")),
        "subject_informed": (day(), Column("person", Kind.PERSON, required=False)),
        "informing_postponed": (WHY,),
        "assessment": (code("unsafe", "partly_safe", "safe"), REPORT),
        "outcome_code": (
            code("investigation", "conditions", "transfer", "confirmed", "not_confirmed", "no_abuse", "ended"),
        ),
        "safety_conditions": (REPORT, planned()),
        "investigation_plan": (REPORT, planned()),
        "monitoring_schedule": (code(*SCHEDULE_CODES), planned()),
        "review_schedule": (code(*SCHEDULE_CODES), planned()),
        "person_gone": (
            Column("person", Kind.PERSON),
            code("deceased", "moved_unknown", "merged"),
            WHY,
            Column("into", Kind.PERSON, required=False),
        ),
        "monitoring_outcome": (code("safe", "partly_safe", "unsafe"), day(), text(required=False)),
        "stable_safety": (code("stable"), day(), REPORT),
        "needs": (code(*codes.HELP_KINDS, "none"), REPORT),
        "notification_wish": (code("wants_to_know", "does_not_want", "not_asked_yet"),),
        "consent": (
            code("help", "sharing", "help_and_sharing"),
            code("self", "representative", "self_and_representative", name="given_by"),
            day(),
            until(required=False),
            Column("receiver", Kind.AGENCY, required=False),
            Column("person", Kind.PERSON, required=False),
            text(required=False),
            HELP_KIND,
        ),
        "consent_withdrawn": (day(), Column("person", Kind.PERSON, required=False), text(required=False), HELP_KIND),
        "supervision_order": (
            short("court"),
            short("number", required=False, most=40),
            day(),
            until(),
            Column("person", Kind.PERSON, required=False),
        ),
        "report": (code(*codes.OCCASIONS, required=False), short(required=False, most=40)),
        "known_here": (code(*codes.JOINING), text(), Column("case", Kind.ROW, required=False)),
        "start_date": (planned(), HELP_KIND),
    },
)
"""Parts that become rows of StoredFact, each named as the fact it is read back as."""

PART_OF_FACT: Mapping[str, str] = MappingProxyType(
    {
        **{name: name for name in FACT_PARTS},
        "legal_basis": "basis",
        "criteria": "criteria",
        "no_exclusion": "exclusions",
        "visit_date": "visit_plan",
        "visit_team": "visit_plan",
        "visit_safety_plan": "visit_plan",
        "visit_report": "visit_report",
        "prior_warning_checked": "prior_warning_answer",
        "search_settled": "search_authority",
        "seizure_settled": "seizure",
        "child_check_settled": "no_concern_report",
        "subjects_informed_or_planned": "subject_informed",
        "consent_by_right_person": "consent",
        "retention_allows": "retention_check",
    },
)
"""Which part, once stored, is read back as this fact; facts not listed follow from other rows."""
