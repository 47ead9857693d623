"""Words on screen: every code of the product has a label, in the language of whoever looks."""

from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from casework.input.codes import LARGE_SCALE
from casework.input.dates import WEEKDAY_NAMES, Meaning, from_written
from casework.input.read import Malformed
from casework.input.schema import Column, Kind
from casework.input.wording import cause_in_words, in_words, label, plain, reason_in_words

__all__ = [
    "COMPLAINTS",
    "KIND_HINTS",
    "cause_in_words",
    "complaint",
    "hint",
    "in_words",
    "label",
    "plain",
    "reason_in_words",
]

KIND_HINTS = {
    Kind.TEXT: "No links, file names or addresses of the internet.",
    Kind.NAMES: "Names, separated by commas; at least two.",
}
"""What helps to fill in a column of a kind."""

DATE_HINTS = {
    Meaning.BIRTH: "Such as 27-3-1984 or 27 March 1984; a year or a month and year where no more is known.",
    Meaning.HAPPENED: "Such as 27-3, 27 March 2026 or yesterday; not later than today.",
    Meaning.PLANNED: "Such as 27-3, 27 March 2026, tomorrow or +5w (working days).",
    Meaning.UNTIL: "The last day, such as 27-3-2027 or +5w (working days).",
}
"""What helps to fill in a date, by what it means."""

FIELD_HINTS = {
    ("known_children_checked", "text"): "Needed where children are known: which, and what is known of them.",
    ("child_check", "text"): "Needed where the record holds a minor and the answer is none or unknown: why.",
    ("welfare_call", "again"): "Only where nobody was reached twice: the date of the second attempt.",
    ("person_gone", "into"): "Only when merged: under whose name this person goes on in the record.",
    ("joiner", "full_name"): "As colleagues know this person.",
    ("joiner", "username"): "Small letters and figures, such as j.jansen; it stays for good.",
    ("exclusions", LARGE_SCALE): "A yes or unknown is no exclusion here: it makes of the visit a search visit.",
    ("search_decided", "authority"): "The authority of the search: an order, or written consent.",
    (
        "search_decided",
        "text",
    ): "Only where the visit is made without a search: at least 20 characters, by who decides on the visit.",
}
"""What helps to fill in one column of a part."""


COLUMN_HINTS = {
    ("term", "until"): (
        "A pause moves the end of a term by as many calendar days as it lasts and then on to the next working day:"
        " three days over a weekend can so move it by five. The page shows the new day."
    ),
}
"""What helps to fill in one column of one part."""


def hint(part: str, column: Column) -> str:
    """Return what helps to fill in a column; a story says how long it may be."""
    said = _hint(part, column)
    if column.kind is not Kind.TEXT:
        return said
    return f"{said} {_('At most %(number)s characters.') % {'number': f'{column.longest:,}'.replace(',', '.')}}"


def can_be_needed(part: str, column: Column) -> bool:
    """Whether a step can rest on a column: one that must be filled in, or whose hint says when it is needed."""
    return column.required or (part, column.name) in FIELD_HINTS


def _hint(part: str, column: Column) -> str:
    if column.least > 1:
        return _("At least %(number)s characters. No links, file names or addresses of the internet.") % {
            "number": column.least,
        }
    if (part, column.name) in FIELD_HINTS:
        return _(FIELD_HINTS[part, column.name])
    if (part, column.name) in COLUMN_HINTS:
        return _(COLUMN_HINTS[part, column.name])
    if part == "exclusions" and column.name.endswith("_reason"):
        return _("Only where the answer is unknown.")
    return _hint_of_kind(column)


def _hint_of_kind(column: Column) -> str:
    if column.kind is Kind.DATE:
        return _(DATE_HINTS[column.means])
    if column.kind in KIND_HINTS:
        return _(KIND_HINTS[column.kind])
    if column.name == "family_name":
        return _("Somebody of one name: write it here.") if column.required else _("Leave empty when it is not known.")
    if column.kind is Kind.CASE:
        return _("The reference of a case or the number of a handoff; what lies nearest is offered while you type.")
    if column.takes_mail:
        return _("A telephone number or an address of e-mail.")
    return "" if column.required else _("Optional.")


