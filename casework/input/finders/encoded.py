"""Finds what is no text: a picture written as signs of other scripts, as numbers, as groups of letters, as a few words.

A name or a sentence of another language is text; what holds more of it than people quote, or signs that nobody writes
in, is refused. Every rule counts once through the text.
"""

import re
import unicodedata
import zlib
from collections.abc import Iterator
from functools import lru_cache

Found = tuple[str, str]
MOST_SYLLABLES, MOST_LETTERS, MOST_SYMBOLS = 24, 200, 16
"""How many signs of scripts with thousands of them, letters of other alphabets, and symbols a text holds at most."""
ROW_OF_GROUPS, ROW_OF_SHORT_GROUPS = 32, 42
"""From how many letters in groups that are no words, one after another, it is no text; abbreviations are short ones."""
MANY_WORDS, FEW_KINDS = 64, 12
"""A text of so many words has more kinds of them, and a row of numbers that are counted fewer."""
SAID_ONCE = 24
"""How many bytes it takes to say a phrase once, and that it is repeated."""
_MANY_SIGNS = (
    "CJK",
    "HANGUL",
    "HIRAGANA",
    "KATAKANA",
    "YI",
    "ETHIOPIC",
    "EGYPTIAN",
    "CUNEIFORM",
    "ANATOLIAN",
    "TANGUT",
    "BAMUM",
)
_NEVER = ("BRAILLE", "BOX", "HEXAGRAM", "TETRAGRAM", "DIGRAM", "COUNTING", "DOMINO", "MAHJONG", "PLAYING", "TAG", "SUTTON")
_BYTES = re.compile(r"(?<![\w.,])(?:25[0-5]|2[0-4]\d|1?\d{1,2})(?:[\s,;]{1,3}(?:25[0-5]|2[0-4]\d|1?\d{1,2})(?!\w)){31}")
_WORD = re.compile(r"[^\W\d_]+")
_VOWEL = re.compile(r"[aeiouy]|ij", re.IGNORECASE)
LEAST_GROUP = 4
_BEGINS_ALIKE = 2


@lru_cache(maxsize=4096)
def _kind_of(sign: str) -> str:
    """Return what a sign is: a letter of another alphabet, one of many signs, a symbol, one that nobody writes, or plain."""
    category, name = unicodedata.category(sign), unicodedata.name(sign, "")
    first = name.split(" ", 1)[0]
    if first in _NEVER:
        return "never"
    if category.startswith("L") and first not in {"LATIN", "MODIFIER", "FEMININE", "MASCULINE"}:
        return "syllable" if first in _MANY_SIGNS else "letter"
    return "symbol" if category in {"So", "Sk", "Cn"} or (category[0] == "N" and not sign.isdecimal()) else ""


def find_encoded(text: str) -> Found | None:
    """Return the kind and the span of the first thing that is no text; nothing where there is none."""
    return next(_found(text), None)


def find_pieces(text: str) -> Iterator[Found]:
    """Yield what is no text in whatever number of texts it stands: a row of bytes in figures, or of groups of letters."""
    for numbers in _BYTES.finditer(text):
        if len(set(re.findall(r"\d+", numbers[0]))) >= FEW_KINDS:
            yield "blob", numbers[0]
    yield from _groups(text)


def _found(text: str) -> Iterator[Found]:
    if not text.isascii():
        yield from _other_signs(text)
    yield from find_pieces(text)
    yield from _few_words(text.lower().split())


def _few_words(words: list[str]) -> Iterator[Found]:
    """Yield a long text of a few words in no order: a phrase that is repeated says nothing more than once."""
    kinds = {word: number for number, word in enumerate(dict.fromkeys(words))}
    if len(words) >= MANY_WORDS and len(kinds) <= FEW_KINDS:
        said = len(zlib.compress(bytes(kinds[word] for word in words), 9))
        if said > len(words) // 10 + SAID_ONCE:
            yield "blob", " ".join(kinds)


def _other_signs(text: str) -> Iterator[Found]:
    left = {"never": 0, "syllable": MOST_SYLLABLES, "letter": MOST_LETTERS, "symbol": MOST_SYMBOLS}
    for place, sign in enumerate(text):
        kind = "" if sign.isascii() else _kind_of(sign)
        if not kind:
            continue
        left[kind] -= 1
        if left[kind] < 0:
            yield "blob", text[place : place + 1]
            return


def _groups(text: str) -> Iterator[Found]:
    """Yield a row of different groups of letters without a vowel, or of capitals of one length: nothing that is read."""
    row: dict[str, int] = {}
    length, last = 0, ""
    for found in _WORD.finditer(text):
        word = found[0]
        capitals = word.isupper() and len(word) == (length or len(word)) > 1
        is_group = word.isascii() and (capitals or (len(word) >= LEAST_GROUP and not _VOWEL.search(word)))
        row, length = ({**row, word: _new_in(word, last)}, len(word)) if is_group else ({}, 0)
        last = word
        if sum(row.values()) >= (ROW_OF_GROUPS if length >= LEAST_GROUP else ROW_OF_SHORT_GROUPS):
            yield "blob", word
            return


def _new_in(word: str, last: str) -> int:
    """Return how many letters a group has of its own: abbreviations of one house, VTRR and VTMN, begin alike."""
    alike = next((place for place, (one, two) in enumerate(zip(word, last, strict=False)) if one != two), len(last))
    return len(word) - (alike if alike >= _BEGINS_ALIKE else 0)
