"""Passwords are hashed one at a time in each process: whoever tries many slows down signing in, and no other page."""

from threading import Semaphore

from django.contrib.auth.hashers import PBKDF2PasswordHasher

HASHING = Semaphore(1)


class Hasher(PBKDF2PasswordHasher):
    """Django's own hash, of the same name: what was stored before is read by it."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        """Hash when it is our turn; how many wait is bounded where passwords come in (web/sign_in_limits.py)."""
        with HASHING:
            return super().encode(password, salt, iterations)
