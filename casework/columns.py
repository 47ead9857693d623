"""One value of a part: what kind it is, which codes it takes, and its bounds."""

from dataclasses import dataclass
from enum import StrEnum

from casework.fields import LONG, SHORT


class Kind(StrEnum):
    """What a column of a part holds."""

    CODE = "code"
    TEXT = "text"
    SHORT = "short"
    DATE = "date"
    YES = "yes"
    NUMBER = "number"
    NAMES = "names"
    PERSON = "person"
    CASE = "case"
    AGENCY = "agency"
    AGENCIES = "agencies"
    ITEMS = "items"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Column:
    """One value of a part: `least` is the fewest characters of a text, or the smallest number."""

    name: str
    kind: Kind
    choices: tuple[str, ...] = ()
    required: bool = True
    least: int = 0
    most: int = 0

    @property
    def longest(self) -> int:
        """Return the most characters that the column takes."""
        return self.most or (LONG if self.kind is Kind.TEXT else SHORT)


def code(*choices: str, required: bool = True, name: str = "code") -> Column:
    """Return a column that holds one of these codes."""
    return Column(name, Kind.CODE, choices, required=required)


def text(name: str = "text", *, least: int = 1, required: bool = True, most: int = LONG) -> Column:
    """Return a column for a short story in words."""
    return Column(name, Kind.TEXT, least=least, required=required, most=most)


def short(name: str = "name", *, required: bool = True, most: int = SHORT) -> Column:
    """Return a column for a name or number."""
    return Column(name, Kind.SHORT, required=required, most=most)


def day(name: str = "date", *, required: bool = True) -> Column:
    """Return a column for a date."""
    return Column(name, Kind.DATE, required=required)


def yes(name: str = "yes", *, required: bool = True) -> Column:
    """Return a column for yes or no."""
    return Column(name, Kind.YES, required=required)


def number(name: str, *, required: bool = False) -> Column:
    """Return a column for a count."""
    return Column(name, Kind.NUMBER, required=required, most=999)
