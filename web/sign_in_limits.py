"""How much signing in may cost: limits of session, address, name and process, before a password is looked at.

Behind them stands the limit of five wrong passwords for a name at one address (AXES_FAILURE_LIMIT), before them that of
the proxy (deploy/nginx.conf).
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address, ip_network
from threading import Lock

from django.utils.translation import gettext as _

from permissions import tries

AT_ONCE, OF_ONE_ADDRESS = 4, 3
"""How many passwords one process works on at once: half of its threads, and one of them is left to other addresses."""
FROM_KNOWN_DEVICES = 2
"""And how many besides from devices that are known: strangers cannot take those places."""
A_SESSION, SESSION_MINUTES = 10, 15
"""Wrong passwords from one browser session, whatever the names, within how many minutes: far fewer than of an address."""
A_MINUTE = 60
"""Wrong passwords in a minute from one address, whatever the names: an organisation may share one."""
AN_HOUR = 30
"""Wrong passwords in an hour for one name, from all addresses: one alone comes to twenty, five in a quarter of an hour."""
MOMENT = 5
"""After how many seconds it is worth asking for a place again."""
WITH_A_CODE, CODE_MINUTES = 5, 15
"""Passwords beyond those limits that a right code of the second factor lets somebody try, within how many minutes."""


class Slowed(Exception):  # noqa: N818 - read aloud as the sentence that it says
    """There were too many tries; `text` says what one can do, `seconds` when, `wants_code` whether a code helps."""

    def __init__(self, text: str, seconds: int, *, wants_code: bool = False) -> None:
        self.text = text
        self.seconds = seconds
        self.wants_code = wants_code
        super().__init__(text)


class Places:
    """So many at once in this process, and fewer of them for one address."""

    def __init__(self, most: int, of_one: int) -> None:
        """Take the numbers; all places are free."""
        self.most, self.of_one = most, of_one
        self.taken: Counter[str] = Counter()
        self._lock = Lock()

    @contextmanager
    def one(self, address: str) -> Iterator[None]:
        """Take a place while something is worked on; raises Slowed where there is none."""
        with self._lock:
            if self.taken.total() >= self.most or self.taken[address] >= self.of_one:
                raise Slowed(_("Many people sign in at this moment. Wait a moment, then try again."), MOMENT)
            self.taken[address] += 1
        try:
            yield
        finally:
            with self._lock:
                self.taken -= Counter([address])


PLACES, KNOWN_PLACES = Places(AT_ONCE, OF_ONE_ADDRESS), Places(FROM_KNOWN_DEVICES, FROM_KNOWN_DEVICES)


def places_for(device: str) -> Places:
    """Return the places for a known device, or those for everybody."""
    return KNOWN_PLACES if device else PLACES


def network_of(address: str) -> str:
    """Return what is counted as one address: of the sixth version a whole network, for one household has that many."""
    if not address or ip_address(address).version == 4:  # noqa: PLR2004 - the version
        return address
    return str(ip_network(f"{address}/64", strict=False))


def count_session(session: str, device: str) -> list[str]:
    """Count a password for a browser session, a known device apart; answers the marks of the try. Raises Slowed."""
    mark = tries.mark_of("session", session, device)
    if session and not tries.may_try(mark, SESSION_MINUTES, A_SESSION):
        raise Slowed(
            _("Too many wrong passwords in this browser. Wait a quarter of an hour, then try again."), SESSION_MINUTES * 60
        )
    return [mark] if session else []


def count_address(address: str, device: str) -> str:
    """Count a password from an address, a known device apart; answers the mark of the try. Raises Slowed."""
    mark = tries.mark_of("address", network_of(address), device)
    if not tries.may_try(mark, 1, A_MINUTE):
        raise Slowed(_("Too many tries from your address. Wait a minute, then try again."), 60)
    return mark


def count_name(name: str, *, can_use_a_code: bool) -> str:
    """Count a password for the mark of a name; answers the mark of the try. Raises Slowed."""
    mark = tries.mark_of("name", name)
    if not tries.may_try(mark, 60, AN_HOUR):
        raise Slowed(
            _(
                "Somebody tried too many passwords for this name. Type the code of your second factor as well, use a"
                " device on which you signed in before, or wait an hour."
            ),
            3600,
            wants_code=can_use_a_code,
        )
    return mark


def count_tried_code(name: str, address: str) -> list[str]:
    """Count a code that is given with a password, before it is looked at; answers the marks of the try. Raises Slowed."""
    here = tries.mark_of("tried code", name, network_of(address))
    marks = [here, tries.mark_of("tried code", name)]
    for mark, minutes, most in zip(marks, (CODE_MINUTES, 60), (WITH_A_CODE, AN_HOUR), strict=True):
        if not tries.may_try(mark, minutes, most):
            raise Slowed(_("Too many wrong codes. Wait a quarter of an hour, then try again."), minutes * 60)
    return marks


def count_code(name: str) -> str:
    """Count a password that a right code lets pass; answers the mark. Raises Slowed."""
    mark = tries.mark_of("code", name)
    if not tries.may_try(mark, CODE_MINUTES, WITH_A_CODE):
        raise Slowed(_("Too many wrong passwords. Wait a quarter of an hour, then try again."), CODE_MINUTES * 60)
    return mark
