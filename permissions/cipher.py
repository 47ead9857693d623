"""Encryption with keys that are not in the database."""

import hashlib
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet
from django.conf import settings


def box_for(purpose: str) -> Fernet:
    """Return the cipher for one purpose; its key is derived from the installation's secret and stored nowhere."""
    return Fernet(urlsafe_b64encode(hashlib.sha256(f"{purpose}:{settings.SECRET_KEY}".encode()).digest()))
