"""How people are found by their names: search, identity, the known-check and the report fold letters in the same way.

Letters of European names become plain ones, as Unicode itself says what they are made of; other scripts stay as they are.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import groupby

from casework.input.dates import Precision, precision_of, written
from casework.input.marks import simple_mark, without_invisible

_INFIXES = """
    van de den der het t vande vanden vander ten ter te in op aan bij by onder over uit voor von zu zur el al ben bin d la le
    du des da do dos di
"""
INFIXES = frozenset(_INFIXES.split())
"""Words before a Dutch family name that are left out of searching."""
_NAMES_BEFORE = "o mc mac fitz ibn abu abou abd abdel abdul ait ould bou bu oum st saint san santa dos"
_BEFORE = INFIXES | frozenset(_NAMES_BEFORE.split())
"""Words that are written apart from the name behind them, or as one with it."""
REFERENCE = re.compile(r"\d{4}-[0-9a-z]{6}", re.ASCII)
LAST = "\U0010ffff"
"""Sorts after everything that a token begins with."""
_Words = tuple[str, ...]
Range = tuple[str, str]
"""Tokens from one until another, both included."""
WHOLE = "*"
"""Behind an initial of somebody whose given name is known, so that Jan is not taken for Jaap."""
_DOUBLING = frozenset("bcdfghjklmnpqrstvwxz")
"""Consonants of a given name that are written once or twice: Mohammed Mohamed, Anna Ana. It makes a likeness alone."""
_SHORTENED = re.compile(r"[^\W\d_]{1,4}\.")
_CONSONANTS = re.compile(r"[BCDFGHJKLMNPQRSTVWXZ]{2,4}")
_CAPITALS = re.compile(r"[A-Z][BCDFGHJKLMNPQRSTVWXZ]{1,3}")
"""Initials without dots: JP, AJM; where all names are in capitals, those that are no name."""
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
def _plain_mark(letter: str) -> str:
    """Return what a letter of a word becomes: nothing for an apostrophe or dot within it, a space for what parts words."""
    mark = simple_mark(letter)
    if mark == "'" or letter in "\u00b7\u0640":  # a stroke that lengthens an Arabic word
        return ""
    return letter if unicodedata.category(letter)[0] in "LMN" else " "


_LEFT_OUT = ("ARABIC ", "HEBREW ", "GREEK ")
"""Scripts whose marks a writer may leave out: vowels, hamza on a letter, the tone in capitals."""
_IO = ("\u0435", "\u0308")
"""A Cyrillic letter whose mark is left out in print; the other marks of its script make other letters."""
_WRITTEN_AS = str.maketrans("\u0671\u0649\u06cc\u06a9\u0629", "\u0627\u064a\u064a\u0643\u0647")
"""Arabic letters that stand for one another from one keyboard to the next."""


def _folded(text: str) -> Iterator[str]:
    """Yield the letters without case; marks that a writer may leave out go, those that make another letter stay."""
    on = ""
    for letter in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()):
        if unicodedata.category(letter) == "Mn":
            if not on or not (_is_latin(on) or _is_left_out(on, letter)):
                yield letter
            continue
        on = letter
        yield plain_letter(letter).translate(_WRITTEN_AS)


@lru_cache(maxsize=4096)
def _is_left_out(on: str, mark: str) -> bool:
    return any(unicodedata.name(one, "").startswith(_LEFT_OUT) for one in (on, mark)) or (on, mark) == _IO


_RINGED = re.compile("[\u00e5\u00c5]")
_PASSPORT = str.maketrans(
    {"\u00e4": "ae", "\u00c4": "Ae", "\u00f6": "oe", "\u00d6": "Oe", "\u00f8": "oe", "\u00d8": "Oe"}
    | {"\u0111": "dj", "\u0110": "Dj"}
)
"""Letters that a passport writes with two. The two are a sound of Dutch as well, so that Boer and Bor stay two names."""
_SHORT_INFIX = re.compile(
    r"(?<![^\W_])(?:(?:[va]\s?[./]\s?[dh]|vd|v\s[dh])(?![^\W_])\s?\.?|(?-i:v)(?:\s?\.|(?=\s)))\s?(?=[^\W\d_]{2})",
    re.IGNORECASE,
)
"""van der, van het, aan den and van, written short before another word: v.d. Berg, v/d Berg, vd Berg, v. Dijk, a/d Rijn."""
_JOINED = re.compile(r"(?:van(?:den|der|de(?![nr]))|van(?!de)(?=[bdfghklmprsvwz][^\W\d]{3}))+(?=[^\W\d]{3})")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_]{2})")
_UE = re.compile("(?<![aeioqu])ue+")
_GIVEN = frozenset({"vandana"})
"""Given names that begin as a joined infix does."""


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a name as they are compared, without infixes; an infix alone stays: somebody is called so.

    Equal by it, beside what plain letters make equal:
    - ue, ü and u, not after a vowel or q: Mueller Müller Muller, Guenther Günther, Huet Hut, Bruens Bruns; not Bauer Baur;
    - aa and å: Aase Åse, as passports write it; not Haan Han, Bas Baas, and no longer Åse Ase (a search finds both);
    - ij and y: Dijkstra Dykstra, Meijer Meyer, Thijs Thys; not Meier;
    - an infix that is short: v.d. Berg, v/d Berg, vd Berg, v. Berg; not V. Berg, whose first name is meant;
    - an infix that is joined: Vandenberg van den Berg Berg, Vandijk van Dijk Dyk; not Vanessa, Vandana, Dekker, Terborg.

    What is joined in another way, Terborg ter Borg, is one of the spellings of a name.
    """
    words = tuple(map(_as_compared, _spelled(text)))
    return tuple(word for word in words if word not in INFIXES) or words


