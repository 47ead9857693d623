"""Finds what points elsewhere without an address: a place by its name with a token, a name turned round, a camera's moment.

A place, an account and a link are spoken of in every case; a token of letters and figures behind the place leads there.
"""

import re
from itertools import accumulate

from casework.input.finders.blobs import is_name

Found = tuple[str, str]
"""What kind of thing it is, and where it stands."""

_PLACES = (
    "imgur|tiny ?url|we ?transfer|drop ?box|mega|go ?file|paste ?bin|one ?drive|google ?drive|i ?cloud|bit ?ly"
    "|media ?fire|tele ?gram|you ?tube|you ?tu|discord|pixel ?drain|cat ?box|bunkr|rentry|tera ?box|vimeo"
    "|streamable|reddit|flickr|signal|whats ?app|snap ?chat|insta(?:gram)?|tik ?tok|ghost ?bin|just ?paste"
    "|cyber ?drop|google ?foto'?s|mega ?upload|vk"
)
_STEP = (
    r"(?:slash|streep|schuine streep|link|code|codes|video|film|clip|album|map|folder|bestand|file|files|id|nummer"
    r"|share|shared|joinchat|invite|watch|shorts|download|downloads|uitnodiging|groep|kanaal|met|de|het|is|via"
    r"|naar|a|c|d|f|g|s|v|u|i|sh|scl|gallery|drive|com|punt|nl)"
)
_AFTER = re.compile(
    rf"(?<![\w.@])(?:{_PLACES})((?:[\s/:,=|#-]{{1,4}}{_STEP}(?!\w)){{0,5}})[\s/:,=|#-]{{1,4}}([\w-]{{5,64}})(?![\w-])",
    re.IGNORECASE,
)
"""A place, what is said on the way, and what may be a token."""
_NUMBERED = re.compile(
    r"[A-Za-z]{2,}[_-]?\d{1,4}|\d{1,5}[a-z]{0,4}|[\d-]+|[A-Z]{1,4}-?\d{1,9}|[A-Za-z]+(?:_[A-Za-z]+)*_?\d{0,4}"
)
"""The name of an account with a year behind it, a number, a date."""
_CAPITALS_WITHIN = re.compile(r"[a-z][A-Z]")
_LEAST_TURNS = 2
_TURNED = re.compile(
    r"(?<![\w.,])(?:[\w#?-]{1,30}/){0,3}(?:moc|gro|noino|ln|ur|ue|zyx|ofni|zib|vd\.moc|ten(?=\.[\w-]{5,40}/|\.www))\.[a-z\d-]{3,60}",
    re.IGNORECASE,
)
"""A domain that is read from its end."""
_MOMENT = re.compile(
    r"(?<![\w-])(?:[A-Za-z]{2,12}[_-])?(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[_-](?:[01]\d|2[0-3])[0-5]\d[0-5]\d(?:\d{3})?(?!\d)"
)
"""The moment of a picture, as cameras and telephones name it."""
_LONGER = re.compile(
    r"(?<=[\w)\]])\.(?:(?:jpe?g|png|webp|heic|avif|webm|mkv)[a-z\d_~]{1,12}|mp4[a-z\d_]{1,8})(?!\w)", re.IGNORECASE
)
_OTHERS = (
    "pjpe?g|pjp|jfi|jif|jps|mpo|jxr|wdp|hdp|tga|pcx|ppm|pgm|pbm|pnm|pam|xbm|xpm|dds|exr|hdr|ico|icns|indd|xcf|kra|bpg|flif|qoi"
    "|emf|wmf|nrw|pef|srw|x3f|erf|kdc|dcr|mrw|rwl|3fr|iiq|mef|insp|insv|lrv|m1v|m2v|mjpe?g|mjpg|wtv|ogm|h26[45]|hif|psb|thm|eps"
)
_MORE = re.compile(rf"(?<=[\w)\]'\"])\.(?:{_OTHERS})(?!\w)(?!\.\w)", re.IGNORECASE)
"""Endings of pictures and films that are seldom met."""
_ENDINGS = ("com", "org", "net", "onion", "info", "nl", "eu", "ru", "xyz", "biz")


def _broken(ending: str) -> str:
    """Return a pattern for an ending that is broken over two lines."""
    gap = r"[^\S\n]{0,3}\n\s{0,3}"
    heads = accumulate(ending)
    breaks = [head + gap + ending.removeprefix(head) for head in heads if head != ending]
    return "|".join([*breaks, gap.join(ending)])


_OVER_LINES = re.compile(rf"(?<=\w)\s{{0,3}}\.\s{{0,3}}(?:{'|'.join(map(_broken, _ENDINGS))})(?!\w)", re.IGNORECASE)
_PATTERNS = (
    ("link", _TURNED),
    ("file", _MOMENT),
    ("file", _LONGER),
    ("file", _MORE),
    ("link", _OVER_LINES),
)


def find_pointer(text: str) -> Found | None:
    """Return the kind and the span of the first thing that points elsewhere; nothing where there is none."""
    for kind, pattern in _PATTERNS:
        if found := pattern.search(text):
            return kind, text[max(0, found.start() - 12) : found.end()].strip()
    shared = (found[0] for found in _AFTER.finditer(text) if _is_token(found[2]))
    return next((("link", one) for one in shared), None)


def _is_token(word: str) -> bool:
    """Whether this is drawn by a machine: letters and figures that are no name with a number behind it."""
    if _NUMBERED.fullmatch(word) and not (_CAPITALS_WITHIN.search(word) and not is_name(word)):
        return False
    if is_name(word):
        return False
    figures = sum(map(str.isdecimal, word))
    return (0 < figures < len(word)) or len(_CAPITALS_WITHIN.findall(word)) >= _LEAST_TURNS
