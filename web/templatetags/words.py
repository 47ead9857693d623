"""Words and dates in templates."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from casework.facts.lookups import HIT, LOOKED_UP
from casework.input.correction_parts import CORRECTABLE, has_coded_name
from casework.input.dates import Precision, precision_of, with_precision
from casework.input.fact_parts import FACT_PARTS
from casework.input.schema import Kind
from casework.input.wording import value_in_words
from casework.packages.items import thaw
from permissions.decision import Actor, roles_for
from permissions.reasons import Reason
from permissions.vocabulary import Action
from web import words
from web.first_page import DOES
from workflows.counting import Counted, last_day
from workflows.tracks import SIDE_STEPS

register = template.Library()
FAR_YEAR = 9000
HOURS = 24
WRITTEN = {Precision.DAY: "j F Y", Precision.MONTH: "F Y", Precision.YEAR: "Y"}
JOINING_FACTS = frozenset({"new_signal", "known_here"})
TAKES_BACK = frozenset({Action.WITHDRAW_HANDOFF, Action.REFUSE_HANDOFF, Action.RETURN_HANDOFF, Action.REWORK_HANDOFF})
"""Steps of a handoff that take it back, send it back or stop it."""
OPEN_TAGS = {"closed": "grey", "escalated": "red", "referral": "blue", "triage": "blue", "warning_visit": "yellow"}

HANDOFF_TAGS = {
    **dict.fromkeys(("refused", "expired"), "red"),
    **dict.fromkeys(("returned",), "yellow"),
    **dict.fromkeys(("accepted", "started", "completed"), "green"),
    **dict.fromkeys(("sent", "delivered", "acknowledged"), "blue"),
}


@register.filter
def label(code: object) -> str:
    """Return what a code is called."""
    return words.label(str(code)) if code not in (None, "") else ""


@register.filter
def of_part(code: str, part: str) -> str:
    """Return what a code is called in its part: a letter that offers help is no letter of a law."""
    if part == HIT:
        return ", ".join(alike(word) for word in code.split("_and_"))
    return words.label(f"{part}:{code}") if code else ""


@register.filter
def named_in(name: str, fact: str) -> str:
    """Write the name of a fact: by whom or on what it was given is a code."""
    return words.label(f"{fact}:{name}") if name and has_coded_name(fact) else name


@register.filter
def told_in(text: str, fact: str) -> str:
    """Write the words of a fact: what a look compared was stored as codes."""
    if fact != LOOKED_UP:
        return text
    compared = ", ".join(words.label(f"compared:{word}") for word in text.split(", "))
    return _("Compared: %(compared)s.") % {"compared": compared}


@register.filter
def answer_to(value: object, fact: str) -> str:
    """Write yes or no behind the question that it answers; nothing where the fact asks none."""
    asks = any(column.kind is Kind.YES for column in FACT_PARTS.get(fact, ()))
    return f"{words.label(f'{fact}.yes')}: {yes_or_no(value)}." if asks and value is not None else ""


@register.filter
def joins_cases(fact: str) -> bool:
    """Whether a fact of this name joins a report to a case."""
    return fact in JOINING_FACTS


@register.filter
def yes_or_no(value: object) -> str:
    """Write an answer as its reader says it."""
    return _("Yes") if value else _("No")


@register.filter
def worded(reason: Reason) -> str:
    """Write the rule by which somebody may do something or not."""
    return words.reason_in_words(reason)


@register.filter
def why_it_stays(code: str) -> str:
    """Say why something of the record does not go with a package."""
    return words.label(f"stays:{code}")


@register.filter
def grouped(number: int) -> str:
    """Return a number with its thousands apart, as its reader writes it."""
    return number_format(number, use_l10n=True, force_grouping=True)


@register.filter
def alike(matched: str) -> str:
    """Say what was found alike."""
    return words.label(f"alike:{matched}")


@register.filter
def tag_colour(state: str) -> str:
    """Return the colour of a state; the word says it too."""
    return OPEN_TAGS.get(state, "green")


@register.filter
def tag_of_handoff(state: str) -> str:
    """Return the colour of a state of a handoff: what came to nothing is red, a good end is green."""
    return HANDOFF_TAGS.get(state, "grey")


@register.filter
def due_in_words(due_at: datetime | None) -> str:
    """Say when a term ends, in days: the date stands beside it."""
    if due_at is None or due_at.year > FAR_YEAR:
        return _("no term runs")
    now = timezone.now()
    days = (last_day(due_at) - timezone.localtime(now).date()).days
    if timezone.localtime(due_at).time() != time() and abs(due_at - now) < timedelta(hours=HOURS):
        return _by_the_clock(due_at - now)
    if due_at < now:
        late = abs(days)
        return ngettext("%(n)s day late", "%(n)s days late", late) % {"n": late} if late else _("late since today")
    if days == 0:
        return _("today")
    return ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days}


def _by_the_clock(left: timedelta) -> str:
    """Say how much of a term is left, or how long ago it ended, in hours or minutes."""
    minutes = int(abs(left).total_seconds() // 60)
    n = minutes // 60
    if left < timedelta(0):
        if n:
            return ngettext("%(n)s hour late", "%(n)s hours late", n) % {"n": n}
        return ngettext("%(n)s minute late", "%(n)s minutes late", minutes) % {"n": minutes}
    if n:
        return ngettext("%(n)s hour left", "%(n)s hours left", n) % {"n": n}
    return ngettext("%(n)s minute left", "%(n)s minutes left", minutes) % {"n": minutes}


@register.filter
def leads_on(action: str) -> bool:
    """Whether a step takes the work on: one that takes back, refuses or ends it is never the main button."""
    return bool(action) and action not in SIDE_STEPS and action not in TAKES_BACK


@register.filter
def does(role: str) -> object:
    """Return what a role does here, in a sentence."""
    return DOES[role]


@register.filter
def may(actor: Actor | None, action: str) -> bool:
    """Whether a role of this person has the act at all: a page offers nothing that the law never lets them do."""
    return actor is not None and bool(roles_for(actor, Action(action)))


@register.simple_tag(takes_context=True)
def onwards(context: template.Context, name: str, key: str) -> str:
    """Return the address of what follows on this page: what was asked for, from a key on."""
    asked = context["request"].GET.copy()
    asked[name] = key
    return f"?{asked.urlencode()}"


@register.filter
def how_long(counted: Counted) -> str:
    """Say how long a term is, in the unit in which it is counted."""
    n = counted.number
    said = {
        "minutes": ngettext("%(n)s minute", "%(n)s minutes", n),
        "hours": ngettext("%(n)s hour", "%(n)s hours", n),
        "days": ngettext("%(n)s day", "%(n)s days", n),
        "working_days": ngettext("%(n)s working day", "%(n)s working days", n),
        "weeks": ngettext("%(n)s week", "%(n)s weeks", n),
        "months": ngettext("%(n)s month", "%(n)s months", n),
    }
    return said[counted.unit] % {"n": n}


@register.filter
def is_late(due_at: datetime | None) -> bool:
    """Whether a term has passed."""
    return due_at is not None and due_at < timezone.now()


@register.filter
def day(value: Any) -> str:
    """Write a date or moment as the reader writes it."""
    if value in (None, "") or (isinstance(value, datetime) and value.year > FAR_YEAR):
        return ""
    if isinstance(value, datetime) and timezone.localtime(value).time() == time():
        return date_format(last_day(value), "j F Y")
    if isinstance(value, datetime):
        return f"{date_format(timezone.localtime(value), 'j F Y')}, {timezone.localtime(value):%H:%M}"
    return date_format(value, WRITTEN[precision_of(value)]) if isinstance(value, date) else str(value)


@register.filter
def clock(value: datetime) -> str:
    """Write a moment by the clock; with its day where that is not today."""
    local = timezone.localtime(value)
    return f"{local:%H:%M}" if local.date() == timezone.localdate() else day(value)


@register.filter
def short_day(value: datetime) -> str:
    """Write a moment in a list: the day of the week and the date, with the time where it is not the end of a day."""
    local = timezone.localtime(value)
    ends_a_day = local.time() == time()
    return date_only(value - timedelta(microseconds=1)) if ends_a_day else f"{date_only(value)} {local:%H:%M}"


@register.filter
def date_only(value: datetime) -> str:
    """Write the day of a moment, where its time says nothing."""
    day_of = timezone.localtime(value).date()
    return date_format(day_of, "D j M" if day_of.year == timezone.localdate().year else "j M Y").lower()


@register.filter
def weekday(value: date) -> str:
    """Write a day with the day of its week."""
    return date_format(value, "D j M").lower()


@register.filter
def long_day(value: datetime) -> str:
    """Write at the head of a page when it was drawn: the day of the week, the date and the time."""
    local = timezone.localtime(value)
    return f"{date_format(local, 'l j F Y')}, {local:%H:%M}"


@register.filter
def known_to(value: date | None, precision: str) -> date | None:
    """Return a stored date with its precision, to be written as far as it is known."""
    return with_precision(value, precision)


@register.filter
def full_name(person: Any) -> str:
    """Write a person's name in Dutch order, or say that it is not known."""
    parts = (person.given_names, person.infix, person.family_name)
    return " ".join(str(part) for part in parts if part) or _("name not known")