def _spelled(text: str) -> tuple[str, ...]:
    return plain_words(_SHORT_INFIX.sub(" ", in_two_letters(text)))


def in_two_letters(text: str) -> str:
    """Return the text with aa for \u00e5, as passports write it."""
    return _RINGED.sub("aa", unicodedata.normalize("NFC", without_invisible(text)))


def _groups(text: str) -> list[tuple[_Words, str]]:
    """Return each name with the words before it, as `words_of` compares them, and those as one word where there are any."""
    found: list[tuple[_Words, str]] = []
    before: list[str] = []
    for word in _spelled(text):
        before.append(word)
        if word not in _BEFORE:
            found.append((_kept_of(before), _as_compared("".join(before)) if before[1:] else ""))
            before = []
    if before and (left := _kept_of(before) if found else words_of(text)):
        found.append((left, ""))
    return found


def _kept_of(words: list[str]) -> _Words:
    return tuple(one for one in map(_as_compared, words) if one not in INFIXES)


def _spellings(text: str) -> list[tuple[_Words, _Words]]:
    """Return the words of a name in both writings: as `words_of` has them, and with what stands before joined to it.

    El Amrani Elamrani, O Brien O'Brien, ter Borg Terborg, de la Cruz Delacruz, Mc Donald McDonald, and each of them with the
    letters that a passport writes with two.
    """
    found = []
    for one in _as_written(text):
        joined = tuple(word for words, whole in _groups(one) for word in ((whole,) if whole else words))
        found.append((words_of(one), joined))
    return found


def _as_compared(word: str) -> str:
    if word not in _GIVEN:
        word = word[found.end() :] if (found := _JOINED.match(word)) else word
    return alike(word)


def alike(word: str) -> str:
    """Return a plain word with ue as u and ij as y, as people write one for the other."""
    return _UE.sub("u", word).replace("ij", "y")


def writings(text: str) -> tuple[str, ...]:
    """Return the writings of a name that mean one person: as it was typed, and with ä, ö and ø in two letters."""
    return tuple(dict.fromkeys(_as_written(text)))


def _as_written(text: str) -> tuple[str, str]:
    """Return a text as it was typed and as a passport writes it, also where the two are one."""
    composed = unicodedata.normalize("NFC", text)
    return composed, composed.translate(_PASSPORT)


