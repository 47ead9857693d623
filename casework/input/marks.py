"""Marks that nobody sees: what is taken out of a text before it is read, and what looks like another mark."""

import re
import unicodedata
from functools import lru_cache

LINES = str.maketrans({"\x0b": "\n", "\x0c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"})
"""What some programs write for the end of a line."""
_NOT_PLAIN = re.compile(r"[^\x20-\x7e\n]")
MOST_STACKED = 30
"""How many marks stand on one letter at most: the bound of Unicode itself for text that is safe to handle (UAX 15)."""
_DASHES = "\u2212\u00af\u02d7\u2043"
_APOSTROPHES = (
    "'`\u00b4\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u055a\u05f3\u2018\u2019\u201a\u201b\u2032\u2035\ua78c\uff07"
)


def is_invisible(letter: str) -> bool:
    """Whether nobody sees this mark: soft hyphens, zero widths, directions, tags, and what chooses a glyph."""
    return unicodedata.category(letter) == "Cf" or "\ufe00" <= letter <= "\ufe0f" or letter in "\u034f\u115f\u1160\u3164"


@lru_cache(maxsize=4096)
def _seen(letter: str) -> str:
    return "" if is_invisible(letter) else letter


def without_invisible(text: str) -> str:
    """Return the text without marks that nobody sees: they come along with what is copied, and say nothing."""
    return _NOT_PLAIN.sub(lambda found: _seen(found[0]), text.replace("\r\n", "\n").replace("\r", "\n").translate(LINES))


@lru_cache(maxsize=4096)
def _stands_on_another(letter: str) -> bool:
    """Whether this is an accent or another mark on the letter before it, also once it is written in its plain form."""
    return unicodedata.combining(unicodedata.normalize("NFKD", letter)[0]) > 0


def find_stack(text: str) -> str:
    """Return the mark that is stacked on one letter more often than anybody writes it; nothing where there is none.

    To put them in order takes the square of their number: it is asked before a text is brought into its plain form.
    """
    stacked = 0
    for letter in "" if text.isascii() else text:
        stacked = stacked + 1 if _stands_on_another(letter) else 0
        if stacked > MOST_STACKED:
            return letter
    return ""


@lru_cache(maxsize=4096)
def simple_mark(letter: str) -> str:
    """Return a dash for every dash, an apostrophe for every apostrophe, a space for every space; else the letter."""
    if letter in _APOSTROPHES:
        return "'"
    if letter in _DASHES or unicodedata.category(letter) == "Pd":
        return "-"
    return " " if letter.isspace() and letter != "\n" else letter


def without_marks(text: str) -> str:
    """Return the text with simple dashes, apostrophes and spaces, without what nobody sees, in plain widths."""
    simple = "".join(map(simple_mark, without_invisible(text)))
    return "".join(map(simple_mark, unicodedata.normalize("NFKC", simple)))