@register.filter
def aged(person: Any) -> str:
    """Write behind a name how old somebody is, as far as that is known to the year of their age."""
    born = person.birth_date
    if born and person.birth_precision in ("", Precision.DAY):
        today = timezone.localdate()
        return f" ({today.year - born.year - ((today.month, today.day) < (born.month, born.day))})"
    if person.estimated_age is not None:
        return _(" (about %(age)s)") % {"age": person.estimated_age}
    return ""


@register.filter
def address(place: Any) -> str:
    """Write an address as far as it is known."""
    street = " ".join(part for part in (place.street, place.number) if part)
    town = " ".join(part for part in (value_in_words("postcode", place.postcode or ""), place.town) if part)
    return ", ".join(part for part in (street, town, place.country) if part)


@register.filter
def can_be_corrected(fact: str) -> bool:
    """Whether a fact of this name can be corrected."""
    return fact in CORRECTABLE


@register.filter
def changed(text: str, part: str) -> list[tuple[str, str]]:
    """Return the values of a correction as the reader reads them: what each is called, and what it says."""
    return [(words.label(name), value_in_words(name, value, part)) for name, value in thaw(text).items()]


@register.filter
def shown(value: str, name: str) -> str:
    """Write a value of a package as the reader writes it: codes as words, dates as dates."""
    return value_in_words(name, value)


