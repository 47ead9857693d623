"""Passwords are hashed one at a time in each process: whoever tries many slows down signing in, and no other page."""

from threading import Semaphore

from django.contrib.auth.hashers import PBKDF2PasswordHasher

HASHING = Semaphore(1)


class Hasher(PBKDF2PasswordHasher):
    """Django's own hash under the same name, so that earlier hashes are still read."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        """Hash one password at a time; web/sign_in_limits.py bounds how many wait."""
        with HASHING:
            return super().encode(password, salt, iterations)
