"""Names as people are found by them: one folding for search, identity, the known-check and the report.

Letters of European names become plain ones, as Unicode itself says what they are made of; other scripts stay as they are.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import product

from casework.days import Precision, precision_of, written
from casework.marks import simple_mark, without_invisible

_INFIXES = """
    van de den der het t vande vanden vander ten ter te in op aan bij by onder over uit voor von zu zur el al ben bin d la le
    du des da do dos di
"""
INFIXES = frozenset(_INFIXES.split())
"""Words before a Dutch family name by which nobody is found."""
REFERENCE = re.compile(r"\d{4}-[0-9a-z]{6}", re.ASCII)
LAST = "\U0010ffff"
"""Sorts after everything that a token begins with."""
Range = tuple[str, str]
"""Tokens from one until another, both included."""
_MADE_OF = re.compile(r"LATIN (?:SMALL LETTER|SMALL LIGATURE|LETTER SMALL CAPITAL)(?: [A-Z]+)?? ([A-Z]{1,2})(?: WITH .+)?")
_CALLED = {"ETH": "d", "THORN": "th", "ENG": "n", "KRA": "k", "SCHWA": "e", "EZH": "z", "SHARP S": "ss"}
"""Latin letters that are made of no other, and how passports write them."""


def _is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(("LATIN ", "MODIFIER LETTER ")) or letter.isascii()


@lru_cache(maxsize=4096)
def plain_letter(letter: str) -> str:
    """Return the plain letters that a small Latin letter is made of; a letter of another script stays as it is."""
    if letter.isascii():
        return letter
    name = unicodedata.name(letter, "")
    if called := _CALLED.get(name.removeprefix("LATIN SMALL LETTER ").split(" WITH ")[0]):
        return called
    made = _MADE_OF.fullmatch(name)
    return made[1].lower() if made else letter


@lru_cache(maxsize=4096)
def _kept(letter: str) -> str:
    """Return what a letter of a word becomes: nothing for an apostrophe or dot within it, a space for what parts words."""
    mark = simple_mark(letter)
    if mark == "'" or letter == "\u00b7":
        return ""
    return letter if unicodedata.category(letter)[0] in "LMN" else " "


def _folded(text: str) -> Iterator[str]:
    """Yield the letters without case; marks on a Latin letter go, those of other scripts make another letter and stay."""
    latin = False
    for letter in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()):
        if unicodedata.category(letter) == "Mn":
            if not latin:
                yield letter
            continue
        latin = _is_latin(letter)
        yield plain_letter(letter)


_RINGED = re.compile("[\u00e5\u00c5]")
_PASSPORT = str.maketrans({"\u00e4": "ae", "\u00c4": "Ae", "\u00f6": "oe", "\u00d6": "Oe", "\u00f8": "oe", "\u00d8": "Oe"})
"""Letters that a passport writes with two. The two are a sound of Dutch as well, so that Boer and Bor stay two names."""
_SHORT_INFIX = re.compile(
    r"(?<![^\W_])(?:(?:[va]\s?[./]\s?[dh]|vd|v\s[dh])(?![^\W_])\s?\.?|(?-i:v)(?:\s?\.|(?=\s)))\s?(?=[^\W\d_]{2})",
    re.IGNORECASE,
)
"""van der, van het, aan den and van, written short before another word: v.d. Berg, v/d Berg, vd Berg, v. Dijk, a/d Rijn."""
_JOINED = re.compile(r"(?:van(?:den|der|de(?![nr]))|van(?!de)(?=[bdfghklmprsvwz][^\W\d]{3}))+(?=[^\W\d]{3})")
_UE = re.compile("(?<![aeioqu])ue+")
_GIVEN = frozenset({"vandana"})
"""Given names that begin as a joined infix does."""


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a name as they are compared, without infixes; an infix alone is kept, somebody is called so.

    Equal by it, beside what plain letters make equal:
    - ue, ü and u, not after a vowel or q: Mueller Müller Muller, Guenther Günther, Huet Hut, Bruens Bruns; not Bauer Baur;
    - aa and å: Aase Åse, as passports write it; not Haan Han, Bas Baas, and no longer Åse Ase (a search finds both);
    - ij and y: Dijkstra Dykstra, Meijer Meyer, Thijs Thys; not Meier;
    - an infix that is short: v.d. Berg, v/d Berg, vd Berg, v. Berg; not V. Berg, whose first name is meant;
    - an infix that is joined: Vandenberg van den Berg Berg, Vandijk van Dijk Dyk; not Vanessa, Vandana, Dekker, Terborg.
    """
    composed = unicodedata.normalize("NFC", without_invisible(text))
    words = tuple(map(_as_compared, plain_words(_RINGED.sub("aa", _SHORT_INFIX.sub(" ", composed)))))
    return tuple(word for word in words if word not in INFIXES) or words


def _as_compared(word: str) -> str:
    if word not in _GIVEN:
        word = word[found.end() :] if (found := _JOINED.match(word)) else word
    return _alike(word)


def _alike(word: str) -> str:
    return _UE.sub("u", word).replace("ij", "y")


