"""What an address asks for: every parameter is read here, and one that cannot be read is said so, never guessed around."""

import re
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest

from casework.input.dates import refuse_longer
from casework.input.marks import without_invisible
from casework.input.read import LONGEST_ID, Malformed
from casework.input.unfit import Unfit
from casework.selectors.keys import Unreadable, read_key
from web.words import complaint

LONGEST = 200
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
LONGEST_NUMBER = 9


def is_readable(text: str) -> bool:
    """Whether a text has no control characters but the ends of lines, and can be written at all."""
    return not _UNREADABLE.search(text)


def asked(request: HttpRequest, name: str) -> str:
    """Return what an address asks for under this name, without marks that nobody sees; nothing where it does not ask."""
    text = without_invisible(request.GET.get(name, "")).strip()
    if len(text) > LONGEST or not is_readable(text):
        raise Unreadable(name)
    return text


def asked_word(request: HttpRequest, name: str, words: Collection[str], otherwise: str = "") -> str:
    """Return which of these words an address asks for; raises Unreadable for any other."""
    text = asked(request, name) or otherwise
    if text and text not in words:
        raise Unreadable(name)
    return text


def asked_number(request: HttpRequest, name: str) -> int | None:
    """Return the number that an address asks for; raises Unreadable where it is none of ours."""
    text = asked(request, name)
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > LONGEST_NUMBER:
        raise Unreadable(name)
    return int(text)


def asked_id(request: HttpRequest, name: str) -> UUID | None:
    """Return the id that an address asks for; raises Unreadable where it is none."""
    text = asked(request, name)
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Unreadable(name) from None


def asked_key(request: HttpRequest, name: str = "after") -> tuple[int, datetime, UUID] | None:
    """Return the key at which a page of a list begins; raises Unreadable where it is none."""
    return read_key(asked(request, name), UUID)


def asked_typed(request: HttpRequest, name: str, most: int = LONGEST_ID) -> tuple[str, str]:
    """Return what somebody typed in a field of an address, all of it, and what is wrong with its length."""
    text = without_invisible(request.GET.get(name, "")).strip()
    if not is_readable(text):
        raise Unreadable(name)
    try:
        refuse_longer(text, most)
    except Unfit as error:
        return text, complaint(Malformed(name, "", error.why, error.detail, error.over))
    return text, ""