@register.filter
def what_for(row: Any) -> str:
    """Say in one line what waits: what the term is for, or the thing itself, and its state."""
    if row.kind in {
        "approval",
        "unheld",
        "consent",
        "stuck",
        "question",
        "wall",
        "finding",
        "case",
        "sharing",
        "partnership",
        "basis",
        "signal",
    }:
        about = {
            "approval": row.step.other,
            "finding": row.step.subject,
            "basis": row.step.subject,
            "consent": row.step.subject,
        }.get(row.kind, "")
        return f"{words.label(f'waits_{row.kind}')}{f': {words.label(about)}' if about else ''}"
    if row.clock in NEWS_CLOCKS and row.kind == "term":
        return f"{words.label(row.clock)}: {words.label(row.step.subject).lower()}, {row.step.other}"
    if row.step.other and row.step.subject:
        thing = _("%(kind)s, %(other)s") % {"kind": words.label(row.step.subject), "other": row.step.other}
        return f"{thing}: {words.label(row.step.state).lower()}"
    return words.label(row.clock or row.step.state)


NEWS_CLOCKS = frozenset({"HANDOFF_NEWS", "HANDOFF_CORRECTED"})
"""Terms of the news of a correction: the state of the handoff says nothing of it."""
CODED_GROUNDS = frozenset({"youth_task", "authority", "purpose", "asked_or_not", "secrecy", "help_kind"})
"""Grounds of a package that are codes."""


@register.filter
def ground(value: object, name: str) -> str:
    """Write what a package rests on as its reader writes it."""
    return words.label(str(value)) if name in CODED_GROUNDS else day(value)


@register.filter
def said(text: str) -> str:
    """Return a sentence of ours in the language of whoever looks."""
    return _(text)
