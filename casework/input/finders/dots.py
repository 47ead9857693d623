"""Finds domains with a veiled dot or ending: several dots, a figure for a letter, letters apart, odd marks."""

import re
from collections.abc import Callable, Iterator

from casework.input.finders.links import TLDS, WORDS
from casework.input.finders.slips import ORDINARY

Found = tuple[str, str]
"""What kind of thing it is, and where it stands."""

_CLEAR_WORDS = """
    com org net onion info nl be eu ru io cc tv xyz us uk fr su ly gg biz i2p
"""
_CLEAR = frozenset(_CLEAR_WORDS.split())
"""Endings that are spelled out where a domain is meant."""
_SEVERAL = re.compile(
    r"(?<![\w-])([\w-]{1,60})(\s?)\.{2,40}(\s{0,2})([a-z]{2,12})(?!\w)(?!')(\s{0,2}/\s{0,2}[\w?#])?", re.IGNORECASE
)
_APART_WORDS = """
    com org onion ru io xyz i2p
"""
_APART = frozenset(_APART_WORDS.split())
"""Endings that are no word of Dutch, nor short for one, where dots mean that somebody thinks."""
_THINKING_WORDS = """
    de in is er om na al so je ma pa at va la mr ms st hr am ad re mw nu
"""
_THINKING = frozenset(_THINKING_WORDS.split())
"""With these a sentence goes on after several dots, whatever stands before."""
_FIGURED = re.compile(r"(?<=\w)\.(?=[a-z]{0,6}\d)([a-z\d]{2,6})(?!\w)(/\w)?", re.IGNORECASE)
_LETTERS_FOR = (str.maketrans("01345", "oieas"), str.maketrans("01345", "oleas"))
_LONG = 3
_LETTERED = re.compile(
    r"(?:(?<=\w{3})(?<!\d{3})\.\s{0,2}|(?<!\w)(?:punt|dot|stip)[\s,:]{1,3})((?:[a-z][ _-]){1,5}[a-z])(?!\w)", re.IGNORECASE
)
_DOTTED = re.compile(r"(?<=[^\W\d_]{3})\.(?:c\.o\.m|n\.e\.t|o\.r\.g|o\.n\.i\.o\.n|i\.n\.f\.o)(?!\w)", re.IGNORECASE)
_COMMAS = re.compile(r"\w[,;:]\s{0,2}(?:punt|dot|stip)[,;:]\s{0,2}([a-z]{2,12})(?!\w)", re.IGNORECASE)
_ODD = re.compile(
    r"(?<=\w)(?![\u2010-\u201f\u2026\u2032\u2033\u00b0\u20ac])[^\w\s\x00-\x7f](?:com|org|net|onion|nl|ru|io|xyz)(?!\w)",
    re.IGNORECASE,
)
_ONE_WORD = re.compile(
    r"(?<!\w)(?:(?:dot|punt)(?:com|org|net|onion|nl)|(?:dot|punt) (?:en el|ennel|[cs]ee oo em)"
    r"|www[a-z\d-]{3,40}(?:com|nl|org))(?!\w)",
    re.IGNORECASE,
)


def find_veiled(text: str) -> Found | None:
    """Return the kind and the span of the first domain that is veiled so; nothing where there is none."""
    return next(_veiled(text), None)


def _veiled(text: str) -> Iterator[Found]:
    for pattern, is_domain in _JUDGED:
        for found in pattern.finditer(text):
            if is_domain(found):
                yield "link", _around(text, found)


def _is_figured(found: re.Match[str]) -> bool:
    """Whether an ending is read when its figures are letters: c0m; one of two letters has a path."""
    readings = {found[1].lower().translate(letters) for letters in _LETTERS_FOR}
    return bool(readings & _CLEAR) and (len(found[1]) >= _LONG or bool(found[2]))


def _is_spelled(found: re.Match[str]) -> bool:
    """Whether the letters that stand apart begin with an ending."""
    letters = "".join(letter for letter in found[1].lower() if letter.isalpha())
    return any(letters.startswith(ending) for ending in _CLEAR)


def _is_between_commas(found: re.Match[str]) -> bool:
    return found[1].lower() in (TLDS - WORDS) | _CLEAR


def _is_domain(found: re.Match[str]) -> bool:
    """Whether several dots stand for one: what follows is an ending, and no sentence that goes on."""
    before, apart, ending = found[1].lower(), found[2] or found[3], found[4].lower()
    if before.isdecimal() or ending not in TLDS:
        return False
    if found[5]:
        return True
    if apart:
        return ending in _APART
    if found[4].istitle():
        return ending not in WORDS and before not in ORDINARY
    return ending in _APART or (ending not in _THINKING and before not in ORDINARY)


_JUDGED: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], bool]], ...] = (
    (_SEVERAL, _is_domain),
    (_FIGURED, _is_figured),
    (_LETTERED, _is_spelled),
    (_COMMAS, _is_between_commas),
    (_DOTTED, bool),
    (_ODD, bool),
    (_ONE_WORD, bool),
)
"""Each way to veil, and what tells a domain from a sentence."""


def _around(text: str, found: re.Match[str]) -> str:
    return text[max(0, found.start() - 20) : found.end()].rsplit("\n", maxsplit=1)[-1].strip()
