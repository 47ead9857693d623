"""The words that rules are written in: actions, roles and kinds of agency (docs/law.md section 4, domain codes)."""

from enum import StrEnum


class Action(StrEnum):
    """Everything a person or the system can do; one word in code, on screen and on the trail."""

    OPEN_CASE = "open_case"
    SEE_CASE = "see_case"
    READ_RECORD = "read_record"
    WRITE_RECORD = "write_record"
    ADD_NOTE = "add_note"
    CORRECT_NOTE = "correct_note"
    REVEAL_SOURCE = "reveal_source"
    REVEAL_BSN = "reveal_bsn"
    ASSIGN = "assign"
    SEARCH_OWN = "search_own"
    CHECK_KNOWN = "check_known"
    ANSWER_KNOWN_CHECK = "answer_known_check"
    PRINT_CASE = "print_case"
    RECORD_ADVICE = "record_advice"
    SUBMIT = "submit"
    DISCARD = "discard"
    TAKE_UP = "take_up"
    DECLINE = "decline"
    PLAN_VISIT = "plan_visit"
    SCHEDULE_VISIT = "schedule_visit"
    RECORD_ATTEMPT = "record_attempt"
    RECORD_VISIT = "record_visit"
    RETARGET = "retarget"
    ASK_YOUTH_PROSECUTOR = "ask_youth_prosecutor"
    WARN = "warn"
    START_FOLLOW_UP = "start_follow_up"
    RECORD_REVIEW = "record_review"
    ESCALATE = "escalate"
    RESUME_WARNING = "resume_warning"
    CLOSE_UNWARNED = "close_unwarned"
    CLOSE_WARNING = "close_warning"
    CLOSE_ESCALATED = "close_escalated"
    REOPEN = "reopen"
    ACT_ACUTELY = "act_acutely"
    START_ASSESSMENT = "start_assessment"
    DECLINE_REPORT = "decline_report"
    DROP_REPORT = "drop_report"
    TURN_INTO_ADVICE = "turn_into_advice"
    ASSESS = "assess"
    SET_CONDITIONS = "set_conditions"
    START_INVESTIGATION = "start_investigation"
    CONCLUDE = "conclude"
    HAND_OVER_SAFETY = "hand_over_safety"
    CONFIRM_TRANSFER = "confirm_transfer"
    RESUME_SAFETY = "resume_safety"
    START_MONITORING = "start_monitoring"
    RECORD_MONITORING = "record_monitoring"
    REASSESS = "reassess"
    CLOSE_SAFETY = "close_safety"
    OFFER_HELP = "offer_help"
    GIVE_INFORMATION = "give_information"
    RECORD_DECLINE = "record_decline"
    RECORD_CONSENT = "record_consent"
    WITHDRAW_CONSENT = "withdraw_consent"
    HAND_OVER_HELP = "hand_over_help"
    CONFIRM_HELP = "confirm_help"
    BEGIN_HELP = "begin_help"
    RESUME_HELP = "resume_help"
    END_HELP = "end_help"
    IDENTIFY_VICTIM = "identify_victim"
    OPEN_HELP = "open_help"
    ASSESS_NEEDS = "assess_needs"
    PREPARE_HANDOFF = "prepare_handoff"
    CHECK_HANDOFF = "check_handoff"
    REWORK_HANDOFF = "rework_handoff"
    SEND_HANDOFF = "send_handoff"
    WITHDRAW_HANDOFF = "withdraw_handoff"
    SEE_HANDOFF = "see_handoff"
    ACKNOWLEDGE_HANDOFF = "acknowledge_handoff"
    ACCEPT_HANDOFF = "accept_handoff"
    REFUSE_HANDOFF = "refuse_handoff"
    RETURN_HANDOFF = "return_handoff"
    START_WORK = "start_work"
    APPROVE = "approve"
    ASK_APPROVAL = "ask_approval"
    PAUSE_DEADLINE = "pause_deadline"
    EXTEND_DEADLINE = "extend_deadline"
    ACKNOWLEDGE_ESCALATION = "acknowledge_escalation"
    DECLARE_CONFLICT = "declare_conflict"
    WALL_PERSON = "wall_person"
    LIFT_WALL = "lift_wall"
    ASK_EMERGENCY = "ask_emergency"
    END_EMERGENCY = "end_emergency"
    REVIEW_EMERGENCY = "review_emergency"
    SEE_CASE_LOG = "see_case_log"
    SEE_ACCESS_LOG = "see_access_log"
    EXPORT_TRAIL = "export_trail"
    VERIFY_TRAIL = "verify_trail"
    ANNOTATE_TRAIL = "annotate_trail"
    SIGN_OFF_REVIEW = "sign_off_review"
    DRAW_SAMPLE = "draw_sample"
    RAISE_FINDING = "raise_finding"
    CLOSE_FINDING = "close_finding"
    SEE_LEDGER = "see_ledger"
    HANDLE_RIGHTS_REQUEST = "handle_rights_request"
    RELEASE_RIGHTS_ANSWER = "release_rights_answer"
    PROPOSE_DISPOSAL = "propose_disposal"
    APPROVE_DISPOSAL = "approve_disposal"
    SET_LEGAL_HOLD = "set_legal_hold"
    SEE_STATISTICS = "see_statistics"
    EXPLAIN_ACCESS = "explain_access"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_AGREEMENTS = "manage_agreements"
    CONFIRM_BASIS = "confirm_basis"
    MANAGE_CALENDAR = "manage_calendar"
    MANAGE_AGENCIES = "manage_agencies"
    OPERATE = "operate"
    DELIVER_HANDOFF = "deliver_handoff"
    DELIVER_CORRECTION = "deliver_correction"
    EXPIRE_HANDOFF = "expire_handoff"
    MARK_OVERDUE = "mark_overdue"
    ESCALATE_DEADLINE = "escalate_deadline"
    NOTIFY = "notify"
    FIND_DUE = "find_due"
    RECONCILE_ACCESS = "reconcile_access"
    RECONCILE_ROWS = "reconcile_rows"
    DESTROY_ENTRIES = "destroy_entries"
    REMOVE_EXPORT = "remove_export"
    SEAL_TRAIL = "seal_trail"
    RECORD_SIGN_IN = "record_sign_in"
    SWITCH_MEMBERSHIP = "switch_membership"
    CHOOSE_LANGUAGE = "choose_language"
    RECORD_UNKNOWN_REQUEST = "record_unknown_request"
    MIGRATE = "migrate"


