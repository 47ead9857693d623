"""How a text looks to whoever reads it: letters and dots that look alike are alike, and what is written in numbers is read.

What is judged is this view; what is stored is what was typed.
"""

import html
import re
import unicodedata
from functools import lru_cache

from casework.input.person_names import plain_letter

_DOTS = (
    "\u00b7\u0387\u02d9\u1427\u16eb\u2022\u2024\u2027\u2218\u2219\u22c5\u25aa\u25cf\u25e6\u2e30\u2e31\u2e33\u3002\u30fb\ufe52"
    "\uff0e\uff61\uff65\ua4f8\u06d4"
    "\u2043\u0660\u06f0\u0701\u0702\u1803\u2055\u2056\u2058\u2059\u205a\u205d\u205e\ua60e\U00010a50\U0001d16d"
)
_ALIKE = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04cf\u04bb\u043d\u043c\u0442\u043a\u0432"
    "\u0410\u0415\u041e\u0420\u0421\u0423\u0425\u0406\u0408\u0405\u041d\u041c\u0422\u041a\u0412"
    "\u03bf\u03b1\u03b5\u03b9\u03bd\u03c1\u03c4\u03c5\u03c7\u03ba\u03bb\u039f\u0391\u0395\u0399\u039d\u03a1\u03a4\u03a5\u03a7\u039a\u039c",
    "aeopcyxijsdlhhmtkbAEOPCYXIJSHMTKBoaeivptyxklOAEINPTYXKM",
) | dict.fromkeys(map(ord, _DOTS), ".")
"""Letters of other scripts and marks that look like a Latin letter or a dot."""
_BRACKETED = re.compile(
    r"\s{0,2}[\[({<]\s{0,2}(?:(\.)|(dot|punt|d0t)|(at|@|apenstaartje))\s{0,2}[\])}>]\s{0,2}", re.IGNORECASE
)
_WRAPPED = re.compile(
    r"(?<=\w)(?:[\"'`\[({<]\.{1,2}[\"'`\])}>](?=[a-z0-9])|(?:\.[\"'`\[({<]\.?|[\"'`\[({<]\.)(?=[a-z0-9]{2,8}[\"'`\])}>]))",
    re.IGNORECASE,
)
"""A dot within marks, or one before an ending that stands within marks."""
_ESCAPED = re.compile(r"(?:%|\\x|\\u00)(2[0-9a-f]|3[a-f]|40|5[bcdf]|[46][1-9a-f]|[57][0-9a])|=(2[def]|3a|40)", re.IGNORECASE)
"""One sign as addresses, programs and mail write it in a number: a dot is %2E, =2E."""


def view(text: str) -> str:
    """Return the text as it is judged: alike what looks alike, without disguise."""
    if "&" in text:
        text = html.unescape(text)
    if not text.isascii():
        text = "".join(map(_looks, unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text)).translate(_ALIKE)))
    if any(mark in text for mark in "%=\\"):
        text = _ESCAPED.sub(lambda found: chr(int(found[1] or found[2], 16)), text)
    return _BRACKETED.sub(lambda found: "@" if found[3] else ".", _WRAPPED.sub(".", text))


@lru_cache(maxsize=4096)
def _looks(letter: str) -> str:
    return "" if unicodedata.category(letter) == "Mn" else plain_letter(letter)
