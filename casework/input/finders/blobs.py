"""Finds hashes and encoded data, whole or in pieces; a list of names, devices or serial numbers is none.

A name has parts that are said aloud, also where capitals or figures stand within. Encoded data goes on without language.
Every rule goes once through the text.
"""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

Found = tuple[str, str]
"""What kind of thing it is, and where it stands."""

LEAST_HEX = 32
LEAST_CODE = 20
LONGEST_WORD = 60
"""The longest Dutch word has 50 letters: a longer run is no word."""
ENOUGH = 24
"""How many characters of encoded-looking pieces after another make a blob."""
ENOUGH_LISTED = 160
"""How many do of serial numbers, nicknames with figures and the like, of which each is set apart as in a list."""

_SPLIT = re.compile(r"(?<![0-9a-z])[0-9a-f]+(?:[\W_]{1,5}[0-9a-f]+)+(?![0-9a-z])", re.IGNORECASE)
_ALNUM = re.compile(r"[A-Za-z0-9]+")
_HEX = re.compile(r"[0-9a-f]{1,40}", re.IGNORECASE)
_JOINS = frozenset(["en", "dan", "of", "daarna", "toen", "plus", "met", "vervolgens", "and", "then", "or"])
_BETWEEN_PIECES = _JOINS | {"de"}
"""Words that stand between pieces without being one, also where their letters could be."""
_A_TO_P = re.compile(r"(?<![a-z])[a-p]{32,}(?![a-z])", re.IGNORECASE)
_LEAST_KINDS = 8
"""Half of sixteen letters: so many that it is no laughing and no long breath."""
_LEAST_SHARE = 8
"""Of a hash at least one in so many is a letter, and one a figure."""
_A_TO_P_PIECE = re.compile(r"[a-p]{2,16}", re.IGNORECASE)
_GROUP = re.compile(r"[A-Za-z0-9]{2,8}")
_LEAST_MIXED, _MANY_KINDS = 2, 15
"""How many pieces have a figure, and how many different letters and figures stand in them, where it is no text."""
_LIKE_A_NUMBER = 6
"""From how many signs a letter or two with figures behind them are a number of something."""
_TOKEN = re.compile(r"[A-Za-z0-9+/=_-]+")
_IBAN = re.compile(r"(?:NL|BE|DE|FR|GB|ES|IT|LU|PL|PT|AT|CH|IE|DK|SE|NO|FI)\d{2}[A-Z0-9]{10,26}")
_DATED = re.compile(r"\d{1,6}[a-z]{0,8}|[A-Z]{1,5}\d{1,12}[A-Z]{0,2}|[A-Z][a-z]{1,2}[A-Z][a-z]{3,}")
_NAMED_NUMBER = re.compile(r"[A-Z]{0,6}[a-z]{2,10}[A-Z\d]{4,10}")
"""The name of a make with a number of capitals and figures behind it, as a network at home has."""
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_FIGURE_FOR_LETTER = re.compile(r"(?<=[a-z])[0134578]{1,2}(?=[a-z])")
_LETTER_FOR_FIGURE = str.maketrans("0134578", "oieasta")
"""How figures are read within a nickname: d4rk, sk8er."""
_VOWEL = re.compile(r"[aeiouy]", re.IGNORECASE)
_UNSAID = re.compile(
    r"(?:[cs]?ch|[b-df-hj-np-tv-xz]){4}|q(?!u)|(?<!i)j[^aeiouy]|v[^aeiouyrl]|^[^aeiouy]{2}[bdgkpqvwxz]", re.IGNORECASE
)
"""What no syllable has."""
_LEAST_NAME = 6
_SMALL_BEFORE = re.compile(r"[aeiu][A-Z][a-z]{2,3}")
"""A short name with a small letter before it: iPad, eMule."""
_LETTERS_OF_A_PART = 3
_LONG_PIECE = 9
"""From how many signs a piece in a line of its own is a number of something."""
_MOST_FIGURES = 2
"""A name has figures in so many places at most."""
_HOURS = re.compile(r"(?<![\w:.])\d{1,2}[:.]\d{2}(?: ?- ?\d{1,2}[:.]\d{2})?(?![\w:]|\.\d)")
_KNOWN = (
    re.compile(r"(?<![\w-])[1-9]\d{3} ?[A-Z]{2}(?![\w-])"),
    re.compile(r"(?<![\w-])20\d{2}-[0-9a-f]{6}(?![\w-])"),
)
_MOST_KNOWN = 5
"""So many postcodes and references of cases stand for what they are; more of them could be a hash. Of hours, see `rows`."""


