"""Refuses what can lead to material in any text: links, file names, hashes, encoded blobs, addresses of the internet.

What nobody sees is taken out; then a view of the text is judged, in which letters and dots that look alike are alike and
disguises are undone. The text is stored as it was typed. Every pattern is bounded, so that the time is in the length.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from casework.input.finders.blobs import ENOUGH, find_blobs, find_hashes, without_known
from casework.input.finders.disguises import find_disguised, find_numbers
from casework.input.finders.dots import find_veiled
from casework.input.finders.encoded import find_encoded, find_pieces
from casework.input.finders.gaps import find_gaps
from casework.input.finders.hosts import find_place
from casework.input.finders.links import find_link
from casework.input.finders.looks import view
from casework.input.finders.pointers import find_pointer
from casework.input.finders.rows import find_groups, find_numbered
from casework.input.finders.spoken import find_spoken
from casework.input.finders.unsaid import find_unsaid
from casework.input.marks import find_stack, without_invisible

FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010fffd]")
"""Control, surrogate and private-use characters."""
MAIL = re.compile(
    r"(?<![\w./:@+-])[\w.+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,4}(?!onion|i2p)[a-z]{2,12}(?![\w/:@?#-])(?!\.\w)", re.IGNORECASE
)
_SPELLED = re.compile(r"(?<!\S)(?:\S\s){4,}\S(?!\w)")

_IMAGES = "jpe?g|jpe|jfif|png|webp|bmp|tiff?|heic|heif|avif|mp4|avi|mkv|webm|wmv|flv|m4v|mpe?g|3gp|torrent"
_MORE = (
    "jxl|jp2|jpx|j2k|heics|hevc|apng|gifv|cr3|arw|rw2|orf|raf|dng|mpg4|ogv|mts|m2ts|vob|3g2|rmvb|divx|f4v|mxf|swf|asf|m3u8?|tar|gz"
    "|bz2|xz|zst|7zip|apk|kdbx|vhdx?|vmdk|dmg|pst|eml|webloc|url|lnk|exe"
)
"""Endings that are no word and nothing short, of pictures, films, and what holds them."""
_FILES = f"{_IMAGES}|gif|svg|mov|raw|cr2|nef|dng|psd|zip|rar|7z|tgz|iso|{_MORE}"
_KINDS = """
    zijn was waren is en of als in met op alleen ook type formaat extensie soort bestanden eindigen eindigden
