"""Finds files, places and addresses that are written in a way which no machine follows and every reader undoes.

A file of which the ending is spelled, a path of another kind of computer, a domain with a slash in words, an address in
numbers without dots, an invitation. Every repetition is bounded; no pattern repeats what repeats.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from casework.input.finders.links import TLDS, WORDS

Found = tuple[str, str]
"""What kind of thing it is, and where it stands."""

_ENDINGS = "jpg jpeg jfif png webp bmp tif tiff heic heif avif mp4 avi mkv webm wmv flv m4v mpg mpeg 3gp gif mov"
_PICTURES = "|".join(one for one in _ENDINGS.split() if one not in {"avi", "mov"})
"""Endings that are no other word: AVI is a level of reading, and a name."""
_NO_TITLE = "".join(rf"(?<!\b{one})" for one in ("dhr", "mw", "mevr", "mr", "mrs", "fam", "dr", "ds", "ir", "van"))
_NO_NAME = r"(?![\w'-])(?!\.?\s{0,2}(?:van|de|den|der|ten|ter|te|el|von|'t|(?-i:[A-Z][a-z])))"
"""Initials stand after a title and before a family name."""


def _apart(between: str) -> str:
    return "|".join(between.join(one) for one in _ENDINGS.split())


_KIN = (
    "vader|moeder|ouders?|pa|ma|broers?|zus|zussen|zusje|broertje|oma|opa|ooms?|tantes?|kind|kinderen|zoon|dochter|partner"
)
_WHOM = "man|vrouw|meisjes?|jongens?|hij|zij|ze|hem|haar|zijn|hun|hen|mij|ik|wij|je|jij|u|en|of|met|zonder|niet|wel|ja|nee"
_WHERE = (
    "school|opvang|bso|kdv|thuis|werk|zorg|politie|gemeente|jeugdzorg|crisis|huis|buren|vrienden|vriendin|vriend|familie"
)
_ORDINARY = rf"(?:{_KIN}|{_WHOM}|{_WHERE})"
_PART = r"[\w~$@-][\w.~$@-]{0,60}"

_FILES_OF = (
    "bestand bestanden foto's fotos video's videos filmpjes films beelden formaat type extensie opnames opnamen als en of in"
)
_NO_KIND_OF_FILE = "".join(rf"(?<!\b{one})" for one in _FILES_OF.split())
"""What is said of many files, with the kind of them behind it: foto's (jpg)."""

FILES = (
    re.compile(rf"(?<=\w)\s?_\s?(?:{_PICTURES}|avi|mov|svg|cr2|dng|psd|zip|rar|7z)(?![a-z0-9])", re.IGNORECASE),
    re.compile(rf"(?<=\w)-(?:{_PICTURES})(?![\w-])(?! ?(?:bestand|formaat))", re.IGNORECASE),
    re.compile(
        rf"\b(?=[a-z_]{{1,30}}\d)\w{{2,60}} (?:{_PICTURES}|avi|mov)(?![\w-])(?! ?(?:bestand|formaat))", re.IGNORECASE
    ),
    re.compile(rf"(?<=\w){_NO_TITLE}\s?\.\s?(?:{_apart('[ _-]{1,2}')}){_NO_NAME}", re.IGNORECASE),
    re.compile(rf"(?<=\w){_NO_TITLE}[\s._-]{{1,3}}(?-i:(?![A-Z]))(?:{_apart('[ ._*-]{1,2}')}){_NO_NAME}", re.IGNORECASE),
    re.compile(rf"(?<=\w)(?<!jpg)(?<!png)(?<!gif)(?<!mp4)(?<!jpeg),(?:{_PICTURES})(?!\w)(?!,)", re.IGNORECASE),
    re.compile(rf"\b(?=[a-z_]{{1,30}}\d)\w{{2,60}} ?\((?:{_PICTURES}|avi|mov)\)", re.IGNORECASE),
    re.compile(rf"(?<=\w){_NO_KIND_OF_FILE} ?\((?:{_PICTURES}|avi|mov)\)", re.IGNORECASE),
    re.compile(r"\b(?:IMG|DSC[NF]?|VID|PXL|MVI|GOPR|IMG E|DCIM)[-_. ]{0,3}\d{4,}"),
    re.compile(r"\b(?:img|dscn|dscf|pxl|mvi|gopr)[-_. ]{0,3}\d{4,}|\b(?:dsc|vid)[-_]?\d{4,}", re.IGNORECASE),
    re.compile(
        r"\b(?:screenshot|schermafbeelding|signal|telegram|snapchat)[-_ ]\d{4}[-_ ]?\d{2}[-_ ]?\d{2}[-_ ]\d", re.IGNORECASE
    ),
    re.compile(r"(?<!\w)[a-z](?::/(?=[\w.~])| ?: ?/(?=[\w.~]{2}))|\bfile:/|(?<!\w)(?-i:[A-Z]):\\\w", re.IGNORECASE),
    re.compile(rf"(?<![\w:/])//{_PART}/\w", re.IGNORECASE),
    re.compile(r"(?<!\S)[\"'(\[]?~/\w|(?<![\w.])\.{1,2}/[a-z][\w-]{1,40}/[a-z]", re.IGNORECASE),
    re.compile(
        rf"(?<![\w/.)\]%*~])/(?!{_ORDINARY}(?:/{_ORDINARY}){{1,5}}(?![\w/]))\.?[a-z][\w-]{{2,40}}/[a-z\d._~]\w",
        re.IGNORECASE,
    ),
)
"""File names, names that a camera gives, and places on a disk, a share or another computer."""

