"""Tries to sign in are counted in the database, for all processes together, before a password is looked at."""

import hashlib
import hmac

from django.conf import settings
from django.db import connection

from permissions.signing import signed


def mark_of(*parts: str) -> str:
    """Return a keyed mark: what is counted is not kept."""
    return hmac.digest(settings.SECRET_KEY.encode(), ":".join(parts).encode(), hashlib.sha256).hex()


def may_try(mark: str, minutes: int, most: int) -> bool:
    """Count a try; False, and nothing is counted, where there were so many within these minutes."""
    return _asked("try_sign_in", mark, str(minutes), str(most))


def forget(mark: str) -> None:
    """Take back the newest try: it was right."""
    _asked("forget_sign_in", mark)


def _asked(what: str, *fields: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT lock.{what}(%s, %s)", signed((what, *fields)))
        return bool(cursor.fetchone()[0])
