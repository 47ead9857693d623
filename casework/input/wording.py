"""Codes, dates and frozen values as words, in the language of whoever reads: pages, prints and stored notes alike."""

import re
from collections.abc import Mapping

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from casework.input.dates import Precision, from_written, precision_of
from permissions.reasons import CELLS, Reason
from permissions.reasons import SAID as RULES_SAID
from workflows.causes import SAID as CAUSES_SAID
from workflows.causes import Cause

WRITTEN = {Precision.DAY: "j F Y", Precision.MONTH: "F Y", Precision.YEAR: "Y"}
"""How a day is written, by how much of it is known."""
CODED = frozenset({"code", "role", "kind", "capacity", "said_by", "yes", "contact_is_secret", "is_secret"})
"""Values of an item that are codes."""
DATED = frozenset({"date", "birth_date", "until"})
"""Values of an item that are days."""
DUTCH_POSTCODE = re.compile(r"^\s*([1-9]\d{3})\s{0,3}([a-z]{2})\s*$", re.IGNORECASE | re.ASCII)
"""A postcode of the Netherlands, however it was typed: it is written in one way."""
BESIDE = frozenset({"role"})
"""Values that the heading of an item says already."""


def label(code: str) -> str:
    """Return what a code is called; `part.column` falls back to the column's own name."""
    message = f"code:{code}"
    text = _(message)
    if text != message:
        return text
    for mark in (":", "."):
        if mark in code:
            return label(code.split(mark, 1)[1])
    for ending in ("_source", "_reason"):
        if code.endswith(ending):
            return f"{label(ending[1:])}: {label(code.removesuffix(ending)).lower()}"
    return plain(code)


def plain(code: str) -> str:
    """Return a code as words: the English label."""
    words = code.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def value_in_words(name: str, value: str, part: str = "") -> str:
    """Write one frozen value as its reader says it: a code as a word of its part, a day as far as it is known."""
    if name in CODED:
        return label(f"{'person' if name == 'role' else part or name}:{value}")
    if name == "postcode":
        return DUTCH_POSTCODE.sub(lambda found: f"{found[1]} {found[2].upper()}", value)
    if name not in DATED:
        return value
    try:
        found = from_written(value)
        return date_format(found, WRITTEN[precision_of(found)])
    except ValueError:
        return value


def said_of(values: Mapping[str, str], part: str = "") -> list[tuple[str, str]]:
    """Return the values of an item of a part as its reader reads them: what each is called, and what it says."""
    called = {name: f"{part}.{name}" if part and name in CODED else name for name in values if name not in BESIDE}
    return [(label(code), value_in_words(name, values[name], part)) for name, code in called.items()]


def in_words(values: Mapping[str, str], part: str = "") -> str:
    """Return the values of an item on one line, as its reader would say them."""
    return ", ".join(words for _name, words in said_of(values, part))


def reason_in_words(reason: Reason) -> str:
    """Return the rule that allows or refuses an act as a sentence, in the language of whoever reads."""
    cell = _(CELLS[reason.cell]) if reason.cell else ""
    said = {"action": label(reason.action or ""), "role": label(reason.role or "").lower(), "cell": cell}
    sentence = _(RULES_SAID[reason.rule]) % {**said, "what": reason.what}
    return f"{sentence[:1].upper()}{sentence[1:]}."


def cause_in_words(cause: Cause) -> str:
    """Return why something is not possible now as a sentence, in the language of whoever reads."""
    return _(CAUSES_SAID[cause])


def as_note(values: Mapping[str, str], part: str = "") -> str:
    """Return what an item says as the text of a note: no names of columns, codes as words of the installation."""
    with translation.override(settings.LANGUAGE_CODE):
        told = [value_in_words(name, value, part) for name, value in values.items() if name not in BESIDE | DATED]
    return ". ".join(words.rstrip(".") if words is not told[-1] else words for words in told)
