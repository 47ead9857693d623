"""Where a page of a list begins, as an address carries it: one way to write it, and one reader, which guesses nothing."""

import re
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from workflows.calendars import AMSTERDAM

Number = TypeVar("Number", int, UUID)
_KEY = re.compile(
    r"(\d)_(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?Z)_(\d{1,18}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.ASCII
)


class Unreadable(Exception):  # noqa: N818 - the errors of the domain are words (docs/architecture.md)
    """A parameter of an address cannot be read."""


def written_key(rank: int, moment: datetime, number: object) -> str:
    """Write the key of the page after the row with this rank, moment and number."""
    return f"{rank:d}_{moment.astimezone(UTC).replace(tzinfo=None).isoformat()}Z_{number}"


def read_key(text: str, number: type[Number]) -> tuple[int, datetime, Number] | None:
    """Read a key as `written_key` writes it; none where no page is asked for.

    Raises Unreadable for any other text: a list that began anew would be taken for the page that was asked for.
    """
    if not text:
        return None
    found = _KEY.fullmatch(text)
    if found is None:
        raise Unreadable("after")
    try:
        moment, last = datetime.fromisoformat(found[2]), number(found[3])
        moment.astimezone(AMSTERDAM)
    except (ValueError, OverflowError):
        raise Unreadable("after") from None
    return int(found[1]), moment, last
