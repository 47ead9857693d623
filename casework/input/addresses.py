"""How addresses are found again: by keys in which letters are folded as in names, and abbreviations are written out.

A place has one key by its postcode and house number, and one by its street, number and town; where the house number stands
within the street, every way to read it has its own. A range of numbers has those of both its ends. A postcode of figures
alone is a whole town abroad: its key holds the street and town too. A place without such a key gets
one that begins with `near:`: it is found by it, and never compared by it.
"""

import re
from collections.abc import Iterator
from itertools import product

from casework.input.person_names import alike, in_two_letters, plain_words, without_infixes, writings

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
_POSTCODE = re.compile(r"[1-9]\d{3}[a-z]{2}", re.ASCII)
_POSTCODE_AND_HOUSE = re.compile(r"([1-9]\d{3}[a-z]{2})(\d[a-z\d]*)", re.ASCII)
_ABROAD = re.compile(r"\d{4,6}|\d{7}|[a-z]{1,2}\d[a-z\d]?\d[a-z]{2}|[a-z]\d[a-z]\d[a-z]\d|[a-z]\d[\dw][a-z\d]{4}", re.ASCII)
"""Postcodes of elsewhere: of figures alone, and those of the British isles and Canada."""
_COUNTRY = re.compile(r"[a-z]{1,3}(?=\d{4,6}$|\d{4}[a-z]{2}$)", re.ASCII)
_MOST_OF_CODE = 2
"""Of how many words a postcode is written at most: NW1 6XE, 110 00."""
_UNKNOWN = "-"
_LONGEST_RANGE = 50
_UNTIL = (("t", "m"), ("tm",), ("tot", "en", "met"), ("tot",), ("en",))
"""What stands between the ends of a range, where no dash does."""
MOST_WORDS = 12
"""The most words of an address, and the most parts of a house number: anything longer is neither."""
_TOWNS = {
    "sgravenhage": "haag",
    "thehagu": "haag",
    "shertogenbosch": "bosch",
    "bruxelles": "brussel",
    "brussels": "brussel",
    "anvers": "antwerpen",
    "antwerp": "antwerpen",
    "gand": "gent",
    "liege": "luik",
    "koln": "keulen",
    "koeln": "keulen",
    "aachen": "aken",
    "london": "londen",
}
"""Towns that have two names, here or in the language of the neighbours."""


def keys_of(street: str, number: str, postcode: str, town: str) -> list[str]:
    """Return the keys by which an address is found again: by equality alone, and `near:` not at all."""
    code, places = _code("".join(plain_words(postcode))), _towns(town) or [""]
    found: dict[str, None] = {}
    for written in writings(street):
        for road, house in _readings(written, number):
            for place in places:
                found |= dict.fromkeys(_keys(road, house, code, place))
    if not found and (code or places[0] or street or number):
        road, house = next(_readings(street, number), ("", ""))
        found[f"near:{' '.join(one or _UNKNOWN for one in (places[0], code, house, road))}"] = None
    return [key[:LONGEST_KEY] for key in found]


def compared(keys: list[str]) -> list[str]:
    """Return the keys of which an equal one makes two places the same: those of `near:` do not."""
    return [key for key in keys if not key.startswith("near:")]


def _keys(road: str, house: str, code: str, place: str) -> Iterator[str]:
    for one in _ends(house):
        if code and one and not code.isdecimal():
            yield f"code:{code} {one}"
        elif code and road:
            yield f"code:{code} {one or _UNKNOWN} {road} {place or _UNKNOWN}"
        if road and place:
            yield f"road:{road} {one} {place}"


def _code(written: str) -> str:
    """Return a postcode without the letters of its country."""
    return _COUNTRY.sub("", written, count=1) if _COUNTRY.match(written) else written


def _ends(house: str) -> list[str]:
    """Return a house number, and those of both ends where it is a range: 5-7 is 5 and 7, 12a-12c is 12a and 12c."""
    parts = house.split("-")
    for between in _UNTIL:
        size = len(between)
        parts = next((parts[:at] + parts[at + size :] for at in (1, 2) if tuple(parts[at : at + size]) == between), parts)
    house, figures = "-".join(parts), [at for at, part in enumerate(parts) if part.isdecimal()]
    if len(figures) != 2 or figures[0] != 0:  # noqa: PLR2004 - a range has two ends
        return [house]
    low, high = parts[: figures[1]], parts[figures[1] :]
    apart = int(high[0]) - int(low[0])
    if 0 < apart <= _LONGEST_RANGE or (apart == 0 and len(low) == len(high) > 1):
        return [house, "-".join(low), "-".join(high)]
    return [house]