def writings(text: str) -> tuple[str, ...]:
    """Return the writings of a name that mean one person: as it stands, and with ä, ö and ø in two letters."""
    composed = unicodedata.normalize("NFC", text)
    return tuple(dict.fromkeys((composed, composed.translate(_PASSPORT))))


def each_writing(text: str) -> list[tuple[str, ...]]:
    """Return for each word of a name the words by which it may be found."""
    return [tuple(dict.fromkeys(one)) for one in zip(*map(words_of, writings(text)), strict=True)]


def _searched(text: str) -> list[str]:
    """Return the words by which somebody is searched: as compared, and as written, for who typed only how it begins."""
    found: list[str] = []
    for one in writings(text):
        written = [word for word in without_infixes(one) if word not in INFIXES]
        found += (*words_of(one), *written, *map(_alike, written))
    return found


def without_infixes(text: str) -> tuple[str, ...]:
    """Return the plain words of a text without infixes, whole or written short; one that stands alone is kept."""
    words = plain_words(_SHORT_INFIX.sub(" ", unicodedata.normalize("NFC", text)))
    return tuple(word for word in words if word not in INFIXES) or words


def plain_words(text: str) -> tuple[str, ...]:
    """Return all the words of a text in plain letters."""
    return tuple(unicodedata.normalize("NFC", "".join(_folded(_marked(text)))).split())


def _marked(text: str) -> str:
    simple = "".join(map(simple_mark, without_invisible(text)))
    return "".join(map(_kept, unicodedata.normalize("NFKC", simple)))


_Words = tuple[str, ...]


def _names(family_name: str, given_names: str) -> list[tuple[_Words, _Words]]:
    """Return the words of the family name and of the given names, in each writing; none where nobody is named.

    Somebody of one name has it wherever it was written.
    """
    both = product(map(words_of, writings(family_name)), map(words_of, writings(given_names)))
    return list(dict.fromkeys((family, given) if family else (given, ()) for family, given in both if family or given))


def identities_of(family_name: str, given_names: str, birth_date: date | None) -> list[str]:
    """Return by what a record names one person: all their names, in each writing, and their whole birth date.

    Nothing when less is known. Two records of one identity may still be of two people: only a person can say that they
    are one.
    """
    if birth_date is None or precision_of(birth_date) is not Precision.DAY:
        return []
    names = (f"{' '.join(family)}|{' '.join(given)}"[:109] for family, given in _names(family_name, given_names))
    return [f"{one}|{birth_date.isoformat()}" for one in names]


def likenesses_of(family_name: str, given_names: str, birth_date: date | None) -> list[str]:
    """Return by what somebody may be the same person: family name in any order, first given name, birth date as known."""
    born = written(birth_date) if birth_date else ""
    return [f"{_called(*names)}{born}" for names in _names(family_name, given_names)]


def _called(family: tuple[str, ...], given: tuple[str, ...]) -> str:
    return f"{' '.join(sorted(family))}|{given[0] if given else ''}"[:100] + "|"


def is_enough(family_name: str, given_names: str, birth_date: date | None) -> bool:
    """Whether so much is known that somebody else can say whether they know this person.

    One name with at least a year of birth, or both names.
    """
    return any(birth_date or given for _, given in _names(family_name, given_names))


def ranges_of(family_name: str, given_names: str, birth_date: date | None) -> list[Range]:
    """Return the likenesses that do not contradict this: the same names, with birth dates that can be the same day."""
    born, found = written(birth_date) if birth_date else "", []
    for family, given in _names(family_name, given_names):
        called = _called(family, given)
        found += [(called + part, called + part) for part in _parts(born)]
        if given:
            found.append((called, called))  # of whom no birth date is known
        if not born or precision_of(birth_date) is not Precision.DAY:
            found.append((called + born, called + born + LAST))
    return found


def concerning(family_name: str, given_names: str, birth_date: date) -> list[tuple[str, str, str]]:
    """Return the tokens, as kind and range, of the records that can be of this person: all their names, or less known.

    Records with another given name or another birth date are of somebody else.
    """
    identities = identities_of(family_name, given_names, birth_date)
    exact = likenesses_of(family_name, given_names, birth_date) if identities else []
    return [("identity", one, one) for one in identities] + [
        ("alike", low, high) for low, high in ranges_of(family_name, given_names, birth_date) if low not in exact
    ]


def born_ranges(birth_date: date) -> list[Range]:
    """Return the birth dates, as tokens write them, that can be this one."""
    born = written(birth_date)
    return [*((part, part) for part in _parts(born)), (born, born + LAST)]


def _parts(born: str) -> list[str]:
    return [born[:length] for length in (4, 7, 10) if len(born) >= length]


def tokens_of(family_name: str, given_names: str, birth_date: date | None) -> list[str]:
    """Return the words by which a person is found again, each as `kind:token`."""
    found = [f"name:{word[:120]}" for word in dict.fromkeys((*_searched(family_name), *_searched(given_names)))]
    if birth_date:
        found.append(f"born:{written(birth_date)}")
    found += [f"alike:{one}" for one in likenesses_of(family_name, given_names, birth_date)]
    return found + [f"identity:{one}" for one in identities_of(family_name, given_names, birth_date)]