def without_known(text: str) -> str:
    """Return a text without hours, and without the first postcodes and references of cases."""
    for known in _KNOWN:
        text = known.sub(" ", text, count=_MOST_KNOWN)
    return _HOURS.sub(" ", text)


def find_hashes(text: str) -> Iterator[Found]:
    """Yield hashes that were split, by marks or by words, or are written in other letters."""
    for one in _SPLIT.finditer(text):
        if _is_mixed([letter for letter in one[0] if letter.isalnum()]):
            yield "hash", one[0]
    yield from _worded(text)
    for one in _A_TO_P.finditer(text):
        if len(set(one[0].lower())) >= _LEAST_KINDS:
            yield "hash", one[0]
    yield from _halved(text)
    yield from _in_groups(text, str.upper)
    yield from _in_groups(text, str.lower)


def _is_mixed(letters: list[str]) -> bool:
    """Whether these are as many figures and letters as a hash has."""
    digits = sum(letter.isdigit() for letter in letters)
    return len(letters) >= LEAST_HEX and min(digits, len(letters) - digits) >= 4  # noqa: PLR2004 - a mix


def _worded(text: str) -> Iterator[Found]:
    """Yield a hash with words between its pieces: always the same one, or "and" and "then"."""
    label = ""
    digits = letters = 0
    for found in _ALNUM.finditer(text):
        word = found[0].lower()
        if word in _BETWEEN_PIECES or word == label:
            continue
        if not _HEX.fullmatch(word):
            digits, letters = (0, 0) if label else (digits, letters)
            label = word
            continue
        figures = sum(map(str.isdigit, word))
        digits, letters = digits + figures, letters + len(word) - figures
        if digits + letters >= LEAST_HEX and min(digits, letters) * _LEAST_SHARE >= digits + letters:
            yield "hash", found[0]
            return


def _pieces(text: str, fits: Callable[[str], bool]) -> Iterator[tuple[str, bool]]:
    """Yield pieces that fit, and whether each goes on with a row of its length: a word may stand between, always one."""
    length = count = 0
    label = last = short = ""
    for found in _ALNUM.finditer(text):
        word = found[0].lower()
        if word in _BETWEEN_PIECES or word == label or (word.isdecimal() and len(word) != length):
            continue
        if not fits(found[0]):
            length, label = (0 if label else length), word
            continue
        if short and len(word) == len(short):
            yield short, False
            length, count = len(short), 1
        goes_on = len(word) == length or (len(word) < length and count > 1)
        if not goes_on and length:
            label = last
        count = count + 1 if goes_on else 1
        yield word, goes_on
        short = word if goes_on and len(word) < length else ""
        length, last = (0 if short else len(word)), word


def _halved(text: str) -> Iterator[Found]:
    """Yield letters of the first half of the alphabet in pieces of one length: a text has the other half too."""
    kinds: set[str] = set()
    total = 0
    for piece, goes_on in _pieces(text, lambda word: bool(_A_TO_P_PIECE.fullmatch(word))):
        if not goes_on:
            kinds, total = set(), 0
        kinds.update(piece)
        total += len(piece)
        if total >= LEAST_HEX and len(kinds) >= _LEAST_KINDS:
            yield "hash", piece
            return


def _in_groups(text: str, cased: Callable[[str], str]) -> Iterator[Found]:
    """Yield figures among letters in pieces of one length, which have a great part of the alphabet."""
    kinds: set[str] = set()
    total = mixed = 0
    for piece, goes_on in _pieces(text, lambda word: _is_group(word, cased)):
        if not goes_on:
            kinds, total, mixed = set(), 0, 0
        kinds.update(piece)
        total, mixed = total + len(piece), mixed + (not piece.isalpha())
        if total >= LEAST_HEX and mixed >= _LEAST_MIXED and len(kinds) >= _MANY_KINDS:
            yield "hash", piece
            return


def _is_group(word: str, cased: Callable[[str], str]) -> bool:
    """Whether this can be a piece of letters and figures of one case: no number, and none of a flight or a house."""
    numbers_something = (
        len(word) >= _LIKE_A_NUMBER and sum(map(str.isdigit, word)) * 2 >= len(word) and bool(_DATED.fullmatch(word))
    )
    return bool(_GROUP.fullmatch(word)) and not numbers_something and word == cased(word)


