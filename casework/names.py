"""Names as they are searched for: without case, accents and infixes, in any order."""

import re
import unicodedata
from datetime import date

_INFIXES = """
    van de den der het 't ten ter te in op aan bij onder over uit voor von zu zur el al ben bin d la le du des da do dos di
"""
INFIXES = frozenset(_INFIXES.split())
"""Words before a Dutch family name by which nobody is found."""
REFERENCE = re.compile(r"\d{4}-[0-9a-z]{6}", re.ASCII)
_PLAIN = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "\u0131": "i"})
_BREAKS = re.compile(r"[\s\-,.;|]+")


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a name in plain letters, without infixes; an infix alone is kept, somebody is called so."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold().translate(_PLAIN))
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter)).replace("\u2019", "'")
    words = [word.strip("'") if word not in INFIXES else word for word in _BREAKS.split(plain) if word]
    return tuple(word for word in words if word and word not in INFIXES) or tuple(word for word in words if word)


def identity_of(family_name: str, given_names: str, birth_date: date | None) -> str:
    """Return the identity by which two agencies know the same person, or nothing when too little is known."""
    family, given = words_of(family_name), words_of(given_names)
    if not family or not given or birth_date is None:
        return ""
    return f"{' '.join(family)}|{given[0]}|{birth_date.isoformat()}"[:120]


def tokens_of(family_name: str, given_names: str, birth_date: date | None) -> list[str]:
    """Return the words by which a person is found again, each as `kind:token`."""
    found = [f"name:{word[:120]}" for word in dict.fromkeys((*words_of(family_name), *words_of(given_names)))]
    if birth_date:
        found.append(f"born:{birth_date.isoformat()}")
    if identity := identity_of(family_name, given_names, birth_date):
        found.append(f"identity:{identity}")
    return found
