"""Second factors: their secrets are encrypted with a key outside the database, and guessing them ends soon."""

import hashlib
import hmac
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import connection

from permissions.cipher import box_for
from permissions.signing import signed

TRIES, MINUTES = 5, 15
"""How many wrong codes somebody may give within how many minutes, whoever they are sent by."""
SEALED = "gAAAA"
"""How every text begins that was encrypted."""


def seal(text: str) -> str:
    """Encrypt a secret of a second factor."""
    return box_for("second factors").encrypt(text.encode()).decode()


def unseal(text: str) -> str:
    """Decrypt what `seal` encrypted; what was stored before there was a key is read as it stands.

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
    return bool(_asked("try_factor", str(person_id), str(MINUTES), str(TRIES)))


def use(person_id: int, code: str) -> bool:
    """Take a code that was right, and forget the tries before it; False where it was taken before."""
    mark = hmac.digest(settings.SECRET_KEY.encode(), f"{person_id}:{code.strip()}".encode(), hashlib.sha256).hex()
    return bool(_asked("use_factor", str(person_id), mark))


def _asked(what: str, *fields: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT lock.{what}(%s, %s)", signed((what, *fields)))
        return cursor.fetchone()[0]
