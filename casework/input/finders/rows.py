"""Finds figures and short signs in a row that says nothing else: numbers with a unit, times, dates, amounts, groups.

What is listed in a case is named, is in order, or is short: each new word takes away from the row, and so does order.
"""

import re
from collections import deque
from collections.abc import Iterator
from itertools import pairwise

Found = tuple[str, str]
"""What kind of thing it is, and where it stands."""

MOST_FIGURES, MOST_OF_DAYS = 32, 150
"""How many new figures stand in a row at most, and in one that goes on from day to day."""
LEAST_ITEMS, LEAST_SHARE, LEAST_DAYS = 8, 5, 4
"""From how many numbers they are a row, of how many one turns the order, and how many days make one."""
_LONGEST_PART, _MOST_OF_A_DAY, _MOST_OF_ONE = 5, 4, 5
"""A longer number is one of a telephone or of a file; and how many figures one item counts for."""
_A_NEW_WORD, _RECENT = 3, 8
"""What a new word takes away, and after how many words one is new again."""
LEAST_PIECES, LEAST_LETTERS, _A_NEW_LABEL = 26, 6, 3
"""From how many signs pieces of a hash with the same words between are one, one in so many a letter; what a word costs."""
MOST_ODD, _LONG_WORD = 27, 4
"""How many signs of short groups that are no words and no numbers stand in a row, and what a word has."""
_TOKEN = re.compile(r"\d{1,12}(?:[.,:/-]\d{1,12}){0,6}(?![^\W_])|[^\W_]+")
_GLUE = """
    en of dan tot om uur u van op te t m de het a plus ca circa euro eur cent jaar jaren maand maanden week weken dag dagen
    minuten minuut min sec seconden keer x maal meter m cm mm km kg gram g mg ml liter l procent punten stuks kinderen
    januari februari maart april mei juni juli augustus september oktober november december jan feb mrt apr jun jul aug sep
    sept okt nov dec maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma di wo do vr za zo nr nummer st
"""
_UNITS = frozenset(_GLUE.split())
_PIECE = re.compile(r"[0-9a-f]{2,40}")
_NUMBERED = re.compile(r"\d{1,3}[a-z]|[A-Za-z]\d{1,2}|\d+|\d[A-Z]{2}|[A-Z]{2}\d")
"""A house, a class, a size, a part: groups that are said."""
_YEAR = 4
_PHONE = re.compile(r"(?<![\w-])(?:\+\d{2} ?|0)\d{1,3}[- ]\d{2,4} \d{2} \d{2}(?: \d{2})?(?!\w)")
_MOST_PHONES = 4
"""So many telephone numbers in groups stand for what they are."""
_DAY = re.compile(r"\d{1,4}[-/]\d{1,4}(?:[-/]\d{2,4})?")


def find_numbered(text: str) -> Iterator[Found]:
    """Yield a row of numbers that is no list of a case."""
    yield from _first(_PHONE.sub(" ", text, count=_MOST_PHONES), _Numbers())


def find_groups(text: str) -> Iterator[Found]:
    """Yield a row of short groups, or of pieces of a hash with the same words between."""
    yield from _first(text, _Pieces())
    yield from _first(text, _Groups())


def _first(text: str, looks: "_Numbers | _Pieces | _Groups") -> Iterator[Found]:
    """Yield where it is too much of what is counted: each word is looked at once, and is new where it was not just said."""
    recent: deque[str] = deque(maxlen=_RECENT)
    for found in _TOKEN.finditer(text):
        token = found[0]
        if looks.takes(token, is_new=token.lower() not in recent):
            yield looks.kind, token
            return
        recent.append(token.lower())


