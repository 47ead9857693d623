"""Keeps what can lead to material out of every text: links, file names, hashes, encoded blobs, addresses of the internet.

What nobody sees is taken out; then a view of the text is judged, in which letters and dots that look alike are alike and
disguises are undone. The text is stored as it was typed. Every pattern is bounded, so that the time is in the length.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from casework.disguises import find_disguised, find_numbers
from casework.encoded import find_encoded, find_pieces
from casework.links import find_link
from casework.looks import view
from casework.marks import find_stack, without_invisible

FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010fffd]")
"""Control, surrogate and private-use characters."""
MAIL = re.compile(
    r"(?<![\w./:@+-])[\w.+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,4}(?!onion|i2p)[a-z]{2,12}(?![\w/:@?#-])(?!\.\w)", re.IGNORECASE
)
_SPELLED = re.compile(r"(?<!\S)(?:\S\s){4,}\S(?!\w)")

_IMAGES = "jpe?g|jpe|jfif|png|webp|bmp|tiff?|heic|heif|avif|mp4|avi|mkv|webm|wmv|flv|m4v|mpe?g|3gp|torrent"
_FILES = f"{_IMAGES}|gif|svg|mov|raw|cr2|nef|dng|psd|zip|rar|7z|tgz|iso"
PATTERNS = (
    ("file", re.compile(rf"(?<=[\w)\]'\"-])\.(?:{_FILES})(?![\w])", re.IGNORECASE)),
    ("file", re.compile(rf"(?<=[\w)\]])(?: \. ?|\. |\s(?:punt|dot)\s)(?:{_IMAGES})(?![\w])", re.IGNORECASE)),
    ("file", re.compile(r"\b(?:IMG|DSC[NF]?|VID|PXL|MVI|GOPR)[-_]?\d{4,}|\bWhatsApp (?:Image|Video) \d{4}")),
    (
        "file",
        re.compile(r"\b[A-Za-z]:\\(?!n)|\\\\\w|(?<!\S)~?/(?:home|users|mnt|media|sdcard|dcim)/", re.IGNORECASE),
    ),
    ("hash", re.compile(r"(?<![0-9a-z])(?=[a-f]{0,40}[0-9])(?=[0-9]{0,40}[a-f])[0-9a-f]{32,}(?![0-9a-z])", re.IGNORECASE)),
    ("hash", re.compile(r"[0-9]{26,}")),
    ("address", re.compile(r"(?<![0-9a-f:])(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}(?![0-9a-f:])", re.IGNORECASE)),
    ("address", re.compile(r"(?<![0-9a-z:])[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6}::(?![:])[0-9a-f]{0,4}", re.IGNORECASE)),
    ("address", re.compile(r"(?<![\w.])0[0-7]{1,3}(?:\.0[0-7]{1,3}){3}(?![\d.]\d)", re.IGNORECASE)),
    (
        "address",
        re.compile(r"(?<!\w)0x[0-9a-f]{1,2}(?:\.(?:0x)?[0-9a-f]{1,3}){3}|(?<!\w)0x[0-9a-f]{8}(?!\w)", re.IGNORECASE),
    ),
    ("blob", re.compile(r"(?:%[0-9a-f]{2}){2}|(?:\\u[0-9a-f]{4}|\\x[0-9a-f]{2}){2}|\baHR0c|\b68747470", re.IGNORECASE)),
    ("hash", re.compile(r"\bbtih\b|\bxt=urn", re.IGNORECASE)),
)
"""What is refused, in order."""

_NUMBERS = re.compile(r"(?<![\d.])(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?!\d)(?!\.\d)")
_SECTION = re.compile(
    r"(?:art|artikel|par|paragraaf|hoofdstuk|versie|onderdeel|bijlage|punt|lid|§)\.?\s{0,2}$", re.IGNORECASE
)
_NUMBERED = re.compile(
    r"(?:nr|nummer|kamer|lokaal|dossier|dossiernr|dossiernummer|zaaknr|zaaknummer|tel|telefoon)[.:]?\s{0,2}$", re.IGNORECASE
)
"""What has a number with dots in it: where no part has three figures it is none of the internet."""
_SPLIT = re.compile(r"(?<![0-9a-z])[0-9a-f]+(?:[\s:._/,|-]{1,3}[0-9a-f]+)+(?![0-9a-z])", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z0-9+/=_-]+")
_IBAN = re.compile(r"(?:NL|BE|DE|FR|GB|ES|IT|LU|PL|PT|AT|CH|IE|DK|SE|NO|FI)\d{2}[A-Z0-9]{10,26}")
_DATED = re.compile(r"\d{1,6}[a-z]{0,8}|[A-Z]{1,5}\d{1,12}[A-Z]{0,2}|[A-Z][a-z]{1,2}[A-Z][a-z]{3,}")
LEAST_HEX = 32
LEAST_CODE = 20
LONGEST_WORD = 60
"""The longest Dutch word has 50 letters: a longer run is no word."""
ENOUGH = 24
"""How many characters of encoded-looking pieces after another make a blob."""


class Screened(Exception):  # noqa: N818 - the errors of the domain are words (docs/architecture.md)
    """A text holds something that never enters a record; `span` is the part that does."""

    def __init__(self, kind: str, span: str) -> None:
        """Keep what kind of thing it is, and where."""
        self.kind = kind
        self.span = span[:60]
        super().__init__(f"{kind}: {self.span}")


def screen(text: str, *, takes_mail: bool = False) -> str:
    """Return the text without marks that nobody sees, or raise Screened with the offending span."""
    text = without_invisible(text)
    if found := FORBIDDEN.search(text):
        raise Screened("character", f"U+{ord(found.group()):04X}")
    if stacked := find_stack(text):
        raise Screened("character", f"U+{ord(stacked):04X}")
    if not text.isdecimal():
        _judge(MAIL.sub(" ", text) if takes_mail else text)
    elif len(text) > ENOUGH:
        raise Screened("hash", text)
    return text


def screen_together(texts: Iterable[str]) -> None:
    """Raise Screened where texts hold together what none of them holds alone: a hash or a picture in pieces."""
    seen = " ".join(view(without_invisible(text)) for text in texts)
    for kind, span in (*_hashes(seen), *_blobs(seen), *find_pieces(seen)):
        raise Screened(kind, span)


def _judge(text: str) -> None:
    if encoded := find_encoded(text):
        raise Screened(*encoded)
    seen = view(text)
    for one in {seen, _SPELLED.sub(lambda found: "".join(found[0].split()), seen)}:
        if link := find_link(one) or find_disguised(one):
            raise Screened(*link)
        for kind, pattern in PATTERNS:
            if found := pattern.search(one):
                raise Screened(kind, _around(one, found))
    for kind, span in (*_addresses(seen), *find_numbers(seen), *_hashes(seen), *_blobs(seen)):
        raise Screened(kind, span)


def _around(text: str, found: re.Match[str]) -> str:
    before = text[max(0, found.start() - 40) : found.start()].rsplit(maxsplit=1)
    begin = before[-1] if before and not text[found.start() - 1].isspace() else ""
    return f"{begin}{found.group()}".strip()


def _addresses(text: str) -> list[tuple[str, str]]:
    """Return addresses of the internet in numbers; a section of a law or a version has as many dots."""
    return [
        ("address", found[0])
        for found in _NUMBERS.finditer(text)
        if _is_address(found.groups(), text[max(0, found.start() - 16) : found.start()])
    ]


def _is_address(parts: Sequence[str], before: str) -> bool:
    """Whether four numbers are an address: no section of a law, no telephone number, no number of a room or a file."""
    if any(int(part) > 255 or part[0] == "0" < part[1:] for part in parts) or _SECTION.search(before):  # noqa: PLR2004 - a byte
        return False
    return any(len(part) > 2 for part in parts) or not _NUMBERED.search(before)  # noqa: PLR2004 - three figures


def _hashes(text: str) -> list[tuple[str, str]]:
    """Return hashes that were split by spaces, dots, colons or hyphens."""
    found = []
    for one in _SPLIT.finditer(text):
        letters = [letter for letter in one[0] if letter.isalnum()]
        digits = sum(letter.isdigit() for letter in letters)
        if len(letters) >= LEAST_HEX and min(digits, len(letters) - digits) >= 4:  # noqa: PLR2004 - a mix
            found.append(("hash", one[0]))
    return found


def _blobs(text: str) -> list[tuple[str, str]]:
    """Return encoded data: one long code, or several pieces after another that look encoded."""
    score, first = 0, 0
    for found in _TOKEN.finditer(text):
        token = found[0]
        if _is_code(token):
            return [("blob", token)]
        if _looks_encoded(token):
            first = first if score else found.start()
            score += len(token)
        elif not _says_nothing(token):
            score = max(0, score - min(len(token), 6))
        if score >= ENOUGH:
            return [("blob", text[first : found.end()])]
    return []


def _is_code(token: str) -> bool:
    if len(token) > LONGEST_WORD:
        return len(set(token)) >= 10  # noqa: PLR2004 - a line of dashes has one
    bare = token.strip("=_-+/")
    if len(bare) < LEAST_CODE or _is_account(bare):
        return False
    letters, digits = sum(map(str.isalpha, bare)), sum(map(str.isdigit, bare))
    if min(letters, digits) >= 4 and not {"-", "/"} & set(bare):  # noqa: PLR2004 - a mix
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