_UNITS = """
    km kg cm mm ml mg gr st sr bv vg sc gb mb tb kw hz nm pa tl bb gl sex pro web cam vip top art
"""
"""Short endings that are said in a sentence: units, levels of school, words."""
_COUNTRY = 3
"""How long the ending of a country is at most, or what is as short."""
_SPOKEN = (frozenset(one for one in TLDS if len(one) <= _COUNTRY) - WORDS - frozenset(_UNITS.split())) | frozenset(
    {"onion", "info", "net", "be", "to", "tv", "co"}
)
"""Endings that are no word of a sentence: before a slash in words they end a domain."""
_CLEAR = frozenset({"com", "org", "net", "onion", "i2p", "xyz", "ru", "io", "gg", "ly", "su", "nz", "biz"})
"""Endings that end a domain also before a mere stroke."""
_SHARERS = """
    bit|ly goo|gl is|gd ow|ly cutt|ly rb|gy tinyurl|com mega|nz youtu|be discord|gg discord|com telegram|me t|me t|co
    gofile|io imgur|com pastebin|com dropbox|com wetransfer|com mediafire|com drive|google
"""
_HOSTS = frozenset(_SHARERS.split())
"""Where things are shared: these two words with a path lead there."""
_DRIVE = "drive|google"
_SAID_TOO = frozenset({"is|gd", "t|me", "t|co", "me|t", _DRIVE})
"""Of these, what two words of a sentence can be as well: 't me, is gd."""
_MARKS = r"[_*~:;,|!^=+/\\()\[\]{}<>-]{1,3}"
_BETWEEN = rf"(?:\s{{1,3}}|{_MARKS})"
_APART, _AMONG_WORDS = (
    "|".join(one.replace("|", _BETWEEN) for one in sorted(pairs)) for pairs in (_HOSTS - _SAID_TOO, _SAID_TOO - {_DRIVE})
)
_CODED = (
    r"(?:joinchat|invite|\+\w{1,40}|(?-i:(?=[A-Za-z_-]{0,30}\d)(?=[\d_-]{0,30}[A-Za-z])|(?=\w{1,30}[a-z][A-Z]))[\w-]{5,40})"
)
_SHARED = (
    re.compile(rf"(?<![\w.@-])(?:{_APART})(?![^\W_])", re.IGNORECASE),
    re.compile(rf"(?<![\w.@'-])(?:{_AMONG_WORDS}){_BETWEEN}{_CODED}(?!\w)", re.IGNORECASE),
    re.compile(rf"(?<![\w.@-])drive{_BETWEEN}google{_BETWEEN}(?:com{_BETWEEN})?(?:file|folders?|open|d|u)\b", re.IGNORECASE),
    re.compile(
        rf"(?<![\w.@-])(?!(?:de|het|een|die|deze|the)\b)\w[\w-]{{1,60}}?(?:\s{{1,3}}com(?!-)|{_MARKS}com)(?![^\W_]|\. ?\w)",
        re.IGNORECASE,
    ),
)
"""Names of such places with the ending apart, and whatever is called com: nobody says that in a sentence."""
_STROKE = r"(?:(?:forward ?|voorwaartse ?)?slash|schuine streep|streepje|/(?!\s)|\\(?!\s)|#!?(?=\S))"
_STROKED = re.compile(
    rf"(?<![\w.@])(\w[\w-]{{0,40}}?)[\s_*~:;,|!^=+-]{{1,3}}([a-z]{{2,12}})(\s{{0,2}})(?<!\d)({_STROKE})\s{{0,2}}[\w!#?]",
    re.IGNORECASE,
)
_ONIONS = (
    re.compile(r"(?<![\w])(?:[a-z2-7]{16}|[a-z2-7]{56})[\s._*~,-]{1,3}onion(?!\w)", re.IGNORECASE),
    re.compile(r"\bonion(?:[- ]?adres)?[\s:=-]{1,3}(?:[a-z2-7]{16}|[a-z2-7]{56})(?!\w)", re.IGNORECASE),
    re.compile(r"(?<!\w)(?=[a-z]{0,40}\d)[\w-]{3,60}[\s_*~-]{1,3}onion(?!\w)", re.IGNORECASE),
    re.compile(r"(?<!\w)[a-z2-7]{56}(?!\w)", re.IGNORECASE),
)
_NETS = r"telegram|signal|discord|whatsapp|kik|wickr|session|viber|snapchat|instagram|threema|matrix"
_PLACE = r"(?:groeps?|groep|group|kanaal|channel|server|chatroom|room|chat|bot)"
_INVITES = (
    re.compile(
        rf"\b(?:{_NETS})?[- ]?{_PLACE}(?: (?:heet|genaamd|met de naam|is|op telegram))?[\s:]{{1,3}}@\w{{3,}}", re.IGNORECASE
    ),
    re.compile(
        rf"\b(?:{_NETS})\b[\s:]{{1,3}}(?:\w{{1,12}}[\s:]{{1,2}}){{0,2}}@\w{{0,40}}(?:group|groep|kanaal|channel|bot|chat|club)(?!\w)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:invite|invitation|uitnodig\w{0,6}|join|groeps?|kanaal|server)[ -]?(?:code|link)?(?: is|:|=| luidt)?\s{1,2}"
        r"\+?(?-i:(?![A-Z][a-z]{2,12}\d{1,3}\b)(?=[A-Za-z_-]{0,30}\d)(?=[\d_-]{0,30}[A-Za-z])(?![A-Z]{0,5}\d{1,12}\b)(?!\d{1,4}[a-z]{0,2}\b)|(?=\w{1,30}[a-z][A-Z]))[\w-]{6,40}(?!\w)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:joinchat|addstickers|add-?me|tg:|sgnl:|whatsapp:|signal\.group)[/:]{1,2}\w|(?<!\w)[ts] me/[+\w]",
        re.IGNORECASE,
    ),
)
"""A place where things are shared, or the way in: an account by which somebody is known is none (decision 0014)."""