COMPLAINTS = {
    "operation_reused": "This form was sent before with other content, which is stored. What you typed now is not.",
    "named_twice": "This case stands twice in the plan: leave one of the lines out.",
    "required": "Fill this in.",
    "too_short": "Write at least %(detail)s characters.",
    "too_long": "This is %(over)s characters too long: write at most %(detail)s. Nothing of it was dropped.",
    "too_many": "These are %(over)s more than the %(detail)s that fit at once. Nothing of it was stored or dropped.",
    "no_such_code": "Choose one of the answers.",
    "not_a_birth_date": "Write a birth date such as 27-3-1984 or 27 March 1984, or the year alone.",
    "not_a_happened_date": "Write a date such as 27-3-2026, 27-3, 27 March or yesterday.",
    "not_a_planned_date": "Write a date such as 27-3-2026, 27-3, 27 March, tomorrow or +5w.",
    "not_a_until_date": "Write a date such as 27-3-2026, 27-3, 27 March or +5w.",
    "not_a_moment": "Write a moment such as 27-3-2026 10:00, 27 March 10:00 or yesterday 14:30.",
    "needs_a_time": "Write the time of that day too, such as 10:00.",
    "no_such_time": "There is no such time: a day runs from 00:00 to 23:59.",
    "no_such_moment": "There is no such moment: check the hour, and whether the clock goes forward over it.",
    "not_a_month": "Write a month such as 2026-03, March 2026, this or last.",
    "no_such_day": "There is no such day in the calendar.",
    "other_weekday": "That day is a %(detail)s: check the day of the week and the date.",
    "needs_a_year": "Write the year too: a birth date is not guessed.",
    "needs_a_day": "Write the day and the month too.",
    "in_future": "This day is still to come: write one that is not later than today.",
    "too_long_ago": "This lies too far back: write the year in four digits.",
    "too_far": "This lies too far ahead: write the year in four digits.",
    "too_little_known": "Write at least a name with a year of birth, or a family name with a given name.",
    "age_is_known": "An estimated age is for who has no whole birth date: leave one of the two out.",
    "age_does_not_fit": "This age does not fit the birth date: check both.",
    "not_a_number": "Write a whole number.",
    "too_many_of_it": "Write a whole number of at most %(detail)s.",
    "too_few_of_it": "Write a whole number of at least %(detail)s.",
    "not_a_yes": "Choose yes or no.",
    "not_a_names": "Write one to ten names, separated by commas.",
    "no_such_receiver": "Choose a receiver that may hold personal data.",
    "nothing_carries": "No basis carries anything from your kind of organisation to this one: choose another receiver.",
    "no_such_item": "Choose from the items of the record.",
    "not_in_this_kind": "This may not go with this kind of handoff: %(detail)s.",
    "no_visit_planned": "There is no planned visit to report on.",
    "no_such_case": "There is no such case within your reach.",
    "not_a_case": "Write the reference of a case, such as 2026-1a2b3c, or the number of a handoff.",
    "no_such_person": "There is no such person in this record.",
    "say_about_whom": "Choose about whom this is.",
    "has_no_work_here": "This person can do nothing in a case: choose somebody who works on cases.",
    "no_sign_in_name": "Write small letters and figures, with points or dashes between them, such as j.jansen.",
    "name_taken": "Somebody signs in under this name already: choose another.",
    "roles_may_not_meet": "These roles may not meet in one person: who oversees or arranges works on no case.",
    "has_these_roles": "This person has exactly these roles already: nothing was changed.",
    "waits_already": "A change for this person waits already: settle that one first.",
    "left_already": "This membership has ended already: nothing was changed.",
    "signs_in_already": "This person has set a password already: a new link would let another in under their name.",
    "no_such_member": "Choose somebody of your own agency.",
    "holds_them_already": "These cases are this person's already: choose a colleague.",
    "held_otherwise_now": "One of these cases is with another by now. Nothing was done; the list below is as it stands.",
    "none_can_be_given": "None of these cases can be given to this person. Nothing was done; choose a colleague.",
    "stands_in_for_oneself": "Nobody stands in for themselves: choose a colleague.",
    "deputy_is_away": "This colleague is away in that time: choose another, or other days.",
    "not_assigned": "This person is not assigned to this case: nothing was ended.",
    "taken_off_already": "This person was taken off this case before, on %(detail)s: nothing was ended.",
    "walled_already": "This person stands behind a wall already, since %(detail)s: nothing was stored.",
    "receiver_stays": "The receiver and the kind of a prepared handoff stay; withdraw it and prepare another.",
    "which_of_several": "More than one such term runs: choose which of them.",
    "not_later": "Choose a day after the present one.",
    "too_long_a_move": "Choose a day up to %(detail)s: a term moves by at most its own length.",
    "needs_consent": "Name who asked only if they agree.",
    "many_searches": "You searched often this hour: choose why.",
    "before_since": "The last day lies before the first.",
    "too_early": "This cannot have been before what it follows: check the date.",
    "too_late": "This cannot lie in the future, or after what it comes before: check the date.",
    "ends_before_it_begins": "The last day lies before the first.",
    "names_somebody": "Leave out “%(detail)s”: advice is kept without any data on the people it concerns.",
    "excluded": "This cannot stand beside what is stored, or beside something else on this page.",
    "not_a_victim": "Who is identified here is a possible victim: choose that role, whatever else they are in the case.",
    "stored_otherwise": "Another decision is stored: a later one has a later date, and is recorded before this step.",
    "say_why": "The record holds a minor. Write why nobody was found, or what is not known yet.",
    "same_case": "Choose another case than this one.",
    "before_it_moved": "This was delivered before the case came where it is now: it is no new signal.",
    "does_not_fit": "This does not fit the outcome of the visit.",
    "not_a_bsn": "These are not the nine digits of a citizen service number.",
    "only_police": "Only police keep police intelligence.",
    "not_held_here": "Your organisation holds no citizen service numbers here.",
    "changes_nothing": "This is how it stands already: nothing would change.",
    "not_emptied": "This cannot be emptied: fill in what it is.",
    "no_such_premises": "There is no such address in this record.",
    "no_such_fact": "There is no such thing in this record that can be corrected.",
    "not_of_this_fact": "What you correct does not have this.",
    "one_alone": "This can be given once: record the other apart.",
    "not_taken_here": "This does not belong here: nothing of it would be stored.",
    "no_such_news": "There is no handoff here of which the news of a correction waits.",
    "no_such_handoff": "There is no handoff here that waits to be sent again.",
    "no_reason_stored": "First store the reason; then another can approve it.",
    "no_such_note": "There is no such note in this record.",
    "screened_link": "Leave out “%(detail)s”: links never enter a record. Say in words what you mean.",
    "screened_mail": "Leave out “%(detail)s”: an address of e-mail is written where somebody is reached, not here.",
    "screened_file": "Leave out “%(detail)s”: file names never enter a record. Say in words what you mean.",
    "screened_hash": "Leave out “%(detail)s”: it looks like a hash, and those never enter a record.",
    "screened_address": "Leave out “%(detail)s”: internet addresses never enter a record.",
    "screened_blob": "Leave out “%(detail)s”: it looks like encoded data, and that never enters a record.",
    "screened_character": "Leave out the invisible character %(detail)s.",
}


OF_DAYS = frozenset({"walled_already", "taken_off_already", "too_long_a_move"})
"""Complaints whose detail is a day."""
OF_CODES = frozenset({"not_in_this_kind"})
"""Complaints whose detail is codes."""


def complaint(error: Malformed) -> str:
    """Return one clear sentence for a value that cannot be stored; the span is cut short."""
    return sentence(error) % particulars(error)


def sentence(error: Malformed) -> str:
    """Return the sentence for a value that cannot be stored, with a place for its particulars."""
    return _(COMPLAINTS.get(error.why, "This cannot be stored; please check it."))


def particulars(error: Malformed) -> dict[str, Any]:
    """Return what the sentence for a value that cannot be stored names: its limit or span, and how much over."""
    detail = error.detail
    if error.why in OF_CODES:
        detail = ", ".join(label(one).lower() for one in detail.split())
    if error.why in OF_DAYS:
        detail = date_format(from_written(detail), "j F Y")
    if error.why == "other_weekday":
        detail = WEEKDAYS[WEEKDAY_NAMES.index(detail)]
    return {"detail": detail, "over": error.over}
