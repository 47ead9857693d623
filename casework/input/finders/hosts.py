"""Finds where something is stored, without an address of the internet: by its name there, on a disk, or in words.

The number of a film or an album with the place that knows it, a path, a computer by its name, four numbers in words.
"""

import re

Found = tuple[str, str]
"""What kind of thing it is, and where it stands."""

_KEEPERS = (
    "mega|imgur|gofile|pastebin|rentry|ghostbin|pixeldrain|bunkr|catbox|cyberdrop|anonfiles?|mediafire|terabox|wetransfer"
    "|streamable|1fichier|krakenfiles|zippyshare|justpaste|telegra|filemoon|doodstream|vidoza|uploadgig|rapidgator|4shared"
)
"""Where things are stored under a code, whoever put them there."""
_OTHERS = "dropbox|youtube|youtu|onedrive|icloud|drive|vk|reddit|flickr|vimeo|dailymotion|discord|telegram|tumblr"
"""Where there are accounts as well: a code is one only behind a stroke."""
_MIXED = r"(?=[A-Za-z_-]{0,30}\d)(?=[\d_-]{0,30}[A-Za-z])"
_CAMEL = r"(?=\w{0,20}?(?-i:[a-z][A-Z]))"
_NO_CODE = r"(?!(?:WhatsApp|OneDrive|WeTransfer|YouTube|TikTok|iCloud|FaceTime|OnlyFans|LinkedIn|iMessage|DropBox)(?!\w))"
_CODE = rf"{_NO_CODE}(?:{_MIXED}|{_CAMEL})[\w-]{{5,60}}(?![\w-])"
_ALL_KINDS = r"(?-i:(?=[A-Za-z]{0,20}\d)(?=[A-Z\d]{0,20}[a-z])(?=[a-z\d]{0,20}[A-Z]))"
_STEP = r"(?:[a-z]{1,6}\s{0,2}[/|#!:]\s{0,2}){0,2}"
_CALLED = r"(?:(?:map|folder|album|link|code|id|file|paste|a|d|f|s)[\s:=]{1,3})?"
_KEPT = (
    re.compile(r"(?<!\w)watch\s{0,2}[?/]{0,2}\s{0,2}v\s{0,2}[=: ]\s{0,2}[\w-]{6,}", re.IGNORECASE),
    re.compile(r"(?<!\w)#[a-z]{0,2}![\w-]{5,}", re.IGNORECASE),
    re.compile(rf"(?<![\w.@])(?:{_KEEPERS})\s{{0,2}}[/:#|=]\s{{0,2}}/?{_STEP}{_CODE}", re.IGNORECASE),
    re.compile(rf"(?<![\w.@])(?:{_OTHERS})/{_STEP}{_MIXED}[\w-]{{5,60}}(?![\w-])", re.IGNORECASE),
    re.compile(
        rf"(?<![\w.@])(?:{_KEEPERS})[\s,]{{1,3}}(?:[adfs][\s/,:]{{1,3}}{_CODE}|{_CALLED}{_ALL_KINDS}\w{{5,40}}(?!\w))",
        re.IGNORECASE,
    ),
    re.compile(rf"(?<!\w)\+{_ALL_KINDS}[\w-]{{10,40}}(?!\w)"),
    re.compile(
        rf"(?<!\w)(?:video|film|clip|album|paste)[ -]?(?:id|code|nummer)\s{{0,2}}[:=]?\s{{0,2}}{_ALL_KINDS}[\w-]{{6,40}}",
        re.IGNORECASE,
    ),
)
"""A code that one place gives to one thing."""
_SERVICES = r"ssh|sftp|scp|ftps?|telnet|smb|rsync|afp|nfs|rdp|vnc"
_PATHS = (
    re.compile(
        r"(?<![\w\\/.])(?=[a-z-]{1,30}\d|nas|server|thuis|schijf|pc|share|host)[a-z][\w-]{1,30}\\[\w$-]{2,}", re.IGNORECASE
    ),
    re.compile(r"(?<![\w\\/.])[a-z][\w-]{1,30}(?:\\[\w$-]{2,40}){2}", re.IGNORECASE),
    re.compile(r"(?<!\S)[\"'(\[]?~[a-z][\w-]{0,30}/\w", re.IGNORECASE),
    re.compile(r"\$\{?(?:env:)?[A-Za-z_]{3,24}\}?[/\\]\w|%[A-Za-z_]{3,24}%[/\\]", re.IGNORECASE),
    re.compile(
        rf"(?<!\w)(?:{_SERVICES})\s{{1,2}}(?:[\w.-]{{1,40}}@[\w-]|(?=[a-z-]{{1,30}}\d)[\w-]{{2,40}}(?!\w))", re.IGNORECASE
    ),
    re.compile(
        r"(?<!\w)DCIM\s{0,2}[/\\]|(?<!\w)\d{3}(?:APPLE|CANON|NIKON|MSDCF|_PANA|OLYMP|_FUJI|ANDRO|GOPRO)(?!\w)", re.IGNORECASE
    ),
)
"""A place on a disk, on another computer, or in a camera."""
_FIGURE = (
    r"(?:nul|een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|zero|one|two|three|four|five|six|seven|eight|nine"
    r"|[a-z]{0,12}(?:honderd|tien|tig)[a-z]{0,20})"
)
_SPOKEN = rf"{_FIGURE}(?:[ -]{{1,2}}{_FIGURE}){{0,5}}"
_ADDRESSES = (
    re.compile(rf"(?<![\w-]){_SPOKEN}(?:,? (?:punt|dot|stip),? {_SPOKEN}){{3}}(?!\w)", re.IGNORECASE),
    re.compile(r"(?<![\w:-])(?=[23][\da-f]{3}|f[cde][\da-f]{2})[\da-f]{4}(?:[ _/-][\da-f]{1,4}){7}(?!\w)", re.IGNORECASE),
)
_A_MIX = re.compile(r"\d[a-f]|[a-f]\d", re.IGNORECASE)


def find_place(text: str) -> Found | None:
    """Return the kind and the span of the first place where something is stored; nothing where there is none."""
    for kind, patterns in (("link", _KEPT), ("file", _PATHS)):
        for pattern in patterns:
            if found := pattern.search(text):
                return kind, found[0]
    if found := _ADDRESSES[0].search(text):
        return "address", found[0]
    mixed = (one[0] for one in _ADDRESSES[1].finditer(text) if len(_A_MIX.findall(one[0])) > 1)
    return next((("address", one) for one in mixed), None)