def searched_as(typed: str) -> list[str]:
    """Return what may be meant where somebody looks for an address in one line: patterns of keys, in which % is the rest.

    A postcode with or without a number, or with a town; a street with or without a number, a town, or both; a town alone.
    """
    found: dict[str, None] = {}
    for written in writings(typed):
        words = [part for word in without_infixes(in_two_letters(written)) for part in _apart(word)]
        if len(words) <= MOST_WORDS:
            found |= dict.fromkeys((*_by_code(words), *_by_street(words), *_by_town(words)))
    return list(found)


def _apart(word: str) -> tuple[str, ...]:
    """Return a postcode and the house number that was typed against it."""
    found = _POSTCODE_AND_HOUSE.fullmatch(word)
    return (found[1], found[2]) if found else (word,)


def _by_code(written: list[str]) -> Iterator[str]:
    """Yield the patterns of each postcode that may stand in what was typed."""
    for place in range(len(written)):
        for after in range(place + 1, min(place + _MOST_OF_CODE, len(written)) + 1):
            code = _code("".join(written[place:after]))
            if _POSTCODE.fullmatch(code):
                yield from _with_house(code, written[after : after + 2])
            elif _ABROAD.fullmatch(code):
                yield from _abroad(code, written[:place], written[after:])


def _with_house(code: str, words: list[str]) -> Iterator[str]:
    house = _house(_parts(words))
    if house and house[0].isdecimal():
        yield from (f"code:{code} {house}", f"code:{code} {house}-%", f"code:{code} {house} %")
    else:
        yield from (f"code:{code} %", f"near:% {code} %")


def _abroad(code: str, before: list[str], after: list[str]) -> Iterator[str]:
    """Yield the patterns of a postcode of elsewhere with its street before it and its town behind it, as far as typed."""
    towns = _towns(" ".join(after)) or ["%"]
    if not before:
        yield from (f"near:{town} {code} %" for town in towns)
        yield from (f"code:{code} % {town}" for town in towns)
        yield from [f"code:{code} %"] if not code.isdecimal() or not after else ()
        yield from _with_house(code, after) if after and after[0][0].isdecimal() else ()
    turned = [[*before[1:], before[0]]] if before and before[0][0].isdecimal() else []
    for words in [before, *turned] if before else ():
        yield from _on_street(code, words, towns)


def _on_street(code: str, words: list[str], towns: list[str]) -> Iterator[str]:
    """Yield the patterns of a street, with or without a number, within a postcode of elsewhere."""
    for length in range(len(words), max(len(words) - _MOST_PARTS, 1) - 1, -1):
        house, road = _house(_parts(words[length:])), _road(_parts(_whole(" ".join(words[:length]))))
        if house and not house[0].isdecimal():
            continue
        if house and not code.isdecimal():
            yield from (f"code:{code} {house}", f"code:{code} {house}-%")
        yield from (f"code:{code} {house or '%'} {road}% {town}" for town in towns)


def _by_street(words: list[str]) -> Iterator[str]:
    for length in range(1, len(words) + 1):
        yield from _placed(_whole(" ".join(words[:length])), words[length:])
        if length > 1 and words[0][0].isdecimal():
            yield from _placed(_whole(" ".join(words[1:length])), [words[0], *words[length:]])


def _by_town(words: list[str]) -> Iterator[str]:
    for town in _towns(" ".join(words)):
        yield from (f"road:% {town}", f"near:{town} %")


def _placed(street: list[str], words: list[str]) -> Iterator[str]:
    """Yield the patterns of a street: with each house number that may begin what follows, and the town after it."""
    road = _road(_parts(street))
    numbered = bool(words) and words[0][0].isdecimal()
    for length in range(1, min(len(words), _MOST_PARTS) + 1) if numbered else ():
        house = _house(_parts(words[:length]))
        for one, town in product(_ends(house), _towns(" ".join(words[length:])) or ["%"]):
            yield from (f"road:{road} {one} {town}", f"road:{road} {one}-% {town}")
    if not numbered:
        yield from (f"road:{road}% {town}" for town in _towns(" ".join(words)) or ["%"])
        if not words:
            yield f"near:{_UNKNOWN} % {road}%"


def _towns(words: str) -> list[str]:
    """Return the town that these words name, in each writing of a key; none where there are no words."""
    places = ["".join(_whole(one)) for one in writings(words)]
    return list(dict.fromkeys(_TOWNS.get(place, place) for place in places if place))


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
    return [alike(_WHOLE.get(word, word)) for word in without_infixes(in_two_letters(street))]


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
    telling = [part for part in parts if part not in _NUMBER_WORDS]
    return "-".join(part.lstrip("0") or "0" if part.isdecimal() else _ADDITIONS.get(part, part) for part in telling)
