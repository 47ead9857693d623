"""The codes that people choose from (domain codes; each list is data, dated by CODES_VERSION)."""

from permissions.bases import LIMITS

CODES_VERSION = "2026-1"

ADULT_YEARS = 18
PERSON_ROLES = ("subject", "household_member", "minor", "possible_victim", "guardian", "contact")
VISIT_OUTCOMES = (
    "warned",
    "warned_and_search",
    "search_only",
    "nobody_home",
    "wrong_address",
    "subject_lives_elsewhere",
    "subject_deceased",
    "converted_to_investigation",
    "arrest",
    "refused_entry",
)
WARNED_OUTCOMES = ("warned", "warned_and_search")
"""Outcomes of a visit that say that somebody was warned."""
CRITERIA = ("known_material_only", "small_amount", "not_spread", "first_time")
EXCLUSIONS = (
    "contact_abuse_indication",
    "new_material_or_unknown_victim",
    "production",
    "grooming",
    "network_role",
    "prior_warning",
    "large_scale_or_repeat_reports",
    "works_with_children",
)
LARGE_SCALE = "large_scale_or_repeat_reports"
"""An answer on the checklist that is no exclusion: it makes of the visit a search visit."""
ANSWERS = ("yes", "no", "unknown")
TRIGGERS = (
    "new_report_after_warning",
    "contact_abuse_indication",
    "child_at_acute_risk",
    "threat_to_self",
    "threat_to_worker",
    "handoff_not_acknowledged",
    "deadline_overdue",
)
WPG_ARTICLES = ("8", "9", "13_1")
HELP_KINDS = ("medical", "psychological", "practical", "legal", "safety")
"""Kinds of help: what is needed, offered, consented to and begun; consent to one kind is none to another."""
HEALTH_HELP = frozenset({"medical", "psychological"})
"""Kinds of help that tell of somebody's health, a special category of data (GDPR 9(1); Wpg 5)."""
FOR_HELP = frozenset({"help", "help_and_sharing"})
"""What somebody consented to where it covers help itself."""
HELPING = frozenset({"help", "victim"})
"""Kinds of handoff that ask the receiver to help."""
HELD = ("consented", "handoff_pending", "started")
"""States of a track in which help rests on consent."""
FORMS = ("card", "conversation", "letter", "leaflet", "phone")
CHILD_CHECK = ("in_household", "contact", "none", "unknown")
INTELLIGENCE = "police_intelligence"
"""A kind of note that only police write, and that no package can hold."""
CORRECTIONS = ("mistyped", "heard_wrong", "wrong_person", "known_better", "person_asked", "other")
"""Why something in a record is corrected."""
HANDLED = ("record_corrected", "nothing_recorded", "not_used")
"""What a receiver did with the news that an item of a package was corrected."""
NOT_TOLD = ("no_basis_left", "nobody_to_send_to", "told_another_way", "other")
"""Why a receiver is not told of a correction."""
GIVEN_UP = ("no_longer_needed", "done_another_way", "no_basis_left", "nobody_to_send_to", "other")
"""Why what came to nothing is not sent again."""
CONTACT_NOTE = "contact_moment"
"""A note of a call or a talk, which says nothing of the people concerned."""
NOTE_KINDS = (
    "observed_fact",
    "opinion",
    "hearsay",
    "concern",
    "safety_advice",
    "need",
    "safe_contact",
    CONTACT_NOTE,
    INTELLIGENCE,
)
NOTE_GROUPS = {
    "observed_fact": "observed_facts",
    "concern": "concern",
    "safety_advice": "safety_advice",
    "need": "need",
    "safe_contact": "safe_contact",
}
"""Into which field group of a package a note may go; the other kinds stay where they are."""

ASKERS = ("professional", "relative", "neighbour", "own_situation", "someone_else")
SUBJECTS = ("child_abuse", "domestic_violence", "elder_abuse", "online_sexual_abuse", "another_subject")
ADVICE = ("what_to_say", "what_to_do", "report_advised", "help_pointed_out", "another_advice")