class _Numbers:
    """What is counted of numbers."""

    kind = "blob"

    def __init__(self) -> None:
        """Begin with nothing."""
        self._begin()

    def _begin(self) -> None:
        self.weight = self.items = self.turns = self.days = self.days_turned = 0
        self.seen: set[str] = set()
        self.last: dict[str, list[int]] = {}
        self.went: dict[str, bool] = {}

    def takes(self, token: str, *, is_new: bool) -> bool:
        """Count one more, and return whether it is too much."""
        if not token[0].isdecimal() or token[-1].isalpha():
            if token.lower() not in _UNITS and is_new:
                self.weight -= _A_NEW_WORD
            if self.weight <= 0:
                self._begin()
            return False
        parts = re.findall(r"\d+", token)
        if max(map(len, parts)) <= _LONGEST_PART:
            self._count(token, parts)
        most = MOST_OF_DAYS if self.days >= LEAST_DAYS and self.days_turned * LEAST_SHARE < self.days else MOST_FIGURES
        return self.weight >= most and self.items >= LEAST_ITEMS and self.turns * LEAST_SHARE >= self.items

    def _count(self, token: str, parts: list[str]) -> None:
        new = [part for part in parts if part not in self.seen]
        is_day = bool(_DAY.fullmatch(token))
        self.weight += min(sum(map(len, new)), _MOST_OF_ONE if len(parts) == 1 or "," in token else _MOST_OF_A_DAY)
        self.seen.update(new)
        key = [int(part) for part in (parts[::-1] if is_day or len(parts[-1]) == _YEAR else parts)]
        has_turned = self._turns(re.sub(r"\d", "", token), key)
        self.items, self.turns = self.items + 1, self.turns + has_turned
        if is_day:
            self.days, self.days_turned = self.days + 1, self.days_turned + has_turned

    def _turns(self, marks: str, key: list[int]) -> bool:
        """Whether a number goes up where those before it, with the same marks, went down, or the other way round."""
        last, went = self.last.get(marks), self.went.get(marks)
        self.last[marks] = key
        if last is None or last == key:
            return False
        self.went[marks] = last < key
        return went is not None and went != self.went[marks]


class _Pieces:
    """What is counted of pieces of a hash, between which the same words come back."""

    kind = "hash"

    def __init__(self) -> None:
        """Begin with nothing."""
        self.digits = self.letters = 0
        self.seen: set[str] = set()

    def takes(self, token: str, *, is_new: bool) -> bool:
        """Count one more, and return whether it is too much."""
        word = token.lower()
        if _PIECE.fullmatch(word) and word != "de":
            if word not in self.seen:
                figures = sum(map(str.isdecimal, word))
                self.digits, self.letters = self.digits + figures, self.letters + len(word) - figures
                self.seen.add(word)
        elif is_new and word not in _UNITS:
            self.digits = max(0, self.digits - _A_NEW_LABEL)
            self.letters = max(0, self.letters - 1)
            self.seen = self.seen if self.digits else set()
        total = self.digits + self.letters
        return total >= LEAST_PIECES and min(self.digits, self.letters) * LEAST_LETTERS >= total


class _Groups:
    """What is counted of groups of two or three signs."""

    kind = "blob"

    def __init__(self) -> None:
        """Begin with nothing."""
        self.odd = 0

    def takes(self, token: str, *, is_new: bool) -> bool:
        """Count one more, and return whether it is too much."""
        if len(token) >= _LONG_WORD:
            self.odd = max(0, self.odd - (len(token) if is_new else 0))
        elif len(token) > 1 and is_new and _is_odd(token):
            self.odd += len(token)
        return self.odd >= MOST_ODD


def _is_odd(token: str) -> bool:
    """Whether a short group is no word, no abbreviation and no number of something."""
    if _NUMBERED.fullmatch(token) or not token.isascii() or not token.isalnum():
        return False
    mixed = any(map(str.isdecimal, token)) and not token.isdecimal()
    return (
        mixed
        or any(one.islower() and two.isupper() for one, two in pairwise(token))
        or token.isupper() < (token[0] + token[1]).isupper()
    )
