"""What is encrypted with a key outside the database."""

import hashlib
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet
from django.conf import settings


def box_for(purpose: str) -> Fernet:
    """Return what encrypts for one purpose, by a key that follows from the installation's secret and stands nowhere."""
    return Fernet(urlsafe_b64encode(hashlib.sha256(f"{purpose}:{settings.SECRET_KEY}".encode()).digest()))