def find_disguised(text: str) -> Found | None:
    """Return the kind and the span of the first file, place, domain or invitation that is written in another way."""
    for kind, patterns in (("file", FILES), ("link", _ONIONS), ("link", _INVITES), ("link", _SHARED)):
        for pattern in patterns:
            if found := pattern.search(text):
                return kind, text[max(0, found.start() - 20) : found.end() + 20].split("\n", 1)[0].strip()
    return next(_stroked(text), None)


def _stroked(text: str) -> Iterator[Found]:
    """Yield domains without a dot, with what leads on from them: a stroke, or the word for it."""
    for found in _STROKED.finditer(text):
        before, ending, apart, stroke = found[1].lower(), found[2].lower(), found[3], found[4].lower()
        if before.isdecimal() or ending not in TLDS:
            continue
        said = stroke not in {"/", "\\"}
        joined = not apart and found[2] in {"nl", "eu"} and found[0][len(before)] == "-"
        if f"{before}|{ending}" in _HOSTS or ending in (_SPOKEN if said else _CLEAR) or joined:
            yield "link", found[0]


_QUAD = re.compile(
    r"(?<![\d.,-])(?<!\d:)(\d{1,3})(\s?[.,:_/-]\s?|\s| (?:punt|dot|komma) )(\d{1,3})(\s?[.,:_/-]\s?|\s| (?:punt|dot|komma) )"
    r"(\d{1,3})(\s?[.,:_/-]\s?|\s| (?:punt|dot|komma) )(\d{1,3})(?![\d])(?![.,_/ -]{1,2}\d)",
    re.IGNORECASE,
)
_ABOUT_COMPUTERS = re.compile(r"\b(?:ip|ipv4|server|host|router|proxy|netwerk)\b[^.\n]{0,20}$", re.IGNORECASE)
_MEASURES = re.compile(
    r"\b(?:schuld(?:en)?|bloeddruk|scores?|gewicht(?:en)?|lengtes?|bedrag(?:en)?|kamers?|metingen|waarden|kosten|huur|punten"
    r"|uitslag(?:en)?|aantallen|pagina'?s|nummers|huisnummers)\b[^.\n]{0,24}$|\b\w{2,20}-scores?[^.\n]{0,24}$",
    re.IGNORECASE,
)
_UNIT = re.compile(r"\s?(?:euro|eur|gram|kg|km|cm|ml|mg|punten|minuten|min|uur|dagen|jaar|procent|%)\b", re.IGNORECASE)
_IN_GROUPS = frozenset({(2, 2, 2, 2), (3, 2, 2, 2), (2, 3, 2, 2), (3, 3, 2, 2)})
"""How telephone and citizen numbers are written in groups."""
_LARGE = 100
_BYTE = 255


