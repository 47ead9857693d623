"""More of what is smuggled: hashes and pictures told in words, numbers and names, and pointers that are said in parts."""

import random
from collections.abc import Callable, Iterator
from itertools import pairwise

from tests.corpora_apart import Drawn

FIGURES = ["nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"]
ENGLISH = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
RADIO = ["alfa", "bravo", "charlie", "delta", "echo", "foxtrot"]
SPELLED = ["Anna", "Bernard", "Cornelis", "Dirk", "Eduard", "Ferdinand"]
GAPS = " |\n|\u2009|\u202f|\u00a0|\u2003|\u3000|  |\u2009\u202f|\n\n| \n | \u2009 \u202f \u2003 "
HARD, SOFT = "bdfghjklmnprstvz", "aiou"
UNITS = "jaar|euro|meter|keer|dagen|punten|kg|minuten"
SHARED = (
    "imgur slash a slash {}|tinyurl {}|tiny url {}|we transfer link {}|wetransfer downloads {}|dropbox s {}|drop box map {}"
    "|telegram joinchat {}|youtube video {}|you tube {}|pastebin code {}|imgur album {}|mega map {}|onedrive bestand {}"
    "|google drive id {}|discord invite {}|gofile d {}|bit ly {}"
)
CAMERA_ENDINGS = (
    "JPEG2000|jpg2|jpg_large|pjpeg|jfi|tga|pcx|ppm|xcf|hdr|jxr|nrw|pef|srw|x3f|insv|mpo|bpg|qoi|mjpeg|pngx|mp4v|dds|indd"
)
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def bytes_of(drawn: Drawn, count: int = 16) -> bytes:
    """Return what a hash holds, or a picture."""
    return drawn.chance.randbytes(count)


def proquints(data: bytes) -> list[str]:
    """Return words that no language has, two bytes each."""
    pairs = [one << 8 | two for one, two in zip(data[::2], data[1::2], strict=True)]
    return [f"{HARD[n >> 12]}{SOFT[n >> 10 & 3]}{HARD[n >> 6 & 15]}{SOFT[n >> 4 & 3]}{HARD[n & 15]}" for n in pairs]


def syllables(data: bytes) -> list[str]:
    """Return words of one to four syllables, a byte each syllable and a half."""
    said = [f"{HARD[one >> 4]}{SOFT[one >> 2 & 3]}{('', 'n', 's', 'r')[one & 3]}" for one in data]
    places, chance = [0], random.Random(len(data))
    while places[-1] < len(said):
        places.append(places[-1] + chance.randrange(1, 4))
    return ["".join(said[one:two]) for one, two in pairwise(places)]