def find_blobs(text: str) -> Iterator[Found]:
    """Yield encoded data: one long code, or several pieces after another that look encoded."""
    score = listed = waits = first = end = 0
    for found in _TOKEN.finditer(text):
        token = found[0]
        if _is_code(token):
            yield "blob", token
        elif not _looks_encoded(token):
            less = 0 if _says_nothing(token) or token.lower() in _JOINS else min(len(token), 6)
            score, listed = max(0, score - less), max(0, listed - less)
        elif not is_name(token):
            first = first if score or listed else found.start()
            follows = _follows(text[end : found.start()], token)
            counted = len(token) + (waits if follows else 0) if follows or _is_cased(token) else 0
            waits, end = (0 if counted else len(token)), found.end()
            score, listed = score + counted, listed + len(token)
        if score >= ENOUGH or listed >= ENOUGH_LISTED:
            yield "blob", text[first : found.end()]
            return


def _follows(between: str, token: str) -> bool:
    """Whether a piece goes on with the one before, with a space alone between; in lines of their own they are a list."""
    return between.isspace() and ("\n" not in between or len(token) < _LONG_PIECE)


def _is_code(token: str) -> bool:
    if len(token) > LONGEST_WORD:
        return len(set(token)) >= 10  # noqa: PLR2004 - a line of dashes has one
    bare = token.strip("=_-+/")
    if len(bare) < LEAST_CODE or _is_account(bare):
        return False
    letters, digits = sum(map(str.isalpha, bare)), sum(map(str.isdigit, bare))
    if min(letters, digits) >= (4 if len(bare) < LEAST_HEX else 1) and not {"-", "/"} & set(bare):  # a mix
        return True
    return _switches(bare) >= len(bare) * 0.45


def _is_account(token: str) -> bool:
    """Whether this is a number of a bank account, by its own check."""
    if not _IBAN.fullmatch(token):
        return False
    return int("".join(str(int(letter, 36)) for letter in token[4:] + token[:4])) % 97 == 1


def _switches(token: str) -> int:
    kinds = ["d" if one.isdigit() else "u" if one.isupper() else "l" if one.islower() else "-" for one in token]
    return sum(one != two for one, two in pairwise(kinds))


def _says_nothing(token: str) -> bool:
    """Whether a piece is as much of a text as of encoded data: a number, a reference, capitals."""
    return token.isdecimal() or token.isupper() or bool(_DATED.fullmatch(token))


def _is_cased(token: str) -> bool:
    """Whether a piece has capitals and small letters, or padding, as what is encoded most has."""
    if "=" in token or "+" in token:
        return True
    return token.lower() != token != token.upper() and not _NAMED_NUMBER.fullmatch(token)


def is_name(token: str) -> bool:
    """Whether a piece is said aloud, for the most part: JanDeMan12, OnlyFans, GalaxyS21; a long one in every part."""
    if len(token) < _LEAST_NAME or "=" in token or "+" in token:
        return bool(_SMALL_BEFORE.fullmatch(token))
    read = _FIGURE_FOR_LETTER.sub(lambda found: found[0].translate(_LETTER_FOR_FIGURE), token)
    parts = _PART.findall(read)
    letters = sum(map(str.isalpha, read))
    said = sum(len(part) for part in parts if _is_said(part))
    if len(token) >= LEAST_CODE:
        return said == len(token)
    return said * 4 >= letters * 3 - 1 and letters * 2 >= len(read) and sum(map(str.isdecimal, parts)) <= _MOST_FIGURES


def _is_said(part: str) -> bool:
    """Whether this is a word or a syllable: letters, of which one sounds, and no capitals behind the first."""
    if len(part) < _LETTERS_OF_A_PART or not part[1:].islower():
        return part == "De"
    return bool(_VOWEL.search(part)) and not _UNSAID.search(part)


def _looks_encoded(token: str) -> bool:
    """Whether a piece of four or more looks like encoded data: digits among letters, capitals within, or padding."""
    if len(token) < 4 or "-" in token or _DATED.fullmatch(token):  # noqa: PLR2004 - a piece
        return False
    bare = token.rstrip("=")
    if not bare:
        return False
    if bare != token or "+" in bare:
        return True
    if "/" in bare and all(part.isalpha() or part.isdecimal() for part in bare.split("/")):
        return False
    mixed = any(map(str.isdigit, bare)) and any(map(str.isalpha, bare))
    within = any(one.islower() and two.isupper() for one, two in pairwise(bare))
    return mixed or within or (bare[:2].isupper() and not bare.isupper())
