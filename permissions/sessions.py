"""Where sessions are stored: found only by a hash of the key in the cookie, and made or changed only with our signature.

Whoever reads the database finds no key; whoever has the application's own role can list nothing and plant nothing.
"""

import hashlib
from typing import Any

from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import connection

from permissions.signing import signed_now

LONGEST = 40
"""How many hexadecimal digits of a hash are stored: 160 bits."""


def hashed(key: str) -> str:
    """Return the hash under which the session of this key is stored."""
    return hashlib.sha256(f"session:{key}".encode()).hexdigest()[:LONGEST]


def _answer(query: str, values: list[Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()[0]


class SessionStore(SessionBase):
    """Django's sessions behind the functions of the keeper (permissions/sql/sessions.sql)."""

    def load(self) -> dict[str, Any]:
        """Return what the session holds; nothing where there is none or it is over."""
        found = _answer("SELECT lock.session(%s)", [hashed(self.session_key or "")])
        if found is None:
            self._session_key = None
            return {}
        return self.decode(found)

    def exists(self, session_key: str) -> bool:
        """Whether a session of this key runs."""
        return _answer("SELECT lock.session(%s)", [hashed(session_key)]) is not None

    def create(self) -> None:
        """Make a session under a key that nobody has."""
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]  # the stubs leave out what engines are made of
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - the signature of Django
        """Store the session; raises CreateError where its key is taken, UpdateError where it is gone."""
        if self.session_key is None:
            self.create()
            return
        data = self.encode(self._get_session(no_load=must_create))  # type: ignore[attr-defined]
        held = hashlib.sha256(data.encode()).hexdigest()
        until = self.get_expiry_date().isoformat()
        token = signed_now("session", key=hashed(self.session_key), until=until, is_new=must_create, held=held)
        if not _answer("SELECT lock.store_session(%s, %s, %s)", [*token, data]):
            raise CreateError if must_create else UpdateError

    def delete(self, session_key: str | None = None) -> None:
        """End a session."""
        if key := session_key or self.session_key:
            _answer("SELECT lock.end_session(%s)", [hashed(key)])

    @classmethod
    def clear_expired(cls) -> None:
        """Remove the sessions that ended."""
        _answer("SELECT lock.clear_sessions()", [])