def _signs(drawn: Drawn, count: int = 32) -> list[str]:
    return list(bytes_of(drawn, count // 2).hex())


def _in_words(drawn: Drawn) -> str:
    figures, letters = drawn.chance.choice(
        ((FIGURES, RADIO), (ENGLISH, RADIO), (FIGURES, SPELLED), (FIGURES, list("abcdef")))
    )
    said = [figures[int(one)] if one.isdecimal() else letters[ord(one) - 97] for one in _signs(drawn)]
    return drawn.of(" |, | en |\n|-").join(said)


def _times(data: bytes) -> Iterator[str]:
    number = int.from_bytes(data, "big")
    while number:
        number, one = divmod(number, 1440)
        yield f"{one // 60:02d}:{one % 60:02d}"


def _dates(data: bytes) -> Iterator[str]:
    number = int.from_bytes(data, "big")
    while number:
        number, one = divmod(number, 28 * 12 * 100)
        yield f"{one % 28 + 1:02d}-{one // 28 % 12 + 1:02d}-{1930 + one // 336}"


def _initials(data: bytes) -> Iterator[str]:
    number = int.from_bytes(data, "big")
    while number:
        number, one = divmod(number, 676)
        yield f"{LETTERS[one // 26].upper()}.{LETTERS[one % 26].upper()}."


def _listed(drawn: Drawn, items: Iterator[str]) -> str:
    return drawn.of(", |; |\n| en | ").join(items)


def _measured(drawn: Drawn) -> str:
    unit = drawn.of(UNITS)
    return drawn.of(", | en |; ").join(f"{one} {unit}" for one in bytes_of(drawn, 20))


def _amounts(drawn: Drawn) -> str:
    data = bytes_of(drawn, 24)
    return drawn.of(", | en |; ").join(f"€ {one},{two % 100:02d}" for one, two in zip(data[::2], data[1::2], strict=True))


def _by_label(drawn: Drawn) -> str:
    text, form = "".join(_signs(drawn, 40)), drawn.of("Regel {} gezien. |Stuk {} van hem gezien. |Bij nummer {} was hij. ")
    return "".join(form.format(text[place : place + 4]) for place in range(0, 40, 4))


def _quoted(drawn: Drawn) -> str:
    mark = drawn.of("'{}'|\"{}\"|({})|\u2018{}\u2019")
    code = "".join(drawn.chance.choice(f"{LETTERS}{LETTERS.upper()}0123456789") for _ in range(90))
    return drawn.of(" |, | en ").join(mark.format(code[place : place + 3]) for place in range(0, 90, 3))


def _shifted(drawn: Drawn) -> str:
    first = drawn.number(10, 6)
    return "".join(chr(97 + first + int(one, 16)) for one in _signs(drawn))


def _base32(drawn: Drawn) -> str:
    text = "".join(drawn.chance.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(26))
    return text.lower() if drawn.number(2) else text


def _names(drawn: Drawn) -> str:
    return drawn.of(" |, ").join(one.capitalize() for one in syllables(bytes_of(drawn, 332)))


def _in_gaps(drawn: Drawn) -> str:
    one, two = drawn.chance.choice(((" ", "\u2009"), (" ", "  "), ("\u202f", "\u00a0"), (" ", "\n"), (" ", "\t")))
    number = int.from_bytes(bytes_of(drawn, 332), "big")
    words = "moeder vader kind school huis buurt straat"
    return "".join(drawn.of(words.replace(" ", "|")) + (one, two)[number >> place & 1] for place in range(2656))


def _in_one_gap(drawn: Drawn) -> str:
    return "hij kwam" + "".join(drawn.chance.choice(" \n\t\u2009\u202f") for _ in range(200)) + "thuis"


def _token(drawn: Drawn) -> str:
    return f"{drawn.of('Q|W|Z')}{drawn.of('w|x')}{drawn.number(9)}{drawn.of('sKz|tPq|vBh')}{drawn.number(99, 10)}"


MADE: tuple[tuple[str, Callable[[Drawn], str]], ...] = (
    ("hash in words", _in_words),
    ("hash in pairs", lambda d: d.of(GAPS).join(bytes_of(d, 20).hex(" ").split())),
    ("hash in shifted letters", _shifted),
    ("hash as one code", _base32),
    ("hash by a label", _by_label),
    ("hash as times", lambda d: _listed(d, _times(bytes_of(d, 20)))),
    ("hash as dates", lambda d: _listed(d, _dates(bytes_of(d, 24)))),
    ("hash as initials", lambda d: _listed(d, _initials(bytes_of(d, 20)))),
    ("hash as amounts", _amounts),
    ("hash with units", _measured),
    ("hash in false words", lambda d: d.of(" |-|, | en ").join(proquints(bytes_of(d)))),
    ("picture in false words", lambda d: d.of(" |, |\n").join(proquints(bytes_of(d, 332)))),
    ("picture in syllables", lambda d: d.of(" |, ").join(syllables(bytes_of(d, 332)))),
    ("picture in names", _names),
    ("groups in quotes", _quoted),
    ("picture in gaps", _in_gaps),
    ("picture in one gap", _in_one_gap),
    ("shared by a token", lambda d: d.of(SHARED).format(_token(d))),
    ("turned round", lambda d: f"{d.name}.{d.of('nl|com|org|onion|ru')}"[::-1] + d.of("|/a| slash a")),
    ("camera by its moment", lambda d: f"20{d.number(27, 10)}01{d.number(29, 10)}{d.of('_|-')}1{d.number(9)}3456"),
    ("other pictures", lambda d: f"foto {d.number(9)}.{d.of(CAMERA_ENDINGS)}"),
    ("ending over lines", lambda d: d.of("{}.\nco\nm|{}.c\nom|{}.\no\nrg|{}.on\nion|{}\n.c\no\nm|{}.n\nl").format(d.name)),
)


def _made(make: Callable[[Drawn], str]) -> Callable[[random.Random], str]:
    return lambda chance: make(Drawn(chance))


TOLD = tuple((kind, _made(make)) for kind, make in MADE)
"""Each disguise, and what makes one."""
