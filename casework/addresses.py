"""Addresses as they are found again: one folding, of the same letters as names, whatever somebody shortened.

A place has one key by its postcode and house number, and one by its street, number and town; where the house number stands
within the street, every way to read it has its own.
"""

import re
from collections.abc import Iterator

from casework.names import plain_words, without_infixes

LONGEST_KEY = 300
KEYED = ("street", "number", "postcode", "town")
"""The columns of an address of which its keys are made."""
_PARTS = re.compile(r"\d+|\D+")
_WHOLE = {
    "adm": "admiraal",
    "burg": "burgemeester",
    "gebr": "gebroeders",
    "jhr": "jonkheer",
    "kon": "koning",
    "koningin": "koning",
    "ln": "laan",
    "mgr": "monseigneur",
    "nw": "nieuwe",
    "past": "pastoor",
    "pl": "plein",
    "pr": "prins",
    "pres": "president",
    "prinses": "prins",
    "str": "straat",
    "dr": "doctor",
    "ds": "dominee",
    "gen": "generaal",
    "mr": "meester",
    "prof": "professor",
    "st": "sint",
    "1e": "eerste",
    "1ste": "eerste",
    "2e": "tweede",
    "2de": "tweede",
    "3e": "derde",
    "3de": "derde",
}
"""Words of a street or town that are written short, and titles whose short form is of two."""
_ENDS = (
    (re.compile(r"(?:str|strasse)$"), "straat"),
    (re.compile(r"wg$"), "weg"),
    (re.compile(r"ln$"), "laan"),
    (re.compile(r"pl$"), "plein"),
    (re.compile(r"gr$"), "gracht"),
)
"""How a street ends where it is written short, or in the language of the neighbours."""
_NUMBER_WORDS = frozenset({"nr", "no", "nummer", "huisnr", "huisnummer"})
_ADDITIONS = {"huis": "hs", "i": "1", "ii": "2", "iii": "3", "iv": "4"}
_BESIDE = frozenset({"bis", "ter"})
_LONGEST_ADDITION = 4
_MOST_PARTS = 3
"""Of how many words a house number is written at most: 12, a, bis."""
_LETTERS_OF_POSTCODE = 2
_POSTCODE = re.compile(r"[1-9]\d{3}[a-z]{2}", re.ASCII)
MOST_WORDS = 12
"""The most words of an address, and the most parts of a house number: what is longer is none."""
_TOWNS = {"sgravenhage": "haag", "thehague": "haag", "shertogenbosch": "bosch"}


def keys_of(street: str, number: str, postcode: str, town: str) -> list[str]:
    """Return the keys by which an address is found again: equality alone; none where too little is known of it."""
    code, place = "".join(plain_words(postcode)), "".join(_towns(town))
    found: dict[str, None] = {}
    for road, house in _readings(street, number):
        if code and house:
            found[f"code:{code} {house}"] = None
        if road and place:
            found[f"road:{road} {house} {place}"] = None
    return [key[:LONGEST_KEY] for key in found]


def searched_as(typed: str) -> list[str]:
    """Return what may be meant where somebody looks for an address in one line: patterns of keys, in which % is the rest.

    A postcode with or without a number; a street with or without a number, a town, or both; a town alone.
    """
    words = without_infixes(typed)
    found: dict[str, None] = {}
    if len(words) > MOST_WORDS:
        return []
    for place, word in enumerate(words):
        written, after = word, place + 1
        if word.isdecimal() and after < len(words) and len(words[after]) == _LETTERS_OF_POSTCODE:
            written, after = word + words[after], after + 1
        if _POSTCODE.fullmatch(written):
            house = _house(_parts(words[after : after + 2]))
            found[f"code:{written} {house}" if house and house[0].isdecimal() else f"code:{written} %"] = None
    for length in range(1, len(words) + 1):
        found |= dict.fromkeys(_placed(_whole(" ".join(words[:length])), list(words[length:])))
        if length > 1 and words[0].isdecimal():
            found |= dict.fromkeys(_placed(_whole(" ".join(words[1:length])), [words[0], *words[length:]]))
    found |= dict.fromkeys(f"road:% {town}" for town in _towns(" ".join(words)))
    return list(found)


def _placed(street: list[str], words: list[str]) -> Iterator[str]:
    """Yield the patterns of a street: with each house number that may begin what follows, and the town after it."""
    road = _road(_parts(street))
    numbered = bool(words) and words[0][0].isdecimal()
    for length in range(1, min(len(words), _MOST_PARTS) + 1) if numbered else ():
        house = _house(_parts(words[:length]))
        for town in _towns(" ".join(words[length:])) or ["%"]:
            yield f"road:{road} {house} {town}"
            yield f"road:{road} {house}-% {town}"
    if not numbered:
        yield from (f"road:{road}% {town}" for town in _towns(" ".join(words)) or ["%"])


def _towns(words: str) -> list[str]:
    """Return the town that these words name, as it stands in a key; none where there are none."""
    place = "".join(_whole(words))
    return [_TOWNS.get(place, place)] if place else []


def _readings(street: str, number: str) -> Iterator[tuple[str, str]]:
    """Yield each road and house number that may be meant."""
    road, house = _parts(_whole(street)), _parts(plain_words(number))
    if house or not road:
        yield _road(road), _house(house)
    written = [*road, *house]
    last = range(max(1, len(written) - MOST_WORDS), len(written))
    splits = [place for place in last if written[place].isdecimal() and _is_house(written[place:])]
    for place in splits:
        yield _road(written[:place]), _house(written[place:])
    if not house and not splits:
        yield _road(road), ""
        yield from _number_first(road)


def _number_first(parts: list[str]) -> Iterator[tuple[str, str]]:
    """Yield what is meant where the number stands before the street, as abroad: 16 Rue de la Loi, 16 bis, rue de la Loi."""
    for place in (1, 2):
        before, after = parts[:place], parts[place:]
        numbered = bool(after) and before[0].isdecimal() and not after[0].isdecimal()
        if numbered and all(len(one) == 1 or one in _BESIDE for one in before[1:]):
            yield _road(after), _house(before)


def _whole(street: str) -> list[str]:
    return [_WHOLE.get(word, word) for word in without_infixes(street)]


def _parts(words: list[str] | tuple[str, ...]) -> list[str]:
    """Return the figures and the letters of these words one by one: 12a is 12 and a."""
    return [part for word in words for part in _PARTS.findall(word)]


def _is_house(parts: list[str]) -> bool:
    return all(part.isdecimal() or len(part) <= _LONGEST_ADDITION for part in parts)


def _road(parts: list[str]) -> str:
    road = "".join(part for part in parts if part not in _NUMBER_WORDS)
    for end, whole in _ENDS:
        road = end.sub(whole, road)
    return road


def _house(parts: list[str]) -> str:
    kept = [part for part in parts if part not in _NUMBER_WORDS]
    return "-".join(part.lstrip("0") or "0" if part.isdecimal() else _ADDITIONS.get(part, part) for part in kept)
