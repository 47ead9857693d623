"""One value of a part: what kind it is, which codes it takes, and its bounds."""

from dataclasses import dataclass
from enum import StrEnum

from casework.input.dates import Meaning
from casework.input.fields import LONG, SHORT


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
    ROW = "row"
    AGENCY = "agency"
    AGENCIES = "agencies"
    ITEMS = "items"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Column:
    """One value of a part: `least` is the fewest characters of a text, or the smallest number.

    `means` says what a date is, and `partly` that a year or a month alone will do; `takes_mail` that this is where one is
    reached, so that an address of e-mail belongs there.
    """

    name: str
    kind: Kind
    choices: tuple[str, ...] = ()
    required: bool = True
    least: int = 0
    most: int = 0
    means: Meaning = Meaning.PLANNED
    partly: bool = False
    takes_mail: bool = False

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


def contact(name: str = "contact", *, required: bool = False) -> Column:
    """Return a column for where somebody is reached: a number, an address of e-mail, a place."""
    return Column(name, Kind.SHORT, required=required, takes_mail=True)


def day(name: str = "date", *, required: bool = True, means: Meaning = Meaning.HAPPENED, partly: bool = False) -> Column:
    """Return a column for a date: of something that happened, unless it means another thing."""
    return Column(name, Kind.DATE, required=required, means=means, partly=partly)


def planned(name: str = "date", *, required: bool = True) -> Column:
    """Return a column for the date of what is still to come."""
    return day(name, required=required, means=Meaning.PLANNED)


def until(name: str = "until", *, required: bool = True) -> Column:
    """Return a column for the day until which something holds."""
    return day(name, required=required, means=Meaning.UNTIL)


def born(name: str = "birth_date", *, required: bool = True) -> Column:
    """Return a column for a birth date, of which the year alone may be known."""
    return day(name, required=required, means=Meaning.BIRTH, partly=True)


def yes(name: str = "yes", *, required: bool = True) -> Column:
    """Return a column for yes or no."""
    return Column(name, Kind.YES, required=required)


def number(name: str, *, required: bool = False, most: int = 999) -> Column:
    """Return a column for a count."""
    return Column(name, Kind.NUMBER, required=required, most=most)