def find_numbers(text: str) -> list[Found]:
    """Return addresses in four numbers with other marks than dots; a count, a telephone number or an amount is none."""
    return [("address", one[0]) for one in _QUAD.finditer(text) if _is_address(text, one)]


def _is_address(text: str, one: re.Match[str]) -> bool:
    parts, marks = [one[1], one[3], one[5], one[7]], [one[2], one[4], one[6]]
    numbers = [int(part) for part in parts]
    if max(numbers) > _BYTE or any(len(part) > 1 and part[0] == "0" for part in parts) or set(marks) == {"."}:
        return False
    if _ABOUT_COMPUTERS.search(text[max(0, one.start() - 40) : one.start()]):
        return True
    if tuple(map(len, parts)) in _IN_GROUPS or _is_a_row(numbers) or _counts_something(text, one):
        return False
    if numbers[0] in {10, 127} and numbers[1:3].count(0) > 0:
        return True
    large = sum(number >= _LARGE for number in numbers)
    if any(mark.strip().isalpha() for mark in marks):
        return large > 0
    return large > (0 if set(marks) in ({","}, {" "}, {"_"}) else 1)


def _counts_something(text: str, one: re.Match[str]) -> bool:
    """Whether these numbers are said to be amounts or measures, or stand in pairs, as blood pressure does."""
    marks = [one[place].strip() for place in (2, 4, 6)]
    return (
        (marks[0] == marks[2] == "/" != marks[1])
        or bool(_MEASURES.search(text[max(0, one.start() - 40) : one.start()]))
        or bool(_UNIT.match(text[one.end() : one.end() + 12]))
    )


def _is_a_row(numbers: list[int]) -> bool:
    """Whether one counts up, or by equal steps."""
    steps = [two - one for one, two in pairwise(numbers)]
    return min(steps) > 0 or len(set(steps)) == 1
