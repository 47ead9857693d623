"""Finds a hash that is told: its signs are words for figures and for letters, as over a radio or a telephone.

A telephone number, a bank account or a number plate that somebody spells is shorter; who counts goes up by one.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

Found = tuple[str, str]
"""What kind of thing it is, and where it stands."""

LEAST_SIGNS, LEAST_KINDS, LEAST_SHARE = 26, 7, 4
"""From how many signs in a row they are no number that people have, how many different ones stand in it, and of how many
one at least is a word, and is less than the one before."""
_FIGURES = (
    "nul zero null oh",
    "een one eins un",
    "twee two zwei deux twe",
    "drie three drei trois",
    "vier four quatre",
    "vijf five funf cinq fife",
    "zes six sechs",
    "zeven seven sieben sept",
    "acht eight huit ait",
    "negen nine neun neuf niner",
)
_LETTERS = """
    alfa alpha anna anton adam bravo bernard bernhard bee charlie cornelis cee delta dirk david dee echo eduard edward
    ee foxtrot ferdinand frits ef golf gerard hotel hendrik india izaak isaak juliet juliett johan johannes julius
    kilo karel lima lodewijk mike maria november nico oscar otto papa pieter quebec quirinius quotient romeo rudolf
    richard sierra simon tango theodor theodoor uniform utrecht victor whiskey whisky willem xray xantippe yankee
    ypsilon zulu zaandam zacharias aa
"""
_SAID = {word: str(figure) for figure, words in enumerate(_FIGURES) for word in words.split()} | {
    word: word[0] for word in _LETTERS.split()
}
"""Each word for a sign, and the sign."""
_UNITS_SAID = """
    nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien
"""
_TENS_SAID = """
    twintig dertig veertig vijftig zestig zeventig tachtig negentig
"""
_UNITS, _TENS = _UNITS_SAID.split(), _TENS_SAID.split()
_BYTES = 256


def _counted(number: int) -> str:
    """Return how a number is written in one word, without accents."""
    if number >= 100:  # noqa: PLR2004 - a hundred
        hundreds, rest = divmod(number, 100)
        return f"{'' if hundreds == 1 else _UNITS[hundreds]}honderd{_counted(rest) if rest else ''}"
    if number < len(_UNITS):
        return _UNITS[number]
    tens, unit = divmod(number, 10)
    return "negentien" if number == len(_UNITS) else f"{f'{_UNITS[unit]}en' if unit else ''}{_TENS[tens - 2]}"


_COUNTS = {_counted(number): str(number) for number in range(10, _BYTES)}
"""Numbers of several figures in one word, as far as a byte goes."""
_JOINS = frozenset(
    ["en", "dan", "dus", "daarna", "plus", "komma", "streep", "and", "then", "spatie", "of", "letter", "cijfer"]
)
"""What stands between signs without being one."""
_WORD = re.compile(r"[^\W_]+")


def find_spoken(text: str) -> Iterator[Found]:
    """Yield what is told sign by sign, in words or in words and signs."""
    row: list[str] = []
    first = said = 0
    for found in _WORD.finditer(text):
        word = found[0].lower()
        if word in _JOINS:
            continue
        signs = _signs_of(word)
        if not signs:
            row, said = [], 0
            continue
        first = first if row else found.start()
        row.append(signs)
        said += len(word) > len(signs) or word.isalpha()
        if _is_told(row, said):
            yield "hash", text[first : found.end()]
            return


def _signs_of(word: str) -> str:
    """Return the signs for which a word stands, one that stands for itself, or nothing."""
    if len(word) == 1 and word.isascii():
        return word
    return _SAID.get(word) or _COUNTS.get(word) or ""


def _is_told(row: list[str], said: int) -> bool:
    """Whether a row is as long as no number is, is told for a part, has many kinds, and does not count up."""
    latest = row[-LEAST_SIGNS:]
    if sum(map(len, latest)) < LEAST_SIGNS or said * LEAST_SHARE < len(row) or len(set(latest)) < LEAST_KINDS:
        return False
    down = sum((len(two), two) < (len(one), one) for one, two in pairwise(latest))
    return down * LEAST_SHARE >= len(latest)
