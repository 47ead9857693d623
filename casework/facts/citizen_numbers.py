"""Who may hold a citizen service number, and what is one."""

from permissions.acting import acting
from permissions.models import Agency


def holds_numbers() -> bool:
    """Whether the acting agency may hold citizen service numbers."""
    return Agency.objects.filter(pk=acting().actor.agency_id, may_hold_bsn=True).exists()


def is_citizen_number(text: str) -> bool:
    """Whether nine digits pass the eleven-test of the citizen service number (Wabb; Logisch ontwerp BSN)."""
    if len(text) != 9 or not text.isascii() or not text.isdecimal() or text == "0" * 9:  # noqa: PLR2004 - nine digits
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(weight * int(digit) for weight, digit in zip(weights, text, strict=True)) % 11 == 0
