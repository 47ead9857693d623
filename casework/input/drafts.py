"""What of an unsent form may be stored until it is sent, and how: screened like everything else, and encrypted.

A draft goes through the same screening as what is sent: a text that would be refused at the end is not stored before it
either. What is not finished yet, such as half a date, is stored where it holds nothing that is refused.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from cryptography.fernet import InvalidToken

from casework.input.fields import LONGEST
from casework.input.parts import columns_of, parts_for
from casework.input.read import Malformed, read_value
from casework.input.schema import Column, Kind
from casework.input.screening import Screened, screen, screen_together
from permissions.cipher import box_for
from permissions.vocabulary import Action

Typed = dict[str, list[str]]
"""Of each field, `part-column`, what was typed or chosen in it."""
TYPED = frozenset({Kind.TEXT, Kind.SHORT, Kind.DATE, Kind.NUMBER, Kind.NAMES, Kind.CASE})
"""Kinds of values that are typed, and so can be half finished; the others are chosen."""
TICKED = {Action.OPEN_CASE: ("share",)}
"""Boxes of a page that are no field of its action, and say which part of it is meant."""
WORDS = frozenset({Kind.TEXT, Kind.SHORT, Kind.NAMES})
OFFERED = re.compile(
    r"[a-z]{1,20}(?:_[a-z]{1,20}){0,4}|\d{1,10}|(?:[a-z_]{1,40}:)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII
)
"""What is chosen from the records: a code, a number, or a row, as a form offers it."""
UNSEEN = frozenset({"approving"})
"""Parts that the page fills in itself: they say what was seen when it was drawn."""


def fields_of(action: Action) -> dict[str, tuple[str, Column]]:
    """Return every field of the form of an action, by the name under which it is sent."""
    parts = (part for part in parts_for(action) if part not in UNSEEN)
    return {f"{part}-{column.name}": (part, column) for part in parts for column in columns_of(part, action)}


def fit_to_store(action: Action, typed: Mapping[str, Sequence[str]]) -> tuple[Typed, tuple[str, ...]]:
    """Return what of a form may be stored, and the names of the fields that may not, in the order of the form."""
    known = fields_of(action)
    given = {name: list(typed[name]) for name in known if any(value.strip() for value in typed.get(name, ()))}
    fit = {name: values for name, values in given.items() if _fits(*known[name], values)}
    words = [name for name in fit if known[name][1].kind in WORDS]
    if not _stand_together([value for name in words for value in fit[name]]):
        fit = {name: values for name, values in fit.items() if name not in words}
    if fit:
        fit |= {name: ["yes"] for name in TICKED.get(action, ()) if list(typed.get(name, ())) == ["yes"]}
    return fit, tuple(name for name in given if name not in fit)


def _fits(part: str, column: Column, values: list[str]) -> bool:
    """Whether what stands in a field can be stored: what its reader takes, or what is typed and holds nothing refused."""
    is_list = column.kind in {Kind.ITEMS, Kind.AGENCIES}
    if len(values) > 1 and not is_list:
        return False  # two answers to one question: the page asks which is meant when it is sent
    if column.kind not in TYPED | {Kind.CODE, Kind.YES} and not all(map(OFFERED.fullmatch, values)):
        return False
    try:
        read_value(part, column, values if is_list else values[0])
    except Malformed as error:
        unfinished = column.kind in TYPED and not error.why.startswith("screened_")
        return unfinished and len(values[0]) <= LONGEST and _is_clean(values, column)
    return True


def _is_clean(values: Iterable[str], column: Column) -> bool:
    try:
        for value in values:
            screen(value, takes_mail=column.takes_mail)
    except Screened:
        return False
    return True


def _stand_together(texts: list[str]) -> bool:
    try:
        screen_together(texts)
    except Screened:
        return False
    return True


def sealed(membership: UUID | None, action: Action, about: UUID | None, typed: Typed) -> str:
    """Return a draft encrypted, together with the place for which it was typed."""
    said = {"place": _place(membership, action, about), "typed": typed}
    return box_for("draft").encrypt(json.dumps(said, ensure_ascii=False).encode()).decode()


def opened(membership: UUID | None, action: Action, about: UUID | None, text: str) -> Typed:
    """Return what was typed for this place; nothing where it was encrypted for another, or with a key of before."""
    try:
        said = json.loads(box_for("draft").decrypt(text.encode()))
    except (InvalidToken, ValueError):
        return {}
    return dict(said["typed"]) if said["place"] == _place(membership, action, about) else {}


def _place(membership: UUID | None, action: Action, about: UUID | None) -> list[str]:
    return [str(membership or ""), str(action), str(about or "")]
