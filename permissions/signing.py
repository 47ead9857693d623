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


def pads(key: bytes) -> tuple[bytes, bytes]:
    """Return the inner and outer pad of an HMAC-SHA-256 key, as the database has them."""
    block = key.ljust(64, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)
