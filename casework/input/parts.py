"""What can be stored with an act: one part a fact, with its columns, codes and bounds.

Forms, the scenario player and its documentation are all made from this table. A part is stored, and only then read
back as a fact: no step believes a request (docs/law.md section 2).
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from casework.input import codes
from casework.input.correction_parts import CORRECTING, PERSON_COLUMNS, PREMISES_COLUMNS
from casework.input.dates import Meaning
from casework.input.fact_parts import FACT_PARTS, PART_OF_FACT, WHY
from casework.input.fields import WHOLE
from casework.input.package_parts import PACKAGE
from casework.input.schema import Column, Kind, born, code, contact, day, number, planned, short, text, until, yes
from permissions.bases import BASES
from permissions.vocabulary import Action
from workflows.clocks import TERMS
from workflows.tracks import TRACKS, WORKFLOWS, approvals_of


def _answers(prefix: tuple[str, ...], *, reason: bool) -> tuple[Column, ...]:
    columns: list[Column] = []
    for name in prefix:
        columns.append(code(*codes.ANSWERS, name=name))
        columns.append(short(f"{name}_source"))
        if reason:
            columns.append(text(f"{name}_reason", required=False))
    return tuple(columns)


MOVABLE = tuple(clock.code for clock in TERMS.values() if clock.extension)
PARTS: Mapping[str, tuple[Column, ...]] = MappingProxyType(
    {
        **FACT_PARTS,
        **CORRECTING,
        "basis": (
            code("WPG_8", "WPG_9", "WMO_4_1_1", "JW_7_3", "GDPR_6_1E"),
            code(*codes.WPG_ARTICLES, name="article", required=False),
        ),
        "premises": PREMISES_COLUMNS,
        "person": PERSON_COLUMNS,
        "note": (
            code(*codes.NOTE_KINDS, name="kind"),
            text(most=WHOLE),
            day(required=False, partly=True),
            yes("burdening", required=False),
        ),
        "correction": (
            Column("note", Kind.ROW),
            text(most=WHOLE),
            code(*codes.NOTE_KINDS, name="kind", required=False),
            day(required=False, partly=True),
        ),
        "criteria": _answers(codes.CRITERIA, reason=False),
        "exclusions": _answers(codes.EXCLUSIONS, reason=True),
        "visit_plan": (
            planned(),
            Column("officers", Kind.NAMES),
            text("subject"),
            text("family"),
            text("team"),
        ),
        "visit_report": (
            code(*codes.VISIT_OUTCOMES, name="outcome"),
            day(),
            number("warned"),
            number("searched"),
            number("carriers"),
            number("arrested"),
            yes("cautioned"),
        ),
        "package": PACKAGE,
        "sharing": (
            Column("receiver", Kind.AGENCY),
            Column("groups", Kind.ITEMS),
            planned("since"),
            until(required=False),
        ),
        "partnership": (
            Column("members", Kind.AGENCIES),
            Column("groups", Kind.ITEMS),
            short("citation"),
            planned("since"),
            until(required=False),
        ),
        "ending": (until(),),
        "confirmation": (code(*BASES, name="basis"), yes("confirmed")),
        "assignment": (Column("person", Kind.MEMBER), yes("keep", required=False), yes("remove", required=False)),
        "approval": (
            code(*sorted({word for kind in WORKFLOWS for word in approvals_of(kind)}), name="action"),
            WHY,
        ),
        "approving": (Column("approval", Kind.ROW),),
        "approver_reason": (WHY,),
        "helped": (Column("person", Kind.PERSON, required=False),),
        "wall": (Column("person", Kind.MEMBER, required=False), WHY),
        "lifting": (Column("person", Kind.MEMBER), WHY),
        "term": (
            code(*MOVABLE, name="clock"),
            until(),
            WHY,
            Column("person", Kind.PERSON, required=False),
            Column("which", Kind.ROW, required=False),
            text("needed_for_task", required=False, least=20),
            text("needed_against_abuse", required=False, least=20),
        ),
        "acknowledgement": (code(*TERMS, name="clock"), WHY),
        "emergency": (short("reference", most=20), code(*codes.EMERGENCIES), WHY),
        "source": (
            code(*codes.SOURCES, name="kind", required=False),
            code(*codes.REPORTERS, name="capacity", required=False),
            short(required=False),
            contact(),
            yes("protected"),
        ),
        "acuteness": (code(*codes.ACUTENESS), text(required=False)),
        "citizen_number": (short("number", most=9), Column("person", Kind.PERSON, required=False)),
        "reveal": (code(*codes.REVEALS),),
        "known": (
            short("family_name"),
            short("given_names", required=False),
            born(required=False),
            WHY,
            code(*codes.REVEALS, name="why", required=False),
        ),
        "concerned": (
            short("family_name"),
            short("given_names", required=False),
            born(),
        ),
        "search": (short("words"), code(*codes.REVEALS, name="why", required=False)),
        "known_answer": (
            code("contact_us", "not_the_same", "nothing_to_say"),
            Column("text", Kind.TEXT, least=1, required=False, takes_mail=True),
        ),
        "verdict": (code("justified", "not_justified"), WHY),
        "finding": (Column("person", Kind.MEMBER), WHY),
        "closing": (WHY,),
        "annotation": (Column("entry", Kind.NUMBER, least=1, most=2**62), WHY),
        "sign_off": (day("since"), day("until"), Column("person", Kind.MEMBER, required=False), WHY),
        "export": (code(*codes.FORMATS, name="format"), day("since"), day("until"), WHY),
        "sample": (day("since"), day("until"), Column("size", Kind.NUMBER, least=1, most=200), short("seed", most=40)),
        "advice": (
            day(),
            code(*codes.ASKERS, name="asker"),
            code(*codes.SUBJECTS, name="subject"),
            code(*codes.ADVICE, name="advice"),
            short(required=False),
            yes("consent", required=False),
        ),
    },
)
"""Every part, by name."""

OWN_PARTS: Mapping[Action, tuple[str, ...]] = MappingProxyType(
    {
        Action.OPEN_CASE: (
            "basis",
            "premises",
            "person",
            "note",
            "source",
            "report",
            "acuteness",
            "known_here",
            "package",
        ),
        Action.ADD_NOTE: ("note",),
        Action.CORRECT_NOTE: ("correction",),
        Action.PREPARE_HANDOFF: ("package",),
        Action.ASSIGN: ("assignment",),
        Action.ASK_APPROVAL: ("approval",),
        Action.APPROVE: ("approving", "approver_reason"),
        Action.IDENTIFY_VICTIM: ("person",),
        Action.OPEN_HELP: ("helped",),
        Action.WALL_PERSON: ("wall",),
        Action.DECLARE_CONFLICT: ("wall",),
        Action.LIFT_WALL: ("lifting",),
        Action.EXTEND_DEADLINE: ("term",),
        Action.PAUSE_DEADLINE: ("term",),
        Action.ACKNOWLEDGE_ESCALATION: ("acknowledgement",),
        Action.RECORD_ADVICE: ("advice",),
        Action.ASK_EMERGENCY: ("emergency",),
        Action.REVEAL_SOURCE: ("reveal",),
        Action.REVEAL_BSN: ("reveal",),
        Action.CHECK_KNOWN: ("known",),
        Action.SEARCH_OWN: ("search",),
        Action.SEE_ACCESS_LOG: ("concerned",),
        Action.HANDLE_RIGHTS_REQUEST: ("concerned",),
        Action.ANSWER_KNOWN_CHECK: ("known_answer",),
        Action.REVIEW_EMERGENCY: ("verdict",),
        Action.RAISE_FINDING: ("finding",),
        Action.CLOSE_FINDING: ("closing",),
        Action.ANNOTATE_TRAIL: ("annotation",),
        Action.SIGN_OFF_REVIEW: ("sign_off",),
        Action.DRAW_SAMPLE: ("sample",),
        Action.EXPORT_TRAIL: ("export",),
        Action.START_WORK: ("start_date",),
        Action.MANAGE_AGREEMENTS: ("sharing", "partnership", "ending"),
        Action.CONFIRM_BASIS: ("confirmation",),
    },
)
"""Parts of acts that are no step of a track, or that store more than their step needs."""

OF_OTHER_ACTS = frozenset(
    {
        "package",
        "sharing",
        "partnership",
        "ending",
        "confirmation",
        "assignment",
        "helped",
        "approval",
        "approving",
        "approver_reason",
        "wall",
        "lifting",
        "term",
        "acknowledgement",
        "advice",
        "emergency",
        "reveal",
        "known",
        "concerned",
        "search",
        "known_answer",
        "verdict",
        "finding",
        "closing",
        "annotation",
        "sign_off",
        "sample",
        "export",
        "correction",
        "reason",
        "acuteness",
        "known_here",
        "visit_plan",
        "visit_report",
    },
)
"""Parts that belong to an act of their own, and cannot be recorded without it."""

ONE = frozenset(
    {
        *("basis", "package", "sharing", "partnership", "ending", "approving", "approver_reason", "emergency", "reveal"),
        *("known", "known_answer", "search", "concerned", "verdict", "finding", "closing", "annotation", "sign_off"),
        *("helped", "export", "sample", "visit_plan", "visit_report", "acuteness", "known_here"),
    },
)
"""Parts of which an act takes one alone: a second is refused, never dropped."""

EXTRA_PARTS: Mapping[Action, tuple[str, ...]] = MappingProxyType(
    {
        Action.RECORD_VISIT: ("child_check", "help_offer", "search_authority"),
        Action.PLAN_VISIT: ("prior_warning_checked", "search_decided"),
        Action.SCHEDULE_VISIT: ("prior_warning_answer",),
        Action.ESCALATE: ("prior_warning_answer",),
        Action.RECORD_ATTEMPT: ("visit_report",),
        Action.RETARGET: ("person", "premises"),
        Action.ACCEPT_HANDOFF: ("known_here",),
        Action.ASSESS_NEEDS: ("note",),
    },
)
"""Parts that may be stored in the same sitting, though the step does not need them."""


def parts_for(action: Action, needs: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the parts that an act may store: those of its facts, in the order of the table, and its own."""
    if action is Action.WRITE_RECORD:
        return tuple(name for name in PARTS if name not in OF_OTHER_ACTS)
    if action in {Action.CHECK_HANDOFF, Action.SEND_HANDOFF}:
        return ()
    found = dict.fromkeys(OWN_PARTS.get(action, ()))
    steps = needs or tuple(need for w in WORKFLOWS.values() for s in w.steps if s.action is action for need in s.needs)
    found |= dict.fromkeys(PART_OF_FACT[need] for need in steps if need in PART_OF_FACT)
    found |= dict.fromkeys(EXTRA_PARTS.get(action, ()))
    return tuple(found)


STARTS = frozenset({Action.START_WORK, Action.BEGIN_HELP})
"""Steps by which work has begun: the day of it is not still to come."""


def columns_of(part: str, action: Action) -> tuple[Column, ...]:
    """Return the columns of a part in this act: a reason has the codes of its action, a start that was made is past."""
    if part == "reason":
        return (code(*codes.reasons_of(action)), WHY)
    if part == "start_date" and action in STARTS:
        return tuple(replace(one, means=Meaning.HAPPENED) if one.kind is Kind.DATE else one for one in PARTS[part])
    if part == "package" and action is Action.OPEN_CASE:
        return tuple(replace(column, required=False) if column.name == "items" else column for column in PARTS[part])
    return PARTS[part]


def parts_of_kind(kind: str) -> frozenset[str]:
    """Return the parts that mean something on this kind of track: facts of its steps, and what its clocks wait for."""
    words = {need for step in TRACKS[kind].steps for need in step.needs}
    words |= {word for clock in TERMS.values() for word in (*clock.starts, *clock.stops)}
    return frozenset(PART_OF_FACT.get(word, word) for word in words)
