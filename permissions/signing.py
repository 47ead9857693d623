"""What the application signs for the database: an identity, a session, a try. The database has the key as its two pads."""

import hashlib
import hmac
import json
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings

_nonce_lock = threading.Lock()
_last_nonce = 0


def _next_nonce() -> int:
    global _last_nonce  # noqa: PLW0603 - one counter a process, under its lock
    with _nonce_lock:
        _last_nonce = max(_last_nonce + 1, time.time_ns())
        return _last_nonce


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who acts, in which role, doing what: the columns of `lock.acting`, all but the transaction, which the server knows."""

    pid: int
    """The process of the server: an identity counts on its connection alone."""
    nonce: int = field(default_factory=_next_nonce)
    """It counts once: each is greater than the one before on the same connection."""
    person: int
    agency: int | None = None
    membership: UUID | None = None
    role: str
    action: str
    purpose: str
    basis: str
    operation: UUID
    moment: datetime | None = None
    """The clock of a scenario; the database's own where there is none."""
    strength: str
    client: str
    trace: UUID | None
    policy: str
    """The version of the law under which this act is decided."""
    on_behalf_of: int | None


def signed(kind: str, **said: object) -> tuple[str, bytes]:
    """Return what is said, for one kind of question, as one token (an object of JSON), and its signature.

    Raises TypeError or ValueError for what is no text, number, id or moment.
    """
    texts = {name: str(value) if isinstance(value, UUID | datetime) else value for name, value in said.items()}
    token = json.dumps({"kind": kind, **texts}, allow_nan=False, separators=(",", ":"))
    return token, hmac.digest(settings.ACTING_KEY, token.encode(), hashlib.sha256)


def signed_now(kind: str, **said: object) -> tuple[str, bytes]:
    """Return the same with the moment in it: the database takes it for half a minute (lock.said_now)."""
    return signed(kind, **said, at=round(time.time(), 3))


def pads(key: bytes) -> tuple[bytes, bytes]:
    """Return the inner and outer pad of an HMAC-SHA-256 key, as the database has them."""
    block = key.ljust(64, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)