HIT_ANSWERS = ("other_person_after_all", "goes_to_investigation", "warn_again_with_prosecutor")
"""What a decider can say of an earlier warning that the product found."""
LOOK_UPS = ("look_up_warnings", "look_up_known")
"""What a look through one's own records is called on the trail."""
REPORTERS = (
    "parent_or_relative",
    "neighbour_or_friend",
    "own_situation",
    "teacher_or_school",
    "childcare",
    "doctor_or_nurse",
    "youth_worker",
    "police_officer",
    "other_professional",
    "other_citizen",
    "unknown_reporter",
)
"""In which capacity somebody reports to Veilig Thuis."""
REPORTER_SOURCES = {
    **dict.fromkeys(("parent_or_relative", "neighbour_or_friend", "own_situation", "other_citizen"), "citizen"),
    "unknown_reporter": "anonymous",
}
"""Of what kind a reporter's source is; all others are professionals."""
REPORTERS_TOLD = {
    "direct": frozenset({"known", "agency", "none"}),
    "protected_channel": frozenset({"protected", "known", "agency", "none"}),
    "no_reporter": frozenset({"nameless", "none"}),
}
"""How a reporter is told, and whom there must be to tell: a protected one only through the protected channel."""
OCCASIONS = (
    "online_sexual_abuse",
    "sexual_abuse",
    "physical_violence",
    "emotional_violence",
    "neglect",
    "violence_between_parents",
    "elder_abuse",
    "another_concern",
)
"""What a report is about."""
ACUTENESS = ("yes", "no", "not_known_yet")
JOINING = ("joined_to_household", "kept_apart")
"""What becomes of a report about somebody whom the agency knows already."""
SOURCES = ("citizen", "professional", "own_observation", "foreign_partner", "anonymous")
REVEALS = ("contact_needed", "safety", "court_or_prosecutor_asks", "identification", "quality_check")
PROOF = "proof"
FORMATS = ("csv", "ndjson", "fhir", "ldv", PROOF)
LEAVING = ("other_employer", "other_work_here", "long_absence", "for_safety", "added_by_mistake")
"""Why somebody is no member of an organisation any more."""
EMERGENCIES = ("child_at_risk_now", "threat_to_life", "nobody_named_reachable", "court_or_prosecutor_asks")

CORRECTED = "corrected"
"""Said where a package holds what was corrected since: it does not go as it is (docs/decisions/0016)."""
WITHHELD = "kept_secret"
"""Said of a secret address or contact, and of a package that holds one: it goes nowhere."""
ASKED_AT_DELIVERY = (
    *("basis", "sender", "receiver", "confirmed", *LIMITS),
    *(CORRECTED, WITHHELD, "recipient_active", "agreement_valid"),
)
"""Why a sent package, or the news of a correction, may not be delivered."""


def held_back(limit: str) -> str:
    """Return the code of the reason why a sent package was not delivered."""
    return "consent_ended" if limit == "consent" else f"limit:{limit}"


_COMMON = ("new_information", "not_enough_grounds", "other_agency_acts", "by_decision", "practical", "other")
REASONS: dict[str, tuple[str, ...]] = {
    "discard": ("duplicate", "opened_by_mistake", "not_enough_grounds", "other"),
    "decline": ("not_enough_grounds", "duplicate", "outside_domain", "other_agency_acts", "other"),
    "decline_report": ("outside_domain", "not_enough_grounds", "duplicate", "other"),
    "escalate": ("new_information", "exclusion_found", *TRIGGERS, "other"),
    "retarget": ("subject_lives_elsewhere", "wrong_address", "other_person", "new_information"),
    "close_unwarned": ("nobody_home", "wrong_address", "subject_deceased", "not_enough_grounds", "other"),
    "resume_warning": ("by_decision", "new_information", "other"),
    "reopen": ("new_report", "new_information", "other"),
    "refuse_handoff": ("wrong_receiver", "no_basis", "no_capacity", "outside_region", "other"),
    "withdraw_handoff": ("sent_by_mistake", "consent_withdrawn", "situation_changed", "other"),
    "deliver_handoff": tuple(held_back(limit) for limit in ASKED_AT_DELIVERY),
    "rework_handoff": ("question_answered", "content_changed", "resend", "other"),
    "withdraw_consent": ("person_withdrew", "representative_withdrew", "other"),
    "end_help": ("goal_reached", "no_show", "person_stopped", "moved", "not_applicable", "other"),
    "resume_help": ("no_show", "refused_by_provider", "expired", "other"),
    "drop_report": ("withdrawn_by_sender", "wrong_receiver", "other"),
}


REASSIGNED = ("absence", "workload", "other_task", "expertise", "other")
"""Why cases are handed over to a colleague: never why somebody is away."""


def reasons_of(action: str) -> tuple[str, ...]:
    """Return the reason codes of an action."""
    return REASONS.get(action, _COMMON)