"""
_NO_KIND = "".join(rf"(?<!\b{one})" for one in _KINDS.split())
"""After these an ending is the kind of a file and no part of its name: they are .jpg and .png."""
PATTERNS = (
    ("file", re.compile(rf"(?<=[\w)\]'\"-])\.(?:{_FILES})(?![\w])", re.IGNORECASE)),
    ("file", re.compile(rf"(?<=[\w)\]]){_NO_KIND}(?: \. ?|\. |\s(?:punt|dot)\s)(?:{_IMAGES})(?![\w])", re.IGNORECASE)),
    ("file", re.compile(r"\b(?:IMG|DSC[NF]?|VID|PXL|MVI|GOPR)[-_]?\d{4,}|\bWhatsApp (?:Image|Video) \d{4}")),
    (
        "file",
        re.compile(r"\b[A-Za-z]:\\(?!n)|\\\\\w|(?<!\S)~?/(?:home|users|mnt|media|sdcard|dcim)/", re.IGNORECASE),
    ),
    ("hash", re.compile(r"(?<![0-9a-z])(?=[a-f]{0,40}[0-9])(?=[0-9]{0,40}[a-f])[0-9a-f]{32,}(?![0-9a-z])", re.IGNORECASE)),
    ("hash", re.compile(r"[0-9]{26,}")),
    ("address", re.compile(r"(?<![0-9a-f:])(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}(?![0-9a-f:])", re.IGNORECASE)),
    (
        "address",
        re.compile(r"(?<![0-9a-z:])(?![a-f]::)[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6}::(?![:])[0-9a-f]{0,4}", re.IGNORECASE),
    ),
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
    r"(?:art|artikel|par|paragraaf|hoofdstuk|hfst|onderdeel|bijlage|punt|lid|sub|§|jw|jeugdwet|wmo|wlz|wpg|avg|awb|sv|sr|bw"
    r"|besluit|regeling|wet)[.:]{0,2}\s{0,2}$",
    re.IGNORECASE,
)
_VERSION = re.compile(r"(?:versie|version|windows|ios|android|build|firmware|v)[.:]?\s{0,2}$", re.IGNORECASE)
"""What has a number of as many parts: a section of a law, of which one part at most has three figures, and a version."""
_OF_A_SECTION = re.compile(
    r"[,;]? (?:lid|onder|sub|aanhef|jo\.?|jeugdwet|jw|wmo|awb|wpg|sv|sr|bw|van de (?:jeugdwet|wet|wmo|awb))(?!\w)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?:nr|nrs|nummer|kamer|lokaal|dossier|dossiernr|dossiernummer|zaak|zaaknr|zaaknummer|perceel|kavel|vak|polis|tel|telefoon"
    r"|kenmerk|bestelling|artikelnr)[.:]?\s{0,2}$",
    re.IGNORECASE,
)
"""What has a number with dots in it: where no part has three figures it is none of the internet."""


class ScreenedText(str):
    """A text as `screen` let it through, without the exception for mail: a column need not screen the very same again.

    Any text that is made of it, even a part of it, is plain text again.
    """

    __slots__ = ()


class Screened(Exception):  # noqa: N818 - the errors of the domain are words (docs/architecture.md)
    """A text holds something that never enters a record; `span` is the part that does."""

    def __init__(self, kind: str, span: str) -> None:
        """Store what kind of thing it is, and where."""
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
    return text if takes_mail else ScreenedText(text)


def screen_together(texts: Iterable[str]) -> None:
    """Raise Screened where texts hold together what none of them holds alone: a hash or a picture in pieces."""
    seen = "\n".join(view(without_invisible(text)) for text in texts)
    bare = without_known(seen)
    for kind, span in (*find_hashes(bare), *find_blobs(bare), *find_pieces(bare), *find_spoken(seen)):
        raise Screened(kind, span)


def _judge(text: str) -> None:
    if encoded := find_encoded(text) or next(find_gaps(text), None):
        raise Screened(*encoded)
    seen = view(text)
    for one in dict.fromkeys((seen, _SPELLED.sub(lambda found: "".join(found[0].split()), seen))):
        if link := find_link(one) or find_veiled(one) or find_disguised(one) or find_place(one) or find_pointer(one):
            raise Screened(*link)
        for kind, pattern in PATTERNS:
            if found := pattern.search(one):
                raise Screened(kind, _around(one, found))
    bare = without_known(seen)
    for kind, span in (*_addresses(seen), *find_numbers(seen), *find_hashes(bare), *find_blobs(bare), *_rows(seen, bare)):
        raise Screened(kind, span)


def _rows(text: str, bare: str) -> Iterator[tuple[str, str]]:
    """Yield what is told in words, in numbers, and in words that are none."""
    yield from find_spoken(text)
    yield from find_numbered(text)
    yield from find_groups(bare)
    yield from find_unsaid(text)


def _around(text: str, found: re.Match[str]) -> str:
    before = text[max(0, found.start() - 40) : found.start()].rsplit(maxsplit=1)
    begin = before[-1] if before and not text[found.start() - 1].isspace() else ""
    return f"{begin}{found.group()}".strip()


def _addresses(text: str) -> list[tuple[str, str]]:
    """Return addresses of the internet in numbers; a section of a law or a version has as many dots."""
    return [
        ("address", found[0])
        for found in _NUMBERS.finditer(text)
        if _is_address(
            found.groups(), text[max(0, found.start() - 16) : found.start()], text[found.end() : found.end() + 20]
        )
    ]


def _is_address(parts: Sequence[str], before: str, after: str) -> bool:
    """Whether four numbers are an address: no section of a law, no telephone number, no number of a room or a file."""
    if any(int(part) > 255 or part[0] == "0" < part[1:] for part in parts) or _VERSION.search(before):  # noqa: PLR2004 - a byte
        return False
    long = sum(len(part) > 2 for part in parts)  # noqa: PLR2004 - three figures
    if _SECTION.search(before) or _OF_A_SECTION.match(after):
        return long > 1
    return long > 0 or not _NUMBERED.search(before)
