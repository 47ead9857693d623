"""What the application signs for the database: an identity, a session, a try. The keeper knows the key by its pads."""

import hashlib
import hmac
from collections.abc import Sequence

from django.conf import settings

KEY_ID = "1"
"""Which key of lock.key it is: the first field of everything that is signed."""


def signed(fields: Sequence[str]) -> tuple[str, bytes]:
    """Return the fields as one token with the key's id before them, and its signature; raises ValueError for a bar."""
    if any("|" in field for field in fields):
        raise ValueError("a field that is signed holds a bar")
    token = "|".join((KEY_ID, *fields))
    return token, hmac.digest(settings.ACTING_KEY, token.encode(), hashlib.sha256)
