"""What can be stored with an act: one part a fact, with its columns, codes and bounds.

Forms, the scenario player and its documentation are all made from this table. A part is stored, and only then read
back as a fact: no step believes a request (docs/law.md section 2).
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from casework.entries.entry import ActionEntry
from casework.entries.table import ENTRIES
from casework.input import codes
from casework.input.correction_parts import CORRECTING, PERSON_COLUMNS, PREMISES_COLUMNS
from casework.input.dates import Meaning
from casework.input.fact_parts import FACT_PARTS, PART_OF_FACT, WHY
from casework.input.fields import LONGEST
from casework.input.package_parts import PACKAGE
from casework.input.schema import Column, Kind, born, code, contact, day, number, planned, short, text, until, yes
from permissions.bases import BASES
from permissions.vocabulary import Action
from workflows.clocks import TERMS
from workflows.table import LawError
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
            text(most=LONGEST),
            day(required=False, partly=True),
            yes("burdening", required=False),
        ),
        "correction": (
            Column("note", Kind.ROW),
            text(most=LONGEST),
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
        "joiner": (short("full_name"), short("username", most=80), Column("roles", Kind.ITEMS)),
        "member_roles": (Column("roles", Kind.ITEMS),),
        "leaving": (code(*codes.LEAVING), text()),
        "refusal": (text(),),
        "confirmation": (code(*BASES, name="basis"), yes("confirmed")),
        "assignment": (Column("person", Kind.MEMBER), yes("keep", required=False), yes("remove", required=False)),
        "reassignment": (
            Column("person", Kind.MEMBER),
            code(*codes.REASSIGNED),
            Column("cases", Kind.ITEMS, required=False),
            yes("all", required=False),
        ),
        "absence": (planned("since"), until(), Column("deputy", Kind.MEMBER, required=False)),
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

RECORDED = frozenset(
    {
        *(*FACT_PARTS, *CORRECTING),
        *("basis", "premises", "person", "note", "criteria", "exclusions", "source", "citizen_number"),
    }
) - {"reason", "known_here"}
"""Parts that can be recorded without a step; every other belongs to an act of its own, and is stored by it alone."""

ONE = frozenset(
    {
        *("basis", "package", "sharing", "partnership", "ending", "approving", "approver_reason", "emergency", "reveal"),
        *("known", "known_answer", "search", "concerned", "verdict", "finding", "closing", "annotation", "sign_off"),
        *("reassignment", "absence", "helped", "export", "sample", "visit_plan", "visit_report", "acuteness", "known_here"),
        *("joiner", "member_roles", "leaving", "refusal"),
    },
)
"""Parts that an act takes only once: a second one is refused, never dropped."""


def parts_for(action: Action, needs: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the parts that an act may store: those of its facts, in the order of the table, and its own."""
    if action is Action.WRITE_RECORD:
        return tuple(name for name in PARTS if name in RECORDED)
    entry = ENTRIES[action]
    if not entry.takes_parts:
        return ()
    found = dict.fromkeys(entry.parts)
    steps = needs or tuple(need for w in WORKFLOWS.values() for s in w.steps if s.action is action for need in s.needs)
    found |= dict.fromkeys(PART_OF_FACT[need] for need in steps if need in PART_OF_FACT)
    found |= dict.fromkeys(entry.extra)
    return tuple(found)


def columns_of(part: str, action: Action) -> tuple[Column, ...]:
    """Return the columns of a part in this act: a reason has the codes of its action, a start that was made is past."""
    if part == "reason":
        return (code(*codes.reasons_of(action)), WHY)
    if part == "start_date" and ENTRIES[action].begins_work:
        return tuple(replace(one, means=Meaning.HAPPENED) if one.kind is Kind.DATE else one for one in PARTS[part])
    if part == "package" and action is Action.OPEN_CASE:
        return tuple(replace(column, required=False) if column.name == "items" else column for column in PARTS[part])
    return PARTS[part]


def parts_of_kind(kind: str) -> frozenset[str]:
    """Return the parts that mean something on this kind of track: facts of its steps, and what its clocks wait for."""
    words = {need for step in TRACKS[kind].steps for need in step.needs}
    words |= {word for clock in TERMS.values() for word in (*clock.starts, *clock.stops)}
    return frozenset(PART_OF_FACT.get(word, word) for word in words)


def check_parts(entries: Iterable[ActionEntry]) -> None:
    """Raise LawError where an entry takes a part that has no columns."""
    for entry in entries:
        if lost := {*entry.parts, *entry.extra, *filter(None, [entry.asked])} - set(PARTS):
            raise LawError(f"{entry.action}: nothing says what stands in its part {', '.join(sorted(lost))}")


check_parts(ENTRIES.values())
