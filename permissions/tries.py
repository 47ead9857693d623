"""Tries to sign in are counted in the database, for all processes together, before a password is looked at."""

import hashlib
import hmac

from django.conf import settings
from django.db import connection

from permissions.signing import signed_now


def mark_of(*parts: str) -> str:
    """Return the keyed mark under which tries are counted, so that the name or address itself is not stored."""
    return hmac.digest(settings.SECRET_KEY.encode(), ":".join(parts).encode(), hashlib.sha256).hex()


def may_try(mark: str, minutes: int, most: int) -> bool:
    """Count a try; return False, without counting it, when there were already so many within these minutes."""
    return _asked("try_sign_in", mark=mark, minutes=minutes, most=most)


def forget(mark: str) -> None:
    """Remove the newest try, because it succeeded."""
    _asked("forget_sign_in", mark=mark)


def _asked(what: str, **said: object) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT lock.{what}(%s, %s)", signed_now(what, **said))
        return bool(cursor.fetchone()[0])