def each_writing(text: str) -> list[_Words]:
    """Return for each word of a name the words that find it: its own, or one that it is a part of."""
    written = [_groups(one) for one in writings(text)]
    shape = [len(words) for words, _ in written[0]]
    alike = [groups for groups in written if [len(words) for words, _ in groups] == shape]
    found = []
    for groups in zip(*alike, strict=True):
        whole = [joined for _, joined in groups if joined]
        found += [tuple(dict.fromkeys((*one, *whole))) for one in zip(*(words for words, _ in groups), strict=True)]
    return found


def _searched(text: str) -> list[str]:
    """Return the words that find somebody: as names are compared, and as written, for who types only the beginning."""
    found: list[str] = []
    for one in writings(text):
        written = [word for word in without_infixes(one) if word not in INFIXES]
        found += (*words_of(one), *written, *map(alike, written), *_joined(one))
    behind = _APOSTROPHE.sub(" ", "".join(map(simple_mark, text)))  # who knows d'Hondt as Hondt
    return found + [word for word in words_of(behind) if len(word) > 1]


def _joined(text: str) -> list[str]:
    """Return the words with what stands before them, as somebody types them in one."""
    return [whole for _, whole in _groups(text) if whole]


def without_infixes(text: str) -> tuple[str, ...]:
    """Return the plain words of a text without infixes, whole or written short; one that stands alone stays."""
    words = plain_words(_SHORT_INFIX.sub(" ", unicodedata.normalize("NFC", text)))
    return tuple(word for word in words if word not in INFIXES) or words


def plain_words(text: str) -> tuple[str, ...]:
    """Return all the words of a text in plain letters."""
    return tuple(unicodedata.normalize("NFC", "".join(_folded(_marked(text)))).split())


def _marked(text: str) -> str:
    simple = "".join(map(simple_mark, without_invisible(text)))
    return "".join(map(_plain_mark, unicodedata.normalize("NFKC", simple)))


def _names(family_name: str, given_names: str) -> list[tuple[_Words, _Words]]:
    """Return the words of the family name and of the given names, in each spelling; none where nobody is named.

    Somebody of one name has it wherever it was written. Where words are joined, both names are joined and in one writing:
    two records of one name meet there.
    """
    families, givens = _spellings(family_name), _spellings(given_names)
    apart = [(family, given) for family, _ in families for given, _ in givens]
    joined = [(family, given) for (_, family), (_, given) in zip(families, givens, strict=True)]
    both = [one for one in (*apart, *joined) if any(one)]
    twice = [(family, ()) for family, given in both if family == given]  # Suharto Suharto, for a form that asks for both
    return list(dict.fromkeys([*((family, given) if family else (given, ()) for family, given in both), *twice]))


def identities_of(family_name: str, given_names: str, birth_date: date | None) -> list[str]:
    """Return the keys by which a record identifies one person: all their names, in each spelling, and their birth date.

    Nothing when less is known. Two records of one identity may still be of two people: only a person can say that they
    are one.
    """
    if birth_date is None or precision_of(birth_date) is not Precision.DAY:
        return []
    names = (f"{' '.join(family)}|{' '.join(given)}"[:109] for family, given in _names(family_name, given_names))
    return [f"{one}|{birth_date.isoformat()}" for one in dict.fromkeys(names)]


def likenesses_of(family_name: str, given_names: str, birth_date: date | None) -> list[str]:
    """Return the keys by which somebody may be the same person: family name, first given name, birth date as known.

    A given name stands there with its initial too, for who asks by an initial.
    """
    born = written(birth_date) if birth_date else ""
    names, initial = _names(family_name, given_names), _initial(family_name, given_names)
    found = [_called(*one) for one in names]
    first_and_last = (names[0], names[-1]) if names else ()  # as it was typed, and as a passport writes it, joined
    shortened = [(family, initial or _first_letter(given) + WHOLE) for family, given in first_and_last]
    found += [_called(family, (one,)) for family, one in shortened if one != WHOLE]
    return [f"{one}{born}" for one in dict.fromkeys(found)]


def _singled(word: str) -> str:
    """Return a word with each of these consonants once where it stands twice or more."""
    runs = ((letter, len(list(run))) for letter, run in groupby(word))
    return "".join(letter if letter in _DOUBLING else letter * times for letter, times in runs)


def _called(family: _Words, given: _Words) -> str:
    given = tuple(_singled(one) for one in given)
    return f"{' '.join(sorted(family))}|{given[0] if given else ''}"[:100] + "|"


