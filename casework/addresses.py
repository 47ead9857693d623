"""Addresses as they are found again: one folding, of the same letters as names, whatever somebody shortened.

A place has one key by its postcode and house number, and one by its street, number and town; where the house number stands
within the street, every way to read it has its own.
"""

import re
from collections.abc import Iterator

from casework.names import plain_words

LONGEST_KEY = 300
KEYED = ("street", "number", "postcode", "town")
"""The columns of an address of which its keys are made."""
_PARTS = re.compile(r"\d+|\D+")
_WHOLE = {
    "burg": "burgemeester",
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
"""Words of a street that are written short."""
_ENDS = (
    (re.compile(r"(?:str|strasse)$"), "straat"),
    (re.compile(r"wg$"), "weg"),
    (re.compile(r"ln$"), "laan"),
    (re.compile(r"pl$"), "plein"),
    (re.compile(r"gr$"), "gracht"),
)
"""How a street ends where it is written short, or in the language of the neighbours."""
_NUMBER_WORDS = frozenset({"nr", "no", "nummer", "huisnr", "huisnummer"})
_ADDITIONS = {"huis": "hs"}
_LONGEST_ADDITION = 4
_TOWNS = {"sgravenhage": "denhaag", "thehague": "denhaag", "shertogenbosch": "denbosch"}


def keys_of(street: str, number: str, postcode: str, town: str) -> list[str]:
    """Return the keys by which an address is found again: equality alone; none where too little is known of it."""
    code, place = "".join(plain_words(postcode)), "".join(plain_words(town))
    place = _TOWNS.get(place, place)
    found: dict[str, None] = {}
    for road, house in _readings(street, number):
        if code and house:
            found[f"code:{code} {house}"] = None
        if road and place:
            found[f"road:{road} {house} {place}"] = None
    return [key[:LONGEST_KEY] for key in found]


def _readings(street: str, number: str) -> Iterator[tuple[str, str]]:
    """Yield each road and house number that may be meant."""
    road, house = _parts(_whole(street)), _parts(plain_words(number))
    if house or not road:
        yield _road(road), _house(house)
    written = [*road, *house]
    splits = [place for place in range(1, len(written)) if written[place].isdecimal() and _is_house(written[place:])]
    for place in splits:
        yield _road(written[:place]), _house(written[place:])
    if not house and not splits:
        yield _road(road), ""


def _whole(street: str) -> list[str]:
    return [_WHOLE.get(word, word) for word in plain_words(street)]


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
