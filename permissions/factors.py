"""Second factors: their secrets are encrypted with a key outside the database, and guessing them ends soon."""

import hashlib
import hmac
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import connection

from permissions.cipher import box_for
from permissions.signing import signed_now

TRIES, MINUTES = 5, 15
"""How many wrong codes are accepted for one person within how many minutes, whoever sends them."""
SEALED = "gAAAA"
"""The beginning of every encrypted text."""


def seal(text: str) -> str:
    """Encrypt a secret of a second factor."""
    return box_for("second factors").encrypt(text.encode()).decode()


def unseal(text: str) -> str:
    """Decrypt what `seal` encrypted; a secret that was stored before there was a key is returned unchanged.

    Raises ValueError where another key encrypted it.
    """
    if not text.startswith(SEALED):
        return text
    try:
        return box_for("second factors").decrypt(text.encode()).decode()
    except InvalidToken:
        raise ValueError("this second factor was stored under another SECRET_KEY") from None


def may_try(person_id: int) -> bool:
    """Count a try before its code is looked at; False where there were too many lately."""
    return bool(_asked("try_factor", person=person_id, minutes=MINUTES, most=TRIES))


def use(person_id: int, code: str) -> bool:
    """Mark a correct code as used, and forget the earlier tries; return False when the code was used before."""
    mark = hmac.digest(settings.SECRET_KEY.encode(), f"{person_id}:{code.strip()}".encode(), hashlib.sha256).hex()
    return bool(_asked("use_factor", person=person_id, mark=mark))


def _asked(what: str, **said: object) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT lock.{what}(%s, %s)", signed_now(what, **said))
        return cursor.fetchone()[0]
