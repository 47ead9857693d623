"""Keeps links, encoded blobs and hash-like strings out of every text (no imagery, no links to it, no hashes of it)."""

import re

from casework.marks import without_invisible

MAIL = re.compile(r"(?<![\w./:@-])[\w.+-]{1,64}@(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,12}(?![\w/:@?#-])(?!\.\w)", re.IGNORECASE)
PATTERNS = (
    ("link", re.compile(r"\b[a-z][a-z0-9+.-]{1,15}://\S+|\bwww\.\S+|\bmagnet:\S+|\bipfs:\S+", re.IGNORECASE)),
    ("link", re.compile(r"\bdata:[^\s,]{0,80},\S*", re.IGNORECASE)),
    (
        "link",
        re.compile(
            r"\b[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:com|net|org|nl|eu|onion|io|info|ru|to|me|be|de|app|link|xyz|cc|tv)"
            r"\b(?:/\S*)?",
            re.IGNORECASE,
        ),
    ),
    ("file", re.compile(r"\b\S+\.(?:jpe?g|png|gif|webp|bmp|tiff?|heic|mp4|avi|mov|mkv|webm|zip|rar|7z)\b", re.IGNORECASE)),
    ("hash", re.compile(r"\b(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{32,}\b", re.IGNORECASE)),
    ("hash", re.compile(r"(?:\b[0-9a-f]{2}[\s:-]){15,}[0-9a-f]{2}\b", re.IGNORECASE)),
    ("address", re.compile(r"\b(?:[0-9]{1,3}\.){3}[0-9]{1,3}\b|\b(?:[0-9a-f]{1,4}:){4,7}[0-9a-f]{1,4}\b", re.IGNORECASE)),
    ("blob", re.compile(r"[A-Za-z0-9+/_=-]{61,}")),
    ("blob", re.compile(r"(?:\b[A-Za-z0-9+/]{40,}={0,2}\s+){2,}")),
)
"""What is refused, in order. The longest Dutch word has 50 letters: a run of 61 characters is no word."""

FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ue000-\uf8ff]",
)
"""Control, zero-width, bidirectional and private-use characters."""


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
    judged = MAIL.sub(" ", text) if takes_mail else text
    for kind, pattern in PATTERNS:
        if found := pattern.search(judged):
            raise Screened(kind, found.group().strip())
    return text
