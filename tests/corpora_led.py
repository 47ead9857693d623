"""More of what is smuggled: domains of which the dot is veiled, what places call a film, hashes with words between."""

import random
from collections.abc import Callable

from tests.corpora_apart import Drawn

ENDINGS = "com|nl|org|onion|ru|io|info|eu"
KEEPERS = "imgur|gofile|pastebin|mega|pixeldrain|bunkr|rentry|mediafire"
FILES = "cr3|jxl|m3u8|tar|gz|jp2|arw|ogv|mts|m2ts|vob|kdbx|apk|heics|7zip|hevc|vmdk|url|exe|rw2"
FIGURES = ["nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"]
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


DOTS = "..|...|\u2026|...."
APART = " ... | .. | \u2026 |... "
OTHER = "\u2043|\u0660|\u06f0|\u1803|\u2e31|\u205a|\u2056|\ua60e"
IN_MARKS = '.({})|.[{}]|.<{}>|(.{})|[.{}]|."{}"'
DOT_IN_MARKS = "\".\"|'.'|[.]|`.`|(.)|<.>|{..}"
COMPUTERS = (
    r"\\nas01\kids|nas01\kids|~piet/fotos|$HOME/x|ssh piet@nas01|DCIM/100APPLE|%USERPROFILE%\x|sftp a@thuis-nas|smb nas01"
)


def _cut(text: str, every: int) -> list[str]:
    return [text[place : place + every] for place in range(0, len(text), every)]


def _hash(drawn: Drawn) -> str:
    return f"{drawn.chance.getrandbits(4 * 32):032x}"


def _parts(drawn: Drawn, text: str) -> str:
    """Return a text in parts with words, marks or names of lines between them."""
    parts = _cut(text, drawn.chance.choice((4, 8)))
    way = drawn.number(3)
    if way == 0:
        return drawn.of(" en | dan | plus |, dan | daarna ").join(parts)
    if way == 1:
        label, mark = drawn.of("deel|regel|stuk|blok|nr|map"), drawn.of(": | = | |) ")
        return drawn.of("\n| / |; ").join(f"{label} {number}{mark}{part}" for number, part in enumerate(parts))
    return drawn.of("+|*|, |;| [|' '|) (").join(parts)


def _base32(drawn: Drawn) -> str:
    text = "".join(drawn.chance.choice(BASE32) for _ in range(30))
    text = f"{text[:7]}{drawn.of('2|3|4')}{text[7:20]}{drawn.of('5|6|7')}{text[20:]}"
    text = text.lower() if drawn.number(2) else text
    return drawn.of(" |-| en |, ").join(_cut(text, drawn.chance.choice((4, 8))))


def _a_to_p(drawn: Drawn) -> str:
    text = "".join(drawn.chance.choice("abcdefghijklmnop") for _ in range(40))
    text = text.upper() if drawn.number(2) else text
    return drawn.of("| |-| en |, ").join(_cut(text, 4))


def _spoken(drawn: Drawn) -> str:
    numbers = [drawn.number(255, 1) for _ in range(4)]
    return drawn.of(" punt | dot ").join(" ".join(FIGURES[int(one)] for one in str(number)) for number in numbers)


def _six(drawn: Drawn) -> str:
    groups = [f"{drawn.of('2001|2a02|fe80|fd12')}", f"{drawn.number(15, 10):x}b8", f"8{drawn.number(15, 10):x}a3", "0", "0"]
    return drawn.of(" |-|_").join([*groups, "8a2e", f"{drawn.number(999, 100)}", f"{drawn.number(9999, 1000)}"])


MADE: tuple[tuple[str, Callable[[Drawn], str]], ...] = (
    ("several dots", lambda d: f"{d.name}{d.of(DOTS)}{d.of(ENDINGS)}{d.of('|/foto|/a1')}"),
    ("dots apart", lambda d: f"{d.name}{d.of(APART)}{d.of(ENDINGS)}/{d.of('foto|map|x1')}"),
    ("ending in marks", lambda d: d.name + d.of(IN_MARKS).format(d.of(ENDINGS))),
    ("dot in marks", lambda d: d.of(DOT_IN_MARKS).join((d.name, d.of(ENDINGS)))),
    (
        "ending in letters",
        lambda d: f"{d.name}{d.of(' punt | dot |.|. ')}{d.of(' |_').join(d.of(ENDINGS))}{d.of('| slash a b c')}",
    ),
    ("one word", lambda d: f"{d.name} {d.of('dot|punt')}{d.of('com|nl|org|onion')}{d.of('| slash foto')}"),
    ("figure for a letter", lambda d: f"{d.name}.{d.of('c0m|0rg|0nion|inf0|n3t|C0M')}{d.of('/abc|')}"),
    ("commas", lambda d: f"{d.name}{d.of(', |,|; ')}{d.of('punt|dot')}{d.of(', |,')}{d.of(ENDINGS)}"),
    ("other dots", lambda d: f"{d.name}{d.of(OTHER)}{d.of('com|nl|org|onion|ru')}"),
    ("film", lambda d: f"{d.of('/|youtube |youtu/|')}watch{d.of('?v=| v |/v=|?v = ')}d{d.code}x"),
    ("kept", lambda d: f"{d.of(KEEPERS)}{d.of('/a/|/d/|/|/#F!|: /a/|#| d | a ')}{d.code}"),
    ("key of a folder", lambda d: f"mega {d.of('#F!|#!|#P!')}{d.code}!{d.code}"),
    ("way in by a code", lambda d: f"{d.of('|telegram: ')}+{d.code}{d.number(9999, 1000)} {d.of('op telegram|')}"),
    ("more files", lambda d: f"{d.of('vakantie|reeks|deel 2|zomer12')}.{d.of(FILES)}"),
    ("kind in marks", lambda d: f"{d.of('filmpje|clipje|vakantie|zomer12')}{d.of(' |')}({d.picture})"),
    ("another computer", lambda d: d.of(COMPUTERS)),
    ("numbers in words", _spoken),
    ("numbers with colons", lambda d: d.four(":")),
    ("long number apart", _six),
    ("hash in signs", lambda d: d.of(";|, |; | + |*|) (|' '").join(_hash(d))),
    ("hash in parts", lambda d: _parts(d, _hash(d))),
    ("base32 in groups", _base32),
    ("half the alphabet", _a_to_p),
)


def _made(make: Callable[[Drawn], str]) -> Callable[[random.Random], str]:
    return lambda chance: make(Drawn(chance))


LED = tuple((kind, _made(make)) for kind, make in MADE)
"""Each disguise, and what makes one."""
