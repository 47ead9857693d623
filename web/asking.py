"""What an address asks for: every parameter is read here, and one that cannot be read is said so, never guessed around."""

import re
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest

from casework.marks import without_invisible
from workflows.calendars import AMSTERDAM

LONGEST = 200
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
LONGEST_NUMBER = 9


class Unreadable(Exception):  # noqa: N818 - the errors of the domain are words (docs/architecture.md)
    """A parameter of an address cannot be read."""


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


def asked_key(request: HttpRequest, name: str = "after") -> tuple[int, datetime, UUID] | None:
    """Return the key at which a page of a list begins; raises Unreadable where it is none."""
    text = asked(request, name)
    if not text:
        return None
    try:
        rank, moment, key = text.replace(" ", "+").split("_")
        found = int(rank[:LONGEST_NUMBER]), datetime.fromisoformat(moment), UUID(key)
        found[1].astimezone(AMSTERDAM)
    except (ValueError, OverflowError):
        raise Unreadable(name) from None
    if found[1].tzinfo is None:
        raise Unreadable(name)
    return found


def moment_in(text: str) -> datetime | None:
    """Return the moment that was typed, in Europe/Amsterdam; none where nothing sensible was."""
    try:
        found = datetime.fromisoformat(text)
        found = found if found.tzinfo else found.replace(tzinfo=AMSTERDAM)
        found.astimezone(AMSTERDAM)
    except (ValueError, OverflowError):
        return None
    return found