class Role(StrEnum):
    """What a membership lets a person be; in the order in which an act chooses its role."""

    INTAKE_WORKER = "intake_worker"
    CASEWORKER = "caseworker"
    POLICE_LIAISON = "police_liaison"
    TRIAGE_DECIDER = "triage_decider"
    QUALITY_CHECKER = "quality_checker"
    SUPERVISOR = "supervisor"
    CONFIDENTIAL_COUNSELLOR = "confidential_counsellor"
    PRIVACY_OFFICER = "privacy_officer"
    RECORDS_MANAGER = "records_manager"
    AUDITOR = "auditor"
    EXTERNAL_AUDITOR = "external_auditor"
    REPORT_VIEWER = "report_viewer"
    AGENCY_ADMIN = "agency_admin"
    PLATFORM_OPERATOR = "platform_operator"
    COURIER = "courier"
    SCHEDULER = "scheduler"
    SEALER = "sealer"
    SIGN_IN = "sign_in"
    VISITOR = "visitor"
    MIGRATION = "migration"


class AgencyKind(StrEnum):
    """The kinds of organisation that take part."""

    POLICE = "police"
    PROSECUTION = "prosecution"
    VEILIG_THUIS = "veilig_thuis"
    LOCAL_TEAM = "local_team"
    YOUTH_CARE_PROVIDER = "youth_care_provider"
    CERTIFIED_INSTITUTION = "certified_institution"
    CHILD_PROTECTION_BOARD = "child_protection_board"
    PROBATION = "probation"
    FORENSIC_CARE = "forensic_care"
    HELPLINE_ANONYMOUS = "helpline_anonymous"
    VICTIM_SUPPORT = "victim_support"
    SEXUAL_VIOLENCE_CENTRE = "sexual_violence_centre"
    HALT = "halt"
    CARE_SAFETY_HOUSE = "care_safety_house"
    NATIONAL_RAPPORTEUR = "national_rapporteur"
    INSPECTORATE = "inspectorate"
    PLATFORM_OPERATOR = "platform_operator"


class Regime(StrEnum):
    """The law under which an agency keeps its records."""

    WPG = "WPG"
    GDPR_WMO = "GDPR_WMO"
    GDPR_JEUGDWET = "GDPR_JEUGDWET"
    GDPR_GENERIC = "GDPR_GENERIC"
    NONE_ANONYMOUS = "NONE_ANONYMOUS"


class ChangeKind(StrEnum):
    """What an administrator does to a membership."""

    JOIN = "join"
    ROLES = "roles"
    END = "end"


SYSTEM_ROLES = frozenset({Role.COURIER, Role.SCHEDULER, Role.SEALER, Role.SIGN_IN, Role.VISITOR, Role.MIGRATION})
"""Roles that no membership can carry: named actors for what no person does."""

CASE_ROLES = frozenset(
    {
        Role.INTAKE_WORKER,
        Role.CASEWORKER,
        Role.POLICE_LIAISON,
        Role.TRIAGE_DECIDER,
        Role.QUALITY_CHECKER,
        Role.SUPERVISOR,
        Role.CONFIDENTIAL_COUNSELLOR,
    },
)
"""Roles that may read case content."""

APART_FROM_CASES = frozenset(
    {Role.AGENCY_ADMIN, Role.AUDITOR, Role.EXTERNAL_AUDITOR, Role.PRIVACY_OFFICER, Role.PLATFORM_OPERATOR},
)
"""Roles that may not meet a case role in one person."""

READING_ROLES = frozenset(
    {Role.PRIVACY_OFFICER, Role.RECORDS_MANAGER, Role.AUDITOR, Role.EXTERNAL_AUDITOR, Role.REPORT_VIEWER},
)
"""Roles that read over a whole organisation and do no case work (docs/law.md section 4)."""

GIVEN_BY_TWO = READING_ROLES | {Role.TRIAGE_DECIDER, Role.SUPERVISOR, Role.AGENCY_ADMIN, Role.PLATFORM_OPERATOR}
"""Roles that one administrator asks for and another gives.

Whoever hands over the link of somebody new could use it: with the power to give them alone, one would read every case of
the organisation, or be two administrators.
"""


def roles_in(kind: AgencyKind | None) -> tuple[Role, ...]:
    """Return the roles that a person can have in this kind of agency: the platform is operated from its own alone."""
    operates = kind is AgencyKind.PLATFORM_OPERATOR
    return tuple(role for role in Role if role not in SYSTEM_ROLES and (operates or role is not Role.PLATFORM_OPERATOR))
