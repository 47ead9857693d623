"""From where a request came."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_of(request: HttpRequest) -> str:
    """Return the address that a request came from: behind a proxy of ours, what the nearest one says."""
    said = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        said = request.META.get("HTTP_X_FORWARDED_FOR", said).rsplit(",", 1)[-1].strip()
    try:
        return str(ip_address(said.partition("%")[0]))  # a zone is a name of somebody else's, of any form
    except ValueError:
        return ""