def _first_letter(given: _Words) -> str:
    """Return the initial of a given name; none where a script has no capitals."""
    letter = given[0][0] if given else ""
    return letter if letter.upper() != letter else ""


def _initial(family_name: str, given_names: str) -> str:
    """Return the initial where no more of the given names is known: J., J.P., JP, Th."""
    words = plain_words(given_names) if plain_words(family_name) else ()
    if not words or not _first_letter(words):
        return ""
    pattern = _CONSONANTS if family_name.upper() == family_name else _CAPITALS
    in_capitals = pattern.fullmatch(given_names.strip())
    is_short = len(words[0]) == 1 or in_capitals or _SHORTENED.match(without_invisible(given_names).strip())
    return words[0][0] if is_short else ""


def is_enough(family_name: str, given_names: str, birth_date: date | None) -> bool:
    """Whether so much is known that somebody else can say whether they know this person.

    One name with at least a year of birth, or both names.
    """
    return any(birth_date or given for _, given in _names(family_name, given_names))


def ranges_of(family_name: str, given_names: str, birth_date: date | None) -> list[Range]:
    """Return the likenesses that do not contradict this: the same names, with birth dates that can be the same day.

    An initial is that of every name that begins with it, and family and given name may have been swapped.
    """
    initial, names = _initial(family_name, given_names), _names(family_name, given_names)
    asked = [_called(*one) for one in names]
    asked += [_called(family, (initial or one,)) for family, given in names if (one := _first_letter(given))]
    asked += [_called(family, (initial + WHOLE,)) for family, _ in names if initial]
    if family_name and given_names:
        asked += [_called(*one) for one in _names(given_names, family_name)]
    return [one for called in dict.fromkeys(asked) for one in _of_births(called, birth_date)]


def _of_births(called: str, birth_date: date | None) -> list[Range]:
    """Return the ranges of those who are called so, with a birth date that can be this one."""
    born = written(birth_date) if birth_date else ""
    found = [(called + part, called + part) for part in _parts(born)]
    if not called.endswith("||"):
        found.append((called, called))  # of whom no birth date is known
    if not born or precision_of(birth_date) is not Precision.DAY:
        found.append((called + born, called + born + LAST))
    return found


def concerning(family_name: str, given_names: str, birth_date: date) -> list[tuple[str, str, str]]:
    """Return the tokens, as kind and range, of the records that can be of this person: all their names, or less known.

    Records with another given name or another birth date are of somebody else. So is whoever merely has the initial that was
    asked: a report names who is known by it, not everybody who may be.
    """
    turned = (family_name, given_names), (given_names, family_name)
    identities = [one for names in turned for one in identities_of(*names, birth_date)]
    exact = [one for names in turned for one in likenesses_of(*names, birth_date) if identities]
    return [("identity", one, one) for one in dict.fromkeys(identities)] + [
        ("alike", low, high)
        for low, high in ranges_of(family_name, given_names, birth_date)
        if low not in exact and WHOLE not in low
    ]


def born_ranges(birth_date: date) -> list[Range]:
    """Return the birth dates, as tokens write them, that can be this one."""
    born = written(birth_date)
    return [*((part, part) for part in _parts(born)), (born, born + LAST)]


def _parts(born: str) -> list[str]:
    return [born[:length] for length in (4, 7, 10) if len(born) >= length]


def tokens_of(family_name: str, given_names: str, birth_date: date | None) -> list[str]:
    """Return the words that find a person again, each as `kind:token`.

    A name has every word by which it is searched; whole words are as many as somebody has names, in one spelling.
    """
    found = [f"name:{word[:120]}" for word in dict.fromkeys((*_searched(family_name), *_searched(given_names)))]
    found += [f"whole:{word[:120]}" for word in dict.fromkeys((*words_of(family_name), *words_of(given_names)))]
    if birth_date:
        found.append(f"born:{written(birth_date)}")
    found += [f"alike:{one}" for one in likenesses_of(family_name, given_names, birth_date)]
    return found + [f"identity:{one}" for one in identities_of(family_name, given_names, birth_date)]
